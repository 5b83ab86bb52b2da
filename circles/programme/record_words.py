"""What is said in reports, announcements and the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from circles.language import _, day_text, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Code,
    Command,
    Fact,
    Facts,
    File,
    Heading,
    Mention,
    Message,
    Plain,
    Span,
    Text,
    buttons,
    message,
    sentence,
    text,
)
from circles.programme import words
from storage.tables import Audit, Programme

FEWEST = 5  # figures about people are shown from five up
ROUNDS_SHOWN, CIRCLES_SHOWN = 20, 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A round of one circle: its dates, and of its meeting groups how many met, did not, or have not said."""

    circle: str
    number: int
    opens: date
    closes: date
    met: int
    not_met: int
    no_answer: int

    @property
    def groups(self) -> int:
        """How many groups were to meet."""
        return self.met + self.not_met + self.no_answer


def count(number: int) -> str:
    """Say a figure about people, but none below five."""
    return str(number) if number >= FEWEST else _("fewer than five")


def report(
    programme: Programme,
    counts: Mapping[tuple[str, str], int],
    outcomes: Sequence[Outcome],
    *,
    goals: int,
    apart: int,
    silent: int,
    lasting: Sequence[tuple[Span, ...]],
    had_seat: int | None,
) -> Message:
    """Report who takes part, which meetings were held, and for how long new ones are left in each circle.

    ``had_seat`` is how many have had a seat, where the programme has ended.
    """
    left = sum(n for (state, _stance), n in counts.items() if state == "left")
    rows = [
        (_("Members"), words.members(counts, had_seat)),
        (_("Left"), str(left)),
        (_("Meetings held"), _held(outcomes)),
        (_("Members with a goal"), count(goals)),
        (_("Pairs kept apart by wish"), count(apart)),
        (_("Quiet lately"), str(silent)),
    ]
    newest = sorted(outcomes, key=lambda o: (o.opens, o.circle), reverse=True)
    lines = [_round(o) for o in newest[:ROUNDS_SHOWN]]
    return message(
        Heading(_("{name}: who takes part").format(name=programme.name)),
        Facts(tuple(Fact(label, (Plain(value),)) for label, value in rows)),
        Bullets(tuple(lines)) if lines else _("No round has begun yet."),
        Bullets(tuple(lasting)) if lasting else None,
        text(_("Goals, notes and who is kept apart from whom stay with the people themselves.")),
        summary=_("Who takes part in your programme"),
    )


def more_circles(number: int) -> tuple[Span, ...]:
    """Say how many circles a report leaves out."""
    said = ngettext_(
        "{n} more circle is not listed here; {command} shows them all.",
        "{n} more circles are not listed here; {command} shows them all.",
        number,
    )
    return sentence(said, n=number, command=Command("/programme rounds preview"))


def _held(outcomes: Sequence[Outcome]) -> str:
    met = sum(o.met for o in outcomes)
    return _("{met} held, {not_met} not held, {no_answer} without an answer").format(
        met=met, not_met=sum(o.not_met for o in outcomes), no_answer=sum(o.no_answer for o in outcomes)
    )


def _round(outcome: Outcome) -> tuple[Span, ...]:
    return sentence(
        _("{circle}, round {number} ({day}): {held}"),
        circle=outcome.circle,
        number=outcome.number,
        day=day_text(outcome.opens, short=True),
        held=_held([outcome]),
    )


def export(programme: Programme, table: str, rounds: int) -> Message:
    """Give the record as a file with a table that a spreadsheet reads."""
    said = ngettext_(
        "The record of {n} round: dates and counts, nobody's name.",
        "The record of {n} rounds: dates and counts, nobody's name.",
        rounds,
    )
    return message(
        text(said, n=rounds),
        File(f"{programme.slug}.csv", _("The record of {name}").format(name=programme.name), table),
        summary=_("The record of your programme"),
    )


def audit(lines: Sequence[tuple[Audit, Mention | None]], zone: str) -> Message:
    """List what organisers did, the newest first."""
    entries = tuple(
        sentence(
            _("{at}: {who}, {what}"),
            at=words.instant(row.at, zone),
            who=who or _("somebody who has left"),
            what=(Code(f"/{row.what}"), Plain(f" ({row.detail})")) if row.detail else Code(f"/{row.what}"),
        )
        for row, who in lines
    )
    return message(
        Bullets(entries) if entries else _("Nothing has been changed yet."), summary=_("What organisers did")
    )


# --- announcements ----------------------------------------------------------------------------------------------------


def announcement(programme: Programme, organiser: Mention, words_: str) -> Message:
    """Say an organiser's words to a circle."""
    return message(
        text(_("{organiser} to everybody in “{name}”:"), organiser=organiser, name=programme.name),
        Text((Plain(words_),)),
        summary=_("An announcement from your organisers"),
    )


def announcement_preview(shown: Message, circles: int, people: int, mark: str) -> Message:
    """Show an announcement as it will be, and ask."""
    rooms = ngettext_("in the room of {n} circle", "in the rooms of {n} circles", circles).format(n=circles)
    reached = ngettext_("{n} person", "{n} people", people).format(n=people)
    return message(
        text(_("This will be posted {rooms}; {reached} can read it. Not sent yet:"), rooms=rooms, reached=reached),
        *shown.blocks,
        buttons(Button(_("Send"), f"programme announcement-send {mark}", "primary")),
        text(_("To change it, type {command} again."), command=Command("/programme announce")),
        summary=_("Your announcement, not sent yet"),
    )


def announced(circles: int) -> Message:
    """Say that an announcement is on its way."""
    return message(
        text(ngettext_("It is on its way to {n} circle.", "It is on its way to {n} circles.", circles), n=circles)
    )


def announcement_gone() -> str:
    """Say that a press came too late."""
    return _("This announcement was sent already, or you wrote a newer one. Type /programme announce to write another.")


def no_circles_yet() -> str:
    """Say that there is nobody to announce to."""
    return _("There are no circles yet, so nobody would read it. Type /programme form to propose some.")
