"""Workspaces that the bot is taken out of, and what becomes of everything that is theirs."""

from datetime import datetime

from sqlalchemy import bindparam, delete, text, update
from sqlmodel import Session, col, select

from storage.tables import Delivery, Workspace

# Every command asks for it, so it is put together once.
_KNOWN = select(Workspace).where(
    Workspace.platform == bindparam("platform"), Workspace.outside_id == bindparam("outside_id")
)


def known(db: Session, platform: str, outside_id: str) -> Workspace | None:
    """Find a workspace that has been heard of."""
    return db.exec(_KNOWN, params={"platform": platform, "outside_id": outside_id}).first()


def save(db: Session, row: Workspace) -> None:
    """Keep a workspace's row as it is now."""
    db.add(row)
    db.flush()


def cancel_all(db: Session, workspace_id: int) -> None:
    """Cancel whatever of a workspace has not gone out yet."""
    db.execute(
        update(Delivery)
        .where(col(Delivery.workspace_id) == workspace_id, text("delivery.state IN ('pending', 'ready', 'sending')"))
        .values(state="cancelled")
    )


def left_before(db: Session, instant: datetime) -> list[Workspace]:
    """Give the workspaces that the bot was taken out of earlier than ``instant``."""
    return list(db.exec(select(Workspace).where(col(Workspace.left_at) < instant).order_by(col(Workspace.id))))


def remove(db: Session, workspace_id: int) -> None:
    """Delete a workspace with everything of it; the database lets go of all that belongs to it."""
    db.execute(delete(Workspace).where(col(Workspace.id) == workspace_id))
