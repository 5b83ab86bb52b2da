"""How organisers hear that a round can't be: which rule, for whom where that may be said, and what to type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from circles.language import _, ngettext_
from circles.messages import Bullets, Command, Message, Span, Strong, message, sentence, text
from circles.programme.record_words import count
from circles.rotation.rules import Contradiction, Rule

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A rule that leaves a round without meetings, in counts; whom a private word concerns is nobody's business."""

    rule: Rule
    place: int  # the circle's number in the organisers' list
    able: int  # people who can take part
    without_room: int  # mentors whose profile says that they have room for nobody
    skipping: int
    resting: int
    institutions: Mapping[str, int]  # people of one institution among those who can take part
    private: int  # pairs kept apart by a member's own word


def no_round(circle: str, number: int, found: Hindrance) -> Message:
    """Tell organisers that no round is possible in a circle, why, and what would help."""
    return message(
        text(
            _("{circle}: round {number} has no meetings, because {why}."),
            circle=circle,
            number=number,
            why=Strong(_why(found)),
        ),
        Bullets(facts) if (facts := tuple(_facts(found))) else None,
        text(_("What would help:")),
        Bullets(tuple(_helps(found))),
        summary=_("A round without meetings"),
    )


def _why(found: Hindrance) -> str:
    return {
        "too-few": _("fewer than two people can take part"),
        "no-mentor": _("no mentor can take part"),
        "no-mentee": _("no mentee can take part"),
    }.get(found.rule, _("no two people who can take part may meet"))


def _facts(found: Hindrance) -> Iterator[Line]:
    yield sentence(
        ngettext_("{n} person can take part.", "{n} people can take part.", found.able),
        n=found.able,
    )
    if found.without_room:
        yield sentence(
            ngettext_(
                "{n} mentor has room for nobody just now; {command} is how a mentor makes room.",
                "{n} mentors have room for nobody just now; {command} is how a mentor makes room.",
                found.without_room,
            ),
            n=found.without_room,
            command=Command("/circle profile capacity 1"),
        )
    if found.skipping:
        yield sentence(
            ngettext_("{n} person skips this round.", "{n} people skip this round.", found.skipping), n=found.skipping
        )
    if found.resting:
        yield sentence(ngettext_("{n} person rests.", "{n} people rest.", found.resting), n=found.resting)
    if found.rule == "blocked":
        for institution, number in sorted(found.institutions.items()):
            yield sentence(
                _("{number} come from one institution, {institution}, and the programme goes across institutions."),
                number=number,
                institution=institution,
            )
        yield sentence(
            _("Pairs kept apart by their own wish: {count}. Who that is stays with the people themselves."),
            count=count(found.private),
        )


def _helps(found: Hindrance) -> Iterator[Line]:
    if found.rule in {"no-mentor", "no-mentee"}:
        yield _with(_("{command} lets everybody meet everybody."), "/programme settings rotation everyone")
    if found.rule == "blocked" and found.institutions:
        yield _with(_("{command} lets people of one institution meet."), "/programme settings across-institutions no")
    yield _with(
        {
            "no-mentor": _("{command} seats a mentor from the waiting list here."),
            "no-mentee": _("{command} seats a mentee from the waiting list here."),
        }.get(found.rule, _("{command} seats somebody from the waiting list here.")),
        f"/programme circles move NAME {found.place}",
    )
    if found.rule == "blocked":
        yield _with(_("{command} puts somebody into another circle, or on the waiting list with 0."), MOVE)
    yield _with(_("{command} shows who waits, and whom a new circle could seat."), "/programme form")


MOVE = "/programme circles move NAME 0"


def _with(template: str, typed: str) -> Line:
    return sentence(template, command=Command(typed))


def contradiction(circle: str, number: int, found: Contradiction) -> Message:
    """Tell organisers that the record of earlier rounds can't be true, so that no round is begun on it."""
    what = {
        "met-pair-of-wrong-size": _("a meeting of two names more or fewer people"),
        "met-but-not-placed": _("people are said to have met who were not to meet"),
        "placed-twice": _("somebody is in two meetings at once"),
        "placed-and-sat-out": _("somebody has a meeting and sits out"),
        "sat-out-twice": _("somebody sits out twice"),
        "no-such-round": _("there is no such round"),
        "host-not-there": _("somebody hosts a table at which she does not sit"),
        "elsewhere-not-two": _("a meeting of two names more or fewer people"),
    }
    return message(
        text(
            _("{circle}: round {number} can't begin, because {why}. Nothing is changed, and nobody else is told."),
            circle=circle,
            number=number,
            why=Strong(_("the record of the earlier rounds contradicts itself")),
        ),
        text(_("About round {number} it says: {what}."), number=found.number, what=what[found.what])
        if found.what != "elsewhere-not-two"
        else text(_("About meetings in another circle it says: {what}."), what=what[found.what]),
        text(
            _(
                "{command} shows what the record holds. Please ask whoever installed me to look at it, or to go back "
                "to a backup from before."
            ),
            command=Command("/programme rounds"),
        ),
        summary=_("A round that can't begin"),
    )
