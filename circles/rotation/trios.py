"""Rounds in which three meet where the numbers leave somebody over, or more where a mentor can take more."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from circles.rotation.choosing import Group, choose
from circles.rotation.ledger import BARRED, CHANCE_ROOM, Ledger, Turnout
from circles.rotation.matching import Edge, cheapest
from circles.rotation.memory import MET, UNEVEN

# Set partitioning holds enough groups for a best round (29 people have 3,654 trios) up to so many people.
PARTITION_UP_TO, TRIOS_AMONG, TRIOS_PER_PERSON = 40, 300, 120
LISTED_UP_TO = 48  # people; above that, trios are made by adding somebody to a pair
MILD = (UNEVEN // 10) << CHANCE_ROOM  # floating point counts whole costs of a partition exactly when divided by this
NEAR, ENOUGH, AT_MOST = 7, 2, 200  # partners looked at, trios tried, and tried where repeats can't be avoided


def among(turnout: Turnout, ledger: Ledger, rng: random.Random) -> list[Group]:
    """Choose pairs among everyone and one trio: the cheapest trio and rest of all, but for chance.

    Where blocks keep a single trio from seating all, as many trios as it takes are made.
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


def _trios(turnout: Turnout, ledger: Ledger) -> list[tuple[int, Group]]:
    """All trios among everyone, the cheapest first; those who were in few trios cost less."""
    costs, had = ledger.costs, turnout.memory.trios
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
    costs, had = ledger.costs, turnout.memory.trios
    uneven = [(UNEVEN * had.get(person, 0)) << CHANCE_ROOM for person in turnout.people]
    listed: dict[Group, int] = {}
    for one, row in enumerate(costs):
        others = sorted((cost + uneven[other], other) for other, cost in enumerate(row) if cost != BARRED)[:NEAR]
        for (first, other), (second, third) in combinations(others, 2):
            if (two := costs[other][third]) != BARRED:
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
    best: tuple[int, list[Group]] | None = None
    for third, edges in ((order[0], ledger.likely()), (order[0], ledger.edges()), (order[1], ledger.edges())):
        if best and not _repeats(best[0]):
            break
        pairs = cheapest([1] * len(turnout.people), [edge for edge in edges if third not in edge[:2]])
        groups = _joined(turnout, ledger, pairs)
        if len(groups) == len(turnout.people) // 2 and sum(map(len, groups)) == len(turnout.people):
            cost = sum(ledger.costs[one][other] for group in groups for one, other in combinations(group, 2))
            best = min(best, (cost, groups)) if best else (cost, groups)
    return best[1] if best else None


def _joined(turnout: Turnout, ledger: Ledger, pairs: Sequence[Group]) -> list[Group]:
    """These pairs, and whoever is left over joins the pair she may join and costs least with."""
    groups, costs, had = list(pairs), ledger.costs, turnout.memory.trios
    for third in sorted(set(range(len(costs))).difference(*pairs)):
        open_to = [
            (
                sum(
                    costs[third][place] + (UNEVEN * had.get(turnout.people[place], 0) << CHANCE_ROOM) for place in group
                ),
                at,
            )
            for at, group in enumerate(groups)
            if len(group) == 2 and BARRED not in (costs[third][group[0]], costs[third][group[1]])
        ]
        if open_to:
            at = min(open_to)[1]
            groups[at] = tuple(sorted((*groups[at], third)))
    return groups


def around(turnout: Turnout, ledger: Ledger, few: Sequence[int], many: Sequence[int]) -> list[Group]:
    """Choose for each person of the smaller side one or more of the larger: as few sit out as can be, the cheapest way.

    Everybody of the smaller side has a place for her first partner and one for each further one, which costs more;
    pairing those places is exact. Only where two of the larger side who are blocked from each other would share a
    partner, all groups of two and three are weighed as a partition, or, among many people, the second one moves.
    """
    place = {person: at for at, person in enumerate(turnout.people)}
    seats = _further_seats(turnout, ledger, few, many)
    group_of: dict[int, list[int]] = {}
    worth, edges = [*ledger.worth], ledger.edges()
    for at, (one, extra) in enumerate(seats, len(worth)):
        worth.append(0)
        row = ledger.costs[place[one]]
        edges += [(place[other], at, row[place[other]] + extra) for other in many if row[place[other]] != BARRED]
    owner = [*turnout.people, *(one for one, _extra in seats)]
    centres = set(few)
    for left, right in cheapest(worth, edges):
        one, other = owner[left], owner[right]
        centre, partner = (one, other) if one in centres else (other, one)
        group_of.setdefault(centre, []).append(partner)
    groups: list[Group] = [(centre, *sorted(partners)) for centre, partners in sorted(group_of.items())]
    if _keeps_apart(turnout, groups):
        return groups
    if len(turnout.people) <= PARTITION_UP_TO and all(turnout.seats_with(one) <= 2 for one in few):
        # No round is cheaper than the pairing: where trading places costs no more, nothing else need be tried.
        traded = _traded(turnout, ledger, groups)
        if _keeps_apart(turnout, traded) and _total(turnout, ledger, traded) < _total(turnout, ledger, groups) + MILD:
            return traded
        return choose(_pair_costs(turnout, ledger) | _trios_around(turnout, ledger, few, many), turnout.turns)
    return separated(turnout, groups)


