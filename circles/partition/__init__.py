"""People into circles so that the points of all pairs who share one add up to the most.

This is the maximally diverse grouping problem, with what forming needs besides: walls between people, seats for
roles, languages, a waiting pool with a queue. A seeded annealing that goes through all trades of one person at a
time; whole numbers throughout, so the same seed and steps give the same answer everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

WALL = -10_000_000
"""The weight of two people who may not share a circle."""

INTERPRETED = 200_000
"""Up to so many steps the kernel runs as plain Python: compiling it, or loading it compiled, would take longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a partition must keep, and what counts besides pairs; n people, G circles, whole numbers.

    `least`, `most` [G]: sizes. `kind` [n]: 0 can only be a mentor, 1 only a mentee, 2 either; with `mentors`,
    `mentees` [G]: a circle takes at most so many of kind 0 and of kind 1, never more people than both together,
    and is never all of one of these kinds.
    `allowed` [n, G]: who may sit where. `rank` [n]: somebody waiting takes the seat only of people with the same rank
    or a later one. `served` [n, n]: whether j gives i what she asked for; each person with such a j in her circle adds
    `matched` points. `lean` points are lost for each seat by which the roles of a circle are out of balance, and `size`
    points for the square of each circle's size.
    """

    least: "ArrayLike"
    most: "ArrayLike"
    mentors: "ArrayLike | None" = None
    mentees: "ArrayLike | None" = None
    kind: "ArrayLike | None" = None
    allowed: "ArrayLike | None" = None
    rank: "ArrayLike | None" = None
    served: "ArrayLike | None" = None
    matched: int = 0
    lean: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: steps done of steps in all, walls and points of the best so far."""

    steps: int
    steps_in_all: int
    walls: int
    points: int


@dataclass(frozen=True, slots=True)
class Result:
    """The best places found, each 0..G-1 or G for the pool, walls that are left and the points without them."""

    place: tuple[int, ...]
    points: int
    walls: int
    steps: int
    was_stopped: bool
    was_compiled: bool


Watch = Callable[[Progress], bool]


def improve(
    place: "ArrayLike",
    weights: "ArrayLike",
    rules: Rules,
    *,
    seed: int,
    steps: int,
    watch: Watch | None = None,
) -> Result:
    """Trade people between circles until the points of those who share one are as many as `steps` can find.

    `place` [n] is a start that keeps the rules: the circle of each person, 0..G-1, or G for the waiting pool. `weights`
    [n, n] are whole points for two people in one circle, symmetric, WALL where they may not share one. A start
    without walls never gets one; where there are some, one wall less counts more than any points, then one waiting
    person more in a seat. Nobody seated goes to the pool except for somebody of the pool. `seed`: 0 to 2**64 - 1.
    `steps` are trades looked at; `watch` hears now and then how far the search is, and ends it by returning False:
    only then the answer depends on more than the arguments. Raises ValueError with a sentence about what is wrong.
    """
    from circles.partition import annealing, layout  # noqa: PLC0415 - start-up time: they read arrays

    return annealing.anneal(layout.lay(place, weights, rules), seed, steps, watch)


def points(place: "ArrayLike", weights: "ArrayLike", rules: Rules) -> tuple[int, int]:
    """Return the points of places that keep the rules, and how many walls run through circles; raises ValueError."""
    from circles.partition import layout  # noqa: PLC0415 - as above

    laid = layout.lay(place, weights, rules)
    return laid.count(laid.place)


def bound(weights: "ArrayLike", rules: Rules) -> int:
    """Return points of pairs that no partition can exceed, quickly found and often far above the best.

    Half of what everybody would have with her best partners, where only as many people have a k-th partner as there
    are places in circles of more than k. Points for `matched` and those lost for `lean` and `size` are not counted.
    """
    import numpy as np  # noqa: PLC0415 - start-up time: forming alone needs arrays

    worth = np.asarray(weights, np.int64)
    least, most = np.asarray(rules.least, np.int64), np.asarray(rules.most, np.int64)
    shape = len(most), int(least.min()), int(most.max())
    best = -np.sort(-np.maximum(worth, 0), axis=1)
    total = 0
    for k in range(min(int(most.max()), len(worth)) - 1):
        people = min(int(most[most > k + 1].sum()), _in_larger(len(worth), shape, k + 1))
        total += int(np.sort(best[:, k])[len(worth) - people :].sum())
    return total // 2


def _in_larger(people: int, shape: tuple[int, int, int], size: int) -> int:
    """Return how many of so many people can sit in circles larger than a size when the others keep their least.

    `shape` is how many circles there are, and the smallest and largest size of any.
    """
    circles, smallest, largest = shape
    spare = people - smallest * circles
    if size < smallest or spare < 0:
        return people
    number = min(circles, spare // (size + 1 - smallest))
    return min(number * largest, people - (circles - number) * smallest)
