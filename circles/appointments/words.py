"""What is said while a meeting group finds an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circles.calendar import Appointment
from circles.language import _, day_text, instant_text, listing
from circles.messages import (
    Block,
    Button,
    File,
    Heading,
    Message,
    Span,
    When,
    buttons,
    message,
    sentence,
    text,
)
from circles.rotation.words import names
from circles.turn import mention
from storage.tables import MeetingTime, Person


@dataclass(frozen=True, slots=True)
class Answered:
    """A proposed hour, who can come and who can't, and what the reader may do about it."""

    time: MeetingTime
    can: Sequence[Person]
    cannot: Sequence[Person]
    can_come: bool
    may_be_settled: bool


def when(time: MeetingTime, zone: str) -> tuple[Span, ...]:
    """Say an hour with its length."""
    return sentence(
        _("{when}, {minutes} minutes"),
        when=When(time.starts_at, instant_text(time.starts_at, zone)),
        minutes=time.minutes,
    )


def overview(
    others: Sequence[Person],
    agreed: Answered | None,
    proposed: Sequence[Answered],
    free: Sequence[datetime],
    zone: str,
    until: date,
) -> Message:
    """Tell a member how far her group is with an hour, and offer the next steps.

    ``free`` are hours in which all of them work.
    """
    blocks: list[Block] = [Heading(_("An hour to meet")), text(_("You meet {names}."), names=names(others))]
    several = len(proposed) + (agreed is not None) > 1
    if agreed is not None:
        blocks += _set(agreed, zone, is_table=len(others) > 1, several=several)
    for one in proposed:
        blocks += _proposal(one, zone, several=several)
    if free:
        blocks.append(text(_("In working hours for each of you; a press proposes one:")))
        blocks.append(buttons(*(_free(at, zone) for at in free)))
    blocks.append(
        text(
            _("Any other hour until {day} works, too, in your time ({zone}): /circle meet Tuesday 15:00, for example."),
            day=day_text(until),
            zone=zone,
        )
    )
    blocks.append(buttons(Button(_("Another hour"), "circle meet at")))
    return message(*blocks)


def _set(one: Answered, zone: str, *, is_table: bool, several: bool) -> list[Block]:
    at = instant_text(one.time.starts_at, zone)
    off = _("{hour}: call it off").format(hour=at) if several else _("Call it off")
    cannot = _("{hour}: I can't come").format(hour=at) if several else _("I can't come")
    return [
        text(_("It is set: {when}."), when=when(one.time, zone)),
        *(_who(one) if is_table else []),
        buttons(
            *([Button(cannot, f"circle meet no {one.time.id}")] if is_table and one.can_come else []),
            Button(off, f"circle meet off {one.time.id}"),
        ),
    ]


def _proposal(one: Answered, zone: str, *, several: bool) -> list[Block]:
    """Show a proposed hour; where there are several, its buttons name it: a chat may show them far from its words."""
    at = instant_text(one.time.starts_at, zone)
    yes = _("{hour}: suits me").format(hour=at) if several else _("It suits me")
    settle = _("{hour}: set it").format(hour=at) if several else _("Set it")
    no = _("{hour}: not then").format(hour=at) if several else _("Not then")
    choices = [] if one.can_come else [Button(yes, f"circle meet yes {one.time.id}", "primary")]
    choices += [Button(settle, f"circle meet set {one.time.id}", "primary")] if one.may_be_settled else []
    choices += [Button(no, f"circle meet no {one.time.id}")]
    return [text(_("Proposed: {when}."), when=when(one.time, zone)), *_who(one), buttons(*choices)]


def _who(one: Answered) -> list[Block]:
    parts = [
        text(_("It suits {names}."), names=names(one.can)) if one.can else None,
        text(_("Not then: {names}."), names=names(one.cannot)) if one.cannot else None,
    ]
    return [part for part in parts if part is not None]


def _free(at: datetime, zone: str) -> Button:
    return Button(instant_text(at, zone), f"circle meet {at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}")


def _suits(time: MeetingTime) -> Button:
    return Button(_("It suits me"), f"circle meet yes {time.id}", "primary")


def proposal(who: Person, time: MeetingTime, zone: str) -> Message:
    """Propose an hour to a meeting group, in its room."""
    return message(
        text(_("{who} proposes an hour: {when}. Does it suit you?"), who=mention(who), when=when(time, zone)),
        buttons(
            _suits(time), Button(_("Not then"), f"circle meet no {time.id}"), Button(_("Other hours"), "circle meet")
        ),
        summary=_("An hour to meet is proposed"),
    )


