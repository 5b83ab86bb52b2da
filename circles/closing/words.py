"""What is said at the end: thanks, a member's own figures, one question, and what may come next."""

from collections.abc import Sequence
from datetime import date

from circles.closing.rules import MINUTES, Record
from circles.language import _, day_text, listing, ngettext_
from circles.messages import (
    Block,
    Button,
    Buttons,
    Command,
    Fact,
    Facts,
    File,
    Heading,
    Message,
    Plain,
    Quote,
    buttons,
    message,
    text,
)
from circles.turn import mention
from storage.tables import Person


def to_circle(name: str) -> Message:
    """Thank a circle in its room, with an invitation to part well."""
    return message(
        Heading(_("Thank you, {circle}").format(circle=name)),
        _("This term ends here. Thank you for the time, the questions and the company you gave each other."),
        text(
            _("If you like, thank somebody: {thanks} is open to you, and nobody else reads it."),
            thanks=Command("/circle thanks"),
        ),
        _("This room closes now. What was said here stays here, to read."),
        summary=_("The term ends: thank you"),
    )


def to_member(programme: str, record: Record, question: str, *, can_offer: bool) -> Message:
    """Thank a member with her own figures, and ask one question about what comes next."""
    return message(
        Heading(_("Thank you")),
        text(_("{programme} ends its term. Thank you for being part of it."), programme=programme),
        _figures(record),
        Quote((Plain(question),)),
        next_buttons(can_offer=can_offer),
        _("You can change your mind whenever you like, and no answer is fine too."),
        summary=_("The term ends: thank you"),
    )


def _figures(record: Record) -> Block:
    rows = [
        Fact(_("Meetings"), (Plain(str(len(record.meetings))),)),
        Fact(_("People you met"), (Plain(str(record.people_met)),)),
    ]
    if record.goals_done:
        rows.append(Fact(_("Goals you call done"), (Plain(str(record.goals_done)),)))
    return Facts(tuple(rows))


def next_buttons(*, can_offer: bool) -> Buttons:
    """Offer what may come next; a mentee is asked whether she would like to offer."""
    return buttons(
        Button(_("Rest"), "circle next-term rest"),
        Button(_("Join next term"), "circle next-term join"),
        *((Button(_("Offer next term"), "circle next-term offer"),) if can_offer else ()),
        Button(_("My record"), "circle record"),
    )


def to_waiting(programme: str) -> Message:
    """Tell somebody who waited for a seat that the programme ends."""
    return message(
        text(
            _("{programme} ends now, and there was no seat for you in time. Thank you for waiting."),
            programme=programme,
        ),
        _("If there is a next term, would you like to be in it?"),
        buttons(
            Button(_("Join next term"), "circle next-term join", "primary"),
            Button(_("Rest"), "circle next-term rest"),
        ),
        summary=_("About the programme you wait for"),
    )


def wish_kept(wish: str, *, can_offer: bool) -> Message:
    """Confirm what she would like next, with the other ways."""
    said = {
        "rest": _("Noted: you rest. Rest well; the door stays open."),
        "join": _("Noted: you would like to join next term. You will be asked before anything begins."),
        "offer": _("Noted: you would like to offer next term, as a mentor. Thank you; you will be asked first."),
    }[wish]
    others = (button for button in next_buttons(can_offer=can_offer).buttons if not button.call.endswith(wish))
    return message(said, buttons(*others))


def role_name(role: str) -> str:
    """Say a role in words."""
    return {"mentor": _("mentor"), "mentee": _("mentee")}.get(role, role)


def record(programme: str, time: tuple[date, date] | None, told: Record) -> Message:
    """Tell a member her record: dates, rounds, meetings, hours and role, and no name but the programme's."""
    rows = [Fact(_("Programme"), (Plain(programme),))]
    if time is not None:
        first, last = time
        rows.append(Fact(_("Your time"), (Plain(f"{day_text(first)} {first.year} – {day_text(last)} {last.year}"),)))
    if told.roles:
        rows.append(Fact(_("Role"), (Plain(listing([role_name(role) for role in told.roles])),)))
    rows += [
        Fact(_("Rounds with a place"), (Plain(str(told.rounds)),)),
        Fact(_("Meetings held"), (Plain(str(len(told.meetings))),)),
        Fact(_("People you met"), (Plain(str(told.people_met)),)),
        Fact(_("Hours, as an estimate"), (Plain(hours(told.minutes)),)),
    ]
    return message(
        Heading(_("Your record")),
        Facts(tuple(rows)),
        text(
            _(
                "Nobody notes how long you meet: each meeting counts as planned, {pair} minutes for two or three "
                "people and {table} for a table. Only you see this, and it names nobody you met."
            ),
            pair=MINUTES["pair"],
            table=MINUTES["table"],
        ),
        buttons(Button(_("As a table"), "circle record export")) if told.meetings else None,
    )


