"""What is said about resting, coming back and leaving: neutral, short, and never asking why."""

from collections.abc import Mapping
from datetime import date

from circles.language import _, day_text
from circles.membership import words
from circles.messages import Button, Command, Message, Strong, buttons, message, text
from storage.tables import Programme


def paused(until: date, *, left_a_meeting: bool) -> Message:
    """Confirm a pause with the day of return and the way back."""
    return message(
        text(
            _("You rest until {day} {year}; on that day you are back by yourself. Until then I ask you nothing."),
            day=day_text(until),
            year=until.year,
        ),
        _("You are out of this round; whoever still expects to meet you is told in neutral words.")
        if left_a_meeting
        else None,
        text(_("{command} brings you back sooner. Organisers see how many people rest, never why."), command=_RESUME),
        buttons(Button(_("Come back now"), "circle resume")),
    )


_RESUME = Command("/circle resume")


def back_in_circle(coming: tuple[int, date] | None, *, skips: bool) -> Message:
    """Welcome somebody back to her circle; if she ``skips`` the coming round, with the way to take part after all."""
    if coming is None:
        return message(_("Welcome back. No further round is planned for now."), summary=_("Welcome back"))
    number, day = coming
    if skips:
        said = _("Welcome back. You skip round {number}, which begins {day}; the one after counts you in.")
        first = Button(_("Take part after all"), f"circle unskip {number}")
    else:
        said = _("Welcome back; you are in from round {number}, which begins {day}.")
        first = Button(_("Where am I?"), "circle status")
    return message(
        text(said, number=number, day=day_text(day)),
        buttons(first, Button(_("Rest longer"), "circle pause")),
        summary=_("Welcome back"),
    )


def back_in_line(programme: Programme, place: int, counts: Mapping[tuple[str, str], int]) -> Message:
    """Welcome somebody back to the waiting list, at the place she had."""
    return message(
        _("Welcome back. Your place in line was kept."),
        words.place_in_line(programme, place, counts),
        buttons(Button(_("Where am I?"), "circle status"), Button(_("Rest longer"), "circle pause")),
        summary=_("Welcome back"),
    )


def really_leave(programme: Programme, *, is_paused: bool) -> Message:
    """Ask whether she would like to leave, with what it means."""
    has_ended = programme.state == "closed"
    pause = [] if is_paused or has_ended else [Button(_("Pause instead"), "circle pause")]
    said = (
        _(
            "{name} has ended, so no seat is given up and nobody waits for one. If you leave, no reason is needed, "
            "nobody is told, and your goals can be read by you alone."
        )
        if has_ended
        else _(
            "You can leave {name} at any time; no reason is needed and nobody is told why. "
            "Your seat or place in line goes to somebody else, and your goals can be read by you alone."
        )
    )
    return message(
        text(said, name=Strong(programme.name)),
        buttons(Button(_("Leave"), "circle leave yes", "danger"), *pause, Button(_("Stay"), "circle status")),
    )


def left(programme: Programme) -> Message:
    """Say goodbye, with the way back, where there is one, and the way to have everything deleted."""
    after = (
        _("{delete} removes what I keep about you.")
        if programme.state == "closed"
        else _("{join} is the way back, at the end of the line. {delete} removes what I keep about you.")
    )
    return message(
        text(_("You have left {name}. Thank you for being part of it."), name=Strong(programme.name)),
        text(after, join=Command("/circle join"), delete=Command("/circle data delete")),
    )
