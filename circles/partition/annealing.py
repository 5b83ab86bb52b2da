"""The temperature of a search: hot enough at first to forget the start, cold at the end, again while steps are left."""

from collections.abc import Iterator
from math import log
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from circles import seeds
from circles.partition import INTERPRETED, Progress, Result, Watch, kernel
from circles.partition.compiled import machine_code
from circles.partition.layout import Layout
from circles.partition.ledger import LEAST, MOST

LEVELS = 64
"""So many warmths make a cycle."""
MELT = 400
"""At the warmth that melts, so many trades are open to 1000 people in a local optimum."""
HOT, COLD = 90, 25
"""The first cycle begins and ends at so many percent of it ..."""
FINDING, FINDING_SHORT = 50, 20
"""A cycle begins at least at so many percent of what it is worth to find what one asked for: many must lose it at once
before they can all find it elsewhere. The second number is for short searches, which the first would only shake."""
SMALL = 32
"""A long search of so few people begins where even the dearest pair comes apart: there are few ways, and time."""
OFTEN, SELDOM = 1200, 60
"""... and the others where 1000 people traded more than `OFTEN` times, and less than `SELDOM` times, in the first."""
LONGEST = 1 << 17
"""A cycle lets everybody trade at most so many times; longer ones gain less than another cycle."""
MIXING = 24
"""So many people trade at random to forget a start: each of them with every other person."""
SHORT = 256
"""A search in which everybody trades less often than this is one cycle, measured where the start leads."""
RESIZING = 64
"""Circles are given promising sizes in searches in which everybody trades at least so often."""
CHUNK = {True: 1_000_000, False: 20_000}
"""Steps between two looks at the watch, compiled and interpreted."""


