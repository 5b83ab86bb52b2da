"""What is said about a programme: where it stands, its settings, its organisers, and what the calendar asks for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from circles.language import _, day_text, instant_text, listing, ngettext_
from circles.messages import (
    Button,
    Fact,
    Facts,
    Heading,
    Message,
    Plain,
    Span,
    When,
    buttons,
    message,
)
from storage.tables import Occurrence, Programme


def occurrence(row: Occurrence) -> str:
    """Say what the calendar asks for, in a few words."""
    return _("{day}: {what}").format(day=day_text(row.day), what=what(row.kind, row.number, row.slot))


def what(kind: str, number: int, slot: str = "") -> str:
    """Name one thing that the calendar asks for."""
    if slot.endswith(":end:eve"):
        return _("heads-up before the programme ends")
    names = {
        "round-open": _("round {number} begins"),
        "eve": _("heads-up before round {number}"),
        "middle": _("the middle of round {number}"),
        "prompt": _("conversation prompt {number}"),
        "check-in": _("goal check-in {number}"),
        "close": _("the programme ends"),
    }
    return names.get(kind, kind).format(number=number)


def start_label() -> str:
    """Name the button that begins a programme."""
    return _("Start a programme")


def status_label() -> str:
    """Name the button that shows where a programme stands."""
    return _("Status")


def settings_label() -> str:
    """Name the button that lists the settings."""
    return _("Settings")


def add_organiser_label() -> str:
    """Name the button that adds an organiser."""
    return _("Add an organiser")


def show_schedule_label() -> str:
    """Name the button that shows the schedule."""
    return _("Schedule")


def other_form() -> str:
    """Say that answers don't fit the question."""
    return _("This form belongs to another question. Type /programme to see where you are.")


def not_yours(name: str) -> str:
    """Say that a programme is somebody else's."""
    return _("You don't organise “{name}”, so this stays closed to you.").format(name=name)


def state(programme: Programme) -> str:
    """Say a programme's state in words."""
    return {
        "draft": _("being set up; nobody else hears of it"),
        "call": _("open for joining"),
        "running": _("running"),
        "closed": _("closed"),
    }[programme.state]


def none() -> str:
    """Say that there is nothing yet."""
    return _("nothing")


def dates(programme: Programme) -> str:
    """Say from when to when a programme runs."""
    if programme.starts_on is None or programme.ends_on is None:
        return _("not set yet")
    return _("{first} to {last}").format(
        first=f"{day_text(programme.starts_on)} {programme.starts_on.year}",
        last=f"{day_text(programme.ends_on)} {programme.ends_on.year}",
    )


def members(counts: Mapping[tuple[str, str], int], had_seat: int | None = None) -> str:
    """Count members by stance and by state; after the end, of whom ``had_seat``, by whether they were in a circle."""
    if had_seat is not None:
        return _("{seated} in circles, {others} without a seat").format(
            seated=had_seat, others=sum(counts.values()) - had_seat
        )
    by_state = {
        word: sum(n for (state, _stance), n in counts.items() if state == word)
        for word in ("seated", "waiting", "paused")
    }
    here = {
        word: sum(n for (state, stance), n in counts.items() if state != "left" and stance == word)
        for word in ("mentor", "mentee", "both")
    }
    return _(
        "{mentors} as mentor, {mentees} as mentee, {both} as both · {seated} seated, {waiting} waiting, {paused} paused"
    ).format(mentors=here["mentor"], mentees=here["mentee"], both=here["both"], **by_state)


def status(
    programme: Programme,
    *,
    counts: Mapping[tuple[str, str], int],
    circles: Sequence[tuple[str, int]],
    coming: Occurrence | None,
    zone: str,
    organisers: int,
    had_seat: int | None = None,
) -> Message:
    """Say where a programme stands and what comes next, or what was; ``circles`` are names with people."""
    rows = [
        Fact(_("State"), (Plain(state(programme)),)),
        Fact(_("Dates"), (Plain(dates(programme)),)),
        Fact(_("Members"), (Plain(members(counts, had_seat)),)),
        Fact(_("Circles"), (Plain(_circles(programme, circles)),)),
    ]
    if programme.state == "running":
        rows.append(Fact(_("Next"), _coming(coming, zone)))
    hint, choices = _next_step(programme, organisers)
    return message(
        Heading(programme.name), Facts(tuple(rows)), hint, buttons(*choices), summary=_("Where your programme stands")
    )


def _circles(programme: Programme, circles: Sequence[tuple[str, int]]) -> str:
    if not circles:
        return _("none") if programme.state == "closed" else _("none yet")
    shown = [
        ngettext_("{name} ({n} person)", "{name} ({n} people)", n).format(name=name, n=n) for name, n in circles[:10]
    ]
    more = len(circles) - len(shown)
    return listing([*shown, *([ngettext_("{n} more", "{n} more", more).format(n=more)] if more else [])])


def _coming(coming: Occurrence | None, zone: str) -> tuple[Span, ...]:
    if coming is None:
        return (Plain(_("nothing is planned")),)
    named = what(coming.kind, coming.number, coming.slot)
    return (Plain(f"{named}, "), moment(coming.kind, coming.day, coming.due_at, zone))


def told_apart(programme: Programme, among: Sequence[Programme]) -> str:
    """Give a programme's name, and its short name with it where another one among these is called the same."""
    is_alone = sum(one.name == programme.name for one in among) <= 1
    return programme.name if is_alone else f"{programme.name} ({programme.slug})"


def moment(kind: str, day: date, due_at: datetime, zone: str) -> Span:
    """Say when something is sent: an instant for all, or each member's own morning."""
    if kind == "eve":
        return Plain(_("the working day before {day}").format(day=day_text(day, short=True)))
    if kind in {"middle", "check-in"}:
        return Plain(_("{day}, each one's morning").format(day=day_text(day, short=True)))
    return instant(due_at, zone)


def instant(at: datetime, zone: str) -> When:
    """Say an instant on the reader's clock."""
    return When(at, instant_text(at, zone))


def _next_step(programme: Programme, organisers: int) -> tuple[str, tuple[Button, ...]]:
    schedule = Button(show_schedule_label(), "programme schedule")
    if programme.state == "draft":
        more = Button(_("Continue the setup"), "programme setup", "primary")
        if organisers < 2:
            return _("Continue the setup, and add a second organiser."), (
                more,
                Button(add_organiser_label(), "programme organisers add"),
            )
        return _("Continue the setup; then launch."), (more, Button(_("Launch"), "programme call"))
    if programme.state == "call":
        form = Button(_("Propose circles"), "programme form", "primary")
        return _("People join with /circle join. When there are enough, propose circles."), (form, schedule)
    if programme.state == "running":
        return _("All is planned; you can see every message before it is sent."), (
            schedule,
            Button(_("Report"), "programme report"),
        )
    return _("This programme is closed. You can start another."), (
        Button(start_label(), "programme setup new"),
        Button(_("Report"), "programme report"),
    )
