"""A whole term of the demo, played as fast as it goes, with everybody answering by herself."""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from local_house import MONDAY, PROFILE, opened

from circles.schedule import week_of

FINAL = {"sent", "merged", "cancelled", "expired", "unreachable"}
LONGEST = 60.0  # seconds of computing, which a busy machine does not stretch


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A term that was played to its end: its database, what each person received, and the seconds that it took."""
    folder = tmp_path_factory.mktemp("term")
    wall, computing = time.monotonic(), time.process_time()
    got, ended = asyncio.run(_play(folder))
    wall, computing = time.monotonic() - wall, time.process_time() - computing
    print(f"\na term of 39 weeks: {computing:.1f} s of computing, {wall:.1f} s by the wall clock")
    with closing(sqlite3.connect(folder / "halqa.db")) as db:
        yield db, got, ended, computing


async def _play(folder):
    async with opened(folder) as house:
        await house.begins()
        assert await house.app.player.turn({"do": "lively", "lively": True}) == ""
        assert await house.app.player.turn({"do": "play", "speed": 0}) == ""
        await house.app.player.ended()
        assert await house.desk.next_at(house.clock.now()) is None
        return dict(house.space.received), house.clock.now()


def rows(db, query, *values):
    return db.execute(query, values).fetchall()


def test_a_term_is_played_to_its_end_within_a_minute_and_the_programme_is_closed(term):
    db, _got, ended, computing = term
    assert rows(db, "SELECT state FROM programme") == [("closed",)]
    assert MONDAY + timedelta(weeks=39) < ended < MONDAY + timedelta(weeks=42)
    assert rows(db, "SELECT state, count(*) FROM round GROUP BY state") == [("closed", 20)]
    assert computing < LONGEST


def test_everything_that_was_to_be_sent_has_a_final_state_and_nothing_was_lost(term):
    db, _got, _ended, _computing = term
    states = dict(rows(db, "SELECT state, count(*) FROM delivery GROUP BY state"))
    assert set(states) <= FINAL
    assert states["sent"] > 500
    assert "unreachable" not in states
    # Leaving out what has no room left in somebody's week is kind; being late would be a fault.
    assert {why for (why,) in rows(db, "SELECT last_error FROM delivery WHERE state = 'expired'")} <= {
        "no room in the week"
    }
    assert states.get("expired", 0) <= 5
    assert rows(db, "SELECT kind FROM delivery WHERE state = 'merged' AND merged_into IS NULL") == []
    assert {state for (state,) in rows(db, "SELECT DISTINCT state FROM occurrence")} == {"done"}


def test_nobody_received_more_than_two_messages_in_any_week_of_hers(term):
    db, got, _ended, _computing = term
    zones = dict(rows(db, "SELECT outside_id, zone FROM person"))
    urgent = Counter(
        (who, week_of(datetime.fromtimestamp(at / 1_000_000, UTC), zones[who] or "UTC"))
        for who, at in rows(
            db,
            "SELECT outside_id, sent_at FROM delivery JOIN person ON person.id = person_id "
            "WHERE is_urgent AND delivery.state = 'sent'",
        )
    )
    weeks = Counter(
        (who, week_of(datetime.fromisoformat(at), zones[who] or "UTC"))
        for who, instants in got.items()
        for at in instants
    )
    assert len(weeks) > 300
    beyond = {key: count for key, count in weeks.items() if count - urgent[key] > 2}
    assert beyond == {}


def test_nobody_was_written_to_at_night_or_on_a_day_that_is_free_for_her(term):
    db, _got, _ended, _computing = term
    told = rows(
        db,
        "SELECT outside_id, zone, weekend, sent_at FROM delivery JOIN person ON person.id = person_id "
        "WHERE delivery.state = 'sent' AND NOT is_urgent",
    )
    assert len(told) > 300
    for who, zone, weekend, at in told:
        local = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone or "UTC"))
        assert 8 <= local.hour < 20, (who, local)
        assert local.weekday() not in json.loads(weekend), (who, local)


def test_answers_about_meetings_are_whole_and_each_stands_for_one_seat_in_one_group(term):
    db, _got, _ended, _computing = term
    placed = rows(db, "SELECT round_id, member_id, group_id, sits_out, answer, answered_at FROM placement")
    ((skipped,),) = rows(db, "SELECT count(*) FROM skip")
    assert len(placed) + skipped == 20 * 20
    assert all((answer == "") == (at is None) for *_rest, answer, at in placed)
    assert all(answer == "" for _r, _m, group, _why, answer, _at in placed if group is None)
    answers = Counter(answer for *_rest, answer, _at in placed)
    assert set(answers) <= {"", "yes", "no", "later"}
    assert answers["yes"] > 200
    assert answers["yes"] > answers["no"] > 0
    seats = Counter((round_id, member) for round_id, member, *_rest in placed)
    assert set(seats.values()) == {1}
    sizes = Counter(Counter(group for _r, _m, group, *_rest in placed if group is not None).values())
    assert set(sizes) <= {2, 3}


def test_every_mentee_was_placed_with_every_mentor_before_anybody_was_placed_with_the_same_one_again(term):
    db, _got, _ended, _computing = term
    pairs = rows(
        db,
        "SELECT a.member_id, b.member_id, count(*) FROM placement a JOIN placement b "
        "ON a.group_id = b.group_id AND a.member_id < b.member_id "
        "JOIN round ON round.id = a.round_id WHERE round.number <= 10 GROUP BY 1, 2",
    )
    assert len(pairs) >= 90
    assert sum(count > 1 for _a, _b, count in pairs) <= 10


async def test_who_joins_the_demo_stands_last_in_line_and_gets_the_seat_that_is_left(tmp_path):
    async with opened(tmp_path / "new") as house:
        step = (await house.does("ada", "/circle join"))[-1]
        for answers in PROFILE:
            step = (await house.does("ada", step.call, **answers))[-1]
        assert "You are number 25 of 25 waiting" in step.plain()
        preview = (await house.does("rana", "/programme form"))[-1].plain()
        seated, _heading, waiting = preview.partition("Waiting list")
        assert "Ada Nwankwo, mentee" in seated
        assert waiting.count("on the waiting list: ") == 5
