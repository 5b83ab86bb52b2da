"""Workspaces that take the bot out: nothing is done there meanwhile, all is as it was in time, and then it is gone."""

from datetime import UTC, datetime, timedelta

import cast
import pytest
import rounds_people
import town
from talk import Talk
from test_tenancy import tenant

from circles import outbox, tick, workspaces
from circles.effects import Tell
from circles.messages import message
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Proposal, Skip

KEPT_FOR_ALL = {"heartbeat", "safe"}  # what belongs to no workspace


@pytest.fixture
def talk(store):
    return Talk(cast.hasten(store), now=datetime(2027, 2, 25, 9, tzinfo=UTC))


def leaves(talk):
    with talk.store.writing() as db:
        workspaces.workspace_left(db, talk.platform, talk.workspace, talk.now)


def returns(talk):
    with talk.store.writing() as db:
        workspaces.workspace_back(db, talk.platform, talk.workspace, talk.now)


def left_at(talk):
    with talk.store.writing() as db:
        return people.workspace(db, talk.platform, talk.workspace).left_at


def test_when_the_bot_is_taken_out_what_waits_is_cancelled_and_nothing_more_comes(talk):
    term = rounds_people.term(talk)
    cleo = term.member("cleo")
    with talk.store.writing() as db:
        here = programmes.get(db, term.programme).workspace_id
        later = Tell("later", cleo.person_id, message("Later"), "x", run_at=rounds_people.at(2), member=cleo.id)
        outbox.put(db, here, [later], talk.now)
    talk.says("dana", "/circle pause 3 March")
    talk.forgets()
    leaves(talk)
    leaves(talk)
    heard = {who: len(all_of) for who, all_of in talk.heard.items()}
    assert left_at(talk) == talk.now
    assert tick.next_at(talk.store, talk.now) is None
    talk.passes(until=rounds_people.at(10))
    assert {who: len(all_of) for who, all_of in talk.heard.items()} == heard
    assert term.round(1) is None
    assert term.member("dana").state == "paused"
    with talk.store.writing() as db:
        assert deliveries.live(db, here) == []
        assert deliveries.by_key(db, here, "later").state == "cancelled"


def test_when_it_is_asked_in_again_what_is_long_past_is_skipped_and_the_rest_goes_on(talk):
    term = rounds_people.term(talk, mentors=("cleo", "eve"), mentees=("dana", "fay"))
    leaves(talk)
    talk.passes(until=rounds_people.at(10))
    returns(talk)
    assert left_at(talk) is None
    talk.passes(until=rounds_people.at(14))
    assert term.round(1) is None  # due on 1 March, and a round has patience for seven days
    talk.passes(until=rounds_people.at(16))
    assert term.round(2) is not None
    assert len(rounds_people.heard(talk, "ada", "I was away for a while.")) == 1


def test_what_is_late_by_less_than_its_patience_is_done_after_all(talk):
    term = rounds_people.term(talk)
    leaves(talk)
    talk.passes(until=rounds_people.at(4))
    returns(talk)
    talk.passes(hours=1)
    assert term.round(1) is not None


def test_a_call_is_a_sign_that_the_bot_was_asked_in_again(talk):
    rounds_people.term(talk)
    leaves(talk)
    talk.passes(days=2)
    talk.says("cleo", "/circle")
    talk.hears("cleo", "Women in Physics")
    assert left_at(talk) is None


def test_another_workspace_goes_on_as_ever(talk, store):
    rounds_people.term(talk)
    other = Talk(store, workspace="other")
    elsewhere = rounds_people.term(other)
    leaves(talk)
    other.passes(until=rounds_people.at(2))
    assert elsewhere.round(1) is not None
    assert other.heard["cleo"]
    assert left_at(other) is None


@pytest.mark.parametrize(("platform", "outside_id"), [("local", "nobody"), ("elsewhere", "demo"), ("", "")])
def test_a_workspace_that_was_never_heard_of_is_not_written_down(talk, platform, outside_id):
    rounds_people.term(talk)
    before = cast.rows(talk.store)
    with talk.store.writing() as db:
        workspaces.workspace_left(db, platform, outside_id, talk.now)
        workspaces.workspace_back(db, platform, outside_id, talk.now)
    assert cast.rows(talk.store) == before


# --- and then it is gone ----------------------------------------------------------------------------------------------


def lived_in(talk):
    """A workspace in which everything that can be kept of one is kept."""
    made = tenant(talk, "guild", "Theirs")
    cleo, dana = made["members"][:2]
    talk.says(cleo, "/circle meet tomorrow 15:00")
    talk.says(cleo, f"/circle avoid {dana}")
    talk.says(cleo, "/circle data export")
    talk.says("newcomer", "/circle join")
    talk.fills("newcomer", stance="both")
    with talk.store.writing() as db:
        here = people.workspace(db, talk.platform, talk.workspace).id
        programme = programmes.by_slug(db, here, "guild")
        person = people.by_outside_id(db, here, cleo)
        member = members.of_person(db, programme.id, person.id)
        circle = programmes.circles(db, programme.id)[0]
        rounds.use_prompt(db, programme.id, ["m1"], "success-1", talk.now)
        db.add(Skip(circle_id=circle.id, number=2, member_id=member.id))
        db.add(Proposal(programme_id=programme.id, seed=1, made_at=talk.now, made_by=person.id))
        parts = [Tell(f"t{n}", person.id, message("Words"), "back", member=member.id) for n in (1, 2)]
        outbox.put(db, here, parts, talk.now)
    talk.passes(hours=1)


def every_row(store):
    return cast.rows(store, besides=KEPT_FOR_ALL)


def test_after_its_time_a_workspace_is_deleted_with_everything_of_it_and_no_row_of_another(talk, store):
    kept = town.world(store)
    kept.says("cleo", "/circle goal add Stay")
    kept.passes(days=1)
    before = every_row(store)
    gone = Talk(store, workspace="theirs", now=kept.now)
    lived_in(gone)
    full = every_row(store)
    assert [table for table in full if len(full[table]) == len(before[table])] == []  # it has rows everywhere
    leaves(gone)
    with store.writing() as db:
        workspaces.purge(db, gone.now + workspaces.RETENTION)
    assert len(every_row(store)["workspace"]) == 2  # on the last day all is still there
    with store.writing() as db:
        workspaces.purge(db, gone.now + workspaces.RETENTION + timedelta(seconds=1))
    after = every_row(store)
    with store.writing() as db:
        assert people.workspace(db, "local", "demo").left_at is None
    assert after == before


def test_the_clock_deletes_it_by_itself(talk):
    rounds_people.term(talk)
    leaves(talk)
    talk.passes(days=14)
    assert every_row(talk.store)["workspace"]
    talk.passes(days=1)
    assert all(rows == [] for rows in every_row(talk.store).values())


def test_who_comes_back_in_time_loses_nothing(talk):
    rounds_people.term(talk)
    leaves(talk)
    talk.passes(days=13)
    returns(talk)
    talk.passes(days=30)
    talk.says("cleo", "/circle")
    talk.hears("cleo", "Jasmine")


def test_a_workspace_that_was_deleted_begins_afresh(talk):
    rounds_people.term(talk)
    leaves(talk)
    talk.passes(days=15)
    talk.says("cleo", "/circle")
    talk.hears("cleo", "No programme is open for joining now.")
