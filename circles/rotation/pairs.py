"""Rounds of pairs: mentor with mentee, or everyone with everyone; a trio or a bye when the numbers do not match."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace

from circles.rotation import constellation, crowd, stars, trios
from circles.rotation.choosing import Group
from circles.rotation.ledger import MANY, Ledger, Turnout, weigh
from circles.rotation.matching import cheapest, far_sighted
from circles.rotation.values import Role

EXACT_UP_TO = 360  # people; above that, rounds are near the optimum and still without a repeat where one is possible
MOST_TRIES, LEAST_TRIES, TRIED_PEOPLE = 16, 2, 160  # how many pairings are looked at with foresight: a circle's worth


def everyone_in_turn(turnout: Turnout, rng: random.Random) -> list[Group]:
    """Choose this round's pairs among everyone, and one trio if the number is odd and trios are wished.

    While the membership stands, the rounds of the circle method are used up one by one, so that every pair meets once
    in n - 1 rounds (n with byes), and then again at the greatest distance. Otherwise the cheapest round is computed.
    """
    if len(turnout.people) > EXACT_UP_TO:
        return crowd.everyone(turnout, rng)
    is_odd = len(turnout.people) % 2 == 1
    if is_odd and turnout.odd == "trio":
        return trios.among(turnout, weigh(turnout, rng), rng)
    rounds = circle_method(turnout.people)
    stands = _stands(turnout, rounds)
    spared = _next_turns(turnout, turnout.people, int(is_odd))
    ready = _best_ready(turnout, rng.sample(rounds, len(rounds)), spared) if stands else None
    if ready and _burden(turnout, ready) == 0:
        return ready
    chosen = _pairs(turnout, weigh(turnout, rng), spared, rng)
    if ready and len(ready) == len(chosen) and _burden(turnout, ready) <= _burden(turnout, chosen):
        return ready
    return chosen


def mentors_with_mentees(turnout: Turnout, rng: random.Random) -> list[Group]:
    """Choose this round's pairs of a mentor and a mentee, and larger groups if one side is larger and that is wished.

    With equal sides a cycle in which every mentee meets every mentor once is never lost: the pairs not yet placed
    form a regular bipartite graph, which always has a perfect matching (König 1916). Whoever is both takes the side
    that is short; where neither is, she may meet anybody. Where blocks then leave somebody out who might be seated, the
    groups and the sides are chosen together.
    """
    sided = replace(turnout, roles=take_sides(turnout))
    if len(turnout.people) > EXACT_UP_TO:
        is_mixed = "both" in (sided.roles or {}).values()
        return crowd.everyone(sided, rng) if is_mixed else crowd.crossing(sided, *_sides(sided), rng)
    groups, is_best = _crossed(sided, rng)
    if len(turnout.people) > constellation.UP_TO or _may_only_pair(turnout):
        return groups
    if is_best and (not turnout.walls or sum(map(len, groups)) >= constellation.most_seated(turnout)):
        return groups
    return constellation.best(turnout, weigh(turnout, rng), rng) or groups


def _crossed(turnout: Turnout, rng: random.Random) -> tuple[list[Group], bool]:
    """The groups of people with sides or none, and whether those with sides can't be seated in better ones."""
    few, many = _sides(turnout)
    is_mixed = len(few) + len(many) < len(turnout.people)
    short = len(many) - len(few)
    if not is_mixed and short and all(turnout.seats_with(one) == 1 for one in few):
        rounds = queue_method(few, many)
        spared = _next_turns(turnout, many, short)
        ready = _best_ready(turnout, _from_here(turnout, rounds, rng), spared) if _stands(turnout, rounds) else None
        if ready and _burden(turnout, ready) == 0:
            return ready, True
    ledger = weigh(turnout, rng)
    if is_mixed and len(turnout.people) % 2 and not _may_only_pair(turnout):
        return trios.among(turnout, ledger, rng), True
    if not is_mixed and (short or turnout.walls) and any(turnout.seats_with(one) > 1 for one in few):
        return stars.around(turnout, ledger, few, many)
    return _pairs(turnout, ledger, None if is_mixed else _next_turns(turnout, many, short), rng), True


def take_sides(turnout: Turnout) -> dict[int, Role]:
    """Give each of those who are both the side that is short; the same roles where the sides can be evened as pairs.

    The same roles, too, where only pairs meet and blocks may ask for either side.
    """
    roles = dict(turnout.roles or {})
    both = [person for person in turnout.people if roles[person] == "both"]
    mentors = sum(role == "mentor" for role in roles.values())
    mentees = len(roles) - mentors - len(both)
    if abs(mentors - mentees) < len(both) or (turnout.walls and _may_only_pair(turnout)):
        return roles
    return roles | dict.fromkeys(both, "mentor" if mentors < mentees else "mentee")


def _sides(turnout: Turnout) -> tuple[list[int], list[int]]:
    """The smaller and the larger side; the mentors first if they are as many."""
    roles = turnout.roles or {}
    mentors = [person for person in turnout.people if roles[person] == "mentor"]
    mentees = [person for person in turnout.people if roles[person] == "mentee"]
    return (mentors, mentees) if len(mentors) <= len(mentees) else (mentees, mentors)


