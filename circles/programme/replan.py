"""The calendar written down: what the rules plan, against what has come already and what was announced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from circles import schedule
from circles.effects import Tell
from circles.programme import heads_up, rhythm, rules
from circles.programme.rhythm import Coming, Last
from circles.programme.rules import Planned
from circles.schedule import Blackout
from circles.wall import WEEK
from storage import Session, programmes, rounds
from storage.tables import Circle, Occurrence, Programme

TOO_LATE = timedelta(days=1)
_SERIES = re.compile(r"(?:c\d+:)?(?:r(?P<round>\d+):open|(?:prompt|check-in):(?P<other>\d+))")


@dataclass(frozen=True, slots=True)
class _Days:
    """The days kept free until now and from now on, and the instant at which that changes."""

    was: Sequence[Blackout]
    kept: Sequence[Blackout]
    now: datetime


def replan(db: Session, programme: Programme, now: datetime, *, was: Sequence[Blackout] | None = None) -> list[Tell]:
    """Write down what is still to come of a running programme's calendar, in the place of what was planned before.

    What came already stays; what would have been due more than a day ago is not made up for. A heads-up whose time
    has passed while its round is still ahead is due now. The round that comes next keeps its day, which people know,
    and a new rhythm counts from there; it moves only when other days are kept free than there were (``was``).
    Gives what those are to hear who were told of a day that is no longer true.
    """
    if programme.state != "running" or programme.starts_on is None or programme.ends_on is None:
        return []
    plan = preview(db, programme, blackouts_of(db, programme), now, was=was)
    planned = programmes.occurrences(db, programme.id, state="planned")
    wanted = _wanted(programme, plan, planned, now)
    tells = heads_up.follow(db, programme, _so_far(db, programme, now), planned, wanted, now)
    programmes.replace_planned(db, programme.id, wanted)
    _move_closings(db, programme, plan)
    return tells


def preview(
    db: Session,
    programme: Programme,
    blackouts: Sequence[Blackout],
    now: datetime,
    *,
    was: Sequence[Blackout] | None = None,
) -> list[Planned]:
    """Give what the calendar would be with these days kept free; before circles are formed, for one circle to come.

    ``was`` are the days kept free so far, when they are not those in the database. Empty while the programme has no
    first day.
    """
    if programme.starts_on is None or programme.ends_on is None:
        return []
    circles = tuple(circle.id for circle in programmes.circles(db, programme.id))
    if not circles and programme.state in {"draft", "call"}:
        circles = (0,)
    settings = rules.settings_of(programme.settings)
    so_far = _so_far(db, programme, now)
    days = _Days(blackouts_of(db, programme) if was is None else was, blackouts, now)
    announced = _announced(db, programme, so_far, days)
    term = (settings, programme.starts_on, programme.ends_on, blackouts, circles)
    plan = rules.calendar(*term, so_far, announced)
    passed = {s: Last(so_far[s].number, p.day) for p in plan if (s := _series(p)) in so_far and p.due_at <= now}
    return rules.calendar(*term, so_far | passed, announced) if passed else plan


def told_of(db: Session, programme: Programme, now: datetime) -> set[int]:
    """Give the numbers of the coming rounds of which somebody has had the heads-up already."""
    so_far, planned = _so_far(db, programme, now), programmes.occurrences(db, programme.id, state="planned")
    known = [circle for circle, whom in heads_up.told(db, programme, so_far).items() if whom]
    coming = heads_up.openings_next(planned, so_far)
    return {coming[circle].number for circle in known if circle in coming}


def _series(planned: Planned) -> str:
    """Name the series of a prompt or a check-in: a turn that a new rhythm puts into the past is passed over."""
    return planned.slot.rpartition(":")[0] if planned.kind in {"prompt", "check-in"} else ""


def blackouts_of(db: Session, programme: Programme) -> list[Blackout]:
    """Give the days kept free, the earliest first."""
    return [Blackout(row.first, row.last, row.name) for row in programmes.blackouts(db, programme.id)]


def _so_far(db: Session, programme: Programme, now: datetime) -> dict[str, Last]:
    """Find the last turn of each series: from what the calendar has had done, and from the rounds there are.

    A prompt or a check-in that is due has come, though the clock has still to see to it.
    """
    found: dict[str, Last] = {}
    for occurrence in programmes.occurrences(db, programme.id):
        match = _SERIES.fullmatch(occurrence.slot)
        if match and (occurrence.state != "planned" or _is_in_hand(occurrence, now)):
            series = f"c{occurrence.circle_id}:r" if match["round"] else occurrence.slot.rpartition(":")[0]
            _keep(found, series, Last(int(match["round"] or match["other"]), occurrence.day))
    for circle in programmes.circles(db, programme.id):
        newest = rounds.newest(db, circle.id)
        if newest is not None:
            _keep(found, f"c{circle.id}:r", Last(newest.number, newest.opens_on))
    return found


def _is_in_hand(occurrence: Occurrence, now: datetime) -> bool:
    return occurrence.kind in {"prompt", "check-in"} and occurrence.due_at <= now


def _keep(found: dict[str, Last], series: str, last: Last) -> None:
    if series not in found or found[series].number <= last.number:
        found[series] = last


def _announced(db: Session, programme: Programme, so_far: dict[str, Last], days: _Days) -> dict[int, Coming | None]:
    """Find the round that each circle is to expect next: the one that is planned, moved out of days kept free."""
    found: dict[int, Coming | None] = {}
    coming = heads_up.openings_next(programmes.occurrences(db, programme.id, state="planned"), so_far)
    for circle in programmes.circles(db, programme.id):
        last = so_far.get(f"c{circle.id}:r")
        if circle.id in coming:
            found[circle.id] = _where_it_stands(programme, coming[circle.id], last, days)
        elif last is not None:
            found[circle.id] = _after_all(db, programme, circle, last, days)
    return found


def _where_it_stands(programme: Programme, coming: Occurrence, last: Last | None, days: _Days) -> Coming | None:
    if days.was == days.kept or programme.starts_on is None or programme.ends_on is None:
        return coming.number, coming.day
    base = last.day if last else programme.starts_on - WEEK
    until = max(rules.last_opening(rules.settings_of(programme.settings), programme.ends_on), coming.day)
    day = rhythm.shifted(base, coming.day, until, days.was, days.kept, days.now)
    return (coming.number, day) if day else None


def _after_all(db: Session, programme: Programme, circle: Circle, last: Last, days: _Days) -> Coming | None:
    """Find a round that fits in again where none was to come; who was told "until the end" has until then."""
    newest = rounds.newest(db, circle.id)
    if programme.starts_on is None or programme.ends_on is None:
        return None
    if days.was == days.kept and newest is not None and newest.closes_on >= programme.ends_on:
        return None
    settings = rules.settings_of(programme.settings)
    by_rhythm = rules.round_turns(settings, programme.starts_on, programme.ends_on, days.kept, last)
    day = next((day for _number, day in by_rhythm if rhythm.is_time_to_tell(day, days.now)), None)
    return (last.number + 1, day) if day else None


def _wanted(
    programme: Programme, plan: Sequence[Planned], planned: Sequence[Occurrence], now: datetime
) -> list[Occurrence]:
    """Give what is to be planned: what is due already comes as it stands, and nothing new is due in the past."""
    known = {o.slot: o for o in planned}
    wanted: dict[str, Occurrence] = {o.slot: o for o in planned if _is_in_hand(o, now)}
    for one in plan:
        day, due_at, stands = one.day, _due_at(programme, one, now), known.get(one.slot)
        if stands is not None and (due_at < now or (stands.day == day and stands.due_at <= now)):
            day, due_at = stands.day, stands.due_at
        if stands is not None or due_at >= now - TOO_LATE:
            wanted[one.slot] = Occurrence(
                programme_id=programme.id,
                circle_id=one.circle,
                day=day,
                slot=one.slot,
                kind=one.kind,
                number=one.number,
                due_at=due_at,
            )
    return list(wanted.values())


def _due_at(programme: Programme, planned: Planned, now: datetime) -> datetime:
    if planned.kind != "eve":
        return planned.due_at
    settings = rules.settings_of(programme.settings)
    opens = schedule.resolve(planned.day, settings.clock, settings.zone)
    return max(planned.due_at, now) if opens > now else planned.due_at


def _move_closings(db: Session, programme: Programme, plan: Sequence[Planned]) -> None:
    """Let each circle's open round close on the day on which its next one opens."""
    opens = {p.circle: p.day for p in reversed(plan) if p.kind == "round-open"}
    for circle in programmes.circles(db, programme.id):
        newest = rounds.newest(db, circle.id)
        if newest is None or newest.state != "open" or programme.ends_on is None:
            continue
        closes_on = opens.get(circle.id, programme.ends_on)
        if newest.closes_on != closes_on:
            newest.closes_on = closes_on
            rounds.save(db, newest)
