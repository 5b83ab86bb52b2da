from dataclasses import replace

import pytest
from forming_people import (
    MONDAY,
    RULES,
    TOKYO,
    name_of,
    pairs,
    somebody,
    twenty_six,
)

from circles.forming import words
from circles.forming.rules import Broken, FormingRules, Problem, Seat, broken, move, propose

# --- an organiser moves people ----------------------------------------------------------------------------------------


def test_a_person_on_the_waiting_list_takes_a_seat_an_organiser_made_free() -> None:
    people = twenty_six()
    proposal = propose(people, RULES, seed=7)
    freed = move(proposal, 3, None, people, RULES)
    assert [(w.place, w.person, w.reason) for w in freed.waiting][:3] == [
        (1, 3, "moved"),
        (2, 11, "seat-free"),
        (3, 22, "seat-free"),
    ]
    filled = move(freed, 11, 0, people, RULES)
    assert Seat(11, "mentor") in filled.circles[0].seats
    assert [(w.place, w.person, w.reason) for w in filled.waiting][:2] == [(1, 3, "moved"), (2, 22, "seats-full")]
    assert move(filled, 11, 0, people, RULES) == filled


def test_somebody_who_can_do_both_makes_room_for_a_newcomer() -> None:
    rules = FormingRules(day=MONDAY, mentors=3, mentees=4)
    people = [somebody(n, "mentor") for n in (1, 2)] + [somebody(3)] + [somebody(n, "mentee") for n in (4, 5, 6)]
    people += [somebody(7, "mentor")]
    proposal = propose(people, rules, seed=1)
    parted = move(proposal, 7, None, people, rules)
    as_mentor = replace(
        parted.circles[0], seats=(*(s for s in parted.circles[0].seats if s.person != 3), Seat(3, "mentor"))
    )
    joined = move(replace(parted, circles=(as_mentor,)), 7, 0, people, rules)
    assert {Seat(3, "mentee"), Seat(7, "mentor")} <= set(joined.circles[0].seats)


@pytest.mark.parametrize(
    ("newcomer", "rules", "sentence"),
    [
        (
            somebody(9),
            replace(RULES, blocked=pairs((1, 9))),
            "This does not work out in this circle. Another one may.",
        ),
        (somebody(9), replace(RULES, apart=pairs((1, 9))), "ada and member are on the list of people to keep apart."),
        (somebody(9, institution="aub "), RULES, "ada and member come from the same institution."),
        (somebody(9, habits=TOKYO), RULES, "ada and member share only 1 working hour."),
        (
            somebody(9, languages=["fr"]),
            RULES,
            "This circle would have no language in common; it comes closest without member.",
        ),
        (somebody(9, "mentee"), FormingRules(day=MONDAY, mentors=5, mentees=3), "All 3 mentee seats are taken."),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_with_the_rule(newcomer, rules, sentence) -> None:
    circle = [somebody(1, "mentor", institution="AUB")] + [somebody(n, "mentor") for n in (2, 3)]
    circle += [somebody(n, "mentee") for n in (4, 5, 6)]
    proposal = replace(propose(circle, rules, seed=1), waiting=())
    assert len(proposal.circles[0].seats) == 6
    with pytest.raises(Broken) as refused:
        move(proposal, 9, 0, [*circle, newcomer], rules)
    names = {1: "ada", 9: "member"}
    assert words.problem(refused.value.problems[0], lambda one: names.get(one, "somebody")) == sentence


def test_taking_somebody_out_of_the_smallest_circle_is_refused() -> None:
    people = [somebody(1, "mentor"), *(somebody(n, "mentee") for n in range(2, 7))]
    proposal = propose(people, RULES, seed=1)
    with pytest.raises(Broken) as refused:
        move(proposal, 1, None, people, RULES)
    assert [words.problem(problem, name_of) for problem in refused.value.problems] == [
        "The circle would be left without a mentor.",
        "The circle would be 1 person short of its smallest size.",
    ]


def test_moving_a_stranger_or_to_a_circle_that_is_not_there_is_an_error() -> None:
    people = [somebody(n) for n in range(1, 7)]
    proposal = propose(people, RULES, seed=1)
    for person, circle in ((99, 0), (1, 1), (1, -1)):
        with pytest.raises(ValueError, match="not in the proposal"):
            move(proposal, person, circle, people, RULES)


def test_a_seat_outside_her_stance_and_a_second_seat_are_broken_rules() -> None:
    people = {n: somebody(n, "mentee" if n == 1 else "both") for n in range(1, 8)}
    seats = [Seat(1, "mentor"), Seat(2, "mentee"), Seat(2, "mentee"), *(Seat(n, "mentee") for n in range(3, 8))]
    assert broken(seats, people, RULES) == (
        Problem("seats", (2,), "choose-one-circle", 1),
        Problem("seats", (1,), "ask-stance", 1, "mentor"),
    )


def test_private_requests_are_counted_and_name_nobody_when_a_circle_breaks_them() -> None:
    people = {n: somebody(n) for n in range(1, 7)}
    seats = [Seat(1, "mentor"), *(Seat(n, "mentee") for n in range(2, 7))]
    blocked = replace(RULES, blocked=pairs((1, 2), (3, 4)))
    assert broken(seats, people, blocked) == (Problem("blocks", (), "another-circle", 2),)
