"""Rounds of pairs: mentor with mentee, or everyone with everyone; a trio or a bye when the numbers do not match."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from circles.rotation.choosing import Group, choose
from circles.rotation.memory import UNEVEN, Memory
from circles.rotation.values import Odd, Pair

# Enough to hold a best round (29 people have 3,654 trios), few enough for the exact search to take milliseconds.
TRIOS_AMONG, TRIOS_PER_PERSON = 300, 120


@dataclass(frozen=True, slots=True)
class Turnout:
    """The people of one round as ids in order, with what is allowed and what it costs."""

    people: tuple[int, ...]
    blocked: frozenset[Pair]
    costs: Mapping[Pair, int]  # of every pair that could be placed and is not blocked
    turns: Mapping[int, int]
    memory: Memory
    odd: Odd


def mentors_with_mentees(
    turnout: Turnout, mentors: Sequence[int], mentees: Sequence[int], rng: random.Random
) -> list[Group]:
    """Choose this round's pairs of a mentor and a mentee, and trios if one side is larger and trios are wished.

    With equal sides a cycle in which every mentee meets every mentor once is never lost: the pairs not yet placed
    form a regular bipartite graph, which always has a perfect matching (König 1916).
    """
    few, many = (mentors, mentees) if len(mentors) <= len(mentees) else (mentees, mentors)
    seats = len(few) * (2 if turnout.odd == "trio" else 1)
    spared = _next_turns(turnout, many, max(0, len(many) - seats))
    if turnout.odd == "bye" and len(few) < len(many):
        ready = _best_ready(turnout, _from_here(turnout, queue_method(few, many), rng), spared)
        if ready and _burden(turnout, ready) == 0:
            return ready
    costs: dict[Group, int] = {tuple(sorted(pair)): cost for pair, cost in turnout.costs.items()}
    if turnout.odd == "trio" and (len(few) < len(many) or turnout.blocked):
        costs |= _trios_around(few, many, turnout)
    return choose(costs, turnout.turns, (min(len(many), seats) - len(few), spared))


def everyone_in_turn(turnout: Turnout, rng: random.Random) -> list[Group]:
    """Choose this round's pairs among everyone, and one trio if the number is odd and trios are wished.

    A round of the circle method that was never used is taken first, so that with a fixed roster every pair meets
    once in n - 1 rounds (n with byes). When there is none left, the cheapest possible round is computed.
    """
    is_odd = len(turnout.people) % 2 == 1
    needs_trio = is_odd and turnout.odd == "trio"
    spared = _next_turns(turnout, turnout.people, int(is_odd and not needs_trio))
    rounds = circle_method(turnout.people)
    ready = None if needs_trio else _best_ready(turnout, rng.sample(rounds, len(rounds)), spared)
    if ready and _burden(turnout, ready) == 0:
        return ready
    costs: dict[Group, int] = {tuple(sorted(pair)): cost for pair, cost in turnout.costs.items()}
    if needs_trio or (turnout.odd == "trio" and turnout.blocked):
        costs |= _trios_among(turnout)
    chosen = choose(costs, turnout.turns, (int(needs_trio), spared))
    if ready and len(ready) == len(chosen) and _burden(turnout, ready) <= _burden(turnout, chosen):
        return ready
    return chosen


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
        if all(frozenset(group) in turnout.costs for group in groups)
        and sorted(turnout.turns[person] for person in set(turnout.people).difference(*groups)) == spared
    ]
    return min(
        good,
        key=lambda groups: sum(
            memory.burden(frozenset(group)) + memory.freshness(frozenset(group)) for group in groups
        ),
        default=None,
    )


def _trios_around(few: Sequence[int], many: Sequence[int], turnout: Turnout) -> dict[Group, int]:
    """For each person of the smaller side, the cheapest trios with two of the larger side."""
    trios: dict[Group, int] = {}
    fresh = {one: sum(not turnout.memory.burden(frozenset((one, other))) for other in many) for one in few}
    for one in few:
        # Whoever has most people still to meet takes two, or the cycle ends unevenly.
        uneven = UNEVEN * min(max(fresh.values()) - fresh[one], 5) ** 2
        partners = [other for other in many if frozenset((one, other)) in turnout.costs]
        costs = [
            (uneven + sum(turnout.costs[frozenset((one, other))] for other in two), (one, *two))
            for two in combinations(partners, 2)
            if frozenset(two) not in turnout.blocked
        ]
        trios |= {trio: cost for cost, trio in sorted(costs)[:TRIOS_PER_PERSON]}
    return trios


def _trios_among(turnout: Turnout) -> dict[Group, int]:
    """The cheapest trios among everyone; those who were in few trios come first."""
    costs = []
    for trio in combinations(turnout.people, 3):
        pairs = [frozenset(two) for two in combinations(trio, 2)]
        if turnout.blocked.isdisjoint(pairs):
            had = sum(turnout.memory.trios.get(person, 0) for person in trio)
            costs.append((UNEVEN * had + sum(turnout.costs[pair] for pair in pairs), trio))
    return {trio: cost for cost, trio in sorted(costs)[:TRIOS_AMONG]}
