"""The wall clock: a local day and time in an IANA zone become one instant, also where clocks jump.

An instant is an aware UTC datetime everywhere in the core; naive ones are refused. Nothing here reads a clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CALENDAR_SPREAD = 2  # days: local calendars on Earth differ by at most 26 hours


def resolve(day: date, at: time, zone: str) -> datetime:
    """Give the UTC instant at which the wall clock in `zone` reads `at` on `day`.

    A repeated hour means the first of the two. A skipped hour means the same distance after the jump: 02:30 becomes
    03:30, and in the few zones that jump at 23:00, Saturday 23:30 becomes Sunday 00:30.
    A day the zone never had (Samoa, 30 December 2011) gives the first instant of the next day it did have; `has_day`
    tells. Raises ValueError for an unknown zone or a time that carries its own zone.
    """
    check_wall(at)
    instant = _instant(day, at, zone)
    if instant.astimezone(zone_called(zone)).date() == day or has_day(day, zone):
        return instant
    return _instant(day, time(0), zone)


def has_day(day: date, zone: str) -> bool:
    """Tell whether the local calendar of `zone` had this day: a few Pacific zones each jumped over one."""
    return _instant(day, time(0), zone).astimezone(zone_called(zone)).date() == day


def week_of(instant: datetime, zone: str) -> date:
    """Give the Monday of the local week that holds `instant`: the key of a person's message budget."""
    return monday_of(utc(instant).astimezone(zone_called(zone)).date())


def monday_of(day: date) -> date:
    """Give the Monday of the week that holds `day`."""
    return day - day.weekday() * DAY


def check_weekday(weekday: int) -> None:
    """Refuse a weekday outside 0 (Monday) to 6 (Sunday) with ValueError."""
    if weekday not in range(7):
        raise ValueError(f"A weekday is 0 (Monday) to 6 (Sunday), not {weekday}.")


def check_wall(at: time) -> None:
    """Refuse a wall-clock time that carries a zone of its own with ValueError."""
    if at.tzinfo is not None:
        raise ValueError(f"A wall-clock time carries no zone of its own: {at!r}.")


def utc(instant: datetime) -> datetime:
    """Give the same instant in UTC; a naive datetime is refused with ValueError."""
    if instant.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone: {instant!r}.")
    return instant.astimezone(UTC)


@cache  # bounded by the number of zones; an unknown one raises and is not kept
def zone_called(name: str) -> ZoneInfo:
    """Give the zone with this IANA name; an unknown name is refused with ValueError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"No time zone is called {name!r}.") from error


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at.replace(fold=0), zone_called(zone)).astimezone(UTC)