def _keeps_apart(turnout: Turnout, groups: Sequence[Group]) -> bool:
    return not turnout.walls or turnout.walls.isdisjoint(
        frozenset(two) for group in groups for two in combinations(group, 2)
    )


def _total(turnout: Turnout, ledger: Ledger, groups: Sequence[Group]) -> int:
    """What these groups cost, but for the seats, each of them around its first person."""
    place = {person: at for at, person in enumerate(turnout.people)}
    return sum(ledger.costs[place[centre]][place[other]] for centre, *others in groups for other in others)


def _traded(turnout: Turnout, ledger: Ledger, groups: Sequence[Group]) -> list[Group]:
    """The same groups after pairs of people have traded places, while that parts who is blocked or saves something."""
    place = {person: at for at, person in enumerate(turnout.people)}

    def weight(group: Group) -> tuple[int, int]:
        row = ledger.costs[place[group[0]]]
        costs = [row[place[other]] for other in group[1:]]
        broken = sum(frozenset(two) in turnout.walls for two in combinations(group[1:], 2))
        return (len(turnout.people), 0) if BARRED in costs else (broken, sum(costs))

    def trades() -> Iterator[tuple[tuple[int, int], int, Group, int, Group]]:
        for first, second in combinations(range(len(now)), 2):
            for one, other in product(now[first][1:], now[second][1:]):
                left = tuple(other if person == one else person for person in now[first])
                right = tuple(one if person == other else person for person in now[second])
                (broken, cost), (more, further) = weight(left), weight(right)
                gain = broken + more - weights[first][0] - weights[second][0]
                yield (gain, cost + further - weights[first][1] - weights[second][1]), first, left, second, right

    now, weights = list(groups), [weight(group) for group in groups]
    while (best := min(trades(), default=((0, 0), 0, (), 0, ())))[0] < (0, 0):
        _gain, first, left, second, right = best
        now[first], now[second] = left, right
        weights[first], weights[second] = weight(left), weight(right)
    return [(centre, *sorted(partners)) for centre, *partners in now]


def separated(turnout: Turnout, groups: Sequence[Group]) -> list[Group]:
    """The same groups, where whoever is blocked from a third moves to a group that has room for her, or sits out."""
    kept: list[Group] = []
    moving: list[int] = []
    for centre, *partners in groups:
        group: Group = (centre,)
        for partner in partners:
            if turnout.walls.isdisjoint(frozenset((partner, other)) for other in group):
                group = (*group, partner)
            else:
                moving.append(partner)
        kept.append(group)
    for partner in moving:
        for at, group in enumerate(kept):
            has_room = len(group) <= turnout.seats_with(group[0])
            if has_room and turnout.walls.isdisjoint(frozenset((partner, other)) for other in group):
                kept[at] = (*group, partner)
                break
    return kept


def _fewest_left(turnout: Turnout, ledger: Ledger, few: Sequence[int]) -> dict[int, int]:
    """How far each person of the smaller side is behind the one with most people still to meet, for her second seat."""
    fresh = dict.fromkeys(few, 0)
    for two in ledger.fresh:
        for at in two:
            if turnout.people[at] in fresh:
                fresh[turnout.people[at]] += 1
    # Whoever has most people still to meet takes two, or the cycle ends unevenly.
    return {one: UNEVEN * min(max(fresh.values()) - left, 5) ** 2 for one, left in fresh.items()}


def _further_seats(turnout: Turnout, ledger: Ledger, few: Sequence[int], many: Sequence[int]) -> list[tuple[int, int]]:
    """The second and later seats around each person, with what it costs to fill them beyond the pair itself."""
    uneven = _fewest_left(turnout, ledger, few)
    return [
        (one, (uneven[one] + 40 * UNEVEN * seat) << CHANCE_ROOM)
        for one in few
        for seat in range(min(turnout.seats_with(one), len(many)) - 1)
    ]


def _trios_around(turnout: Turnout, ledger: Ledger, few: Sequence[int], many: Sequence[int]) -> dict[Group, int]:
    """For each person of the smaller side, the cheapest trios with two of the larger side."""
    place = {person: at for at, person in enumerate(turnout.people)}
    uneven = _fewest_left(turnout, ledger, few)
    trios: dict[Group, int] = {}
    for one in (one for one in few if turnout.seats_with(one) > 1):
        row = ledger.costs[place[one]]
        partners = [other for other in many if row[place[other]] != BARRED]
        listed = [
            ((uneven[one] << CHANCE_ROOM) + sum(row[place[other]] for other in two), (one, *two))
            for two in combinations(partners, 2)
            if frozenset(two) not in turnout.walls
        ]
        trios |= {trio: cost // MILD for cost, trio in sorted(listed)[:TRIOS_PER_PERSON]}
    return trios
