"""What organisers read about rounds: dates and counts, the next round ahead of time, and what is in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from circles.language import _, day_text, ngettext_
from circles.messages import Bullets, Button, Heading, Message, Picture, Strong, buttons, message, sentence, text
from circles.rotation import pictures
from circles.rotation.words import names
from circles.turn import mention
from storage.tables import Person


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


def preview(
    circle: str,
    number: int,
    day: date,
    groups: Sequence[Sequence[Person]],
    sitting_out: Sequence[Person],
    repeats: int,
    first_repeat: int | None,
) -> Message:
    """Show an organiser the next round of a circle before anybody hears of it."""
    fresh = (
        _("New meetings for everybody until round {number}.").format(number=first_repeat - 1)
        if first_repeat and first_repeat > number
        else _("Nobody meets the same person again in the next ten rounds.")
        if first_repeat is None
        else ngettext_(
            "{n} pair has met before; nothing newer was left.",
            "{n} pairs have met before; nothing newer was left.",
            repeats,
        ).format(n=repeats)
    )
    return message(
        Heading(_("{circle}: round {number}, {day}").format(circle=circle, number=number, day=day_text(day))),
        Bullets(tuple(names(group) for group in groups)),
        Bullets(tuple(sentence(_("{name} sits out"), name=mention(person)) for person in sitting_out))
        if sitting_out
        else None,
        fresh,
        _("Skips and pauses until then change this; the bot repairs it by itself."),
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


def no_round(circle: str, number: int, rule: str) -> Message:
    """Tell organisers that no round is possible in a circle, why, and what would help."""
    why = {
        "too-few": _("fewer than two people can take part"),
        "no-mentor": _("no mentor can take part"),
        "no-mentee": _("no mentee can take part"),
        "blocked": _("no two people who can take part may meet"),
    }.get(rule, rule)
    return message(
        text(
            _("{circle}: round {number} has no meetings, because {why}."), circle=circle, number=number, why=Strong(why)
        ),
        _("Inviting people, merging circles or another rotation (/programme settings rotation everyone) would help."),
        summary=_("A round without meetings"),
    )
