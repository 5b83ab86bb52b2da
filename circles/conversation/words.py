"""What is said with a prompt: in a room, to one member, and when the shelf has nothing new left."""

from circles.conversation.library import Prompt
from circles.language import _
from circles.messages import Block, Button, Heading, Message, Plain, Quote, buttons, message, text


def theme_name(theme: str) -> str:
    """Say a theme in words."""
    return {
        "beyond-work": _("Life beyond work"),
        "success": _("What success means"),
        "balance": _("Balance"),
        "offers-and-wants": _("Offers and wants"),
        "working-together": _("Working together"),
        "strengths": _("Strengths"),
        "priorities": _("Priorities"),
        "doubt": _("Doubt"),
        "allies": _("Allies"),
        "networks": _("Networks"),
        "paths": _("Paths"),
        "skills": _("Skills"),
        "sponsorship": _("Sponsorship"),
        "barriers": _("Barriers"),
        "difference": _("Difference"),
        "managing-up": _("Working with those above"),
        "hard-talks": _("Hard talks"),
        "mentoring": _("Mentoring"),
        "celebrating": _("Celebrating"),
    }.get(theme, theme)


def phase_name(phase: str) -> str:
    """Say a phase of mentoring in words."""
    return {
        "rapport": _("getting to know each other"),
        "direction": _("finding direction"),
        "progress": _("making progress"),
        "winding-down": _("winding down"),
        "moving-on": _("moving on"),
    }.get(phase, phase)


def in_room(prompt: Prompt, ref: str) -> Message:
    """Offer a prompt in a room: theme, minutes, text, and the freedom to pass."""
    return message(
        *_offer(prompt),
        _("Answer here, keep it for when you meet, or pass; all three are fine."),
        buttons(Button(_("Another one"), f"circle prompt another {ref}")),
        summary=_("Something to talk about"),
    )


def in_private(prompt: Prompt, ref: str, stamp: str, *, is_for_circle: bool) -> Message:
    """Show a member a prompt that nobody else has seen, to keep, to post or to exchange."""
    where = _("Only you see this. Your circle has not had it yet.")
    if not is_for_circle:
        where = _("Only you see this. The people you meet this round have not had it yet.")
    return message(
        *_offer(prompt),
        where,
        buttons(
            Button(_("Post it in our room"), f"circle prompt post {ref} {stamp}", "primary"),
            Button(_("Another one"), f"circle prompt look {ref} {stamp}"),
        ),
    )


def _offer(prompt: Prompt) -> tuple[Block, ...]:
    return (
        Heading(theme_name(prompt.theme)),
        text(_("A way to begin, about {minutes} minutes, if you like:"), minutes=prompt.minutes),
        Quote((Plain(prompt.text),)),
    )


def posted(prompt: Prompt) -> Message:
    """Confirm that a prompt goes to the room."""
    return message(text(_("Done: {theme} is on its way to your room."), theme=theme_name(prompt.theme)))


def none_left() -> str:
    """Say that the group has had everything that fits."""
    return _(
        "You have had every prompt that fits you here; from now on your own questions lead. "
        "Your organisers can put more on the shelf with /programme prompts add."
    )


def end_of_shelf() -> str:
    """Say that there is nothing after what she has looked at."""
    return _("That was the last new one. /circle prompt begins again with the first.")


def enough_today() -> str:
    """Say that three a day are enough for one room."""
    return _(
        "Three new prompts have come to this room today; let them have their time. There are more tomorrow, "
        "and /circle prompt shows you one just for yourself."
    )


def had_already() -> str:
    """Say that the group has had a prompt meanwhile."""
    return _("Your room has had this one meanwhile, or it is no longer on the shelf. /circle prompt has another.")


def shelf_is_empty(circle: str) -> Message:
    """Tell an organiser that a circle has had every prompt."""
    return message(
        text(_("{circle} has had every prompt that fits it, so none came this time."), circle=circle),
        _("You can add your own with /programme prompts add, or many at once with /programme prompts import."),
        buttons(
            Button(_("Add one"), "programme prompts add", "primary"),
            Button(_("No more prompts"), "programme prompts dial off"),
        ),
        summary=_("A circle has had every prompt"),
    )
