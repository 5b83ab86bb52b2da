"""What members do with check-ins: ask for one now, answer, change the answer, add a note, snooze."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from circles.effects import Ask, Effect, Reply, Tell
from circles.errors import Refused
from circles.goals import asking, question_words, rules
from circles.goals.words import my_goals_button
from circles.grammar import Command, Parameter
from circles.language import _
from circles.messages import Button
from circles.schedule import morning_of
from circles.turn import Turn, habits_of
from storage import goals, members
from storage.tables import CheckIn, Goal


def _mine(turn: Turn, check_in_id: int) -> tuple[CheckIn, Goal]:
    """Find one of the asker's own check-ins; somebody else's and one that never was sound the same."""
    row = goals.check_in(turn.db, check_in_id)
    goal = goals.get(turn.db, row.goal_id) if row is not None and row.member_id == turn.member.id else None
    if row is None or goal is None:
        raise Refused(
            _("That check-in isn't one of yours, or is no longer there. /circle checkin asks a fresh question."),
            buttons=(Button(_("Check in now"), "circle checkin"), my_goals_button()),
        )
    return row, goal


def _number(turn: Turn, goal: Goal) -> int:
    return 1 + [g.id for g in goals.of_member(turn.db, turn.member.id)].index(goal.id)


def check_in(turn: Turn) -> Iterable[Effect]:
    """Ask now: what waits for an answer already, or her goal asked about longest ago."""
    waiting = goals.waiting_check_in(turn.db, turn.member.id, turn.today - asking.WORTH)
    if waiting is not None:
        row, goal = _mine(turn, waiting.id)
    else:
        found = asking.check_in_for(turn.db, turn.member.id, turn.today)
        if found is None:
            return [Reply(question_words.no_goal())]
        row, goal = found
    return [Reply(asking.question(turn.db, row, goal, turn.person))]


def answer(turn: Turn, check_in_id: int, answer: str = "") -> Iterable[Effect]:
    """Note an answer, or show the question once more to change it."""
    row, goal = _mine(turn, check_in_id)
    if not answer:
        return [Reply(asking.question(turn.db, row, goal, turn.person), replaces=True)]
    state = rules.state_after(answer, goal.state, row.answer)
    others = [g for g in goals.active(turn.db, turn.member.id) if g.id != goal.id]
    stays = state == "active" and goal.state != "active" and not rules.may_begin(len(others))
    if state != goal.state and not stays:
        goal.state, goal.changed_at = state, turn.now
        goals.save(turn.db, goal)
    row.answer, row.answered_at = answer, turn.now
    goals.save(turn.db, row)
    turn.member.silences = 0
    members.save(turn.db, turn.member)
    said = question_words.noted(row, _number(turn, goal), is_active=goal.state == "active", stays=stays)
    return [Reply(said, replaces=True)]


def note(turn: Turn, check_in_id: int, note: str = "", confidence: int | None = None) -> Iterable[Effect]:
    """Keep a note and her confidence, for her own eyes; sent empty, the form takes them away."""
    row, _goal = _mine(turn, check_in_id)
    if not turn.call.answers:
        return [Ask(question_words.note_form(row))]
    row.note, row.confidence = note, confidence
    goals.save(turn.db, row)
    return [Reply(question_words.note_kept(row))]


def snooze(turn: Turn, check_in_id: int, days: int | None = None) -> Iterable[Effect]:
    """Ask again in so many days, at her morning; three times, then the question rests."""
    row, goal = _mine(turn, check_in_id)
    if row.answer or goal.state != "active":
        return [Reply(question_words.nothing_to_snooze(row), replaces=True)]
    if not rules.may_snooze(row.snoozes):
        return [Reply(question_words.rests(row), replaces=True)]
    if days is None:
        return [Reply(question_words.snooze_choices(row), replaces=True)]
    row.snoozes += 1
    goals.save(turn.db, row)
    habits = habits_of(turn.person, turn.programme)
    at = morning_of(turn.today + timedelta(days=days), habits)
    tell = Tell(
        f"checkin:{row.id}:snooze{row.snoozes}",
        turn.person.id,
        asking.question(turn.db, row, goal, turn.person),
        "check-in-snoozed",
        run_at=at,
        not_after=at + asking.WORTH,
        member=turn.member.id,
    )
    return [Reply(question_words.snoozed(row, at.astimezone(ZoneInfo(habits.zone)).date()), replaces=True), tell]


CHECK_IN = Parameter("check_in_id", "number", _("The check-in"), lowest=1)
COMMANDS: tuple[Command, ...] = (
    Command("circle checkin", _("Check in about a goal now"), check_in),
    Command(
        "circle checkin answer",
        _("Answer a check-in"),
        answer,
        (CHECK_IN, Parameter("answer", "choice", _("How it stands"), required=False, choices=rules.ANSWERS)),
        hidden=True,
    ),
    Command(
        "circle checkin note",
        _("Add a note to a check-in"),
        note,
        (
            CHECK_IN,
            Parameter("note", "text", _("What you want to remember"), required=False, longest=500, form_only=True),
            Parameter(
                "confidence",
                "number",
                _("How sure you feel, 1 to 5; leave it out if you like"),
                required=False,
                lowest=1,
                highest=5,
                form_only=True,
            ),
        ),
        title=_("A note for yourself"),
        submit=_("Keep it"),
        hidden=True,
    ),
    Command(
        "circle checkin snooze",
        _("Be asked again later"),
        snooze,
        (CHECK_IN, Parameter("days", "number", _("In how many days"), required=False, lowest=1, highest=14)),
        hidden=True,
    ),
)
