"""Calendars as files, in the format that every calendar program reads (iCalendar, RFC 5545)."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

Entry = tuple[str, str, date, date]  # a lasting id, the words, the first day and the last one
LONGEST_LINE = 75  # octets, RFC 5545 section 3.1
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def calendar(title: str, entries: Sequence[Entry], made_at: datetime) -> str:
    """Write all-day entries as a calendar; the same id means the same entry, also when it is read in again.

    Both days of an entry are included. Raises ValueError for one that ends before it begins.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Halqa//Halqa//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_escaped(title)}",
        f"X-WR-CALNAME:{_escaped(title)}",
        *(line for entry in entries for line in _event(entry, made_at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, made_at: datetime) -> Iterator[str]:
    uid, summary, first, last = entry
    if last < first:
        raise ValueError(f"An entry ends on or after its first day: {first} to {last} does not.")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(uid)}"
    yield f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"  # the day after the last one, section 3.6.1
    yield f"SUMMARY:{_escaped(summary)}"
    yield "TRANSP:TRANSPARENT"  # it takes nobody's time away
    yield "END:VEVENT"


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
