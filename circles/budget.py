"""How many messages a week one person gets: two, and those tied to a day have their place kept for them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circles import schedule
from circles.rooms import group_room
from circles.schedule import Habits
from circles.wall import WEEK
from storage import Session, deliveries, members
from storage.tables import Delivery, Person

WEEKLY = 2  # messages a week to one person: the promise made to every member
SILENCES = 3  # unanswered rounds after which half as many are sent
TIED_TO_A_DAY = frozenset({"eve", "sits-out"})
# Whoever said it was told that it is brought where that can be. The bot only brings it, so no week is too full for it.
FROM_PEOPLE = frozenset({"thanks"})
NO_ROOM = "no room in the week"
A_MOMENT = timedelta(seconds=1)
LONGEST_WEEKEND = timedelta(days=4)  # a heads-up comes at most this long before its round


def is_left(db: Session, person: Person, rows: Sequence[Delivery], habits: Habits, now: datetime) -> bool:
    """Say whether a person may get one more message now, in her local week.

    What could as well come later leaves room for the heads-ups and the introductions that this week still holds, in
    whichever programme.
    """
    week = schedule.week_of(now, habits.zone)
    had = deliveries.reach_in_week(db, person.id, week)
    silences = max((members.get(db, row.member_id).silences for row in rows if row.member_id), default=0)
    weekly = WEEKLY // 2 if silences >= SILENCES else WEEKLY
    if had >= weekly:
        return False
    if any(row.kind in TIED_TO_A_DAY for row in rows):
        return True
    today = now.astimezone(ZoneInfo(habits.zone)).date()
    return had + _kept(db, person, habits, today, week) < weekly


def _kept(db: Session, person: Person, habits: Habits, today: date, week: date) -> int:
    """Count the introductions and the days with a heads-up that the rest of this week holds for a person."""
    coming = members.openings(db, person.id, today, week + WEEK + LONGEST_WEEKEND)
    eves = {schedule.working_day_before(day, habits) for day in coming}
    to_open, to_come = sum(day < week + WEEK for day in coming), sum(today < day < week + WEEK for day in eves)
    rooms = [group_room(programme_id, group_id) for programme_id, group_id in members.groups_now(db, person.id)]
    return to_open + to_come + (deliveries.count_waiting(db, rooms, "introduction") if rooms else 0)


def hold(rows: Iterable[Delivery], until: datetime) -> None:
    """Let rows wait until then, or for what else goes to her before; what isn't worth it that long ends in its time."""
    for row in rows:
        row.run_at = until
        if row.not_after is not None and row.not_after < until:
            row.run_at, row.last_error = row.not_after + A_MOMENT, NO_ROOM


def asked_once(rows: Sequence[Delivery]) -> list[Delivery]:
    """Take back the question halfway through a round where the heads-up beside it asks the same; gives the rest."""
    asked = {row.member_id for row in rows if row.kind == "eve"}
    for row in rows:
        if row.kind == "middle" and row.member_id in asked:
            row.state = "cancelled"
    return [row for row in rows if row.state == "pending"]
