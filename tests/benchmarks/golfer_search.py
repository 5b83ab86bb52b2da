"""Where the plans of ``circles/rotation/golfer_weeks.csv`` come from: this script writes that file.

Run it by hand from the root of the repository (numba is needed; the same file each time):

    python -m tests.benchmarks.golfer_search            # find every row again and compare with the file
    python -m tests.benchmarks.golfer_search --write    # and write the file

A row is found in one of these ways, named in its last column:

* *starter, seed n*: one week (or two) such that moving it through a cyclic group gives weeks in which no pair comes
  back; found by annealing on the number of differences that are used too often. Where a *multiplier* of order h is
  named, the week is also mapped onto itself by it, so that only every h-th table is searched for. What is searched
  for, and modulo what, comes from the theory of Kirkman systems and resolvable group divisible designs (Handbook of
  Combinatorial Designs, 2nd edition, parts II.2 and IV.5); the numbers are this script's.
* *a long search*: the same, but in so many starts that only what was found is kept here.
* *slopes, then starter, seed n*: some weeks are the lines of a few slopes over the integers modulo an odd number, the
  others are moved as above and avoid the differences of those slopes.
* *difference matrix*: published numbers, written below with their source.
* *published*: one schedule as it was published, since none of the searches above finds its like.
"""

import argparse
import csv
import io
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numba import njit

FILE = Path(__file__).parents[2] / "circles" / "rotation" / "golfer_weeks.csv"
HEAD = """\
# Base weeks of conflict-free schedules; circles/rotation/golfer.py moves them and says what the columns mean.
# Written by tests/benchmarks/golfer_search.py, which finds each row again; do not edit by hand.
"""
TRIES, HOT, COLD = 300, 1.2, 0.15

Week = list[list[int]]
Row = tuple[int, int, str, str, str, str]


