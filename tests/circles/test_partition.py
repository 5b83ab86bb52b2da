"""People into circles: whatever the start, the rules hold, the points are right, and the answer repeats."""

import math
import os
import subprocess
import sys
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles import partition
from circles.partition import WALL, Progress, Rules, annealing, improve, kernel, layout
from circles.partition.compiled import machine_code

Case = tuple[list[int], Any, Rules]


@st.composite
def cases(draw: st.DrawFn, *, people: int = 12, walls: bool = True) -> Case:
    """A start that keeps its rules: any mixture of seats, kinds, languages, queue, wishes and (if asked for) walls."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    circles = draw(st.integers(1, 4))
    n = draw(st.integers(max(2, circles), people))
    place = rng.integers(0, circles + draw(st.integers(0, 1)), n)
    kind = rng.integers(0, 3, n) if draw(st.booleans()) else None
    if kind is not None:
        for c in range(circles):  # somebody for both roles
            if (place == c).any():
                kind[np.flatnonzero(place == c)[0]] = 2
    sizes = np.bincount(place, minlength=circles + 1)[:circles]
    least = np.maximum(sizes - rng.integers(0, 3, circles), 0)
    most = np.maximum(sizes + rng.integers(0, 3, circles), 1)
    seats = [None, None]
    if kind is not None:
        taken = [np.bincount(place[kind == k], minlength=circles + 1)[:circles] for k in (0, 1)]
        seats = [t + rng.integers(0, 3, circles) for t in taken]
        seats[0] = np.maximum(seats[0], sizes - seats[1])
        most = np.maximum(np.minimum(most, seats[0] + seats[1]), 1)
        seats[1] = np.maximum(seats[1], most - seats[0])
    allowed = rng.random((n, circles)) < 0.7 if draw(st.booleans()) else None
    if allowed is not None:
        allowed[place < circles, place[place < circles]] = True
    upper = np.triu(rng.integers(-40, 100, (n, n)), 1)
    if walls:
        upper = np.where(np.triu(rng.random((n, n)) < 0.15, 1), WALL, upper)
    return (
        place.tolist(),
        upper + upper.T,
        Rules(
            least=least,
            most=most,
            mentors=seats[0],
            mentees=seats[1],
            kind=kind,
            allowed=allowed,
            rank=rng.integers(0, 4, n) if draw(st.booleans()) else None,
            served=rng.random((n, n)) < 0.2 if draw(st.booleans()) else None,
            matched=draw(st.sampled_from([0, 3, 200])),
            lean=draw(st.sampled_from([0, 7, 90])),
            size=draw(st.sampled_from([0, 2])),
        ),
    )


def lean_of(kinds: list[int], mentors: int, mentees: int) -> int:
    """The smallest imbalance over every way to share out those who can take either seat."""
    either = kinds.count(2)
    ways = []
    for split in range(either + 1):
        a, b = kinds.count(0) + split, kinds.count(1) + either - split
        ways.append((max(0, a - mentors) + max(0, b - mentees), abs(a * mentees - b * mentors)))
    return min(ways)[1] // max(1, mentors, mentees)


def recount(place: list[int], weights: Any, rules: Rules) -> tuple[int, int]:
    """Points and walls, counted one pair and one person at a time."""
    points = walls = 0
    for c, most in enumerate(np.asarray(rules.most).tolist()):
        group = [i for i, p in enumerate(place) if p == c]
        for i, j in combinations(group, 2):
            walls += weights[i, j] == WALL
            points += 0 if weights[i, j] == WALL else int(weights[i, j])
        kinds = [2 if rules.kind is None else int(rules.kind[i]) for i in group]
        mentors = most if rules.mentors is None else int(rules.mentors[c])
        mentees = most if rules.mentees is None else int(rules.mentees[c])
        points -= rules.lean * lean_of(kinds, mentors, mentees) + rules.size * len(group) ** 2
        if rules.served is not None:
            points += rules.matched * sum(any(rules.served[i][j] for j in group if j != i) for i in group)
    return points, walls


def broken(place: list[int], rules: Rules) -> list[str]:
    """Everything that is wrong with these circles."""
    found = []
    for c, (least, most) in enumerate(zip(rules.least, rules.most, strict=True)):
        group = [i for i, p in enumerate(place) if p == c]
        if not least <= len(group) <= most:
            found.append(f"size of {c}")
        if rules.kind is not None:
            kinds = [int(rules.kind[i]) for i in group]
            if kinds.count(0) > rules.mentors[c] or kinds.count(1) > rules.mentees[c]:
                found.append(f"seats of {c}")
            if group and len(group) in {kinds.count(0), kinds.count(1)}:
                found.append(f"roles of {c}")
        if rules.allowed is not None and not all(rules.allowed[i][c] for i in group):
            found.append(f"language of {c}")
    return found


@given(cases(), st.integers(0, 2**64 - 1), st.sampled_from([1, 300, 3000]))
@settings(max_examples=100, deadline=None)
def test_from_any_start_the_rules_hold_and_the_points_are_those_counted_one_by_one(case, seed, steps):
    place, weights, rules = case
    points, walls = recount(place, weights, rules)
    found = improve(place, weights, rules, seed=seed, steps=steps)
    assert broken(list(found.place), rules) == []
    assert (found.points, found.walls) == recount(list(found.place), weights, rules)
    assert partition.points(found.place, weights, rules) == (found.points, found.walls)
    pool = len(rules.most)
    waiting = (place.count(pool), found.place.count(pool))
    assert (found.walls, waiting[1], -found.points) <= (walls, waiting[0], -points)


@given(cases(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_start_without_walls_never_gets_one_and_no_wall_is_ever_added(case, seed):
    place, weights, rules = case
    _points, walls = recount(place, weights, rules)
    seen = []

    def watch(progress: Progress) -> bool:
        seen.append(progress.walls)
        return True

    found = improve(place, weights, rules, seed=seed, steps=2000, watch=watch)
    assert [walls, *seen, found.walls] == sorted([walls, *seen, found.walls], reverse=True)


@given(cases(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_seat_is_lost_only_to_somebody_who_waited_at_least_as_long(case, seed):
    place, weights, rules = case
    pool = len(rules.most)
    found = improve(place, weights, rules, seed=seed, steps=2000).place
    lost = [i for i in range(len(place)) if place[i] < pool == found[i]]
    won = [i for i in range(len(place)) if found[i] < pool == place[i]]
    rank = [0] * len(place) if rules.rank is None else [int(r) for r in rules.rank]
    # Whoever came in could in turn give way, but only to earlier ones: in order, each lost seat has an earlier winner.
    assert len(won) >= len(lost)
    for loser, winner in zip(sorted(rank[i] for i in lost), sorted(rank[i] for i in won), strict=False):
        assert winner <= loser


def test_whoever_waits_takes_a_free_seat_whatever_it_costs_but_never_beside_a_wall():
    weights = -5 * (1 - np.eye(4, dtype=int))
    rules = Rules(least=[1, 1], most=[2, 2])
    assert sorted(improve([0, 1, 2, 2], weights, rules, seed=1, steps=500).place) == [0, 0, 1, 1]
    for other in (0, 1, 3):
        weights[2, other] = weights[other, 2] = WALL
    found = improve([0, 1, 2, 2], weights, rules, seed=1, steps=500)
    assert (found.walls, found.place.count(2)) == (0, 1)


def test_walls_of_a_start_are_taken_down_before_anything_else():
    weights = 9 * (1 - np.eye(8, dtype=int))
    for i in range(0, 8, 2):
        weights[i, i + 1] = weights[i + 1, i] = WALL
    found = improve([0, 0, 0, 0, 1, 1, 1, 1], weights, Rules(least=[4, 4], most=[4, 4]), seed=1, steps=500)
    assert (found.walls, found.points) == (0, 12 * 9)


@given(cases(people=6, walls=False), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_few_people_are_seated_as_well_as_by_trying_everything(case, seed):
    place, weights, rules = case
    circles = len(rules.most)
    if circles in place or circles > 3:
        return
    best = max(
        recount(list(other), weights, rules)[0]
        for other in product(range(circles), repeat=len(place))
        if not broken(list(other), rules)
    )
    found = improve(place, weights, rules, seed=seed, steps=20_000)
    assert found.points <= best
    if rules.kind is None and rules.allowed is None:  # every way is reached by trades
        assert found.points == best


@given(cases(people=20), st.integers(0, 2**64 - 1), st.sampled_from([100, 4000]))
@settings(max_examples=40, deadline=None)
def test_machine_code_gives_the_very_same_answer(case, seed, steps):
    place, weights, rules = case
    laid = layout.lay(place, weights, rules)
    assert machine_code() is not None
    plain, quick = (annealing.anneal(laid, seed, steps, None, compiles=c) for c in (False, True))
    assert plain.place == quick.place
    assert (plain.points, plain.walls, plain.steps) == (quick.points, quick.walls, quick.steps)


@given(cases(people=16))
@settings(max_examples=60, deadline=None)
def test_no_circles_have_more_points_of_pairs_than_the_bound(case):
    place, weights, rules = case
    pairs = Rules(least=rules.least, most=rules.most)
    found = improve(place, weights, pairs, seed=1, steps=3000)
    assert found.points <= partition.bound(weights, pairs)


def test_the_bound_knows_that_not_every_circle_can_be_full():
    alike = 5 * (1 - np.eye(12, dtype=int))
    rules = Rules(least=[3, 3], most=[9, 9])
    found = improve([0, 1] * 6, alike, rules, seed=1, steps=2000)
    assert found.points == 5 * (36 + 3) <= partition.bound(alike, rules) < 5 * 12 * 8 // 2  # all in full circles


def test_the_bound_is_reached_when_everybody_can_have_her_best_partners():
    friends = np.array([[0, 5, 1, 1], [5, 0, 1, 1], [1, 1, 0, 7], [1, 1, 7, 0]])
    rules = Rules(least=[2, 2], most=[2, 2])
    found = improve([0, 1, 0, 1], friends, rules, seed=1, steps=1000)
    assert found.place[0] == found.place[1] != found.place[2] == found.place[3]
    assert found.points == partition.bound(friends, rules) == 12


def crowd(people: int, circles: int) -> Case:
    rng = np.random.default_rng(people)
    upper = np.triu(rng.integers(0, 1000, (people, people)), 1)
    size = people // circles
    return [i % circles for i in range(people)], upper + upper.T, Rules(least=[size] * circles, most=[size] * circles)


def test_the_same_seed_and_steps_give_the_same_circles_and_another_seed_may_not():
    place, weights, rules = crowd(60, 6)
    once, twice, other = (improve(place, weights, rules, seed=seed, steps=300_000) for seed in (7, 7, 8))
    assert once == twice
    assert once.place != other.place
    assert once.was_compiled


def test_watching_changes_nothing_and_sees_the_search_get_better():
    place, weights, rules = crowd(60, 6)
    seen: list[Progress] = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return True

    found = improve(place, weights, rules, seed=7, steps=8_000_000, watch=watch)
    assert found == improve(place, weights, rules, seed=7, steps=8_000_000)
    assert len(seen) >= 6
    assert [progress.points for progress in seen] == sorted(progress.points for progress in seen)
    assert 8_000_000 <= found.steps < 8_500_000


def test_a_search_that_is_stopped_keeps_the_best_so_far_and_says_so():
    place, weights, rules = crowd(60, 6)
    seen: list[Progress] = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) < 3

    found = improve(place, weights, rules, seed=7, steps=80_000_000, watch=watch)
    assert found.was_stopped
    assert len(seen) == 3
    assert found.steps < 4_000_000
    assert found.points == seen[-1].points == recount(list(found.place), weights, rules)[0]
    assert found.points > recount(place, weights, rules)[0]


def test_more_steps_find_better_circles():
    place, weights, rules = crowd(120, 10)
    few, more, many = (
        improve(place, weights, rules, seed=3, steps=steps).points for steps in (20_000, 10**6, 2 * 10**7)
    )
    assert few < more < many


OTHERWISE = """
import sys
if sys.argv[1] == "missing":
    sys.modules["numba"] = None  # as where it is not installed
