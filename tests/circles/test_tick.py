"""The clock's one question: each thing once, whatever the clock does; late by hours is done, late by days is told."""

import itertools
import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import cast
import pytest
import term_people
from sqlmodel import col, select
from talk import Talk

from circles import outbox, tick
from circles.effects import Tell
from circles.messages import message
from storage import deliveries, members, programmes, rounds
from storage.tables import CheckIn, Delivery, Occurrence, Programme, PromptUse, Round

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
PATIENCE = {
    "round-open": 7 * DAY,
    "eve": 4 * DAY,
    "middle": 50 * HOUR,
    "prompt": 36 * HOUR,
    "check-in": 3 * DAY,
    "close": 60 * DAY,
}


def a_term(
    talk, *, slug="physics", starts_on=date(2027, 3, 1), weeks=13, people=("cleo", "dana", "ella", "fay"), **how
):
    """A running programme with one circle, ada and bob organise; gives its row id."""
    programme = cast.programme(talk, slug=slug, **how)
    term_people.circle(talk, programme, *people)
    cast.start(talk, programme, starts_on, weeks)
    return programme


def calendar(store, programme=None):
    with store.writing() as db:
        query = select(Occurrence).order_by(Occurrence.due_at, Occurrence.id)
        return list(db.exec(query.where(Occurrence.programme_id == programme) if programme else query))


def side_effects(store):
    """What handlers have done, counted."""
    with store.writing() as db:
        return {
            "rounds": sorted((r.circle_id, r.number, r.state) for r in db.exec(select(Round))),
            "prompts": sorted((p.audience, p.prompt) for p in db.exec(select(PromptUse))),
            "check-ins": sorted((c.goal_id, str(c.day)) for c in db.exec(select(CheckIn))),
            "acts": sorted(d.key for d in db.exec(select(Delivery))),
        }


def errors(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


# Once.


def test_a_tick_at_the_same_instant_and_a_tick_again_do_nothing_more(store, caplog):
    talk = Talk(store)
    a_term(talk)
    talk.now = datetime(2027, 2, 26, 9, tzinfo=UTC)
    assert tick.tick(store, talk.now).done == 1  # the first heads-up
    assert tick.tick(store, talk.now).done == 0
    talk.now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert tick.tick(store, talk.now).done == 1  # the opening of round 1
    after = side_effects(store)
    assert [row[1:] for row in after["rounds"]] == [(1, "open")]
    assert tick.tick(store, talk.now).done == 0
    assert tick.tick(store, talk.now + timedelta(microseconds=1)).done == 0
    assert side_effects(store) == after
    assert errors(caplog) == []


def test_a_clock_that_goes_back_does_nothing_twice(sqlite_store):
    talk = Talk(sqlite_store)
    a_term(talk)
    tick.tick(sqlite_store, datetime(2027, 3, 1, 9, tzinfo=UTC))
    after = side_effects(sqlite_store)
    tick.tick(sqlite_store, datetime(2027, 2, 27, 9, tzinfo=UTC))
    assert side_effects(sqlite_store) == after


def test_two_clocks_at_one_instant_do_each_thing_once(store, caplog):
    talk = Talk(store)
    programme = a_term(talk)
    a_term(talk, slug="chemistry", name="Women in Chemistry", people=("gus", "hana", "ida", "jo"))
    tick.tick(store, datetime(2027, 2, 26, 9, tzinfo=UTC))
    at = datetime(2027, 3, 3, 9, tzinfo=UTC)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _n: tick.tick(store, at), range(2)))
    assert sum(one.done for one in done) == 4  # in each: the opening, the first prompt
    assert errors(caplog) == []
    assert [row[1:] for row in side_effects(store)["rounds"]] == [(1, "open"), (1, "open")]
    came = [row for row in calendar(store, programme) if row.due_at <= at]
    assert [(row.kind, row.state) for row in came] == [("eve", "done"), ("round-open", "done"), ("prompt", "done")]
    assert {row.done_at for row in came[1:]} == {at}
    outbox.release(store, at, tick.renewals())
    with store.writing() as db:
        sent = [row.key for row in deliveries.claim(db, at, lease=HOUR, owner="test", limit=200)]
    assert len(sent) == len(set(sent))


def test_two_clocks_may_start_together_on_an_empty_store(store, caplog):
    at = datetime(2027, 2, 1, 9, tzinfo=UTC)
    gate = threading.Barrier(3)

    def start(_number):
        gate.wait(10)
        return tick.tick(store, at)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, range(3))) == [tick.Ticked()] * 3
    assert errors(caplog) == []
    with store.writing() as db:
        assert deliveries.beat(db, "tick", at + HOUR) == at
        assert deliveries.beat(db, "tick", at + DAY) == at + HOUR


