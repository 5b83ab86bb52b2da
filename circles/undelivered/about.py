"""Whom and what a delivery is about: its programmes, their organisers, and the circle whose room it was for."""

from collections.abc import Callable, Iterable
from datetime import datetime

from circles import outbox, wire
from circles.effects import Act, Tell
from circles.language import speaking
from circles.messages import Message
from circles.rooms import circle_of, group_of, programme_of
from storage import Session, members, people, programmes, rounds
from storage.tables import Circle, Delivery, Person, Programme


def act_of(row: Delivery) -> Act | None:
    """Read what a delivery says, or nothing where another version wrote it."""
    act: Act | None = wire.read(row.effect)
    return act


def programmes_of(db: Session, row: Delivery) -> list[Programme]:
    """Give the programme that a delivery is about; where it names none, those that its reader is in or organises."""
    named = _named(db, row)
    if named is not None:
        return [named] if named.workspace_id == row.workspace_id else []
    if row.person_id is None:
        return []
    joined = [programme for programme, _member in programmes.joined_by(db, row.workspace_id, row.person_id)]
    organised = programmes.organised_by(db, row.workspace_id, row.person_id)
    return [p for p in {p.id: p for p in (*joined, *organised)}.values() if p.state != "closed"]


def _named(db: Session, row: Delivery) -> Programme | None:
    if row.member_id is not None:
        return programmes.get(db, members.get(db, row.member_id).programme_id)
    in_round = rounds.get(db, row.round_id) if row.round_id is not None else None
    circle = programmes.circle(db, in_round.circle_id) if in_round is not None else None
    if circle is not None:
        return programmes.get(db, circle.programme_id)
    known = programme_of(row.room_key or "")
    return programmes.find(db, known) if known is not None else None


def circle_behind(db: Session, room_key: str) -> Circle | None:
    """Give the circle to whose people a room belongs: its own room, or one of its meeting groups'."""
    circle_id, group_id = circle_of(room_key), group_of(room_key)
    if circle_id is not None:
        return programmes.circle(db, circle_id)
    group = rounds.group(db, group_id) if group_id is not None else None
    row = rounds.get(db, group.round_id) if group is not None else None
    return programmes.circle(db, row.circle_id) if row is not None else None


def language_of(db: Session, row: Delivery) -> str:
    """Give the language that is spoken in the room that a delivery is for."""
    circle = circle_behind(db, row.room_key or "")
    return circle.language if circle is not None else "en"


def tell_organisers(
    db: Session,
    programme: Programme,
    key: str,
    kind: str,
    said: Callable[[], Message],
    now: datetime,
    *,
    besides: Person | None = None,
) -> None:
    """Tell each organiser who is here something, once under ``key``, in her language."""
    tells = []
    for organiser in people.organisers(db, programme.id):
        if organiser.is_active and (besides is None or organiser.id != besides.id):
            with speaking(organiser.locale):
                tells.append(Tell(f"{key}:{organiser.id}", organiser.id, said(), kind, urgent=True))
    put(db, programme, tells, now)


def put(db: Session, programme: Programme, acts: Iterable[Act], now: datetime) -> None:
    """Put acts about a programme into the outbox."""
    outbox.put(db, programme.workspace_id, acts, now, programme=programme.slug)


def put_for(db: Session, row: Delivery, act: Act, now: datetime) -> None:
    """Put an act that speaks of a delivery into the outbox; it names a programme where the delivery names one."""
    named = _named(db, row)
    outbox.put(db, row.workspace_id, [act], now, programme=named.slug if named is not None else "")
