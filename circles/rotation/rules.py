"""Who meets whom in the next round of a circle: the rules, without chat, clock or database."""

import random
from collections.abc import Collection, Sequence

from circles.rotation import pairs, tables
from circles.rotation.memory import Memory, pairs_of, remember
from circles.rotation.values import (
    Forecast,
    History,
    Kind,
    MeetingGroup,
    NoRound,
    Odd,
    Pair,
    Placement,
    Player,
    Reason,
    Role,
    Rotation,
    RoundPlan,
    Rule,
    SitOut,
)

__all__ = [
    "Forecast",
    "History",
    "Kind",
    "MeetingGroup",
    "NoRound",
    "Odd",
    "Pair",
    "Placement",
    "Player",
    "Reason",
    "Role",
    "Rotation",
    "RoundPlan",
    "Rule",
    "SitOut",
    "coverage",
    "forecast",
    "next_round",
]


def next_round(
    players: Sequence[Player],
    history: History,
    rotation: Rotation,
    blocked: Collection[Pair],
    *,
    number: int,
    seed: int,
) -> RoundPlan:
    """Plan round `number` for the people who can meet in it.

    The same seed gives the same plan whatever the order of `players` and `blocked`; a circle may keep one seed or
    draw a new one each round. Only the history before `number` counts. Raises NoRound if no meeting group is
    possible, ValueError if a player is named twice.
    """
    roles = {player.id: player.role for player in players}
    if len(roles) < len(players):
        raise ValueError("a player is named twice")
    _require_two_sides(roles, rotation.kind)
    walls = frozenset(pair for pair in blocked if len(pair) == 2 and pair <= roles.keys())
    possible = _possible_pairs(roles, rotation.kind, walls)
    able = sorted(frozenset().union(*possible))
    if not able:
        raise NoRound("blocked", roles)
    memory = remember(history, number)
    rng = random.Random(f"{seed}:{number}")
    groups = _groups({person: roles[person] for person in able}, possible, memory, rotation, walls, rng)
    mentors_first = [tuple(sorted(group, key=lambda person: (roles[person] != "mentor", person))) for group in groups]
    placed = frozenset(person for group in groups for person in group)
    counted = set(possible)
    return RoundPlan(
        groups=tuple(MeetingGroup(group) for group in sorted(mentors_first)),
        sitting_out=_sitting_out(roles, placed, frozenset(able), rotation, walls),
        repeats=tuple(
            pair
            for group in sorted(mentors_first)
            for pair in pairs_of(group)
            if pair in counted and pair in memory.met
        ),
    )


def forecast(
    players: Sequence[Player],
    history: History,
    rotation: Rotation,
    blocked: Collection[Pair],
    *,
    number: int,
    seed: int,
    rounds: int,
) -> Forecast:
    """Plan `rounds` rounds from round `number` on, as if everybody met each time.

    `first_repeat` is the number of the first round with a pair that has met before. Raises NoRound as next_round does.
    """
    plans: list[RoundPlan] = []
    past = history.before(number)
    for at in range(number, number + rounds):
        plan = next_round(players, past, rotation, blocked, number=at, seed=seed)
        plans.append(plan)
        past = History(
            past.placements
            + tuple(Placement(at, frozenset(group.people), frozenset(pairs_of(group.people))) for group in plan.groups),
            past.sat_out + tuple((at, sitter.person) for sitter in plan.sitting_out),
        )
    had, could = coverage(players, past, rotation, blocked)
    first_repeat = next((number + i for i, plan in enumerate(plans) if plan.repeats), None)
    return Forecast(tuple(plans), first_repeat, had / could if could else 0.0)


def coverage(
    players: Sequence[Player], history: History, rotation: Rotation, blocked: Collection[Pair]
) -> tuple[int, int]:
    """Count the pairs among these players that have met, and the pairs that could."""
    roles = {player.id: player.role for player in players}
    possible = _possible_pairs(roles, rotation.kind, frozenset(blocked))
    met = {pair for placement in history.placements for pair in placement.met}
    return sum(pair in met for pair in possible), len(possible)


def _require_two_sides(roles: dict[int, Role], kind: Kind) -> None:
    if len(roles) < 2:
        raise NoRound("too-few", roles)
    if kind == "mentor-mentee" and "mentor" not in roles.values():
        raise NoRound("no-mentor", roles)
    if kind == "mentor-mentee" and "mentee" not in roles.values():
        raise NoRound("no-mentee", roles)


def _possible_pairs(roles: dict[int, Role], kind: Kind, walls: frozenset[Pair]) -> list[Pair]:
    """The pairs this rotation is about, without the blocked ones."""
    return [
        pair
        for pair in pairs_of(roles)
        if pair not in walls and (kind != "mentor-mentee" or len({roles[person] for person in pair}) == 2)
    ]


def _groups(
    roles: dict[int, Role],
    possible: Sequence[Pair],
    memory: Memory,
    rotation: Rotation,
    walls: frozenset[Pair],
    rng: random.Random,
) -> list[tuple[int, ...]]:
    people, turns = tuple(roles), memory.turns(tuple(roles))
    if rotation.kind == "tables":
        return tables.seat(people, memory, walls, turns, rotation.size, rng)
    among = frozenset(pair for pair in walls if pair <= roles.keys())
    turnout = pairs.Turnout(people, among, memory.costs(possible, rng), turns, memory, rotation.odd)
    if rotation.kind == "everyone":
        return pairs.everyone_in_turn(turnout, rng)
    mentors = [person for person in people if roles[person] == "mentor"]
    mentees = [person for person in people if roles[person] == "mentee"]
    return pairs.mentors_with_mentees(turnout, mentors, mentees, rng)


def _sitting_out(
    roles: dict[int, Role], placed: frozenset[int], able: frozenset[int], rotation: Rotation, walls: frozenset[Pair]
) -> tuple[SitOut, ...]:
    """Who is not placed, and the plainest true reason for each."""
    sitters = [person for person in sorted(roles) if person not in placed]
    reasons: dict[int, Reason] = dict.fromkeys(sitters, "blocked")
    free = [person for person in sitters if person in able]
    mentors = sum(roles[person] == "mentor" for person in able)
    for person in free:
        if rotation.kind == "mentor-mentee" and mentors * 2 != len(able):
            more: Role = "mentor" if mentors * 2 > len(able) else "mentee"
            if roles[person] == more:
                reasons[person] = "more-mentors" if more == "mentor" else "more-mentees"
        elif rotation.kind == "tables" and not any(person in pair for pair in walls):
            reasons[person] = "too-few"
    if rotation.kind == "everyone" and rotation.odd == "bye" and len(able) % 2 and free:
        reasons[free[0]] = "odd-number"
    return tuple(SitOut(person, reasons[person]) for person in sitters)
