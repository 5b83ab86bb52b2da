"""What is decided about hours: when one is agreed, when it is hopeless, and which are worth proposing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

OPEN_AT_ONCE = 3  # proposals; more would be a poll of its own
MOST_HOURS = 4  # offered to choose from
PAIR_SIZE, SMALLEST_TABLE = 2, 4
PAIR, TABLE = 60, 90  # minutes; two or three people take 30 to 60, a table 75 to 90 (LIFT, WOC-EEB)
MORNING, EVENING = time(7), time(22)  # outside of these it is night
HOUR = timedelta(hours=1)


def minutes_for(size: int) -> int:
    """Give how many minutes a meeting of so many people is given."""
    return TABLE if size >= SMALLEST_TABLE else PAIR


def is_agreed(group: Collection[int], can: Mapping[int, bool]) -> bool:
    """Say whether everybody in a group has said that she can come."""
    return all(can.get(member, False) for member in group)


def may_be_settled(group: Collection[int], can: Mapping[int, bool]) -> bool:
    """Say whether an hour may be set though not everybody has said yes: at least two can, and half of the group."""
    able = sum(can.get(member, False) for member in group)
    return able >= 2 and 2 * able >= len(group)


def is_hopeless(group: Collection[int], can: Mapping[int, bool]) -> bool:
    """Say whether too many can't come: fewer than two are left, or fewer than half of the group."""
    left = sum(can.get(member, True) for member in group)
    return left < 2 or 2 * left < len(group)


def hours_in(
    stretches: Sequence[tuple[datetime, datetime]], minutes: int, zone: str, taken: Collection[datetime]
) -> list[datetime]:
    """Give full hours of a zone in stretches of time that leave room for a meeting, but none that is ``taken``.

    There are at most MOST_HOURS of them: the first in each stretch, then the second, and so on.
    """
    found = [[hour for hour in _full_hours(*stretch, minutes, zone) if hour not in taken] for stretch in stretches]
    in_turn = [hour for hours in zip_longest(*found) for hour in hours if hour is not None]
    return sorted(in_turn[:MOST_HOURS])


def _full_hours(begins: datetime, ends: datetime, minutes: int, zone: str) -> list[datetime]:
    whole = begins.replace(second=0, microsecond=0)
    first = whole - timedelta(minutes=whole.astimezone(ZoneInfo(zone)).minute)
    first += HOUR if first < begins else timedelta()
    last = ends - timedelta(minutes=minutes)
    return [first + HOUR * n for n in range((last - first) // HOUR + 1)]


def is_night(begins: datetime, minutes: int, zone: str) -> bool:
    """Say whether a meeting reaches into the hours from 22:00 to 7:00 of a zone."""
    first = begins.astimezone(ZoneInfo(zone)).time()
    last = (begins + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).time()
    return not (MORNING <= first < EVENING and MORNING <= last <= EVENING)
