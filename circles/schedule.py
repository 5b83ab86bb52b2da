"""When things happen: a wall-clock rule in an IANA zone gives dates, and dates give instants.

A rule is a weekday and a rhythm; its dates come from the calendar alone, never from "the last run", so a restart, a
late clock or a new time-zone table can't drop or double one. Every instant is an aware UTC datetime; naive ones are
refused. Nothing reads a clock or the network. The wall clock is `wall`, one person's hours are `habits`; both answer
here too.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile

from circles.habits import Habits, morning_of, reachable, working_day_before, working_overlap
from circles.wall import CALENDAR_SPREAD, DAY, WEEK, check_weekday, has_day, monday_of, resolve, utc, week_of

__all__ = [
    "Blackout",
    "Habits",
    "Monthly",
    "Rule",
    "Weekly",
    "catch_up",
    "dates",
    "dawn",
    "due",
    "has_day",
    "morning_of",
    "next_after",
    "reachable",
    "resolve",
    "week_of",
    "working_day_before",
    "working_overlap",
]

_EARLIEST_OFFSET = timedelta(hours=14)  # Kiritimati sees each day first


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every `every` weeks on `weekday` (0 = Monday), counted from the week that holds `start`, never before `start`."""

    start: date
    weekday: int
    every: int = 1

    def __post_init__(self) -> None:
        check_weekday(self.weekday)
        if self.every < 1:
            raise ValueError(f"A weekly rule repeats every 1 or more weeks, not {self.every}.")


@dataclass(frozen=True, slots=True)
class Monthly:
    """The nth `weekday` of each month (`nth` 1 to 4, or -1 for the last), never before `start`."""

    start: date
    weekday: int
    nth: int

    def __post_init__(self) -> None:
        check_weekday(self.weekday)
        if self.nth not in {1, 2, 3, 4, -1}:
            raise ValueError(f"A monthly rule takes the 1st to 4th weekday or the last (-1), not {self.nth}.")


Rule = Weekly | Monthly


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days on which nothing is due, both ends included, such as a holiday."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A blackout ends on or after its first day: {self.first} to {self.last} does not.")


def dates(rule: Rule, until: date, blackouts: Sequence[Blackout] = ()) -> list[date]:
    """List every date of `rule` from its start to `until`, both included, in order.

    Blackouts shift and never drop. Weekly: a week whose date falls in a blackout does not count, so there are always
    `every` free weeks from one date to the next. Monthly: the date moves to the next free same weekday; where that is
    the following month's date already, they share it and the turns go on from there, one a month.
    """
    return list(takewhile(lambda day: day <= until, _all_dates(rule, blackouts)))


def due(
    rule: Rule, at: time, zone: str, after: datetime, now: datetime, blackouts: Sequence[Blackout] = ()
) -> list[tuple[date, datetime]]:
    """List the occurrences with `after` < instant <= `now`, in order: local date (its lasting identity), UTC instant.

    A date that `zone` never had is left out, so no two dates share an instant.
    """
    after, now = utc(after), utc(now)
    return list(takewhile(lambda found: found[1] <= now, _occurrences(rule, at, zone, after, blackouts)))


def next_after(
    rule: Rule, at: time, zone: str, now: datetime, blackouts: Sequence[Blackout] = ()
) -> tuple[date, datetime]:
    """Give the first occurrence later than `now`: local date and UTC instant.

    Raises ValueError when the calendar ends first, which takes a blackout without end.
    """
    found = next(_occurrences(rule, at, zone, utc(now), blackouts), None)
    if found is None:
        raise ValueError("The blackouts leave no free day for this rule.")
    return found


def dawn(day: date) -> datetime:
    """Give the first instant at which `day` exists anywhere on Earth, which is its midnight at UTC+14."""
    return datetime.combine(day, time(0), UTC) - _EARLIEST_OFFSET


def catch_up(due_at: datetime, now: datetime, patience: timedelta) -> bool:
    """Tell whether something due at `due_at` is still worth sending at `now`: at most `patience` late."""
    return utc(now) - utc(due_at) <= patience


def _all_dates(rule: Rule, blackouts: Sequence[Blackout]) -> Iterator[date]:
    with suppress(OverflowError):  # the calendar ends with the year 9999
        yield from _weekly(rule, blackouts) if isinstance(rule, Weekly) else _monthly(rule, blackouts)


def _weekly(rule: Weekly, blackouts: Sequence[Blackout]) -> Iterator[date]:
    day = monday_of(rule.start) + rule.weekday * DAY
    if day >= rule.start:  # else that week only sets the phase
        day = _first_free(day, blackouts)
        yield day
    while True:
        for _ in range(rule.every):
            day = _first_free(day + WEEK, blackouts)
        yield day


def _monthly(rule: Monthly, blackouts: Sequence[Blackout]) -> Iterator[date]:
    month, previous = rule.start.replace(day=1), None
    while True:
        nominal = _nth_weekday(month, rule)
        if nominal >= rule.start and (day := _first_free(nominal, blackouts)) != previous:
            previous = day
            yield day
        month = (month + 31 * DAY).replace(day=1)


def _nth_weekday(month: date, rule: Monthly) -> date:
    if rule.nth > 0:
        return month + ((rule.weekday - month.weekday()) % 7 + 7 * (rule.nth - 1)) * DAY
    last = (month + 31 * DAY).replace(day=1) - DAY
    return last - (last.weekday() - rule.weekday) % 7 * DAY


def _first_free(day: date, blackouts: Sequence[Blackout]) -> date:
    """Give `day`, or the first same weekday after it, outside every blackout."""
    while busy := next((b for b in blackouts if b.first <= day <= b.last), None):
        day += ((busy.last - day).days // 7 + 1) * WEEK
    return day


def _occurrences(
    rule: Rule, at: time, zone: str, after: datetime, blackouts: Sequence[Blackout]
) -> Iterator[tuple[date, datetime]]:
    for day in _all_dates(rule, blackouts):
        if (after.date() - day).days > CALENDAR_SPREAD:
            continue  # past in every zone on Earth: not worth resolving
        if has_day(day, zone) and (instant := resolve(day, at, zone)) > after:
            yield day, instant
