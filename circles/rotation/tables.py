"""Rounds of tables: nobody sits with the same person again while that can be avoided."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from circles.rotation import fitting, golfer
from circles.rotation.fitting import HEATS, PATIENCE, Matrix
from circles.rotation.memory import Memory
from circles.rotation.values import LARGEST_TABLE, SMALLEST_TABLE, Pair

WALL = 1_000_000  # a blocked pair at one table
# What is weighed: met before, whatever the number of times, so that whoever is still to meet does; once more each time;
# placed together, met or not; and how lately.
REPEAT, AGAIN, AGAIN_AT_MOST, IN_VAIN, LATELY_ROUNDS = 60, 4, 4, 4, 20
PLANNED_AT_MOST = 150  # among more people, the search finds tables of new faces at once
STEPS_PER_PERSON, QUICK_STEPS_PER_PERSON = 1500, 400  # twice as many find nothing better


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
    """Seat people at tables, mixed anew; where blocks leave no way to seat them all, as few as can be sit out.

    A week of a plan that brings together only people who never were is taken first: while the same people come, as
    many fresh rounds follow as are known to be possible. The plan's seats are theirs by `seed` alone. Otherwise, or
    when it is used up, the seating is searched for with a fixed number of steps: 0.05 s for 30 people, 0.2 s for 100.

    Where blocks leave no even tables, first as many as possible have a seat, then few are in twos, then tables are near
    the wished size; who sits out does so by turn. `walls` must leave at least one pair.
    """
    if len(people) >= SMALLEST_TABLE and (found := _even(people, memory, walls, wished, seed, rng)):
        return found
    costs = _costs(people, memory, walls)
    allowed = fitting.Allowed([[frozenset((one, other)) in walls for other in people] for one in people])
    # One person more without a seat is worse than any unfair turn.
    worth = [(len(people) + 1) ** 3 + turns[person] ** 2 for person in people]
    twos = fitting.in_twos(allowed, costs, worth, rng)
    placed = [people[at] for at in sorted(at for table in twos for at in table)]
    if SMALLEST_TABLE <= len(placed) < len(people) and (found := _even(placed, memory, walls, wished, seed, rng)):
        return found
    if best := fitting.best(allowed, twos, costs, wished, rng):
        return _named(people, best)
    tables = fitting.sized(allowed, twos, wished, rng)
    twos = [table for table in tables if len(table) < SMALLEST_TABLE]
    larger = [table for table in tables if len(table) >= SMALLEST_TABLE]
    if twos and larger:
        rest = [people[at] for at in sorted(at for table in larger for at in table)]
        found = _even(rest, memory, walls, wished, seed, rng)
        if found and fitting.misfit(found, wished) < fitting.misfit(larger, wished):
            return found + _named(people, _mixed(twos, costs, rng))
    return _named(people, _mixed(tables, costs, rng))


def _even(
    people: Sequence[int],
    memory: Memory,
    walls: Collection[Pair],
    wished: int,
    seed: int,
    rng: random.Random,
) -> list[tuple[int, ...]] | None:
    """Seat all these people at tables of 3 to 8 that differ by at most one seat; None where blocks are in the way.

    Whether they are is found out by a search, so that a way may be overlooked where blocks are many.
    """
    costs = _costs(people, memory, walls)
    planned = _planned(people, costs, wished, seed, rng)
    if planned and not _total(planned, costs):
        return _named(people, planned)
    if tables := _kept_apart(people, walls, wished, rng):
        found = _anneal(tables, costs, STEPS_PER_PERSON * len(people), rng)
        return _named(people, min((planned, found) if planned else (found,), key=lambda each: _total(each, costs)))
    return None


def _mixed(tables: list[list[int]], costs: Matrix, rng: random.Random) -> list[list[int]]:
    """Tables of the same sizes with as many new faces as can be; who has no seat stays without."""
    seated = sorted(person for table in tables for person in table)
    number = {person: at for at, person in enumerate(seated)}
    among = [[costs[one][other] for other in seated] for one in seated]
    start = [[number[person] for person in table] for table in tables]
    return [[seated[at] for at in table] for table in _anneal(start, among, STEPS_PER_PERSON * len(seated), rng)]


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
    allowed = fitting.Allowed([[cost > 0 for cost in row] for row in blocks])
    if walls and not allowed.all_in_threes():
        return None
    fewest = allowed.fewest_tables() if walls else 1
    for division in sizes(len(people), wished):
        if len(division) < fewest:
            continue
        order = iter(rng.sample(range(len(people)), len(people)))
        tables = [[next(order) for _ in range(size)] for size in division]
        if walls:
            tables = _anneal(tables, blocks, QUICK_STEPS_PER_PERSON * len(people), rng)
        if not _total(tables, blocks):
            return tables
    return None


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
