"""What the rotation of a circle would be like, before there is one: plain numbers in, one sentence out."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from circles.rotation import drawing, hosts, tables
from circles.rotation.contradictions import refuse_contradictions
from circles.rotation.values import SMALLEST_TABLE, History, NoRound, Pair, Player, Rotation, Rule

FARTHEST = 40  # rounds; a circle of 30 people in pairs is through after 29


@dataclass(frozen=True, slots=True)
class Outlook:
    """How far new meetings go among so many people: ``fresh`` rounds without a repeat; after them all have met or not.

    ``out`` people sit out each round (the fewest, where it differs), ``sizes`` are those of the tables.
    """

    rotation: Rotation
    fresh: int
    everybody_met: bool
    out: int
    sizes: tuple[int, ...]


def outlook(mentors: int, mentees: int, rotation: Rotation, seed: int) -> Outlook | Rule:
    """Play the rounds of a circle in which everybody always comes, until two people would meet again.

    Gives the rule that stands in the way where no round is possible. 30 people take less than half a second.
    """
    players = [Player(one, "mentor" if one <= mentors else "mentee") for one in range(1, mentors + mentees + 1)]
    so_far, number = History(), 0
    out: Counter[int] = Counter()
    try:
        while number < FARTHEST:
            plan = drawing.drawn(players, so_far, rotation, (), number=number + 1, seed=seed)
            if plan.repeats:
                break
            number += 1
            so_far = hosts.as_if_met(so_far, plan, number)
            out[len(plan.sitting_out)] += 1
            if _all_met(players, so_far, rotation):
                break
    except NoRound as impossible:
        return impossible.rule
    division = tables.sizes(len(players), rotation.size)[0] if len(players) >= SMALLEST_TABLE else [len(players)]
    return Outlook(rotation, number, _all_met(players, so_far, rotation), min(out), tuple(sorted(set(division))))


def _all_met(players: list[Player], so_far: History, rotation: Rotation) -> bool:
    met, could = drawing.coverage(players, so_far, rotation, ())
    return met == could


def first_repeat(
    players: Sequence[Player],
    history: History,
    rotation: Rotation,
    blocked: Collection[Pair],
    *,
    number: int,
    seed: int,
    rounds: int,
) -> int | None:
    """Give the first of ``rounds`` rounds in which somebody meets again; quicker than a forecast, which goes on.

    Raises NoRound and Contradiction as rules.forecast does.
    """
    refuse_contradictions(history)
    so_far = history.before(number)
    for at in range(number, number + rounds):
        plan = drawing.drawn(players, so_far, rotation, blocked, number=at, seed=seed)
        if plan.repeats:
            return at
        so_far = hosts.as_if_met(so_far, plan, at)
    return None
