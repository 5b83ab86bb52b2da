"""How a programme ends: the last rounds close, everybody is thanked once, and nothing more is sent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from circles import schedule
from circles.closing import looking_back, rules, words
from circles.conversation import library
from circles.effects import Act, CloseRoom, Post, Tell
from circles.language import speaking
from circles.rooms import circle_room
from circles.rotation import opening
from circles.tick import Moment
from circles.turn import habits_of
from storage import Session, deliveries, members, programmes, rounds
from storage.tables import Circle, Member, Occurrence, Person, Programme

# What was waiting to be said during the term, and would make no sense after it.
PASSED = (
    *("eve", "middle", "silence", "sits-out", "back", "action", "goal-invite"),
    *("check-in", "check-in-reminder", "check-in-snoozed"),
)


def due(moment: Moment) -> list[Act]:
    """End a running programme on its last day."""
    if moment.programme.state != "running":
        return []
    in_hand = [
        occurrence
        for occurrence in programmes.occurrences(moment.db, moment.programme.id, state="planned")
        if occurrence.due_at <= moment.now  # the tick holds these already; they find the circles closed
    ]
    programmes.replace_planned(moment.db, moment.programme.id, in_hand)
    return _end(moment)


def end_now(db: Session, programme: Programme, day: date, now: datetime) -> list[Act]:
    """End a programme today, before its time; in one that has not begun only those who wait are told."""
    if programme.state == "running":
        programme.ends_on = day
    programmes.replace_planned(db, programme.id, [])
    asked = Occurrence(programme_id=programme.id, day=day, slot="close", kind="close", due_at=now)
    return _end(Moment(db, now, programme, None, asked))


def _end(moment: Moment) -> list[Act]:
    db, programme = moment.db, moment.programme
    acts: list[Act] = []
    for circle in programmes.circles(db, programme.id):
        acts += _end_circle(moment, circle)
    programme.state = "closed"
    programmes.save(db, programme)
    for member, person in members.in_programme(db, programme.id):
        deliveries.cancel(db, member_id=member.id, kinds=PASSED)
        acts.append(_farewell(moment, member, person))
    return acts


def _end_circle(moment: Moment, circle: Circle) -> Iterable[Act]:
    db, programme = moment.db, moment.programme
    row = rounds.newest(db, circle.id)
    if row is not None and row.state == "open":
        deliveries.cancel(db, round_id=row.id)
    acts = opening.close_round(replace(moment, circle=circle), circle)
    circle.state = "closed"
    programmes.save(db, circle)
    room = circle_room(programme.id, circle.id)
    deliveries.cancel(db, room_key=room, kinds=("prompt", "goal-told"))
    with speaking(circle.language):
        said = words.to_circle(circle.name)
    # Whether a quiet member stays is no question any more, so only what closes rooms is kept.
    return [
        *(act for act in acts if not isinstance(act, Tell)),
        Post(f"close-room:{circle.id}", room, said, "close-room"),
        CloseRoom(f"close:{room}", room),
    ]


def _farewell(moment: Moment, member: Member, person: Person) -> Tell:
    db, programme = moment.db, moment.programme
    seat = members.seat_of(db, member.id)
    with speaking(person.locale):
        if seat is None:
            said = words.to_waiting(programme.name)
        else:
            bank = library.banks(_language(person.locale))["close"]
            question = rules.closing_question(bank, programme.seed, member.id)
            record = looking_back.record_of(db, programme, member)
            said = words.to_member(programme.name, record, question, can_offer=seat[0].role == "mentee")
    return Tell(
        f"close:{programme.id}:{member.id}",
        person.id,
        said,
        "close",
        run_at=max(schedule.morning_of(moment.occurrence.day, habits_of(person, programme)), moment.now),
        member=member.id,
    )


def _language(locale: str) -> str:
    language = locale.replace("-", "_").partition("_")[0]
    return language if language in library.languages() else "en"
