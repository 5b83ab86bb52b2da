"""Forming whole programmes of invented scholars (`scholars`): rules kept, points, seconds, memory, and their growth.

Each size runs in a process of its own, so that its peak of memory is its own. Baselines: up to 24 people the best
arrangement there is (proved); up to some hundred the bound that the proposal itself names; for more the same bound,
estimated from SAMPLE people who may choose their best partners among all. `dealt` is the first seating along the
globe, before anybody is moved for a wish.
"""

import math
import multiprocessing
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from random import Random

from circles.forming import arranging, exact, rules, search, spread, wishes
from circles.forming.board import Board, Groups, group_of, lay_out, members
from circles.forming.hard_rules import broken
from circles.forming.values import Proposal
from tests.benchmarks import scholars
from tests.benchmarks.figures import Figure

SIZES = (26, 200, 2_000, 10_000, 100_000)
SEEDS = (1, 2, 3)  # of the small sizes; one of the large
SAMPLE, CHUNK = 200, 1_500
STOPPED_AFTER = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Formed:
    """What one forming gave."""

    seconds: float
    mebibytes: float
    seated: int
    circles: int
    broken: int
    score: int
    bound: float
    dealt: int


def form(count: int, seed: int) -> Formed:
    """Form the circles of so many people and judge them by the plain reading of the rules."""
    people, asked = scholars.programme(count, seed), scholars.rules(count)
    rules.propose(scholars.programme(80, 1), scholars.rules(80), 1)  # the kernel is loaded
    began = time.perf_counter()
    proposal = rules.propose(people, asked, seed)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    board = lay_out(people, asked)
    known = {person.id: person for person in people}
    faults = sum(len(broken(circle.seats, known, asked)) for circle in proposal.circles)
    dealt = search.without_clashes(board, spread.first_seating(board, Random(seed)))
    return Formed(
        seconds,
        peak,
        sum(len(circle.seats) for circle in proposal.circles),
        len(proposal.circles),
        faults,
        proposal.score,
        proposal.bound or estimated_bound(board, groups_of(board, proposal), seed),
        wishes.points_of(board, dealt),
    )


def groups_of(board: Board, proposal: Proposal) -> Groups:
    """Give the circles of a proposal as sets of positions."""
    position = {person.id: at for at, person in enumerate(board.people)}
    return tuple(group_of(position[seat.person] for seat in circle.seats) for circle in proposal.circles)


def estimated_bound(board: Board, groups: Groups, seed: int) -> float:
    """Estimate the points that nobody could exceed, from people who choose the best partners among all others."""
    import numpy as np  # noqa: PLC0415 - the other figures do without

    seated = [at for group in groups for at in members(group)]
    chosen = Random(seed).sample(seated, min(SAMPLE, len(seated)))
    asked = set(chosen)
    most = max(group.bit_count() for group in groups) - 1
    best = np.zeros((len(chosen), 0))
    found = 0
    for start in range(0, len(seated), CHUNK):
        others = [at for at in seated[start : start + CHUNK] if at not in asked]
        worth = wishes.weigh(board, [*chosen, *others])
        best = np.sort(np.hstack([best, worth.pairs[: len(chosen), len(chosen) :]]), axis=1)[:, -most:]
        found = worth.found
    return float(len(seated) * (best.sum() / 2 / len(chosen) + found))


def exact_figures() -> Iterator[Figure]:
    """Compare the search with the proved best, for 24 people in two circles."""
    hits, shares, seeds = 0, [], range(1, 13)
    for seed in seeds:
        people = [p for p in scholars.programme(80, seed) if "en" in p.languages][: exact.EXACT_AT_MOST]
        people = [replace(person, institution=f"I {at}") for at, person in enumerate(people)]
        asked = replace(scholars.rules(24), circles=2, mentors=12, mentees=12, overlap_hours=0.0)
        board = lay_out(people, asked)
        start = spread.first_seating(board, Random(seed))
        best = arranging.proved(board, start)
        if best is None or len(start) < 2:
            continue
        found = arranging.objective(board, arranging.arrange(board, start, seed))
        least = arranging.objective(board, start)
        most = arranging.objective(board, best)
        hits += found == most
        shares.append((found - least) / (most - least) if most > least else 1.0)
    yield Figure("24 people, 2 circles: seeds of which the best is proved", len(shares), len(seeds), "seeds")
    yield Figure("24 people, 2 circles: the search equals the proved best", hits, len(shares), "of all")
    yield Figure("24 people, 2 circles: gain over the first seating", 100 * sum(shares) / len(shares), 100.0, "%")


def stopped_figure() -> Figure:
    """Ask 10,000 people's forming to stop, and see what it had by then."""
    people, asked = scholars.programme(10_000, 1), scholars.rules(10_000)
    began = time.perf_counter()
    proposal = rules.propose(
        people, asked, 1, watch=lambda _share, _points: time.perf_counter() - began < STOPPED_AFTER
    )
    return (
        Figure(f"10,000 people stopped after {STOPPED_AFTER:g} s: done after", time.perf_counter() - began, None)
        if (proposal.was_stopped)
        else Figure("10,000 people were done before they could be stopped", time.perf_counter() - began, None)
    )


def figures(sizes: tuple[int, ...] = SIZES) -> Iterator[Figure]:
    """Give every figure, each as soon as it is known."""
    yield from exact_figures()
    seconds: list[tuple[int, float]] = []
    for count in sizes:
        for seed in SEEDS if count <= 2_000 else SEEDS[:1]:
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
                found = alone.submit(form, count, seed).result()
            label = f"{count:,} people, seed {seed}"
            yield Figure(f"{label}: hard rules broken in {found.circles} circles", found.broken, None, "")
            yield Figure(f"{label}: seated", found.seated, count, "")
            yield Figure(f"{label}: points, beside the bound", found.score, found.bound, "")
            yield Figure(f"{label}: points, beside a dealt seating", found.score, found.dealt, "")
            yield Figure(f"{label}: time", found.seconds, None)
            yield Figure(f"{label}: peak memory", found.mebibytes, None, "MiB")
            seconds.append((count, found.seconds))
    large = [(math.log(n), math.log(s)) for n, s in seconds if n >= 2_000]
    if len({x for x, _y in large}) > 1:
        x = sum(a for a, _b in large) / len(large)
        y = sum(b for _a, b in large) / len(large)
        slope = sum((a - x) * (b - y) for a, b in large) / sum((a - x) ** 2 for a, _b in large)
        yield Figure("growth k from 2,000 people up (seconds ~ n^k)", slope, 1.0, "")
    yield stopped_figure()
