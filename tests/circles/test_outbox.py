"""The outbox: once under its key, twice a week at most, never at night, and never lost."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import cast
import pytest
import term_people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select
from talk import Talk

from circles import budget, outbox, wire
from circles.effects import CloseRoom, OpenRoom, Post, Tell
from circles.messages import Button, Heading, Message, buttons, message
from circles.schedule import week_of
from storage import deliveries, members, people
from storage.tables import Delivery, Reach

MONDAY = datetime(2027, 2, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def tell(person, key, *, said="", **how):
    return Tell(key, person, message(said or f"This is {key}."), how.pop("kind", "nudge"), **how)


def put(talk, *acts, slug=""):
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        return outbox.put(db, workspace.id, acts, talk.now, programme=slug)


def states(talk):
    with talk.store.writing() as db:
        return {row.key: row.state for row in db.exec(select(Delivery).order_by(Delivery.id))}


def row_of(talk, key):
    with talk.store.writing() as db:
        return deliveries.by_key(db, people.workspace(db, talk.platform, talk.workspace).id, key)


def got(talk, who):
    """What she was sent: (local day and hour in UTC, words)."""
    return [(heard.at, heard.words) for heard in talk.heard[who] if heard.room == "dm"]


def set_person(talk, who, **values):
    person_id = cast.person(talk, who)
    with talk.store.writing() as db:
        row = people.get(db, person_id)
        for name, value in values.items():
            setattr(row, name, value)
        people.save(db, row)
    return person_id


# Once.


def test_an_act_whose_key_is_known_is_there_already(store):
    talk = Talk(store)
    ada = cast.person(talk, "ada")
    assert put(talk, tell(ada, "a"), tell(ada, "a", said="Other words"), tell(ada, "b")) == 2
    assert put(talk, tell(ada, "a"), tell(ada, "c")) == 1
    talk.delivers()
    assert put(talk, tell(ada, "a")) == 0
    talk.passes(days=30)
    words = "\n".join(words for _at, words in got(talk, "ada"))
    assert words.count("This is a.") == words.count("This is b.") == words.count("This is c.") == 1
    assert "Other words" not in words


def test_the_same_key_in_another_workspace_is_another_act(store):
    here, there = Talk(store), Talk(store, workspace="elsewhere")
    assert put(here, tell(cast.person(here, "ada"), "a")) == 1
    assert put(there, tell(cast.person(there, "ada"), "a")) == 1
    here.passes(hours=1)
    there.delivers()
    assert Counter(here.heard["ada"][0].words for _ in [0]) == {"This is a.": 1}


def test_released_by_two_at_once_every_act_goes_out_once(store):
    talk = Talk(store)
    for number in range(30):
        ada = cast.person(talk, f"person{number}")
        put(talk, tell(ada, f"k{number}"))

    def sender(owner):
        sent = []
        outbox.release(store, talk.now, {})
        while True:
            with store.writing() as db:
                rows = deliveries.claim(db, talk.now, lease=HOUR, owner=owner, limit=3)
                sent += [row.key for row in rows if deliveries.settle(db, row, state="sent", sent_at=talk.now)]
            if not rows:
                return sent

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(sender, ["one", "two"])
    late = sender("late")  # what one had let go while two was looking
    assert sorted(one + two + late) == sorted(f"k{number}" for number in range(30))


def test_a_lease_that_was_lost_can_no_longer_say_how_it_ended(store):
    talk = Talk(store)
    put(talk, tell(cast.person(talk, "ada"), "a"))
    outbox.release(store, talk.now, {})
    with store.writing() as db:
        [slow] = deliveries.claim(db, talk.now, lease=HOUR, owner="slow", limit=5)
    with store.writing() as db:
        assert deliveries.claim(db, talk.now + HOUR - DAY / 1000, lease=HOUR, owner="early", limit=5) == []
    with store.writing() as db:
        [quick] = deliveries.claim(db, talk.now + HOUR, lease=HOUR, owner="quick", limit=5)
        assert (quick.fence, quick.attempts) == (2, 2)
    with store.writing() as db:
        assert not deliveries.settle(db, slow, state="sent", sent_at=talk.now)
        assert deliveries.settle(db, quick, state="sent", sent_at=talk.now + HOUR)
    assert row_of(talk, "a").sent_at == talk.now + HOUR


# Twice a week.


def test_two_in_a_local_week_and_the_third_waits_for_her_next_working_monday_morning(talk):
    talk.zones["ada"] = "Asia/Amman"
    ada = set_person(talk, "ada", weekend=[4, 5])
    for number, hours in enumerate([0, 24, 48]):
        put(talk, tell(ada, f"n{number}", run_at=talk.now + hours * HOUR))
    talk.passes(days=14)
    assert [at for at, _words in got(talk, "ada")] == [
        MONDAY,
        MONDAY + DAY,
        datetime(2027, 2, 8, 6, tzinfo=UTC),  # Monday 09:00 in Amman
    ]


def test_where_monday_is_free_the_next_working_morning_is_hers(talk):
    ada = set_person(talk, "ada", zone="UTC", weekend=[0, 1])
    talk.now = datetime(2027, 2, 3, 9, tzinfo=UTC)
    for number in range(3):
        put(talk, tell(ada, f"n{number}", run_at=talk.now + number * DAY))
    talk.passes(days=14)
    assert [at for at, _words in got(talk, "ada")][-1] == datetime(2027, 2, 10, 9, tzinfo=UTC)


def test_what_is_tied_to_a_day_counts_as_much_as_the_rest(talk):
    ada = cast.person(talk, "ada")
    for number in range(3):
        put(talk, tell(ada, f"eve{number}", kind="eve", run_at=talk.now + number * HOUR))
        outbox.release(talk.store, talk.now + number * HOUR, {})
    assert states(talk) == {"eve0": "ready", "eve1": "ready", "eve2": "pending"}
    assert row_of(talk, "eve2").run_at == MONDAY + WEEK


def test_what_could_wait_leaves_room_for_the_introduction_of_its_week_and_goes_along_with_the_heads_up(talk):
    programme = term_people.programme(talk, slug="physics")
    term_people.circle(talk, programme, "cleo", "dana")
    cast.start(talk, programme, date(2027, 2, 4))  # the heads-up on Wednesday, the introduction on Thursday
    cleo = term_people.member_id(talk, programme, "cleo")
    put(talk, tell(cast.person(talk, "cleo"), "could wait", member=cleo))
    talk.delivers()
    assert row_of(talk, "could wait").state == "pending"
    talk.passes(days=6)
    [(at, words)] = got(talk, "cleo")
    assert at == datetime(2027, 2, 3, 9, tzinfo=UTC)
    assert "Round 1 begins Thursday, 4 February" in words
    assert words.endswith("This is could wait.")
    with talk.store.writing() as db:
        assert deliveries.reach_in_week(db, cast.person(talk, "cleo"), date(2027, 2, 1)) == 2


def test_after_three_silences_it_is_one_a_week(talk):
    programme = cast.programme(talk)
    cleo = cast.member(talk, programme, "cleo", silences=3)
    person = cast.person(talk, "cleo")
    for number in range(4):
        put(talk, tell(person, f"n{number}", member=cleo, run_at=talk.now + number * DAY))
    talk.passes(days=21)
    assert [(at, words.count("This is")) for at, words in got(talk, "cleo")] == [(MONDAY, 1), (MONDAY + WEEK, 3)]


def test_the_week_is_the_programmes_where_she_has_told_no_zone(talk):
    programme = cast.programme(talk, zone="Pacific/Auckland")
    member = cast.member(talk, programme, "ada")
    ada = cast.person(talk, "ada")
    talk.now = datetime(2027, 1, 31, 20, tzinfo=UTC)  # Monday 09:00 in Auckland
    for number in range(3):
        put(talk, tell(ada, f"n{number}", member=member, run_at=talk.now + number * DAY))
    talk.passes(days=3)
    assert len(got(talk, "ada")) == 2
    with talk.store.writing() as db:
        assert {reach.week for reach in db.exec(select(Reach))} == {date(2027, 2, 1)}


def test_what_reaches_her_in_a_meeting_room_counts_and_a_whole_circles_post_does_not(talk):
    programme = term_people.programme(talk, slug="physics")
    circle = term_people.circle(talk, programme, "ada", "bob")
    term_people.a_round(talk, circle, ("ada", "bob"))
    ada, bob = cast.person(talk, "ada"), cast.person(talk, "bob")
    room = f"p{programme}:c{circle}"
    put(
        talk,
        Post("for both", room, message("You two meet."), "introduction", reaches=(ada, bob)),
        Post("for all", room, message("A prompt."), "prompt"),
        tell(ada, "n1", run_at=talk.now + HOUR),
        tell(ada, "n2", run_at=talk.now + DAY),
    )
    talk.passes(days=4)
    assert len(got(talk, "ada")) == 1
    with talk.store.writing() as db:
        assert deliveries.reach_in_week(db, ada, date(2027, 2, 1)) == 2
        assert deliveries.reach_in_week(db, bob, date(2027, 2, 1)) == 1


def test_a_post_reaches_people_without_a_zone_in_the_programmes_week(talk):
    programme = term_people.programme(talk, slug="physics", zone="Pacific/Auckland")
    circle = term_people.circle(talk, programme, "ada", "bob")
    about = term_people.a_round(talk, circle, ("ada", "bob"))
    talk.now = datetime(2027, 1, 31, 20, tzinfo=UTC)
    room, ada = f"p{programme}:c{circle}", cast.person(talk, "ada")
    put(talk, Post("k", room, message("You two meet."), "introduction", round=about, reaches=(ada,)))
    talk.delivers()
    with talk.store.writing() as db:
        assert [reach.week for reach in db.exec(select(Reach))] == [date(2027, 2, 1)]


def test_an_urgent_one_passes_and_is_counted(talk):
    ada = cast.person(talk, "ada")
    talk.now = datetime(2027, 2, 6, 23, tzinfo=UTC)  # Saturday night
    put(talk, *(tell(ada, f"u{number}", urgent=True) for number in range(3)), tell(ada, "n"))
    talk.delivers()
    assert [words for _at, words in got(talk, "ada")] == ["This is u0.", "This is u1.", "This is u2."]
    assert states(talk)["n"] == "pending"
    with talk.store.writing() as db:
        assert deliveries.reach_in_week(db, ada, date(2027, 2, 1)) == 3


# Several at once are one.


def test_what_comes_due_together_is_one_message_with_all_its_buttons_sent_once(talk):
    ada = cast.person(talk, "ada")
    one = message("First.", buttons(Button("Yes", "circle met yes 1"), Button("No", "circle met no 1")))
    two = message("Second.", buttons(Button("Same", "circle checkin answer 2 same")))
    put(talk, Tell("a", ada, one, "one"), Tell("b", ada, two, "two"), slug="physics")
    talk.passes(days=10)
    assert len(got(talk, "ada")) == 1
    heard = talk.heard["ada"][0].message
    assert heard.blocks[0] == Heading("A few things at once")
    assert heard.summary == "A few things from Halqa"
    assert [b.call for b in heard.buttons()] == [
        "circle met yes 1 in:physics",
        "circle met no 1 in:physics",
        "circle checkin answer 2 same in:physics",
    ]
    digest = row_of(talk, f"digest:{row_of(talk, 'a').id}")
    assert (digest.state, digest.sent_at) == ("sent", MONDAY)
    assert states(talk) == {"a": "merged", "b": "merged", digest.key: "sent"}
    assert row_of(talk, "a").merged_into == row_of(talk, "b").merged_into == digest.id


def test_a_digest_is_worth_sending_as_long_as_any_part_of_it_is(talk):
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "a", not_after=MONDAY + HOUR), tell(ada, "b", not_after=MONDAY + DAY))
    outbox.release(talk.store, talk.now, {})
    assert row_of(talk, f"digest:{row_of(talk, 'a').id}").not_after == MONDAY + DAY
    bob = cast.person(talk, "bob")
    put(talk, tell(bob, "c", not_after=MONDAY + HOUR), tell(bob, "d"))
    outbox.release(talk.store, talk.now, {})
    assert row_of(talk, f"digest:{row_of(talk, 'c').id}").not_after is None


def test_a_digest_is_said_in_her_language(talk):
    ada = set_person(talk, "ada", locale="xx_unknown")
    put(talk, tell(ada, "a"), tell(ada, "b"))
    talk.delivers()
    talk.hears("ada", "A few things at once")


# Hours and days of her own.


@pytest.mark.parametrize(
    ("zone", "quiet", "weekend", "at", "heard_at"),
    [
        ("UTC", (20, 8), [5, 6], "2027-02-01T21:00", "2027-02-02T08:00"),  # past midnight
        ("UTC", (20, 8), [5, 6], "2027-02-02T03:00", "2027-02-02T08:00"),
        ("UTC", (20, 8), [5, 6], "2027-02-01T20:00", "2027-02-02T08:00"),  # the first quiet minute
        ("UTC", (20, 8), [5, 6], "2027-02-02T08:00", "2027-02-02T08:00"),  # the first that is not
        ("UTC", (1, 12), [5, 6], "2027-02-01T09:00", "2027-02-01T12:00"),  # a quiet morning
        ("UTC", (0, 0), [5, 6], "2027-02-01T03:00", "2027-02-01T03:00"),  # no quiet hours at all
        ("UTC", (20, 8), [5, 6], "2027-02-05T21:00", "2027-02-08T08:00"),  # Friday night: Monday
        ("Asia/Amman", (20, 8), [4, 5], "2027-02-04T18:00", "2027-02-07T05:00"),  # Thursday 21:00: Sunday 08:00
        ("Asia/Amman", (20, 8), [4, 5], "2027-02-07T09:00", "2027-02-07T09:00"),  # Sunday is a working day
        ("Asia/Kolkata", (20, 8), [6], "2027-02-01T16:00", "2027-02-02T02:30"),
        ("Europe/Berlin", (20, 8), [], "2027-03-27T20:00", "2027-03-28T06:00"),  # the night that loses an hour
        ("Europe/Berlin", (20, 8), [], "2027-10-30T20:00", "2027-10-31T07:00"),  # the night that gains one
        ("America/New_York", (20, 8), [5, 6], "2027-03-13T02:00", "2027-03-15T12:00"),
        ("Pacific/Apia", (20, 8), [5, 6], "2027-02-01T09:00", "2027-02-01T19:00"),
    ],
)
def test_nothing_comes_in_her_quiet_hours_or_on_her_free_days(talk, zone, quiet, weekend, at, heard_at):
    talk.now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    ada = set_person(talk, "ada", zone=zone, weekend=weekend, quiet_from=quiet[0] * 60, quiet_until=quiet[1] * 60)
    put(talk, tell(ada, "n"))
    talk.passes(days=4)
    assert got(talk, "ada") == [(datetime.fromisoformat(heard_at).replace(tzinfo=UTC), "This is n.")]


# No longer worth it, no longer true, no longer wanted.


def test_what_came_too_late_expires_and_says_why(talk):
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "late", not_after=MONDAY - HOUR), tell(ada, "now", not_after=MONDAY))
    put(talk, Post("gone", "room", message("Old."), "prompt", not_after=MONDAY - HOUR))
    talk.delivers()
    assert states(talk) == {"late": "expired", "now": "sent", "gone": "expired"}
    assert row_of(talk, "late").last_error == "late"


def test_what_would_be_too_late_next_week_waits_in_vain_until_its_own_end(talk):
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "one"))
    put(talk, tell(ada, "two", run_at=MONDAY + HOUR))
    put(talk, tell(ada, "three", run_at=MONDAY + 2 * HOUR, not_after=MONDAY + 3 * DAY))
    put(talk, tell(ada, "four", run_at=MONDAY + 2 * HOUR, not_after=MONDAY + 9 * DAY))
    talk.passes(days=3)
    assert row_of(talk, "three").state == "pending"
    talk.passes(days=7)
    assert states(talk) == {"one": "sent", "two": "sent", "three": "expired", "four": "sent"}
    assert row_of(talk, "three").last_error == "no room in the week"
    assert row_of(talk, "four").sent_at == MONDAY + WEEK


def test_words_are_said_afresh_and_what_is_no_longer_true_is_not_said(talk):
    programme = cast.programme(talk)
    member = cast.member(talk, programme, "ada")
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "a", kind="fresh", member=member), slug="physics")
    put(talk, tell(ada, "b", kind="moot", run_at=MONDAY + HOUR))
    renew = {
        "fresh": lambda _db, row, now: message(
            f"Fresh {row.key} at {now:%H:%M}.", buttons(Button("Go", "circle next"))
        ),
        "moot": lambda _db, _row, _now: None,
    }
    assert outbox.release(talk.store, talk.now, renew).ready == 1
    outbox.release(talk.store, MONDAY + HOUR, renew)
    said: Message = wire.load(row_of(talk, "a").effect).message
    assert said.blocks[0].plain() == "Fresh a at 09:00."
    assert said.buttons()[0].call == "circle next in:physics"
    assert states(talk) == {"a": "ready", "b": "cancelled"}


def test_one_that_cannot_be_said_afresh_waits_and_the_others_go_on(store):
    talk = Talk(store)
    ada, bob = cast.person(talk, "ada"), cast.person(talk, "bob")
    put(talk, tell(ada, "broken", kind="broken"), tell(ada, "fine"), tell(bob, "also fine"))

    def broken(db, _row, _now):
        return message(f"{members.get(db, 4711).id}")

    outbox.release(store, talk.now, {"broken": broken})
    assert states(talk) == {"broken": "pending", "fine": "ready", "also fine": "ready"}
    assert row_of(talk, "broken").run_at == MONDAY + outbox.PUT_OFF
    outbox.release(store, MONDAY + outbox.PUT_OFF, {})
    assert states(talk)["broken"] == "ready"


def test_one_that_a_newer_version_wrote_waits_and_the_others_go_on(talk):
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "newer"), tell(ada, "fine"), Post("newer post", "room", message("Hello."), "prompt"))
    with talk.store.writing() as db:
        for row in db.exec(select(Delivery).where(Delivery.key != "fine")):
            row.effect = row.effect.replace('{"v":1', '{"v":99')
            db.add(row)
    outbox.release(talk.store, talk.now, {})
    assert states(talk) == {"newer": "pending", "fine": "ready", "newer post": "ready"}


def test_a_pause_cancels_what_was_on_its_way_to_her(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme, mentors=("cleo",), mentees=("dana",))
    del circle
    cast.start(talk, programme)
    with talk.store.writing() as db:
        cleo = members.of_person(db, programme, people.by_outside_id(db, 1, "cleo").id)
        dana = members.of_person(db, programme, people.by_outside_id(db, 1, "dana").id)
    put(talk, tell(cleo.person_id, "hers", member=cleo.id, run_at=talk.now + DAY))
    put(talk, tell(dana.person_id, "another's", member=dana.id, run_at=talk.now + DAY))
    talk.says("cleo", "/circle pause in 3 weeks")
    talk.passes(days=2)
    found = states(talk)
    assert (found["hers"], found["another's"]) == ("cancelled", "sent")


def test_cancelling_needs_a_whom_and_leaves_what_is_sent(talk):
    ada = cast.person(talk, "ada")
    put(talk, tell(ada, "sent"))
    talk.delivers()
    put(talk, Post("post", "room", message("Hello."), "prompt", run_at=MONDAY + DAY), CloseRoom("close", "room"))
    with talk.store.writing() as db, pytest.raises(ValueError, match="Say whose deliveries"):
        deliveries.cancel(db, kinds=("prompt",))
    with talk.store.writing() as db:
        assert deliveries.cancel(db, room_key="room", kinds=("prompt",)) == 1
    assert states(talk) == {"sent": "sent", "post": "cancelled", "close": "pending"}


# Buttons and rooms.


def test_a_button_carries_its_programme_and_keeps_the_one_it_has(talk):
    del talk
    said = message("Well?", buttons(Button("Yes", "circle met yes"), Button("There", "circle met yes in:chemistry")))
    assert [b.call for b in outbox.addressed(said, "physics").buttons()] == [
        "circle met yes in:physics",
        "circle met yes in:chemistry",
    ]
    assert outbox.addressed(said, "") == said


def test_a_room_is_asked_for_once_and_keeps_its_place(talk):
    ada, bob = cast.person(talk, "ada"), cast.person(talk, "bob")
    put(talk, OpenRoom("open:1", "p1:c1", "Jasmine", (ada,)))
    talk.delivers()
    put(talk, OpenRoom("open:2", "p1:c1", "Jasmine", (ada, bob)))
    with talk.store.writing() as db:
        room = deliveries.room(db, 1, "p1:c1")
        assert (room.state, room.place, room.name) == ("open", "p1:c1", "Jasmine")
    talk.delivers()
    assert talk.rooms["p1:c1"] == {"ada", "bob"}


# Always.

ZONES = ["UTC", "Asia/Amman", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "Africa/Casablanca"]
PEOPLE = ("ada", "bob", "cleo")
HABITS = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "weekend": st.sampled_from([[5, 6], [4, 5], [6], [], [0, 1, 2, 3, 4, 5]]),
        "quiet_from": st.integers(0, 23).map(lambda hour: hour * 60),
        "quiet_until": st.integers(0, 23).map(lambda hour: hour * 60),
    }
)
PLANNED = st.fixed_dictionaries(
    {
        "who": st.sampled_from(PEOPLE),
        "hours": st.integers(0, 24 * 35),
        "worth": st.one_of(st.none(), st.integers(0, 24 * 21)),
        "urgent": st.sampled_from([False, False, False, True]),
    }
)


@given(
    st.lists(HABITS, min_size=3, max_size=3),
    st.lists(PLANNED, min_size=1, max_size=25),
    st.sampled_from([datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 10, 4, 3, tzinfo=UTC)]),
    st.lists(st.integers(1, 90), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_nobody_gets_more_than_two_a_week_nothing_at_night_and_nothing_is_lost(sqlite_store, habits, plan, start, gaps):
    talk = Talk(sqlite_store, now=start, workspace=uuid.uuid4().hex)
    ids = {who: set_person(talk, who, **hers) for who, hers in zip(PEOPLE, habits, strict=True)}
    for number, one in enumerate(plan):
        at = start + one["hours"] * HOUR
        not_after = None if one["worth"] is None else at + one["worth"] * HOUR
        put(talk, tell(ids[one["who"]], f"n{number}", run_at=at, not_after=not_after, urgent=one["urgent"]))
    with talk.store.writing() as db:
        here = people.workspace(db, talk.platform, talk.workspace).id
    end = start + 20 * WEEK
    for gap in gaps:  # a clock that sometimes looks only after days
        talk.now += gap * HOUR
        talk.delivers()
    while talk.now < end:
        with talk.store.writing() as db:
            coming = min((row.run_at for row in deliveries.live(db, here)), default=end)
        talk.now = max(coming, talk.now + timedelta(minutes=1))
        talk.delivers()
    with talk.store.writing() as db:
        rows = list(db.exec(select(Delivery).where(Delivery.workspace_id == here)))
        persons = people.some(db, ids.values())
    by_id = {row.id: row for row in rows}
    assert {row.state for row in rows} <= {"sent", "merged", "expired"}
    assert all(row.not_after is not None for row in rows if row.state == "expired")
    assert all(by_id[row.merged_into].state == "sent" for row in rows if row.state == "merged")
    weeks = Counter()
    for row in rows:
        if row.state != "sent" or row.is_urgent:
            continue
        person = persons[row.person_id]
        local = row.sent_at.astimezone(ZoneInfo(person.zone))
        minute, start_at, until = local.hour * 60 + local.minute, person.quiet_from, person.quiet_until
        is_quiet = start_at <= minute < until if start_at <= until else minute >= start_at or minute < until
        assert not is_quiet
        assert local.weekday() not in person.weekend
        weeks[person.id, week_of(row.sent_at, person.zone)] += 1
    assert max(weeks.values(), default=0) <= budget.WEEKLY
    said = Counter(line for who in PEOPLE for _at, words in got(talk, who) for line in words.split("\n\n"))
    for number in range(len(plan)):
        state = next(row.state for row in rows if row.key == f"n{number}")
        assert said[f"This is n{number}."] == (state in {"sent", "merged"})


def test_a_digest_keeps_every_block_in_order():
    one, two = message("One.", summary="private"), message("Two.")
    whole = outbox.digest([one, two])
    assert whole.plain() == "A few things at once\n\nOne.\n\nTwo."
    assert "private" not in whole.summary
    assert replace(whole, summary="").blocks[1:] == (*one.blocks, *two.blocks)
