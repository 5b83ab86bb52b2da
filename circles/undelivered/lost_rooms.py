"""Rooms that are lost, archived or closed to us: a meeting's is opened anew once, a circle's at an organiser's word."""

from datetime import datetime, timedelta

from circles.effects import Act, OpenRoom, Post
from circles.rooms import circle_of, group_of
from circles.undelivered import about, words
from circles.wall import EPOCH
from storage import Session, deliveries, members, programmes, rounds, undelivered
from storage.tables import Circle, Delivery, MeetingGroup, Programme, Room

WORTH_SAYING = timedelta(days=7)  # what was due in a lost room longer ago is not said any more
KIND = "room-lost"


def note_closed(db: Session, row: Delivery, now: datetime) -> None:
    """A room that was to be closed is lost: that comes to the same, and nobody needs another."""
    del now
    room = deliveries.room(db, row.workspace_id, row.room_key or "")
    if room is not None:
        room.state = "closed"
        deliveries.save_room(db, room)


def note_lost(db: Session, row: Delivery, now: datetime) -> None:
    """Open a meeting's room anew, once; of any other lost room tell the organisers, once."""
    key = row.room_key or ""
    room, circle = deliveries.room(db, row.workspace_id, key), about.circle_behind(db, key)
    if room is None or circle is None or circle.state != "running":
        return
    programme = programmes.get(db, circle.programme_id)
    if programme.workspace_id != row.workspace_id or programme.state == "closed":
        return
    if circle_of(key) is not None:
        _tell_of_circle(db, programme, circle, room, now)
        return
    group = rounds.group(db, group_of(key) or 0)
    in_round = rounds.get(db, group.round_id) if group is not None else None
    if group is None or in_round is None or in_round.state != "open":
        return
    everybody = _people_of(db, group)
    if len(everybody) < 2:
        return
    if times_opened(db, room):
        said = words.meeting_room_lost_said(programme.name, circle.name, in_round.number)
        about.tell_organisers(db, programme, f"{KIND}:{key}", KIND, said, now)
    else:
        open_anew(db, programme, room, OpenRoom(f"reopen:{key}:{row.id}", key, room.name, everybody), now)


def _tell_of_circle(db: Session, programme: Programme, circle: Circle, room: Room, now: datetime) -> None:
    number = number_of(db, circle)
    said = words.room_lost_said(programme.name, circle.name, number)
    about.tell_organisers(db, programme, _mark(db, room), KIND, said, now)


def _people_of(db: Session, group: MeetingGroup) -> tuple[int, ...]:
    known = members.with_persons(db, [p.member_id for p in rounds.still_in_group(db, group.id)])
    return tuple(sorted(person.id for _member, person in known.values()))


def number_of(db: Session, circle: Circle) -> int:
    """Give the number under which organisers see a running circle listed."""
    return 1 + [one.id for one in programmes.circles(db, circle.programme_id)].index(circle.id)


def times_opened(db: Session, room: Room) -> int:
    """Count how often a room was opened anew because it was lost."""
    return deliveries.counted_by_key(db, room.workspace_id, f"reopen:{room.key}:", EPOCH)


def is_known_lost(db: Session, room: Room) -> bool:
    """Say whether organisers were told that a room, as it was opened last, is lost."""
    return deliveries.counted_by_key(db, room.workspace_id, f"{_mark(db, room)}:", EPOCH) > 0


def _mark(db: Session, room: Room) -> str:
    """Give the beginning of the keys under which organisers hear it: each room that is opened can be lost once."""
    return f"{KIND}:{room.key}:{times_opened(db, room)}"


def open_anew(db: Session, programme: Programme, room: Room, opening: Act, now: datetime) -> None:
    """Open another room in the place of a lost one, and let what was due there lately go out after all."""
    room.place, room.state = "", "asked"
    deliveries.save_room(db, room)
    about.put(db, programme, [opening], now)
    missed = undelivered.in_room(db, room.workspace_id, room.key, now - WORTH_SAYING)
    undelivered.ready_again(db, [row for row in missed if isinstance(about.act_of(row), Post)], now)
