"""What is done at the end: the close itself, a member's record, her wish for what comes next, and thanks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from circles import calendar as ics
from circles import wire
from circles.closing import ending, looking_ahead, looking_back, rules, words
from circles.effects import Effect, Reply, Tell
from circles.errors import BadCall, Refused
from circles.grammar import Command, Parameter, name_choices
from circles.language import _, speaking
from circles.messages import Button, Message
from circles.programme.rules import settings_of
from circles.tick import Due
from circles.turn import Turn
from circles.wall import WEEK
from storage import Session, deliveries, members, people, programmes
from storage.tables import Delivery, Member, Person

THANKS_A_WEEK = 5
name_choices({"rest": _("Rest"), "join": _("Join next term"), "offer": _("Offer next term")})


def record(turn: Turn) -> Iterable[Effect]:
    """Show a member her own record."""
    told = looking_back.record_of(turn.db, turn.programme, turn.member)
    time = looking_back.time_of(turn.db, turn.programme, turn.member)
    return [Reply(words.record(turn.programme.name, time, told))]


def export(turn: Turn) -> Iterable[Effect]:
    """Give a member her record as a file with a table."""
    told = looking_back.record_of(turn.db, turn.programme, turn.member)
    if not told.meetings:
        raise Refused(words.nothing_to_export(), buttons=(Button(_("My record"), "circle record"),))
    return [Reply(words.exported(rules.to_csv(told.meetings)))]


def calendar(turn: Turn) -> Iterable[Effect]:
    """Give a member the rounds of her circle as a file for her calendar."""
    seat = members.seat_of(turn.db, turn.member.id)
    entries = looking_ahead.entries(turn.db, turn.programme, seat[1]) if seat is not None else []
    if seat is None or not entries:
        raise Refused(words.no_rounds(), buttons=(Button(_("Where am I?"), "circle status"),))
    title = words.calendar_title(turn.programme.name, seat[1].name)
    return [Reply(words.calendar(ics.calendar(title, entries, turn.now), title, len(entries)))]


def next_term(turn: Turn, wish: str) -> Iterable[Effect]:
    """Keep what a member would like to come next; she may change it at any time, also after the end."""
    turn.member.next_wish = wish
    members.save(turn.db, turn.member)
    seat = members.seat_of(turn.db, turn.member.id)
    can_offer = seat is not None and seat[0].role == "mentee"
    return [Reply(words.wish_kept(wish, can_offer=can_offer), replaces=True)]


def thanks(turn: Turn, person: str, text: str) -> Iterable[Effect]:
    """Bring a private thank-you to somebody in the asker's circle."""
    if members.seat_of(turn.db, turn.member.id) is None:
        raise Refused(
            _("Thanks go to people in your circle, and you have no seat in one yet. /circle status tells your place."),
            buttons=(Button(_("Where am I?"), "circle status"),),
        )
    member, other = _co_member(turn, person)
    if other.id == turn.person.id:
        raise Refused(_("That is you, and you may well be proud. Here, thanks go to somebody else in your circle."))
    key = _begins(turn.member)
    if deliveries.counted_by_key(turn.db, turn.workspace.id, key, turn.now - WEEK) >= THANKS_A_WEEK:
        raise Refused(
            _(
                "You have sent {n} thank-yous in seven days, which is lovely, and as many as I carry. "
                "You can always write to people yourself."
            ).format(n=THANKS_A_WEEK)
        )
    key = f"{key}{turn.call.id}"
    if frozenset({member.id, turn.member.id}) in people.blocked_members(turn.db, turn.programme.id):
        _count(turn, key)
        return [Reply(words.thanked(other))]
    with speaking(other.locale):
        said = words.thanks(turn.person, text)
    return [Reply(words.thanked(other)), Tell(key, other.id, said, "thanks", member=member.id)]


def _count(turn: Turn, key: str) -> None:
    """Count thanks that a private word keeps back, for nobody's eyes: a limit that never came would tell of it."""
    at = turn.now
    row = Delivery(
        workspace_id=turn.workspace.id, key=key, kind="thanks", effect="", state="cancelled", run_at=at, due_at=at
    )
    deliveries.put(turn.db, row)


def _still_welcome(db: Session, row: Delivery, _now: datetime) -> Message | None:
    """Give thanks that waited, unless she who is to read them keeps away from their sender by now."""
    said: Message = wire.load(row.effect).message
    if row.person_id is None or row.member_id is None:
        return said
    programme = members.get(db, row.member_id).programme_id
    avoided = (members.of_person(db, programme, other.id) for other in people.avoided_by(db, row.person_id))
    return None if any(row.key.startswith(_begins(sender)) for sender in avoided if sender is not None) else said


def _begins(sender: Member) -> str:
    return f"thanks:{sender.id}:"


def _co_member(turn: Turn, typed: str) -> tuple[Member, Person]:
    """Find somebody in the asker's circle; one answer for all who are not in it, so that it tells nothing."""
    seat = members.seat_of(turn.db, turn.member.id)
    found = people.by_outside_id(turn.db, turn.workspace.id, typed)
    for _seat, member, person in members.seated(turn.db, seat[1].id) if seat else []:
        if found is not None and person.id == found.id and person.is_active:
            return member, person
    raise BadCall(words.cannot_thank(typed))


def preview_close(turn: Turn) -> Iterable[Effect]:
    """Show what closing the programme today would do."""
    programme = turn.programme
    _refuse_if_closed(turn)
    circles = programmes.circles(turn.db, programme.id)
    everybody = [member for member, _person in members.in_programme(turn.db, programme.id)]
    seated = sum(member.state in {"seated", "paused"} for member in everybody)
    planned = programmes.occurrences(turn.db, programme.id, state="planned")
    names = [circle.name for circle in circles]
    return [Reply(words.preview(programme.name, names, seated, len(everybody) - seated, len(planned)))]


def close(turn: Turn) -> Iterable[Effect]:
    """Close the programme today."""
    _refuse_if_closed(turn)
    programme = turn.programme
    day = turn.now.astimezone(ZoneInfo(settings_of(programme.settings).zone)).date()
    acts = ending.end_now(turn.db, programme, day, turn.now)
    told = sum(isinstance(act, Tell) for act in acts)
    return [Reply(words.closed(programme.name, told), replaces=True), *acts]


def _refuse_if_closed(turn: Turn) -> None:
    if turn.programme.state == "closed":
        raise Refused(
            _("“{name}” has ended already. /programme setup begins a new one.").format(name=turn.programme.name)
        )


COMMANDS: tuple[Command, ...] = (
    Command("circle record", _("Your dates, rounds and hours"), record, is_looking=True),
    Command("circle record export", _("Your record as a table"), export),
    Command("circle record calendar", _("The rounds of your circle as a file for your calendar"), calendar),
    Command(
        "circle thanks",
        _("Thank somebody in your circle, privately"),
        thanks,
        (
            Parameter("person", "person", _("Whom")),
            Parameter("text", "text", _("Your words"), longest=280),
        ),
    ),
    Command(
        "circle next-term",
        _("What you would like next term"),
        next_term,
        (Parameter("wish", "choice", _("What next?"), choices=("rest", "join", "offer")),),
        hidden=True,
    ),
    Command("programme close", _("End the programme, after a preview"), preview_close, who="organiser"),
    Command("programme close yes", _("End the programme today"), close, who="organiser", hidden=True, audited=True),
)
DUE = {"close": Due(ending.due, timedelta(days=60))}
RENEW = {"thanks": _still_welcome}
