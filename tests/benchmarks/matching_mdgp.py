"""Forming on the maximally diverse grouping problem, beside published methods at equal time.

The instances are files of the MDGP library (RanReal, RanInt, Geo) with the best values seen beside them; without such
a folder, instances of the same three families are made. Every method gets the same clock in the same process.

Iterated maxima search is written here from the description in Lai and Hao 2016 (doi 10.1016/j.ejor.2016.05.018):
first-improvement over insertions and swaps, maxima search of depth 3 with weak shakes (3 moves, each the best of
n random ones), strong shakes of n/G random moves (1.5 n/G above 400 people), always from the last maximum.
"""

import csv
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from circles.partition import Progress, Rules, bound, improve
from tests.benchmarks.figures import Figure

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "mdgp"
SCALE = 1000  # the library's distances have three decimals
SECONDS = (1.0, 10.0)
FAMILIES = ("RanReal", "RanInt", "Geo")


@dataclass(frozen=True, slots=True)
class Instance:
    """People to group: weights in thousandths, sizes per group, and what others reached by method and seconds."""

    name: str
    weights: Any
    least: tuple[int, ...]
    most: tuple[int, ...]
    known: dict[tuple[str, float], float]

    @property
    def best_seen(self) -> float:
        """The best value anybody has seen, 0 if nobody looked."""
        return max(self.known.values(), default=0.0)

    def value(self, place: Any) -> float:
        """Count the value of a partition from scratch; its sizes must fit."""
        sizes = np.bincount(place, minlength=len(self.most))
        assert (self.least <= sizes).all()
        assert (sizes <= self.most).all()
        same = np.asarray(place)[:, None] == np.asarray(place)[None, :]
        return int(self.weights[same].sum()) / 2 / SCALE

    def random_start(self, seed: int) -> Any:
        """Seat everybody at random, within the sizes."""
        chance = np.random.default_rng(seed)
        sizes = np.array(self.least)
        while sizes.sum() < len(self.weights):
            sizes[chance.choice(np.flatnonzero(sizes < self.most))] += 1
        place = np.repeat(np.arange(len(sizes)), sizes)
        chance.shuffle(place)
        return place


# Instances ----------------------------------------------------------------------------------------------------------


def read(file: Path, known: dict[tuple[str, float], float]) -> Instance:
    """Read a file of the library: people, groups, ss or ds, least and most of each group; then i, j, distance."""
    lines = file.read_text().splitlines()
    people, groups, _kind, *sizes = lines[0].split()
    weights = np.zeros((int(people), int(people)), np.int64)
    for line in lines[1:]:
        if line.strip():
            i, j, distance = line.split()
            weights[int(i), int(j)] = weights[int(j), int(i)] = round(float(distance) * SCALE)
    bounds = [int(size) for size in sizes[: 2 * int(groups)]]
    return Instance(file.stem, weights, tuple(bounds[::2]), tuple(bounds[1::2]), known)


