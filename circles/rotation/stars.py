"""Rounds in which one person meets one or more of the other side, who sit around her."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from circles.rotation.choosing import Group
from circles.rotation.ledger import BARRED, CHANCE_ROOM, Ledger, Turnout
from circles.rotation.matching import cheapest
from circles.rotation.memory import MET, UNEVEN

# For a third seat and for each one after it: nobody takes a third while another who has room has one, but for a repeat.
SPREAD = MET // 20
TRADING_UP_TO = 40  # people; all pairs of them are looked at for each trade
MILD = (UNEVEN // 10) << CHANCE_ROOM  # rounds that differ by less cost the same


def around(turnout: Turnout, ledger: Ledger, few: Sequence[int], many: Sequence[int]) -> tuple[list[Group], bool]:
    """Choose for each person of the smaller side one or more of the larger: as few sit out as can be, the cheapest way.

    Everybody of the smaller side has a place for her first partner and one for each further one, which costs more;
    pairing those places is exact. Only where two of the larger side who are blocked from each other would share a
    partner, people trade places or move. Says also whether the round is the best one with such groups.
    """
    groups = _nearest(turnout, ledger, few, many)
    if _keeps_apart(turnout, groups):
        return groups, True
    if len(turnout.people) > TRADING_UP_TO:
        return separated(turnout, groups), False
    # No round is cheaper than the pairing: where trading places costs no more, nothing else need be tried.
    traded = _traded(turnout, ledger, groups)
    if _keeps_apart(turnout, traded):
        return traded, _total(turnout, ledger, traded) < _total(turnout, ledger, groups) + MILD
    return separated(turnout, traded), False


def _nearest(turnout: Turnout, ledger: Ledger, few: Sequence[int], many: Sequence[int]) -> list[Group]:
    """The best groups, if no two of the larger side were blocked from each other."""
    place = {person: at for at, person in enumerate(turnout.people)}
    uneven = fewest_left(turnout, ledger, few)
    group_of: dict[int, list[int]] = {}
    worth, edges, owner = [*ledger.worth], ledger.edges(), [*turnout.people]
    for one in few:
        row = ledger.costs[place[one]]
        for cost in further_seats(uneven[one], min(turnout.seats_with(one), len(many))):
            extra = cost << CHANCE_ROOM
            edges += [
                (place[other], len(owner), row[place[other]] + extra) for other in many if row[place[other]] != BARRED
            ]
            worth.append(0)
            owner.append(one)
    centres = set(few)
    for left, right in cheapest(worth, edges):
        one, other = owner[left], owner[right]
        centre, partner = (one, other) if one in centres else (other, one)
        group_of.setdefault(centre, []).append(partner)
    return [(centre, *sorted(partners)) for centre, partners in sorted(group_of.items())]


def further_seats(uneven: int, seats: int) -> list[int]:
    """What it costs to fill the second and each later of somebody's seats, beyond the pair itself."""
    return [uneven + SPREAD * seat for seat in range(seats - 1)]


def fewest_left(turnout: Turnout, ledger: Ledger, centres: Sequence[int]) -> dict[int, int]:
    """How far each of these is behind the one with most people still to meet, as the cost of her further seats."""
    fresh = dict.fromkeys(centres, 0)
    for two in ledger.fresh:
        for at in two:
            if turnout.people[at] in fresh:
                fresh[turnout.people[at]] += 1
    # Whoever has most people still to meet takes two, or the cycle ends unevenly.
    return {one: UNEVEN * min(max(fresh.values()) - left, 5) ** 2 for one, left in fresh.items()}


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
    """The same groups, where whoever is blocked from a third moves to a group that has room for her, or sits out.

    If need be, another moves on to make room for her.
    """
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
        if not _moved_in(turnout, kept, partner):
            _made_room(turnout, kept, partner)
    return kept


def _moved_in(turnout: Turnout, kept: list[Group], partner: int, *, but: int = -1) -> bool:
    """Whether a group had room for her and took her."""
    for at, group in enumerate(kept):
        if at != but and len(group) <= turnout.seats_with(group[0]) and not _blockers(turnout, group, partner):
            kept[at] = (*group, partner)
            return True
    return False


def _made_room(turnout: Turnout, kept: list[Group], partner: int) -> bool:
    """Whether somebody could move on to another group, so that hers had room for this person and took her."""
    for at, group in enumerate(kept):
        blockers = _blockers(turnout, group, partner)
        if group[0] in blockers or len(blockers) > 1 or len(group) - len(blockers) > turnout.seats_with(group[0]) + 1:
            continue
        for other in blockers or group[1:]:
            if _moved_in(turnout, kept, other, but=at):
                kept[at] = (*(one for one in group if one != other), partner)
                return True
    return False


def _blockers(turnout: Turnout, group: Group, partner: int) -> list[int]:
    """Those of a group whom she must not meet."""
    return [other for other in group if frozenset((partner, other)) in turnout.walls]
