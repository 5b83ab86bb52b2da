"""The best arrangement there is, proved: for few people all ways are weighed, not only those that a search comes by.

Two circles: every way to divide the people. Three or more: every possible circle, and the best cover of the people by
those that could be in it (set partitioning, solved by HiGHS through SciPy), where not too many circles are possible.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from circles.partition import WALL, Rules, ledger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Costs = NDArray[np.float64]

EXACT_AT_MOST = 24
"""People; the ways to divide them double with each."""

POSSIBLE = 400_000
"""Possible circles that are priced: up to two seconds."""

COLUMNS, NODES = 8_000, 200
"""Circles that HiGHS chooses among, and branches it looks at; more would outlast an organiser's patience."""

FIRST, MORE, TURNS, SLACK = 20, 300, 60, 0.5
"""Circles of each person that are known at first, those that each turn makes known, and turns at most; half a point is
more than floating point can be wrong by."""

LOW_BITS = 14
"""Sets are weighed so many bits at a time: tables of 16,384 rows."""

FORBIDDEN = WALL // 2


class Sets:
    """What sets of people are worth as circles, by the same points as a partition; person i is bit i.

    `languages` are the sets of people who speak one; a circle lies within one of them. `rules` are the same for all
    circles. Sets are weighed in tables of all sets of the first `low` people, each together with some of the others:
    what the low bits add is worked out once.
    """

    def __init__(self, weights: "NDArray[Any]", rules: Rules, languages: Sequence[int]) -> None:
        import numpy as np  # noqa: PLC0415 - start-up time: most commands form no circle

        n = len(weights)
        self.people, self.low = n, min(n, LOW_BITS)
        self.languages = languages
        self.weights = weights.astype(np.float64)  # whole numbers far below 2**53: exact
        self.matched = rules.matched if rules.served is not None else 0
        finds = np.asarray(rules.served) if rules.served is not None else np.zeros((n, n), dtype=np.int8)
        self.finds = [sum(1 << int(j) for j in np.flatnonzero(row)) for row in finds]
        self.sets = np.arange(1 << self.low, dtype=np.int64)
        self.inside = ((self.sets[:, None] >> np.arange(self.low)) & 1).astype(np.float64)
        lower = self.weights[: self.low, : self.low]
        self.pairs = ((self.inside @ lower) * self.inside).sum(axis=1) / 2
        self.found = np.column_stack([(self.sets & found) != 0 for found in self.finds]).astype(np.float64)
        self.cost, self.steps = _costs(rules, n)
        self.counts = (self.inside @ self.steps[: self.low]).astype(np.int64)

    def tables(self) -> "Iterator[tuple[int, Numbers]]":
        """Yield the worth of all sets in pieces: the bits that a piece has in common, and its worths in order."""
        for high in range(1 << (self.people - self.low)):
            yield high << self.low, self.worth(high << self.low)

    def worth(self, base: int) -> "Numbers":
        """Return the worth of `base` with each set of the low people; FORBIDDEN or less where that is no circle."""
        import numpy as np  # noqa: PLC0415 - as above

        low = self.low
        above = [i for i in range(low, self.people) if base >> i & 1]
        by_person = self.weights[:low, above].sum(axis=1)
        found = np.zeros(len(self.sets))
        if self.matched:
            there = np.array([bool(base & self.finds[i]) for i in range(self.people)])
            by_person = by_person + self.matched * there[:low]
            for i in np.flatnonzero(~there[:low]):
                found += self.inside[:, i] * self.found[:, i]
            lacking = [i for i in above if not there[i]]
            found += self.found[:, lacking].sum(axis=1) + (len(above) - len(lacking))
        together = self.weights[np.ix_(above, above)].sum() / 2
        worth = self.pairs + self.inside @ by_person + self.matched * found + together
        worth -= self.cost[self.counts + int(self.steps[above].sum())]
        speak_alike = np.zeros(len(self.sets), dtype=bool)
        for speakers in self.languages:
            if not base & ~speakers:
                speak_alike |= (self.sets & ~speakers) == 0
        return np.where(speak_alike, worth, FORBIDDEN).astype(np.int64)


def _costs(rules: Rules, n: int) -> "tuple[Numbers, Numbers]":
    """Return what each count of mentors, mentees and either costs, and how far each person moves along that table."""
    import numpy as np  # noqa: PLC0415 - as above

    span = n + 1
    mentor_seats, mentee_seats = (int(np.max(np.asarray(seats))) for seats in (rules.mentors, rules.mentees))
    most, least = int(np.max(np.asarray(rules.most))), int(np.max(np.asarray(rules.least)))
    costs = np.full(span**3, -2 * FORBIDDEN, dtype=np.int64)
    for mentors in range(min(n, mentor_seats) + 1):
        for mentees in range(min(n - mentors, mentee_seats) + 1):
            for either in range(n - mentors - mentees + 1):
                size = mentors + mentees + either
                if least <= size <= most and mentors < size and mentees < size:
                    lean = ledger.leaning(mentors, mentees, either, mentor_seats, mentee_seats)
                    at = (mentors * span + mentees) * span + either
                    costs[at] = rules.lean * lean + rules.size * size**2
    return costs, np.array([span**2, span, 1], dtype=np.int64)[np.asarray(rules.kind)]


