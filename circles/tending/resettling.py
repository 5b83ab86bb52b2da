"""What changing circles does besides the seat: the open round heals, shared goals stay behind, skips come along."""

from collections.abc import Collection, Iterable

from circles import outbox
from circles.effects import Act, Post, Tell
from circles.forming import launch, preview
from circles.forming.values import Role
from circles.language import speaking
from circles.messages import Message
from circles.rooms import circle_room, group_room
from circles.rotation import asking, opening, repair
from circles.rotation.past import OWN_WISH
from circles.tending import mending_words
from circles.turn import Turn
from storage import deliveries, goals, members, rounds
from storage.tables import Circle, Member, Person, Placement, Round


def take_goals_back(turn: Turn, member: Member, who: Person) -> list[Act]:
    """Make goals private again that she shared with the circle she leaves; new people were never meant to read them."""
    if not goals.take_back(turn.db, member.id):
        return []
    with speaking(who.locale):
        said = preview.goals_private_again()
    return [Tell(f"goals-back:{member.id}:{turn.call.id}", who.id, said, "goals-back", member=member.id)]


def sit(turn: Turn, circle: Circle, member: Member, role: Role) -> None:
    """Seat a member; who rests goes on resting."""
    is_paused = member.state == "paused"
    launch.seat_member(turn, circle, member, role)
    if is_paused:
        member.state = "paused"
        members.save(turn.db, member)


def change_roles(turn: Turn, circle: Circle, roles: Iterable[tuple[int, Role]]) -> None:
    """Give members of a circle, by id, the seat of another role in it."""
    for member_id, role in roles:
        members.leave_seat(turn.db, member_id, turn.now)
        sit(turn, circle, members.get(turn.db, member_id), role)


def leave_round(turn: Turn, circle: Circle, leaving: Collection[int]) -> list[Act]:
    """Take members (ids) who leave a circle together out of its open round; meetings that took place stay.

    A group that leaves as a whole falls apart without a word, since its people hear of the change itself. In the
    others whoever stays is told once.
    """
    row = rounds.newest(turn.db, circle.id)
    if row is None or row.state != "open":
        return []
    acts: list[Act] = []
    for group in rounds.groups(turn.db, row.id):
        placed = rounds.in_group(turn.db, group.id)
        gone = [p for p in placed if p.member_id in leaving]
        if not gone or any(p.answer == "yes" for p in placed):
            continue
        if len(gone) == len(placed):
            acts += _fall_apart(turn, row, placed, group.id)
        else:
            _step_out(turn, gone, group.id)
    return acts


def _fall_apart(turn: Turn, row: Round, placed: Collection[Placement], group_id: int) -> list[Act]:
    acts = opening.close_room(turn.db, turn.programme, group_id)
    for placement in placed:
        deliveries.cancel(turn.db, member_id=placement.member_id, round_id=row.id)
        placement.group_id, placement.sits_out, placement.is_host = None, OWN_WISH, False
    rounds.save(turn.db, *placed)
    return acts


def _step_out(turn: Turn, gone: Collection[Placement], group_id: int) -> None:
    """Let several people leave one group, of which the last word to those who stay is the only one that is said."""
    for placement in gone:
        deliveries.cancel(turn.db, room_key=group_room(turn.programme.id, group_id), kinds=("changed",))
        member = members.get(turn.db, placement.member_id)
        acts = repair.step_out(turn.db, turn.programme, member, turn.now)
        outbox.put(turn.db, turn.workspace.id, acts, turn.now, programme=turn.programme.slug)


def end_round(turn: Turn, circle: Circle) -> list[Act]:
    """End the open round of a circle that ends: meetings that took place stay, the others are off."""
    row = rounds.newest(turn.db, circle.id)
    if row is None or row.state != "open":
        return []
    everybody = {p.member_id for p in rounds.placements(turn.db, [row.id])}
    acts = leave_round(turn, circle, everybody)
    for group in rounds.groups(turn.db, row.id):
        if rounds.in_group(turn.db, group.id):
            acts += opening.close_room(turn.db, turn.programme, group.id)
    deliveries.cancel(turn.db, round_id=row.id)
    row.state, row.closes_on = "closed", max(row.opens_on, min(row.closes_on, turn.today))
    rounds.save(turn.db, row)
    return acts


def skips_of(turn: Turn, circle: Circle) -> set[int]:
    """Give the members (ids) who have said that they skip a circle's next round."""
    coming = asking.next_round(turn.db, circle)
    return rounds.skipping(turn.db, circle.id, coming.number) if coming else set()


def keep_skips(turn: Turn, circle: Circle, skipping: Iterable[int]) -> None:
    """Let members skip the next round of their new circle, as they would have skipped that of the former one."""
    coming = asking.next_round(turn.db, circle)
    if coming is not None:
        for member_id in sorted(skipping):
            rounds.skip(turn.db, circle.id, coming.number, member_id)


def stand_up(turn: Turn, member_id: int) -> list[Act]:
    """Take the seat of a member (id) who changes circles, and what she shared with the former one."""
    member, who = members.with_persons(turn.db, [member_id])[member_id]
    members.leave_seat(turn.db, member_id, turn.now)
    return take_goals_back(turn, member, who)


def under_way(turn: Turn, circle: Circle) -> str | None:
    """Say what a change would do to the open round of a circle; None where there is none."""
    row = rounds.newest(turn.db, circle.id)
    if row is None or row.state != "open":
        return None
    return mending_words.round_under_way(circle.name, row.number, row.closes_on)


def room(turn: Turn, circle: Circle) -> Act:
    """Set a circle's room to those who sit in it now."""
    return repair.room_of(turn.db, circle, turn.programme, f"room:c{circle.id}:{turn.call.id}")


def post(turn: Turn, circle: Circle, said: Message, kind: str) -> Act:
    """Say something in a circle's room, once for this call."""
    key = circle_room(turn.programme.id, circle.id)
    return Post(f"{kind}:{key}:{turn.call.id}", key, said, kind)
