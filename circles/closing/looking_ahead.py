"""The rounds of a circle as days of a calendar: those that were, the one that is open, and those that are planned."""

from datetime import date, timedelta

from circles.calendar import Entry
from circles.closing import words
from storage import Session, programmes, rounds
from storage.tables import Circle, Programme

DAY = timedelta(days=1)


def entries(db: Session, programme: Programme, circle: Circle) -> list[Entry]:
    """Give every round of a circle with its first and last day: each day belongs to one round."""
    days = {row.number: (row.opens_on, row.closes_on) for row in rounds.of_circle(db, circle.id)}
    planned = [
        (one.number, one.day)
        for one in programmes.occurrences(db, programme.id, state="planned", circle_id=circle.id)
        if one.kind == "round-open" and one.number not in days
    ]
    ends = programme.ends_on or (planned[-1][1] if planned else None)
    following = [day for _number, day in planned[1:]]
    for (number, day), end in zip(planned, [*following, ends], strict=False):  # where none is planned, none ends
        days[number] = (day, end or day)
    return [
        (_uid(programme, circle, number), words.calendar_entry(number, circle.name), first, _last(first, end, ends))
        for number, (first, end) in sorted(days.items())
    ]


def _last(first: date, end: date, ends: date | None) -> date:
    """Give a round's last day: the one before the next round opens, or the last one of the programme."""
    return max(first, end if end == ends else end - DAY)


def _uid(programme: Programme, circle: Circle, number: int) -> str:
    """Name a round for ever; when its programme was begun tells it from those of other installations."""
    return f"p{programme.id}-c{circle.id}-r{number}-{programme.created_at:%Y%m%d%H%M%S}@halqa"
