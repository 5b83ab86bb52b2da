"""Pairs among a crowd, block by block: no table of all pairs, and a repair where a block ran out of new people."""

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circles.rotation.choosing import Group
from circles.rotation.ledger import Turnout, crosses
from circles.rotation.matching import cheapest
from circles.rotation.memory import MET
from circles.rotation.stars import separated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Costs = NDArray[np.int64]

BLOCK = 512  # an even number: a block of people gives whole pairs
SCALE = 500_000  # costs of the past are divided by this (memory.LATELY), so that floating point counts them exactly
CHANCE_BITS = 12
TRIED = 4000  # pairs with which a repeat may change partners
NEVER = 16 * MET
Known = Mapping[int, Sequence[int]]


def everyone(turnout: Turnout, rng: random.Random) -> list[Group]:
    """Choose pairs among everyone, or among roles that cross; an odd one joins a pair or sits out, by turn."""
    people = rng.sample(turnout.people, len(turnout.people))
    spare: list[int] = []
    joins = len(people) % 2 == 1 and turnout.odd == "trio"
    if len(people) % 2:
        had = turnout.memory.trios
        spare = [min(people, key=lambda one: had.get(one, 0) if joins else turnout.turns[one])]
        people.remove(spare[0])
    pairs: list[tuple[int, int]] = []
    known = _known(turnout)
    for block in _blocks(people):
        costs = _costs(turnout, known, block, block, rng)
        pairs += [(block[one], block[other]) for one, other in near_best(costs)]
    groups: list[Group] = list(_repaired(turnout, pairs, rng))
    if joins:
        _join(turnout, groups, spare[0])
    return groups


