"""How one round is drawn: who could meet whom, the groups, who is left out and why, and what can still come."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from circles import seeds
from circles.rotation import pairs, tables
from circles.rotation.ledger import Turnout, crosses
from circles.rotation.memory import Memory, pairs_of, remember
from circles.rotation.values import (
    LARGEST_SEED,
    MOST_ROUNDS,
    History,
    Kind,
    MeetingGroup,
    NoRound,
    OutOfRange,
    Pair,
    Player,
    Reason,
    Role,
    Rotation,
    RoundPlan,
    SitOut,
)

Roles = Mapping[int, Role]


def drawn(
    players: Sequence[Player],
    history: History,
    rotation: Rotation,
    blocked: Collection[Pair],
    *,
    number: int,
    seed: int,
) -> RoundPlan:
    """Plan a round without hosts; raises NoRound, OutOfRange, and ValueError if a player is named twice."""
    standing = {player.id: player.role for player in players}
    if len(standing) < len(players):
        raise ValueError("a player is named twice")
    if not seeds.is_whole(seed, 0, LARGEST_SEED):
        raise OutOfRange(f"a seed is a whole number from 0 to {LARGEST_SEED}, not {seed!r}")
    if not seeds.is_whole(number, 1, MOST_ROUNDS):
        raise OutOfRange(f"rounds count from 1 to {MOST_ROUNDS}, not {number!r}")
    roles = _roles(players, rotation.kind)
    without_room = standing.keys() - roles.keys()
    _require_two_sides(roles, rotation.kind, without_room)
    walls = _among(blocked, roles)
    partners = _possible_partners(roles, rotation.kind, walls)
    able = sorted(person for person, count in partners.items() if count)
    if not able:
        raise NoRound("blocked", standing, without_room)
    memory = remember(history, number)
    capacities = {player.id: player.capacity for player in players if player.capacity is not None}
    rng = random.Random(f"{seed}:{number}")
    groups = _groups({person: roles[person] for person in able}, capacities, memory, rotation, walls, seed, rng)
    order = ("mentor", "both", "mentee")
    in_order = sorted(tuple(sorted(group, key=lambda one: (order.index(standing[one]), one))) for group in groups)
    placed = frozenset(person for group in groups for person in group)
    return RoundPlan(
        groups=tuple(MeetingGroup(group) for group in in_order),
        sitting_out=tuple(
            sorted(
                _sitting_out(roles, placed, frozenset(able), rotation, walls)
                + [SitOut(person, "no-room") for person in without_room],
                key=lambda sitter: sitter.person,
            )
        ),
        repeats=tuple(
            pair
            for group in in_order
            for pair in pairs_of(group)
            if pair in memory.met and _counts(roles, rotation.kind, pair)
        ),
    )


def coverage(
    players: Sequence[Player], history: History, rotation: Rotation, blocked: Collection[Pair]
) -> tuple[int, int]:
    """Count the pairs among these players that have met, and the pairs that could."""
    roles = _roles(players, rotation.kind)
    walls = _among(blocked, roles)
    had = {*history.elsewhere}.union(*(placement.met for placement in history.placements))
    met = {pair for pair in had if pair <= roles.keys()}
    could = sum(_possible_partners(roles, rotation.kind, walls).values()) // 2
    return sum(pair not in walls and _counts(roles, rotation.kind, pair) for pair in met), could


def _roles(players: Sequence[Player], kind: Kind) -> dict[int, Role]:
    """The role of everybody who can meet somebody by this rotation."""
    if kind != "mentor-mentee":
        return {player.id: player.role for player in players}
    return {player.id: side for player in players if (side := player.side)}


def _require_two_sides(roles: Roles, kind: Kind, without_room: Collection[int]) -> None:
    people, sides = {*roles, *without_room}, set(roles.values())
    if len(people) < 2:
        raise NoRound("too-few", people, without_room)
    if kind == "mentor-mentee" and sides == {"mentee"}:
        raise NoRound("no-mentor", people, without_room)
    if kind == "mentor-mentee" and sides <= {"mentor"}:
        raise NoRound("no-mentee", people, without_room)
    if len(roles) < 2:
        raise NoRound("too-few", people, without_room)


def _counts(roles: Roles, kind: Kind, pair: Pair) -> bool:
    """Whether a rotation is about this pair."""
    one, other = pair
    return kind != "mentor-mentee" or crosses(roles[one], roles[other])


def _possible_partners(roles: Roles, kind: Kind, walls: Collection[Pair]) -> dict[int, int]:
    """How many people each person could be paired with: those this rotation is about, without the blocked ones."""
    sides = Counter(roles.values())
    others: dict[Role, int] = {
        "mentor": len(roles) - (sides["mentor"] if kind == "mentor-mentee" else 1),
        "mentee": len(roles) - (sides["mentee"] if kind == "mentor-mentee" else 1),
        "both": len(roles) - 1,
    }
    partners = {person: others[role] for person, role in roles.items()}
    for pair in walls:
        if _counts(roles, kind, pair):
            for person in pair:
                partners[person] -= 1
    return partners


def _groups(
    roles: Roles,
    capacities: Mapping[int, int],
    memory: Memory,
    rotation: Rotation,
    walls: frozenset[Pair],
    seed: int,
    rng: random.Random,
) -> list[tuple[int, ...]]:
    people, turns = tuple(roles), memory.turns(tuple(roles))
    if rotation.kind == "tables":
        return tables.seat(people, memory, walls, turns, rotation.size, seed, rng)
    among = _among(walls, roles)
    sides = roles if rotation.kind == "mentor-mentee" else None
    turnout = Turnout(people, sides, among, turns, memory, rotation.odd, capacities)
    return pairs.mentors_with_mentees(turnout, rng) if sides else pairs.everyone_in_turn(turnout, rng)


def _among(walls: Collection[Pair], people: Collection[int]) -> frozenset[Pair]:
    """The blocked pairs among these people."""
    here = frozenset(people)
    return frozenset(pair for pair in walls if len(pair) == 2 and pair <= here)


def _sitting_out(
    roles: Roles, placed: frozenset[int], able: frozenset[int], rotation: Rotation, walls: frozenset[Pair]
) -> list[SitOut]:
    """Who is not placed, and the plainest true reason for each."""
    sitters = [person for person in sorted(roles) if person not in placed]
    reasons: dict[int, Reason] = dict.fromkeys(sitters, "blocked")
    free = [person for person in sitters if person in able]
    walled = frozenset().union(*walls)
    count = Counter(roles[person] for person in able)
    if rotation.kind == "mentor-mentee":
        if abs(count["mentor"] - count["mentee"]) > count["both"]:
            more: Role = "mentor" if count["mentor"] > count["mentee"] else "mentee"
            why: Reason = "more-mentors" if more == "mentor" else "more-mentees"
            reasons |= {person: why for person in free if roles[person] == more}
        elif count["both"] and len(able) % 2:
            reasons |= {person: "odd-number" for person in free if person not in walled}
    elif rotation.kind == "tables":
        reasons |= {person: "too-few" for person in free if person not in walled}
    elif rotation.odd == "bye" and len(able) % 2 and free:
        reasons[free[0]] = "odd-number"
    return [SitOut(person, reasons[person]) for person in sitters]