def test_what_comes_due_in_great_numbers_is_done_in_one_tick(sqlite_store):
    talk = Talk(sqlite_store)
    programme = term_people.programme(talk)
    with sqlite_store.writing() as db:
        for number in range(tick.BATCH * 2 + 3):
            slot = f"c0:prompt:{number}"
            db.add(Occurrence(programme_id=programme, day=date(2027, 2, 1), slot=slot, kind="prompt", due_at=talk.now))
    assert tick.tick(sqlite_store, talk.now).done == tick.BATCH * 2 + 3


# What fails waits, and only that.


def test_one_that_fails_is_put_off_and_the_others_go_on(store, caplog):
    talk = Talk(store)
    broken = a_term(talk, slug="broken", people=("gus", "hana", "ida", "jo"))
    whole = a_term(talk, slug="whole", name="Whole")
    with store.writing() as db:
        row = programmes.get(db, broken)
        row.settings = {"zone": "Nowhere/Atlantis", "mentors": 4711}
        programmes.save(db, row)
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    tick.tick(store, at)
    by_slug = {slug: {o.slot: o for o in calendar(store, slug)} for slug in (broken, whole)}
    [opened] = [o for slot, o in by_slug[whole].items() if slot.endswith("r1:open")]
    [waits] = [o for slot, o in by_slug[broken].items() if slot.endswith("r1:open")]
    assert (opened.state, waits.state, waits.due_at) == ("done", "planned", at + tick.PUT_OFF)
    assert any("is tried again in 0:10:00" in line for line in errors(caplog))
    with store.writing() as db:
        assert [r.circle_id for r in db.exec(select(Round))] == [opened.circle_id]
        row = programmes.get(db, broken)
        row.settings = {}
        programmes.save(db, row)
    assert tick.tick(store, at + tick.PUT_OFF).done >= 1
    assert len(side_effects(store)["rounds"]) == 2


def test_one_that_goes_on_failing_is_skipped_in_the_end_and_told(talk):
    programme = cast.programme(talk, state="running")
    with talk.store.writing() as db:
        row = Occurrence(
            programme_id=programme, day=date(2027, 2, 1), slot="odd", kind="from-another-version", due_at=talk.now
        )
        db.add(row)
    talk.passes(days=7)
    [row] = calendar(talk.store)
    assert row.state == "skipped"
    assert row.done_at <= datetime(2027, 2, 2, 12, tzinfo=UTC)
    assert sum("This I have skipped" in heard.words for heard in talk.heard["ada"]) == 1


def test_what_runs_at_every_tick_may_fail_without_stopping_the_clock(talk, caplog):
    programme = a_term(talk)
    with talk.store.writing() as db:
        cleo = next(m for m, p in members.in_programme(db, programme) if p.outside_id == "cleo")
        row = programmes.get(db, programme)
        row.settings = {"zone": "Nowhere/Atlantis"}
        cleo.state, cleo.paused_until = "paused", date(2027, 2, 2)
        db.add_all([row, cleo])
    whole = a_term(talk, slug="whole", people=("gus", "hana", "ida", "jo"))
    talk.now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    tick.tick(talk.store, talk.now)
    assert [o.state for o in calendar(talk.store, whole) if o.slot.endswith("r1:open")] == ["done"]
    assert errors(caplog)


# Away for a while.


def told_of_a_gap(talk, who):
    return [heard for heard in talk.heard[who] if "I was away for a while" in heard.words]


@pytest.mark.parametrize("days", [1, 3, 30])
def test_after_a_gap_what_is_hours_late_is_sent_and_what_is_later_than_its_patience_is_skipped(talk, days):
    programme = a_term(talk, starts_on=date(2027, 3, 1), prompts="full", check_in_weeks=2)
    talk.passes(until=datetime(2027, 3, 23, 12, tzinfo=UTC))
    away_since = talk.now
    talk.forgets()
    talk.now += days * DAY
    ticked = tick.tick(talk.store, talk.now)
    talk.delivers()
    due = [o for o in calendar(talk.store, programme) if away_since < o.due_at <= talk.now]
    assert due
    expected = {o.slot: "done" if talk.now - o.due_at <= PATIENCE[o.kind] else "skipped" for o in due}
    assert {o.slot: o.state for o in due} == expected
    skipped = [o for o in due if o.state == "skipped"]
    assert (ticked.done, ticked.skipped) == (len(due) - len(skipped), len(skipped))
    for organiser in ("ada", "bob"):
        told = told_of_a_gap(talk, organiser)
        assert len(told) == (1 if skipped else 0)
        if told:
            assert told[0].words.count("\n- ") + told[0].words.count("- ", 0, 2) == min(len(skipped), tick.LISTED)
            assert ("more." in told[0].words) == (len(skipped) > tick.LISTED)
            assert told[0].message.summary == "What Halqa skipped"
    for member in ("cleo", "dana"):
        assert told_of_a_gap(talk, member) == []
    talk.passes(days=2)
    assert len(told_of_a_gap(talk, "ada")) == (1 if skipped else 0)


