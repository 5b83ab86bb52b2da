"""The heads-ups before a round, when its day moves: which have gone out, and which are taken back."""

from sqlalchemy import String, cast, delete, text, update
from sqlmodel import Session, col, select

from storage.tables import Delivery, Member, Occurrence

_LIVE = text("delivery.state IN ('pending', 'ready', 'sending')")  # so that SQLite can use the partial index


def gone_out(db: Session, programme_id: int) -> list[tuple[int, str]]:
    """Give to which members (row ids) heads-ups have gone out or are on their way, with their keys, oldest first."""
    return [
        (member_id, key)
        for member_id, key in db.exec(
            select(Member.id, Delivery.key)
            .join(Delivery, col(Delivery.member_id) == col(Member.id))
            .where(Member.programme_id == programme_id, Delivery.kind == "eve")
            .where(col(Delivery.state).in_(["sending", "sent", "merged"]))
            .order_by(col(Delivery.id))
        )
    ]


def take_back(db: Session, workspace_id: int, beginning: str) -> None:
    """Cancel the heads-ups that wait, by how their keys begin; under these keys they can be said again."""
    db.execute(
        update(Delivery)
        .where(_LIVE, text("delivery.state IN ('pending', 'ready')"), col(Delivery.workspace_id) == workspace_id)
        .where(col(Delivery.kind) == "eve", col(Delivery.key).startswith(beginning, autoescape=True))
        .values(state="cancelled", key=col(Delivery.key) + ":taken-back:" + cast(col(Delivery.id), String))
    )


def plan_again(db: Session, programme_id: int, slot: str) -> None:
    """Let a heads-up that was prepared already, or skipped, come anew with the day of its round."""
    ended = (
        col(Occurrence.programme_id) == programme_id,
        col(Occurrence.slot) == slot,
        col(Occurrence.state) != "planned",
    )
    db.execute(delete(Occurrence).where(*ended))
    db.flush()
