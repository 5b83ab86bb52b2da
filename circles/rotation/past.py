"""What a circle's rotation remembers: who can meet, who truly met, who sat out; read from the store for the rules."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from circles.meetings import met_pairs
from circles.programme.rules import settings_of
from circles.rotation import rules
from circles.rotation.values import History, Player, Role, Rotation
from storage import Session, members, people, rounds
from storage.tables import Circle, Placement, Programme

OWN_WISH = "skipped"  # sitting out by her own word gives no first turn next time


def players(db: Session, circle: Circle, number: int) -> list[Player]:
    """Give who can meet in round ``number``: seated, not paused, not skipping it."""
    skipping = rounds.skipping(db, circle.id, number)
    return [
        Player(member.id, cast("Role", seat.role))
        for seat, member, _person in members.seated(db, circle.id)
        if member.state == "seated" and member.id not in skipping
    ]


def history(db: Session, circle_id: int) -> History:
    """Read what happened: a group met when one of its people says so; whoever says she wasn't there has met nobody."""
    numbers = {r.id: r.number for r in rounds.of_circle(db, circle_id)}
    groups: dict[int, list[Placement]] = defaultdict(list)
    sat_out = []
    for placement in rounds.placements(db, numbers):
        if placement.group_id is not None:
            groups[placement.group_id].append(placement)
        elif placement.sits_out != OWN_WISH:
            sat_out.append((numbers[placement.round_id], placement.member_id))
    return History(
        tuple(_what_came_of(numbers[group[0].round_id], group) for _key, group in sorted(groups.items())),
        tuple(sorted(sat_out)),
    )


def _what_came_of(number: int, group: Sequence[Placement]) -> rules.Placement:
    """Turn the rows of a meeting group into what the rules weigh."""
    return rules.Placement(number, frozenset(p.member_id for p in group), met_pairs(group))


def rotation_of(programme: Programme) -> Rotation:
    """Give how the circles of a programme rotate."""
    settings = settings_of(programme.settings)
    return Rotation(settings.rotation, settings.table_size, settings.odd)


def plan(db: Session, programme: Programme, circle: Circle, number: int, so_far: History) -> rules.RoundPlan:
    """Plan a round of a circle from what the store knows and its history; raises rules.NoRound."""
    return rules.next_round(
        players(db, circle, number),
        so_far,
        rotation_of(programme),
        people.blocked_members(db, programme.id),
        number=number,
        seed=circle.seed,
    )


def forecast(db: Session, programme: Programme, circle: Circle, number: int, count: int) -> rules.Forecast:
    """Forecast the next ``count`` rounds as if everybody met; raises rules.NoRound."""
    return rules.forecast(
        players(db, circle, number),
        history(db, circle.id),
        rotation_of(programme),
        people.blocked_members(db, programme.id),
        number=number,
        seed=circle.seed,
        rounds=count,
    )
