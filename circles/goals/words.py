"""What is said about goals: hers, who can read them, and those that others share with her."""

from collections.abc import Sequence
from datetime import date

from circles.goals import rules
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
    Span,
    Strong,
    buttons,
    message,
    sentence,
    text,
)
from storage.tables import Goal

Numbered = Sequence[tuple[int, Goal]]
LISTED = 20
CLIPPED = 160


def state_name(state: str) -> str:
    """Say a goal's state; none is better than another."""
    return {"active": _("active"), "parked": _("parked"), "done": _("done"), "dropped": _("let go")}[state]


def scope_name(scope: str) -> str:
    """Say in words who can read a goal."""
    return {
        "me": _("only you can read it"),
        "partner": _("you and the people you meet in the current round can read it"),
        "circle": _("you and your circle can read it"),
    }[scope]


def clipped(words: str, longest: int = CLIPPED) -> str:
    """Shorten somebody's words for a list."""
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def my_goals_button() -> Button:
    """A button that lists her goals."""
    return Button(_("My goals"), "circle goal")


def add_button() -> Button:
    """A button that opens the form for a goal."""
    return Button(_("Add a goal"), "circle goal add")


def _line(number: int, goal: Goal) -> tuple[Span, ...]:
    extras = [state_name(goal.state), scope_name(goal.scope)]
    if goal.by_day:
        extras.append(_("by {day}").format(day=day_text(goal.by_day)))
    spans: list[Span] = [Strong(f"{number}. "), Plain(goal.text), Plain(" · " + " · ".join(extras))]
    if goal.first_step:
        spans += (Plain(" · "), *sentence(_("first step: {step}"), step=Plain(goal.first_step)))
    return tuple(spans)


def goals(rows: Numbered) -> Message:
    """List her goals with their numbers, who can read each, and what she can do."""
    if not rows:
        return message(
            _("You have no goal here yet, and that is fine. One sentence is enough to begin; only you will read it."),
            buttons(add_button(), Button(_("Shared with me"), "circle goal see")),
            summary=_("Your goals"),
        )
    shown = rows[-LISTED:]
    active = [(n, g) for n, g in rows if g.state == "active"]
    resting = [n for n, g in rows if g.state != "active"][-5:]
    last = [add_button()] if rules.may_begin(len(active)) else []
    last += [Button(_("Check in now"), "circle checkin")] if active else []
    left_out = len(rows) - len(shown)
    older = ngettext_("{n} older goal is not shown.", "{n} older goals are not shown.", left_out)
    return message(
        Heading(_("Your goals")),
        Bullets(tuple(_line(n, g) for n, g in shown)),
        text(older, n=left_out) if left_out else None,
        *(_choices(n) for n, _g in active),
        buttons(*(Button(_("{number}: resume").format(number=n), f"circle goal resume {n}") for n in resting))
        if resting
        else None,
        buttons(*last, Button(_("Shared with me"), "circle goal see")),
        summary=_("Your goals"),
    )


def _choices(n: int) -> Buttons:
    return buttons(
        Button(_("{number}: edit").format(number=n), f"circle goal edit {n}"),
        Button(_("{number}: done").format(number=n), f"circle goal done {n}"),
        Button(_("{number}: park").format(number=n), f"circle goal park {n}"),
        Button(_("{number}: let go").format(number=n), f"circle goal drop {n}"),
        Button(_("{number}: share").format(number=n), f"circle goal share {n}"),
    )


def added(number: int, goal: Goal) -> Message:
    """Confirm a goal, and say who can read it."""
    return message(
        text(_("Kept as goal {number}:"), number=number),
        Quote((Plain(goal.text),)),
        _("Only you can read it. Organisers see no more than how many people have a goal. Changing it is normal."),
        buttons(
            Button(_("Share with…"), f"circle goal share {number}"),
            Button(_("Edit"), f"circle goal edit {number}"),
            my_goals_button(),
        ),
        summary=_("Your goal is kept"),
    )


def enough(rows: Numbered, wish: str) -> Message:
    """Say kindly that three goals are active already; ``wish`` is handed back so that it is not lost."""
    return message(
        _("Three goals at a time is the most I keep active. Park or finish one first; it can come back any day."),
        Bullets(tuple((Strong(f"{n}. "), Plain(clipped(goal.text))) for n, goal in rows)),
        _("Your words, to copy when you are ready:") if wish else None,
        Quote((Plain(wish),)) if wish else None,
        buttons(
            *(Button(_("Park {number}").format(number=n), f"circle goal park {n}") for n, _g in rows),
            my_goals_button(),
        ),
        summary=_("Your goals"),
    )


def edit_form(number: int, goal: Goal) -> Form:
    """Ask for a goal's words anew, filled with those it has."""
    return Form(
        _("Your goal"),
        f"circle goal edit {number}",
        (
            Field("text", _("The goal, in a sentence"), "long", required=True, initial=goal.text, max_length=300),
            Field("first_step", _("A first step, if there is one"), "line", initial=goal.first_step, max_length=200),
            Field("by", _("By when, if there is a day"), "date", initial=str(goal.by_day) if goal.by_day else ""),
        ),
        _("Keep it"),
    )


def edited(number: int, goal: Goal) -> Message:
    """Confirm a goal's new words, and say again who can read it."""
    return message(
        text(_("Goal {number} now reads:"), number=number),
        Bullets((_line(number, goal),)),
        buttons(Button(_("Share with…"), f"circle goal share {number}"), my_goals_button()),
        summary=_("Your goal is changed"),
    )


def which(what: str, rows: Numbered) -> Message:
    """Ask which goal a command means."""
    return message(
        _("Which goal is this about?"),
        Bullets(tuple((Strong(f"{n}. "), Plain(clipped(goal.text))) for n, goal in rows)),
        buttons(*(Button(_("Goal {number}").format(number=n), f"circle goal {what} {n}") for n, _g in rows[-5:])),
        summary=_("Your goals"),
    )


def state_set(number: int, state: str, *, is_new: bool) -> Message:
    """Confirm a goal's state in neutral words, with the way back."""
    if is_new:
        said = {
            "active": _("Goal {number} is active again."),
            "parked": _("Goal {number} is parked. It waits for you, and I won't ask about it."),
            "done": _("Goal {number} is done. It stays in your list, for you to look back at."),
            "dropped": _("You let goal {number} go. That is as good an end as any."),
        }[state]
    else:
        said = {
            "active": _("Goal {number} is active already; nothing to change."),
            "parked": _("Goal {number} is parked already; nothing to change."),
            "done": _("Goal {number} is done already; nothing to change."),
            "dropped": _("You let goal {number} go already; nothing to change."),
        }[state]
    back = Button(_("Make it active again"), f"circle goal resume {number}") if state != "active" else None
    return message(
        text(said, number=number),
        buttons(*([back] if back else []), my_goals_button()),
        summary=_("Your goal is changed"),
    )


def invitation() -> Message:
    """Invite, once, to set a goal."""
    return message(
        _("Some people like to have a goal in mind for their meetings: one sentence, personal or professional."),
        _("Only you can read it unless you share it, and it may change. No goal is needed to take part."),
        buttons(Button(_("Add a goal"), "circle goal add", "primary")),
        summary=_("An invitation from Halqa"),
    )


def past_day(day: date) -> str:
    """Say that a day is over."""
    return _("{day} is over already. Pick a day from today on, or leave it out.").format(day=day_text(day))
