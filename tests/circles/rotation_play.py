"""A second opinion on rotations, which shares no code with the rules, and a circle played round by round."""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations

from circles.rotation import rules
from circles.rotation.rules import History, Placement, Player, Rotation, RoundPlan

Pairs = Collection[frozenset[int]]


def mentors_and_mentees(mentors: int, mentees: int) -> list[Player]:
    return [Player(number, "mentor" if number <= mentors else "mentee") for number in range(1, mentors + mentees + 1)]


def pair(one: int, other: int) -> frozenset[int]:
    return frozenset((one, other))


def pairs_in(people: Collection[int]) -> set[frozenset[int]]:
    return {pair(one, other) for one, other in combinations(people, 2)}


def countable(players: Sequence[Player], rotation: Rotation) -> set[frozenset[int]]:
    if rotation.kind != "mentor-mentee":
        return pairs_in([player.id for player in players])
    side = sides(players)
    return {two for two in pairs_in(side.keys()) if crosses(*(side[person] for person in two))}


def sides(players: Sequence[Player]) -> dict[int, str]:
    """What each is among mentors and mentees: without room for a mentee she is one, if she may be, or meets nobody."""
    return {
        player.id: "mentee" if player.capacity == 0 else player.role
        for player in players
        if player.role != "mentor" or player.capacity != 0
    }


def crosses(one: str, other: str) -> bool:
    """Whether a mentor's side can be told from a mentee's: somebody who is both can take either."""
    return {one, other} not in ({"mentor"}, {"mentee"})


def faults_of_round(
    plan: RoundPlan, players: Sequence[Player], history: History, rotation: Rotation, blocked: Pairs
) -> set[str]:
    """A second opinion on one round: every promise it breaks."""
    role = {player.id: player.role for player in players}
    seated = [person for group in plan.groups for person in group.people]
    crossing = rotation.kind == "mentor-mentee"
    counted = countable(players, rotation)
    together = [two for group in plan.groups for two in pairs_in(group.people) if two in counted]
    sizes = [len(group.people) for group in plan.groups]
    met = {two for placement in history.placements for two in placement.met}
    largest = 2 if rotation.odd == "bye" else 3
    promises = {
        "somebody is placed twice": len(seated) == len(set(seated)),
        "somebody is lost": sorted(seated + [sitter.person for sitter in plan.sitting_out]) == sorted(role),
        "nobody meets": bool(plan.groups) and min(sizes, default=0) >= 2,
        "a blocked pair meets": not any(pairs_in(group.people) & set(blocked) for group in plan.groups),
        "the repeats are wrong": sorted(map(sorted, plan.repeats))
        == sorted(sorted(two) for two in together if two in met),
        "a mentor isn't first": all(
            [role[person] for person in group.people]
            == sorted((role[person] for person in group.people), key=("mentor", "both", "mentee").index)
            for group in plan.groups
        ),
        "a group has the wrong size": max(sizes, default=0) <= largest
        if rotation.kind == "everyone"
        else all(has_room(group.people, players, largest - 1) for group in plan.groups)
        if crossing
        else max(sizes) <= 8
        and ((max(sizes) - min(sizes) <= 1 and min(sizes) >= 3) or sizes == [2] or bool(pairs_in(role) & set(blocked))),
        "a group has one side only": rotation.kind != "mentor-mentee"
        or all(pairs_in(group.people) & counted for group in plan.groups),
    }
    return {fault for fault, kept in promises.items() if not kept}


def has_room(people: Collection[int], players: Sequence[Player], usually: int) -> bool:
    """Whether one of these people may be the one whom all the others, who are of the other side, meet."""
    side = {one: role for one, role in sides(players).items() if one in people}
    room = {one.id: usually if one.capacity is None else one.capacity for one in players}

    def can_be_met_by_all(one: int) -> bool:
        others = [side[other] for other in side if other != one]
        as_mentor = side[one] != "mentee" and "mentor" not in others and len(others) <= room[one]
        as_mentee = side[one] != "mentor" and "mentee" not in others and len(others) <= max(1, min(room[one], usually))
        return as_mentor or as_mentee

    return len(side) == len(people) and any(can_be_met_by_all(one) for one in side)


def faults_of_cycle(rounds: Sequence[Sequence[Sequence[int]]], possible: Pairs) -> set[str]:
    """A second opinion on a whole cycle, in which every possible pair should meet exactly once."""
    had = Counter(two for groups in rounds for group in groups for two in pairs_in(group) if two in possible)
    twice = any(len(people) != len(set(people)) for people in ([p for g in groups for p in g] for groups in rounds))
    return {
        fault
        for fault, found in {
            "somebody is placed twice": twice,
            "a pair meets again": any(count > 1 for count in had.values()),
            "a pair never meets": any(two not in had for two in possible),
        }.items()
        if found
    }


class Play:
    """A circle played round by round, as a year would: the rules see only the history."""

    def __init__(self, players: Sequence[Player], rotation: Rotation, seed: int, blocked: Pairs = ()) -> None:
        self.players, self.rotation, self.seed, self.blocked = list(players), rotation, seed, set(blocked)
        self.history, self.number, self.plans = History(), 0, list[RoundPlan]()
        self.chance = random.Random(seed)

    def round(self, *, fails: float = 0.0, skips: float = 0.0) -> RoundPlan:
        """Play one round; each meeting falls through, and each person skips, with the given chance."""
        self.number += 1
        here = [player for player in self.players if self.chance.random() >= skips]
        plan = rules.next_round(here, self.history, self.rotation, self.blocked, number=self.number, seed=self.seed)
        assert not faults_of_round(plan, here, self.history, self.rotation, self.blocked)
        placements = tuple(
            Placement(
                self.number,
                frozenset(group.people),
                frozenset() if self.chance.random() < fails else frozenset(pairs_in(group.people)),
            )
            for group in plan.groups
        )
        sat_out = tuple((self.number, sitter.person) for sitter in plan.sitting_out)
        self.history = History(self.history.placements + placements, self.history.sat_out + sat_out)
        self.plans.append(plan)
        return plan

    def rounds(self, count: int, *, fails: float = 0.0, skips: float = 0.0) -> list[list[tuple[int, ...]]]:
        return [[group.people for group in self.round(fails=fails, skips=skips).groups] for _ in range(count)]

    def byes(self) -> list[set[int]]:
        return [{sitter.person for sitter in plan.sitting_out} for plan in self.plans]
