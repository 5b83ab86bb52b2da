"""What organisers do with rounds: look back, look ahead, and begin one before its day."""

from datetime import date

import cast
import pytest
from rounds_people import at, heard, term

from circles import tick
from storage import programmes


def test_organisers_see_the_next_round_before_anybody_hears_of_it(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina", "mona"), odd="bye")
    before = cast.rows(talk.store)
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "Jasmine: round 1, Monday, 1 March").words
    assert "sits out" in said
    assert "New partners for everybody until round 3; after that, those who met longest ago meet again first." in said
    assert "0 of 6 pairs of a mentor and a mentee have met.\n" in said
    assert "Until round 7 somebody sits out 7 times in all, and nobody more than 3." in said
    assert cast.rows(talk.store) == before
    talk.passes(until=at(2))
    for group in here.groups(1):
        names = sorted(who.capitalize() for who in group)
        assert f"- {names[0]}, {names[1]}" in said
    (sits,) = here.sits_out(1)
    assert f"- {sits.capitalize()} sits out" in said


def test_a_preview_says_when_people_meet_again(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle met yes")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "1 pair meets again: they met longest ago of all.").words
    assert "round 1" not in said
    talk.hears("ada", "A round without a repeat was not left; whoever met longest ago meets again first.")
    talk.hears("ada", "1 of 1 pairs of a mentor and a mentee have met.\n")


def test_a_preview_of_a_large_circle_looks_as_far_as_the_term_goes(talk):
    mentors = tuple(f"m{n}" for n in range(10))
    mentees = tuple(f"w{n}" for n in range(10))
    term(talk, mentors, mentees)
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "Nobody meets the same person again in the next 7 rounds.")
    talk.hears("ada", "Until round 7 nobody has to sit out.")


def test_a_preview_of_a_round_that_cannot_be_says_why_and_what_helps(talk):
    term(talk)
    talk.says("cleo", "/circle skip 1")
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "Jasmine: round 1 has no meetings, because fewer than two people can take part.")
    talk.hears("ada", "1 person can take part.")
    talk.hears("ada", "1 person skips this round.")
    talk.hears("ada", "/programme circles move NAME 1 seats somebody from the waiting list here.")


