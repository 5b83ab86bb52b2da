"""The heads-up of a round whose day moves: taken back where it waits, put right where it has gone out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from circles import schedule
from circles.effects import Tell
from circles.language import speaking
from circles.programme import agenda_words, rules
from circles.programme.rhythm import Last
from circles.turn import habits_of
from storage import Session, heads_ups, members, programmes
from storage.tables import Occurrence, Programme

NO_ROUND = "none"  # in the place of a day; later than every day, as it is read


def openings_next(planned: Iterable[Occurrence], so_far: Mapping[str, Last]) -> dict[int, Occurrence]:
    """Give, by circle, the opening of a round that comes next."""
    found: dict[int, Occurrence] = {}
    for opening in sorted((o for o in planned if o.kind == "round-open"), key=lambda o: o.number, reverse=True):
        last = so_far.get(f"c{opening.circle_id}:r")
        if opening.circle_id is not None and (last is None or opening.number > last.number):
            found[opening.circle_id] = opening
    return found


def told(db: Session, programme: Programme, so_far: Mapping[str, Last]) -> dict[int, dict[int, str]]:
    """Give, by circle, to which members a heads-up of the next round has gone out, and which day it named last."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for member_id, key in heads_ups.gone_out(db, programme.id):
        _eve, circle, day, *_whom = key.split(":")
        if day != str(programme.ends_on):
            found[int(circle)][member_id] = day
    for circle_id, days in found.items():
        last = so_far.get(f"c{circle_id}:r")
        found[circle_id] = {whom: day for whom, day in days.items() if last is None or day > str(last.day)}
    return found


def follow(
    db: Session,
    programme: Programme,
    so_far: Mapping[str, Last],
    planned: Sequence[Occurrence],
    wanted: Sequence[Occurrence],
    now: datetime,
) -> list[Tell]:
    """Let the heads-ups follow the rounds that move.

    Those that wait are taken back and come again before the new day; whoever has read one hears of the new day.
    """
    moving: dict[int, Occurrence | None] = {}
    before, after = openings_next(planned, so_far), openings_next(wanted, so_far)
    for circle in programmes.circles(db, programme.id):
        was, comes = before.get(circle.id), after.get(circle.id)
        if _turn(was) == _turn(comes):
            continue
        moving[circle.id] = comes
        heads_ups.take_back(db, programme.workspace_id, f"eve:{circle.id}:{_day(was)}:")
        if was is not None:
            heads_ups.plan_again(db, programme.id, f"c{circle.id}:r{was.number}:eve")
    known = told(db, programme, so_far) if moving else {}
    tells: list[Tell] = []
    for circle_id, comes in moving.items():
        tells += _put_right(db, programme, circle_id, known.get(circle_id, {}), comes, now)
    return tells


def _turn(opening: Occurrence | None) -> tuple[int, date, datetime] | None:
    return (opening.number, opening.day, opening.due_at) if opening else None


def _day(opening: Occurrence | None) -> str:
    return str(opening.day) if opening else NO_ROUND


def _put_right(
    db: Session, programme: Programme, circle: int, known: Mapping[int, str], comes: Occurrence | None, now: datetime
) -> list[Tell]:
    """Tell those who know of another day in their next reachable hour; no week is too full for what was untrue."""
    settings = rules.settings_of(programme.settings)
    tells: list[Tell] = []
    for _seat, member, person in members.seated(db, circle):
        if member.state != "seated" or known.get(member.id, _day(comes)) == _day(comes):
            continue
        with speaking(person.locale):
            said = agenda_words.comes_on_another_day(comes.number, comes.day) if comes else agenda_words.comes_no_more()
        tells.append(
            Tell(
                f"eve:{circle}:{_day(comes)}:{member.id}:{now:%Y%m%d%H%M%S}",
                person.id,
                said,
                "eve",
                run_at=schedule.reachable(now, habits_of(person, programme)),
                not_after=schedule.resolve(comes.day, settings.clock, settings.zone) if comes else None,
                urgent=True,
                member=member.id,
            )
        )
    return tells