def test_a_gap_of_a_day_skips_nothing_of_a_round(talk):
    programme = a_term(talk)
    talk.passes(until=datetime(2027, 3, 1, 8, tzinfo=UTC))
    talk.now += DAY
    tick.tick(talk.store, talk.now)
    assert {o.state for o in calendar(talk.store, programme) if o.due_at <= talk.now} == {"done"}
    assert told_of_a_gap(talk, "ada") == []


def test_a_gap_over_the_end_ends_the_programme_and_its_organisers_hear_what_was_skipped(talk):
    programme = a_term(talk, weeks=6)
    talk.passes(until=datetime(2027, 3, 22, 12, tzinfo=UTC))
    talk.now += 5 * WEEK
    ticked = tick.tick(talk.store, talk.now)
    talk.delivers()
    assert ticked.skipped > 0
    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "closed"
    assert len(told_of_a_gap(talk, "ada")) == len(told_of_a_gap(talk, "bob")) == 1


def test_messages_that_came_too_late_are_counted_and_not_shown(talk):
    programme = cast.programme(talk, state="running")
    ids = [cast.member(talk, programme, who) for who in ("cleo", "dana")]
    with talk.store.writing() as db:
        acts = [
            Tell(
                f"n{member}", members.get(db, member).person_id, message("Secret."), "nudge", talk.now, talk.now + HOUR
            )
            for member in ids
        ]
        acts = [
            Tell(a.key, a.person, a.message, a.kind, a.run_at, a.not_after, member=m)
            for a, m in zip(acts, ids, strict=True)
        ]
        outbox.put(db, 1, acts, talk.now)
    talk.now += DAY
    tick.tick(talk.store, talk.now)
    talk.delivers()
    talk.hears("ada", "2 messages came too late to make sense and were not sent.")
    talk.never_hears("ada", "Secret.")
    talk.never_hears("cleo", "Secret.")


# A virtual year.

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Amman",
    "Australia/Lord_Howe",
]


@pytest.mark.no_cover  # a long search, or a long year
@pytest.mark.no_cover  # long, and others try the same lines
def test_a_year_of_rounds_opens_at_nine_on_the_wall_in_every_zone(sqlite_store, caplog):
    talk = Talk(sqlite_store)
    names = itertools.count(1)
    made = {}
    for zone in ZONES:
        people = tuple(f"person{next(names)}" for _ in range(2))
        made[zone] = a_term(
            talk,
            slug=zone.lower().replace("/", "-").replace("_", "-"),
            name=zone,
            weeks=52,
            people=people,
            zone=zone,
            prompts="off",
            check_in_weeks=12,
        )
    with sqlite_store.writing() as db:  # the openings and the end alone, so that a year is quickly played
        for row in db.exec(select(Occurrence).where(col(Occurrence.kind).not_in(["round-open", "close"]))):
            db.delete(row)
    while True:
        with sqlite_store.writing() as db:
            due = programmes.next_occurrence_at(db)
        if due is None:
            break
        tick.tick(sqlite_store, due)
    for zone, programme in made.items():
        opened = [o for o in calendar(sqlite_store, programme) if o.kind == "round-open"]
        assert [o.day for o in opened] == [date(2027, 3, 1) + 2 * n * WEEK for n in range(26)]
        assert {o.state for o in opened} == {"done"}
        walls = [o.done_at.astimezone(ZoneInfo(zone)) for o in opened]
        assert {(wall.hour, wall.minute) for wall in walls} == {(9, 0)}
        assert [wall.date() for wall in walls] == [o.day for o in opened]
        offsets = Counter(wall.utcoffset() for wall in walls)
        assert (len(offsets) > 1) == (zone not in {"UTC", "Asia/Amman"})
        with sqlite_store.writing() as db:
            assert programmes.get(db, programme).state == "closed"
            [circle] = programmes.circles(db, programme, state=None)
            assert [r.number for r in rounds.of_circle(db, circle.id)] == list(range(1, 27))
    assert errors(caplog) == []


def test_nothing_is_due_where_nothing_is_planned(sqlite_store):
    assert tick.next_at(sqlite_store, datetime(2027, 2, 1, tzinfo=UTC)) is None
    assert tick.tick(sqlite_store, datetime(2027, 2, 1, tzinfo=UTC)) == tick.Ticked()


def test_the_next_instant_is_never_in_the_past(talk):
    a_term(talk)
    late = datetime(2027, 6, 1, tzinfo=UTC)
    assert tick.next_at(talk.store, late) == late
    with talk.store.writing() as db:
        assert db.exec(select(Programme)).one().state == "running"
