"""What is said around check-ins and actions: the question, the answer noted, and nothing that judges it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from circles.goals.words import add_button, clipped, my_goals_button
from circles.language import _, day_text, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    Message,
    Plain,
    Quote,
    Text,
    buttons,
    message,
    text,
)
from storage.tables import Action, CheckIn, Goal

WITH_BUTTONS, WITHOUT = 4, 15  # actions of a list; five rows of buttons fit everywhere


def answer_name(answer: str) -> str:
    """Say an answer; all of them are good ones."""
    return {
        "same": _("Same"),
        "changed": _("Changed"),
        "parked": _("Parked"),
        "done": _("Done"),
        "not-this-week": _("Not this week"),
        "did": _("Did it"),
        "partly": _("Partly"),
        "help": _("Need help"),
        "open": _("Still open"),
    }[answer]


def _answers(check_in_id: int) -> Buttons:
    return buttons(
        *(
            Button(answer_name(answer), f"circle checkin answer {check_in_id} {answer}")
            for answer in ("same", "changed", "parked", "done", "not-this-week")
        )
    )


def check_in(row: CheckIn, goal: Goal, question: str, *, can_snooze: bool) -> Message:
    """Ask about a goal; every answer is neutral, and only she sees it."""
    later = can_snooze and not row.answer
    return message(
        question,
        Quote((Plain(goal.text),)),
        text(_("Your answer so far: {answer}."), answer=answer_name(row.answer)) if row.answer else None,
        _("Only you can see your answer, and you can change it later."),
        _answers(row.id),
        buttons(Button(_("Snooze"), f"circle checkin snooze {row.id}")) if later else None,
        summary=_("A question about a goal of yours"),
    )


def reminder(question: Message) -> Message:
    """Ask once more; no answer is an answer too."""
    first = Text((Plain(_("In case this slipped by. It is the only reminder, and leaving it is fine too.")),))
    return replace(question, blocks=(first, *question.blocks))


def no_goal() -> Message:
    """Say that there is nothing to check in about."""
    return message(
        _("You have no active goal just now, so there is nothing to ask, and that is fine."),
        buttons(add_button(), my_goals_button()),
        summary=_("Your goals"),
    )


def noted(row: CheckIn, number: int, *, is_active: bool, stays: bool) -> Message:
    """Confirm an answer; ``stays`` says that the goal could not become active again beside three others."""
    said = {
        "same": _("Noted: same. Goal {number} goes on as it is."),
        "changed": _("Noted: changed. Goals move; give goal {number} its new words whenever you like."),
        "parked": _("Noted: parked. Goal {number} rests, and I won't ask about it until you resume it."),
        "done": _("Noted: done. Goal {number} stays in your list, for you to look back at."),
        "not-this-week": _("Noted: not this week. Nothing is lost; goal {number} waits for the next time."),
    }[row.answer]
    edit = [Button(_("Edit the goal"), f"circle goal edit {number}")] if row.answer == "changed" else []
    resume = [Button(_("Resume the goal"), f"circle goal resume {number}")] if not is_active else []
    return message(
        text(said, number=number),
        _("Three goals are active, so this one stays where it is for now.") if stays else None,
        text(_("Your note: {note}"), note=Plain(row.note)) if row.note else None,
        text(_("Your confidence: {n} of 5"), n=row.confidence) if row.confidence else None,
        buttons(
            Button(_("Change my answer"), f"circle checkin answer {row.id}"),
            Button(_("Change the note") if row.note else _("Add a note"), f"circle checkin note {row.id}"),
            *edit,
            *resume,
        ),
        summary=_("Your answer is noted"),
    )


def note_form(row: CheckIn) -> Form:
    """Ask for a note and, if she likes, her confidence."""
    return Form(
        _("A note for yourself"),
        f"circle checkin note {row.id}",
        (
            Field("note", _("What you want to remember"), "long", initial=row.note, max_length=500),
            Field(
                "confidence",
                _("How sure you feel, 1 to 5; leave it out if you like"),
                "number",
                initial=str(row.confidence or ""),
                max_length=1,
            ),
        ),
        _("Keep it"),
        intro=(Plain(_("Only you can read this.")),),
    )


def note_kept(row: CheckIn) -> Message:
    """Confirm a note."""
    return message(
        _("Your note is kept; only you can read it.") if row.note or row.confidence else _("The note is gone."),
        Quote((Plain(row.note),)) if row.note else None,
        text(_("Your confidence: {n} of 5"), n=row.confidence) if row.confidence else None,
        buttons(Button(_("Change the note"), f"circle checkin note {row.id}"), my_goals_button()),
        summary=_("Your note is kept"),
    )


def snooze_choices(row: CheckIn) -> Message:
    """Ask until when a check-in may rest."""
    return message(
        _("When may I ask again? In your morning, on a working day."),
        buttons(
            Button(_("Tomorrow"), f"circle checkin snooze {row.id} 1"),
            Button(_("In 3 days"), f"circle checkin snooze {row.id} 3"),
            Button(_("Next week"), f"circle checkin snooze {row.id} 7"),
        ),
        summary=_("Snooze"),
    )


def snoozed(row: CheckIn, day: date) -> Message:
    """Confirm a snooze with its day."""
    return message(
        text(_("Snoozed until {day}, in your morning. Nothing is lost by it."), day=day_text(day)),
        buttons(Button(_("Answer now"), f"circle checkin answer {row.id}")),
        summary=_("Snoozed"),
    )


def rests(row: CheckIn) -> Message:
    """Say that this question has been put off often enough, and that this is fine."""
    return message(
        _("That is fine. I let this question rest now; the next check-in comes in its own time."),
        buttons(Button(_("Answer now"), f"circle checkin answer {row.id}")),
        summary=_("This question rests"),
    )


def nothing_to_snooze(row: CheckIn) -> Message:
    """Say that there is nothing to put off: it is answered, or the goal is not active."""
    answered = text(_("You have answered this one: {answer}."), answer=answer_name(row.answer)) if row.answer else None
    return message(
        answered or _("This goal is not active just now, so I don't ask about it."),
        buttons(Button(_("Change my answer"), f"circle checkin answer {row.id}")) if row.answer else None,
        buttons(my_goals_button()) if not row.answer else None,
        summary=_("Nothing to snooze"),
    )


def _action_answers(action_id: int, prefix: str = "") -> Buttons:
    labels = {"did": _("Did it"), "partly": _("Partly"), "changed": _("Changed my mind"), "help": _("Need help")}
    return buttons(
        *(Button(prefix + label, f"circle actions answer {action_id} {answer}") for answer, label in labels.items())
    )


def action(row: Action, question: str) -> Message:
    """Ask what became of an action."""
    return message(
        question,
        Quote((Plain(row.text),)),
        _("Only you can see your answer, and you can change it later."),
        _action_answers(row.id),
        summary=_("A question about an action of yours"),
    )


def action_kept(row: Action) -> Message:
    """Confirm an action, and say when it comes back."""
    return message(
        _("Kept, for you alone:"),
        Quote((Plain(row.text),)),
        _("I'll ask about it once before you meet next."),
        buttons(Button(_("My actions"), "circle actions")),
        summary=_("Your action is kept"),
    )


def actions(rows: Sequence[tuple[Action, bool]]) -> Message:
    """List her open actions; the second of each pair says whether it was carried over."""
    if not rows:
        return message(
            _("No action is open. One small step at a time is plenty."),
            buttons(Button(_("Note an action"), "circle action")),
            summary=_("Your actions"),
        )
    blocks: list[Text | Buttons] = []
    for n, (row, is_carried) in enumerate(rows[:WITH_BUTTONS], 1):
        blocks += [_action_line(n, row, is_carried=is_carried), _action_answers(row.id, f"{n}: ")]
    rest = rows[WITH_BUTTONS : WITH_BUTTONS + WITHOUT]
    left_out = len(rows) - WITH_BUTTONS - len(rest)
    later = Bullets(
        tuple(
            _action_line(n, row, is_carried=is_carried).spans
            for n, (row, is_carried) in enumerate(rest, WITH_BUTTONS + 1)
        )
    )
    return message(
        Heading(_("Your open actions")),
        *blocks,
        later if rest else None,
        text(ngettext_("{n} more is not shown.", "{n} more are not shown.", left_out), n=left_out)
        if left_out > 0
        else None,
        buttons(Button(_("Note an action"), "circle action")),
        summary=_("Your actions"),
    )


def _action_line(n: int, row: Action, *, is_carried: bool) -> Text:
    carried = (Plain(" · "), Plain(_("carried over"))) if is_carried else ()
    return Text((Plain(f"{n}. "), Plain(clipped(row.text)), *carried))


def action_noted(row: Action) -> Message:
    """Confirm what she says became of an action; needing help tells nobody."""
    said = {
        "did": _("Noted: you did it."),
        "partly": _("Noted: partly. It can rest here, or stay open."),
        "changed": _("Noted: you changed your mind. That is an outcome too."),
        "help": _(
            "Noted: you could use a hand. I have told nobody. Your circle's room is a good place to ask,"
            " and a prompt can help to begin the talk."
        ),
        "open": _("It stays open, and is carried over."),
    }[row.state]
    keep = (
        [Button(_("Keep it open"), f"circle actions answer {row.id} open")] if row.state in {"partly", "help"} else []
    )
    prompt = [Button(_("A prompt"), "circle prompt")] if row.state == "help" else []
    return message(
        said,
        Quote((Plain(row.text),)),
        buttons(
            Button(_("Change my answer"), f"circle actions answer {row.id}"),
            *keep,
            *prompt,
            Button(_("My actions"), "circle actions"),
        ),
        summary=_("Your answer is noted"),
    )
