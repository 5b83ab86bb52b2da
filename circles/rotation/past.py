"""What a circle's rotation remembers: who can meet, who truly met, who sat out; read from the store for the rules."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from circles.meetings import met_pairs
from circles.programme.rules import settings_of
from circles.rotation import elsewhere, rules, walls
from circles.rotation.ledger import crosses
from circles.rotation.memory import pairs_of
from circles.rotation.values import LARGEST_TABLE, History, Pair, Player, Role, Rotation
from storage import Session, members, rounds
from storage.tables import Circle, Member, Placement, Programme, Seat

OWN_WISH, NO_ROOM = "skipped", "no-room"  # sitting out by her own word gives no first turn next time


def players(db: Session, circle: Circle, number: int) -> list[Player]:
    """Give who can meet in round ``number``: seated, not paused, not skipping it.

    A mentor takes as many mentees as she has room for, and one where the programme wishes for pairs only.
    """
    skipping = rounds.skipping(db, circle.id, number)
    most = 1 if rotation_of(members.circle(db, circle.id)[1]).odd == "bye" else LARGEST_TABLE - 1
    return [
        _player(seat, member, most)
        for seat, member, _person in members.seated(db, circle.id)
        if member.state == "seated" and member.id not in skipping
    ]


def _player(seat: Seat, member: Member, most: int = LARGEST_TABLE - 1) -> Player:
    """Weigh a member as the rules do; a mentor who would be a mentee, too, is one while she has no room for anybody."""
    is_both = seat.role == "mentor" and member.stance == "both" and member.capacity == 0
    return Player(member.id, "both" if is_both else cast("Role", seat.role), min(member.capacity, most))


def history(db: Session, circle_id: int) -> History:
    """Read what happened: a group met when one of its people says so; whoever says she wasn't there has met nobody.

    Meetings that people who sit here now had with each other in another circle count, as `elsewhere` reads them.
    """
    numbers = {r.id: r.number for r in rounds.of_circle(db, circle_id)}
    groups: dict[int, list[Placement]] = defaultdict(list)
    sat_out = []
    for placement in rounds.placements(db, numbers):
        if placement.group_id is not None:
            groups[placement.group_id].append(placement)
        elif placement.sits_out not in {OWN_WISH, NO_ROOM}:
            sat_out.append((numbers[placement.round_id], placement.member_id))
    return History(
        tuple(_what_came_of(numbers[group[0].round_id], group) for _key, group in sorted(groups.items())),
        tuple(sorted(sat_out)),
        elsewhere.met(db, circle_id),
    )


def _what_came_of(number: int, group: Sequence[Placement]) -> rules.Placement:
    """Turn the rows of a meeting group into what the rules weigh."""
    host = next((p.member_id for p in group if p.is_host), None)
    return rules.Placement(number, frozenset(p.member_id for p in group), met_pairs(group), host)


def about(db: Session, programme: Programme, circle: Circle, member_ids: Sequence[int]) -> frozenset[Pair]:
    """Give the pairs among some people of a circle that its rotation is about: a mentor and a mentee, or everybody."""
    pairs = pairs_of(member_ids)
    if rotation_of(programme).kind != "mentor-mentee":
        return frozenset(pairs)
    seated = members.seated(db, circle.id)
    roles: dict[int, Role] = {member.id: _player(seat, member).side or "mentor" for seat, member, _person in seated}
    return frozenset(
        pair
        for pair in pairs
        for one, other in [sorted(pair)]
        if crosses(roles.get(one, "both"), roles.get(other, "both"))
    )


def rotation_of(programme: Programme) -> Rotation:
    """Give how the circles of a programme rotate."""
    settings = settings_of(programme.settings)
    return Rotation(settings.rotation, settings.table_size, settings.odd)


def plan(db: Session, programme: Programme, circle: Circle, number: int, so_far: History) -> rules.RoundPlan:
    """Plan a round of a circle from what the store knows and its history; raises rules.NoRound."""
    here = players(db, circle, number)
    return rules.next_round(
        here,
        so_far,
        rotation_of(programme),
        walls.between(db, programme, [player.id for player in here]).pairs,
        number=number,
        seed=circle.seed,
    )


def forecast(
    db: Session, programme: Programme, circle: Circle, number: int, so_far: History, *, count: int
) -> rules.Forecast:
    """Forecast ``count`` rounds from a round on as if everybody met; raises rules.NoRound."""
    here = players(db, circle, number)
    return rules.forecast(
        here,
        so_far,
        rotation_of(programme),
        walls.between(db, programme, [player.id for player in here]).pairs,
        number=number,
        seed=circle.seed,
        rounds=count,
    )
