"""What a meeting group reads when it is introduced: who, why, a way to begin, and hours that suit all of them."""

from collections.abc import Sequence
from datetime import date, datetime

from circles.conversation.library import Prompt
from circles.language import _, day_text, instant_text, listing
from circles.messages import (
    Block,
    Bullets,
    Button,
    Fact,
    Facts,
    Heading,
    Message,
    Plain,
    Quote,
    When,
    buttons,
    message,
    text,
)
from circles.rotation.words import hosts, names
from circles.turn import mention
from storage.tables import Member, Person

Company = Sequence[tuple[Member, Person]]


def room_name(number: int, people: Sequence[Person]) -> str:
    """Name a meeting group's room."""
    first = listing([person.name for person in people])
    return _("Round {number}: {names}").format(number=number, names=first)[:80]


def introduction(
    number: int,
    round_id: int,
    group_id: int,
    company: Company,
    host: Person | None,
    reasons: Sequence[str],
    prompt: Prompt | None,
    hours: Sequence[tuple[datetime, datetime]],
    zone: str,
    closes_on: date,
) -> Message:
    """Introduce a meeting group in its room: who, who hosts, why, a prompt, and hours that all of them share."""
    return message(
        Heading(_("Round {number}").format(number=number)),
        text(
            _("{names}, this round you meet each other. Any way of meeting is fine; any day until {day}."),
            names=names([person for _member, person in company]),
            day=day_text(closes_on),
        ),
        *(_profile(member, person) for member, person in company),
        hosts(host) if host is not None else None,
        Bullets(tuple((Plain(reason),) for reason in reasons)) if reasons else None,
        *_hours(hours, zone, len(company)),
        *_prompt(prompt),
        buttons(
            Button(_("Find an hour"), "circle meet", "primary"),
            Button(_("We met"), f"circle met yes {round_id}"),
            Button(_("Another prompt"), f"circle prompt another {group_id}"),
        ),
        summary=_("Your meeting group for this round"),
    )


def _profile(member: Member, person: Person) -> Facts:
    rows = [Fact(_("Who"), (mention(person), Plain(f" · {member.institution}" if member.institution else "")))]
    if member.offers:
        rows.append(Fact(_("Offers"), (Plain(", ".join(member.offers)),)))
    if member.wants:
        rows.append(Fact(_("Wants"), (Plain(", ".join(member.wants)),)))
    if member.about:
        rows.append(Fact(_("About"), (Plain(member.about),)))
    return Facts(tuple(rows))


def _hours(hours: Sequence[tuple[datetime, datetime]], zone: str, people: int) -> list[Block]:
    if not hours:
        return [text(_("Your working hours share no full hour in the coming days; an evening or a voice note may do."))]
    items = tuple(
        (When(start, instant_text(start, zone)), Plain(" – "), When(end, instant_text(end, zone)))
        for start, end in hours
    )
    said = _("Hours that suit both of you:") if people == 2 else _("Hours that suit all of you:")
    return [text(said), Bullets(items)]


def _prompt(prompt: Prompt | None) -> list[Block]:
    if prompt is None:
        return []
    return [
        text(_("A way to begin, about {minutes} minutes, if you like:"), minutes=prompt.minutes),
        Quote((Plain(prompt.text),)),
    ]
