"""Everything that will be sent, and when, before it is sent; and the days that organisers keep free."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.messages import Span
from circles.programme import agenda_words, free_days, replan, rules, words
from circles.programme.agenda_words import Line
from circles.programme.rules import Planned
from circles.schedule import Blackout, resolve
from circles.turn import Turn
from circles.wall import DAY, monday_of
from storage import Session, members, people, programmes
from storage.tables import Occurrence, Programme

PAGE = 25
MORNING = time(9)
PERSONAL = frozenset({"eve", "middle", "check-in"})  # made ready earlier, sent in each member's own morning


def show(turn: Turn, *, page: int = 1) -> Iterable[Effect]:
    """List everything that will be sent, a page at a time."""
    programme = turn.programme
    zone = str(rules.settings_of(programme.settings).zone)
    ahead = lines(turn.db, programme, zone, turn.now)
    pages = max(1, -(-len(ahead) // PAGE))
    if page > pages:
        raise BadCall(agenda_words.no_such_page(pages))
    shown = ahead[(page - 1) * PAGE : page * PAGE]
    weeks = [(week, [line for line in shown if _week(line, zone) == week]) for week in _weeks(shown, zone)]
    kept = programmes.blackouts(turn.db, programme.id) if page == 1 else []
    kept = [row for row in kept if row.last >= turn.today]
    return (Reply(agenda_words.schedule(programme, weeks, kept, page=page, pages=pages, total=len(ahead))),)


def lines(db: Session, programme: Programme, zone: str, now: datetime) -> list[Line]:
    """Give everything that will be sent in a programme, in order; ``zone`` is the one in which its times read."""
    return sorted([*_planned(db, programme, zone, now), *waiting(db, programme, zone, now)], key=lambda line: line.at)


def keep_free(turn: Turn, *, first: date, last: date, name: str = "") -> Iterable[Effect]:
    """Show what moves when days are kept free, and ask."""
    programme = turn.programme
    wanted, known = _checked(turn, first, last)
    before = replan.preview(turn.db, programme, known, turn.now)
    after = replan.preview(turn.db, programme, [*known, wanted], turn.now)
    people.keep_draft(
        turn.db, turn.person.id, _subject(programme), {"first": str(first), "last": str(last), "name": name}
    )
    moves = free_days.moves(before, after)
    told = replan.told_of(turn.db, programme, turn.now) & {move.number for move in moves}
    others = free_days.others_moved(before, after)
    return (Reply(agenda_words.what_moves(wanted, name, moves, others=others, told=sorted(told))),)


def keep_free_for_sure(turn: Turn, *, first: date, last: date) -> Iterable[Effect]:
    """Keep days free, as shown before."""
    programme = turn.programme
    wanted, known = _checked(turn, first, last)
    draft = people.draft(turn.db, turn.person.id, _subject(programme))
    is_same = (draft.get("first"), draft.get("last")) == (str(first), str(last))
    programmes.add_blackout(turn.db, programme.id, first, last, str(draft.get("name", "")) if is_same else "")
    people.keep_draft(turn.db, turn.person.id, _subject(programme), {})
    tells = replan.replan(turn.db, programme, turn.now, was=known)
    _note(turn, "blackout", f"{wanted.first} - {wanted.last}")
    return (Reply(agenda_words.kept_free(wanted)), *tells)


def clear(turn: Turn, *, number: int) -> Iterable[Effect]:
    """Take days kept free back."""
    programme = turn.programme
    _check_open(programme)
    known = replan.blackouts_of(turn.db, programme)
    found = programmes.remove_blackout(turn.db, programme.id, number)
    if found is None:
        raise BadCall(agenda_words.no_such_days(number), field="number")
    if found.last < turn.today:
        raise Refused(agenda_words.over_already())
    tells = replan.replan(turn.db, programme, turn.now, was=known)
    _note(turn, "clear", f"{found.first} - {found.last}")
    return (Reply(agenda_words.cleared(Blackout(found.first, found.last))), *tells)


def _checked(turn: Turn, first: date, last: date) -> tuple[Blackout, list[Blackout]]:
    _check_open(turn.programme)
    known = replan.blackouts_of(turn.db, turn.programme)
    return free_days.check(first, last, turn.today, known, turn.programme.ends_on), known


def _check_open(programme: Programme) -> None:
    if programme.state == "closed":
        raise Refused(agenda_words.closed(programme.name))


def _planned(db: Session, programme: Programme, zone: str, now: datetime) -> list[Line]:
    """Give what the calendar has in store; before circles are formed, what it would have."""
    if programme.state in {"draft", "call"}:
        plan = replan.preview(db, programme, replan.blackouts_of(db, programme), now)
        return [Line(*_time(p, zone), words.what(p.kind, p.number, p.slot)) for p in plan]
    names = {circle.id: circle.name for circle in programmes.circles(db, programme.id, state=None)}
    sizes = {circle_id: len(members.seated(db, circle_id)) for circle_id in names}
    return [
        Line(
            *_time(o, zone),
            words.what(o.kind, o.number, o.slot),
            names.get(o.circle_id, "") if o.circle_id else "",
            sizes.get(o.circle_id, 0) if o.circle_id else sum(sizes.values()),
        )
        for o in programmes.occurrences(db, programme.id, state="planned")
    ]


def _time(item: Planned | Occurrence, zone: str) -> tuple[datetime, Span]:
    """Give where something stands in the order of days, and how its time reads.

    What each member gets in her own morning is made ready earlier; it stands at its day.
    """
    when = words.moment(item.kind, item.day, item.due_at, zone)
    if item.kind not in PERSONAL:
        return item.due_at, when
    day = item.day - DAY if item.kind == "eve" else item.day
    return resolve(day, MORNING, zone), when


def waiting(db: Session, programme: Programme, zone: str, now: datetime) -> list[Line]:
    """Count what is in the outbox already, by day and kind; never whom it is for or what it says.

    What goes to single members is one line a day and has no hour: by that one would know whose morning it is.
    """
    counted: Counter[tuple[date, str]] = Counter()
    earliest: dict[tuple[date, str], datetime] = {}
    alone: Counter[date] = Counter()
    for kind, due, is_for_a_room in programmes.waiting_to_go(db, programme):
        at = max(due, now)
        day = at.astimezone(ZoneInfo(zone)).date()
        if not is_for_a_room:
            alone[day] += 1
            continue
        key = (day, agenda_words.waiting_kind(kind))
        counted[key] += 1
        earliest[key] = min(at, earliest.get(key, at))
    shared = [
        Line(earliest[key], words.instant(earliest[key], zone), agenda_words.waiting(key[1], count))
        for key, count in counted.items()
    ]
    return shared + [
        Line(resolve(day, MORNING, zone), agenda_words.day(day), agenda_words.waiting_alone(count))
        for day, count in alone.items()
    ]


def _week(line: Line, zone: str) -> date:
    return monday_of(line.at.astimezone(ZoneInfo(zone)).date())


def _weeks(lines: Sequence[Line], zone: str) -> list[date]:
    return sorted({_week(line, zone) for line in lines})


def _subject(programme: Programme) -> str:
    return f"blackout:{programme.id}"


def _note(turn: Turn, what: str, detail: str) -> None:
    programmes.note(turn.db, turn.programme.id, turn.person.id, turn.now, f"programme schedule {what}", detail)
