"""The people a prompt is for: a meeting group or a whole circle, with its room and what it has had so far."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from circles import schedule
from circles.conversation import shelf
from circles.conversation.library import Prompt
from circles.errors import BadCall, Refused
from circles.language import _
from circles.meetings import still_meeting
from circles.messages import Button
from circles.programme.rules import settings_of
from circles.rooms import circle_room, group_room
from circles.turn import Turn
from storage import deliveries, members, rounds
from storage.tables import Circle, MeetingGroup, Programme, Round

MOST_A_DAY = 3  # new prompts that a group may call for in a day; more would bury the talk itself


@dataclass(frozen=True, slots=True)
class Company:
    """People who share a room and never get the same prompt twice; ``ref`` is a group's number or c<circle>.

    ``kind`` is pair, table or circle; ``number`` is the round, or the count of prompts for a circle. What ``beside``
    has had is new to none of them: the circle of a group, the table that is a whole circle.
    """

    ref: str
    audience: str
    kind: str
    room: str
    number: int
    language: str
    beside: str


def of_asker(turn: Turn) -> Company:
    """Give the asker's meeting group while its round is open, else her circle; raises Refused without a seat."""
    circle = _circle(turn)
    newest = rounds.newest(turn.db, circle.id)
    if newest is not None and newest.state == "open":
        placement = rounds.placement_of(turn.db, newest.id, turn.member.id)
        group = rounds.group(turn.db, placement.group_id) if placement and placement.group_id is not None else None
        if group is not None and placement is not None and still_meeting(turn.db, placement):
            return _of_group(turn, circle, newest, group)
    return _of_circle(turn, circle)


def named(turn: Turn, ref: str) -> Company:
    """Give the group or circle that a button names, once it is sure that the asker belongs to it.

    Raises BadCall for one that is not hers, and Refused for one whose round is over.
    """
    circle = _circle(turn)
    if ref.lower() == shelf.circle_audience(circle.id):
        return _of_circle(turn, circle)
    group = rounds.group(turn.db, int(ref)) if re.fullmatch(r"[0-9]{1,9}", ref) else None
    row = rounds.get(turn.db, group.round_id) if group else None
    placement = rounds.placement_of(turn.db, row.id, turn.member.id) if row else None
    if group is None or row is None or placement is None or placement.group_id != group.id:
        raise BadCall(
            _("I can't find that group among yours. /circle prompt gives you a prompt for the people you meet now."),
            buttons=(Button(_("A prompt for me"), "circle prompt"),),
        )
    if row.state != "open" or row.circle_id != circle.id or not still_meeting(turn.db, placement):
        raise Refused(
            _("That round is over, and its room is closed. /circle prompt gives you one for now."),
            buttons=(Button(_("A prompt for me"), "circle prompt"),),
        )
    return _of_group(turn, circle, row, group)


def peek(turn: Turn, company: Company, after: str = "") -> Prompt | None:
    """Look at the prompt that would come next, or at the one after a prompt with this stamp; it is not used up."""
    return shelf.peek(
        turn.db,
        turn.programme,
        audience=company.audience,
        company=company.kind,
        day=programme_day(turn.programme, turn.now),
        number=company.number,
        after=after,
        also=[company.beside],
    )


def programme_day(programme: Programme, now: datetime) -> date:
    """Give the day it is where the programme keeps its calendar."""
    return now.astimezone(ZoneInfo(settings_of(programme.settings).zone)).date()


def has_had_enough(turn: Turn, company: Company) -> bool:
    """Say whether the group has called for as many new prompts as a day holds."""
    zone = settings_of(turn.programme.settings).zone
    midnight = schedule.resolve(programme_day(turn.programme, turn.now), time(0), zone)
    called = deliveries.counted_by_key(turn.db, turn.workspace.id, key_of(company, ""), midnight)
    return called >= MOST_A_DAY


def key_of(company: Company, call_id: str) -> str:
    """Give the outbox key under which a prompt goes to a room at a member's call."""
    return f"another:{company.ref}:{call_id}"


def _circle(turn: Turn) -> Circle:
    seat = members.seat_of(turn.db, turn.member.id)
    if turn.programme.state == "closed" or (seat is not None and seat[1].state == "closed"):
        raise Refused(
            _("This programme has ended, and its prompts rest. /circle record has your dates and hours."),
            buttons=(Button(_("My record"), "circle record"),),
        )
    if seat is None:
        raise Refused(
            _("You have no seat in a circle yet; prompts come with one. /circle status tells your place in line."),
            buttons=(Button(_("Where am I?"), "circle status"),),
        )
    return seat[1]


def _of_group(turn: Turn, circle: Circle, row: Round, group: MeetingGroup) -> Company:
    people = [placement.member_id for placement in rounds.still_in_group(turn.db, group.id)]
    return Company(
        ref=str(group.id),
        audience=shelf.audience_of(people),
        kind=shelf.company_of(people),
        room=group_room(turn.programme.id, group.id),
        number=row.number,
        language=circle.language,
        beside=shelf.circle_audience(circle.id),
    )


def _of_circle(turn: Turn, circle: Circle) -> Company:
    audience = shelf.circle_audience(circle.id)
    had = rounds.prompts_used(turn.db, turn.programme.id, [audience])
    room = circle_room(turn.programme.id, circle.id)
    whole = shelf.everybody_in(turn.db, circle.id)
    return Company(audience, audience, "circle", room, len(had) + 1, circle.language, whole)
