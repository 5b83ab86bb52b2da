"""The outbox: acts wait here under a unique key; when their time comes, the core lets them go, or says why not."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from circles import budget, schedule, wall, wire
from circles.budget import FROM_PEOPLE
from circles.calendar import Appointment
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from circles.language import _, speaking
from circles.messages import Block, Button, Buttons, Form, Heading, Message
from circles.turn import habits_of, zone_of
from storage import Session, Store, deliveries, members, people, programmes, rounds
from storage.tables import Delivery, Person, Programme

BATCH = 500
PUT_OFF = timedelta(minutes=10)
ABOUT_HER_SEAT = frozenset({"put-on-list"})  # what organisers did with it, which she would not hear again
log = logging.getLogger(__name__)

Renew = Callable[[Session, Delivery, datetime], Message | None]


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: rows let go, held for a digest, and expired unsent."""

    ready: int = 0
    held: int = 0
    expired: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody for whom something has come due; ``waiting`` is what was held and goes along with it."""

    person: Person
    due: list[Delivery]
    waiting: list[Delivery]
    is_in_several: bool


def put(db: Session, workspace_id: int, acts: Iterable[Act], now: datetime, *, programme: str = "") -> int:
    """Write acts into the outbox; an act whose key is known is there already. Gives how many were new.

    ``programme`` (its short name) is carried by every button, so that a press means the same in any room.
    """
    rows: list[Delivery] = []
    asked: dict[str, str] = {}
    for act in acts:
        due = act.run_at or now
        row = Delivery(workspace_id=workspace_id, key=act.key, kind=act.kind, effect="", run_at=due, due_at=due)
        match act:
            case Tell():
                row.person_id, row.member_id, row.round_id = act.person, act.member, act.round
                row.not_after, row.is_urgent = act.not_after, act.urgent
                act = replace(act, message=addressed(act.message, programme))  # noqa: PLW2901 - the same act, addressed
            case Post():
                row.room_key, row.round_id, row.not_after = act.room, act.round, act.not_after
                act = replace(act, message=addressed(act.message, programme))  # noqa: PLW2901 - the same act, addressed
            case OpenRoom():
                row.room_key = act.room
                asked.setdefault(act.room, act.name)
            case CloseRoom():
                row.room_key = act.room
        row.effect = wire.dump(act)
        rows.append(row)
    deliveries.ask_for_rooms(db, workspace_id, asked)
    return deliveries.put(db, *rows)


def quieten(db: Session, member_id: int, *, leaves: bool = False) -> None:
    """Take back what the bot would still say to a member who rests or leaves; what people say to her is hers."""
    deliveries.cancel(db, member_id=member_id, besides=FROM_PEOPLE if leaves else FROM_PEOPLE | ABOUT_HER_SEAT)


def addressed(message: Message, programme: str) -> Message:
    """Give a message whose buttons say which programme they are about."""
    if not programme:
        return message
    return replace(message, blocks=tuple(_addressed_block(block, programme) for block in message.blocks))


def _addressed_block(block: Block, programme: str) -> Block:
    if isinstance(block, Appointment) and block.share is not None:
        return replace(block, share=_addressed_button(block.share, programme))
    if not isinstance(block, Buttons):
        return block
    return Buttons(tuple(_addressed_button(button, programme) for button in block.buttons))


def _addressed_button(button: Button, programme: str) -> Button:
    return replace(button, call=_addressed_call(button.call, programme))


def _addressed_call(call: str, programme: str) -> str:
    return call if " in:" in call else f"{call} in:{programme}"


def addressed_form(form: Form, programme: str) -> Form:
    """Give a form whose answers go to this programme."""
    return replace(form, call=_addressed_call(form.call, programme)) if programme else form


def release(store: Store, now: datetime, renew: Mapping[str, Renew]) -> Released:
    """Let go what has come due: checked against quiet hours, worth, the weekly budget, and said in fresh words.

    ``renew`` gives, by kind, the words as they are true now, or None when there is nothing left to say.
    """
    total = Released()
    while True:
        with store.writing() as db:
            rows = deliveries.pending_due(db, now, BATCH)
            part = _release_rows(db, rows, now, renew)
        total = Released(total.ready + part.ready, total.held + part.held, total.expired + part.expired)
        if len(rows) < BATCH:
            return total


def _release_rows(db: Session, rows: list[Delivery], now: datetime, renew: Mapping[str, Renew]) -> Released:
    by_person: dict[int, list[Delivery]] = defaultdict(list)
    ready, expired = 0, []
    at_hand = deliveries.behind(db, rows)  # held until all are let go, so that none of it is read row by row
    for row in rows:
        if _is_too_late(row, now):
            row.state, row.last_error = "expired", row.last_error or "late"
            expired.append(row.id)
        elif row.person_id is None:
            row.state = "ready"
            ready += 1
            _note_reach_of_post(db, row, now)
        else:
            by_person[row.person_id].append(row)
        db.add(row)
    for reader in _readers(db, by_person, now):
        with speaking(reader.person.locale):
            ready += _release_to(db, reader, now, renew)
    held = sum(row.state == "pending" for theirs in by_person.values() for row in theirs)
    del at_hand
    db.flush()
    return Released(ready, held, tuple(expired))


def _is_too_late(row: Delivery, now: datetime) -> bool:
    return row.not_after is not None and row.not_after < now


def _readers(db: Session, by_person: Mapping[int, list[Delivery]], now: datetime) -> Iterator[_Reader]:
    held: dict[int | None, list[Delivery]] = defaultdict(list)
    for row in deliveries.waiting_for(db, by_person, now):
        if not _is_too_late(row, now):
            held[row.person_id].append(row)
    at_hand = deliveries.behind(db, [row for theirs in held.values() for row in theirs])
    in_several = members.in_several(db, by_person)
    for person_id, due in by_person.items():
        yield _Reader(people.get(db, person_id), due, held[person_id], person_id in in_several)
    del at_hand


def _note_reach_of_post(db: Session, row: Delivery, now: datetime) -> None:
    act = _act_of(row)
    if isinstance(act, Post) and act.reaches:
        programme, weeks = _programme_of(db, row), {}
        for person in people.some(db, act.reaches).values():
            weeks[person.id] = schedule.week_of(now, zone_of(person, programme))
        deliveries.reached(db, row.id, weeks)


def _act_of(row: Delivery) -> Act | None:
    """Read what a row says, or nothing when another version wrote it; nobody else's words wait for that one."""
    act: Act | None = wire.read(row.effect)
    if act is None:
        log.error("delivery %s can't be read", row.id)
    return act


