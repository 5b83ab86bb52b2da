"""What a chat keeps between two starts: rows by drawer and key, sealed by whoever puts them here."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.tables import Safe


def put(db: Session, drawer: str, key: str, body: str, now: datetime) -> None:
    """Keep a body under its key; what was there before is gone."""
    db.merge(Safe(drawer=drawer, key=key, body=body, at=now))
    db.flush()


def get(db: Session, drawer: str, key: str) -> str | None:
    """Give what is kept under a key, or None."""
    row = db.get(Safe, (drawer, key))
    return row.body if row else None


def take(db: Session, drawer: str, key: str, since: datetime) -> str | None:
    """Take something out for good, and give it where it was put there at ``since`` or later: it is had only once."""
    row = db.exec(select(Safe).where(Safe.drawer == drawer, Safe.key == key).with_for_update()).first()
    if row is None:
        return None
    db.delete(row)
    db.flush()
    return row.body if row.at >= since else None


def keys(db: Session, drawer: str, beginning: str = "") -> list[str]:
    """Give the keys in a drawer that begin with these characters, in order."""
    found = select(Safe.key).where(Safe.drawer == drawer, col(Safe.key).startswith(beginning, autoescape=True))
    return list(db.exec(found.order_by(col(Safe.key))))


def drop(db: Session, drawer: str, key: str) -> None:
    """Throw away what is kept under a key."""
    db.execute(delete(Safe).where(col(Safe.drawer) == drawer, col(Safe.key) == key))


def drop_before(db: Session, drawer: str, before: datetime) -> None:
    """Throw away what was put into a drawer earlier than ``before``."""
    db.execute(delete(Safe).where(col(Safe.drawer) == drawer, col(Safe.at) < before))
