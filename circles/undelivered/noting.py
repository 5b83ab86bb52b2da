"""Another way for a delivery that could not be made, by why it could not: told once, and only to whom it concerns."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from circles import schedule
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from circles.language import speaking
from circles.membership import going
from circles.rooms import circle_room
from circles.turn import mention, zone_of
from circles.undelivered import about, lost_rooms, words
from storage import Session, members, people
from storage.tables import Delivery, Person, Workspace

AGAIN = "again"  # what says that a message may not have arrived begets no other word
SHUT = "shut"
WORTH = timedelta(days=14)  # as long as /circle again shows what did not arrive


def note(db: Session, row: Delivery, why: str, now: datetime) -> None:
    """Find another way for a delivery that could not be made; ``why`` is gone, shut, nowhere, refused or unclear."""
    workspace, act = db.get(Workspace, row.workspace_id), about.act_of(row)
    if workspace is None or workspace.left_at is not None or act is None:
        return
    if row.kind == AGAIN and why != "gone":
        return
    _way_for(act, why)(db, row, now)


def _way_for(act: Act, why: str) -> Callable[[Session, Delivery, datetime], None]:
    if isinstance(act, Tell):
        return _TO_HER.get(why, _refused)
    if isinstance(act, CloseRoom):
        return lost_rooms.note_closed
    if isinstance(act, OpenRoom) and why == "unclear":
        return _nothing  # a room that is opened twice is open once, so it is tried again anyway
    return _TO_A_ROOM.get(why, lost_rooms.note_lost)


def _nothing(db: Session, row: Delivery, now: datetime) -> None:
    """Leave it at that."""


def _gone(db: Session, row: Delivery, now: datetime) -> None:
    workspace, person = db.get(Workspace, row.workspace_id), _reader(db, row)
    if workspace is not None and person is not None:
        going.people_gone(db, workspace, person.outside_id, now)


def _reader(db: Session, row: Delivery) -> Person | None:
    return people.get(db, row.person_id) if row.person_id is not None else None


def _shut(db: Session, row: Delivery, now: datetime) -> None:
    """Say in her circle's room that there is something for her, and tell the organisers that her door is shut."""
    person = _reader(db, row)
    if row.kind == SHUT or person is None or not person.is_active:
        return
    key, named = f"shut:{person.id}", mention(person)
    for programme in about.programmes_of(db, row):
        about.tell_organisers(db, programme, key, SHUT, lambda: words.shut(named), now, besides=person)
    _mention_in_room(db, row, person, now)


def _mention_in_room(db: Session, row: Delivery, person: Person, now: datetime) -> None:
    for programme in about.programmes_of(db, row):
        member = members.of_person(db, programme.id, person.id)
        seat = members.seat_of(db, member.id) if member is not None and member.state != "left" else None
        if seat is None or seat[1].state != "running":
            continue
        week = schedule.week_of(now, zone_of(person, programme))
        with speaking(seat[1].language):
            said = words.something_for(mention(person))
        key = f"shut-post:{person.id}:{week}"  # one a week, in whichever circle it is said
        about.put(db, programme, [Post(key, circle_room(programme.id, seat[1].id), said, SHUT)], now)
        return


def _refused(db: Session, row: Delivery, now: datetime) -> None:
    """Tell the organisers once a day that something was not taken, and nothing of what it was."""
    for programme in about.programmes_of(db, row):
        key, said = f"refused:{programme.id}:{now.date()}", words.refused_said(programme.name, row.id)
        about.tell_organisers(db, programme, key, "refused", said, now)


def _unclear(db: Session, row: Delivery, now: datetime) -> None:
    person = _reader(db, row)
    if person is None or not person.is_active:
        return
    with speaking(person.locale):
        said = words.maybe_for_you(row.id)
    tell = Tell(f"again:{row.id}", person.id, said, AGAIN, not_after=now + WORTH, urgent=True, member=row.member_id)
    about.put_for(db, row, tell, now)


def _unclear_in_room(db: Session, row: Delivery, now: datetime) -> None:
    if row.kind == SHUT or row.room_key is None:
        return
    with speaking(about.language_of(db, row)):
        said = words.maybe_for_the_room(row.id)
    about.put_for(db, row, Post(f"again:{row.id}", row.room_key, said, AGAIN, not_after=now + WORTH), now)


_Way = Callable[[Session, Delivery, datetime], None]
_TO_HER: Mapping[str, _Way] = {"gone": _gone, "shut": _shut, "nowhere": _shut, "unclear": _unclear}
_TO_A_ROOM: Mapping[str, _Way] = {"refused": _refused, "unclear": _unclear_in_room}
