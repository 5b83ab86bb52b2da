"""What organisers read about rounds: dates and counts, the next round ahead of time, and what is in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from circles.language import _, day_text, ngettext_
from circles.messages import Bullets, Button, Heading, Message, Picture, buttons, message, sentence
from circles.rotation import pictures


@dataclass(frozen=True, slots=True)
class Held:
    """A round of a circle in counts: meeting groups, those that met, and those of whom nobody has said a word."""

    circle: str
    number: int
    opens_on: date
    closes_on: date
    groups: int
    met: int
    unanswered: int


def rounds_list(held: Sequence[Held], coming: Sequence[tuple[str, int, date]]) -> Message:
    """List a programme's rounds for organisers: dates and counts, never who said what."""
    done = tuple(
        sentence(
            ngettext_(
                "{circle}, round {number} ({opens}–{closes}): {met} of {groups} meeting held, {open} unanswered",
                "{circle}, round {number} ({opens}–{closes}): {met} of {groups} meetings held, {open} unanswered",
                one.groups,
            ),
            circle=one.circle,
            number=one.number,
            opens=day_text(one.opens_on, short=True),
            closes=day_text(one.closes_on, short=True),
            met=one.met,
            groups=one.groups,
            open=one.unanswered,
        )
        for one in held
    )
    ahead = tuple(
        sentence(_("{circle}, round {number} begins {day}"), circle=circle, number=number, day=day_text(day))
        for circle, number, day in coming
    )
    return message(
        Heading(_("Rounds")),
        Bullets(done) if done else _("No round has begun yet."),
        _picture(held),
        Bullets(ahead) if ahead else None,
        buttons(Button(_("Preview the next round"), "programme rounds preview")) if ahead else None,
    )


def _picture(held: Sequence[Held]) -> Picture | None:
    """Draw the share of meetings held: a line for each circle, a square for each of its rounds."""
    by_circle: dict[str, dict[int, tuple[int, int]]] = {}
    for one in held:
        by_circle.setdefault(one.circle, {})[one.number] = (one.met, one.groups)
    numbers = sorted({one.number for one in held})
    return pictures.held([(name, [had.get(n, (0, 0)) for n in numbers]) for name, had in by_circle.items()], numbers)


def more_previews(left: int, number: int) -> Message:
    """Offer the previews of the circles that were not shown, from circle ``number`` on."""
    return message(
        ngettext_("{n} more circle is not shown here.", "{n} more circles are not shown here.", left).format(n=left),
        buttons(Button(_("Show the next ones"), f"programme rounds preview {number}")),
    )


def really_run(numbers: Sequence[int]) -> Message:
    """Ask once whether a round may begin before its day."""
    return message(
        _("Round {number} would begin now instead of on its day, for everybody in it. Sure?").format(number=numbers[0])
        if len(numbers) == 1
        else _("One round would begin now instead of on its day, for everybody in it. Which one?"),
        buttons(
            *(
                Button(
                    _("Begin now") if len(numbers) == 1 else _("Begin round {number}").format(number=number),
                    f"programme rounds run yes {number}",
                    "primary",
                )
                for number in numbers[:5]
            )
        ),
    )


def runs(number: int) -> Message:
    """Confirm that a round begins before its day."""
    return message(_("Round {number} begins within a minute.").format(number=number))