@dataclass(frozen=True)
class Search:
    """A starter to look for: tables of ``size`` whose people are residues modulo ``modulus`` in some orbits, and fixed.

    ``multiplier`` maps residue x of orbit i to ``multiplier`` x of orbit i + 1 and is of order ``order``; it also turns
    the fixed people round if ``turns_fixed``. ``slopes`` are weeks of lines that are already there. ``half``: the week
    is the same after half the modulus. ``weeks``: so many base weeks are looked for together.
    """

    groups: int
    size: int
    modulus: int
    seed: int = 1
    order: int = 1
    multiplier: int = 1
    turns_fixed: bool = False
    weeks: int = 1
    half: bool = False
    slopes: tuple[int, ...] = ()
    steps: int = 6_000_000

    @property
    def people(self) -> int:
        return self.groups * self.size

    @property
    def moving(self) -> int:
        """How many people move; the others are fixed."""
        return self.people // self.modulus * self.modulus

    def moved(self) -> list[int]:
        """Where each person is sent by the multiplier, or by half a turn."""
        if self.half:
            return [(p + self.modulus // 2) % self.modulus if p < self.moving else p for p in range(self.people)]
        if self.order == 1:
            return list(range(self.people))
        orbits, fixed = self.moving // self.modulus, self.people - self.moving
        sent = [
            (orbit + 1) % orbits * self.modulus + residue * self.multiplier % self.modulus
            for orbit in range(orbits)
            for residue in range(self.modulus)
        ]
        return sent + [self.moving + (one + self.turns_fixed) % fixed for one in range(fixed)]

    def kind(self, one: int, other: int) -> tuple[int, ...]:
        """What two people have in common with all pairs they are moved to."""
        if other >= self.moving:
            return (one // self.modulus, other) if one < self.moving else (one, other, -1, -1)
        difference = (other - one) % self.modulus
        if one // self.modulus == other // self.modulus:
            difference = min(difference, self.modulus - difference)
        return one // self.modulus, other // self.modulus, difference

    def allowed(self, kind: tuple[int, ...]) -> int:
        """How often pairs of a kind may sit together in the base weeks."""
        if len(kind) == 4:
            return 0  # two fixed people would meet each week
        if len(kind) == 3 and kind[0] == kind[1] and 2 * kind[2] == self.modulus:
            return int(self.half)
        if len(kind) == 3 and any(kind[2] == (kind[1] - kind[0]) * slope % self.modulus for slope in self.slopes):
            return 0
        return 1 + self.half

    def find(self) -> list[Week]:
        """Find the base weeks, the same on every run."""
        kinds = {kind: i for i, kind in enumerate(dict.fromkeys(self.kind(*two) for two in self.pairs()))}
        pair = np.zeros((self.people, self.people), np.int64)
        for one, other in self.pairs():
            pair[one, other] = pair[other, one] = kinds[self.kind(one, other)]
        limit = np.array([self.allowed(kind) for kind in kinds], np.int64)
        rng = random.Random(f"{self.groups}x{self.size}:{self.seed}")
        sent = self.moved()
        for _ in range(TRIES):
            tables, free, images = self.start(sent, rng)
            found = np.array(tables, np.int64)
            by, chance = np.array(sent), rng.getrandbits(31)
            left = anneal(found, free, images, self.groups, by, pair, limit, self.moving, self.steps, chance)
            if left == 0:
                rows = [sorted(map(int, table)) for table in found]
                return [sorted(rows[at : at + self.groups]) for at in range(0, len(rows), self.groups)]
        raise LookupError(f"{self.groups} tables of {self.size}: not found")

    def pairs(self) -> Iterator[tuple[int, int]]:
        return combinations(range(self.people), 2)

    def start(self, sent: Sequence[int], rng: random.Random) -> tuple[list[list[int]], int, int]:
        """Any base weeks the multiplier maps onto themselves; how many tables are free; how many images each has."""
        orbits: list[list[int]] = []
        for person in range(self.people):
            if not any(person in orbit for orbit in orbits):
                orbits.append([person])
                while sent[orbits[-1][-1]] != person:
                    orbits[-1].append(sent[orbits[-1][-1]])
        images = max(map(len, orbits))
        alone = [orbit for orbit in orbits if len(orbit) < images] if images > 1 else []
        whole = [orbit for orbit in orbits if len(orbit) == images]
        spread = [orbit for orbit in whole if orbit[0] >= self.moving]  # fixed people: one at a table
        tables: list[list[int]] = []
        for _ in range(self.weeks):
            others = [orbit for orbit in whole if orbit[0] < self.moving]
            rng.shuffle(others)
            kept = [orbit + others.pop() for orbit in alone]
            seats: list[list[int]] = [[] for _ in range((self.groups - len(kept)) // images)]
            for at, orbit in enumerate(spread):
                seats[at % len(seats)].append(orbit[0])
            for seat in seats:
                seat.extend(rng.choice(others.pop()) for _ in range(self.size - len(seat)))
                for _ in range(images):
                    tables.append(seat)
                    seat = [sent[person] for person in seat]  # noqa: PLW2901 - the next image of the same table
            tables += kept
        return tables, len(tables) - len(alone) * self.weeks, images

    def rows(self) -> Iterator[Row]:
        """Give the rows of the file."""
        how = "starter, "
        if self.slopes:
            how = "slopes, then starter, "
            for slope in self.slopes:
                line = [orbit * self.modulus + orbit * slope % self.modulus for orbit in range(self.size)]
                yield self.groups, self.size, str(self.modulus), "tables", "slopes", written([line])
        if self.half:
            how = "starter with half a turn, "
        if self.order > 1:
            how = f"starter with a multiplier of order {self.order}, "
        turns = self.modulus // 2 if self.half else self.modulus
        for week in self.find():
            shape = self.groups, self.size, str(self.modulus), str(turns)
            yield *shape, f"{how}seed {self.seed}", written(week)


@njit(cache=True)
def _change(tables, first, images, by, pair, limit, count):  # type: ignore[no-untyped-def]
    """Take the pairs of a table and its images out of the count, or put them in; by how much the cost changes."""
    cost = 0
    for at in range(first, first + images):
        for i in range(tables.shape[1]):
            for j in range(i):
                kind = pair[tables[at, i], tables[at, j]]
                if by < 0:
                    count[kind] -= 1
                    cost -= count[kind] >= limit[kind]
                else:
                    cost += count[kind] >= limit[kind]
                    count[kind] += 1
    return cost


@njit(cache=True)
def _seat(tables, first, at, free, images, person, sent):  # type: ignore[no-untyped-def]
    """Seat a person and, at the images of the table or around it, all she is sent to."""
    for k in range(images):
        if first < free:
            tables[first + k, at] = person
        else:
            tables[first, 1 + k] = person
        person = sent[person]


@njit(cache=True)
def anneal(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912 - compiled as one loop
    tables, free, images, groups, sent, pair, limit, moving, steps, seed
):
    """Swap people until no kind of pair is used more often than allowed; how many still are (0 is a find)."""
    np.random.seed(seed)
    count = np.zeros(limit.size, np.int64)
    cost = _change(tables, 0, tables.shape[0], 1, pair, limit, count)
    size = tables.shape[1]
    loose = free // images * size
    heat, cooling = HOT, (COLD / HOT) ** (1 / steps)
    for _ in range(steps):
        if cost == 0:
            break
        heat *= cooling
        slots = np.random.randint(0, loose + tables.shape[0] - free, 2)
        firsts, ats, spans = np.zeros(2, np.int64), np.ones(2, np.int64), np.ones(2, np.int64)
        for k in range(2):
            firsts[k] = slots[k] // size * images if slots[k] < loose else free + slots[k] - loose
            if slots[k] < loose:
                ats[k], spans[k] = slots[k] % size, images
        one, other = tables[firsts[0], ats[0]], tables[firsts[1], ats[1]]
        if firsts[0] == firsts[1] and ats[0] != ats[1]:
            continue
        if firsts[0] // groups != firsts[1] // groups:
            continue
        if max(slots) >= loose and (max(one, other) >= moving or slots[0] == slots[1]):
            continue
        if slots[0] == slots[1] and images == 1:
            continue
        same = firsts[0] == firsts[1]
        new_one, new_other = one, other
        for _k in range(np.random.randint(images)):
            new_one = sent[new_one]
        for _k in range(np.random.randint(images)):
            new_other = sent[new_other]
        change = _change(tables, firsts[0], spans[0], -1, pair, limit, count)
        if not same:
            change += _change(tables, firsts[1], spans[1], -1, pair, limit, count)
            _seat(tables, firsts[1], ats[1], free, images, new_one, sent)
        _seat(tables, firsts[0], ats[0], free, images, new_other, sent)
        change += _change(tables, firsts[0], spans[0], 1, pair, limit, count)
        if not same:
            change += _change(tables, firsts[1], spans[1], 1, pair, limit, count)
        if change <= 0 or np.random.random() < np.exp(-change / heat):
            cost += change
            continue
        _change(tables, firsts[0], spans[0], -1, pair, limit, count)
        if not same:
            _change(tables, firsts[1], spans[1], -1, pair, limit, count)
            _seat(tables, firsts[1], ats[1], free, images, other, sent)
        _seat(tables, firsts[0], ats[0], free, images, one, sent)
        _change(tables, firsts[0], spans[0], 1, pair, limit, count)
        if not same:
            _change(tables, firsts[1], spans[1], 1, pair, limit, count)
    return cost


SEARCHES = (
    Search(5, 3, 7),
    Search(6, 3, 4, weeks=2),
    Search(7, 3, 7, slopes=(1, 2, 4)),
    Search(8, 3, 11),
    Search(10, 3, 14),
    Search(11, 3, 32, half=True),
    Search(12, 3, 17),
    Search(13, 3, 19),
    Search(15, 3, 15, slopes=(1, 2, 4, 7, 8, 11, 13)),
    Search(20, 3, 29),
    Search(6, 4, 7, order=3, turns_fixed=True),
    Search(7, 4, 9, order=3, multiplier=4),
    Search(9, 4, 11, order=3, turns_fixed=True),
    Search(10, 4, 13, order=3, multiplier=3),
    Search(11, 4, 14, order=3, multiplier=9),
    Search(12, 4, 15, order=3, turns_fixed=True),
    Search(15, 4, 19, order=3, multiplier=7, turns_fixed=True),
    Search(6, 5, 6),
    Search(10, 5, 9),
    Search(10, 6, 7),
)

# 20 tables of 4 for 26 weeks. The search above finds such a week only in one of dozens of starts (here with 10,000,000
# steps each), so this one is kept: one table of each orbit of its multiplier, the others follow.
RARE = Search(20, 4, 26, order=3, multiplier=3)
RARE_TABLES = "0 43 59 61, 2 5 10 44, 3 36 63 73, 4 20 50 67, 9 16 18 45, 13 14 25 51, 22 40 68 79, 24 46 60 78"

# Five mutually orthogonal Latin squares of order 12 (there are five: Johnson, Dulmage, Mendelsohn 1961; these, credited
# to Brendan McKay, are read off SageMath's database of designs) as the rows of a difference matrix over Z2 x Z2 x Z3;
# the element (a, b, c) has the number 6 a + 3 b + c. A first row of zeros is left out.
ORDER_12 = """\
0  3  6  9  2  5  8 11  1  4  7 10
0  7  1  6  8  4 10  2  5  9  3 11
0  9 11  7  1 10  5  3  4  6  8  2
0  5  2  3  4  9  6  1 11  7 10  8
0  8  4 10  5 11  9  7  6  3  2  1
"""

# A (19, 6; 1, 1; 1)-quasi-difference matrix (Todorov 1989, as given in the Handbook of Combinatorial Designs, III.3):
# these seven columns and the two turns (a b c)(d f e) of their entries, modulo 19; x is the fixed element.
ORDER_20 = """\
 x  7 13  1 16  9  2
 0  1 15  7 17  6 14
 0 11 10 11  5  4  3
 7  x 13 16  1  2  9
 1  0 15 17  7 14  6
11  0 10  5 11  3  4
"""

# Published: 32 people, 8 tables of 4, 10 weeks, which was first done by Aguado (2004). These numbers are the schedule
# in Ed Pegg's "Social Golfer Problem" (Wolfram Demonstrations Project), as it stands in fpvandoorn/Dagstuhl-tables,
# literature.md.
PUBLISHED_8_4 = """\
ABCD EFGH IJKL MNOP abcd efgh ijkl mnop
AEIm BcgH DFKp dfkP aeiM bCGh jLNo JlnO
Aflo Bhkm DGiN aFLO bHKM CeJP cEjp dgIn
AciL BdjK bDJk FgoP fGOp aCIl EhMn eHmN
AgKN BElP DHIo dhiO beLp Cfjm cFJM aGkn
AhJp BFin cDmO bfIN eGKl CdMo EgkL aHjP
AdeF BGJo aDEf chlN iKmP CHLn bgjO IkMp
AbnP aBNp DglM ceko fHiJ CEKO FhIj dGLm
AGjM BeIO DhLP agJm cfKn CFkN bEio dHlp
AHkO BfLM Dejn bFlm cGIP Cgip dEJN ahKo
"""
LETTERS = "ABCDEFGHIJKLMNOPabcdefghijklmnop"


def from_a_long_search() -> Iterator[Row]:
    """20 tables of 4 in 26 weeks: the kept tables and where the multiplier takes them."""
    sent, week = RARE.moved(), set[tuple[int, ...]]()
    for table in (tuple(map(int, words.split())) for words in RARE_TABLES.split(",")):
        while table not in week:
            week.add(table)
            table = tuple(sorted(sent[person] for person in table))  # noqa: PLW2901 - the next image of the same table
    rows = [list(table) for table in sorted(week)]
    yield 20, 4, "26", "26", "starter with a multiplier of order 3, a long search", written(rows)


def from_difference_matrix() -> Iterator[Row]:
    """12 tables of 6 in 12 weeks: in week w each table is a translate of column w; nobody meets her own column."""
    columns = [[int(word) for word in line.split()] for line in ORDER_12.splitlines()]
    for week in range(12):
        table = [0, *(12 * (at + 1) + column[week] for at, column in enumerate(columns))]
        yield 12, 6, "2x2x3", "tables", "difference matrix (McKay, in SageMath)", written([table])


def from_quasi_difference_matrix() -> Iterator[Row]:
    """20 tables of 5 in 20 weeks: rows of the orthogonal array with the same last entry are one week's tables."""
    lines = [[None if word == "x" else int(word) for word in line.split()] for line in ORDER_20.splitlines()]
    columns = [turned for a, b, c, d, e, f in zip(*lines, strict=True) for turned in _turns(a, b, c, d, e, f)]
    first: Week = []
    for column in columns:
        *seats, week = column
        if week is None:
            still = [19 * at + seat for at, seat in enumerate(seats) if seat is not None]
        else:
            first.append([95 + at if seat is None else 19 * at + (seat - week) % 19 for at, seat in enumerate(seats)])
    lines_of_still = [[p // 19 * 19 + (p + turn) % 19 for p in still] for turn in range(19)]
    every = [95, 96, 97, 98, 99]
    yield 20, 5, "19", "19", "quasi-difference matrix (Todorov 1989)", written(first)
    yield 20, 5, "19", "1", "quasi-difference matrix (Todorov 1989)", written([*lines_of_still, every])


def _turns(a, b, c, d, e, f):  # type: ignore[no-untyped-def]
    return (a, b, c, d, e, f), (b, c, a, f, d, e), (c, a, b, e, f, d)


def as_published() -> Iterator[Row]:
    """8 tables of 4 in 10 weeks, week by week."""
    for line in PUBLISHED_8_4.splitlines():
        week = [[LETTERS.index(letter) for letter in table] for table in line.split()]
        yield 8, 4, "1", "1", "published (Pegg, Wolfram Demonstrations)", written(week)


def written(week: Week) -> str:
    """Write a week as it stands in the file."""
    return ", ".join(" ".join(map(str, table)) for table in week)


def every_row() -> list[Row]:
    """Find every row of the file, by size and number of tables."""
    rows: list[Row] = []
    for search in SEARCHES:
        rows += search.rows()
        print(f"{search.groups} tables of {search.size}: found", file=sys.stderr, flush=True)
    for found in (from_a_long_search, from_difference_matrix, from_quasi_difference_matrix, as_published):
        rows += found()
    return sorted(rows, key=lambda row: (row[1], row[0]))


def text() -> str:
    """The whole file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("groups", "size", "modulus", "turns", "found_by", "tables"))
    writer.writerows(every_row())
    return HEAD + out.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the file instead of comparing with it")
    found = text()
    if parser.parse_args().write:
        FILE.write_text(found, encoding="utf-8")
    sys.exit(0 if FILE.read_text(encoding="utf-8") == found else "the file differs from what was found")
