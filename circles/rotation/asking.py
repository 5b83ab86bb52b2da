"""What is asked around a round: the day before, halfway, and the people each question is about."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from circles import schedule
from circles.effects import Act, Tell
from circles.goals import asking as goal_questions
from circles.language import speaking
from circles.meetings import still_meeting
from circles.messages import Message, Text
from circles.rotation import opening, words
from circles.tick import Moment
from circles.turn import habits_of, zone_of
from storage import Session, members, people, programmes, rounds, times
from storage.tables import Circle, Delivery, Occurrence, Person, Placement, Round

Question = tuple[Round | None, Sequence[Person], Text | None]  # a round, whom she meets in it, and their hour to come
NO_QUESTION: Question = (None, (), None)
A_MOMENT = timedelta(minutes=1)  # what is said of the coming round is no longer true when it opens


def eve(moment: Moment) -> list[Act]:
    """Prepare, for everybody seated, the message of her last working day before a round turns."""
    circle, number = moment.circle, moment.occurrence.number
    if circle is None or circle.state != "running" or rounds.numbered(moment.db, circle.id, number) is not None:
        return []
    programme = moment.programme
    turns_at = opening.opens_at(programme, moment.occurrence.day)
    row, coming = rounds.newest(moment.db, circle.id), next_round(moment.db, circle)
    skipping = rounds.skipping(moment.db, circle.id, coming.number) if coming else set()
    acts: list[Act] = []
    for _seat, member, person in members.seated(moment.db, circle.id):
        if member.state != "seated":
            continue
        habits = habits_of(person, programme)
        day = turns_at.astimezone(ZoneInfo(habits.zone)).date()
        at = schedule.morning_of(schedule.working_day_before(day, habits), habits)
        with speaking(person.locale):
            asks = member.wants_reminders
            asked = _question(moment.db, row, member.id, moment.now, habits.zone) if asks else NO_QUESTION
            said = _eve_words(asked, coming, skips=member.id in skipping)
        if said is not None:
            acts.append(
                Tell(
                    f"eve:{circle.id}:{moment.occurrence.day}:{member.id}",
                    person.id,
                    said,
                    "eve",
                    run_at=max(at, moment.now),
                    not_after=turns_at - A_MOMENT,
                    member=member.id,
                )
            )
    return acts


def eve_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the eve's message as things stand now; None when nothing is left to ask or tell."""
    if row.member_id is None:
        return None
    seat, member = members.seat_of(db, row.member_id), members.get(db, row.member_id)
    if seat is None or member.state != "seated":
        return None
    coming = next_round(db, seat[1])
    skips = coming is not None and member.id in rounds.skipping(db, seat[1].id, coming.number)
    zone = zone_of(people.get(db, member.person_id), programmes.get(db, member.programme_id))
    asked = open_question(db, seat[1], member.id, now, zone) if member.wants_reminders else NO_QUESTION
    return _eve_words(asked, coming, skips=skips)


def _eve_words(asked: Question, coming: Occurrence | None, *, skips: bool) -> Message | None:
    if coming is None:
        return words.eve(*asked, None, None, skips=False)
    return words.eve(*asked, coming.number, coming.day, skips=skips)


def open_question(db: Session, circle: Circle, member_id: int, now: datetime, zone: str) -> Question:
    """Give the open round whose people she may or may not have met, these people, and their hour to come.

    There is no round when she has said it.
    """
    return _question(db, rounds.newest(db, circle.id), member_id, now, zone)


def _question(db: Session, row: Round | None, member_id: int, now: datetime, zone: str) -> Question:
    placement = rounds.placement_of(db, row.id, member_id) if row is not None and row.state == "open" else None
    if placement is None or placement.group_id is None or placement.answer not in {"", "later"}:
        return NO_QUESTION
    if all(one.id != placement.id for one in rounds.still_in_group(db, placement.group_id)):
        return NO_QUESTION
    hour = times.ahead(db, placement.group_id, now)
    told = words.hour_set(hour.starts_at, hour.minutes, zone) if hour else None
    return row, partners_of(db, placement), told


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
        if not is_silent(moment.db, placement, moment.now) or not member.wants_reminders or member.state != "seated":
            continue
        habits = habits_of(person, moment.programme)
        with speaking(person.locale):
            said = words.middle(row, still_partners_of(moment.db, placement))
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
    """Say the question halfway again, or None when she or her group has answered meanwhile, or set an hour."""
    asked = rounds.get(db, row.round_id) if row.round_id else None
    if asked is None or asked.state != "open" or row.member_id is None:
        return None
    placement = rounds.placement_of(db, asked.id, row.member_id)
    if placement is None or placement.group_id is None or not is_silent(db, placement, now):
        return None
    return words.middle(asked, still_partners_of(db, placement))


def is_silent(db: Session, placement: Placement, now: datetime) -> bool:
    """Say whether neither she nor anybody in her group has said how it went, and they have set no hour to come."""
    if placement.answer or placement.group_id is None or not still_meeting(db, placement):
        return False
    has_said = any(p.answer == "yes" for p in rounds.in_group(db, placement.group_id))
    return not has_said and times.ahead(db, placement.group_id, now) is None


def partners_of(db: Session, placement: Placement) -> list[Person]:
    """Give the others of a meeting group, also those who have stepped out of it since it met."""
    there = rounds.in_group(db, placement.group_id) if placement.group_id is not None else []
    return _others(db, there, placement)


def still_partners_of(db: Session, placement: Placement) -> list[Person]:
    """Give the others of a meeting group whom she may still meet."""
    return _others(db, still_meeting(db, placement), placement)


def _others(db: Session, there: Sequence[Placement], placement: Placement) -> list[Person]:
    others = [p.member_id for p in there if p.id != placement.id]
    known = members.with_persons(db, others)
    return [known[m][1] for m in others]


def next_round(db: Session, circle: Circle) -> Occurrence | None:
    """Give the planned opening of a circle's next round."""
    return programmes.next_planned(db, circle.programme_id, circle_id=circle.id, kind="round-open")