def _may_only_pair(turnout: Turnout) -> bool:
    """Whether nobody may meet two at once."""
    return all(max(turnout.mentees_with(person), turnout.mentors_with(person)) < 2 for person in turnout.people)


def _pairs(turnout: Turnout, ledger: Ledger, spared: list[int] | None, rng: random.Random) -> list[Group]:
    """The cheapest pairs, chosen with an eye on the rounds to come where nobody has to meet again in this one.

    Among many people a few likely partners of each are enough if nobody meets again and only those sit out whose turn
    it is (`spared`), which no other pairs can better.
    """
    chosen: list[tuple[int, int]] = []
    if spared is not None and len(turnout.people) > MANY:
        chosen = cheapest(ledger.worth, ledger.likely())
        over = set(range(len(turnout.people))).difference(*chosen)
        if sorted(turnout.turns[turnout.people[place]] for place in over) != spared or not set(chosen) <= set(
            ledger.fresh
        ):
            chosen = []
    chosen = chosen or cheapest(ledger.worth, ledger.edges())
    if len(turnout.people) - 2 * len(chosen) > 1 and turnout.odd == "trio" and turnout.walls and not turnout.roles:
        return trios.among(turnout, ledger, rng)
    if set(chosen) <= set(ledger.fresh):
        tries = max(LEAST_TRIES, min(MOST_TRIES, TRIED_PEOPLE // len(turnout.people)))
        chosen = far_sighted(chosen, ledger.fresh, ledger.unmet, rng, tries)
    return [(turnout.people[one], turnout.people[other]) for one, other in chosen]


def circle_method(people: Sequence[int]) -> list[list[Group]]:
    """All rounds of the circle method: each pair once; with an odd number each person is left out once.

    One seat (an empty one if the number is odd) stays, the others move around it; in round t the seats whose numbers
    add up to 2 t meet. Source: the round-robin construction of Kirkman (1847).
    """
    around = list(people) if len(people) % 2 else list(people[:-1])
    size = len(around)
    rounds = []
    for turn in range(size):
        groups: list[Group] = [
            (around[(turn + step) % size], around[(turn - step) % size]) for step in range(1, size // 2 + 1)
        ]
        rounds.append(groups if len(people) % 2 else [(around[turn], people[-1]), *groups])
    return rounds


def queue_method(few: Sequence[int], many: Sequence[int]) -> list[list[Group]]:
    """All rounds in which the larger side takes turns as in a queue: each cross pair once in as many rounds as it has.

    In round k the next of the queue take the seats in order; each time the queue is back where it began, after
    lcm(few, many) seats, all move on by one seat, so that nobody gets the same partner again.
    """
    lap = math.lcm(len(few), len(many))
    rounds: list[list[Group]] = []
    for turn in range(len(many)):
        taken = turn * len(few)
        shift = taken // lap
        rounds.append([(few[(seat + shift) % len(few)], many[(taken + seat) % len(many)]) for seat in range(len(few))])
    return rounds


def _stands(turnout: Turnout, rounds: Sequence[list[Group]]) -> bool:
    """Whether each of these rounds was used as a whole or not at all, as when nobody has come or gone or skipped."""
    placed = turnout.memory.placed
    return all(len({frozenset(group) in placed for group in groups}) == 1 for groups in rounds)


def _burden(turnout: Turnout, groups: Sequence[Group]) -> int:
    return sum(turnout.memory.burden(frozenset(group)) for group in groups)


def _next_turns(turnout: Turnout, side: Sequence[int], count: int) -> list[int]:
    """The turns of those who would sit out if so many of one side must."""
    return sorted(turnout.turns[person] for person in side)[:count]


def _from_here(turnout: Turnout, rounds: Sequence[list[Group]], rng: random.Random) -> list[list[Group]]:
    """The same rounds in the same order, beginning after the one that was used last, or anywhere if none was."""

    def used(at: int) -> tuple[int, int]:
        pairs = [frozenset(group) for group in rounds[at]]
        return min(turnout.memory.placed.get(pair, -1) for pair in pairs), at

    last_used, last = max(used(at) for at in range(len(rounds)))
    start = last + 1 if last_used >= 0 else rng.randrange(len(rounds))
    return [*rounds[start:], *rounds[:start]]


def _best_ready(turnout: Turnout, rounds: Sequence[list[Group]], spared: list[int]) -> list[Group] | None:
    """The cheapest of these rounds that breaks no block and lets only those sit out whose turn it is, if any does."""
    memory = turnout.memory
    good = [
        groups
        for groups in rounds
        if turnout.walls.isdisjoint(frozenset(group) for group in groups)
        and sorted(turnout.turns[person] for person in set(turnout.people).difference(*groups)) == spared
    ]
    return min(
        good,
        key=lambda groups: sum(
            memory.burden(frozenset(group)) + memory.freshness(frozenset(group)) for group in groups
        ),
        default=None,
    )
