"""The outbox and the inbox: what is to be said exactly once, and what was answered already."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import Circle, Delivery, Heartbeat, Inbox, Member, Person, Programme, Reach, Room, Round

# Literals, and the index's own among them, so that SQLite can use the partial index over what is still to be done.
_LIVE = text("delivery.state IN ('pending', 'ready', 'sending')")
_PENDING = text("delivery.state = 'pending'")
_CLAIMABLE = text("delivery.state IN ('ready', 'sending')")

_INBOX: Table = Inbox.__table__  # type: ignore[attr-defined]
# What every command writes is put together once.
_CLAIM = {
    dialect: insert(_INBOX)
    .on_conflict_do_nothing(index_elements=["workspace_id", "call_id"])
    .returning(_INBOX.c.call_id)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_KEEP = (
    update(_INBOX)
    .where(_INBOX.c.workspace_id == bindparam("workspace"), _INBOX.c.call_id == bindparam("call"))
    .values(answer=bindparam("answer"))
)


def _insert_on(db: Session) -> Callable[..., sqlite.Insert | postgresql.Insert]:
    """Give the INSERT that knows ON CONFLICT; both databases say it in the same words."""
    return sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert


def put(db: Session, *rows: Delivery) -> int:
    """Put rows into the outbox, but none whose key is there already; gives how many were new."""
    if not rows:
        return 0
    db.flush()
    table: Table = Delivery.__table__  # type: ignore[attr-defined]
    values = [{c.name: getattr(row, c.key) for c in table.columns if c.name != "id"} for row in rows]
    insert = _insert_on(db)
    statement = insert(table).on_conflict_do_nothing(index_elements=["workspace_id", "key"])
    # A row comes back only when it is new; the count of rows is not told by every driver.
    return len(db.execute(statement.returning(table.c.id), values).all())


def pending_due(db: Session, now: datetime, limit: int) -> list[Delivery]:
    """Give what waits in the outbox and has come due, the oldest first; other tickers pass over it."""
    query = select(Delivery).where(_LIVE, _PENDING, Delivery.run_at <= now)
    in_order = query.order_by(col(Delivery.run_at), col(Delivery.id)).limit(limit)
    return list(db.exec(in_order.with_for_update(skip_locked=True)))


def waiting_for(db: Session, person_ids: Collection[int], now: datetime) -> list[Delivery]:
    """Give what has come due for these people and was held, the oldest first; other tickers pass over it."""
    held = (col(Delivery.person_id).in_(list(person_ids)), Delivery.due_at <= now, Delivery.run_at > now)
    query = select(Delivery).where(_LIVE, _PENDING, *held).order_by(col(Delivery.due_at), col(Delivery.id))
    return list(db.exec(query.with_for_update(skip_locked=True)))


def claim(db: Session, now: datetime, *, lease: timedelta, owner: str, limit: int) -> list[Delivery]:
    """Lease up to ``limit`` rows that may go out: their fences rise, and nobody else has them while ``lease`` lasts."""
    rows = list(
        db.exec(
            select(Delivery)
            .where(_LIVE, _CLAIMABLE, Delivery.run_at <= now)
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
        db.add(row)
    db.flush()
    return rows


def begin(db: Session, row: Delivery, now: datetime) -> bool:
    """Note that a leased delivery is being said from now on; says False when the lease was lost meanwhile."""
    row.first_try_at = now
    return settle(db, row, first_try_at=now)


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
    besides: Collection[str] = (),
    room_key: str | None = None,
) -> int:
    """Cancel what has not gone out yet and fits every given word, but no kind ``besides``; gives how many rows."""
    if member_id is None and round_id is None and room_key is None:
        raise ValueError("Say whose deliveries: a member, a round or a room.")
    query = update(Delivery).where(_LIVE, text("delivery.state IN ('pending', 'ready')"))
    if member_id is not None:
        query = query.where(col(Delivery.member_id) == member_id)
    if round_id is not None:
        query = query.where(col(Delivery.round_id) == round_id)
    if room_key is not None:
        query = query.where(col(Delivery.room_key) == room_key)
    if kinds:
        query = query.where(col(Delivery.kind).in_(list(kinds)))
    if besides:
        query = query.where(col(Delivery.kind).not_in(list(besides)))
    return int(db.execute(query.values(state="cancelled")).rowcount)  # type: ignore[attr-defined]


def is_overtaken(db: Session, row: Delivery) -> bool:
    """Say whether something of the same kind that was put later was done already in the same room."""
    same = (Delivery.workspace_id == row.workspace_id, Delivery.room_key == row.room_key, Delivery.kind == row.kind)
    later = select(Delivery.id).where(col(Delivery.id) > row.id, Delivery.state == "sent", *same)
    return db.exec(later.limit(1)).first() is not None


def withdraw(db: Session, workspace_id: int, beginning: str) -> None:
    """Cancel what is still to go out, also what a sender holds to try it again, by how its key begins."""
    db.execute(
        update(Delivery)
        .where(_LIVE, col(Delivery.workspace_id) == workspace_id, _begins(beginning))
        .values(state="cancelled")
    )


def _begins(beginning: str) -> ColumnElement[bool]:
    return col(Delivery.key).startswith(beginning, autoescape=True)


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
    states = select(Delivery.state, func.count()).where(Delivery.workspace_id == workspace_id).group_by(Delivery.state)
    return {state: int(count) for state, count in db.exec(states)}


def reached(db: Session, delivery_id: int, weeks: Mapping[int, date]) -> None:
    """Note that a nudge reaches these people (row ids), each in her local week; what is noted already stays."""
    insert = _insert_on(db)
    table: Table = Reach.__table__  # type: ignore[attr-defined]
    rows = [{"delivery_id": delivery_id, "person_id": person, "week": week} for person, week in weeks.items()]
    if rows:
        db.execute(insert(table).on_conflict_do_nothing(), rows)


def behind(db: Session, rows: Collection[Delivery]) -> list[object]:
    """Read whom and what these rows are about at once: while somebody holds it, the session need not ask again."""
    persons = {row.person_id for row in rows if row.person_id}
    in_programmes = {row.member_id for row in rows if row.member_id}
    in_rounds = {row.round_id for row in rows if row.round_id}
    return [
        *db.exec(select(Person).where(col(Person.id).in_(persons))),
        *db.exec(
            select(Member, Programme)
            .join(Programme, col(Programme.id) == col(Member.programme_id))
            .where(col(Member.id).in_(in_programmes))
        ),
        *db.exec(
            select(Round, Circle, Programme)
            .join(Circle, col(Circle.id) == col(Round.circle_id))
            .join(Programme, col(Programme.id) == col(Circle.programme_id))
            .where(col(Round.id).in_(in_rounds))
        ),
    ]


def reach_in_week(db: Session, person_id: int, week: date) -> int:
    """Count the nudges that reach a person in the local week that begins on ``week``."""
    return int(
        db.exec(select(func.count()).select_from(Reach).where(Reach.person_id == person_id, Reach.week == week)).one()
    )


def count_waiting(db: Session, room_keys: Collection[str], kind: str) -> int:
    """Count what of a kind waits for its time in these rooms."""
    theirs = (col(Delivery.room_key).in_(list(room_keys)), Delivery.kind == kind)
    return int(db.exec(select(func.count()).select_from(Delivery).where(_LIVE, _PENDING, *theirs)).one())


def room(db: Session, workspace_id: int, key: str) -> Room | None:
    """Find a room by its key."""
    return db.exec(select(Room).where(Room.workspace_id == workspace_id, Room.key == key)).first()


def room_at(db: Session, workspace_id: int, place: str) -> Room | None:
    """Find a room by the platform's own id."""
    return db.exec(select(Room).where(Room.workspace_id == workspace_id, Room.place == place)).first()


