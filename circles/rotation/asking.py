"""What is asked around a round: the day before, halfway, and the people each question is about."""

from datetime import datetime, time

from circles import schedule, wire
from circles.effects import Act, Tell
from circles.goals import asking as goal_questions
from circles.language import speaking
from circles.messages import Message
from circles.rotation import words
from circles.tick import Moment
from circles.turn import habits_of
from storage import Session, members, programmes, rounds
from storage.tables import Circle, Delivery, Occurrence, Person, Placement, Round


def eve(moment: Moment) -> list[Act]:
    """Prepare, for everybody seated, the message of the working day before a round turns."""
    circle = moment.circle
    if circle is None or circle.state != "running":
        return []
    day, programme = moment.occurrence.day, moment.programme
    acts: list[Act] = []
    for _seat, member, person in members.seated(moment.db, circle.id):
        if member.state != "seated":
            continue
        habits = habits_of(person, programme)
        at = schedule.morning_of(schedule.working_day_before(day, habits), habits)
        with speaking(person.locale):
            said = _eve_words(moment.db, circle, member.id)
        if said is not None:
            acts.append(
                Tell(
                    f"eve:{circle.id}:{day}:{member.id}",
                    person.id,
                    said,
                    "eve",
                    run_at=max(at, moment.now),
                    not_after=schedule.resolve(day, time(12), habits.zone),
                    member=member.id,
                )
            )
    return acts


def eve_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the eve's message as things stand now; None when nothing is left to ask or tell."""
    del now
    if row.member_id is None:
        return None
    seat = members.seat_of(db, row.member_id)
    if seat is None or members.get(db, row.member_id).state != "seated":
        return None
    return _eve_words(db, seat[1], row.member_id)


def _eve_words(db: Session, circle: Circle, member_id: int) -> Message | None:
    asked, partners = open_question(db, circle, member_id)
    if not members.get(db, member_id).wants_reminders:
        asked, partners = None, []
    coming = next_round(db, circle)
    if coming is None:
        return words.eve(asked, partners, None, None, skips=False)
    skips = member_id in rounds.skipping(db, circle.id, coming.number)
    return words.eve(asked, partners, coming.number, coming.day, skips=skips)


def open_question(db: Session, circle: Circle, member_id: int) -> tuple[Round | None, list[Person]]:
    """Give the open round whose people she may or may not have met, and these people; None when she has said it."""
    row = rounds.newest(db, circle.id)
    placement = rounds.placement_of(db, row.id, member_id) if row is not None and row.state == "open" else None
    if placement is None or placement.group_id is None or placement.answer not in {"", "later"}:
        return None, []
    return row, partners_of(db, placement)


def middle(moment: Moment) -> list[Act]:
    """Prepare the question halfway through a round, only for those who have said nothing, and for open actions."""
    circle = moment.circle
    acts: list[Act] = list(goal_questions.actions_due(moment))
    row = rounds.numbered(moment.db, circle.id, moment.occurrence.number) if circle else None
    if row is None or row.state != "open":
        return acts
    placed = [p for p in rounds.placements(moment.db, [row.id]) if p.group_id is not None]
    known = members.with_persons(moment.db, [p.member_id for p in placed])
    for placement in placed:
        member, person = known[placement.member_id]
        if not is_silent(moment.db, placement) or not member.wants_reminders or member.state != "seated":
            continue
        habits = habits_of(person, moment.programme)
        with speaking(person.locale):
            said = words.middle(row, partners_of(moment.db, placement))
        acts.append(
            Tell(
                f"middle:{row.id}:{member.id}",
                person.id,
                said,
                "middle",
                run_at=max(schedule.morning_of(moment.occurrence.day, habits), moment.now),
                not_after=schedule.resolve(row.closes_on, time(0), habits.zone),
                member=member.id,
                round=row.id,
            )
        )
    return acts


def middle_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the question halfway again, or None when she or her group has answered meanwhile."""
    del now
    asked = rounds.get(db, row.round_id) if row.round_id else None
    if asked is None or asked.state != "open" or row.member_id is None:
        return None
    placement = rounds.placement_of(db, asked.id, row.member_id)
    if placement is None or placement.group_id is None or not is_silent(db, placement):
        return None
    message: Message = wire.load(row.effect).message
    return message


def is_silent(db: Session, placement: Placement) -> bool:
    """Say whether neither she nor anybody in her group has said how it went."""
    if placement.answer or placement.group_id is None:
        return False
    return not any(p.answer == "yes" for p in rounds.in_group(db, placement.group_id))


def partners_of(db: Session, placement: Placement) -> list[Person]:
    """Give the others of a meeting group."""
    if placement.group_id is None:
        return []
    others = [p.member_id for p in rounds.in_group(db, placement.group_id) if p.id != placement.id]
    known = members.with_persons(db, others)
    return [known[m][1] for m in others]


def next_round(db: Session, circle: Circle) -> Occurrence | None:
    """Give the planned opening of a circle's next round."""
    planned = programmes.occurrences(db, circle.programme_id, state="planned", circle_id=circle.id)
    return next((o for o in planned if o.kind == "round-open"), None)