def _programme_of(db: Session, row: Delivery) -> Programme | None:
    if row.member_id:
        return programmes.get(db, members.get(db, row.member_id).programme_id)
    about = rounds.get(db, row.round_id) if row.round_id else None
    circle = programmes.circle(db, about.circle_id) if about else None
    return programmes.get(db, circle.programme_id) if circle else None


def _release_to(db: Session, to: _Reader, now: datetime, renew: Mapping[str, Renew]) -> int:
    """Let go what may reach somebody now; what was held for want of room goes along with what she gets anyway."""
    urgent = [row for row in to.due if row.is_urgent]
    let_go = sum(_let_go(db, to, [row], now) for row in urgent)
    others = [row for row in to.due if not row.is_urgent and _is_still_wanted(db, row, now, renew)]
    if not others:
        return let_go
    habits = habits_of(to.person, _programme_of(db, others[0]))
    open_at = schedule.reachable(now, habits)
    if open_at > now:
        budget.hold(others, open_at)
        return let_go
    let_go += _let_go(db, to, [row for row in others if row.kind in FROM_PEOPLE], now)
    nudges = [row for row in others if row.kind not in FROM_PEOPLE]
    if nudges and budget.is_left(db, to.person, nudges, habits, now):
        held = (row for row in to.waiting if row.kind not in FROM_PEOPLE)
        nudges += [row for row in held if _is_still_wanted(db, row, now, renew)]
        return let_go + _let_go(db, to, budget.asked_once(nudges), now)
    budget.hold(nudges, schedule.morning_of(schedule.week_of(now, habits.zone) + wall.WEEK, habits))
    return let_go


