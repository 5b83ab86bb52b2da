"""What organisers read about rounds: dates and counts, the next round before anybody hears of it, what is in the way."""

from collections.abc import Sequence
from datetime import date

from circles.language import _, day_text, ngettext_
from circles.messages import Bullets, Button, Heading, Message, Strong, buttons, message, sentence, text
from circles.rotation.words import names, why_she_sits_out
from circles.turn import mention
from storage.tables import Person, Round


def rounds_list(rows: Sequence[tuple[str, Round, int, int, int]], coming: Sequence[tuple[str, int, date]]) -> Message:
    """List a programme's rounds for organisers: dates and counts, never who said what."""
    done = tuple(
        sentence(
            ngettext_(
                "{circle}, round {number} ({opens}–{closes}): {met} of {groups} meeting held, {open} unanswered",
                "{circle}, round {number} ({opens}–{closes}): {met} of {groups} meetings held, {open} unanswered",
                groups,
            ),
            circle=circle,
            number=row.number,
            opens=day_text(row.opens_on, short=True),
            closes=day_text(row.closes_on, short=True),
            met=met,
            groups=groups,
            open=unanswered,
        )
        for circle, row, groups, met, unanswered in rows
    )
    ahead = tuple(
        sentence(_("{circle}, round {number} begins {day}"), circle=circle, number=number, day=day_text(day))
        for circle, number, day in coming
    )
    return message(
        Heading(_("Rounds")),
        Bullets(done) if done else _("No round has begun yet."),
        Bullets(ahead) if ahead else None,
        buttons(Button(_("Preview the next round"), "programme rounds preview")) if ahead else None,
    )


def preview(
    circle: str,
    number: int,
    day: date,
    groups: Sequence[Sequence[Person]],
    sitting: Sequence[tuple[Person, str]],
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
        Bullets(tuple(sentence(_("{name} sits out"), name=mention(person)) for person, _why in sitting))
        if sitting
        else None,
        fresh,
        _("Skips and pauses until then change this; the bot repairs it by itself."),
    )


def no_round(number: int, rule: str) -> Message:
    """Tell organisers that no round is possible, why, and what would help."""
    why = {
        "too-few": _("fewer than two people can take part"),
        "no-mentor": _("no mentor can take part"),
        "no-mentee": _("no mentee can take part"),
        "blocked": _("no two people who can take part may meet"),
    }.get(rule, rule)
    return message(
        text(_("Round {number} could not be formed: {why}."), number=number, why=Strong(why)),
        _("Inviting people, merging circles or another rotation (/programme settings rotation everyone) would help."),
        summary=_("A round could not be formed"),
    )
