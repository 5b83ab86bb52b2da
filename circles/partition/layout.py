"""The arrays of a partition, checked once, as the kernel reads them.

This room reads arrays when it is opened, so `partition` opens it only when somebody is to be seated.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circles.partition import WALL, Rules
from circles.partition.ledger import EITHER, LEAST, MENTEE, MENTEES, MENTOR, MENTORS, MOST, leaning

Numbers = NDArray[Any]

LARGEST = 1 << 28
"""Sums of weights stay below this, so that a few of them together still fit into 32 bits."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A partition's numbers.

    `weights` [n + 1, n] hold `-wall` where there is a wall and end with a row of zeros. `limits` [4, G + 1] are least,
    most, mentors, mentees. `costs` are matched, lean, size. `span` is more than one trade can gain or lose; `wall` is 0
    when there are none.
    """

    place: Numbers
    weights: Numbers
    limits: Numbers
    kind: Numbers
    allowed: Numbers
    rank: Numbers
    served: Numbers
    costs: tuple[int, int, int]
    span: int
    wall: int

    def dearest(self) -> int:
        """Return the most points that any pair gains or loses, walls apart."""
        weights = self.weights[:-1]
        return int(np.abs(np.where(weights == -self.wall, 0, weights) if self.wall else weights).max(initial=0))

    def count(self, place: Numbers) -> tuple[int, int]:
        """Return the points of places without walls, and how many pairs of one circle have a wall between them."""
        points = walls = 0
        matched, lean, cost = self.costs
        for c in range(self.limits.shape[1] - 1):
            inside = np.flatnonzero(place == c)
            worth = self.weights[np.ix_(inside, inside)].astype(np.int64)
            is_wall = (worth == -self.wall) & (self.wall > 0)
            walls += int(is_wall.sum()) // 2
            points += int(worth[~is_wall].sum()) // 2 - cost * len(inside) ** 2
            if len(self.served):
                points += matched * int(self.served[np.ix_(inside, inside)].any(axis=1).sum())
            mentors, mentees, either = (int((self.kind[inside] == kind).sum()) for kind in (MENTOR, MENTEE, EITHER))
            points -= lean * leaning(mentors, mentees, either, *map(int, self.limits[MENTORS:, c]))
        return points, walls


def lay(place: ArrayLike, weights: ArrayLike, rules: Rules) -> Layout:
    """Check a start and its rules; raises ValueError with a sentence."""
    at = _whole(place, "places")
    if at.ndim != 1 or not len(at):
        raise ValueError("Places are a list: the number of a circle for each person.")
    n = len(at)
    worth = _whole(weights, "weights", (n, n))
    if (worth != worth.T).any() or worth.diagonal().any():
        raise ValueError("Weights are the same both ways, and nobody has points with herself.")
    limits = _limits(rules)
    pool = limits.shape[1] - 1
    if at.min() < 0 or at.max() > pool:
        raise ValueError(f"Places are 0 to {pool - 1} for the circles, and {pool} for those who wait.")
    costs = (rules.matched, rules.lean, rules.size)
    if not all(0 <= cost < LARGEST for cost in costs):
        raise ValueError(f"Points for `matched`, `lean` and `size` are numbers from 0 to {LARGEST - 1}.")
    span, wall = _scale(worth, int(limits[MOST].max()), costs)
    is_wall = worth <= WALL
    asks = rules.served is not None and rules.matched > 0
    served = _optional(rules.served if asks else None, "served", (n, n), 0, 1) if asks else np.zeros((0, 0))
    layout = Layout(
        place=at.astype(np.int32),
        weights=np.vstack([np.where(is_wall, -wall, worth), np.zeros((1, n))]).astype(np.int32),
        limits=limits,
        kind=_optional(rules.kind, "kinds", (n,), 0, 2, otherwise=2),
        allowed=np.pad(_optional(rules.allowed, "allowed", (n, pool), 0, 1, otherwise=1), ((0, 0), (0, 1))),
        rank=_optional(rules.rank, "ranks", (n,), -LARGEST, LARGEST),
        served=(served * (1 - np.eye(len(served)))).astype(np.int32),
        costs=costs,
        span=span,
        wall=wall if is_wall.any() else 0,
    )
    _check_start(layout)
    return layout


def _whole(values: ArrayLike, name: str, shape: tuple[int, ...] | None = None) -> Numbers:
    array = np.asarray(values)
    if array.dtype.kind not in "iub" and array.size:
        raise ValueError(f"The {name} are whole numbers; scale and round them first.")
    if shape is not None and array.shape != shape:
        wanted, given = (" x ".join(map(str, each)) or "one" for each in (shape, array.shape))
        raise ValueError(f"The {name} are {wanted} numbers, not {given}.")
    return array.astype(np.int64)


def _optional(
    values: ArrayLike | None, name: str, shape: tuple[int, ...], low: int, high: int, otherwise: int = 0
) -> Numbers:
    if values is None:
        return np.full(shape, otherwise, np.int32)
    array = _whole(values, name, shape)
    if array.size and not (low <= array.min() and array.max() <= high):
        raise ValueError(f"The {name} are numbers from {low} to {high}.")
    return array.astype(np.int32)


def _limits(rules: Rules) -> Numbers:
    most = _whole(rules.most, "largest sizes")
    if most.ndim != 1 or not len(most):
        raise ValueError("There is at least one circle, each with its largest size.")
    shape = most.shape
    limits = np.zeros((4, len(most) + 1), np.int32)
    for row, seats, name in ((MENTORS, rules.mentors, "seats for mentors"), (MENTEES, rules.mentees, "for mentees")):
        limits[row, :-1] = np.minimum(most, LARGEST) if seats is None else _optional(seats, name, shape, 0, LARGEST)
    least = _whole(rules.least, "smallest sizes", shape)
    most = np.minimum(most, limits[MENTORS, :-1].astype(np.int64) + limits[MENTEES, :-1])
    if (least < 0).any() or (least > most).any() or (most < 1).any() or (most > LARGEST).any():
        raise ValueError(
            "The smallest size of a circle is from 0 to its largest size, which is 1 or more and has seats."
        )
    limits[LEAST, :-1], limits[MOST, :-1] = least, most
    return limits


def _scale(worth: Numbers, most: int, costs: tuple[int, int, int]) -> tuple[int, int]:
    """Return more than what one trade can gain or lose without walls, and a wall that outweighs it."""
    is_wall = worth <= WALL
    high, low = int(worth.max()), int(np.where(is_wall, 0, worth).min())
    most = min(most, len(worth))
    matched, lean, size = costs
    span = 2 * most * (high - low) + 2 * most * (matched + lean + size) + 1
    wall = 4 * span
    largest = (wall if is_wall.any() else max(high, -low, matched)) * most
    if max(largest, span) >= LARGEST:
        raise ValueError(f"These points are too large to add up: divide all by {max(largest, span) // LARGEST + 1}.")
    return span, wall


def _check_start(layout: Layout) -> None:
    """Raise ValueError unless the start keeps the rules (walls may be there)."""
    limits, n = layout.limits, len(layout.place)
    pool = limits.shape[1] - 1
    if limits[LEAST].sum() > n:
        raise ValueError(f"Circles of these smallest sizes take {limits[LEAST].sum()} people; there are {n}.")
    for c in range(pool):
        inside = layout.place == c
        size = int(inside.sum())
        if not limits[LEAST, c] <= size <= limits[MOST, c]:
            raise ValueError(f"Circle {c} starts with {size} people; it takes {limits[LEAST, c]} to {limits[MOST, c]}.")
        mentors, mentees = (int((layout.kind[inside] == kind).sum()) for kind in (0, 1))
        if mentors > limits[MENTORS, c] or mentees > limits[MENTEES, c]:
            raise ValueError(f"Circle {c} starts with more mentors or mentees than it has seats for.")
        if size and size in {mentors, mentees}:
            raise ValueError(f"Circle {c} starts with nobody for one of the two roles.")
    seated = np.flatnonzero(layout.place < pool)
    if not layout.allowed[seated, layout.place[seated]].all():
        raise ValueError("Somebody starts in a circle where she is not allowed.")
