"""What is said about a programme's organisers."""

from collections.abc import Sequence

from circles.language import _, ngettext_
from circles.messages import Bullets, Button, Command, Mention, Message, buttons, message, text
from circles.programme import words
from storage.tables import Programme


def organisers(programme: Programme, people: Sequence[Mention]) -> Message:
    """List who organises a programme."""
    return message(
        text(_("“{name}” is organised by:"), name=programme.name),
        Bullets(tuple((person,) for person in people)),
        text(
            _("{add}, {remove} or {handover} change this."),
            add=Command("/programme organisers add @name"),
            remove=Command("/programme organisers remove @name"),
            handover=Command("/programme organisers handover @name"),
        ),
        buttons(Button(words.add_organiser_label(), "programme organisers add")),
        summary=_("Who organises"),
    )


def asked_to_organise(programme: Programme, asker: Mention) -> Message:
    """Tell a person that she organises a programme from now on, and how to step back."""
    return message(
        text(
            _("{asker} asks you to help organise “{name}”. You can start right away."), asker=asker, name=programme.name
        ),
        text(
            _("{command} shows where it stands. If this is not for you, step back at any time."),
            command=Command("/programme"),
        ),
        buttons(
            Button(words.status_label(), "programme status", "primary"),
            Button(_("Step back"), "programme organisers remove me"),
        ),
        summary=_("You are asked to help organise a programme"),
    )


def no_longer_organises(programme: Programme, asker: Mention) -> Message:
    """Tell a person that she no longer organises a programme."""
    return message(
        text(
            _("{asker} has taken you off the organisers of “{name}”. Thank you for your part."),
            asker=asker,
            name=programme.name,
        ),
        summary=_("You no longer organise a programme"),
    )


def added(person: Mention) -> Message:
    """Say that a person organises from now on."""
    return message(text(_("{person} helps organise from now on, and I have told them."), person=person))


def removed(person: Mention) -> Message:
    """Say that a person no longer organises."""
    return message(text(_("{person} no longer organises, and I have told them."), person=person))


def stepped_back(programme: Programme) -> Message:
    """Say to a person that she no longer organises."""
    return message(text(_("You no longer organise “{name}”. Thank you for your part."), name=programme.name))


def handed_over(programme: Programme, person: Mention) -> Message:
    """Say that a person took over the asker's part."""
    return message(
        text(_("{person} has taken over your part in “{name}”. Thank you."), person=person, name=programme.name)
    )


def not_met(typed: str) -> str:
    """Say that a person isn't known here."""
    return _(
        "I have not met “{person}” here yet. When they have typed /circle once, you can add them; "
        "please check the spelling too."
    ).format(person=typed[:40])


def away(person: str) -> str:
    """Say that a person's account is not active."""
    return _("{person} is no longer active here, so somebody else has to help.").format(person=person)


def organises_already(person: str) -> str:
    """Say that nothing needs to change."""
    return _("{person} is an organiser already.").format(person=person)


def does_not_organise(person: str) -> str:
    """Say that there is nothing to take away."""
    return _("{person} is not an organiser. Type /programme organisers to see who is.").format(person=person)


def too_few_organisers(fewest: int) -> str:
    """Say that a programme would be left with too few organisers."""
    return ngettext_(
        "A programme keeps at least {n} organiser. Add somebody first with /programme organisers add @name.",
        "A programme keeps at least {n} organisers. Add somebody first with /programme organisers add @name.",
        fewest,
    ).format(n=fewest)


def not_to_yourself() -> str:
    """Say that handing over takes somebody else."""
    return _("That is you. Type /programme organisers handover with somebody else's name.")
