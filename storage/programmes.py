"""Programmes, their calendar's occurrences, blackouts, proposals and audit."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import bindparam, func, text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import (
    Audit,
    Blackout,
    Circle,
    Delivery,
    Goal,
    Member,
    Occurrence,
    Organiser,
    Programme,
    Proposal,
    Round,
    Workspace,
)

# A literal, so that SQLite can use the partial index.
_PLANNED = text("occurrence.state = 'planned'")
# What every command asks is put together once.
_ORGANISED = (
    select(Programme)
    .join(Organiser, col(Organiser.programme_id) == col(Programme.id))
    .where(Programme.workspace_id == bindparam("workspace"), Organiser.person_id == bindparam("person"))
    .order_by(col(Programme.state) == "closed", col(Programme.id).desc())
)
_JOINED = (
    select(Programme, Member)
    .join(Member, col(Member.programme_id) == col(Programme.id))
    .where(Programme.workspace_id == bindparam("workspace"), Member.person_id == bindparam("person"))
    .where(Member.state != "left")
    .order_by(col(Programme.state) == "closed", col(Programme.id).desc())
)
# Where the bot was taken out of a workspace, its calendar stands still.
_STANDS_STILL = (
    select(Programme.id)
    .join(Workspace, col(Workspace.id) == col(Programme.workspace_id))
    .where(col(Programme.id) == col(Occurrence.programme_id), col(Workspace.left_at).is_not(None))
    .exists()
)


def get(db: Session, programme_id: int) -> Programme:
    """Give a programme by row id; raises KeyError when there is none."""
    found = db.get(Programme, programme_id)
    if found is None:
        raise KeyError(programme_id)
    return found


def find(db: Session, programme_id: int) -> Programme | None:
    """Find a programme by row id."""
    return db.get(Programme, programme_id)


def by_slug(db: Session, workspace_id: int, slug: str) -> Programme | None:
    """Find a programme of this workspace by its short name."""
    return db.exec(select(Programme).where(Programme.workspace_id == workspace_id, Programme.slug == slug)).first()


def all_of(db: Session, workspace_id: int) -> list[Programme]:
    """Give every programme of a workspace, oldest first."""
    return list(db.exec(select(Programme).where(Programme.workspace_id == workspace_id).order_by(col(Programme.id))))


def organised_by(db: Session, workspace_id: int, person_id: int) -> list[Programme]:
    """Give the programmes that a person organises, those not closed first, newest first."""
    return list(db.exec(_ORGANISED, params={"workspace": workspace_id, "person": person_id}))


def joined_by(db: Session, workspace_id: int, person_id: int) -> list[tuple[Programme, Member]]:
    """Give the programmes that a person is in (also closed ones, last), with her membership."""
    return list(db.exec(_JOINED, params={"workspace": workspace_id, "person": person_id}))


def open_for_joining(db: Session, workspace_id: int) -> list[Programme]:
    """Give the programmes of a workspace that a person can join now, newest first."""
    return list(
        db.exec(
            select(Programme)
            .where(Programme.workspace_id == workspace_id, col(Programme.state).in_(["call", "running"]))
            .order_by(col(Programme.id).desc())
        )
    )


def blackouts(db: Session, programme_id: int) -> list[Blackout]:
    """Give a programme's blackouts, the earliest first."""
    return list(db.exec(select(Blackout).where(Blackout.programme_id == programme_id).order_by(col(Blackout.first))))


def occurrences(
    db: Session, programme_id: int, *, state: str | None = None, circle_id: int | None = None
) -> list[Occurrence]:
    """Give a programme's occurrences in the order in which they fall due."""
    query = select(Occurrence).where(Occurrence.programme_id == programme_id)
    if state:
        query = query.where(Occurrence.state == state)
    if circle_id is not None:
        query = query.where(Occurrence.circle_id == circle_id)
    return list(db.exec(query.order_by(col(Occurrence.due_at), col(Occurrence.id))))


