"""When the people of a meeting group can meet: the working hours that they share in the days to come."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circles import schedule
from circles.schedule import Habits

WORK = (time(9), time(17))
SHORTEST = timedelta(hours=1)


def windows(person: Habits, first: date, days: int) -> list[tuple[datetime, datetime]]:
    """Give a person's working hours on the days from ``first``, as instants."""
    listed = [first + timedelta(days=n) for n in range(days)]
    return [
        (schedule.resolve(day, WORK[0], person.zone), schedule.resolve(day, WORK[1], person.zone))
        for day in listed
        if day.weekday() not in person.weekend
    ]


def shared(
    people: Sequence[Habits], now: datetime, until: datetime, *, days: int = 9, most: int = 3
) -> list[tuple[datetime, datetime]]:
    """Give up to ``most`` stretches of at least an hour before ``until`` in which all of them work, the earliest first.

    No more than ``days`` days ahead are looked at.
    """
    common: list[tuple[datetime, datetime]] | None = None
    for person in people:
        theirs = windows(person, now.astimezone(ZoneInfo(person.zone)).date(), days + 1)
        common = theirs if common is None else _both(common, theirs)
    ahead = [(max(a, now), min(b, until)) for a, b in common or []]
    return [(a, b) for a, b in ahead if b - a >= SHORTEST][:most]


def _both(
    ours: Sequence[tuple[datetime, datetime]], theirs: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    met = [(max(a, c), min(b, d)) for a, b in ours for c, d in theirs if a < d and c < b]
    return sorted(met)


def first_for_all(people: Sequence[Habits], now: datetime, patience: timedelta = timedelta(days=4)) -> datetime:
    """Give the first instant that is in nobody's quiet hours or weekend, or ``now`` where none is near."""
    at = now
    while (later := max(schedule.reachable(at, person) for person in people)) > at:
        if later - now > patience:
            return now
        at = later
    return at
