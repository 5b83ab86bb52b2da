"""The outbox and the inbox: what is to be said exactly once, and what was answered already."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import Delivery, Heartbeat, Inbox, Member, Reach, Room

# Literals, so that SQLite can use the partial index over what is still to be done.
_LIVE = text("delivery.state IN ('pending', 'ready', 'sending')")
_PENDING = text("delivery.state = 'pending'")
_CLAIMABLE = text("delivery.state IN ('ready', 'sending')")


def put(db: Session, row: Delivery) -> bool:
    """Put a row into the outbox unless its key is there already; says whether it is new."""
    values = {c.name: getattr(row, c.key) for c in Delivery.__table__.columns if c.name != "id"}  # type: ignore[attr-defined]
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Delivery).values(**values).on_conflict_do_nothing(index_elements=["workspace_id", "key"])
    return bool(db.execute(statement).rowcount)  # type: ignore[attr-defined]


def pending_due(db: Session, now: datetime, limit: int) -> list[Delivery]:
    """Give what waits in the outbox and has come due, the oldest first; other tickers pass over it."""
    return list(
        db.exec(
            select(Delivery)
            .where(_PENDING, Delivery.run_at <= now)
            .order_by(col(Delivery.run_at), col(Delivery.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def claim(db: Session, now: datetime, *, lease: timedelta, owner: str, limit: int) -> list[Delivery]:
    """Lease up to ``limit`` rows that may go out: their fences rise, and nobody else has them while ``lease`` lasts."""
    rows = list(
        db.exec(
            select(Delivery)
            .where(_CLAIMABLE, Delivery.run_at <= now)
            .order_by(col(Delivery.run_at), col(Delivery.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for row in rows:
        row.state = "sending"
        row.run_at = now + lease
        row.fence += 1
        row.attempts += 1
        row.lease_owner = owner
        row.first_try_at = row.first_try_at or now
        db.add(row)
    db.flush()
    return rows


def settle(db: Session, row: Delivery, **outcome: object) -> bool:
    """Write how a leased delivery ended; says False, changing nothing, when the lease was lost meanwhile."""
    done = db.execute(
        update(Delivery)
        .where(col(Delivery.id) == row.id, col(Delivery.fence) == row.fence, col(Delivery.state) == "sending")
        .values(**outcome)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def cancel(
    db: Session,
    *,
    member_id: int | None = None,
    round_id: int | None = None,
    kinds: Collection[str] = (),
    room_key: str | None = None,
) -> int:
    """Cancel what has not gone out yet and fits every given word; gives how many rows."""
    if member_id is None and round_id is None and room_key is None:
        raise ValueError("Say whose deliveries: a member, a round or a room.")
    query = update(Delivery).where(text("delivery.state IN ('pending', 'ready')"))
    if member_id is not None:
        query = query.where(col(Delivery.member_id) == member_id)
    if round_id is not None:
        query = query.where(col(Delivery.round_id) == round_id)
    if room_key is not None:
        query = query.where(col(Delivery.room_key) == room_key)
    if kinds:
        query = query.where(col(Delivery.kind).in_(list(kinds)))
    return int(db.execute(query.values(state="cancelled")).rowcount)  # type: ignore[attr-defined]


def next_run_at(db: Session) -> datetime | None:
    """Give the instant at which the next delivery is to go out."""
    return db.exec(select(func.min(Delivery.run_at)).where(_LIVE)).first()


def live(db: Session, workspace_id: int) -> list[Delivery]:
    """Give everything of a workspace that is still to go out, in order."""
    return list(
        db.exec(
            select(Delivery)
            .where(_LIVE, Delivery.workspace_id == workspace_id)
            .order_by(col(Delivery.run_at), col(Delivery.id))
        )
    )


def by_key(db: Session, workspace_id: int, key: str) -> Delivery | None:
    """Find a delivery by its key."""
    return db.exec(select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.key == key)).first()


def counted(db: Session, workspace_id: int) -> dict[str, int]:
    """Count a workspace's deliveries by state."""
    rows = db.exec(
        select(Delivery.state, func.count()).where(Delivery.workspace_id == workspace_id).group_by(Delivery.state)
    )
    return {state: int(count) for state, count in rows}


def reached(db: Session, delivery_id: int, person_id: int, week: date) -> None:
    """Note that a nudge reaches a person in her local week."""
    if db.get(Reach, (delivery_id, person_id)) is None:
        db.add(Reach(delivery_id=delivery_id, person_id=person_id, week=week))
        db.flush()


def reach_in_week(db: Session, person_id: int, week: date) -> int:
    """Count the nudges that reach a person in the local week that begins on ``week``."""
    return int(
        db.exec(select(func.count()).select_from(Reach).where(Reach.person_id == person_id, Reach.week == week)).one()
    )


def room(db: Session, workspace_id: int, key: str) -> Room | None:
    """Find a room by its key."""
    return db.exec(select(Room).where(Room.workspace_id == workspace_id, Room.key == key)).first()


def room_at(db: Session, workspace_id: int, place: str) -> Room | None:
    """Find a room by the platform's own id."""
    return db.exec(select(Room).where(Room.workspace_id == workspace_id, Room.place == place)).first()


def save_room(db: Session, row: Room) -> None:
    """Keep a room's row as it is now."""
    db.add(row)
    db.flush()


def answered(db: Session, workspace_id: int, call_id: str) -> str | None:
    """Give the answer that a call got before, as JSON, when the same call comes again."""
    found = db.get(Inbox, (workspace_id, call_id))
    return found.answer if found else None


def keep_answer(db: Session, workspace_id: int, call_id: str, answer: str, now: datetime) -> None:
    """Keep the answer of a call against its repeat."""
    db.add(Inbox(workspace_id=workspace_id, call_id=call_id, at=now, answer=answer))


def forget_answers(db: Session, before: datetime) -> None:
    """Drop answers kept longer ago than anybody repeats a call."""
    db.execute(delete(Inbox).where(col(Inbox.at) < before))


def beat(db: Session, name: str, now: datetime) -> datetime | None:
    """Note that a part of the bot is alive now; gives when it was last."""
    row = db.get(Heartbeat, name)
    before = row.at if row else None
    if row is None:
        row = Heartbeat(name=name, at=now)
    row.at = now
    db.add(row)
    return before


def expired_late(db: Session, ids: Collection[int]) -> dict[int, int]:
    """Count by programme which of these deliveries expired because they came due while the bot was away."""
    rows = db.exec(
        select(Member.programme_id, func.count())
        .join(Delivery, col(Delivery.member_id) == col(Member.id))
        .where(col(Delivery.id).in_(list(ids)), Delivery.last_error == "late")
        .group_by(col(Member.programme_id))
    )
    return {programme_id: int(count) for programme_id, count in rows}


def counted_by_key(db: Session, workspace_id: int, beginning: str, since: datetime) -> int:
    """Count the deliveries due at ``since`` or later whose key begins with these words."""
    return int(
        db.exec(
            select(func.count())
            .select_from(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                col(Delivery.key).startswith(beginning, autoescape=True),
                Delivery.due_at >= since,
            )
        ).one()
    )
