from dataclasses import replace
from datetime import timedelta

import pytest
from forming_people import BERLIN, CAIRO, MONDAY, RULES, pairs, people_in, somebody, twenty_six

from circles.forming import words
from circles.forming.rules import Candidate, FormingRules, Reason, Stance, propose
from circles.schedule import Habits, working_overlap

# --- a call with 26 people --------------------------------------------------------------------------------------------


def test_twenty_six_people_fill_ten_and_ten_seats_and_the_last_in_line_wait_with_a_truthful_place() -> None:
    proposal = propose(twenty_six(), RULES, seed=7)
    (circle,) = proposal.circles
    assert [seat.role for seat in circle.seats] == ["mentor"] * 10 + ["mentee"] * 10
    assert [(w.place, w.person, w.reason) for w in proposal.waiting] == [
        (1, 11, "seats-full"),
        (2, 22, "seats-full"),
        (3, 23, "seats-full"),
        (4, 24, "seats-full"),
        (5, 25, "seats-full"),
        (6, 26, "seats-full"),
    ]
    assert circle.languages == ("en",)
    assert words.waiting(proposal.waiting[0]) == "number 1 on the waiting list: all mentor seats are taken"
    assert words.waiting(proposal.waiting[1]) == "number 2 on the waiting list: all seats are taken"
    assert [words.reason(reason) for reason in circle.reasons] == [
        "every mentee finds somebody offering something they want",
        "20 institutions and 4 career stages",
        "every two people share at least 7 working hours",
    ]


def test_people_who_can_do_both_take_the_seats_that_would_stay_empty() -> None:
    people = [somebody(n, "mentor") for n in range(1, 8)] + [somebody(n, "mentee") for n in range(8, 18)]
    people += [somebody(n, "both") for n in range(18, 23)]
    (circle,) = propose(people, RULES, seed=1).circles
    assert {seat.person for seat in circle.seats if seat.role == "mentor"} == {1, 2, 3, 4, 5, 6, 7, 18, 19, 20}


def test_two_circles_share_people_evenly() -> None:
    proposal = propose(twenty_six(), replace(RULES, circles=2), seed=3)
    assert [len(circle.seats) in {12, 13, 14} for circle in proposal.circles] == [True, True]
    assert not proposal.waiting


def test_people_of_two_languages_form_a_circle_each() -> None:
    people = [somebody(n, languages=["ar"] if n % 2 else ["fr"]) for n in range(1, 15)]
    proposal = propose(people, replace(RULES, circles=2), seed=3)
    assert sorted(circle.languages for circle in proposal.circles) == [("ar",), ("fr",)]
    assert not proposal.waiting


def test_among_people_who_joined_together_wishes_decide_who_is_seated() -> None:
    people = [somebody(n, "mentor", offers=["statistics"]) for n in range(1, 6)]
    people += [somebody(n, "mentee", wants=["dance"], waiting_since=9) for n in range(6, 11)]
    people += [somebody(n, "mentee", wants=["Statistics "], waiting_since=9) for n in range(11, 16)]
    proposal = propose(people, FormingRules(day=MONDAY, mentors=5, mentees=5), seed=2)
    assert people_in(proposal.circles[0]) == {1, 2, 3, 4, 5, 11, 12, 13, 14, 15}


def test_mentees_land_in_the_circle_that_offers_what_they_want() -> None:
    topics = {1: "statistics", 0: "teaching"}
    people = [somebody(n, "mentor", offers=[topics[n % 2]], institution=f"I{n % 3}") for n in range(1, 7)]
    people += [somebody(n, "mentee", wants=[topics[n % 2]], institution=f"J{n % 3}") for n in range(7, 13)]
    proposal = propose(people, replace(RULES, circles=2, mentors=3, mentees=3), seed=2)
    assert [reason for circle in proposal.circles for reason in circle.reasons if reason.code == "wants-met"] == [
        Reason("wants-met", 3, 3),
        Reason("wants-met", 3, 3),
    ]


