"""What everybody hears when circles that run were refilled, merged or divided: neutral, kind, once."""

from collections.abc import Sequence
from datetime import date

from circles.language import _, day_text, listing, ngettext_
from circles.messages import Heading, Message, message


def refilled(count: int, waiting: int) -> Message:
    """Confirm that free seats are taken."""
    seated = ngettext_("{n} person has taken a seat", "{n} people have taken a seat", count).format(n=count)
    return message(
        _("{seated}, {waiting} wait. Everybody hears it in the room of their circle.").format(
            seated=seated, waiting=waiting
        )
    )


def welcome_several(names: Sequence[str]) -> Message:
    """Tell a circle that several people join it."""
    return message(
        _("{names} join this circle and take part from the next round on. Welcome!").format(names=listing(list(names))),
        summary=_("New people join your circle"),
    )


def question(here: int, other: int, organisers: Sequence[str]) -> Message:
    """Ask a circle whether it would like to be one with another; nobody has to give a reason."""
    return message(
        ngettext_(
            "The organisers wonder whether this circle ({here} people) could become one with another ({n} person), "
            "so that everybody has enough people to meet.",
            "The organisers wonder whether this circle ({here} people) could become one with another ({n} people), "
            "so that everybody has enough people to meet.",
            other,
        ).format(here=here, n=other),
        _(
            "It happens only if both circles are fine with it, and nobody is the cause of it. Talk about it here, and "
            "tell {organisers} what you think; a no needs no reason."
        ).format(organisers=listing(list(organisers), either=True)),
        summary=_("A question to your circle"),
    )


def merged(circle: str, count: int) -> Message:
    """Confirm a merge."""
    return message(
        ngettext_(
            "{circle} is one circle of {n} person now. They hear it in its room.",
            "{circle} is one circle of {n} people now. They hear it in its room.",
            count,
        ).format(circle=circle, n=count)
    )


def become_one(stays: str, joins: str, joining: Sequence[str], first: date | None) -> Message:
    """Tell two circles that they are one from now on."""
    return message(
        Heading(_("Two circles become one")),
        _("From now on {joins} and {stays} are one circle, and this is its room. Welcome, {names}!").format(
            joins=joins, stays=stays, names=listing(list(joining))
        ),
        _("Nobody is the cause of it: circles change as people come and go. Whom you have met goes with you."),
        _("Everybody takes part from the next round on, which begins {day}.").format(day=day_text(first))
        if first
        else None,
        summary=_("Two circles become one"),
    )


def divided(stays: str, leaves: str) -> Message:
    """Confirm a split."""
    return message(
        _("{stays} and {leaves} are two circles now. Everybody hears it in their room.").format(
            stays=stays, leaves=leaves
        )
    )


def grown(leaving: Sequence[str], circle: str) -> Message:
    """Tell those who stay who has a circle of their own now."""
    return message(
        _("This circle has grown into two. {names} now meet in {circle}; you stay together here.").format(
            names=listing(list(leaving)), circle=circle
        ),
        _("The halves follow seats and wishes, and nobody is the cause of it. Whom you have met is kept for you."),
        summary=_("Your circle has grown into two"),
    )


def welcome_half(circle: str, before: str, people: Sequence[str], first: date | None) -> Message:
    """Open the room of the half that leaves."""
    return message(
        Heading(_("Welcome to {circle}").format(circle=circle)),
        _("{before} has grown into two, and this is the room of your half: {names}.").format(
            before=before, names=listing(list(people))
        ),
        _("The halves follow seats and wishes, and nobody is the cause of it. Whom you have met goes with you."),
        _("The next round begins {day}; you will hear whom you meet.").format(day=day_text(first)) if first else None,
        _(
            "What is said here stays among you; the bot neither reads nor keeps it. "
            "Whoever runs this chat may be able to read rooms."
        ),
        summary=_("Your circle has grown into two"),
    )
