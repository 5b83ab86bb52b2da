"""What members do with actions: note one, list what is open, say what became of it."""

from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.errors import Refused
from circles.goals import asking, question_words, rules
from circles.grammar import Command, Parameter
from circles.language import _
from circles.messages import Button
from circles.turn import Turn
from storage import goals, members
from storage.tables import Action


def _mine(turn: Turn, action_id: int) -> Action:
    """Find one of the asker's own actions; somebody else's and one that never was sound the same."""
    row = goals.action(turn.db, action_id)
    if row is None or row.member_id != turn.member.id:
        raise Refused(
            _("That action isn't one of yours, or is no longer there. /circle actions shows what is open."),
            buttons=(Button(_("My actions"), "circle actions"),),
        )
    return row


def note_action(turn: Turn, text: str) -> Iterable[Effect]:
    """Keep one small commitment, for her alone."""
    row = Action(member_id=turn.member.id, text=text, made_at=turn.now)
    goals.save(turn.db, row)
    return [Reply(question_words.action_kept(row))]


def list_actions(turn: Turn) -> Iterable[Effect]:
    """List her open actions, those carried over marked as such."""
    seat = members.seat_of(turn.db, turn.member.id)
    began = asking.round_began(turn.db, seat[1]) if seat is not None else None
    rows = [
        (row, rules.is_carried_over(row.made_at, row.asked_at, began))
        for row in goals.open_actions(turn.db, turn.member.id)
    ]
    return [Reply(question_words.actions(rows))]


def answer_action(turn: Turn, action_id: int, answer: str = "") -> Iterable[Effect]:
    """Note what became of an action, or show the question once more to change it."""
    row = _mine(turn, action_id)
    if not answer:
        return [Reply(asking.action_question(turn.db, row, turn.person), replaces=True)]
    row.state, row.answered_at = answer, None if answer == "open" else turn.now
    goals.save(turn.db, row)
    turn.member.silences = 0
    members.save(turn.db, turn.member)
    return [Reply(question_words.action_noted(row), replaces=True)]


COMMANDS: tuple[Command, ...] = (
    Command(
        "circle action",
        _("Note one small step for before you meet next"),
        note_action,
        (Parameter("text", "text", _("The step, in a sentence"), longest=300),),
        title=_("One small step"),
        submit=_("Keep it"),
    ),
    Command("circle actions", _("Your open actions"), list_actions),
    Command(
        "circle actions answer",
        _("Say what became of an action"),
        answer_action,
        (
            Parameter("action_id", "number", _("The action"), lowest=1),
            Parameter(
                "answer", "choice", _("What became of it"), required=False, choices=(*rules.ACTION_ANSWERS, "open")
            ),
        ),
        hidden=True,
    ),
)
