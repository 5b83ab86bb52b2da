"""What is said when people come and go without a word to the bot, and when they seem to have moved."""

from circles.language import _, ngettext_
from circles.messages import Button, Command, Mention, Message, buttons, message, text


def gone(programme: str, person: Mention, organisers: int | None, *, was_in: bool) -> Message:
    """Tell an organiser that somebody is no longer here; ``organisers`` are left where that one organised, too."""
    seat = _("Their place is free from now on, and whoever was to meet them in this round hears of it today.")
    succession = None
    if organisers is not None:
        left = ngettext_(
            "They helped organise. {n} organiser is left now; {command} brings in another.",
            "They helped organise. {n} organisers are left now; {command} brings in another.",
            organisers,
        )
        succession = text(left, n=organisers, command=Command("/programme organisers add @name"))
    return message(
        text(_("{person} is no longer here (“{programme}”)."), person=person, programme=programme),
        seat if was_in else None,
        succession,
        buttons(Button(_("Show the circles"), "programme circles")) if was_in else None,
        summary=_("Somebody is no longer here"),
    )


def leaderless(programme: str) -> Message:
    """Say to a circle that nobody organises any more; the calendar goes on by itself."""
    return message(
        text(
            _(
                "Whoever organised “{programme}” is no longer here. Rounds go on as planned. If you know who should "
                "organise from now on, please tell whoever installed me."
            ),
            programme=programme,
        ),
        summary=_("About your programme"),
    )


def zone_seen(zone: str, known: str) -> Message:
    """Ask whether she has moved; nothing changes without her word."""
    return message(
        text(
            _("Your chat says that you are in {zone} now. I reckon with {known} when I write to you."),
            zone=zone,
            known=known,
        ),
        buttons(Button(_("Use it"), f"circle zone {zone}", "primary"), Button(_("Keep mine"), "circle zone keep")),
        summary=_("About your time zone"),
    )


def zone_kept(zone: str) -> Message:
    """Say that her zone stays as it is."""
    return message(
        text(_("Fine, {zone} stays. {command} changes it any day."), zone=zone, command=Command("/circle zone Amman"))
    )


def left_room(circle: str) -> Message:
    """Ask somebody who left her circle's room what she would like; both ways are fine."""
    return message(
        text(
            _("You left the room of {circle}. You are still in the circle, and rounds go on with you."), circle=circle
        ),
        buttons(
            Button(_("Let me back in"), "circle room back", "primary"),
            Button(_("Leave the programme"), "circle leave"),
        ),
        summary=_("About the room of your circle"),
    )


def room_back(circle: str) -> Message:
    """Say that the room is open to her again."""
    return message(text(_("Welcome back; the room of {circle} opens to you now."), circle=circle))


def no_room() -> str:
    """Say that there is no room to come back to."""
    return _("You have no seat in a circle just now, so there is no room to come back to.")
