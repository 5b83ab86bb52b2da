"""A round that was announced for one day and moved to another: its heads-up, and the rounds after it."""

import tempfile
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import cast
import stores
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rounds_people import at, heard, term
from talk import Talk

from circles.programme.rhythm import is_time_to_tell
from storage import programmes, rounds

SECOND = "Round 2 begins"


def keeps_free(talk, first, last):
    """Ada keeps days of March free."""
    talk.says("ada", f"/programme schedule blackout 2027-03-{first} 2027-03-{last}")
    said = talk.heard["ada"][-1].words
    talk.presses("ada", "Keep these days free")
    return said


def test_rounds_after_a_shifted_one_keep_their_distance_from_the_day_on_which_it_opened(talk):
    programme = cast.programme(talk, organisers=("olga", "petra"), zone="UTC", every_weeks=2, prompts="off")
    circle = cast.circle(talk, programme, mentors=("ada", "bob"), mentees=("cleo", "dana"))
    cast.start(talk, programme, date(2027, 2, 8))
    talk.passes(days=18)  # Friday 19 February: round 2 has been announced for Monday the 22nd
    talk.says("olga", "/programme schedule blackout 2027-02-22 2027-02-26 rest")
    talk.presses("olga", "Keep these days free")
    talk.passes(days=12)  # round 2 opens on 1 March instead
    talk.says("olga", "/programme settings table-size 5")  # anything that plans anew
    talk.passes(days=14)
    with talk.store.writing() as db:
        opened = [row.opens_on for row in rounds.of_circle(db, circle)]
        coming = [o.day for o in programmes.occurrences(db, programme, state="planned") if o.kind == "round-open"]
    assert opened == [date(2027, 2, 8), date(2027, 3, 1), date(2027, 3, 15)]
    assert coming[0] == date(2027, 3, 29)


def test_a_heads_up_that_waits_moves_with_its_round_to_the_day_before_the_new_one(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(11))  # prepared for Friday the 12th, and still waiting
    said = keeps_free(talk, 14, 16)
    assert "round 2: Monday, 15 March → Monday, 22 March" in said
    assert "The heads-up has gone out" not in said
    talk.passes(until=at(18, 12))
    talk.never_hears("cleo", SECOND)
    talk.passes(until=at(23))
    (told,) = heard(talk, "cleo", SECOND)
    assert told.date() == date(2027, 3, 19)
    assert played.round(2).opens_on == date(2027, 3, 22)


def test_whoever_has_read_the_heads_up_hears_of_the_new_day_and_gets_it_again_before_that(talk):
    term(talk, prompts="off")
    talk.passes(until=at(12, 15))
    assert len(heard(talk, "cleo", "Round 2 begins Monday, 15 March")) == 1
    said = keeps_free(talk, 14, 16)
    assert "The heads-up has gone out already for round 2; whoever had it hears of the new day." in said
    talk.passes(until=at(16))
    talk.hears("cleo", "Round 2 begins on another day than I told you: Monday, 22 March.")
    talk.passes(until=at(23))
    assert [day.date() for day in heard(talk, "cleo", "Round 2 begins Monday, 22 March")] == [date(2027, 3, 19)]
    assert len(heard(talk, "cleo", "another day than I told you")) == 1


def test_of_two_whose_mornings_differ_only_the_one_who_read_the_heads_up_hears_of_a_change(talk):
    talk.zones = {"dana": "America/Los_Angeles"}
    term(talk, prompts="off")
    talk.passes(until=at(12, 12))  # noon for Cleo; it is still night for Dana
    keeps_free(talk, 14, 16)
    talk.passes(until=at(18))
    assert len(heard(talk, "cleo", "another day than I told you")) == 1
    talk.never_hears("dana", "Round 2")
    talk.passes(until=at(22, 8))
    assert len(heard(talk, "cleo", SECOND)) == 3
    assert len(heard(talk, "dana", SECOND)) == 1


