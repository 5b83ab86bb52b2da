"""Tables bring new people together for as long as is known to be possible, and then repeat as little as can be."""

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rotation_play import Play, mentors_and_mentees, pair, pairs_in

from circles.rotation import drawing, rules, tables
from circles.rotation.rules import History, Placement, Player, Rotation

ADA, BOB, CLEO, DANA, EVE, FAY = range(1, 7)


def fresh_rounds(play: Play, most: int) -> int:
    """Play until two sit together again; how many rounds went before."""
    for at in range(most):
        if play.round().repeats:
            return at
    return most


def rounds_until_all_met(people: int, size: int, seed: int) -> int:
    play, met = Play(mentors_and_mentees(people, 0), Rotation("tables", size=size), seed), set[frozenset[int]]()
    while len(met) < people * (people - 1) // 2:
        for group in play.round().groups:
            met |= pairs_in(group.people)
    return play.number


@pytest.mark.parametrize(
    ("people", "size", "rounds"),
    [(9, 3, 4), (15, 3, 7), (16, 4, 5), (21, 3, 10), (25, 5, 6), (28, 4, 9), (30, 5, 6), (32, 4, 10), (35, 5, 7)],
)
def test_with_a_fixed_roster_as_many_fresh_rounds_follow_as_are_known_to_be_possible(
    people: int, size: int, rounds: int
) -> None:
    for seed in (1, 2**40 + people):
        assert fresh_rounds(Play(mentors_and_mentees(people, 0), Rotation("tables", size=size), seed), rounds) == rounds


@pytest.mark.parametrize(
    ("people", "size", "rounds"), [(14, 3, 4), (19, 4, 5), (23, 3, 7), (24, 5, 6), (26, 4, 8), (29, 3, 9), (31, 4, 10)]
)
def test_tables_that_differ_by_one_follow_a_plan_with_empty_seats(people: int, size: int, rounds: int) -> None:
    for seed in (3, 4):
        play = Play(mentors_and_mentees(people, 0), Rotation("tables", size=size), seed)
        assert fresh_rounds(play, rounds) >= rounds
        assert all(not plan.sitting_out for plan in play.plans)