def _is_still_wanted(db: Session, row: Delivery, now: datetime, renew: Mapping[str, Renew]) -> bool:
    """Say a row's words afresh; what can't be said is put off and logged, so that nothing else waits for it."""
    act = _act_of(row)
    if isinstance(act, Tell):
        try:
            with db.begin_nested():
                return _renewed(db, row, act, now, renew)
        except Exception:
            log.exception("delivery %s can't be said afresh; it is tried again in %s", row.id, PUT_OFF)
    row.run_at = now + PUT_OFF
    db.add(row)
    return False


def _renewed(db: Session, row: Delivery, act: Tell, now: datetime, renew: Mapping[str, Renew]) -> bool:
    if row.kind not in renew:
        return True
    fresh = renew[row.kind](db, row, now)
    if fresh is None:
        row.state = "cancelled"
    else:
        programme = _programme_of(db, row)
        row.effect = wire.dump(replace(act, message=addressed(fresh, programme.slug if programme else "")))
    db.add(row)
    return fresh is not None


def _let_go(db: Session, to: _Reader, rows: Sequence[Delivery], now: datetime) -> int:
    """Let rows go as one message, counted for her week where the bot says it; gives how many they were."""
    if not rows:
        return 0
    if to.is_in_several:
        rows = _named(db, rows)
    row = rows[0] if len(rows) == 1 else _merged(db, rows, now)
    row.state, row.run_at, row.last_error = "ready", now, ""
    db.add(row)
    if row.kind not in FROM_PEOPLE:
        week = schedule.week_of(now, zone_of(to.person, _programme_of(db, row)))
        deliveries.reached(db, row.id, {to.person.id: week})
    return len(rows)


def _named(db: Session, rows: Iterable[Delivery]) -> list[Delivery]:
    """Put what is about one programme together, under its name, for somebody who is in several."""
    about: dict[str, list[Delivery]] = {"": []}
    for row in rows:
        programme = _programme_of(db, row)
        about.setdefault(programme.name if programme else "", []).append(row)
    for name, (first, *_rest) in ((name, theirs) for name, theirs in about.items() if name and theirs):
        act = _act_of(first)
        if isinstance(act, Tell):
            first.effect = wire.dump(replace(act, message=headed(act.message, name)))
            db.add(first)
    return [row for theirs in about.values() for row in theirs]


def headed(message: Message, programme: str) -> Message:
    """Give a message that says at its head, and in its notification, which programme it is about."""
    summary = _("{programme}: {summary}").format(programme=programme, summary=message.summary)
    return Message((Heading(programme), *message.blocks), summary if message.summary else programme)


def _merged(db: Session, rows: Sequence[Delivery], now: datetime) -> Delivery:
    """Put several messages into one, written down before it is sent."""
    acts: list[Tell] = [wire.load(row.effect) for row in rows]
    key = f"digest:{rows[0].id}"
    ends = [row.not_after for row in rows if row.not_after is not None]
    first = acts[0] if acts[0].kind in FROM_PEOPLE else replace(acts[0], kind="digest")
    whole = replace(
        first,
        key=key,
        message=digest([act.message for act in acts]),
        run_at=None,
        not_after=max(ends) if len(ends) == len(rows) else None,
    )
    put(db, rows[0].workspace_id, [whole], now)
    row = deliveries.by_key(db, rows[0].workspace_id, key)
    if row is None:  # pragma: no cover - it was put a line ago
        raise KeyError(key)
    for part in rows:
        part.state, part.merged_into, part.last_error = "merged", row.id, ""
        db.add(part)
    return row


def digest(messages: list[Message]) -> Message:
    """Put several messages into one, under a title that gives nothing away."""
    blocks: list[Block] = [Heading(_("A few things at once"))]
    for part in messages:
        blocks += part.blocks
    return Message(tuple(blocks), _("A few things from Halqa"))