def test_days_taken_back_at_once_leave_the_heads_up_as_it_was(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(10, 9))
    keeps_free(talk, 14, 16)
    talk.says("ada", "/programme schedule clear 1")
    talk.passes(until=at(16))
    assert [day.date() for day in heard(talk, "cleo", SECOND)] == [date(2027, 3, 12)]
    assert played.round(2).opens_on == date(2027, 3, 15)


def test_a_heads_up_that_moves_there_and_back_comes_once_on_the_day_before(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(11, 9, 30))
    talk.says("ada", "/programme settings at 10:00")  # it is prepared by now, and is so again
    talk.passes(until=at(11, 9, 45))
    talk.says("ada", "/programme settings at 09:00")
    talk.passes(until=at(16))
    assert [day.date() for day in heard(talk, "cleo", SECOND)] == [date(2027, 3, 12)]
    assert played.round(2).opens_on == date(2027, 3, 15)


def test_days_taken_back_when_it_is_too_late_to_tell_people_leave_the_round_where_it_is(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(12, 15))
    keeps_free(talk, 14, 16)
    talk.passes(until=at(13, 9))
    talk.says("ada", "/programme schedule clear 1")
    talk.passes(until=at(23))
    assert played.round(2).opens_on == date(2027, 3, 22)
    assert len(heard(talk, "cleo", "another day than I told you")) == 1


def test_whoever_read_of_a_round_that_no_longer_fits_hears_that_this_one_goes_on(talk):
    played = term(talk, weeks=5, prompts="off")
    talk.passes(until=at(12, 15))
    keeps_free(talk, 14, 31)
    talk.passes(until=at(16))
    assert len(heard(talk, "cleo", "this one goes on until the end of the programme")) == 1
    assert played.round(1).closes_on == date(2027, 4, 5)


# --- a new rhythm -----------------------------------------------------------------------------------------------------


def openings(talk, played):
    """The rounds to come: number and day."""
    with talk.store.writing() as db:
        planned = programmes.occurrences(db, played.programme, state="planned")
        return [(o.number, o.day.isoformat()) for o in planned if o.kind == "round-open"]


def agree(talk):
    """Cleo and Dana agree on Friday 12 March at 10:00."""
    talk.says("cleo", "/circle meet 12 March 10:00")
    talk.presses("dana", "It suits me")
    talk.passes(hours=1)


def test_a_quicker_rhythm_leaves_the_running_round_its_end_and_the_agreed_hour(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(9, 9))
    agree(talk)
    talk.says("ada", "/programme settings every-weeks 1")
    talk.hears("ada", "Round 2 begins on Monday, 15 March, as people know; the new rhythm counts from there.")
    talk.hears("ada", "round 3: Monday, 29 March → Monday, 22 March")
    talk.passes(until=at(12, 12))
    talk.never_hears("dana", "is off")
    assert played.round(1).state == "open"
    assert played.round(1).closes_on == date(2027, 3, 15)
    assert len(heard(talk, "dana", "Round 2 begins Monday, 15 March")) == 1
    talk.passes(until=at(23))
    assert [played.round(n).opens_on.day for n in (2, 3)] == [15, 22]
    assert openings(talk, played)[:2] == [(4, "2027-03-29"), (5, "2027-04-05")]
    assert openings(talk, played)[-1][1] == "2027-05-24"


def test_a_slower_rhythm_changes_no_day_that_people_know_and_can_be_taken_back(talk):
    played = term(talk, prompts="off")
    talk.passes(until=at(9, 9))
    before = openings(talk, played)
    talk.says("ada", "/programme settings every-weeks 8")
    talk.hears("ada", "round 3 on Monday, 29 March no longer fits before the end")
    assert openings(talk, played) == [(2, "2027-03-15")]
    talk.says("ada", "/programme settings every-weeks 2")
    assert openings(talk, played) == before


