"""People whom a chat does not let into a room: each hears it once, kindly, and so do the organisers."""

from collections.abc import Sequence
from datetime import datetime

from circles.effects import Tell
from circles.language import speaking
from circles.rooms import circle_of
from circles.turn import mention
from circles.undelivered import about, words
from storage import Session, members, people, programmes
from storage.tables import Circle, Delivery, Person, Programme, Workspace

KIND = "absent"


def note_absent(db: Session, row: Delivery, absent: Sequence[str], now: datetime) -> None:
    """Say who could not be brought into a room that was opened without them (platform ids)."""
    key, workspace = row.room_key or "", db.get(Workspace, row.workspace_id)
    circle = about.circle_behind(db, key)
    programme = programmes.get(db, circle.programme_id) if circle is not None else None
    if workspace is None or circle is None or programme is None or programme.workspace_id != workspace.id:
        return
    for outside_id in absent:
        person = people.by_outside_id(db, workspace.id, outside_id)
        if person is not None and person.is_active:
            _note(db, programme, circle, key, person, now)


def _note(db: Session, programme: Programme, circle: Circle, room: str, person: Person, now: datetime) -> None:
    is_circles = circle_of(room) is not None
    about.tell_organisers(
        db,
        programme,
        f"{KIND}:{room}:{person.id}",
        KIND,
        words.not_let_in_said(mention(person), circle.name, is_circles=is_circles),
        now,
        besides=person,
    )
    member = members.of_person(db, programme.id, person.id)
    whom = [mention(one) for one in people.organisers(db, programme.id) if one.is_active and one.id != person.id]
    with speaking(person.locale):
        said = words.you_are_not_let_in(circle.name, whom, is_circles=is_circles)
    tell = Tell(f"{KIND}:{room}:{person.id}", person.id, said, KIND, urgent=True, member=member.id if member else None)
    about.put(db, programme, [tell], now)