import numpy as np
from circles.partition import Rules, improve
rng = np.random.default_rng(5)
upper = np.triu(rng.integers(-50, 1000, (40, 40)), 1)
served = rng.random((40, 40)) < 0.1
rules = Rules(least=[6] * 4, most=[12] * 4, kind=[0, 1, 2, 2] * 10, mentors=[6] * 4, mentees=[6] * 4, served=served,
              matched=500, lean=60, size=3)
found = improve([i // 10 for i in range(40)], upper + upper.T, rules, seed=11, steps=210_000)
print(found.was_compiled, found.points, *found.place)
"""


def told(way: str, **environment: str) -> list[str]:
    house = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", OTHERWISE, way],
        capture_output=True,
        text=True,
        check=True,
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), **environment},
    )
    return done.stdout.split()


def test_the_answer_is_the_same_without_numba():
    quick, *answer = told("here")
    assert quick == "True"
    assert told("here", NUMBA_DISABLE_JIT="1") == ["False", *answer]
    assert told("missing") == ["False", *answer]


def test_reading_the_room_loads_no_arrays_and_no_compiler():
    asks = "import sys, circles.partition; print(sorted({'numpy', 'numba', 'scipy'} & set(sys.modules)))"
    house = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd=house)
    assert done.stdout.strip() == "[]"


def test_chance_is_the_same_everywhere_because_no_draw_is_near_a_rounding():
    draws = range(1, 2 * kernel.NOISES, 2)
    exact = [-math.log(draw / (2 * kernel.NOISES)) * 4096 for draw in draws]
    assert min(abs(value % 1 - 0.5) for value in exact) > 1e-6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"place": []}, "Places are a list"),
        ({"place": [0, 0, 1, 3]}, "Places are 0 to 1"),
        ({"place": [0, 0, 1, -1]}, "Places are 0 to 1"),
        ({"place": [0, 0, 0, 1]}, "Circle 0 starts with 3 people; it takes 2 to 2"),
        ({"weights": np.zeros((3, 3), int)}, "The weights are 4 x 4 numbers, not 3 x 3"),
        ({"weights": np.triu(np.ones((4, 4), int), 1)}, "the same both ways"),
        ({"weights": np.eye(4, dtype=int)}, "nobody has points with herself"),
        ({"weights": np.zeros((4, 4))}, "whole numbers"),
        ({"weights": (1 - np.eye(4, dtype=int)) * 10**9}, "divide all by"),
        ({"rules": Rules(least=[3, 3], most=[3, 3])}, "take 6 people; there are 4"),
        ({"rules": Rules(least=[3, 2], most=[2, 2])}, "smallest size of a circle"),
        ({"rules": Rules(least=[2, 2, 2], most=[2, 2])}, "smallest sizes are 2 numbers, not 3"),
        ({"rules": Rules(least=[], most=[])}, "at least one circle"),
        ({"rules": Rules(least=[2, 2], most=[2, 2], kind=[0, 1, 2, 3])}, "kinds are numbers from 0 to 2"),
        ({"rules": Rules(least=[2, 2], most=[2, 2], kind=[0, 1])}, "kinds are 4 numbers, not 2"),
        ({"rules": Rules(least=[2, 2], most=[2, 2], kind=[0, 0, 1, 2])}, "nobody for one of the two roles"),
        (
            {"rules": Rules(least=[2, 2], most=[2, 2], kind=[0, 0, 1, 2], mentors=[1, 1], mentees=[1, 1])},
            "more mentors or mentees than it has seats for",
        ),
        ({"rules": Rules(least=[2, 2], most=[2, 2], allowed=[[0, 1], [1, 1], [1, 1], [1, 1]])}, "not allowed"),
        (
            {"rules": Rules(least=[2, 2], most=[2, 2], served=[[2] * 4] * 4, matched=1)},
            "served are numbers from 0 to 1",
        ),
        ({"rules": Rules(least=[2, 2], most=[2, 2], matched=-1)}, "numbers from 0 to"),
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"seed": 2**64}, "seed is a whole number from 0"),
        ({"steps": 0}, "steps of a search"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(change, said):
    asked: dict[str, Any] = {
        "place": [0, 0, 1, 1],
        "weights": np.zeros((4, 4), int),
        "rules": Rules(least=[2, 2], most=[2, 2]),
        "seed": 1,
        "steps": 100,
        **change,
    }
    with pytest.raises(ValueError, match=said):
        improve(**asked)
