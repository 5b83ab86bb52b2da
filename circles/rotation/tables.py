"""Rounds of tables: nobody sits with the same person again while that can be avoided."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from circles.rotation.memory import Memory
from circles.rotation.values import LARGEST_TABLE, SMALLEST_TABLE, Pair

Matrix = list[list[int]]
WALL = 1_000_000  # a blocked pair at one table
REPEAT, IN_VAIN, LATELY_ROUNDS = 60, 4, 20  # met before (times its square), placed but not met, not so soon again
STEPS_PER_PERSON, QUICK_STEPS_PER_PERSON = 3000, 150
HOT, COLD = 30.0, 1.5


def sizes(people: int, wished: int) -> list[list[int]]:
    """The ways to divide people over tables of 3 to 8 that differ by at most one, nearest to the wished size first.

    Of two that are equally near, the one with more and smaller tables. Two people get one table.
    """
    counts = range(math.ceil(people / LARGEST_TABLE), max(1, people // SMALLEST_TABLE) + 1)
    near = sorted(counts, key=lambda count: (abs(people / count - wished), -count))
    return [[people // count + (at < people % count) for at in range(count)] for count in near]


def seat(
    people: Sequence[int],
    memory: Memory,
    walls: Collection[Pair],
    turns: Mapping[int, int],
    wished: int,
    rng: random.Random,
) -> list[tuple[int, ...]]:
    """Seat people at tables, mixed anew; where blocks leave no way to seat them all, some sit out.

    `walls` must leave at least one pair. Annealing with a fixed number of steps: 0.1 s for 30 people.
    """
    rest = list(people)
    while len(rest) >= SMALLEST_TABLE:
        if tables := _kept_apart(rest, walls, wished, rng):
            return _named(rest, _anneal(tables, _costs(rest, memory, walls), STEPS_PER_PERSON * len(rest), rng))
        rest.remove(_who_sits_out(rest, walls, turns, wished, rng))
    return [_one_small_table(people, memory, walls, turns)]


def _kept_apart(
    people: Sequence[int], walls: Collection[Pair], wished: int, rng: random.Random
) -> list[list[int]] | None:
    """A seating (by place in `people`) with no blocked pair at a table, in the division nearest to the wish."""
    blocks = [[REPEAT * (frozenset((one, other)) in walls) for other in people] for one in people]
    for division in sizes(len(people), wished):
        order = iter(rng.sample(range(len(people)), len(people)))
        tables = [[next(order) for _ in range(size)] for size in division]
        if walls:
            tables = _anneal(tables, blocks, QUICK_STEPS_PER_PERSON * len(people), rng)
        if not _total(tables, blocks):
            return tables
    return None


def _who_sits_out(
    people: Sequence[int], walls: Collection[Pair], turns: Mapping[int, int], wished: int, rng: random.Random
) -> int:
    """Whose absence lets all others be seated, by turn; if nobody's does, whoever is blocked from most of them."""
    walls_of = {person: sum({person, other} in walls for other in people) for person in people}
    by_turn = sorted(
        (person for person in people if walls_of[person]), key=lambda person: (turns[person], rng.random())
    )
    by_walls = sorted(by_turn, key=lambda person: -walls_of[person])
    for person in [*by_turn[:4], *by_walls[:2]]:
        others = [other for other in people if other != person]
        if len(others) >= SMALLEST_TABLE and _kept_apart(others, walls, wished, rng):
            return person
    return by_walls[0]


def _one_small_table(
    people: Sequence[int], memory: Memory, walls: Collection[Pair], turns: Mapping[int, int]
) -> tuple[int, ...]:
    """Three people who may sit together or, if there are none, two: those whose turn it is to be placed."""
    for size in (SMALLEST_TABLE, 2):
        allowed = [group for group in combinations(people, size) if not any(wall <= set(group) for wall in walls)]
        if allowed:
            return min(
                allowed,
                key=lambda group: (
                    -sum(turns[person] for person in group),
                    sum(memory.burden(frozenset(two)) for two in combinations(group, 2)),
                    group,
                ),
            )
    raise ValueError("every pair is blocked")


def _costs(people: Sequence[int], memory: Memory, walls: Collection[Pair]) -> Matrix:
    matrix = [[0] * len(people) for _ in people]
    for (i, one), (j, other) in combinations(enumerate(people), 2):
        pair = frozenset((one, other))
        cost = WALL * (pair in walls) + REPEAT * memory.met.get(pair, 0) ** 2
        if (last := memory.placed.get(pair)) is not None:
            cost += IN_VAIN + max(0, LATELY_ROUNDS - (memory.number - last))
        matrix[i][j] = matrix[j][i] = cost
    return matrix


def _total(tables: Sequence[Sequence[int]], costs: Matrix) -> int:
    return sum(costs[one][other] for table in tables for one, other in combinations(table, 2))


def _anneal(tables: Sequence[Sequence[int]], costs: Matrix, steps: int, rng: random.Random) -> list[list[int]]:
    """Swap two people of different tables again and again, at first boldly; the best seating seen (0 ends it)."""
    if len(tables) < 2:
        return [list(table) for table in tables]
    at = {person: number for number, table in enumerate(tables) for person in table}
    where = [at[person] for person in range(len(at))]
    # load[p][t]: what p has with the people of table t
    load = [[sum(costs[person][other] for other in table) for table in tables] for person in range(len(where))]
    now = best = _total(tables, costs)
    kept, heat, cooling = list(where), HOT, (COLD / HOT) ** (1 / steps)
    draw, people = rng.random, len(where)
    for _ in range(steps):
        if best == 0:
            break
        heat *= cooling
        one, other = int(draw() * people), int(draw() * people)
        here, there = where[one], where[other]
        if here == there:
            continue
        change = load[one][there] + load[other][here] - load[one][here] - load[other][there] - 2 * costs[one][other]
        if change > 0 and draw() >= math.exp(-change / heat):
            continue
        where[one], where[other] = there, here
        for row, cost_one, cost_other in zip(load, costs[one], costs[other], strict=True):
            row[here] += cost_other - cost_one
            row[there] += cost_one - cost_other
        now += change
        if now < best:
            best, kept = now, list(where)
    return [[person for person in range(people) if kept[person] == number] for number in range(len(tables))]


def _named(people: Sequence[int], tables: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    return [tuple(people[place] for place in table) for table in tables]