def crossing(turnout: Turnout, few: Sequence[int], many: Sequence[int], rng: random.Random) -> list[Group]:
    """Choose for each person of the smaller side one or more of the larger; who sits out does so by turn."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    owners = rng.sample(few, len(few))
    for seat in range(1, max(turnout.seats_with(one) for one in few)):
        further = [one for one in few if turnout.seats_with(one) > seat]
        owners += rng.sample(further, len(further))
    placed = sorted(rng.sample(many, len(many)), key=lambda one: -turnout.turns[one])[: len(owners)]
    rng.shuffle(placed)
    owners = owners[: len(placed)]
    pairs: list[tuple[int, int]] = []
    known = _known(turnout)
    for at in range(0, len(placed), BLOCK):
        left, right = owners[at : at + BLOCK], placed[at : at + BLOCK]
        rows, columns = linear_sum_assignment(_costs(turnout, known, left, right, rng).astype(np.float64))
        pairs += [(left[row], right[column]) for row, column in zip(rows, columns, strict=True)]
    partners: dict[int, list[int]] = {}
    for one, other in _repaired(turnout, pairs, rng):
        partners.setdefault(one, []).append(other)
    groups: list[Group] = [(one, *sorted(others)) for one, others in sorted(partners.items())]
    return separated(turnout, groups) if turnout.walls else groups


def cost_of(turnout: Turnout, one: int, other: int) -> int:
    """What the past says against placing two people together; more than anything else if they must not be."""
    pair = frozenset((one, other))
    if pair in turnout.walls or (turnout.roles and not crosses(turnout.roles[one], turnout.roles[other])):
        return NEVER
    return turnout.memory.burden(pair) + turnout.memory.freshness(pair)


def _blocks(people: Sequence[int]) -> list[Sequence[int]]:
    """The people in blocks of about the same even size."""
    count = max(1, -(-len(people) // BLOCK))
    size = -(-len(people) // count)
    size += size % 2
    return [people[at : at + size] for at in range(0, len(people), size)]


def _known(turnout: Turnout) -> dict[int, list[int]]:
    """Whom each person was placed with or must not meet: all that costs anything."""
    known: dict[int, list[int]] = {person: [] for person in turnout.people}
    for pairs in (turnout.memory.placed, turnout.walls):
        for one, other in pairs:
            if one in known and other in known:
                known[one].append(other)
                known[other].append(one)
    return known


def _costs(turnout: Turnout, known: Known, left: Sequence[int], right: Sequence[int], rng: random.Random) -> "Costs":
    """The costs of a block with chance in the lowest bits, the same both ways; whole numbers."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round

    rows, columns = {one: at for at, one in enumerate(left)}, {one: at for at, one in enumerate(right)}
    costs = _chance(len(left), len(right), rng.getrandbits(32))
    for one, row in rows.items():
        for other in known.get(one, ()):
            if other in columns:
                costs[row, columns[other]] += (cost_of(turnout, one, other) // SCALE) << CHANCE_BITS
    if turnout.roles:
        sides = {"mentor": 0, "mentee": 1, "both": 2}
        of_left = np.array([sides[turnout.roles[one]] for one in left])
        of_right = np.array([sides[turnout.roles[one]] for one in right])
        one_side = (of_left[:, None] == of_right[None, :]) & (of_left[:, None] < 2)
        costs[one_side] = (NEVER // SCALE) << CHANCE_BITS
    return costs


def _chance(rows: int, columns: int, seed: int) -> "Costs":
    """A number of CHANCE_BITS bits for each pair of places, the same both ways: integers, mixed by splitmix64."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round

    one, other = np.arange(rows, dtype=np.uint64)[:, None], np.arange(columns, dtype=np.uint64)[None, :]
    mixed = (np.minimum(one, other) << np.uint64(20)) + np.maximum(one, other) + (np.uint64(seed) << np.uint64(32))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - CHANCE_BITS)).astype(np.int64)


def near_best(costs: "Costs") -> list[tuple[int, int]]:
    """Pair an even number of places cheaply; `costs` is symmetric, in whole numbers.

    The best assignment of places to places falls into cycles; each of even length is split into its cheaper half of
    pairs, those left over from the odd ones are paired exactly, and pairs change partners while that helps. Half of
    the assignment's cost is a lower bound for any pairing.
    """
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    alone = costs.astype(np.float64)
    np.fill_diagonal(alone, np.inf)
    follows = linear_sum_assignment(alone)[1].tolist()
    pairs: list[tuple[int, int]] = []
    over: list[int] = []
    seen = [False] * len(follows)
    for start in range(len(follows)):
        cycle: list[int] = []
        at = start
        while not seen[at]:
            seen[at] = True
            cycle.append(at)
            at = follows[at]
        halves, left = _split(cycle, costs)
        pairs += halves
        over += left
    edges = [(one, other, int(costs[over[one], over[other]])) for other in range(len(over)) for one in range(other)]
    pairs += [(over[one], over[other]) for one, other in cheapest([1] * len(over), edges)]
    return _swapped(pairs, costs)


def _split(cycle: list[int], costs: "Costs") -> tuple[list[tuple[int, int]], list[int]]:
    """The cheapest way to take every other step of a cycle; of an odd one somebody is left over."""
    size = len(cycle)
    if size < 2:
        return [], cycle
    steps = [int(costs[cycle[at], cycle[(at + 1) % size]]) for at in range(size)]
    if size % 2 == 0:
        start = int(sum(steps[1::2]) < sum(steps[::2]))
        return [(cycle[at], cycle[(at + 1) % size]) for at in range(start, size, 2)], []
    totals = [sum(steps[(out + step) % size] for step in range(1, size - 1, 2)) for out in range(size)]
    out = totals.index(min(totals))
    pairs = [(cycle[(out + step) % size], cycle[(out + step + 1) % size]) for step in range(1, size - 1, 2)]
    return pairs, [cycle[out]]


def _swapped(pairs: list[tuple[int, int]], costs: "Costs") -> list[tuple[int, int]]:
    """Let two pairs change partners while that makes both together cheaper."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round

    ends = np.array(pairs, dtype=np.int64)
    for _ in range(8):
        changed = False
        for at in range(len(ends)):
            one, other = ends[at]
            now = costs[one, other] + costs[ends[:, 0], ends[:, 1]]
            straight = costs[one, ends[:, 0]] + costs[other, ends[:, 1]] - now
            crossed = costs[one, ends[:, 1]] + costs[other, ends[:, 0]] - now
            straight[at] = crossed[at] = 0
            best, flips = min((int(straight.min()), 0), (int(crossed.min()), 1))
            if best < 0:
                with_whom = int((crossed if flips else straight).argmin())
                third, fourth = ends[with_whom]
                ends[at], ends[with_whom] = (
                    ((one, fourth), (other, third)) if flips else ((one, third), (other, fourth))
                )
                changed = True
        if not changed:
            break
    return [(int(one), int(other)) for one, other in ends]


def _repaired(turnout: Turnout, pairs: list[tuple[int, int]], rng: random.Random) -> list[tuple[int, int]]:
    """Let pairs that were placed before change partners with pairs of other blocks, where that costs less.

    In pairs of a mentor and a mentee each keeps her place, first or second. Who must not meet in the end sits out.
    """
    costs = [cost_of(turnout, *two) for two in pairs]
    for at in sorted(range(len(pairs)), key=lambda at: -costs[at]):
        tried = rng.sample(range(len(pairs)), min(TRIED, len(pairs))) if costs[at] else []
        for there in tried:
            if there == at or costs[at] == 0:
                continue
            (one, other), (third, fourth) = pairs[at], pairs[there]
            new = cost_of(turnout, one, fourth), cost_of(turnout, third, other)
            if sum(new) < costs[at] + costs[there]:
                pairs[at], pairs[there] = (one, fourth), (third, other)
                costs[at], costs[there] = new
    return [two for two, cost in zip(pairs, costs, strict=True) if cost < NEVER]


def _join(turnout: Turnout, groups: list[Group], third: int) -> None:
    """Let one person join the pair with which she costs least; nobody, if she may join none."""
    costs = [
        sum(cost_of(turnout, third, other) for other in group) if turnout.may_share((*group, third)) else NEVER
        for group in groups
    ]
    least = min(costs, default=NEVER)
    if least < NEVER:
        at = costs.index(least)
        groups[at] = tuple(sorted((*groups[at], third)))
