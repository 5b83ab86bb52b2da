"""Who meets whom in the next round of a circle: the rules, without chat, clock or database."""

from collections.abc import Collection, Sequence

from circles import seeds
from circles.rotation import drawing, hosts
from circles.rotation.contradictions import refuse_contradictions
from circles.rotation.drawing import coverage
from circles.rotation.values import (
    MOST_ROUNDS,
    Contradiction,
    Forecast,
    History,
    Kind,
    MeetingGroup,
    NoRound,
    Odd,
    OutOfRange,
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
    "Contradiction",
    "Forecast",
    "History",
    "Kind",
    "MeetingGroup",
    "NoRound",
    "Odd",
    "OutOfRange",
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
    possible, Contradiction if the history can't be true, OutOfRange for a seed or number that can't be, ValueError if
    a player is named twice.
    """
    refuse_contradictions(history)
    return _hosted(history, rotation, number, seed, _drawing(players, rotation, blocked, seed))


def _drawing(players: Sequence[Player], rotation: Rotation, blocked: Collection[Pair], seed: int) -> hosts.Draw:
    """Draw rounds among these people, each only once: hosts are chosen with an eye on the rounds to come."""
    drawn: dict[object, RoundPlan] = {}

    def draw(past: History, number: int, apart: frozenset[Pair]) -> RoundPlan:
        if rotation.kind != "tables":
            return drawing.drawn(players, past, rotation, blocked, number=number, seed=seed)
        key = (number, apart, frozenset((held.number, held.people, held.met) for held in past.placements))
        if key not in drawn:
            drawn[key] = drawing.drawn(players, past, rotation, {*blocked, *apart}, number=number, seed=seed)
        return drawn[key]

    return draw


def _hosted(history: History, rotation: Rotation, number: int, seed: int, draw: hosts.Draw) -> RoundPlan:
    plan = draw(history, number, frozenset())
    return hosts.named(plan, history, number, draw, seed) if rotation.kind == "tables" else plan


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
    if not seeds.is_whole(rounds, 0, MOST_ROUNDS):
        raise OutOfRange(f"a forecast shows 0 to {MOST_ROUNDS} rounds, not {rounds!r}")
    if not seeds.is_whole(number, 1, MOST_ROUNDS):
        raise OutOfRange(f"rounds count from 1 to {MOST_ROUNDS}, not {number!r}")
    refuse_contradictions(history)
    plans: list[RoundPlan] = []
    past = history.before(number)
    draw = _drawing(players, rotation, blocked, seed)
    for at in range(number, number + rounds):
        plan = _hosted(past, rotation, at, seed, draw)
        plans.append(plan)
        past = hosts.as_if_met(past, plan, at)
    had, could = coverage(players, past, rotation, blocked)
    repeated = next((number + i for i, plan in enumerate(plans) if plan.repeats), None)
    return Forecast(tuple(plans), repeated, had / could if could else 0.0)
