"""When a person can be written to: her quiet hours, her days off and her time zone, in every programme alike."""

import re
from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.errors import BadCall
from circles.language import _, listing
from circles.membership import reading
from circles.messages import Button, Fact, Facts, Message, Plain, buttons, message, text
from circles.messages import Command as Typed
from circles.turn import Turn, minute_of_day
from circles.when import parse_time
from storage import people
from storage.tables import Person


def quiet(turn: Turn, hours: str = "") -> Iterable[Effect]:
    """Show or set the hours in which the bot stays silent."""
    if not hours:
        return [Reply(rhythm(turn.person, turn.zone))]
    turn.person.quiet_from, turn.person.quiet_until = _hours(hours)
    people.save(turn.db, turn.person)
    return [Reply(rhythm(turn.person, turn.zone, lead=_("Saved.")))]


def _hours(typed: str) -> tuple[int, int]:
    """Read two times as minutes after midnight; "off" gives twice the same, which means none."""
    if typed.strip().lower() in {"off", "none"}:
        return 0, 0
    parts = [part for part in re.split(r"\s*[-–—]\s*|\s+(?:to|until)\s+|\s+", typed.strip()) if part]
    if len(parts) != 2:
        raise BadCall(_("Two times, please: /circle quiet 21:00 7:30, or /circle quiet off."), field="hours")
    try:
        begins, ends = (parse_time(part) for part in parts)
    except ValueError as problem:
        raise BadCall(str(problem), field="hours") from None
    if begins == ends:
        raise BadCall(_("These are the same time. For no quiet hours, type /circle quiet off."), field="hours")
    return begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute


def weekend(turn: Turn, days: str) -> Iterable[Effect]:
    """Set the days she keeps free."""
    try:
        turn.person.weekend = sorted(reading.weekend(days))
    except ValueError as problem:
        raise BadCall(str(problem), field="days") from None
    people.save(turn.db, turn.person)
    return [Reply(rhythm(turn.person, turn.zone, lead=_("Saved.")))]


def zone(turn: Turn, zone: str = "") -> Iterable[Effect]:
    """Show or set the time zone in which she reads the clock."""
    if not zone:
        return [Reply(rhythm(turn.person, turn.zone))]
    turn.person.zone = zone
    people.save(turn.db, turn.person)
    return [Reply(rhythm(turn.person, turn.zone, lead=_("Saved. The meetings of coming rounds count with it.")))]


def rhythm(person: Person, zone: str, *, lead: str = "") -> Message:
    """Show when a person is written to, and how to change it."""
    return message(
        lead or None,
        _("I write at most twice a week, outside your quiet hours and on your working days; your circle's room aside."),
        Facts(facts(person, zone)),
        text(
            _("To change them: {quiet}, {weekend}, {zone}."),
            quiet=Typed("/circle quiet 21:00 7:30"),
            weekend=Typed("/circle weekend fri-sat"),
            zone=Typed("/circle zone Amman"),
        ),
        buttons(Button(_("No quiet hours"), "circle quiet off")) if person.quiet_from != person.quiet_until else None,
    )


def facts(person: Person, zone: str) -> tuple[Fact, ...]:
    """List when a person is written to: her quiet hours, her days off and her zone."""
    begins, ends = (f"{minute_of_day(m):%H:%M}" for m in (person.quiet_from, person.quiet_until))
    hours = _("{begins} to {ends}").format(begins=begins, ends=ends) if begins != ends else _("none")
    free = listing([_day_name(day) for day in person.weekend]) if person.weekend else _("none")
    return (
        Fact(_("Quiet hours"), (Plain(hours),)),
        Fact(_("Days off"), (Plain(free),)),
        Fact(_("Time zone"), (Plain(zone),)),
    )


def _day_name(day: int) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[day]