def test_the_list_of_rounds_has_dates_and_counts_the_newest_last_and_no_names(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.says("bob", "/programme rounds")
    talk.hears("bob", "No round has begun yet.")
    talk.passes(until=at(3))
    talk.says("kim", "/circle met yes")
    talk.passes(until=at(16))
    talk.says("bob", "/programme rounds")
    said = talk.hears("bob", "Jasmine, round 1 (Mon 1 Mar–Mon 15 Mar): 1 of 2 meetings held, 1 unanswered").words
    assert "Jasmine, round 2 (Mon 15 Mar–Mon 29 Mar): 0 of 2 meetings held, 2 unanswered" in said
    assert "Jasmine, round 3 begins Monday, 29 March" in said
    assert not any(name in said for name in ("Ana", "Bea", "Kim", "Lina"))
    assert here.round(2).number == 2
    talk.presses("bob", "Preview the next round")
    talk.hears("bob", "Jasmine: round 3")


def test_an_organiser_begins_a_round_before_its_day_and_its_heads_up_is_sent_no_more(talk):
    here = term(talk)
    talk.passes(until=at(5))
    talk.says("cleo", "/circle met yes")  # so that no question halfway fills the week in which the heads-up is due
    talk.passes(until=at(11, 12))
    talk.says("ada", "/programme rounds run")
    talk.hears("ada", "Round 2 would begin now instead of on its day, for everybody in it. Sure?")
    assert here.round(2) is None
    talk.presses("ada", "Begin now")
    talk.hears("ada", "Round 2 begins within a minute.")
    talk.passes(hours=1)
    two = here.round(2)
    assert (here.round(1).state, two.state) == ("closed", "open")
    assert (two.opens_on, two.closes_on) == (date(2027, 3, 15), date(2027, 3, 29))
    assert heard(talk, "cleo", "this round you meet each other") == [at(1), at(11, 12)]
    talk.passes(until=at(20))
    for stale in ("Round 2 begins Monday, 15 March; you", "Round 3 begins", "Did you meet Dana in round 2?"):
        assert heard(talk, "cleo", stale) == []
    assert len(heard(talk, "cleo", "this round you meet each other")) == 2
    talk.passes(until=at(30))
    assert here.round(3).opens_on == date(2027, 3, 29)


def test_a_round_begun_before_its_heads_up_was_made_ready_has_none(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("ada", "/programme rounds run yes 2")
    talk.passes(until=at(16))
    assert heard(talk, "cleo", "Round 2 begins") == []
    assert heard(talk, "cleo", "this round you meet each other") == [at(1), at(3)]


def test_a_round_begun_early_leaves_the_days_of_the_others_alone_also_when_the_calendar_is_written_anew(talk):
    here = term(talk)
    talk.passes(until=at(3))
    talk.says("ada", "/programme rounds run yes 2")
    talk.passes(until=at(4))
    talk.says("ada", "/programme schedule blackout 2027-05-10 2027-05-11 rest")
    talk.presses("ada", "Keep these days free")
    talk.passes(until=at(30))
    assert here.round(3).opens_on == date(2027, 3, 29)


def test_a_second_press_begins_no_second_round(talk):
    here = term(talk)
    talk.says("ada", "/programme rounds run")
    talk.presses("ada", "Begin now")
    talk.presses("ada", "Begin now")
    talk.passes(hours=1)
    talk.presses("ada", "Begin now")
    talk.hears("ada", "Round 1 is not the next one. Round 2 is.")
    talk.passes(hours=1)
    assert (here.round(1).state, here.round(2)) == ("open", None)
    talk.says("ada", "/programme audit")
    assert talk.heard["ada"][-1].words.count("rounds run yes") == 2


def test_circles_that_are_at_different_rounds_are_asked_about_one_by_one(talk):
    here = term(talk)
    other = cast.circle(talk, here.programme, mentors=("fay",), mentees=("gala",), name="Olive")
    cast.start(talk, here.programme)
    talk.says("ada", "/programme rounds run yes 1")
    with talk.store.writing() as db:
        for planned in programmes.occurrences(db, here.programme, state="planned", circle_id=other):
            if planned.number == 1 and planned.kind == "round-open":
                planned.due_at = at(1)
                programmes.save(db, planned)
    tick.tick(talk.store, talk.now)
    talk.delivers()
    talk.says("ada", "/programme rounds run")
    talk.hears("ada", "One round would begin now instead of on its day, for everybody in it. Which one?")
    talk.presses("ada", "Begin round 1")
    talk.passes(hours=1)
    talk.hears("fay", "this round you meet each other")
    assert here.round(2) is None


ORGANISER_LINES = (
    "/programme rounds preview",
    "/programme rounds run",
    "/programme rounds run yes 1",
)


@pytest.mark.parametrize("line", [*ORGANISER_LINES, "/programme rounds"])
@pytest.mark.parametrize("who", ["cleo", "stranger"])
def test_rounds_are_run_by_organisers_alone(talk, line, who):
    term(talk)
    before = cast.rows(talk.store)
    talk.says(who, line)
    talk.hears(who, "This is for organisers.")
    after = cast.rows(talk.store)
    assert {name: rows for name, rows in after.items() if name != "person"} == {
        name: rows for name, rows in before.items() if name != "person"
    }


@pytest.mark.parametrize("line", ORGANISER_LINES)
def test_without_a_circle_there_is_no_round_to_show_or_to_begin(talk, line):
    cast.programme(talk)
    talk.says("ada", line)
    talk.hears("ada", "No round is planned, because there is no circle yet.")
    talk.button("ada", "Preview circles")


@pytest.mark.parametrize("line", ORGANISER_LINES)
def test_after_the_last_round_none_is_left_to_show_or_to_begin(talk, line):
    here = term(talk, weeks=4)
    talk.passes(until=at(16))
    talk.says("ada", line)
    talk.hears("ada", "No further round is planned; the last one goes on until the end of the term.")
    assert here.round(2).state == "open"


@pytest.mark.parametrize("line", ORGANISER_LINES)
def test_a_programme_that_has_ended_has_no_more_rounds(talk, line):
    term(talk)
    talk.passes(until=at(3))
    talk.says("ada", "/programme close yes")
    before = cast.rows(talk.store)
    talk.says("ada", line)
    talk.hears("ada", "“Women in Physics” has ended, so no further round comes.")
    assert cast.rows(talk.store) == before
    talk.says("ada", "/programme rounds")
    talk.hears("ada", "Jasmine, round 1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/programme rounds run yes 7", "Round 7 is not the next one. Round 1 is."),
        ("/programme rounds run yes 0", "Number can be"),
        ("/programme rounds run yes first", "is not a whole number"),
        ("/programme rounds run please", "takes nothing more"),
        ("/programme rounds forever", "I don't know “forever”"),
    ],
)
def test_what_organisers_type_wrongly_changes_nothing(talk, line, said):
    term(talk)
    before = cast.rows(talk.store)
    talk.says("ada", line)
    talk.hears("ada", said)
    assert cast.rows(talk.store) == before


def test_organisers_of_another_programme_reach_no_round_of_this_one(talk):
    here = term(talk)
    cast.programme(talk, organisers=("zoe", "bob"), slug="other", name="Other")
    talk.says("zoe", "/programme rounds run yes 1 in:physics")
    talk.hears("zoe", "You don't organise “Women in Physics”")
    talk.passes(hours=1)
    assert here.round(1) is None
