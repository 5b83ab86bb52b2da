"""What the calendar asks: a check-in with one reminder, an invitation once, and open actions before a meeting."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circles import schedule
from circles.conversation import library
from circles.effects import Act, Tell
from circles.goals import question_words, rules, words
from circles.language import speaking
from circles.messages import Message
from circles.tick import Moment
from circles.turn import habits_of
from storage import Session, goals, members, people, programmes, rounds
from storage.tables import Action, CheckIn, Circle, Delivery, Goal, Member, Person

WORTH = timedelta(days=6)  # a question older than this is let go
REMIND_AFTER = timedelta(days=3)
SOONEST_REMINDER = timedelta(days=2)  # a question that was itself held back is not followed at once
ACTION_WORTH = timedelta(days=4)


def bank(name: str, locale: str) -> tuple[str, ...]:
    """Give the questions of a bank in a person's language, or in English."""
    code = locale.replace("_", "-").partition("-")[0]
    return library.banks(code if code in library.languages() else "en")[name]


def question(db: Session, row: CheckIn, goal: Goal, person: Person) -> Message:
    """Say a check-in's question, always in the same words for the same check-in."""
    asked = rules.variant(bank("priority", person.locale), goal.id + goals.asked_before(db, row))
    return question_words.check_in(row, goal, asked, can_snooze=rules.may_snooze(row.snoozes))


def check_in_for(db: Session, member_id: int, day: date) -> tuple[CheckIn, Goal] | None:
    """Note a check-in for ``day`` about her least recently asked active goal; None when no goal is active."""
    active = {goal.id: goal for goal in goals.active(db, member_id)}
    chosen = rules.least_recently_asked(list(active), goals.last_asked(db, member_id))
    if chosen is None:
        return None
    row = goals.check_in_on(db, chosen, day)
    if row is None:
        row = CheckIn(member_id=member_id, goal_id=chosen, day=day)
        goals.save(db, row)
    return row, active[chosen]


def check_in(moment: Moment) -> Iterable[Act]:
    """Ask every seated member who wants it about one goal; the first time, invite those who have none."""
    db, programme = moment.db, moment.programme
    acts: list[Act] = []
    for member, person in members.in_programme(db, programme.id, states=("seated",)):
        if programme.state != "running" or not member.wants_reminders or not person.is_active:
            continue
        with speaking(person.locale):
            found = check_in_for(db, member.id, moment.occurrence.day)
            if found is not None:
                acts += _questions(moment, member, person, *found)
            elif moment.occurrence.number == 1 and not goals.of_member(db, member.id):
                acts.append(_invite(moment, member, person))
    return acts


def _questions(moment: Moment, member: Member, person: Person, row: CheckIn, goal: Goal) -> list[Act]:
    habits = habits_of(person, moment.programme)
    at = max(schedule.morning_of(row.day, habits), moment.now)
    said = question(moment.db, row, goal, person)
    key = f"checkin:{goal.id}:{row.day}"
    again_at = schedule.morning_of((at + REMIND_AFTER).astimezone(ZoneInfo(habits.zone)).date(), habits)
    return [
        Tell(key, person.id, said, "check-in", run_at=at, not_after=at + WORTH, member=member.id),
        Tell(
            f"{key}:reminder",
            person.id,
            question_words.reminder(said),
            "check-in-reminder",
            run_at=again_at,
            not_after=again_at + WORTH,
            member=member.id,
        ),
    ]


def _invite(moment: Moment, member: Member, person: Person) -> Tell:
    at = max(schedule.morning_of(moment.occurrence.day, habits_of(person, moment.programme)), moment.now)
    return Tell(
        f"goal-invite:{member.id}",
        person.id,
        words.invitation(),
        "goal-invite",
        run_at=at,
        not_after=at + WORTH,
        member=member.id,
    )


def _takes_part(db: Session, row: Delivery) -> tuple[Member, Person] | None:
    """Give whom a waiting question is for, unless she paused or left or the programme has ended meanwhile."""
    if row.member_id is None or row.person_id is None:
        return None
    member = members.get(db, row.member_id)
    if member.state != "seated" or programmes.get(db, member.programme_id).state != "running":
        return None
    return member, people.get(db, row.person_id)


