"""Rounds of tables: nobody sits with the same person again while that can be avoided."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from circles.rotation import golfer
from circles.rotation.memory import Memory
from circles.rotation.values import LARGEST_TABLE, SMALLEST_TABLE, Pair

Matrix = list[list[int]]
WALL = 1_000_000  # a blocked pair at one table
# What is weighed: met before, whatever the number of times, so that whoever is still to meet does; once more each time;
# placed together, met or not; and how lately.
REPEAT, AGAIN, AGAIN_AT_MOST, IN_VAIN, LATELY_ROUNDS = 60, 4, 4, 4, 20
PLANNED_AT_MOST = 150  # among more people, the search finds tables of new faces at once
STEPS_PER_PERSON, QUICK_STEPS_PER_PERSON = 1500, 150  # twice as many find nothing better
HEATS = [3000 * 95**k // 100**k for k in range(59)]  # from 30 to 1.5, in hundredths
# -100 ln((k + 1/2) / 64) for k = 0 to 63: how much worse, at heat 1, a step may make things, with equal chances
PATIENCE = [round(-100 * math.log((k + 0.5) / 64)) for k in range(64)]


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
    seed: int,
    rng: random.Random,
) -> list[tuple[int, ...]]:
    """Seat people at tables, mixed anew; where blocks leave no way to seat them all, some sit out.

    A week of a plan that brings together only people who never were is taken first: while the same people come, as
    many fresh rounds follow as are known to be possible. The plan's seats are theirs by `seed` alone. Otherwise, or
    when it is used up, the seating is searched for with a fixed number of steps: 0.05 s for 30 people, 0.2 s for 100.
    `walls` must leave at least one pair.
    """
    rest = list(people)
    while len(rest) >= SMALLEST_TABLE:
        costs = _costs(rest, memory, walls)
        planned = _planned(rest, costs, wished, seed, rng)
        if planned and not _total(planned, costs):
            return _named(rest, planned)
        if tables := _kept_apart(rest, walls, wished, rng):
            found = _anneal(tables, costs, STEPS_PER_PERSON * len(rest), rng)
            return _named(rest, min((planned, found) if planned else (found,), key=lambda each: _total(each, costs)))
        rest.remove(_who_sits_out(rest, walls, turns, wished, rng))
    return [_one_small_table(people, memory, walls, turns)]


def _planned(
    people: Sequence[int], costs: Matrix, wished: int, seed: int, rng: random.Random
) -> list[list[int]] | None:
    """The week of the longest plan for so many people, by their places, that costs least."""
    if len(people) > PLANNED_AT_MOST:
        return None
    order = list(range(len(people)))
    random.Random(f"seats:{seed}").shuffle(order)
    weeks = golfer.seatings(len(people), len(sizes(len(people), wished)[0]))
    anew = [[[order[seat] for seat in table] for table in week] for week in rng.sample(weeks, len(weeks))]
    return min(anew, key=lambda week: _total(week, costs), default=None)


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
    """What it costs to seat each two of these people together, by their places.

    New pairs cost nothing. Where all have met, whoever met least counts as new, so that a second cycle follows.
    """
    matrix = [[0] * len(people) for _ in people]
    pairs = {(i, j): frozenset((people[i], people[j])) for i, j in combinations(range(len(people)), 2)}
    least = min((memory.met.get(pair, 0) for pair in pairs.values() if pair not in walls), default=0)
    for (i, j), pair in pairs.items():
        cost = WALL * (pair in walls)
        again = memory.met.get(pair, 0) - least
        if again > 0:
            cost += REPEAT + AGAIN * min(again - 1, AGAIN_AT_MOST)
        if (last := memory.placed.get(pair)) is not None:
            cost += IN_VAIN + max(0, LATELY_ROUNDS - (memory.number - last))
        matrix[i][j] = matrix[j][i] = cost
    return matrix


def _total(tables: Sequence[Sequence[int]], costs: Matrix) -> int:
    return sum(costs[one][other] for table in tables for one, other in combinations(table, 2))


def _anneal(tables: Sequence[Sequence[int]], costs: Matrix, steps: int, rng: random.Random) -> list[list[int]]:
    """Swap two people of different tables again and again, at first boldly; the best seating seen (0 ends it).

    Whole numbers alone decide, so that the answer is the same on every machine.
    """
    if len(tables) < 2:
        return [list(table) for table in tables]
    at = {person: number for number, table in enumerate(tables) for person in table}
    where = [at[person] for person in range(len(at))]
    # load[p][t]: what p has with the people of table t
    load = [[sum(costs[person][other] for other in table) for table in tables] for person in range(len(where))]
    now = best = _total(tables, costs)
    kept, draw, people, lots = list(where), rng.random, len(where), len(PATIENCE)
    for heat in HEATS if now else ():
        patience = [heat * share // 10_000 for share in PATIENCE]
        for _ in range(steps // len(HEATS)):
            one, other = int(draw() * people), int(draw() * people)
            here, there = where[one], where[other]
            if here == there:
                continue
            of_one, of_other = load[one], load[other]
            change = of_one[there] + of_other[here] - of_one[here] - of_other[there] - 2 * costs[one][other]
            if change > 0 and change > patience[int(draw() * lots)]:
                continue
            where[one], where[other] = there, here
            for row, cost_one, cost_other in zip(load, costs[one], costs[other], strict=True):
                row[here] += cost_other - cost_one
                row[there] += cost_one - cost_other
            now += change
            if now < best:
                best, kept = now, list(where)
                if best == 0:
                    return _by_table(kept, len(tables))
    return _by_table(kept, len(tables))


def _by_table(where: Sequence[int], count: int) -> list[list[int]]:
    return [[person for person, table in enumerate(where) if table == number] for number in range(count)]


def _named(people: Sequence[int], tables: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    return [tuple(people[place] for place in table) for table in tables]