def made(family: str, people: int, groups: int, differ: bool, seed: int) -> Instance:
    """Make an instance as the library's families are described."""
    chance = np.random.default_rng([seed, people, FAMILIES.index(family)])
    if family == "Geo":
        points = chance.random((people, chance.integers(2, 22))) * 10
        distances = np.sqrt(((points[:, None] - points[None, :]) ** 2).sum(axis=2)) * SCALE
    else:
        distances = chance.random((people, people)) * 100 * SCALE
        if family == "RanInt":
            distances = np.floor(distances / SCALE * 1.01) * SCALE
    upper = np.triu(np.rint(distances).astype(np.int64), 1)
    mean = people // groups
    spread = np.zeros((2, groups), int) if not differ else chance.integers(0, max(1, mean // 3) + 1, (2, groups))
    least, most = mean - spread[0], mean + spread[1]
    name = f"{family}_n{people}_{'ds' if differ else 'ss'}_made{seed}"
    return Instance(name, upper + upper.T, tuple(map(int, least)), tuple(map(int, most)), {})


def instances(folder: Path | None) -> Iterator[Instance]:
    """Give what lies in the folder, or in the default one; instances made here when there is none."""
    folder = folder or FOLDER
    if not folder.is_dir():
        for family in FAMILIES:
            yield made(family, 120, 10, differ=False, seed=1)
            yield made(family, 240, 12, differ=True, seed=1)
        return
    known: dict[str, dict[tuple[str, float], float]] = {}
    table = folder / "best_seen.csv"
    if table.exists():
        with table.open() as rows:
            for row in csv.DictReader(rows):
                known.setdefault(row["instance"], {})[row["method"], float(row["seconds"])] = float(row["value"])
    for file in sorted(folder.glob("*.txt")):
        yield read(file, known.get(file.stem, {}))


# Methods ------------------------------------------------------------------------------------------------------------


def ours(case: Instance, seconds: float, seed: int) -> Any:
    """Search until the time is over; the steps that fit are estimated from what was done before."""
    began = time.process_time()

    def watch(_progress: Progress) -> bool:
        return time.process_time() - began < seconds

    rules = Rules(least=case.least, most=case.most)
    best = improve(case.random_start(seed), case.weights, rules, seed=seed, steps=max(300_000, int(seconds * 1e7)))
    done = best.steps
    while (left := seconds - (spent := time.process_time() - began)) > seconds / 10:
        steps = max(300_000, int(done / spent * left * 0.95))
        found = improve(best.place, case.weights, rules, seed=seed, steps=steps, watch=watch)
        done += found.steps
        best = max(best, found, key=lambda result: result.points)
    return best.place


def maxima_search(case: Instance, seconds: float, seed: int) -> Any:
    """Iterated maxima search until the time is over."""
    began = time.process_time()
    climb, shake, weak_shake = _baselines()
    weights = case.weights.astype(np.int32)
    least, most = np.array(case.least), np.array(case.most)
    n, groups = len(weights), len(least)
    np_seed = np.random.default_rng(seed).integers(1, 2**31)
    state = np.array([np_seed], np.int64)
    place = max((_climbed(case, climb, seed * 100 + k) for k in range(10)), key=case.value)
    best, best_value = place.copy(), case.value(place)
    strength = n // groups if n <= 400 else 3 * n // (2 * groups)
    while time.process_time() - began < seconds:
        sums, sizes = _sums(weights, place, groups), np.bincount(place, minlength=groups)
        shake(strength, weights, place, sums, sizes, least, most, state)
        top, depth, value = place.copy(), 0, -1
        while depth < 3:
            climb(weights, place, sums, sizes, least, most)
            now = int(sums[np.arange(n), place].sum())
            depth = 0 if now > value else depth + 1
            if now > value:
                top[:], value, top_sums, top_sizes = place, now, sums.copy(), sizes.copy()
            place[:], sums[:], sizes[:] = top, top_sums, top_sizes
            if depth < 3:
                weak_shake(3, weights, place, sums, sizes, least, most, state)
        if value / 2 / SCALE > best_value:
            best, best_value = place.copy(), value / 2 / SCALE
    return best


def plain_swaps(case: Instance, seconds: float, seed: int) -> Any:
    """Climb from one random partition after another until the time is over."""
    began = time.process_time()
    climb, _shake, _weak = _baselines()
    best = _climbed(case, climb, seed)
    turn = 0
    while time.process_time() - began < seconds:
        turn += 1
        best = max(best, _climbed(case, climb, seed + 1000 * turn), key=case.value)
    return best


def _sums(weights: Any, place: Any, groups: int) -> Any:
    sums = np.zeros((len(weights), groups), np.int32)
    for group in range(groups):
        sums[:, group] = weights[:, place == group].sum(axis=1)
    return sums


def _climbed(case: Instance, climb: Any, seed: int) -> Any:
    place = case.random_start(seed)
    groups = len(case.most)
    weights = case.weights.astype(np.int32)
    sizes = np.bincount(place, minlength=groups)
    climb(weights, place, _sums(weights, place, groups), sizes, np.array(case.least), np.array(case.most))
    return place


@cache
def _baselines() -> tuple[Any, Any, Any]:  # noqa: C901 - the loops of the baselines, compiled together
    from numba import njit  # noqa: PLC0415 - only the benchmark needs them

    @njit
    def move(i, g, weights, place, sums, sizes):  # type: ignore[no-untyped-def]
        old = place[i]
        for k in range(len(place)):
            sums[k, old] -= weights[i, k]
            sums[k, g] += weights[i, k]
        place[i] = g
        sizes[old] -= 1
        sizes[g] += 1

    @njit
    def climb(weights, place, sums, sizes, least, most):  # type: ignore[no-untyped-def]
        n, groups = sums.shape
        is_better = True
        while is_better:
            is_better = False
            for i in range(n):
                for g in range(groups):
                    has_room = g != place[i] and sizes[place[i]] > least[place[i]] and sizes[g] < most[g]
                    if has_room and sums[i, g] > sums[i, place[i]]:
                        move(i, g, weights, place, sums, sizes)
                        is_better = True
            for i in range(n):
                for j in range(i + 1, n):
                    a, b = place[i], place[j]
                    if a != b and sums[i, b] - sums[i, a] + sums[j, a] - sums[j, b] - 2 * weights[i, j] > 0:
                        move(i, b, weights, place, sums, sizes)
                        move(j, a, weights, place, sums, sizes)
                        is_better = True

    @njit
    def lot(state, below):  # type: ignore[no-untyped-def]
        x = state[0]
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        state[0] = x
        return x % below

    @njit
    def any_move(place, sums, sizes, least, most, state):  # type: ignore[no-untyped-def]
        n, groups = sums.shape
        while True:
            at = lot(state, n * (n - 1) // 2 + n * groups)
            i = lot(state, n)
            if at < n * groups:
                g = at % groups
                if g != place[i] and sizes[place[i]] > least[place[i]] and sizes[g] < most[g]:
                    return i, -1, g
            else:
                j = lot(state, n)
                if place[i] != place[j]:
                    return i, j, place[j]

    @njit
    def do(i, j, g, weights, place, sums, sizes):  # type: ignore[no-untyped-def]
        old = place[i]
        move(i, g, weights, place, sums, sizes)
        if j >= 0:
            move(j, old, weights, place, sums, sizes)

    @njit
    def shake(moves, weights, place, sums, sizes, least, most, state):  # type: ignore[no-untyped-def]
        for _ in range(moves):
            i, j, g = any_move(place, sums, sizes, least, most, state)
            do(i, j, g, weights, place, sums, sizes)

    @njit
    def weak_shake(moves, weights, place, sums, sizes, least, most, state):  # type: ignore[no-untyped-def]
        for _ in range(moves):
            top, best = -(1 << 40), (0, -1, 0)
            for _draw in range(len(place)):
                i, j, g = any_move(place, sums, sizes, least, most, state)
                gain = sums[i, g] - sums[i, place[i]]
                if j >= 0:
                    gain += sums[j, place[i]] - sums[j, g] - 2 * weights[i, j]
                if gain > top:
                    top, best = gain, (i, j, g)
            do(best[0], best[1], best[2], weights, place, sums, sizes)

    return climb, shake, weak_shake


# Figures ------------------------------------------------------------------------------------------------------------

Method = Callable[[Instance, float, int], Any]
METHODS: dict[str, Method] = {"ours": ours, "iterated maxima search": maxima_search}


def gap(value: float, best: float) -> float:
    """How far a value is below the best, in percent; negative when it is better."""
    return 100 * (1 - value / best)


def figures(folder: Path | None = None) -> Iterator[Figure]:
    """Measure every method on every instance; gaps are to the best value seen, or else to the best of this run."""
    began = time.perf_counter()
    tiny = made("RanInt", 24, 3, differ=True, seed=1)
    ours(tiny, 0.1, 1)
    yield Figure("forming on MDGP: compiling the kernel, or loading it compiled", time.perf_counter() - began)
    maxima_search(tiny, 0.1, 1)
    gaps: dict[tuple[str, float], list[float]] = {}
    for case in instances(folder):
        values = {(name, s): case.value(method(case, s, 1)) for s in SECONDS for name, method in METHODS.items()}
        values["plain swap search", SECONDS[0]] = case.value(plain_swaps(case, SECONDS[0], 1))
        values["random partition", 0] = statistics.fmean(case.value(case.random_start(seed)) for seed in range(20))
        published = {key: value for key, value in case.known.items() if key[0] == "iterated maxima search (C++)"}
        best = case.best_seen or max(values.values())
        for (name, seconds), value in (values | published).items():
            after = f" after {seconds:g} s" if seconds else ""
            yield Figure(f"{case.name}: {name}{after}, value and best seen", value, best, "points")
            yield Figure(f"{case.name}: {name}{after}, gap to best seen", gap(value, best), None, "%")
            gaps.setdefault((name, seconds), []).append(gap(value, best))
        ceiling = bound(case.weights, Rules(least=case.least, most=case.most)) / SCALE
        yield Figure(f"{case.name}: best seen and the upper bound on all partitions", best, ceiling, "points")
    for (name, seconds), found in gaps.items():
        ims = gaps.get(("iterated maxima search", seconds))
        beside = statistics.fmean(ims) if ims and name == "ours" else None
        after = f" after {seconds:g} s" if seconds else ""
        yield Figure(f"MDGP, all instances: {name}{after}, mean gap", statistics.fmean(found), beside, "%")


if __name__ == "__main__":
    import sys

    for figure in figures(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(figure.line(), flush=True)
