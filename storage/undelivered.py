"""What could not be brought to somebody: found for her eyes, or made ready to go out again."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Delivery


def numbered(db: Session, workspace_id: int, number: int) -> Delivery | None:
    """Find a delivery of this workspace by its row id, among those that ended undelivered."""
    return db.exec(
        select(Delivery).where(
            Delivery.id == number, Delivery.workspace_id == workspace_id, Delivery.state == "unreachable"
        )
    ).first()


def for_person(db: Session, person_id: int, since: datetime, *, without: Sequence[str], limit: int) -> list[Delivery]:
    """Give the newest messages to a person, due at ``since`` or later, that never reached her; the newest first.

    ``without`` are kinds that are left out.
    """
    return list(
        db.exec(
            select(Delivery)
            .where(
                Delivery.person_id == person_id,
                Delivery.state == "unreachable",
                Delivery.due_at >= since,
                col(Delivery.kind).not_in(list(without)),
            )
            .order_by(col(Delivery.due_at).desc(), col(Delivery.id).desc())
            .limit(limit)
        )
    )


def in_room(db: Session, workspace_id: int, room_key: str, since: datetime) -> list[Delivery]:
    """Give what was due in a room at ``since`` or later and certainly never got there, in order.

    What was tried more than once, or has a note of its own that it may have been said, is not among it.
    """
    rows = db.exec(
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.room_key == room_key,
            Delivery.state == "unreachable",
            Delivery.due_at >= since,
            Delivery.attempts <= 1,
        )
        .order_by(col(Delivery.id))
    ).all()
    notes = [f"again:{row.id}" for row in rows]
    unclear = set(
        db.exec(select(Delivery.key).where(Delivery.workspace_id == workspace_id, col(Delivery.key).in_(notes)))
    )
    return [row for row in rows if f"again:{row.id}" not in unclear]


def ready_again(db: Session, rows: Sequence[Delivery], now: datetime) -> None:
    """Let deliveries that were certainly not made go out once more."""
    for row in rows:
        row.state, row.run_at, row.attempts, row.first_try_at, row.last_error = "ready", now, 0, None, ""
        db.add(row)
    db.flush()
