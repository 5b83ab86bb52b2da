"""Two people who answer at once: on a server with many connections, one waits until the other is done."""

import pytest
from rounds_people import MONDAY, at, term
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from talk import Talk

from storage import open_store, rounds, times

pytestmark = pytest.mark.postgres


def test_while_one_changes_a_groups_hours_another_waits(postgres_url):
    store = open_store(postgres_url)
    talk = Talk(store)
    here = term(talk, starts_on=MONDAY)
    talk.passes(until=at(1, 9))
    with store.writing() as db:
        group = rounds.groups(db, rounds.numbered(db, here.circle, 1).id)[0].id
    other = open_store(postgres_url)
    question = text("SELECT id FROM meeting_group WHERE id = :group FOR UPDATE NOWAIT")
    with store.writing() as db:
        times.lock(db, group)
        with pytest.raises(OperationalError), other.engine.connect() as connection:
            connection.execute(question, {"group": group})
    with other.engine.connect() as connection:
        assert connection.execute(question, {"group": group}).scalar() == group
    store.close()
    other.close()