def test_an_hour_that_is_past_on_the_day_of_a_round_counts_from_the_next_one(talk):
    played = term(talk, prompts="off", at="17:00")
    talk.passes(until=at(15, 12))
    talk.says("ada", "/programme settings at 09:00")
    talk.passes(hours=1)
    assert played.round(2) is None
    talk.passes(until=at(15, 18))
    assert played.round(2).opens_on == date(2027, 3, 15)
    talk.passes(until=at(29, 10))
    assert played.round(3).opens_on == date(2027, 3, 29)


ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Amman")
CHANGES = st.one_of(
    st.integers(1, 8).map(lambda weeks: f"settings every-weeks {weeks}"),
    st.sampled_from(["00:30", "09:00", "17:00", "23:45"]).map(lambda hour: f"settings at {hour}"),
    st.sampled_from(ZONES).map(lambda zone: f"settings zone {zone}"),
    st.sampled_from(["off", "light", "full"]).map(lambda dial: f"settings prompts {dial}"),
    st.integers(2, 12).map(lambda weeks: f"settings check-in-weeks {weeks}"),
    st.tuples(st.integers(1, 20), st.integers(0, 12)).map(lambda span: span),
    st.integers(1, 3).map(lambda number: f"schedule clear {number}"),
)


def changed(talk, change):
    """Ada changes something; days are kept free from so many days ahead, for so many days more."""
    if isinstance(change, str):
        talk.says("ada", f"/programme {change}")
        return
    first = talk.now.date() + timedelta(days=change[0])
    last = first + timedelta(days=change[1])
    talk.says("ada", f"/programme schedule blackout {first} {last}")
    if "Keep" in talk.heard["ada"][-1].words:
        talk.presses("ada", "Keep these days free")


def open_round(talk, circle):
    with talk.store.writing() as db:
        newest = rounds.newest(db, circle)
        return (newest.number, newest.closes_on) if newest else None


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 24 * 15), CHANGES), min_size=1, max_size=4))
@example([(24 * 12, "settings every-weeks 1")])  # the new rhythm would have had a round the day before
@example([(24 * 5, "settings every-weeks 1")])  # ... or has one soon, while people count on another day
@example([(24 * 32, "settings prompts full")])  # ... or would have had a prompt last week
def test_whatever_changes_when_no_round_opens_in_the_past_or_ends_early_and_nothing_is_lost_or_comes_twice(changes):
    with tempfile.TemporaryDirectory() as folder:
        talk = Talk(cast.hasten(stores.new(Path(folder))), now=datetime(2027, 2, 25, 9, tzinfo=ZoneInfo("UTC")))
        played = term(talk, (), (), weeks=6, zone="UTC")
        for hours, change in changes:
            talk.passes(hours=hours)
            before, told_at = open_round(talk, played.circle), talk.now
            changed(talk, change)
            after = open_round(talk, played.circle)
            if before != after:
                assert not str(change).startswith("settings"), (change, before, after)
                assert after[1] > before[1] or is_time_to_tell(after[1], told_at)
        talk.passes(until=datetime(2027, 4, 15, 9, tzinfo=ZoneInfo("UTC")))
        with talk.store.writing() as db:
            came = programmes.occurrences(db, played.programme)
            held = rounds.of_circle(db, played.circle)
        talk.store.close()
    assert {o.state for o in came} == {"done"}
    assert len({o.slot for o in came}) == len(came)
    assert [row.number for row in held] == list(range(1, len(held) + 1))
    assert all(one.closes_on == two.opens_on for one, two in pairwise(held))
    assert [row.closes_on for row in held[-1:]] == [date(2027, 4, 12)]
    for opening in (o for o in came if o.kind == "round-open"):
        assert min(opening.done_at.astimezone(ZoneInfo(zone)).date() for zone in ZONES) <= opening.day
    for kind in ("prompt", "check-in"):
        days = [o.day for o in sorted(came, key=lambda o: o.number) if o.kind == kind]
        assert all(one < two for one, two in pairwise(days))