def ask_for_rooms(db: Session, workspace_id: int, names: Mapping[str, str]) -> None:
    """Note the rooms, by key with their names, that are to be opened; those known already stay as they are."""
    if not names:
        return
    known = set(db.exec(select(Room.key).where(Room.workspace_id == workspace_id, col(Room.key).in_(list(names)))))
    db.add_all(Room(workspace_id=workspace_id, key=key, name=names[key]) for key in names if key not in known)
    db.flush()


def save_room(db: Session, row: Room) -> None:
    """Keep a room's row as it is now."""
    db.add(row)
    db.flush()


def begin_answer(db: Session, workspace_id: int, call_id: str, now: datetime) -> str | None:
    """Claim a call: None means that it is new and now ours to answer, else the answer it got before, as JSON.

    The same call at the same instant waits here until the other one's transaction has ended.
    """
    values = {"workspace_id": workspace_id, "call_id": call_id, "at": now, "answer": ""}
    if db.connection().execute(_CLAIM[db.get_bind().dialect.name], values).first() is not None:
        return None
    return db.exec(select(Inbox.answer).where(Inbox.workspace_id == workspace_id, Inbox.call_id == call_id)).one()


def keep_answer(db: Session, workspace_id: int, call_id: str, answer: str) -> None:
    """Keep the answer of a call that was begun, against its repeat."""
    db.connection().execute(_KEEP, {"workspace": workspace_id, "call": call_id, "answer": answer})


def forget_answers(db: Session, before: datetime) -> None:
    """Drop answers kept longer ago than anybody repeats a call."""
    db.execute(delete(Inbox).where(col(Inbox.at) < before))


def beat(db: Session, name: str, now: datetime) -> datetime | None:
    """Note that a part of the bot is alive now; gives when it was last."""
    insert = _insert_on(db)
    first = insert(Heartbeat).values(name=name, at=now).on_conflict_do_nothing().returning(col(Heartbeat.name))
    if db.execute(first).first() is not None:
        return None
    row = db.exec(select(Heartbeat).where(Heartbeat.name == name).with_for_update()).one()
    before, row.at = row.at, now
    db.add(row)
    return before


def last_beat(db: Session, name: str) -> datetime | None:
    """Give when a part of the bot was alive last."""
    return db.exec(select(Heartbeat.at).where(Heartbeat.name == name)).first()


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
            .where(Delivery.workspace_id == workspace_id, _begins(beginning), Delivery.due_at >= since)
        ).one()
    )
