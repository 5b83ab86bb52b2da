"""How many messages a week one person gets: two, and those tied to a day have their place kept for them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circles import schedule
from circles.schedule import Habits
from storage import Session, deliveries, members, programmes
from storage.tables import Delivery, Person

WEEKLY = 2  # messages a week to one person: the promise made to every member
SILENCES = 3  # unanswered rounds after which half as many are sent
TIED_TO_A_DAY = frozenset({"eve", "sits-out"})
WEEK = timedelta(days=7)
LONGEST_WEEKEND = timedelta(days=4)  # a heads-up comes at most this long before its round


def is_left(db: Session, person: Person, rows: Sequence[Delivery], habits: Habits, now: datetime) -> bool:
    """Say whether a person may get one more message now, in her local week.

    What could as well come next week leaves room for the heads-up and the introduction that this week still holds.
    """
    week = schedule.week_of(now, habits.zone)
    had = deliveries.reach_in_week(db, person.id, week)
    ids = [row.member_id for row in rows if row.member_id]
    silences = max((members.get(db, member_id).silences for member_id in ids), default=0)
    weekly = WEEKLY // 2 if silences >= SILENCES else WEEKLY
    if had >= weekly:
        return False
    if any(row.kind in TIED_TO_A_DAY for row in rows):
        return True
    today = now.astimezone(ZoneInfo(habits.zone)).date()
    return had + max((_kept(db, one, habits, today, week) for one in ids), default=0) < weekly


def _kept(db: Session, member_id: int, habits: Habits, today: date, week: date) -> int:
    """Count the heads-ups and introductions that the rest of this week holds for a member."""
    seat = members.seat_of(db, member_id)
    if seat is None:
        return 0
    coming = programmes.openings(db, seat[1].id, today, week + WEEK + LONGEST_WEEKEND)
    days = [*coming, *(schedule.working_day_before(day, habits) for day in coming)]
    return sum(today < day < week + WEEK for day in days)
