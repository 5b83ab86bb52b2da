"""What a circle's room says of itself: its topic, and the card of what its people agree to by being in it."""

from circles.budget import SILENCES
from circles.language import _, day_text, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Command,
    Heading,
    Message,
    Plain,
    Span,
    Strong,
    buttons,
    message,
    sentence,
)
from circles.programme.rules import settings_of
from storage.tables import Circle, Programme

LONGEST_TOPIC = 200
LONGEST_NAME = 60


def topic(programme: Programme, circle: Circle) -> str:
    """Say in one line what a circle's room is for, and that what is said there stays there."""
    said = _("{programme}: here {circle} talks between meetings. What is said here stays here.")
    return said.format(programme=_short(programme.name), circle=_short(circle.name))[:LONGEST_TOPIC]


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def card(programme: Programme, circle: Circle) -> Message:
    """Say what holds in a circle: confidence, rhythm, silence, ways out, and who can read along."""
    return message(
        Heading(_("{circle}: how we are here").format(circle=circle.name)),
        Bullets(
            (
                _line(_("Confidence"), _said(_("what is said here stays here, unless whoever said it agrees."))),
                _line(_("Rhythm"), _said(_rhythm(programme))),
                _line(_("Silence"), _said(_silence())),
                _line(_("Ways out"), _ways_out(programme)),
                _line(_("Who can read this room"), _said(_readers())),
                _line(_("And I"), _said(_("Halqa neither reads nor keeps what you type here."))),
            )
        ),
        buttons(
            Button(_("Where am I?"), "circle status"),
            Button(_("Whom do I meet?"), "circle next"),
            Button(_("Pause"), "circle pause"),
        ),
        summary=_("How we are in this circle"),
    )


def _line(label: str, said: tuple[Span, ...]) -> tuple[Span, ...]:
    return (Strong(label), Plain(": "), *said)


def _said(words: str) -> tuple[Span, ...]:
    return (Plain(words),)


def _rhythm(programme: Programme) -> str:
    weeks = settings_of(programme.settings).every_weeks
    said = ngettext_(
        "a new round begins every week; each meeting gets a room of its own, where I say who meets.",
        "a new round begins every {n} weeks; each meeting gets a room of its own, where I say who meets.",
        weeks,
    )
    return said.format(n=weeks)


def _silence() -> str:
    return ngettext_(
        "not answering is fine. After {n} quiet round I ask once, in private, what would suit you.",
        "not answering is fine. After {n} quiet rounds I ask once, in private, what would suit you.",
        SILENCES,
    ).format(n=SILENCES)


def _ways_out(programme: Programme) -> tuple[Span, ...]:
    ways = sentence(
        _("{pause} lets you rest, {skip} sits one round out, {leave} ends it for you; none needs a reason."),
        pause=Command("/circle pause"),
        skip=Command("/circle skip"),
        leave=Command("/circle leave"),
    )
    if programme.ends_on is None:
        return ways
    ends = _("For everybody it ends on {day} {year}.")
    return (*ways, Plain(" "), Plain(ends.format(day=day_text(programme.ends_on), year=programme.ends_on.year)))


def _readers() -> str:
    return _(
        "the people of the circle, also those who join later. Whoever administers this place may be able to "
        "open private rooms, too."
    )