def test_hours_in_common_hold_on_both_sides_of_a_clock_change() -> None:
    # Cairo and Santiago share 3 working hours in March and 1 at the end of August: clocks move opposite ways.
    people = [somebody(n, habits=CAIRO if n < 6 else Habits("America/Santiago")) for n in range(1, 7)]
    hours = [working_overlap(CAIRO, people[5].habits, day) for day in (MONDAY, MONDAY + timedelta(days=182))]
    assert hours[0] != hours[1]
    assert propose(people, replace(RULES, overlap_hours=min(hours)), 1).circles
    assert not propose(people, replace(RULES, overlap_hours=max(hours)), 1).circles
    later = replace(RULES, overlap_hours=max(hours), day=MONDAY + timedelta(days=182))
    assert not propose(people, later, 1).circles


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"mentors": 1, "mentees": 5},
        {"mentors": 15, "mentees": 15},
        {"smallest": 6, "largest": 20},
        {"smallest": 20, "largest": 20},
        {"circles": 40},
        {"overlap_hours": 0},
        {"overlap_hours": 24},
        {"blocked": pairs((1, 2))},
    ],
)
def test_sensible_rules_are_accepted(change) -> None:
    assert FormingRules(day=MONDAY, **change).circles >= 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mentors": 0}, "at least one seat for a mentor"),
        ({"mentees": 0}, "at least one seat for a mentor"),
        ({"mentors": -1, "mentees": 12}, "at least one seat for a mentor"),
        ({"circles": 0}, "at least one circle"),
        ({"smallest": 5}, "6 to 30 people"),
        ({"largest": 31}, "6 to 30 people"),
        ({"smallest": 21, "largest": 20}, "6 to 30 people"),
        ({"mentors": 2, "mentees": 3}, "5 seats do not fit these sizes: anything from 6 to 30"),
        ({"mentors": 16, "mentees": 15}, "31 seats do not fit these sizes"),
        ({"largest": 19}, "20 seats do not fit these sizes: anything from 6 to 19"),
        ({"overlap_hours": -0.5}, "from 0 to 24"),
        ({"overlap_hours": 24.5}, "from 0 to 24"),
        ({"overlap_hours": float("nan")}, "from 0 to 24"),
        ({"blocked": frozenset({frozenset({1})})}, "two different people"),
        ({"apart": frozenset({frozenset({1, 2, 3})})}, "two different people"),
    ],
)
def test_rules_that_cannot_work_are_refused_with_a_sentence(change, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        FormingRules(day=MONDAY, **change)


def test_a_person_listed_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        propose([somebody(1), somebody(1)], RULES, seed=1)


# --- a crowd ----------------------------------------------------------------------------------------------------------


def crowd(count: int) -> list[Candidate]:
    zones = (CAIRO, BERLIN, Habits("Asia/Riyadh", frozenset({4, 5})), Habits("Africa/Tunis"))
    stances: tuple[Stance, ...] = ("mentor", "mentee", "mentor", "mentee", "both")
    return [
        somebody(
            n,
            stances[n % 5],
            offers=[f"topic {n * 7 % 11}", f"topic {n * 3 % 11}"],
            wants=[f"topic {n * 5 % 11}"],
            languages=(["ar"], ["ar", "en"], ["en"], ["en", "fr"], ["ar", "fr"])[n * 13 % 5],
            institution=f"Institute {n * n % 37}",
            habits=zones[n % 4],
        )
        for n in range(1, count + 1)
    ]


def test_a_crowd_in_reverse_order_gives_the_same_three_circles() -> None:
    rules = replace(RULES, circles=3)
    proposal = propose(crowd(60), rules, seed=11)
    assert len(proposal.circles) == 3
    assert propose(crowd(60)[::-1], rules, seed=11) == proposal
