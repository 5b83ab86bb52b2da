"""Calendars: files that every calendar program reads (iCalendar, RFC 5545), and a word for a chat that has one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from circles.messages import Button, Text

Entry = tuple[str, str, date, date]  # a lasting id, the words, the first day and the last one
LONGEST_LINE = 75  # octets, RFC 5545 section 3.1
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Appointment(Text):
    """A paragraph about a meeting with an hour; a chat that keeps a calendar for everybody can put it there, too.

    Where it has one it offers ``share``. An appointment that ``is_shared`` stands there under its ``title``, which
    names nobody, and one that ``is_off`` does so no more. ``refusal`` is said where the chat does not take it there.
    The ``uid`` is its own for ever, also at another hour.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    share: Button | None = None
    refusal: str = ""
    is_shared: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """A meeting that begins and ends at an instant; one that ``is_off`` is struck out where it stands already."""

    uid: str
    summary: str
    begins: datetime
    ends: datetime
    is_off: bool = False


def calendar(title: str, entries: Sequence[Entry], made_at: datetime) -> str:
    """Write all-day entries as a calendar; the same id means the same entry, also when it is read in again.

    Both days of an entry are included. Raises ValueError for one that ends before it begins.
    """
    return _file(title, [line for entry in entries for line in _days(entry, made_at)])


def appointment(title: str, hour: Hour, made_at: datetime) -> str:
    """Write a meeting with an hour as a calendar; one made later with the same id takes the place of an earlier one."""
    return _file(title, list(_hour(hour, made_at)))


def _file(title: str, events: Sequence[str]) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Halqa//Halqa//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_escaped(title)}",
        f"X-WR-CALNAME:{_escaped(title)}",
        *events,
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _days(entry: Entry, made_at: datetime) -> Iterator[str]:
    uid, summary, first, last = entry
    if last < first:
        raise ValueError(f"An entry ends on or after its first day: {first} to {last} does not.")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(uid)}"
    yield f"DTSTAMP:{_utc(made_at)}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"  # the day after the last one, section 3.6.1
    yield f"SUMMARY:{_escaped(summary)}"
    yield "TRANSP:TRANSPARENT"  # it takes nobody's time away
    yield "END:VEVENT"


def _hour(hour: Hour, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(hour.uid)}"
    yield f"DTSTAMP:{_utc(made_at)}"
    yield f"SEQUENCE:{int(made_at.timestamp()) // 60}"  # what is made later counts
    yield f"DTSTART:{_utc(hour.begins)}"
    yield f"DTEND:{_utc(hour.ends)}"
    yield f"SUMMARY:{_escaped(hour.summary)}"
    yield f"STATUS:{'CANCELLED' if hour.is_off else 'CONFIRMED'}"
    yield "END:VEVENT"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    text = re.sub("\r\n?", "\n", text)
    text = _CONTROL.sub("", text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into parts of at most 75 octets, never inside a character; each but the first begins with a blank."""
    part = b""
    for character in line:
        octets = character.encode("utf-8")
        if len(part) + len(octets) > LONGEST_LINE:
            yield part.decode("utf-8")
            part = b" "
        part += octets
    yield part.decode("utf-8")
