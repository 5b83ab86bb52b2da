"""How an open round heals when somebody steps out of it: the others are told in neutral words, once."""

from collections.abc import Sequence
from datetime import datetime

from circles import outbox, schedule
from circles.appointments import changing
from circles.conversation import shelf
from circles.effects import Act, CloseRoom, OpenRoom, Post
from circles.language import speaking
from circles.meetings import met_pairs
from circles.programme.rules import settings_of
from circles.rooms import circle_room, group_room
from circles.rotation import hosts, hours, opening, past, room_words, words
from circles.rotation.introduction_words import Company
from circles.rotation.past import OWN_WISH
from circles.rotation.values import SMALLEST_TABLE
from circles.turn import habits_of
from storage import Session, deliveries, members, rounds
from storage.tables import Circle, Member, Person, Placement, Programme, Round


def step_out(db: Session, programme: Programme, member: Member, now: datetime) -> list[Act]:
    """Take a member out of her meeting group in the open round.

    Two or more who are left still meet; one who is left sits out, is told why, and goes first next time. Who has not
    heard yet whom she meets hears it without the one who is gone. A meeting that took place stays in everybody's
    history: then she is out of what was still to come of it, and whoever is left is told of nothing but their hour.
    """
    seat = members.seat_of(db, member.id)
    row = rounds.newest(db, seat[1].id) if seat else None
    placement = rounds.placement_of(db, row.id, member.id) if row is not None and row.state == "open" else None
    if seat is None or row is None or placement is None or placement.group_id is None:
        return []
    if member.id in rounds.skipping(db, seat[1].id, row.number):
        return []
    group, group_id, was_host = rounds.in_group(db, placement.group_id), placement.group_id, placement.is_host
    has_met = bool(met_pairs(group))
    deliveries.cancel(db, member_id=member.id, round_id=row.id)
    rounds.skip(db, seat[1].id, row.number, member.id)
    left = rounds.still_in_group(db, group_id)
    if not has_met:
        _take_out(db, [p for p in group if p not in left])
    known = members.with_persons(db, [p.member_id for p in group])
    if len(left) < 2:
        off = changing.ended(db, programme, seat[1], row, group_id, now, f"without:{member.id}")
        if has_met:
            return off + opening.close_room(db, programme, group_id)
        return off + _nobody_to_meet(db, programme, row, group_id, [(p, known[p.member_id][1]) for p in left], now)
    company = [known[p.member_id] for p in left]
    host = None
    if not has_met and (was_host or len(left) < SMALLEST_TABLE):
        host = _next_host(db, seat[1], row, left)
    rejudged = changing.regrouped(db, programme, seat[1], row, group_id, now, f"without:{member.id}")
    if deliveries.cancel(db, room_key=group_room(programme.id, group_id), kinds=("introduction",)):
        return _introduced_without(db, programme, seat[1], row, group_id, company, member, now) + rejudged
    acts = [_room_without(programme, group_id, company, member)]
    if not has_met:
        acts.append(_group_changed(programme, seat[1], row, group_id, company, known[member.id], host, now))
    return acts + rejudged


def _take_out(db: Session, gone: Sequence[Placement]) -> None:
    for placement in gone:
        placement.group_id, placement.sits_out, placement.is_host = None, OWN_WISH, False
    rounds.save(db, *gone)


def _next_host(db: Session, circle: Circle, row: Round, left: Sequence[Placement]) -> int | None:
    """Let whoever's turn it is host a table whose host has stepped out; two who are left need no host."""
    host = hosts.successor([p.member_id for p in left], past.history(db, circle.id), row.number)
    for placement in left:
        placement.is_host = placement.member_id == host
    rounds.save(db, *left)
    return host


def _room_without(programme: Programme, group_id: int, company: Company, gone: Member) -> Act:
    key = group_room(programme.id, group_id)
    return OpenRoom(f"open:{key}:without:{gone.id}", key, "", tuple(person.id for _member, person in company))


def _group_changed(
    programme: Programme,
    circle: Circle,
    row: Round,
    group_id: int,
    company: Company,
    gone: tuple[Member, Person],
    host: int | None,
    now: datetime,
) -> Act:
    left = [person for _member, person in company]
    at = hours.first_for_all([habits_of(person, programme) for person in left], now)
    with speaking(circle.language):
        said = words.group_changed(gone[1], left, next((one for member, one in company if member.id == host), None))
    key, everybody = group_room(programme.id, group_id), tuple(person.id for person in left)
    mark = f"changed:{key}:without:{gone[0].id}"
    return Post(mark, key, said, "changed", run_at=at, round=row.id, reaches=everybody)


def _introduced_without(
    db: Session,
    programme: Programme,
    circle: Circle,
    row: Round,
    group_id: int,
    company: Company,
    gone: Member,
    now: datetime,
) -> list[Act]:
    """Introduce those who are left, as if the one who is gone had never been among them."""
    # What its people have said of an hour meanwhile still holds.
    deliveries.cancel(db, room_key=group_room(programme.id, group_id), kinds=("room", "changed"))
    group = rounds.group(db, group_id)
    prompt = shelf.find(db, programme, group.prompt) if group else None
    host = next((p.member_id for p in rounds.in_group(db, group_id) if p.is_host), None)
    history, without = past.history(db, circle.id), f":without:{gone.id}"
    about = past.about(db, programme, circle, [member.id for member, _person in company])
    return opening.introduction(
        programme, circle, row, group_id, company, host, history, prompt, now, about=about, without=without
    )


def _nobody_to_meet(
    db: Session, programme: Programme, row: Round, group_id: int, left: list[tuple[Placement, Person]], now: datetime
) -> list[Act]:
    acts = opening.close_room(db, programme, group_id)
    has_next = row.closes_on != programme.ends_on
    for placement, person in left:
        placement.group_id, placement.sits_out, placement.is_host = None, "partner-cannot", False
        rounds.save(db, placement)
        deliveries.cancel(db, member_id=placement.member_id, round_id=row.id)
        at = schedule.reachable(now, habits_of(person, programme))
        acts.append(opening.sits_out(row, placement.member_id, person, "partner-cannot", has_next=has_next, at=at))
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


def room_of(db: Session, circle: Circle, programme: Programme, key: str) -> Act:
    """Give the act that sets a circle's room to those who are seated in it now; ``key`` makes it happen once.

    The room says what it is for, and carries the card of what its people agree to. Where nobody is left, it closes.
    """
    room = circle_room(programme.id, circle.id)
    seated = tuple(sorted(person.id for _seat, _member, person in members.seated(db, circle.id)))
    if not seated:
        return CloseRoom(key, room)
    with speaking(circle.language):
        topic, card = room_words.topic(programme, circle), room_words.card(programme, circle)
    card = outbox.addressed(card, programme.slug)
    has_voice = settings_of(programme.settings).voice
    return OpenRoom(key, room, circle.name, seated, is_lasting=True, topic=topic, card=card, has_voice=has_voice)
