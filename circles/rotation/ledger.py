"""Who takes part in one round, and what each pair among them would cost."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

from circles.rotation.matching import CHANCE_BITS, Edge, Places
from circles.rotation.memory import Memory
from circles.rotation.values import Odd, Pair, Role

BARRED = -1
MANY, CHEAP, DRAWN = 64, 6, 12  # of many people, so many partners of each are likely
# Two people with few left to meet should not spend each other while others could serve them: the fewer both have
# left, the more their pair costs. All of it weighs less than one uneven trio (memory.UNEVEN).
SCARCE = 50_000_000
# Chance decides last: the chances of a whole round of 512 people add up to less than 1 << CHANCE_ROOM.
CHANCE_ROOM = CHANCE_BITS + 8
CHANCES, BURDENED = (1 << CHANCE_BITS) - 1, (SCARCE + 1) << CHANCE_ROOM


@dataclass(frozen=True, slots=True)
class Turnout:
    """The people of one round as ids in order, and what is known of them."""

    people: tuple[int, ...]
    roles: Mapping[int, Role] | None  # None where everyone meets everyone
    walls: frozenset[Pair]  # blocked pairs among these people
    turns: Mapping[int, int]
    memory: Memory
    odd: Odd
    capacities: Mapping[int, int]  # of those who stated one

    def mentees_with(self, person: int) -> int:
        """How many mentees may sit with this person as their mentor."""
        return self.capacities.get(person, self._usual)

    def mentors_with(self, person: int) -> int:
        """How many mentors may sit with this person as their mentee: two at most, where three may meet."""
        return max(1, min(self.mentees_with(person), self._usual))

    def seats_with(self, person: int) -> int:
        """How many people of the other side may sit with this person, who has a side."""
        is_mentor = self.roles is not None and self.roles[person] == "mentor"
        return self.mentees_with(person) if is_mentor else self.mentors_with(person)

    @property
    def _usual(self) -> int:
        return 2 if self.odd == "trio" else 1

    def may_share(self, people: Collection[int]) -> bool:
        """Whether one of these people may be met by all the others, as their mentor or their mentee; but for blocks."""
        if self.roles is None:
            return True
        mentors = sum(self.roles[person] == "mentor" for person in people)
        mentees = sum(self.roles[person] == "mentee" for person in people)
        others = len(people) - 1
        return any(
            (role != "mentee" and mentors <= (role == "mentor") and others <= self.mentees_with(person))
            or (role != "mentor" and mentees <= (role == "mentee") and others <= self.mentors_with(person))
            for person, role in ((person, self.roles[person]) for person in people)
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """What it costs to place people together, by their places in the turnout; BARRED where they can't be a pair."""

    costs: list[list[int]]
    worth: list[int]
    unmet: list[Places]
    fresh: list[Places]

    def edges(self) -> list[Edge]:
        """Every possible pair with its cost."""
        return [
            (one, other, cost)
            for one, row in enumerate(self.costs)
            for other, cost in enumerate(row[one + 1 :], one + 1)
            if cost != BARRED
        ]

    def likely(self) -> list[Edge]:
        """A few pairs of each place: among many people nearly always enough for a round of new pairs.

        Some are those that cost least, and more are taken by chance, since everybody costs least with the newcomers.
        """
        kept: dict[Places, int] = {}
        for one, row in enumerate(self.costs):
            near = nsmallest(CHEAP, [(cost, other) for other, cost in enumerate(row) if cost != BARRED])
            drawn = [(cost & CHANCES, cost, other) for other, cost in enumerate(row) if BARRED < cost < BURDENED]
            near += [(cost, other) for _chance, cost, other in nsmallest(DRAWN, drawn)]
            kept |= {(min(one, other), max(one, other)): cost for cost, other in near}
        return [(*two, cost) for two, cost in sorted(kept.items())]


def crosses(one: Role, other: Role) -> bool:
    """Whether two roles make a pair of a mentor and a mentee."""
    return one != other or one == "both"


def weigh(turnout: Turnout, rng: random.Random) -> Ledger:
    """Weigh every pair of a turnout: what the two had together, how few they have left to meet, and chance."""
    people, memory = turnout.people, turnout.memory
    roles = [turnout.roles[person] for person in people] if turnout.roles else None
    costs = [[BARRED] * len(people) for _ in people]
    unmet: list[Places] = []
    fresh: list[Places] = []
    left = [0] * len(people)
    for one, other in combinations(range(len(people)), 2):
        if roles and not crosses(roles[one], roles[other]):
            continue
        pair = frozenset((people[one], people[other]))
        if pair in turnout.walls:
            continue
        costs[one][other] = 0
        if pair in memory.placed:
            costs[one][other] = memory.burden(pair) + memory.freshness(pair)
        else:
            fresh.append((one, other))
        if pair not in memory.met:
            unmet.append((one, other))
            left[one] += 1
            left[other] += 1
    for one, other in unmet:
        costs[one][other] += SCARCE // (left[one] * left[other])
    for one, row in enumerate(costs):
        for other in range(one + 1, len(people)):
            if row[other] != BARRED:
                row[other] = (row[other] << CHANCE_ROOM) + rng.getrandbits(CHANCE_BITS)
                costs[other][one] = row[other]
    seat = (len(people) + 1) ** 3  # one person more sitting out is worse than any unfair turn
    return Ledger(costs, [seat + turnout.turns[person] ** 2 for person in people], unmet, fresh)
