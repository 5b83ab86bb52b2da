"""Short sentences that a chat says by itself, around what the core answers."""

from circles.language import _
from circles.messages import Button, Message, buttons, message, text


def stranger() -> Message:
    """Turn away somebody who is here as another workspace's guest."""
    return message(
        _("Circles here are for people of this workspace. If you would like one, ask at home: Halqa can be there, too.")
    )


def not_here() -> str:
    """Say that there is no answer in this workspace, for now or at all."""
    return _(
        "I can't answer here just now; please try again in a minute. If that does not help, Halqa may not be installed "
        "in this workspace any more: whoever administers it can see to that."
    )


def form_again(call: str) -> Message:
    """Offer a form again that could not be opened in time."""
    return message(
        _("That took a moment too long, and the form did not open. Nothing is lost:"),
        buttons(Button(_("Open the form"), call, "primary")),
    )


def form_next(title: str, call: str) -> Message:
    """Lead from a form to the next one, where a chat can't show it in the same place."""
    return message(text(_("Next: {title}"), title=title), buttons(Button(_("Continue"), call, "primary")))


def older_command() -> Message:
    """Say that a command is not what her chat shows any more."""
    return message(
        _("This command has changed since your chat looked last. Please choose it anew from the list."),
        buttons(Button(_("Show the commands"), "circle help")),
    )


def file_again(call: str) -> Message:
    """Offer an answer again whose file did not get through."""
    return message(
        _("The file did not come through. It can be tried again in a moment:"),
        buttons(Button(_("Try again"), call, "primary")),
    )


def with_try_again(said: Message, call: str) -> Message:
    """Put a button below a message that opens a form again, as it was filled."""
    return message(*said.blocks, buttons(Button(_("Try again"), call, "primary")), summary=said.summary)


def working() -> Message:
    """Say that the answer takes a little longer."""
    return message(_("One moment, I am working on it. The answer comes here."))


def done() -> Message:
    """Say that a form was taken where there is nothing more to tell."""
    return message(_("Done."))


def circle_title() -> str:
    """Name the view that tells somebody where she is."""
    return _("Your circle")


def elsewhere() -> Message:
    """Say that it can't be known which workspace a button in a direct message is about."""
    return message(_("I can't tell which of your workspaces this is about. In its own rooms, /circle status works."))