def hours(minutes: int) -> str:
    """Say minutes as hours and minutes, such as '2 h 15 min'."""
    return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def exported(table: str) -> Message:
    """Give the record as a file with a table."""
    return message(
        _("Your meetings as a table. The date is the day on which the round began; minutes are as planned."),
        File("record.csv", _("Your record"), table),
        summary=_("Your record as a table"),
    )


def calendar_title(programme: str, circle: str) -> str:
    """Name a calendar of a circle's rounds."""
    return f"{programme} · {circle}"


def calendar_entry(number: int, circle: str) -> str:
    """Name a round in a calendar; whom she meets is not in it."""
    return _("Round {number} · {circle}").format(number=number, circle=circle)


def calendar(text_: str, title: str, rounds: int) -> Message:
    """Give the rounds of a member's circle as a file for her calendar."""
    return message(
        text(
            ngettext_(
                "{n} round as whole days, for your own calendar; whom you meet is not in it.",
                "{n} rounds as whole days, for your own calendar; whom you meet is not in it.",
                rounds,
            ),
            n=rounds,
        ),
        _("When rounds move, ask for it again: entries that you have already are changed, not doubled."),
        File("rounds.ics", title, text_),
        summary=_("Your rounds for your calendar"),
    )


def no_rounds() -> str:
    """Say that there is nothing to put into a calendar."""
    return _("No round is in the calendar yet. /circle tells what comes next.")


def nothing_to_export() -> str:
    """Say that there is no meeting yet."""
    return _("No meeting is in your record yet. When you have met, say so with /circle met, and it will be here.")


def thanked(person: Person) -> Message:
    """Confirm a thank-you, also one that a private word keeps from her; nothing in it may differ."""
    return message(text(_("I bring your thanks to {person} where I can, privately."), person=mention(person)))


def thanks(sender: Person, words: str) -> Message:
    """Bring a thank-you, and say from whom."""
    return message(
        text(_("{sender} from your circle thanks you:"), sender=mention(sender)),
        Quote((Plain(words),)),
        _("Only you see this."),
        summary=_("A thank-you for you"),
    )


def cannot_thank(typed: str) -> str:
    """Say the same whether somebody is unknown, elsewhere, or gone."""
    return _(
        "I can't bring thanks to “{name}”. It works for people in your circle: /circle thanks, "
        "then @ and a name, then your words."
    ).format(name=typed[:40])


def preview(programme: str, circles: Sequence[str], seated: int, waiting: int, planned: int) -> Message:
    """Tell an organiser what closing would do, before anybody hears of it."""
    rows = [
        Fact(_("Circles that end"), (Plain(f"{len(circles)} ({listing(list(circles))})" if circles else "0"),)),
        Fact(_("Members who are thanked"), (Plain(str(seated)),)),
        Fact(_("People waiting who are told kindly"), (Plain(str(waiting)),)),
        Fact(_("Things planned that will not come"), (Plain(str(planned)),)),
    ]
    return message(
        Heading(_("Close {programme} today?").format(programme=programme)),
        Facts(tuple(rows)),
        _(
            "Open rounds close, and the rooms of meetings and circles, too; what was said in them can still be read. "
            "Everybody gets her own figures and is asked what she would like next. Records stay. This can't be undone."
        )
        if circles
        else _("It has not begun, so it closes quietly. This can't be taken back."),
        buttons(Button(_("Close it today"), "programme close yes", "danger")),
    )


def closed(programme: str, told: int) -> Message:
    """Confirm the closing."""
    said = ngettext_(
        "{programme} is closed. {n} person hears of it in her next morning hours.",
        "{programme} is closed. {n} people hear of it, each in her next morning hours.",
        told,
    )
    return message(text(said if told else _("{programme} is closed."), programme=programme, n=told))