def divide(
    weights: "NDArray[Any]", rules: Rules, languages: Sequence[int], start: Sequence[int]
) -> tuple[int, ...] | None:
    """Return the best circles (sets of people, everybody in one of them), or None when that can't be proved here.

    `weights` [n, n] and `rules` as for a partition, the same for each circle; n up to EXACT_AT_MOST. There are as many
    circles as in `start`, a way to divide the people that keeps the rules where there are more than two.
    """
    n = len(weights)
    if not 2 <= len(start) <= n <= EXACT_AT_MOST:
        return None
    sets = Sets(weights, rules, languages)
    return _in_two(sets, n) if len(start) == 2 else _in_several(sets, n, start)


def _in_two(sets: Sets, n: int) -> tuple[int, int] | None:
    """Weigh each set with its complement: read backwards, the table of all sets is that of the complements."""
    import numpy as np  # noqa: PLC0415 - as above

    worth = np.empty(1 << n, dtype=np.int32)
    for base, piece in sets.tables():
        worth[base : base + len(piece)] = piece
    half = len(worth) // 2
    both = worth[:half] + worth[half:][::-1]
    best = int(both.argmax())
    return (best, (1 << n) - 1 - best) if both[best] > FORBIDDEN else None


def _in_several(sets: Sets, n: int, start: Sequence[int]) -> tuple[int, ...] | None:
    """Cover the people by the best of all possible circles, as many as in `start`, which is kept if none are better.

    Of all possible circles few can be in a better cover: whatever each person and each circle is priced at, a cover is
    worth its prices and what each of its circles is worth above the prices of its people. The prices are those of the
    best cover by shares of circles (column generation; Barnhart et al., Operations Research 46(3), 1998).
    """
    import numpy as np  # noqa: PLC0415 - as above

    possible = _possible(sets)
    if possible is None:
        return None
    found, worths = possible
    at = np.searchsorted(found, start)
    if (at >= len(found)).any() or (found[np.minimum(at, len(found) - 1)] != start).any():
        return None
    inside = ((found[:, None] >> np.arange(n)) & 1).astype(np.float64)
    cells = np.hstack([inside, np.ones((len(found), 1))])
    wanted = np.array([1.0] * n + [len(start)])
    above, level = _priced(cells, worths, wanted, at)
    had = int(worths[at].sum())
    # Each other circle of a cover is worth at most the highest above its prices.
    least = had - level - (len(start) - 1) * max(0.0, float(above.max()))
    kept = np.union1d(np.flatnonzero(above > least - SLACK), at)
    chosen = _covered(cells[kept], worths[kept], wanted) if len(kept) <= COLUMNS else None
    if chosen is None:
        return None
    if int(worths[kept[chosen]].sum()) <= had:
        return tuple(start)
    return tuple(int(group) for group in found[kept[chosen]])


def _possible(sets: Sets) -> "tuple[Numbers, Numbers] | None":
    """Return every possible circle in order and its worth; none where there are too many."""
    import numpy as np  # noqa: PLC0415 - as above

    found: list[Numbers] = []
    worths: list[Numbers] = []
    left = POSSIBLE
    for base, worth in sets.tables():
        possible = np.flatnonzero(worth > FORBIDDEN)
        found.append(possible | base)
        worths.append(worth[possible])
        left -= len(possible)
        if left < 0:
            return None
    return np.concatenate(found), np.concatenate(worths)


def _priced(cells: "Costs", worths: "Numbers", wanted: "Costs", start: "Numbers") -> "tuple[Costs, float]":
    """Price people so that no circle is worth much more than its people; return by how much each is, and all prices.

    Any prices are true; better ones leave fewer circles to choose among.
    """
    import numpy as np  # noqa: PLC0415 - as above
    from scipy.optimize import linprog  # noqa: PLC0415 - as above

    known = set(start.tolist())
    for person in range(cells.shape[1] - 1):
        having = np.flatnonzero(cells[:, person])
        known |= set(having[np.argsort(-worths[having], kind="stable")[:FIRST]].tolist())
    for _turn in range(TURNS):
        columns = np.array(sorted(known))
        prices = -linprog(-worths[columns], A_eq=cells[columns].T, b_eq=wanted, method="highs-ds").eqlin.marginals
        above = worths - cells @ prices
        best = np.argsort(-above, kind="stable")[:MORE]
        fresh = {int(column) for column in best if above[column] > SLACK} - known
        if not fresh:
            break
        known |= fresh
    return above, float(wanted @ prices)


def _covered(cells: "Costs", worths: "Numbers", wanted: "Costs") -> "Numbers | None":
    """Return the best circles that cover everybody once, by HiGHS; None where that can't be proved in time."""
    import numpy as np  # noqa: PLC0415 - as above
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above
    from scipy.sparse import csc_array  # noqa: PLC0415 - as above

    answer = milp(
        -worths.astype(float),
        constraints=LinearConstraint(csc_array(cells.T), wanted, wanted),
        integrality=np.ones(len(worths)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )
    return None if answer.status != 0 or answer.x is None else np.flatnonzero(answer.x > 0.5)
