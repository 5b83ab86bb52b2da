"""Where many keep apart: who can have a seat at all, exactly, and at tables as near to the wished size as they allow.

Places 0, 1, ... are people. A table is a set of whom each two may meet, of LARGEST_TABLE at most.
"""

import math
import random
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from circles.rotation.choosing import Group, cover
from circles.rotation.matching import cheapest
from circles.rotation.values import LARGEST_TABLE

Matrix = list[list[int]]
Tables = list[list[int]]
# What a seating costs while its tables find their sizes: two who keep apart, somebody alone, two at a table of their
# own; besides, each person has as many points as her table is seats away from the wish.
APART, ALONE, IN_TWOS = 1_000_000, 50, 30
# Among so many possible tables, with so many branches, the best is found in 0.1 s. A table of two costs more than any
# wish; chance decides last.
POSSIBLE, BRANCHES, TWO, CHANCE = 300, 20, 3000, 8
SEARCHES, STEPS_PER_PERSON = 2, 900  # a second search where the first found nothing better
SIZES = frozenset({0, *range(2, LARGEST_TABLE + 1)})
CHANCE_BITS = 24
HEATS = [3000 * 95**k // 100**k for k in range(59)]  # from 30 to 1.5, in hundredths
# -100 ln((k + 1/2) / 64) for k = 0 to 63: how much worse, at heat 1, a step may make things, with equal chances
PATIENCE = [round(-100 * math.log((k + 0.5) / 64)) for k in range(64)]


class Allowed:
    """Who may sit with whom: for each place the others, as bits."""

    def __init__(self, apart: Sequence[Sequence[bool]]) -> None:
        self.apart = apart
        self.of = [
            sum(1 << other for other, is_apart in enumerate(row) if not is_apart and other != one)
            for one, row in enumerate(apart)
        ]

    def threes(self, among: int) -> Iterator[tuple[int, int, int]]:
        """Yield every three among some places of whom each two may meet."""
        for one in _places(among):
            for other in _places(self.of[one] & among & -(2 << one)):
                for third in _places(self.of[one] & self.of[other] & among & -(2 << other)):
                    yield one, other, third

    def tables(self, among: int) -> Iterator[Group]:
        """Yield every table that some of these places could be at."""

        def grown(table: Group, others: int) -> Iterator[Group]:
            if len(table) > 1:
                yield table
            if len(table) < LARGEST_TABLE:
                for other in _places(others):
                    yield from grown((*table, other), others & self.of[other] & -(2 << other))

        for one in _places(among):
            yield from grown((one,), self.of[one] & among & -(2 << one))

    def all_in_threes(self) -> bool:
        """Whether everybody could be at some table of three."""
        return all(any(mine & self.of[other] for other in _places(mine)) for mine in self.of)

    def fewest_tables(self) -> int:
        """Give a number of tables that must be there at least: people of whom no two may meet need one each."""
        chosen = 0
        for one in sorted(range(len(self.of)), key=lambda one: (self.of[one].bit_count(), one)):
            if not self.of[one] & chosen:
                chosen |= 1 << one
        return chosen.bit_count()


def _places(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def in_twos(allowed: Allowed, costs: Matrix, worth: Sequence[int], rng: random.Random) -> Tables:
    """Seat as many as can be, and of those ways one that leaves out whom it costs least (`worth`), in twos and threes.

    Exact: any table is made of twos and threes. Where the largest pairing leaves people over, it can do so for the
    same places in many ways; of those places, three who sit together and leave the others paired seat one more
    (Hell and Kirkpatrick 1984; Cornuejols, Hartvigsen and Pulleyblank 1982), and whichever three are taken first,
    equally many can follow.
    """
    size = len(costs)
    edges = [
        (one, other, (costs[one][other] << CHANCE_BITS) + rng.getrandbits(CHANCE_BITS))
        for one in range(size)
        for other in _places(allowed.of[one] & -(2 << one))
    ]

    def over(gone: frozenset[int]) -> int:
        left = [(one, other, 0) for one, other, _cost in edges if one not in gone and other not in gone]
        return size - len(gone) - 2 * len(cheapest([1] * size, left))

    threes: Tables = []
    seated = frozenset[int]()
    rest = over(seated)
    loose = sum(1 << one for one in range(size) if over(frozenset({one})) < rest) if rest else 0
    for three in allowed.threes(loose) if rest else ():
        if rest and seated.isdisjoint(three) and (fewer := over(seated.union(three))) < rest:
            threes.append([*three])
            seated, rest = seated.union(three), fewer
    twos = cheapest(worth, [edge for edge in edges if edge[0] not in seated and edge[1] not in seated])
    return [*threes, *map(list, twos)]


def best(allowed: Allowed, tables: Tables, costs: Matrix, wished: int, rng: random.Random) -> Tables | None:
    """Seat the same people at the best tables of all, proved: few of two, most near the wished size, with new faces.

    None where too many tables are possible, or the proof would take too long.
    """
    people = sorted(person for table in tables for person in table)
    possible = list(islice(allowed.tables(sum(1 << person for person in people)), POSSIBLE + 1))
    if len(possible) > POSSIBLE:
        return None
    weights = [
        (
            TWO * (len(table) == 2)
            + len(table) * abs(len(table) - wished)
            + sum(costs[a][b] for a, b in combinations(table, 2))
        )
        * CHANCE
        + rng.randrange(CHANCE)
        for table in possible
    ]
    chosen = cover(possible, people, weights, branches=BRANCHES)
    return None if chosen is None else [[*possible[column]] for column in chosen]


def sized(allowed: Allowed, tables: Tables, wished: int, rng: random.Random) -> Tables:
    """Merge and mix tables until few are of two and most near the wished size; nobody at them loses her seat.

    A search of a fixed number of steps in whole numbers; what it begins with is kept where it finds nothing better.
    """
    people = sorted(person for table in tables for person in table)
    if next(allowed.threes(sum(1 << person for person in people)), None) is None:
        return tables
    for _ in range(SEARCHES):
        found = _searched(allowed, tables, people, wished, rng)
        if misfit(found, wished) < misfit(tables, wished):
            return found
    return tables


def misfit(tables: Sequence[Sequence[int]], wished: int) -> int:
    """How far tables are from the wished size, in points; those of two count most."""
    return sum(_points(len(table), wished) for table in tables)


def _points(seats: int, wished: int) -> int:
    alone, full = ALONE * (seats == 1), ALONE * max(0, seats - LARGEST_TABLE)
    return seats * abs(seats - wished) + IN_TWOS * (seats == 2) + alone + full


def _searched(allowed: Allowed, tables: Tables, people: Sequence[int], wished: int, rng: random.Random) -> Tables:
    """Move people to other tables, or let two trade places, at first boldly; the best tables seen."""
    count, slots = len(people), len(tables) + 1
    number = {person: at for at, person in enumerate(people)}
    where = [0] * count
    for at, table in enumerate(tables):
        for person in table:
            where[number[person]] = at
    apart = [[APART * allowed.apart[one][other] for other in people] for one in people]
    # load[p][t]: how many points p has to keep apart from people of table t
    load = [[sum(row[number[other]] for other in table) for table in tables] + [0] for row in apart]
    points = [_points(seats, wished) for seats in range(count + 2)]
    seats = [*map(len, tables), 0]
    now = best = sum(points[each] for each in seats)
    kept, draw, lots = list(where), rng.random, len(PATIENCE)
    for heat in HEATS:
        patience = [heat * share // 10_000 for share in PATIENCE]
        for _ in range(STEPS_PER_PERSON * count // len(HEATS)):
            one = int(draw() * count)
            here, mine = where[one], load[one]
            other = int(draw() * (count + slots))
            if other < count:
                there = where[other]
                change = mine[there] + load[other][here] - mine[here] - load[other][there] - 2 * apart[one][other]
            else:
                there = other - count
                out, in_ = seats[here], seats[there]
                change = mine[there] - mine[here]
                change += points[out - 1] + points[in_ + 1] - points[out] - points[in_]
            if here == there or (change > 0 and change > patience[int(draw() * lots)]):
                continue
            where[one] = there
            _carried(load, apart[one], here, there)
            if other < count:
                where[other] = here
                _carried(load, apart[other], there, here)
            else:
                seats[here] -= 1
                seats[there] += 1
            now += change
            if now < best and SIZES.issuperset(seats):
                best, kept = now, list(where)
    found = [[people[at] for at in range(count) if kept[at] == slot] for slot in range(slots)]
    return [table for table in found if table]


def _carried(load: Matrix, costs: Sequence[int], here: int, there: int) -> None:
    """Take what somebody costs the others from one table to another."""
    for row, cost in zip(load, costs, strict=True):
        row[here] -= cost
        row[there] += cost
