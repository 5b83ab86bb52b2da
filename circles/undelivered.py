"""What could not be brought to somebody, and which other way there is to it."""

from collections.abc import Sequence
from datetime import datetime

from storage import Session
from storage.tables import Delivery


def note(db: Session, row: Delivery, why: str, now: datetime) -> None:
    """Find another way for a delivery that could not be made."""


def note_absent(db: Session, row: Delivery, absent: Sequence[str], now: datetime) -> None:
    """Say who could not be brought into a room that was opened without them (platform ids)."""
