"""The proved best: it equals what trying everything finds, and the search is never above it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
from forming_people import RULES, is_circle, somebody
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circles.forming import arranging, exact, search
from circles.forming.board import group_of, lay_out, seated
from circles.forming.board import members as positions_of
from circles.forming.rules import propose
from circles.partition import WALL, Rules

KEPT_APART = st.frozensets(st.frozensets(st.integers(1, 12), min_size=2, max_size=2), max_size=3)


def ways_to_divide(people, rules):
    """Every way to divide a board's people over two circles that may sit, as sets."""
    board = lay_out(people, rules)
    for size in range(rules.smallest, len(people) // 2 + 1):
        for chosen in combinations(range(len(people)), size):
            one = group_of(chosen)
            both = one, board.everybody ^ one
            if all(board.may_sit(g) and not any(board.clashes[i] & g for i in positions_of(g)) for g in both):
                yield both


@st.composite
def twelve(draw: st.DrawFn):
    """Twelve people of whom most may meet."""
    topics = st.frozensets(st.sampled_from(["statistics", "R", "leadership", "teaching"]), max_size=2)
    return [
        replace(
            somebody(n, draw(st.sampled_from(["mentor", "mentee", "both", "both"]))),
            offers=draw(topics),
            wants=draw(topics),
            institution=draw(st.sampled_from(["", "", "", "A", "B"])),
            stage=draw(st.sampled_from(["student", "postdoc"])),
            languages=draw(st.sampled_from([frozenset({"en"}), frozenset({"en", "ar"}), frozenset({"ar", "en"})])),
        )
        for n in range(1, 13)
    ]


@settings(deadline=None, max_examples=12)
@given(
    twelve(), st.frozensets(st.frozensets(st.integers(1, 12), min_size=2, max_size=2), max_size=3), st.integers(0, 3)
)
def test_two_circles_are_divided_as_well_as_trying_every_way(people, apart, seed) -> None:
    rules = replace(RULES, circles=2, mentors=6, mentees=6, apart=apart)
    ways = list(ways_to_divide(people, rules))
    assume(ways)
    board = lay_out(people, rules)
    best = arranging.proved(board, ways[seed % len(ways)])
    assert best is not None
    assert arranging.objective(board, best) == max(arranging.objective(board, way) for way in ways)
    assert arranging.objective(board, arranging.arrange(board, ways[0], seed)) <= arranging.objective(board, best)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.integers(3, 4), st.booleans())
def test_three_circles_and_more_are_shared_out_as_well_as_trying_every_way(seed, circles, walled) -> None:
    chance, n = Random(seed), 9
    weights = np.zeros((n, n), dtype=np.int64)
    for i, j in combinations(range(n), 2):
        weights[i, j] = weights[j, i] = WALL if walled and chance.random() < 0.1 else chance.randint(-3, 9)
    rules = Rules(
        least=[2] * circles,
        most=[4] * circles,
        mentors=[3] * circles,
        mentees=[3] * circles,
        kind=[chance.randrange(3) for _ in range(n)],
        served=[[int(chance.random() < 0.2 and i != j) for j in range(n)] for i in range(n)],
        matched=chance.randrange(6),
        lean=chance.randrange(3),
        size=1,
    )
    sets = exact.Sets(weights, rules, [(1 << n) - 1])
    worth = {base | at: int(one) for base, piece in sets.tables() for at, one in enumerate(piece)}
    covers = [
        cover for cover in divisions(tuple(range(n)), circles) if all(worth[one] > exact.FORBIDDEN for one in cover)
    ]
    assume(covers)
    points = [sum(worth[one] for one in cover) for cover in covers]
    most = max(points)
    nearly = max((at for at in range(len(covers)) if points[at] < most), key=points.__getitem__, default=0)
    for start in (covers[nearly], covers[seed % len(covers)]):
        best = exact.divide(weights, rules, [(1 << n) - 1], start)
        assert best is not None
        assert sorted(person for one in best for person in positions_of(one)) == list(range(n))
        assert sum(worth[one] for one in best) == most
        assert exact.divide(weights, rules, [(1 << n) - 1], best) == best


def divisions(people: tuple[int, ...], count: int) -> Iterator[tuple[int, ...]]:
    """Every way to divide people over so many circles, as sets."""
    if not people:
        if count == 0:
            yield ()
        return
    first, *others = people
    for size in range(len(others) + 1 if count else 0):
        for joined in combinations(others, size):
            left = tuple(one for one in others if one not in joined)
            for rest in divisions(left, count - 1):
                yield group_of((first, *joined)), *rest


def test_three_circles_are_proved_where_few_are_possible_and_left_to_the_search_where_many_are() -> None:
    # Institutions of three: one person of each sits in each of three circles.
    people = [
        somebody(
            n,
            ("mentor", "mentee")[n % 2],
            offers=[f"topic {n % 4}"],
            wants=[f"topic {n % 3}"],
            institution=f"I{(n - 1) // 3}",
        )
        for n in range(1, 19)
    ]
    few = replace(RULES, circles=3, mentors=3, mentees=3)
    board = lay_out(people, few)
    start = tuple(group_of(range(at, 18, 3)) for at in range(3))
    assert all(board.may_sit(group) for group in start)
    best = arranging.proved(board, start)
    assert best is not None
    assert seated(best) == 18
    assert all(not any(board.clashes[i] & g for i in positions_of(g)) for g in best)
    for seed in range(3):
        found = arranging.arrange(board, start, seed)
        assert arranging.objective(board, found) <= arranging.objective(board, best)
    many = lay_out(people, replace(few, across_institutions=False, mentors=5, mentees=5))
    assert arranging.proved(many, start) is None


def test_what_is_proved_is_said_and_holds_every_rule() -> None:
    people = [
        somebody(n, ("mentor", "mentee")[n % 2], offers=[f"t{n % 5}"], wants=[f"t{n % 4}"], institution=f"I{n}")
        for n in range(1, 17)
    ]
    rules = replace(RULES, circles=2, mentors=4, mentees=4)
    proposal = propose(people, rules, seed=1)
    assert proposal.is_best
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)
    assert proposal.bound is not None
    assert proposal.score <= proposal.bound
    again = [propose(people, rules, seed=seed).score for seed in (2, 3)]
    assert again == [proposal.score] * 2


def test_more_people_than_can_be_tried_are_not_called_proved() -> None:
    people = [somebody(n, ("mentor", "mentee")[n % 2], offers=["R"], wants=["R"]) for n in range(1, 31)]
    assert not propose(people, replace(RULES, circles=2, mentors=8, mentees=8), seed=1).is_best


def test_standing_up_ends_every_clash_and_the_last_of_the_queue_stands_up_first() -> None:
    people = [somebody(n, institution="I" if n in {2, 7} else f"I{n}") for n in range(1, 9)]
    board = lay_out(people, RULES)
    assert search.without_clashes(board, (board.everybody,)) == (board.everybody ^ 1 << 6,)
    few = lay_out([*people[:6], replace(people[0], id=9, institution="I1", waiting_since=9)], RULES)
    assert search.without_clashes(few, (group_of([0, 1, 2, 3, 4, 6]),)) == ()
