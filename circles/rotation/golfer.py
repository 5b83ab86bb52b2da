"""Plans for tables of a fixed roster: weeks in which nobody sits with the same person twice, as many as are known."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, permutations
from math import prod
from pathlib import Path

from circles.rotation.fields import Sum, arithmetic, prime_powers, sums, units
from circles.rotation.pairs import circle_method

Table = tuple[int, ...]
Week = tuple[Table, ...]
Plan = tuple[Week, ...]

FILE = Path(__file__).with_name("golfer_weeks.csv")


@cache
def plan(groups: int, size: int) -> Plan:
    """Give the longest known schedule for `groups` tables of `size`: in no two weeks do two people sit together.

    People are the numbers 0 to groups x size - 1; in every week each sits at one table. One week where nothing better
    is known. Raises ValueError without a table or with fewer than two seats. Known as the social golfer problem; how
    many weeks are possible: Miller, Valkov, Abel, Symmetry 18(2):269 (2026); OEIS A107431. Where the weeks come from:
    the file beside this room and the script that writes it, tests/benchmarks/golfer_search.py.
    """
    return plans(groups, size)[0]


@cache
def plans(groups: int, size: int) -> tuple[Plan, ...]:
    """Give all known schedules for `groups` tables of `size`, the longest first.

    The others matter where some seats stay empty. Raises ValueError as `plan` does.
    """
    if groups < 1 or size < 2:
        raise ValueError(f"a plan needs a table and two seats at each, not {groups} tables of {size}")
    people = range(groups * size)
    found: list[Plan] = [(tuple(tuple(people[at : at + size]) for at in range(0, len(people), size)),)]
    if size == 2:
        found.append(tuple(tuple(week) for week in circle_method(people)))
    if (groups, size) in _rows():
        found.append(_kept(groups, size))
    even = [range(c * groups, (c + 1) * groups) for c in range(size)]
    found += [crossing + _inside(even, groups, size) for crossing in _crossings(groups, size)]
    return tuple(sorted(found, key=len, reverse=True))


@cache
def seatings(people: int, groups: int) -> Plan:
    """Give weeks for any number of people at `groups` tables whose sizes differ by at most one; no pair twice.

    A plan with some seats left empty: in each week that is given, the empty seats are at different tables (as Miller,
    Valkov and Abel do for adjacent group sizes). Which seats and which plan, so that most weeks are left, is a greedy
    choice. Raises ValueError without a table or if one has fewer than two seats.
    """
    if groups < 1:
        raise ValueError(f"a plan needs a table and two seats at each, not {groups} tables for {people} people")
    size = -(-people // groups)
    return max((_thinned(known, groups * size - people, groups * size) for known in plans(groups, size)), key=len)


def _thinned(weeks: Plan, empty: int, seats: int) -> Plan:
    """Take some seats away, one after the other, each where the fewest weeks more are lost."""
    if not empty:
        return weeks
    shared = [[0] * seats for _ in range(seats)]  # the week, as a bit, in which two sit at one table
    for at, week in enumerate(weeks):
        for table in week:
            for one, other in permutations(table, 2):
                shared[one][other] = 1 << at
    best, taken = (1 << len(weeks)) - 1, list(range(empty))
    for first in range(seats):
        left, lost, with_left = [first], 0, list(shared[first])
        while len(left) < empty and lost.bit_count() < best.bit_count():
            seat = min(
                (seat for seat in range(seats) if seat not in left),
                key=lambda seat: ((lost | with_left[seat]).bit_count(), seat),
            )
            left.append(seat)
            lost |= with_left[seat]
            with_left = [mine | other for mine, other in zip(with_left, shared[seat], strict=True)]
        if lost.bit_count() < best.bit_count():
            best, taken = lost, left
    kept = [seat for seat in range(seats) if seat not in taken]
    number = {seat: at for at, seat in enumerate(kept)}
    return tuple(
        tuple(tuple(number[seat] for seat in table if seat in number) for table in week)
        for at, week in enumerate(weeks)
        if not best >> at & 1
    )


def _crossings(groups: int, size: int) -> Iterator[Plan]:
    """Schedules in which each table takes one person of each of `size` columns of `groups` people.

    Column c holds the people c x groups to (c + 1) x groups - 1. Such a schedule of g weeks is a transversal design
    with one column more; it is made from a field, or from the fields of the order's prime powers (MacNeish 1922), or
    from a kept one that is at least as wide.
    """
    if 1 < size <= min(prime_powers(groups), default=0):
        plus, times = arithmetic(groups)
        steps = units(groups)[:size]
        yield tuple(
            tuple(tuple(c * groups + plus(x, times(step, week)) for c, step in enumerate(steps)) for x in range(groups))
            for week in range(groups)
        )
    elif 1 < size <= groups:
        few = next(w for w in range(2, groups + 1) if any(step * w % groups == 0 for step in range(1, size)))
        yield tuple(
            tuple(tuple(c * groups + (x + c * week) % groups for c in range(size)) for x in range(groups))
            for week in range(few)
        )
    for (wide_groups, wide), _ in sorted(_rows().items()):
        if wide_groups == groups and wide >= size and (columns := _columns(_kept(groups, wide), groups, wide)):
            seat = {person: c * groups + at for c, column in enumerate(columns) for at, person in enumerate(column)}
            yield tuple(
                tuple(tuple(sorted(seat[person] for person in table)[:size]) for table in week)
                for week in _kept(groups, wide)
            )


def _inside(columns: Sequence[Sequence[int]], groups: int, size: int) -> Plan:
    """The weeks in which columns of `groups` people, who have not met inside, sit among themselves."""
    if groups % size:
        return ()
    return tuple(
        tuple(tuple(column[seat] for seat in table) for column in columns for table in week)
        for week in plan(groups // size, size)
    )


def _columns(weeks: Plan, groups: int, size: int) -> list[list[int]]:
    """The `size` sets of `groups` people that never meet in their own set; none if a schedule has no such sets."""
    met: dict[int, set[int]] = defaultdict(set)
    for week in weeks:
        for table in week:
            for person in table:
                met[person].update(table)
    columns: list[list[int]] = []
    for person in range(groups * size):
        if not any(person in column for column in columns):
            columns.append([other for other in range(groups * size) if other == person or other not in met[person]])
    is_even = len(columns) == size and all(len(column) == groups for column in columns)
    apart = all(other not in met[one] for column in columns for one, other in combinations(column, 2))
    return columns if is_even and apart else []


# the kept base weeks


@cache
def _rows() -> dict[tuple[int, int], list[tuple[tuple[int, ...], str, Week]]]:
    rows: dict[tuple[int, int], list[tuple[tuple[int, ...], str, Week]]] = defaultdict(list)
    lines = FILE.read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        tables = tuple(tuple(map(int, table.split())) for table in row["tables"].split(","))
        modulus = tuple(map(int, row["modulus"].split("x")))
        rows[int(row["groups"]), int(row["size"])].append((modulus, row["turns"], tables))
    return dict(rows)


@cache
def _kept(groups: int, size: int) -> Plan:
    """The weeks of a shape in the file: base weeks moved again and again, and weeks made by moving a table.

    Person i x m + x is residue x (modulo m, or of a product of such) in orbit i; those beyond the last whole orbit
    are never moved.
    """
    weeks: list[Week] = []
    for modulus, turns, tables in _rows()[groups, size]:
        moved = prod(modulus)
        still = groups * size // moved * moved
        plus = sums(modulus)

        def sent(table: Table, by: int, moved: int = moved, still: int = still, plus: Sum = plus) -> Table:
            return tuple(one if one >= still else one // moved * moved + plus(one % moved, by) for one in table)

        if turns == "tables":
            weeks.append(tuple(sent(table, by) for by in range(moved) for table in tables))
        else:
            weeks += [tuple(sent(table, by) for table in tables) for by in range(int(turns))]
    return tuple(weeks)
