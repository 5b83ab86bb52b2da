"""How the turns of a series are counted: from the first day, from the last turn, from the one that was announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from circles import schedule
from circles.schedule import Blackout, Weekly
from circles.wall import WEEK, monday_of

EVE_AHEAD = timedelta(days=4)  # long enough that every weekend has a working day before the round
Coming = tuple[int, date]  # the number of a turn to come, and its local day


@dataclass(frozen=True, slots=True)
class Last:
    """The last turn of a series that has come already: its number and its local day; the next one follows it."""

    number: int
    day: date


def turns(first: date, every: int, until: date, blackouts: Sequence[Blackout], last: Last | None) -> list[Coming]:
    """Number the days of a series on ``first``'s weekday; what came already is passed over, and counted on from."""
    if last is None:
        return list(enumerate(schedule.dates(Weekly(first, first.weekday(), every), until, blackouts), 1))
    return list(enumerate(_days_after(last.day, first.weekday(), every, until, blackouts), last.number + 1))


def _days_after(base: date, weekday: int, every: int, until: date, blackouts: Sequence[Blackout]) -> list[date]:
    """Give the days of a series after the week of ``base``; days kept free in that week don't push them on."""
    week = monday_of(base)
    ahead = [Blackout(max(b.first, week + WEEK), b.last) for b in blackouts if b.last >= week + WEEK]
    return schedule.dates(Weekly(week, weekday, every), until, ahead)[1:]


def shifted(
    base: date, day: date, until: date, was: Sequence[Blackout], kept: Sequence[Blackout], now: datetime
) -> date | None:
    """Give the day to which an announced round moves when other days are kept free, or None when there is none left.

    It stays as many free weeks after ``base`` as it was. It comes earlier only where its people can still be told.
    """
    weeks = len(_days_after(base, day.weekday(), 1, day, was))
    free = _days_after(base, day.weekday(), 1, until, kept)
    return next((one for one in free[max(weeks, 1) - 1 :] if one >= day or is_time_to_tell(one, now)), None)


def is_time_to_tell(day: date, now: datetime) -> bool:
    """Say whether everybody can still hear on a working day of hers that a round turns on this day."""
    return schedule.dawn(day - EVE_AHEAD) >= now
