"""The clock's one question: what is due at this instant? The answer is rows in the outbox."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial

from circles import commands, outbox, schedule
from circles.effects import Act, Tell
from circles.language import _, ngettext_, speaking
from circles.messages import Bullets, Message, Plain, message, text
from circles.programme import words
from storage import Session, Store, deliveries, people, programmes
from storage.tables import Circle, Occurrence, Programme

EveryTick = Callable[[Session, datetime], None]
log = logging.getLogger(__name__)
BATCH = 50
KEPT_ANSWERS = timedelta(days=2)
PUT_OFF = timedelta(minutes=10)
DAY = timedelta(days=1)
LISTED = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """What a handler of an occurrence works with."""

    db: Session
    now: datetime
    programme: Programme
    circle: Circle | None
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Due:
    """How one kind of occurrence is handled, and how late it may be and still make sense."""

    handler: Callable[[Moment], Iterable[Act]]
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did."""

    done: int = 0
    skipped: int = 0
    released: outbox.Released = field(default_factory=outbox.Released)


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, Due], Mapping[str, outbox.Renew], tuple[EveryTick, ...]]:
    due: dict[str, Due] = {}
    renew: dict[str, outbox.Renew] = {}
    daily: list[EveryTick] = []
    for room in commands.rooms():
        due |= getattr(room, "DUE", {})
        renew |= getattr(room, "RENEW", {})
        daily += getattr(room, "EVERY_TICK", ())
    return due, renew, tuple(daily)


def tick(store: Store, now: datetime) -> Ticked:
    """Do everything that has come due by ``now``, each thing once, and let go of what may be sent.

    What is late by hours is done; what is later than its patience is skipped, and the organisers are told.
    """
    due, renew, every_tick = _tables()
    with store.writing() as db:
        last = deliveries.beat(db, "tick", now)
        if last is None or last.date() != now.date():
            deliveries.forget_answers(db, now - KEPT_ANSWERS)
        for act in every_tick:
            try:
                with db.begin_nested():
                    act(db, now)
            except Exception:
                log.exception("%s failed; the next tick tries again", act)
    done, skipped = 0, set[int]()
    while True:
        with store.writing() as db:
            batch = programmes.due_occurrences(db, now, BATCH)
            for occurrence in batch:
                outcome = _try(db, occurrence, now, due)
                done += outcome == "done"
                skipped |= {occurrence.id} if outcome == "skipped" else set()
        if len(batch) < BATCH:
            break
    released = outbox.release(store, now, renew)
    if skipped or released.expired:
        _say_what_was_skipped(store, now, skipped, released.expired)
        again = outbox.release(store, now, renew)
        released = outbox.Released(released.ready + again.ready, released.held + again.held, released.expired)
    return Ticked(done, len(skipped), released)


def next_at(store: Store, now: datetime) -> datetime | None:
    """Give the next instant at which a tick has something to do, or None."""
    with store.writing() as db:
        instants = [at for at in (programmes.next_occurrence_at(db), deliveries.next_run_at(db)) if at is not None]
    return max(now, min(instants)) if instants else None


def _try(db: Session, occurrence: Occurrence, now: datetime, due: Mapping[str, Due]) -> str:
    """Handle one occurrence; what fails is undone, put off and logged, so that nothing else waits for it.

    What still fails when its day is over and its patience too is skipped.
    """
    number = occurrence.id
    try:
        with db.begin_nested():
            return "done" if _do(db, occurrence, now, due[occurrence.kind]) else "skipped"
    except Exception:
        log.exception("occurrence %s failed; it is tried again in %s", number, PUT_OFF)
    again = programmes.occurrence(db, number)
    patience = due[again.kind].patience if again.kind in due else PUT_OFF
    if schedule.catch_up(schedule.dawn(again.day) + DAY, now, patience):
        again.due_at = now + PUT_OFF
    else:
        again.state, again.done_at = "skipped", now
    programmes.save(db, again)
    return "put off" if again.state == "planned" else "skipped"


def _do(db: Session, occurrence: Occurrence, now: datetime, rule: Due) -> bool:
    """Handle one occurrence, or skip it when it is too late; says whether it was handled."""
    is_worth_it = schedule.catch_up(occurrence.due_at, now, rule.patience)
    occurrence.state = "done" if is_worth_it else "skipped"
    occurrence.done_at = now
    db.add(occurrence)
    db.flush()
    if not is_worth_it:
        log.info("skipped %s of programme %s, due %s", occurrence.slot, occurrence.programme_id, occurrence.due_at)
        return False
    programme = programmes.get(db, occurrence.programme_id)
    circle = programmes.circle(db, occurrence.circle_id) if occurrence.circle_id else None
    acts = list(rule.handler(Moment(db, now, programme, circle, occurrence)))
    outbox.put(db, programme.workspace_id, acts, now, programme=programme.slug)
    return True


def _say_what_was_skipped(store: Store, now: datetime, skipped: set[int], expired: tuple[int, ...]) -> None:
    """Tell each programme's organisers once a day what came too late to be sent."""
    with store.writing() as db:
        late = deliveries.expired_late(db, expired)
        listed: dict[int, list[Occurrence]] = {programme_id: [] for programme_id in late}
        for occurrence in map(partial(programmes.occurrence, db), sorted(skipped)):
            listed.setdefault(occurrence.programme_id, []).append(occurrence)
        for programme in (programmes.get(db, programme_id) for programme_id in sorted(listed)):
            for organiser in people.organisers(db, programme.id):
                with speaking(organiser.locale):
                    words = _skipped_words(listed[programme.id], late.get(programme.id, 0))
                tell = Tell(
                    f"skipped:{programme.id}:{now.date()}:{organiser.id}", organiser.id, words, "skipped", urgent=True
                )
                outbox.put(db, programme.workspace_id, [tell], now, programme=programme.slug)


def _skipped_words(skipped: list[Occurrence], messages: int) -> Message:
    listed = Bullets(tuple((Plain(words.occurrence(o)),) for o in skipped[:LISTED])) if skipped else None
    rest = len(skipped) - LISTED
    more = text(ngettext_("And {n} more.", "And {n} more.", rest), n=rest) if rest > 0 else None
    late = (
        text(
            ngettext_(
                "{n} message came too late to make sense and was not sent.",
                "{n} messages came too late to make sense and were not sent.",
                messages,
            ),
            n=messages,
        )
        if messages
        else None
    )
    return message(
        _("I was away for a while. What was only hours late, I have sent. This I have skipped:"),
        listed,
        more,
        late,
        summary=_("What Halqa skipped"),
    )


def renewals() -> Mapping[str, outbox.Renew]:
    """Give, by kind, what says a waiting message afresh when its time has come."""
    return _tables()[1]