class Search:
    """One search under way: the kernel's arrays, and how many steps they took."""

    def __init__(self, layout: Layout, seed: int, steps: int, watch: Watch | None, compiles: bool | None) -> None:
        if not seeds.is_whole(seed, 0, (1 << 64) - 1):
            raise ValueError("A seed is a whole number from 0 to 2**64 - 1.")
        if not seeds.is_whole(steps, 1, (1 << 50) - 1):
            raise ValueError("The steps of a search are a whole number from 1 up.")
        code = machine_code() if (steps > INTERPRETED if compiles is None else compiles) else None
        self.layout, self.steps, self.watch = layout, steps, watch
        self.done = self.unseen = 0
        self.is_stopped = False
        self.is_compiled = code is not None
        self.code: SimpleNamespace | ModuleType = code or kernel
        n, width = len(layout.place), layout.limits.shape[1]
        kinds = 3 if len(np.unique(layout.kind)) > 1 else 1
        numbers, narrow = self._numbers, self._narrow
        self.noise = narrow(np.zeros(kernel.NOISES + n))
        self.scratch = (narrow(np.zeros(kinds * width)), self.noise, narrow(np.zeros(n)))
        draws = range(1, 2 * kernel.NOISES, 2)
        self.logs = numbers(np.array([round(-log(draw / (2 * kernel.NOISES)) * 4096) for draw in draws]))
        self.weights = narrow(layout.weights)
        self.rules = (
            *(numbers(layout.kind), numbers(layout.limits), numbers(np.array(layout.costs))),
            *(numbers(layout.allowed), numbers(layout.rank), narrow(layout.served)),
        )
        self.kinds = kinds
        self.best = numbers(layout.place)
        self.now = numbers(np.zeros(5))
        self.now[kernel.CHANCE] = (seed * 0x9E3779B97F4A7C15 >> 32 & 0xFFFFFFFF ^ seed & 0xFFFFFFFF) or 1
        self.sit()

    def _numbers(self, array: Any, dtype: Any = np.int64) -> Any:
        made = np.array(array, dtype, order="C")
        return made if self.is_compiled else made.tolist()

    def _narrow(self, array: Any) -> Any:
        """What the inner loop reads: half as wide, so twice as many at once."""
        return self._numbers(array, np.int32)

    def sit(self) -> None:
        """Go back to the best places known."""
        layout = self.layout
        n, width = len(layout.place), layout.limits.shape[1]
        self.code.mix(self.logs, self.now)
        place = np.array(self.best)
        numbers, narrow = self._numbers, self._narrow
        mark = place + (layout.kind * width if self.kinds > 1 else 0)
        self.seats = (narrow(np.zeros((width, n))), narrow(np.zeros(n)), numbers(place), narrow(mark))
        crew = np.zeros((width - 1 if len(layout.served) else 0, min(n, int(layout.limits[MOST].max())) + 2))
        self.group = (
            *(numbers(np.zeros((3, width))), numbers(np.zeros(width)), numbers(np.zeros(width))),
            *(numbers(np.zeros(n)), numbers(crew)),
        )
        points = self.code.fill(self.weights, self.seats, self.group, self.rules)
        self.now[kernel.POINTS] = self.now[kernel.BEST] = points

    def warm(self, warmth: int) -> None:
        """Set how much trades may lose."""
        self.code.heat(self.noise, self.logs, warmth)

    def run(self, rows: int) -> bool:
        """Let so many people trade; return False when the watch ended it."""
        n = len(self.layout.place)
        while rows > 0 and not self.is_stopped:
            part = min(rows, max(1, (CHUNK[self.is_compiled] - self.unseen) // n))
            self.code.search(
                part,
                2 * self.layout.span,
                self.now,
                self.best,
                self.scratch,
                self.weights,
                self.seats,
                self.group,
                self.rules,
            )
            rows -= part
            self.done += part * n
            self.unseen += part * n
            if self.unseen + n > CHUNK[self.is_compiled]:
                self.unseen = 0
                if self.watch is not None and not self.watch(self.progress()):
                    self.is_stopped = True
        return not self.is_stopped

    def progress(self) -> Progress:
        """Tell how far the search is."""
        walls = self.walls()
        return Progress(self.done, self.steps, walls, int(self.now[kernel.BEST]) + walls * self.layout.wall)

    def walls(self) -> int:
        """Count the walls inside the best circles."""
        return self.layout.count(np.array(self.best))[1] if self.layout.wall else 0

    def descend(self, limit: int | None = None) -> None:
        """Trade until nothing gains any more, or until so many steps were done."""
        self.warm(0)
        before = -1
        while before != self.now[kernel.CHANGES] and not self.is_stopped and (limit is None or self.done < limit):
            before = int(self.now[kernel.CHANGES])
            self.run(len(self.layout.place))

    def cool(self, hot: int, cold: int, rows: int) -> tuple[int, int]:
        """Let so many people trade while it gets colder, then go back to the best and climb to its top.

        Return the warmths between which trades went from often to seldom.
        """
        often, seldom = hot, cold
        for warmth, part in levels(hot, cold, rows, max(1, min(LEVELS, rows * len(self.layout.place) // 2000))):
            self.warm(warmth)
            before = int(self.now[kernel.CHANGES])
            if not self.run(part):
                break
            trades = (int(self.now[kernel.CHANGES]) - before) * 1000 // part
            if trades > OFTEN:
                often = warmth
            if trades > SELDOM:
                seldom = warmth
        if not self.is_stopped:
            self.sit()
            self.descend()
        return often, min(often, seldom)

    def resize(self, lot: Random | None) -> None:
        """Give circles sizes that promise most points, as far as people can move; with chance, ever other ones."""
        layout = self.layout
        if (layout.limits[LEAST] == layout.limits[MOST]).all() or self.walls():
            return
        target = promising_sizes(layout, int(np.count_nonzero(np.array(self.best) < layout.limits.shape[1] - 1)), lot)
        numbers = self._numbers(target)
        wall = 2 * layout.span
        self.code.resize(numbers, wall, self.now, self.weights, self.seats, self.group, self.rules)

    def melting(self) -> int:
        """Return the warmth of a cycle's beginning, measured in a local optimum that owes nothing to the start."""
        self.warm(self.layout.span // 8)
        self.run(min(MIXING, len(self.layout.place)))
        self.descend()
        hot = self.warmth(MELT)
        self.sit()
        return hot

    def warmth(self, openness: int) -> int:
        """Return the least warmth at which so many trades are open to 1000 people now."""
        n = len(self.layout.place)
        rows = min(n, 64)
        low, high = 1, max(1, self.layout.span // 8)
        while low + low // 16 < high:
            middle = (low + high) // 2
            self.warm(middle)
            count = self.code.openness(rows, self.scratch, self.weights, self.seats, self.group, self.rules)
            if count * 1000 < openness * rows:
                low = middle + 1
            else:
                high = middle
        return high


def cycles(steps: int, people: int) -> Iterator[int]:
    """Give the steps of each cycle: a short one, so that something good is known early, and long ones."""
    longest = LONGEST * people * people
    if steps > max(INTERPRETED, SHORT * people * people):
        yield min(longest, steps) // 16
        yield min(longest, steps) * 3 // 16
    while True:
        yield longest


def anneal(layout: Layout, seed: int, steps: int, watch: Watch | None, *, compiles: bool | None = None) -> Result:
    """Search with so many steps; see `partition.improve`. Unless said, only long searches are compiled."""
    search = Search(layout, seed, steps, watch, compiles)
    n = len(layout.place)
    search.descend(steps)
    is_short = steps <= SHORT * n * n
    melt = search.warmth(MELT) if is_short else search.melting()
    hot, cold = max(1, melt * HOT // 100), max(1, melt * COLD // 100)
    least = layout.costs[0] * (FINDING_SHORT if is_short else FINDING) // 100
    if n <= SMALL and not is_short:
        least = max(least, layout.dearest())
    lot = None
    for turn, length in enumerate(cycles(steps, n)):
        rows = min(length, steps - search.done) // n
        if rows <= 0 or search.is_stopped:
            break
        if steps > RESIZING * n * n:
            search.resize(lot)
        often, seldom = search.cool(max(hot, least), cold, rows)
        if turn == 0:
            hot, cold = often, seldom
        elif turn > 1:
            lot = Random(seed + turn)
    progress = search.progress()
    return Result(
        place=tuple(map(int, search.best)),
        points=progress.points,
        walls=progress.walls,
        steps=search.done,
        was_stopped=search.is_stopped,
        was_compiled=search.is_compiled,
    )


def promising_sizes(layout: Layout, seated: int, lot: Random | None) -> Any:
    """Return sizes whose circles would have most points if every pair had the average weight (dynamic programme).

    With a lot, the points of each circle and size are first shaken by what one person more or less brings.
    """
    limits = layout.limits
    weights = layout.weights[:-1].astype(np.int64)
    inside = weights[weights != -layout.wall] if layout.wall else weights
    average = int(inside.sum()) // max(1, inside.size - len(weights))
    best = np.full(seated + 1, -(1 << 60))
    best[0] = 0
    chosen = []
    for c in range(limits.shape[1] - 1):
        sizes = range(int(limits[LEAST, c]), min(int(limits[MOST, c]), seated) + 1)
        table = np.full((len(sizes), seated + 1), -(1 << 60))
        for row, size in zip(table, sizes, strict=True):
            gain = average * (size * (size - 1) // 2) - layout.costs[2] * size * size
            if lot is not None and size > sizes[0]:
                gain += lot.randint(-abs(average) * size, abs(average) * size)
            row[size:] = best[: seated + 1 - size] + gain
        best = table.max(axis=0)
        chosen.append((sizes, table.argmax(axis=0)))
    target = np.zeros(limits.shape[1], np.int64)
    left = seated
    for c in reversed(range(len(chosen))):
        sizes, choice = chosen[c]
        target[c] = sizes[int(choice[left])]
        left -= int(target[c])
    return target


def levels(hot: int, cold: int, rows: int, count: int) -> Iterator[tuple[int, int]]:
    """Give so many warmths from hot to cold in even ratios (whole numbers), and how many people trade at each."""
    low, high = 0, 1 << 16
    while low < high:  # the largest ratio of a level to the one before, in 65536ths, that ends at most at `cold`
        ratio = (low + high + 1) // 2
        value = hot << 16
        for _level in range(count - 1):
            value = value * ratio >> 16
        if value > cold << 16:
            high = ratio - 1
        else:
            low = ratio
    value = hot << 16
    for level in range(count):
        part = rows * (level + 1) // count - rows * level // count
        if part:
            yield value >> 16, part
        value = value * low >> 16
