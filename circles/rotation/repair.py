"""How an open round heals when somebody steps out of it: the others are told in neutral words, once."""

from datetime import datetime

from circles.effects import Act, CloseRoom, OpenRoom, Post
from circles.language import speaking
from circles.rotation import opening, words
from storage import Session, deliveries, members, people, rounds
from storage.tables import Circle, Member, Person, Placement, Programme, Round


def step_out(db: Session, programme: Programme, member: Member, now: datetime, why: str = "skipped") -> list[Act]:
    """Take a member out of her meeting group in the open round, unless it has met already.

    Two or more who are left still meet; one who is left sits out, is told why, and goes first next time.
    """
    del now
    seat = members.seat_of(db, member.id)
    row = rounds.newest(db, seat[1].id) if seat else None
    placement = rounds.placement_of(db, row.id, member.id) if row is not None and row.state == "open" else None
    if seat is None or row is None or placement is None or placement.group_id is None:
        return []
    group = rounds.in_group(db, placement.group_id)
    if any(p.answer == "yes" for p in group):
        return []
    deliveries.cancel(db, member_id=member.id, round_id=row.id)
    group_id = placement.group_id
    placement.group_id, placement.sits_out = None, why
    rounds.save(db, placement)
    left = [p for p in group if p.id != placement.id]
    known = members.with_persons(db, [p.member_id for p in group])
    gone = known[member.id][1]
    key = opening.group_room(programme.id, group_id)
    if len(left) >= 2:
        return _smaller_group(seat[1], row, key, gone, [known[p.member_id][1] for p in left], member.id)
    return _nobody_to_meet(db, programme, row, key, left, known)


def _smaller_group(
    circle: Circle, row: Round, key: str, gone: Person, left: list[Person], gone_member: int
) -> list[Act]:
    with speaking(circle.language):
        said = words.group_changed(gone, left)
    everybody = tuple(person.id for person in left)
    return [
        OpenRoom(f"open:{key}:without:{gone_member}", key, "", everybody),
        Post(f"changed:{key}:without:{gone_member}", key, said, "changed", round=row.id, reaches=everybody),
    ]


def _nobody_to_meet(
    db: Session,
    programme: Programme,
    row: Round,
    key: str,
    left: list[Placement],
    known: dict[int, tuple[Member, Person]],
) -> list[Act]:
    deliveries.cancel(db, room_key=key)
    deliveries.cancel(db, round_id=row.id, kinds=("introduction",)) if not left else None
    acts: list[Act] = [CloseRoom(f"close:{key}", key)]
    for placement in left:
        placement.group_id, placement.sits_out = None, "partner-cannot"
        rounds.save(db, placement)
        deliveries.cancel(db, member_id=placement.member_id, round_id=row.id)
        member, person = known[placement.member_id]
        acts.append(
            opening.sits_out(row, member, person, "partner-cannot", has_next=row.closes_on != programme.ends_on)
        )
    return acts


def part(db: Session, programme: Programme, member: Member, other: Member, now: datetime) -> list[Act]:
    """Take a member out of the open round when ``other`` is in her group, without a word about why."""
    seat = members.seat_of(db, member.id)
    row = rounds.newest(db, seat[1].id) if seat else None
    mine = rounds.placement_of(db, row.id, member.id) if row else None
    hers = rounds.placement_of(db, row.id, other.id) if row else None
    if mine is None or hers is None or mine.group_id is None or mine.group_id != hers.group_id:
        return []
    return step_out(db, programme, member, now)


def room_of(db: Session, circle: Circle, programme: Programme, key: str) -> OpenRoom:
    """Give the act that sets a circle's room to those who are seated in it now; ``key`` makes it happen once."""
    seated = [person.id for _seat, _member, person in members.seated(db, circle.id)]
    persons = people.some(db, seated)
    return OpenRoom(key, f"p{programme.id}:c{circle.id}", circle.name, tuple(sorted(persons)))
