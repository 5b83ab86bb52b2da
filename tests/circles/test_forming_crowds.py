"""Circles of many people: the board agrees with the plain rules, and a crowd is seated within all of them."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from forming_people import BERLIN, CAIRO, RULES, TOKYO, any_rules, is_circle, may_meet, members, somebody
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.forming import arranging, effort, handlers, search, sharing, spread, wishes
from circles.forming.board import group_of, lay_out, seated, union
from circles.forming.board import members as positions_of
from circles.forming.judging_words import how_good
from circles.forming.rules import Candidate, propose
from circles.forming.values import RuleCost, Weights


def neighbours(count: int) -> list[Candidate]:
    """Mentors and mentees in turn, of three neighbouring zones, two languages and many institutions."""
    return [
        somebody(
            n,
            ("mentor", "mentee", "both")[n % 3],
            offers=[f"topic {n * 7 % 23}"],
            wants=[f"topic {n * 5 % 23}"],
            languages=(["ar"], ["ar", "en"], ["en"])[n // 3 % 3],
            institution=f"Institute {n * 13 % 41}",
            stage=("student", "postdoc", "professor")[n // 2 % 3],
            habits=(CAIRO, BERLIN)[n // 9 % 2],
        )
        for n in range(1, count + 1)
    ]


@settings(deadline=None, max_examples=60)
@given(members(), any_rules())
def test_the_board_keeps_apart_exactly_whom_the_rules_keep_apart(people, rules) -> None:
    board = lay_out(people, rules)
    for i, j in combinations(range(len(board.people)), 2):
        clash = not may_meet(board.people[i], board.people[j], rules)
        assert bool(board.clashes[i] >> j & 1) == bool(board.clashes[j] >> i & 1) == clash
        walls = arranging._walls(board, [i, j])
        assert bool(walls[0, 1]) == bool(walls[1, 0]) == clash
    assert not any(board.clashes[i] >> i & 1 for i in range(len(board.people)))


def test_sets_of_positions_are_read_in_the_order_of_the_queue() -> None:
    assert list(positions_of(group_of([900, 3, 64]))) == [3, 64, 900]
    assert list(positions_of(0)) == []
    assert union([group_of([1, 2]), group_of([2, 70])]) == group_of([1, 2, 70])


def test_later_means_joined_later_and_not_together() -> None:
    people = [somebody(n, waiting_since=since) for n, since in ((1, 5), (2, 5), (3, 7), (4, 9))]
    board = lay_out(people, RULES)
    assert board.later_than(0) == board.later_than(1) == group_of([2, 3])
    assert board.later_than(3) == 0


@settings(deadline=None, max_examples=60)
@given(members(), any_rules())
def test_a_first_seating_keeps_seats_and_a_language_and_standing_up_leaves_no_clash(people, rules) -> None:
    board = lay_out(people, rules)
    groups = spread.first_seating(board, Random(3))
    assert seated(groups) == union(groups).bit_count()
    assert len(groups) <= rules.circles
    for group in groups:
        assert board.seats_all(group)
        assert board.has_both_roles(group)
        assert board.have_a_language(group)
    for group in search.without_clashes(board, groups):
        assert board.may_sit(group)
        assert not any(board.clashes[i] & group for i in positions_of(group))


def test_a_first_seating_has_no_circle_of_mentors_alone() -> None:
    mentors = [somebody(n, "mentor") for n in range(1, 8)]
    assert spread.first_seating(lay_out(mentors, RULES), Random(1)) == ()


def test_a_first_seating_follows_the_globe() -> None:
    people = [somebody(n, ("mentor", "mentee")[n % 2], habits=(CAIRO, TOKYO)[n % 4 // 2]) for n in range(1, 41)]
    board = lay_out(people, replace(RULES, circles=2, mentors=10, mentees=10))
    zones = [{board.people[i].habits.zone for i in positions_of(g)} for g in spread.first_seating(board, Random(1))]
    assert sorted(map(sorted, zones)) == [["Africa/Cairo"], ["Asia/Tokyo"]]


@pytest.mark.parametrize("count", [61, 240])
def test_a_crowd_is_seated_within_every_rule_and_nobody_waits_who_could_take_a_seat(count: int) -> None:
    people = neighbours(count)
    rules = replace(RULES, circles=count // 12, mentors=8, mentees=8)
    proposal = propose(people, rules, seed=5)
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)
    sitting = [seat.person for circle in proposal.circles for seat in circle.seats]
    assert sorted(sitting + [one.person for one in proposal.waiting]) == [person.id for person in people]
    assert len(sitting) >= 0.97 * count
    assert not [one for one in proposal.waiting if one.reason == "seat-free"]
    assert proposal == propose(people[::-1], rules, seed=5)


def test_a_crowd_finds_more_of_what_it_hopes_for_than_as_it_was_dealt() -> None:
    people, rules = neighbours(150), replace(RULES, circles=10, mentors=8, mentees=8)
    board = lay_out(people, rules)
    dealt = search.without_clashes(board, spread.first_seating(board, Random(2)))
    arranged = arranging.arrange(board, dealt, 2)
    assert arranging.objective(board, arranged) > arranging.objective(board, dealt)
    assert seated(arranged) >= seated(dealt)


def test_who_speaks_two_languages_goes_where_colleagues_leave_room() -> None:
    # Twelve colleagues who speak both, and too many of one institution for one language alone.
    people = [somebody(n, languages=["ar"], institution=f"A{n}") for n in range(1, 9)]
    people += [somebody(n, languages=["en"], institution=f"B{n}") for n in range(9, 17)]
    people += [somebody(n, languages=["ar", "en"], institution=f"C{n % 2}") for n in range(17, 21)]
    board = lay_out(people, replace(RULES, circles=2, mentors=6, mentees=6))
    speaking, shares = sharing.share_out(board)
    assert shares == {"ar": 1, "en": 1}
    for group in speaking.values():
        houses = [board.people[i].institution for i in positions_of(group)]
        assert houses.count("C0") == houses.count("C1") == 1


def test_work_that_is_stopped_gives_the_best_so_far_and_says_so() -> None:
    people, rules = neighbours(150), replace(RULES, circles=10, mentors=8, mentees=8)
    heard: list[float] = []

    def enough(share: float, _points: int) -> bool:
        heard.append(share)
        return False

    proposal = propose(people, rules, seed=1, watch=enough)
    assert proposal.was_stopped
    assert not proposal.is_best
    assert len(heard) == 1
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)


def test_work_that_is_watched_and_not_stopped_is_the_same_as_unwatched() -> None:
    people, rules = neighbours(150), replace(RULES, circles=10, mentors=8, mentees=8)
    shares: list[float] = []
    watched = propose(people, rules, seed=1, watch=lambda share, _points: shares.append(share) is None)
    assert watched == propose(people, rules, seed=1)
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1


def test_a_search_on_a_budget_gives_the_same_again_and_says_that_it_was_short() -> None:
    people, rules = neighbours(150), replace(RULES, circles=10, mentors=8, mentees=8)
    whole = propose(people, rules, seed=1)
    short = propose(people, rules, seed=1, steps=200_000)
    assert short == propose(people[::-1], rules, seed=1, steps=200_000)
    assert short.was_stopped
    assert short.score < whole.score
    assert all(is_circle(circle.seats, people, rules) for circle in short.circles)
    assert "I cut it short: this is the best so far. “Draw again” searches" in how_good(short)
    assert "Wishes are met to at least" in how_good(short)
    assert "cut it short" not in how_good(whole)


def test_a_budget_that_is_not_spent_changes_nothing() -> None:
    people, rules = neighbours(150), replace(RULES, circles=10, mentors=8, mentees=8)
    assert propose(people, rules, seed=1, steps=handlers.STEPS) == propose(people, rules, seed=1)


def test_a_crowd_of_several_blocks_shares_one_budget() -> None:
    budget = effort.Budget(1000)
    assert [budget.share(100, 4), budget.was_short] == [100, False]
    assert [budget.share(900, 4), budget.was_short] == [250, True]
    assert [budget.share(100, 4), budget.was_short] == [100, True]


# --- how good it is ---------------------------------------------------------------------------------------------------


def test_what_a_rule_costs_is_named_for_the_organiser() -> None:
    people = [somebody(n, ("mentor", "mentee")[n % 2], institution=f"I{min(n, 10)}") for n in range(1, 15)]
    proposal = propose(people, replace(RULES, mentors=7, mentees=7), seed=1)
    assert len(proposal.waiting) == 4
    assert RuleCost("institution", 4) in proposal.costs


def test_no_rule_costs_anything_where_everybody_sits() -> None:
    assert propose([somebody(n) for n in range(1, 13)], RULES, seed=1).costs == ()


@settings(deadline=None, max_examples=40)
@given(members(), any_rules())
def test_no_circles_have_more_points_than_the_bound(people, rules) -> None:
    proposal = propose(people, rules, seed=2)
    assert not proposal.circles or proposal.bound is None or proposal.score <= proposal.bound


# --- weights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"topics": 10},
        {"hours": -1},
        {"topics": 0, "hours": 0} | dict.fromkeys(("institutions", "stages", "interests"), 0),
    ],
)
def test_weights_that_cannot_work_are_refused(change) -> None:
    with pytest.raises(ValueError, match="count"):
        Weights(**change)


def test_the_weight_of_a_wish_decides_who_sits_together() -> None:
    # Topics would pair the odd with the odd; stages would mix them.
    people = [
        somebody(
            n,
            ("mentor", "mentee")[n > 6],
            offers=[f"topic {n % 2}"] if n <= 6 else [],
            wants=[f"topic {n % 2}"] if n > 6 else [],
            stage=("student", "professor")[n % 2],
        )
        for n in range(1, 13)
    ]
    rules = replace(RULES, circles=2, mentors=3, mentees=3)

    def stages(weights: Weights) -> list[set[str]]:
        found = propose(people, replace(rules, weights=weights), seed=1).circles
        return [{people[seat.person - 1].stage for seat in circle.seats} for circle in found]

    assert sorted(map(len, stages(Weights(topics=9, stages=0)))) == [1, 1]
    assert sorted(map(len, stages(Weights(topics=0, stages=9)))) == [2, 2]


def test_more_people_than_are_weighed_at_once_are_seated_in_blocks_within_every_rule() -> None:
    people, rules = neighbours(1_000), replace(RULES, circles=80, mentors=8, mentees=8)
    board = lay_out(people, rules)
    dealt = search.without_clashes(board, spread.first_seating(board, Random(7)))
    proposal = propose(people, rules, seed=7)
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)
    assert sum(len(circle.seats) for circle in proposal.circles) >= 990
    assert proposal.score > wishes.points_of(board, dealt)
    assert proposal.bound is None
    assert proposal == propose(people[::-1], rules, seed=7)


@pytest.mark.parametrize("count", [61, 120, 300])
def test_a_crowd_whose_first_in_line_can_not_sit_together_still_fills_a_circle(count: int) -> None:
    colleagues = [somebody(n, institution="U" if n <= 20 else f"I{n}") for n in range(1, count + 1)]
    far = [somebody(n, institution=f"I{n}", habits=TOKYO if n <= 30 and n % 2 else CAIRO) for n in range(1, count + 1)]
    for people in (colleagues, far):
        proposal = propose(people, RULES, seed=1)
        assert [len(circle.seats) for circle in proposal.circles] == [20]
        assert is_circle(proposal.circles[0].seats, people, RULES)


@pytest.mark.parametrize(("count", "mentors", "seats"), [(61, 8, (2, 4)), (80, 10, (3, 4)), (120, 15, (2, 4))])
def test_with_few_mentors_a_crowd_gets_fewer_circles_and_not_smaller_ones_than_there_may_be(
    count, mentors, seats
) -> None:
    people = [somebody(n, "mentor" if n <= mentors else "mentee") for n in range(1, count + 1)]
    rules = replace(RULES, mentors=seats[0], mentees=seats[1], circles=10)
    proposal = propose(people, rules, seed=1)
    sizes = [len(circle.seats) for circle in proposal.circles]
    assert min(sizes) >= 6
    assert sum(sizes) >= 6 * (mentors * 3 // 2 // sum(seats) + 1)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_a_crowd_is_seated_about_as_well_as_by_the_patient_search(world: int) -> None:
    chance = Random(world)
    people = [
        somebody(
            n,
            chance.choice(("mentor", "mentee", "both")),
            institution=f"I{chance.randrange(40)}",
            habits=chance.choice((CAIRO, BERLIN, TOKYO)),
        )
        for n in range(1, chance.randrange(62, 130))
    ]
    rules = replace(RULES, circles=chance.randrange(1, 4))
    searched = seated(search.settle(lay_out(people, rules), search.seat_everybody(lay_out(people, rules), Random(1))))
    proposal = propose(people, rules, seed=1)
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)
    assert bool(proposal.circles) != bool(proposal.problems)
    assert sum(len(circle.seats) for circle in proposal.circles) >= 0.9 * searched


@pytest.mark.parametrize(
    "weights",
    [Weights(), Weights(topics=1, hours=9), Weights(topics=0), Weights(topics=0, institutions=9, hours=0, stages=0)],
)
def test_circles_stay_even_whatever_weighs_most(weights: Weights) -> None:
    people = [somebody(n, offers=[f"t{n % 3}"], wants=[f"t{n % 4}"], institution=f"I{n}") for n in range(1, 25)]
    proposal = propose(people, replace(RULES, circles=2, weights=weights), seed=1)
    assert [len(circle.seats) for circle in proposal.circles] == [12, 12]