@given(st.integers(0, 10**9), st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_a_plan_is_followed_whatever_ids_people_have(seed: int, start: int) -> None:
    chance = random.Random(start)
    play = Play([Player(one, "mentee") for one in chance.sample(range(10**6), 16)], Rotation("tables", size=4), seed)
    assert fresh_rounds(play, 5) == 5


def test_a_block_costs_the_one_week_in_which_the_two_would_meet() -> None:
    for seed in range(2):
        play = Play(mentors_and_mentees(25, 0), Rotation("tables", size=5), seed, [pair(ADA, BOB)])
        assert fresh_rounds(play, 5) == 5
        assert all(not plan.sitting_out for plan in play.plans)


def test_a_week_in_which_nobody_met_is_made_up_for() -> None:
    for seed in range(3):
        play = Play(mentors_and_mentees(16, 0), Rotation("tables", size=4), seed)
        play.round()
        play.round(fails=1.0)
        for _ in range(4):
            play.round()
        met = {two for placement in play.history.placements for two in placement.met}
        assert len(met) == 120
        assert not any(plan.repeats for plan in play.plans)


def test_an_organiser_is_told_how_long_fresh_tables_last() -> None:
    cast = rules.forecast(
        mentors_and_mentees(16, 16), History(), Rotation("tables", size=4), (), number=1, seed=7, rounds=11
    )
    assert cast.first_repeat == 11
    cast = rules.forecast(
        mentors_and_mentees(8, 7), History(), Rotation("tables", size=3), (), number=1, seed=7, rounds=7
    )
    assert (cast.first_repeat, cast.coverage) == (None, 1.0)


# when nobody new is left


def from_round(first: int, pairs: Sequence[frozenset[int]]) -> tuple[Placement, ...]:
    """One pair a round, from this round on."""
    return tuple(Placement(number, two, frozenset({two})) for number, two in enumerate(pairs, first))


TRIOS = sorted(pairs_in((ADA, BOB, CLEO)) | pairs_in((DANA, EVE, FAY)), key=sorted)
CROSSING = sorted(pairs_in(range(ADA, FAY + 1)) - set(TRIOS), key=sorted)


@pytest.mark.parametrize(
    "history",
    [
        from_round(1, TRIOS) + from_round(7, CROSSING),  # the trios met longest ago
        from_round(1, TRIOS) + from_round(7, CROSSING) + from_round(16, CROSSING),  # they met least, too
        from_round(1, CROSSING) + from_round(10, CROSSING) + from_round(19, TRIOS),  # that weighs more than when
    ],
)
def test_where_all_have_met_those_meet_again_who_met_least_and_longest_ago(history: tuple[Placement, ...]) -> None:
    for seed in range(5):
        plan = rules.next_round(
            mentors_and_mentees(6, 0), History(history), Rotation("tables", size=3), (), number=26, seed=seed
        )
        assert [group.people for group in plan.groups] == [(ADA, BOB, CLEO), (DANA, EVE, FAY)]


def test_two_who_may_not_meet_do_not_keep_the_others_from_a_second_turn() -> None:
    others = [two for two in CROSSING if two != pair(ADA, DANA)]
    history = History(from_round(1, others) + from_round(10, others) + from_round(19, TRIOS))
    for seed in range(5):
        plan = rules.next_round(
            mentors_and_mentees(6, 0), history, Rotation("tables", size=3), [pair(ADA, DANA)], number=26, seed=seed
        )
        assert [group.people for group in plan.groups] == [(ADA, BOB, CLEO), (DANA, EVE, FAY)]


def test_two_who_never_met_do_so_even_if_others_then_meet_often() -> None:
    history = History(from_round(1, TRIOS * 3) + from_round(20, CROSSING[2:]))
    for seed in range(5):
        plan = rules.next_round(
            mentors_and_mentees(6, 0), history, Rotation("tables", size=3), (), number=28, seed=seed
        )
        together = {two for group in plan.groups for two in pairs_in(group.people)}
        assert set(CROSSING[:2]) <= together


@pytest.mark.parametrize(
    ("people", "size", "rounds"),
    [
        (9, 3, 4),
        (12, 6, 3),
        (15, 5, 5),
        (16, 4, 5),
        (18, 6, 4),
        (24, 5, 6),
        (20, 5, 7),
        (27, 4, 9),
        (30, 6, 9),
        (21, 3, 10),
        (30, 3, 17),
    ],
)
def test_everybody_has_met_everybody_after_few_rounds(people: int, size: int, rounds: int) -> None:
    assert rounds_until_all_met(people, size, 1) <= rounds


@pytest.mark.parametrize(("people", "size", "bound"), [(30, 3, 0.006), (32, 4, 0.05), (50, 5, 0.025)])
def test_with_a_tenth_leaving_and_a_sixth_skipping_repeats_stay_far_below_a_greedy_choice(
    people: int, size: int, bound: float
) -> None:
    shares = []
    for choose in (seated, greedy):
        met = again = 0
        chance = random.Random(people)
        here, newest, history = list(range(people)), people, dict[frozenset[int], int]()
        past: tuple[Placement, ...] = ()
        for number in range(1, 16):
            here = [one for one in here if chance.random() >= 0.1]
            newcomers = people - len(here)
            here += range(newest, newest + newcomers)
            newest += newcomers
            coming = [one for one in here if chance.random() >= 0.15]
            groups = choose(coming, size, History(past), history, number)
            for group in groups:
                two = pairs_in(group)
                met, again = met + len(two), again + sum(one in history for one in two)
                history |= dict.fromkeys(two, number)
                past += (Placement(number, frozenset(group), frozenset(two)),)
        shares.append(again / met)
    assert shares[0] <= bound
    assert shares[0] <= 0.45 * shares[1]


def seated(
    coming: list[int], size: int, past: History, history: dict[frozenset[int], int], number: int
) -> list[tuple[int, ...]]:
    players = [Player(one, "mentee") for one in coming]
    plan = drawing.drawn(players, past, Rotation("tables", size=size), (), number=number, seed=5)
    return [group.people for group in plan.groups]


def greedy(
    coming: list[int], size: int, past: History, history: dict[frozenset[int], int], number: int
) -> list[tuple[int, ...]]:
    """Fill one table after the other, each time with whoever met the fewest there; what a simple bot does."""
    left = random.Random(number).sample(coming, len(coming))
    groups = []
    for seats in tables.sizes(len(coming), size)[0]:
        group = [left.pop()]
        while len(group) < seats:
            group.append(min(left, key=lambda one: sum(pair(one, other) in history for other in group)))
            left.remove(group[-1])
        groups.append(tuple(group))
    return groups


@pytest.mark.parametrize("blocks", [0, 3, 12])
def test_the_same_round_comes_out_whatever_the_order_of_people_with_a_plan_too(blocks: int) -> None:
    players = mentors_and_mentees(16, 0)
    walls = [pair(*two) for two in list(combinations(range(1, 17), 2))[:: 120 // blocks]] if blocks else []
    plans = {
        rules.next_round(
            random.Random(turn).sample(players, 16), History(), Rotation("tables", size=4), walls, number=1, seed=3
        )
        for turn in range(3)
    }
    assert len(plans) == 1