def proposed(time: MeetingTime, zone: str, at_night: Sequence[tuple[str, str]]) -> Message:
    """Confirm a proposal, and say for whom it would be night: her name, and her wall time."""
    return message(
        text(_("Proposed in your room: {when} ({zone})."), when=when(time, zone), zone=zone),
        *(_("For {name} that is {time}.").format(name=name, time=at) for name, at in at_night),
        buttons(Button(_("Take it back"), f"circle meet no {time.id}")),
    )


def noted(time: MeetingTime, zone: str, waits_for: Sequence[Person], *, may_be_settled: bool) -> Message:
    """Confirm that an hour suits her, and say who has not answered."""
    return message(
        text(_("Noted: {when} suits you."), when=when(time, zone)),
        text(_("It is set when {names} can, too."), names=names(waits_for)) if waits_for else None,
        buttons(
            Button(_("Not then, after all"), f"circle meet no {time.id}"),
            *([Button(_("Set it"), f"circle meet set {time.id}")] if may_be_settled else []),
        ),
    )


def declined(time: MeetingTime, zone: str, *, is_open: bool) -> Message:
    """Confirm that an hour does not suit her, and let her change her mind while it is open."""
    again = [Button(_("It suits me after all"), f"circle meet yes {time.id}")] if is_open else []
    return message(
        text(_("Noted: {when} does not suit you. Would another hour?"), when=when(time, zone)),
        buttons(Button(_("Other hours"), "circle meet", "primary"), *again),
    )


def set_now() -> Message:
    """Confirm to whoever made an hour certain."""
    return message(_("It is set. Your room has it, with a file for your calendar."))


def agreed(time: MeetingTime, appointment: Appointment, file: File, *, is_another: bool, is_table: bool) -> Message:
    """Tell a meeting group the hour that is set, in its room, and whether it takes the place of an earlier one.

    At a table one who can't come need not call it off for all.
    """
    cannot = [Button(_("I can't come"), f"circle meet no {time.id}")] if is_table else []
    return message(
        _("You have another hour; the earlier one is off:") if is_another else _("You have an hour:"),
        appointment,
        file,
        buttons(
            *cannot,
            Button(_("Call it off"), f"circle meet off {time.id}"),
            Button(_("Other hours"), "circle meet"),
        ),
        summary=_("An hour to meet is set"),
    )


def called_off(who: Person | None, appointment: Appointment, file: File) -> Message:
    """Tell a meeting group that an hour is off, in neutral words; None says not by whom."""
    return message(
        text(_("{who} can't make it then, and the hour is off:"), who=mention(who))
        if who is not None
        else _("The hour that was set is off:"),
        appointment,
        file,
        buttons(Button(_("Other hours"), "circle meet", "primary")),
        summary=_("An hour to meet is off"),
    )


def fell_through(time: MeetingTime, zone: str) -> Message:
    """Tell a meeting group that a proposed hour does not suit enough of them."""
    return message(
        text(_("{when} does not suit everybody. Another hour may:"), when=when(time, zone)),
        buttons(Button(_("Other hours"), "circle meet", "primary")),
        summary=_("About the hour to meet"),
    )


def was_called_off() -> Message:
    """Confirm that an hour is off."""
    return message(_("It is off, and your room knows."), buttons(Button(_("Other hours"), "circle meet")))


def will_be_shown() -> Message:
    """Confirm that an hour is to stand where everybody sees it."""
    return message(_("Your room hears where everybody can see it; none of your names stands there."))


def shared(who: Person, appointment: Appointment) -> Message:
    """Tell a meeting group that its hour stands in the calendar that everybody sees."""
    return message(
        text(_("{who} would like everybody here to see your hour. It names none of you:"), who=mention(who)),
        appointment,
        summary=_("About the hour to meet"),
    )


def appointment(uid: str, title: str, time: MeetingTime, zone: str, *, is_off: bool = False) -> Appointment:
    """Give an hour as a paragraph that a chat's own calendar can take up; ``title`` names nobody."""
    share = Button(_("Show it to everybody here"), f"circle meet share {time.id}")
    return Appointment(
        when(time, zone),
        uid=uid,
        title=title,
        starts_at=time.starts_at,
        ends_at=time.starts_at + timedelta(minutes=time.minutes),
        share=None if is_off or time.is_shared else share,
        refusal=_("It can't be shown: whoever administers this place has not let me add events."),
        is_shared=time.is_shared and not is_off,
        is_off=is_off,
    )


def public_title(programme: str) -> str:
    """Name a meeting where everybody sees it; it says nothing of who meets."""
    return _("A meeting of {programme}").format(programme=programme)


def private_title(number: int, people: Sequence[Person]) -> str:
    """Name a meeting in the calendars of its own people."""
    return _("Round {number}: {names}").format(number=number, names=listing([person.name for person in people]))
