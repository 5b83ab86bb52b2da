"""What the operator reads of the schedule: what will be sent and when, never the words."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from operator_desk import programme

from circles.effects import Tell
from circles.messages import message
from circles.outbox import put
from circles.programme.replan import replan
from circles.programme.rules import term_end
from storage import deliveries, members, open_store, people, programmes
from storage.tables import Circle


@pytest.fixture
def running(folder) -> Path:
    """A programme that runs from tomorrow on, and three messages that wait for ada."""
    number = programme(folder, "physics", state="running", zone="Asia/Amman")
    programme(folder, "biology", workspace="other")
    now = datetime.now(UTC)
    store = open_store(str(folder / "halqa.db"))
    with store.writing() as db:
        row = programmes.get(db, number)
        row.starts_on = date.fromordinal(now.date().toordinal() + 1)
        row.ends_on = term_end(row.starts_on, 13)
        programmes.save(db, row)
        programmes.save(db, Circle(programme_id=number, name="Circle Cedar", formed_at=now))
        replan(db, row, now)
        ada = people.person(db, row.workspace_id, "ada")
        member = members.Member(programme_id=number, person_id=ada.id, stance="both", queued_at=now)
        members.save(db, member)
        for n in range(3):
            tell = Tell(f"t{n}", ada.id, message("a canary that nobody may read"), "check-in", now + timedelta(hours=1))
            put(db, row.workspace_id, [tell], now)
            waiting = deliveries.by_key(db, row.workspace_id, f"t{n}")
            waiting.member_id = member.id
            db.add(waiting)
    store.close()
    return folder


def test_schedule_lists_what_will_be_sent_and_when_and_never_the_words(halqa, running):
    code, out, err = halqa("schedule")
    assert (code, err) == (0, "")
    assert "Women in physics (physics)" in out
    assert "round 1 begins (Circle Cedar)" in out
    assert "messages to single members, fewer than five ready to go" in out
    assert "Women in biology (biology)\n  nothing in the next 28 days" in out
    assert "canary" not in out
    assert "ada" not in out


def test_schedule_of_one_programme_and_fewer_days(halqa, running):
    far = halqa("schedule", "--programme", "physics", "--days", "90")[1]
    near = halqa("schedule", "--programme", "physics", "--days", "3")[1]
    assert "biology" not in far
    assert set(near.splitlines()) < set(far.splitlines())
    code, _out, err = halqa("schedule", "--programme", "botany")
    assert (code, err) == (1, "There is no programme botany. There are: physics, biology.\n")


def test_schedule_without_a_programme_says_how_to_begin(halqa):
    assert halqa("schedule")[::2] == (1, "There is no programme yet; /programme setup begins one.\n")
