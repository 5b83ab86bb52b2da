"""The best pairs among some places: exactly, and with an eye on the rounds after this one."""

import random
from collections.abc import Collection, Sequence

Places = tuple[int, int]
Edge = tuple[int, int, int]  # one place, another, and what it costs to pair them: 0 or more

CHANCE_BITS = 32
AHEAD = 6  # rounds looked ahead: with more left than that, an even number of people can nearly always go on


def cheapest(worth: Sequence[int], edges: Sequence[Edge]) -> list[Places]:
    """Pair places so that those left over are worth least; of all such pairings take the cheapest.

    `worth` holds one number for each place. Exact: Edmonds' blossom algorithm (1965) in integers, by rustworkx. The
    costs hold chance in their lowest bits, so there is only one best pairing, whichever solver finds it.
    """
    from rustworkx import PyGraph, max_weight_matching  # noqa: PLC0415 - start-up time: most commands draw no round

    unit = (len(worth) // 2 + 1) * (max((cost for _one, _other, cost in edges), default=0) + 1)
    graph: PyGraph[None, int] = PyGraph(multigraph=False)
    graph.add_nodes_from([None] * len(worth))
    graph.add_edges_from([(one, other, (worth[one] + worth[other]) * unit - cost) for one, other, cost in edges])
    return sorted((min(two), max(two)) for two in max_weight_matching(graph, weight_fn=int))


def far_sighted(
    chosen: Collection[Places],
    fresh: Collection[Places],
    unmet: Collection[Places],
    rng: random.Random,
    tries: int,
) -> list[Places]:
    """Of this pairing and others of the same places, take one that leaves most rounds of as many unmet pairs.

    `chosen` is made of `fresh` pairs, which are equally good now; `unmet` pairs (all fresh ones are among them) are
    what the rounds to come are made of, if everybody stays. Looks as far as the places with fewest unmet partners can
    go, and no farther than AHEAD rounds; tries a fixed number of pairings.
    """
    partners = dict.fromkeys((place for two in chosen for place in two), 0)
    for two in unmet:
        for place in two:
            if place in partners:
                partners[place] += 1
    most = min(partners.values(), default=0) - 1
    best = current = sorted(chosen)
    if not 0 < most <= AHEAD:
        return best
    same = sorted(two for two in fresh if two[0] in partners and two[1] in partners)
    reached = -1
    for attempt in range(tries):
        if attempt:
            current = _perfect(same, rng)
        rounds = _rounds_left(set(unmet).difference(current), len(current), most, rng)
        if rounds > reached:
            best, reached = current, rounds
        if reached >= most:
            break
    return best


def _rounds_left(unmet: Collection[Places], size: int, most: int, rng: random.Random) -> int:
    """In how many rounds of so many pairs these pairs can be used up, at least; counted up to `most`."""
    rest, rounds = set(unmet), 0
    while rounds < most and len(rest) >= size:
        pairing = _perfect(sorted(rest), rng)
        if len(pairing) < size:
            break
        rest.difference_update(pairing)
        rounds += 1
    return rounds


def _perfect(pairs: Sequence[Places], rng: random.Random) -> list[Places]:
    """One largest pairing out of these pairs, by chance."""
    size = max((other for _one, other in pairs), default=-1) + 1
    return cheapest([1] * size, [(one, other, rng.getrandbits(CHANCE_BITS)) for one, other in pairs])