def _open_question(db: Session, row: Delivery, check_in: CheckIn | None) -> Message | None:
    """Say a check-in's question as it is true now; None when there is nothing left to ask."""
    found = _takes_part(db, row)
    if found is None or check_in is None or check_in.answer:
        return None
    goal = goals.get(db, check_in.goal_id)
    if goal is None or goal.state != "active":
        return None
    return question(db, check_in, goal, found[1])


def _scheduled(db: Session, row: Delivery) -> CheckIn | None:
    """Find the check-in of ``checkin:<goal>:<day>``, with or without more after it; None once it was snoozed."""
    goal_id, day = row.key.split(":")[1:3]
    found = goals.check_in_on(db, int(goal_id), date.fromisoformat(day))
    return found if found is not None and not found.snoozes else None


def check_in_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the check-in afresh; None when she answered or snoozed it, or no longer works on the goal."""
    del now
    return _open_question(db, row, _scheduled(db, row))


def snoozed_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say a snoozed check-in afresh; only the newest snooze speaks."""
    del now
    _word, check_in_id, snooze = row.key.split(":")
    found = goals.check_in(db, int(check_in_id))
    is_newest = found is not None and snooze == f"snooze{found.snoozes}"
    return _open_question(db, row, found if is_newest else None)


def reminder_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the reminder; None unless the question itself went out days ago and waits for an answer."""
    check_in = _scheduled(db, row)
    said = _open_question(db, row, check_in)
    asked_at = goals.went_out_at(db, row.workspace_id, row.key.removesuffix(":reminder"))
    if said is None or check_in is None or asked_at is None or now - asked_at < SOONEST_REMINDER:
        return None
    check_in.reminded = True
    goals.save(db, check_in)
    return question_words.reminder(said)


def invitation_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the invitation; None when she has a goal by now."""
    del now
    found = _takes_part(db, row)
    return words.invitation() if found is not None and not goals.of_member(db, found[0].id) else None


def actions_due(moment: Moment) -> list[Act]:
    """Ask each seated member of a circle about her oldest open action, once a round and twice in all."""
    db, circle = moment.db, moment.circle
    if circle is None or circle.state != "running" or moment.programme.state != "running":
        return []
    acts: list[Act] = []
    began = round_began(db, circle, moment.occurrence.number)
    for _seat, member, person in members.seated(db, circle.id):
        if member.state != "seated" or not member.wants_reminders or not person.is_active:
            continue
        action = _action_to_ask(moment, member, began)
        if action is None:
            continue
        at = max(schedule.morning_of(moment.occurrence.day, habits_of(person, moment.programme)), moment.now)
        with speaking(person.locale):
            said = action_question(db, action, person)
        key = f"action:{action.id}:{moment.occurrence.id}"
        acts.append(Tell(key, person.id, said, "action", run_at=at, not_after=at + ACTION_WORTH, member=member.id))
        action.asked_at = moment.now
        goals.save(db, action)
    return acts


def round_began(db: Session, circle: Circle, number: int | None = None) -> datetime | None:
    """Give when a circle's round, or its newest one, opened anywhere; None before the first."""
    row = rounds.newest(db, circle.id) if number is None else rounds.numbered(db, circle.id, number)
    return schedule.dawn(row.opens_on) if row is not None else None


def _action_to_ask(moment: Moment, member: Member, began: datetime | None) -> Action | None:
    known = {action.id: action for action in goals.open_actions(moment.db, member.id)}
    asked = (
        rules.Asked(a.id, a.made_at, a.asked_at, goals.times_asked(moment.db, moment.programme.workspace_id, a.id))
        for a in known.values()
    )
    chosen = rules.action_to_ask(asked, moment.now, began)
    return known[chosen] if chosen is not None else None


def action_question(db: Session, action: Action, person: Person) -> Message:
    """Say the question about an action; the second time in other words."""
    seed = action.id + goals.times_asked(db, person.workspace_id, action.id)
    return question_words.action(action, rules.variant(bank("action", person.locale), seed))


def action_again(db: Session, row: Delivery, now: datetime) -> Message | None:
    """Say the question about an action; None when she has answered it meanwhile."""
    del now
    found = _takes_part(db, row)
    action = goals.action(db, int(row.key.split(":")[1]))
    if found is None or action is None or action.state != "open":
        return None
    return action_question(db, action, found[1])
