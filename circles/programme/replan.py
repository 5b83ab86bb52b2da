"""The calendar written down: what the rules plan, against what has come already."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from circles import schedule
from circles.programme import rules
from circles.programme.rules import Last, Planned
from circles.schedule import Blackout
from storage import Session, programmes, rounds
from storage.tables import Occurrence, Programme

TOO_LATE = timedelta(days=1)
_SERIES = re.compile(r"(?:c\d+:)?(?:r(?P<round>\d+):open|(?:prompt|check-in):(?P<other>\d+))")


def replan(db: Session, programme: Programme, now: datetime) -> None:
    """Write down what is still to come of a running programme's calendar, in the place of what was planned before.

    What came already stays; what would have been due more than a day ago is not made up for. A heads-up whose time
    has passed while its round is still ahead is due now.
    """
    if programme.state != "running" or programme.starts_on is None or programme.ends_on is None:
        return
    plan = preview(db, programme, blackouts_of(db, programme))
    known = {o.slot for o in programmes.occurrences(db, programme.id, state="planned")}
    wanted = []
    for planned in plan:
        due_at = _due_at(programme, planned, now)
        if due_at >= now - TOO_LATE or planned.slot in known:
            wanted.append(
                Occurrence(
                    programme_id=programme.id,
                    circle_id=planned.circle,
                    day=planned.day,
                    slot=planned.slot,
                    kind=planned.kind,
                    number=planned.number,
                    due_at=due_at,
                )
            )
    programmes.replace_planned(db, programme.id, wanted)
    _move_closings(db, programme, plan)


def preview(db: Session, programme: Programme, blackouts: Sequence[Blackout]) -> list[Planned]:
    """Give what the calendar would be with these days kept free; before circles are formed, for one circle to come.

    Empty while the programme has no first day.
    """
    if programme.starts_on is None or programme.ends_on is None:
        return []
    circles = tuple(circle.id for circle in programmes.circles(db, programme.id))
    if not circles and programme.state in {"draft", "call"}:
        circles = (0,)
    settings = rules.settings_of(programme.settings)
    so_far = _so_far(db, programme)
    return rules.calendar(settings, programme.starts_on, programme.ends_on, blackouts, circles, so_far)


def blackouts_of(db: Session, programme: Programme) -> list[Blackout]:
    """Give the days kept free, the earliest first."""
    return [Blackout(row.first, row.last, row.name) for row in programmes.blackouts(db, programme.id)]


def _so_far(db: Session, programme: Programme) -> dict[str, Last]:
    """Find the last turn of each series: from what the calendar has had done, and from the rounds there are."""
    found: dict[str, Last] = {}
    for occurrence in programmes.occurrences(db, programme.id):
        match = _SERIES.fullmatch(occurrence.slot)
        if occurrence.state != "planned" and match:
            series = f"c{occurrence.circle_id}:r" if match["round"] else occurrence.slot.rpartition(":")[0]
            _keep(found, series, Last(int(match["round"] or match["other"]), occurrence.day))
    for circle in programmes.circles(db, programme.id):
        newest = rounds.newest(db, circle.id)
        if newest is not None:
            _keep(found, f"c{circle.id}:r", Last(newest.number, newest.opens_on))
    return found


def _keep(found: dict[str, Last], series: str, last: Last) -> None:
    if series not in found or found[series].number <= last.number:
        found[series] = last


def _due_at(programme: Programme, planned: Planned, now: datetime) -> datetime:
    if planned.kind != "eve":
        return planned.due_at
    settings = rules.settings_of(programme.settings)
    opens = schedule.resolve(planned.day, settings.clock, settings.zone)
    return max(planned.due_at, now) if opens > now else planned.due_at


def _move_closings(db: Session, programme: Programme, plan: Sequence[Planned]) -> None:
    """Let each circle's open round close on the day on which its next one opens."""
    opens = {(p.circle, p.number): p.day for p in plan if p.kind == "round-open"}
    for circle in programmes.circles(db, programme.id):
        newest = rounds.newest(db, circle.id)
        if newest is None or newest.state != "open" or programme.ends_on is None:
            continue
        closes_on = opens.get((circle.id, newest.number + 1), programme.ends_on)
        if newest.closes_on != closes_on:
            newest.closes_on = closes_on
            rounds.save(db, newest)
