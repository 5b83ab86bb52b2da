"""What could not be brought to somebody, and which other way there is to it: never a second time, never for others."""

from circles.undelivered.absent import note_absent
from circles.undelivered.noting import AGAIN, note

__all__ = ["AGAIN", "note", "note_absent"]
