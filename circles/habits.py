"""One person's local rhythm: when a message finds her awake and at work, and when two people are at work together."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from circles.wall import (
    CALENDAR_SPREAD,
    DAY,
    EPOCH,
    SECOND,
    check_wall,
    check_weekday,
    has_day,
    monday_of,
    resolve,
    utc,
    zone_called,
)


@dataclass(frozen=True, slots=True)
class Habits:
    """One person's local rhythm: her zone, her weekend (0 = Monday), her quiet hours and her morning.

    Quiet hours run from `quiet_from` up to, not including, `quiet_until`; they may pass midnight; equal ends mean none.
    """

    zone: str
    weekend: frozenset[int] = frozenset({5, 6})
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    morning: time = time(9)

    def __post_init__(self) -> None:
        zone_called(self.zone)
        for weekday in self.weekend:
            check_weekday(weekday)
        if len(self.weekend) == 7:
            raise ValueError("A weekend leaves at least one working day.")
        for at in (self.quiet_from, self.quiet_until, self.morning):
            check_wall(at)


def morning_of(day: date, habits: Habits) -> datetime:
    """Give her morning on `day`, or on her next working day if `day` is free for her; never in her quiet hours."""
    while not _is_working_day(day, habits):
        day += DAY
    return reachable(resolve(day, habits.morning, habits.zone), habits)


def working_day_before(day: date, habits: Habits) -> date:
    """Give her last working day strictly before `day`."""
    day -= DAY
    while not _is_working_day(day, habits):
        day -= DAY
    return day


def reachable(instant: datetime, habits: Habits) -> datetime:
    """Give the first instant, `instant` or later, outside her quiet hours and her weekend.

    Exact across clock changes: it walks from one wall-clock boundary to the next and stops at every jump in between.
    """
    instant = utc(instant)
    zone = zone_called(habits.zone)
    while (wait := _wall_wait(instant.astimezone(zone).replace(tzinfo=None), habits)) > timedelta(0):
        instant = _jump_between(instant, instant + wait, zone) or instant + wait
    return instant


def working_overlap(a: Habits, b: Habits, day: date, start: time = time(9), end: time = time(17)) -> float:
    """Give the hours in which both are inside local `start` to `end` on the best day of the week that holds `day`.

    Weekends count for nothing. One person's Tuesday may meet the other's Wednesday. The same both ways round.
    Raises ValueError unless `start` is before `end`.
    """
    check_wall(start)
    check_wall(end)
    if start >= end:
        raise ValueError(f"Working hours start before they end: {start:%H:%M} to {end:%H:%M} do not.")
    first, second = ((one.zone, one.weekend) for one in (a, b))
    return _best_overlap(first, second, monday_of(day), start, end)


_Place = tuple[str, frozenset[int]]  # zone and weekend


def _is_working_day(day: date, habits: Habits) -> bool:
    return day.weekday() not in habits.weekend and has_day(day, habits.zone)


def _wall_wait(wall: datetime, habits: Habits) -> timedelta:
    """Give how long, by the wall clock, until her weekend day or her quiet hours end; zero when she is reachable."""
    midnight = datetime.combine(wall.date(), time(0))
    if wall.weekday() in habits.weekend:
        return midnight + DAY - wall
    start, end, at = habits.quiet_from, habits.quiet_until, wall.time()
    is_quiet = start <= at < end if start <= end else at >= start or at < end
    if not is_quiet:
        return timedelta(0)
    opening = datetime.combine(wall.date(), end)
    return (opening if opening > wall else opening + DAY) - wall


def _jump_between(after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the instant in (after, until] at which the zone's clocks jump, or None; jumps fall on whole seconds."""
    before = after.astimezone(zone).utcoffset()
    if until.astimezone(zone).utcoffset() == before:
        return None
    low, high = (after - EPOCH) // SECOND, -((EPOCH - until) // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if (EPOCH + middle * SECOND).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return EPOCH + high * SECOND


@lru_cache(maxsize=1 << 16)
def _best_overlap(a: _Place, b: _Place, monday: date, start: time, end: time) -> float:
    mine, yours = (_working_windows(place, monday, start, end) for place in (a, b))
    return max(_best_day(mine, yours), _best_day(yours, mine)) / 3600


def _best_day(mine: tuple[tuple[int, int], ...], yours: tuple[tuple[int, int], ...]) -> int:
    """Give the seconds shared on the best of my seven days; both lists carry a margin of days at either end."""
    best = 0
    for k, (start, end) in enumerate(mine[CALENDAR_SPREAD:-CALENDAR_SPREAD]):
        near = yours[k : k + 2 * CALENDAR_SPREAD + 1]  # the days that may share an hour with this one
        best = max(best, sum(max(0, min(end, f) - max(start, s)) for s, f in near))
    return best


@lru_cache(maxsize=1 << 12)
def _working_windows(place: _Place, monday: date, start: time, end: time) -> tuple[tuple[int, int], ...]:
    """List (start, end) in epoch seconds for each day of the week and its margin; a free day is an empty window."""
    zone, weekend = place
    windows: list[tuple[int, int]] = []
    for offset in range(-CALENDAR_SPREAD, 7 + CALENDAR_SPREAD):
        day = monday + offset * DAY
        if day.weekday() in weekend:
            windows.append((0, 0))
        else:  # on a day the zone never had, both ends are one instant
            opening, closing = (resolve(day, at, zone) for at in (start, end))
            windows.append(((opening - EPOCH) // SECOND, (closing - EPOCH) // SECOND))
    return tuple(windows)
