"""Rounds of pairs in which three meet where the number leaves somebody over."""

import random
from collections.abc import Sequence
from itertools import combinations

from circles.rotation.choosing import Group, choose
from circles.rotation.ledger import BARRED, CHANCE_ROOM, Ledger, Turnout
from circles.rotation.matching import Edge, cheapest
from circles.rotation.memory import MET, UNEVEN

# Set partitioning holds enough groups for a best round (29 people have 3,654 trios) up to so many people.
PARTITION_UP_TO, TRIOS_AMONG = 40, 300
LISTED_UP_TO = 48  # people; above that, trios are made by adding somebody to a pair
MILD = (UNEVEN // 10) << CHANCE_ROOM  # floating point counts whole costs of a partition exactly when divided by this
NEAR, ENOUGH, AT_MOST = 7, 2, 200  # partners looked at, trios tried, and tried where repeats can't be avoided


def among(turnout: Turnout, ledger: Ledger, rng: random.Random) -> list[Group]:
    """Choose pairs among everyone and one trio: the cheapest trio and rest of all, but for chance.

    Among roles, whose pairs cross, a trio is one person and two of the other side; somebody who is both has no side
    until then, so that each pair in it that crosses counts. Where blocks keep a single trio from seating all, as many
    trios as it takes are made.
    """
    size = len(turnout.people)
    chosen = None
    if size % 2:
        chosen = _one_trio(turnout, ledger) if size <= LISTED_UP_TO else _one_joins(turnout, ledger, rng)
    if chosen is None and size <= PARTITION_UP_TO:
        costs = _pair_costs(turnout, ledger) | {
            trio: cost // MILD for cost, trio in _named(turnout, _trios(turnout, ledger)[:TRIOS_AMONG])
        }
        return choose(costs, turnout.turns)
    if chosen is None:
        chosen = _joined(turnout, ledger, cheapest(ledger.worth, ledger.edges()))
    return [tuple(turnout.people[place] for place in group) for group in chosen]


def _pair_costs(turnout: Turnout, ledger: Ledger) -> dict[Group, int]:
    return {(turnout.people[one], turnout.people[other]): cost // MILD for one, other, cost in ledger.edges()}


def _named(turnout: Turnout, trios: Sequence[tuple[int, Group]]) -> list[tuple[int, Group]]:
    return [(cost, tuple(turnout.people[place] for place in trio)) for cost, trio in trios]


def _beside(turnout: Turnout, ledger: Ledger) -> list[list[int]]:
    """What two people cost in one trio: as much as in a pair, and nothing where they are of one side."""
    if turnout.roles is None:
        return ledger.costs
    people = turnout.people
    return [
        [
            0 if cost == BARRED and frozenset((people[one], people[other])) not in turnout.walls else cost
            for other, cost in enumerate(row)
        ]
        for one, row in enumerate(ledger.costs)
    ]


def _may_share(turnout: Turnout, places: Sequence[int]) -> bool:
    return turnout.roles is None or turnout.may_share([turnout.people[place] for place in places])


def _trios(turnout: Turnout, ledger: Ledger) -> list[tuple[int, Group]]:
    """All trios among everyone, the cheapest first; those who were in few trios cost less."""
    costs, had = _beside(turnout, ledger), turnout.memory.trios
    uneven = [(UNEVEN * had.get(person, 0)) << CHANCE_ROOM for person in turnout.people]
    listed: list[tuple[int, Group]] = []
    for one, other in combinations(range(len(turnout.people)), 2):
        first, second, two = costs[one], costs[other], costs[one][other]
        if two != BARRED:
            two += uneven[one] + uneven[other]
            listed += [
                (two + first[third] + second[third] + uneven[third], (one, other, third))
                for third in range(other + 1, len(costs))
                if first[third] != BARRED and second[third] != BARRED
            ]
    if turnout.roles:
        listed = [trio for trio in listed if _may_share(turnout, trio[1])]
    listed.sort()
    return listed


def _one_trio(turnout: Turnout, ledger: Ledger) -> list[Group] | None:
    """The cheapest trio with the cheapest pairs of the others; None if no trio lets all others be paired.

    A few trios of people who cost each other least are tried first. Where none of them spares everybody a repeat, all
    are, from the cheapest on, until no later one can save a repeat.
    """
    edges, size = ledger.edges(), len(turnout.people)

    def best_of(trios: Sequence[tuple[int, Group]], at_least: int) -> tuple[int, list[Group]] | None:
        best: tuple[int, list[Group]] | None = None
        for tried, (cost, trio) in enumerate(trios):
            if best and tried >= ENOUGH and _repeats(cost + at_least) >= _repeats(best[0]):
                break
            rest = [edge for edge in edges if edge[0] not in trio and edge[1] not in trio]
            pairs = cheapest([1] * size, rest)
            if 2 * len(pairs) + 3 == size:
                total = cost + sum(ledger.costs[one][other] for one, other in pairs)
                best = min(best, (total, [trio, *pairs])) if best else (total, [trio, *pairs])
        return best

    best = best_of(_near_trios(turnout, ledger)[:ENOUGH], 0)
    if best is None or _repeats(best[0]):
        best = best_of(_trios(turnout, ledger)[:AT_MOST], _least_without_three(edges, size))
    return best[1] if best else None


def _near_trios(turnout: Turnout, ledger: Ledger) -> list[tuple[int, Group]]:
    """Trios of somebody and two of those she costs least with, the cheapest first."""
    costs, had = _beside(turnout, ledger), turnout.memory.trios
    uneven = [(UNEVEN * had.get(person, 0)) << CHANCE_ROOM for person in turnout.people]
    listed: dict[Group, int] = {}
    for one, row in enumerate(ledger.costs):
        others = sorted((cost + uneven[other], other) for other, cost in enumerate(row) if cost != BARRED)[:NEAR]
        for (first, other), (second, third) in combinations(others, 2):
            if (two := costs[other][third]) != BARRED and _may_share(turnout, (one, other, third)):
                listed[tuple(sorted((one, other, third)))] = uneven[one] + first + second + two
    return sorted((cost, trio) for trio, cost in listed.items())


def _repeats(cost: int) -> int:
    return cost // (MET << CHANCE_ROOM)


def _least_without_three(edges: Sequence[Edge], size: int) -> int:
    """What the pairs cost at least when three people, whichever, are taken out: a bound for every trio."""
    out = [(place, size + seat, 0) for place in range(size) for seat in range(3)]
    costs = {(one, other): cost for one, other, cost in edges}
    return sum(costs.get(two, 0) for two in cheapest([1] * (size + 3), [*edges, *out]))


def _one_joins(turnout: Turnout, ledger: Ledger, rng: random.Random) -> list[Group] | None:
    """Pair all but one of those who were in fewest trios, who joins the pair she costs least with."""
    had = turnout.memory.trios
    order = sorted(range(len(turnout.people)), key=lambda place: (had.get(turnout.people[place], 0), rng.random()))
    costs = _beside(turnout, ledger)
    best: tuple[int, list[Group]] | None = None
    for third, edges in ((order[0], ledger.likely()), (order[0], ledger.edges()), (order[1], ledger.edges())):
        if best and not _repeats(best[0]):
            break
        pairs = cheapest([1] * len(turnout.people), [edge for edge in edges if third not in edge[:2]])
        groups = _joined(turnout, ledger, pairs)
        if len(groups) == len(turnout.people) // 2 and sum(map(len, groups)) == len(turnout.people):
            cost = sum(costs[one][other] for group in groups for one, other in combinations(group, 2))
            best = min(best, (cost, groups)) if best else (cost, groups)
    return best[1] if best else None


def _joined(turnout: Turnout, ledger: Ledger, pairs: Sequence[Group]) -> list[Group]:
    """These pairs, and whoever is left over joins the pair she may join and costs least with."""
    groups, costs, had = list(pairs), _beside(turnout, ledger), turnout.memory.trios
    for third in sorted(set(range(len(costs))).difference(*pairs)):
        open_to = [
            (
                sum(
                    costs[third][place] + (UNEVEN * had.get(turnout.people[place], 0) << CHANCE_ROOM) for place in group
                ),
                at,
            )
            for at, group in enumerate(groups)
            if len(group) == 2
            and BARRED not in (costs[third][group[0]], costs[third][group[1]])
            and _may_share(turnout, (*group, third))
        ]
        if open_to:
            at = min(open_to)[1]
            groups[at] = tuple(sorted((*groups[at], third)))
    return groups