def due_occurrences(db: Session, now: datetime, limit: int) -> list[Occurrence]:
    """Give what is planned and due by ``now``, the oldest first, at most ``limit``; other tickers pass over them.

    Workspaces that the bot was taken out of are left out.
    """
    return list(
        db.exec(
            select(Occurrence)
            .where(_PLANNED, Occurrence.due_at <= now, ~_STANDS_STILL)
            .order_by(col(Occurrence.due_at), col(Occurrence.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def next_occurrence_at(db: Session) -> datetime | None:
    """Give the instant at which the next planned occurrence falls due."""
    return db.exec(
        select(Occurrence.due_at).where(_PLANNED, ~_STANDS_STILL).order_by(col(Occurrence.due_at)).limit(1)
    ).first()


def next_planned(
    db: Session, programme_id: int, *, circle_id: int | None = None, kind: str | None = None
) -> Occurrence | None:
    """Give what falls due next in a programme: of anything planned, or of one circle's, or of one kind."""
    asked = {"programme": programme_id, "circle": circle_id, "kind": kind}
    known = {name: value for name, value in asked.items() if value is not None}
    return db.exec(_next_planned(has_circle=circle_id is not None, has_kind=kind is not None), params=known).first()


@lru_cache(maxsize=4)
def _next_planned(*, has_circle: bool, has_kind: bool) -> SelectOfScalar[Occurrence]:
    query = select(Occurrence).where(_PLANNED, Occurrence.programme_id == bindparam("programme"))
    if has_circle:
        query = query.where(Occurrence.circle_id == bindparam("circle"))
    if has_kind:
        query = query.where(Occurrence.kind == bindparam("kind"))
    return query.order_by(col(Occurrence.due_at), col(Occurrence.id)).limit(1)


def openings(db: Session, circle_id: int, first: date, last: date) -> list[date]:
    """Give the days from ``first`` to ``last`` on which rounds of a circle are planned to open."""
    rows = db.exec(
        select(Occurrence)
        .where(_PLANNED, Occurrence.circle_id == circle_id, Occurrence.kind == "round-open")
        .where(col(Occurrence.day) >= first, col(Occurrence.day) <= last)
        .order_by(col(Occurrence.day))
    )
    return [row.day for row in rows]


def replace_planned(db: Session, programme_id: int, wanted: Iterable[Occurrence]) -> None:
    """Make the planned occurrences of a programme exactly ``wanted``; what is done or skipped stays as it is."""
    known_all = occurrences(db, programme_id)
    planned = {(o.day, o.slot): o for o in known_all if o.state == "planned"}
    ended = {o.slot for o in known_all if o.state != "planned"}
    for occurrence in wanted:
        if occurrence.slot in ended:
            continue
        known = planned.pop((occurrence.day, occurrence.slot), None)
        if known is None:
            db.add(occurrence)
        elif known.due_at != occurrence.due_at:
            known.due_at = occurrence.due_at
            db.add(known)
    for gone in planned.values():
        db.delete(gone)
    db.flush()


def open_proposal(db: Session, programme_id: int) -> Proposal | None:
    """Give the preview that waits for an organiser's word."""
    return db.exec(
        select(Proposal)
        .where(Proposal.programme_id == programme_id, Proposal.state == "open")
        .order_by(col(Proposal.id).desc())
    ).first()


def circles(db: Session, programme_id: int, *, state: str | None = "running") -> list[Circle]:
    """Give a programme's circles in the order in which they were formed."""
    query = select(Circle).where(Circle.programme_id == programme_id)
    if state:
        query = query.where(Circle.state == state)
    return list(db.exec(query.order_by(col(Circle.id))))


def note(db: Session, programme_id: int, person_id: int | None, at: datetime, what: str, detail: str = "") -> None:
    """Write a line into the audit."""
    db.add(Audit(programme_id=programme_id, person_id=person_id, at=at, what=what, detail=detail))


def audit(db: Session, programme_id: int, limit: int = 30) -> list[Audit]:
    """Give the newest lines of the audit, newest first."""
    return list(
        db.exec(select(Audit).where(Audit.programme_id == programme_id).order_by(col(Audit.id).desc()).limit(limit))
    )


def add_blackout(db: Session, programme_id: int, first: date, last: date, name: str) -> Blackout:
    """Note days on which nothing starts."""
    row = Blackout(programme_id=programme_id, first=first, last=last, name=name)
    db.add(row)
    db.flush()
    return row


def running(db: Session) -> list[Programme]:
    """Give the programmes of every workspace that run now."""
    return list(db.exec(select(Programme).where(Programme.state == "running").order_by(col(Programme.id))))


def circle(db: Session, circle_id: int) -> Circle | None:
    """Find a circle by row id."""
    return db.get(Circle, circle_id)


def save(db: Session, row: Programme | Circle | Proposal | Occurrence) -> None:
    """Keep a row as it is now."""
    db.add(row)
    db.flush()


def waiting_to_go(db: Session, programme: Programme) -> list[tuple[str, datetime, bool]]:
    """Give kind and time of everything of a programme in the outbox, and whether it is for a room; never for whom."""
    of_members = select(Member.id).where(Member.programme_id == programme.id)
    of_rounds = (
        select(Round.id).join(Circle, col(Circle.id) == col(Round.circle_id)).where(Circle.programme_id == programme.id)
    )
    return list(
        db.exec(
            select(Delivery.kind, Delivery.run_at, col(Delivery.room_key).is_not(None))
            .where(
                Delivery.workspace_id == programme.workspace_id,
                text("delivery.state IN ('pending', 'ready', 'sending')"),
                col(Delivery.member_id).in_(of_members)
                | col(Delivery.round_id).in_(of_rounds)
                | col(Delivery.room_key).startswith(f"p{programme.id}:", autoescape=True),
            )
            .order_by(col(Delivery.run_at), col(Delivery.id))
        )
    )


def remove_blackout(db: Session, programme_id: int, blackout_id: int) -> Blackout | None:
    """Take days kept free back; gives them, or None when this programme has none with this row id."""
    found = db.get(Blackout, blackout_id)
    if found is None or found.programme_id != programme_id:
        return None
    db.delete(found)
    db.flush()
    return found


def with_goals(db: Session, programme_id: int) -> int:
    """Count the members, not those who left, who have a goal that they work on."""
    query = (
        select(func.count(func.distinct(Goal.member_id)))
        .join(Member, col(Member.id) == col(Goal.member_id))
        .where(Member.programme_id == programme_id, Member.state != "left", Goal.state == "active")
    )
    return int(db.exec(query).one())


def silent(db: Session, programme_id: int, silences: int) -> int:
    """Count the members, not those who left, who let at least this many questions in a row go by."""
    query = (
        select(func.count())
        .select_from(Member)
        .where(Member.programme_id == programme_id, Member.state != "left", Member.silences >= silences)
    )
    return int(db.exec(query).one())


def occurrence(db: Session, occurrence_id: int) -> Occurrence:
    """Give the occurrence with this row id; raises KeyError when there is none."""
    found = db.get(Occurrence, occurrence_id)
    if found is None:
        raise KeyError(occurrence_id)
    return found
