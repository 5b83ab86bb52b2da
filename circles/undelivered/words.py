"""What is said when something could not be said: that it is so, never what it was."""

from collections.abc import Callable, Sequence

from circles.language import _, ngettext_
from circles.messages import (
    Button,
    Command,
    Mention,
    Message,
    buttons,
    enumerate_spans,
    message,
    text,
)

Said = Callable[[], Message]  # the same sentences for each organiser in her own language
_AGAIN = Command("/circle again")


def _show_it(call: str = "circle again") -> Button:
    return Button(_("Show it"), call, "primary")


def shut(person: Mention) -> Message:
    """Tell an organiser that somebody can't be written to in private, and what helps."""
    return message(
        text(
            _(
                "I can't write to {person} in private. In the room of their circle, if they have one, I say that there "
                "is something for them, and nothing about what."
            ),
            person=person,
        ),
        text(
            _("It helps to ask {person} to allow private messages from me; {command} shows them what they missed."),
            person=person,
            command=_AGAIN,
        ),
        summary=_("Somebody can't be written to in private"),
    )


def something_for(person: Mention) -> Message:
    """Say in a circle's room that there is something for one of its people, and nothing about what."""
    return message(
        text(
            _("{person}, there is something from Halqa for you. {command} shows it to you alone."),
            person=person,
            command=_AGAIN,
        ),
        buttons(_show_it()),
        summary=_("Something from Halqa for you"),
    )


def maybe_for_you(number: int) -> Message:
    """Tell a person that a message may not have reached her, with the way to it."""
    return message(
        _("A message may not have reached you: the line broke while I sent it."),
        buttons(_show_it(f"circle again {number}")),
        summary=_("A message may not have reached you"),
    )


def maybe_for_the_room(number: int) -> Message:
    """Tell a room that a message may not have reached it; who presses the button reads it alone."""
    return message(
        _("A message may not have reached this room: the line broke while I sent it. You can see it for yourself."),
        buttons(_show_it(f"circle again {number}")),
        summary=_("A message may not have reached this room"),
    )


def nothing_to_show() -> str:
    """Say the same whether there is no such message, or it is somebody else's."""
    return _("There is nothing here that I could show you again. /circle tells where you are.")


def refused_said(programme: str, number: int) -> Said:
    """Tell an organiser that something was not taken by the chat, by its number alone."""

    def said() -> Message:
        return message(
            text(
                _(
                    "Something for “{programme}” could not be sent: the chat did not take it from me. What it was "
                    "stays between me and its readers. Whoever installed me finds the reason in the log: delivery {n}."
                ),
                programme=programme,
                n=number,
            ),
            summary=_("Something could not be sent"),
        )

    return said


def room_lost_said(programme: str, circle: str, number: int) -> Said:
    """Tell an organiser that a circle's room is lost, with the button that opens another."""

    def said() -> Message:
        return message(
            text(
                _(
                    "I can't write into the room of {circle} (“{programme}”) any more: it was closed or "
                    "deleted, or I was taken out of it. What was said there stays where it is; I have kept no copy."
                ),
                circle=circle,
                programme=programme,
            ),
            _("A new room holds the same people, and what I had to say there in the last seven days comes after all."),
            buttons(Button(_("Open a new room"), f"programme circles room {number}", "primary")),
            summary=_("The room of a circle is lost"),
        )

    return said


def meeting_room_lost_said(programme: str, circle: str, number: int) -> Said:
    """Tell an organiser that a meeting has no room and gets none by itself; who was to meet is not told."""

    def said() -> Message:
        return message(
            text(
                _(
                    "A meeting of round {number} in {circle} (“{programme}”) has lost its room, and the new one that I "
                    "opened is lost, too. Its people find each other with {command}."
                ),
                number=number,
                circle=circle,
                programme=programme,
                command=Command("/circle next"),
            ),
            summary=_("A meeting has no room"),
        )

    return said


def no_sign_of_loss(circle: str, number: int) -> Message:
    """Ask an organiser whether she means it, when a circle's room seems to be there."""
    return message(
        text(_("As far as I can see, the room of {circle} is there. A new one would take its place."), circle=circle),
        buttons(Button(_("Open a new room all the same"), f"programme circles room yes {number}", "danger")),
    )


def opens_anew(circle: str, people: int) -> Message:
    """Confirm that a new room is on its way."""
    said = ngettext_(
        "A new room for {circle} opens now, for the {n} person in it.",
        "A new room for {circle} opens now, for the {n} people in it.",
        people,
    )
    return message(text(said, circle=circle, n=people))


def nobody_to_open_for(circle: str) -> str:
    """Say that a circle is empty."""
    return _("Nobody sits in {circle}, so it needs no room.").format(circle=circle)


def not_let_in_said(person: Mention, circle: str, *, is_circles: bool) -> Said:
    """Tell an organiser whom the chat does not let into a room."""

    def said() -> Message:
        sentence = (
            _("The chat doesn't let {person} into the room of {circle}; the others are in it.")
            if is_circles
            else _("The chat doesn't let {person} into the room of a meeting in {circle}; the others are in it.")
        )
        return message(
            text(sentence, person=person, circle=circle),
            _(
                "Some guests may be in one room only, and some accounts can't be added by me. Whoever administers this "
                "place can change that; then I bring them in with the next change of the circle."
            ),
            summary=_("Somebody is not let into a room"),
        )

    return said


def you_are_not_let_in(circle: str, whom: Sequence[Mention], *, is_circles: bool) -> Message:
    """Tell a person that her chat does not let her into a room, and whom she can ask."""
    sentence = (
        _("Your chat doesn't let me bring you into the room of {circle}. You are in the circle all the same.")
        if is_circles
        else _("Your chat doesn't let me bring you into the room of your meeting. You are expected all the same.")
    )
    ask = text(_("{people} can help; it is a setting of your account."), people=enumerate_spans(whom)) if whom else None
    return message(
        text(sentence, circle=circle),
        ask,
        buttons(Button(_("Whom do I meet?"), "circle next")),
        summary=_("About the room of your circle"),
    )
