"""The outbox: acts wait here under a unique key; when their time comes, the core lets them go, or says why not."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from circles import budget, schedule, wire
from circles.calendar import Appointment
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from circles.language import _, speaking
from circles.messages import Block, Button, Buttons, Form, Heading, Message
from circles.turn import habits_of, zone_of
from storage import Session, Store, deliveries, members, people, programmes, rounds
from storage.tables import Delivery, Person, Programme

BATCH = 500
PUT_OFF = timedelta(minutes=10)
FROM_PEOPLE = frozenset({"thanks"})  # whoever said it was told that it is brought where that can be
ABOUT_HER_SEAT = frozenset({"put-on-list"})  # what organisers did with it, which she would not hear again
log = logging.getLogger(__name__)

Renew = Callable[[Session, Delivery, datetime], Message | None]


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: rows let go, held for a digest, and expired unsent."""

    ready: int = 0
    held: int = 0
    expired: tuple[int, ...] = ()


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
        if row.not_after is not None and row.not_after < now:
            row.state, row.last_error = "expired", "late"
            expired.append(row.id)
        elif row.person_id is None:
            row.state = "ready"
            ready += 1
            _note_reach_of_post(db, row, now)
        else:
            by_person[row.person_id].append(row)
        db.add(row)
    held = 0
    for person_id, theirs in by_person.items():
        person = people.get(db, person_id)
        with speaking(person.locale):
            let_go = _release_to(db, person, theirs, now, renew)
        ready += let_go
        held += len(theirs) - let_go
        expired += [row.id for row in theirs if row.state == "expired"]
    del at_hand
    db.flush()
    return Released(ready, held, tuple(expired))


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


def _release_to(db: Session, person: Person, rows: list[Delivery], now: datetime, renew: Mapping[str, Renew]) -> int:
    urgent = [row for row in rows if row.is_urgent]
    for row in urgent:
        _let_go(db, person, row, now)
    others = [row for row in rows if not row.is_urgent and _is_still_wanted(db, row, now, renew)]
    if not others:
        return len(urgent)
    habits = habits_of(person, _programme_of(db, others[0]))
    open_at = schedule.reachable(now, habits)
    if open_at > now:
        _hold(db, others, open_at)
        return len(urgent)
    if not budget.is_left(db, person, others, habits, now):
        next_week = schedule.week_of(now, habits.zone) + budget.WEEK
        _hold(db, others, schedule.morning_of(next_week, habits))
        return len(urgent)
    if len(others) == 1:
        _let_go(db, person, others[0], now)
    else:
        _merge(db, person, others, now)
    return len(urgent) + len(others)


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


def _hold(db: Session, rows: list[Delivery], until: datetime) -> None:
    for row in rows:
        if row.not_after is not None and row.not_after < until:
            row.state, row.last_error = "expired", "no room in the week"
        else:
            row.run_at = until
        db.add(row)


def _let_go(db: Session, person: Person, row: Delivery, now: datetime) -> None:
    row.state, row.run_at = "ready", now
    db.add(row)
    deliveries.reached(db, row.id, {person.id: schedule.week_of(now, zone_of(person, _programme_of(db, row)))})


def _merge(db: Session, person: Person, rows: list[Delivery], now: datetime) -> None:
    """Put several messages into one, written down before it is sent."""
    acts: list[Tell] = [wire.load(row.effect) for row in rows]
    key = f"digest:{rows[0].id}"
    ends = [row.not_after for row in rows if row.not_after is not None]
    whole = replace(
        acts[0],
        key=key,
        kind="digest",
        message=digest([act.message for act in acts]),
        run_at=None,
        not_after=max(ends) if len(ends) == len(rows) else None,
    )
    put(db, rows[0].workspace_id, [whole], now)
    row = deliveries.by_key(db, rows[0].workspace_id, key)
    if row is None:  # pragma: no cover - it was put a line ago
        raise KeyError(key)
    for part in rows:
        part.state, part.merged_into = "merged", row.id
        db.add(part)
    _let_go(db, person, row, now)


def digest(messages: list[Message]) -> Message:
    """Put several messages into one, under a title that gives nothing away."""
    blocks: list[Block] = [Heading(_("A few things at once"))]
    for part in messages:
        blocks += part.blocks
    return Message(tuple(blocks), _("A few things from Halqa"))
