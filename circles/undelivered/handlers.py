"""What people do about what did not arrive: see it again, each for herself alone; and open a lost room anew."""

from collections.abc import Iterable
from datetime import timedelta

from circles.effects import Effect, OpenRoom, Post, Reply, Tell
from circles.errors import Refused
from circles.grammar import Command, Parameter
from circles.language import _
from circles.messages import Button, Message
from circles.rooms import circle_of, circle_room, group_of, programme_of
from circles.rotation import repair
from circles.tending import running
from circles.turn import Turn
from circles.undelivered import about, lost_rooms, words
from circles.undelivered.noting import AGAIN
from storage import deliveries, goals, members, rounds, undelivered
from storage.tables import Circle, Delivery, Room

LATELY = timedelta(days=14)
AT_ONCE = 3


def again(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Show the asker what was to reach her and did not; anybody else hears that there is nothing."""
    turn.programme_or_none = None  # the buttons of what is shown say themselves which programme they are about
    if number is None:
        since = turn.now - LATELY
        rows = undelivered.for_person(turn.db, turn.person.id, since, without=[AGAIN], limit=AT_ONCE)[::-1]
    else:
        found = undelivered.numbered(turn.db, turn.workspace.id, number)
        rows = [found] if found is not None and _is_for(turn, found) else []
    said = [one for one in map(_said_in, rows) if one is not None]
    if not said:
        raise Refused(words.nothing_to_show(), buttons=(Button(_("Where am I?"), "circle"),))
    return [Reply(one) for one in said]


def _said_in(row: Delivery) -> Message | None:
    act = about.act_of(row)
    return act.message if isinstance(act, Tell | Post) else None


def _is_for(turn: Turn, row: Delivery) -> bool:
    """Say whether a message was for the asker: to herself, or into a room among whose people she is."""
    if row.person_id is not None:
        return row.person_id == turn.person.id
    return _is_in_room(turn, row.room_key or "") and _is_still_shared(turn, row)


def _is_in_room(turn: Turn, key: str) -> bool:
    member = members.of_person(turn.db, programme_of(key) or 0, turn.person.id)
    if member is None or member.state == "left":
        return False
    circle_id, group_id = circle_of(key), group_of(key)
    seat = members.seat_of(turn.db, member.id)
    if circle_id is not None:
        return seat is not None and seat[1].id == circle_id
    return any(p.member_id == member.id for p in rounds.still_in_group(turn.db, group_id or 0))


def _is_still_shared(turn: Turn, row: Delivery) -> bool:
    """A goal that was to be told to a circle is shown while its owner shares it, and no longer."""
    if row.kind != "goal-told":
        return True
    number = row.key.split(":")[1]
    goal = goals.get(turn.db, int(number)) if number.isdigit() else None
    return goal is not None and goal.scope == "circle"


def open_room(turn: Turn, number: int) -> Iterable[Effect]:
    """Open a circle's lost room anew; where it does not seem to be lost, ask first."""
    circle, room = _circle(turn, number)
    if lost_rooms.is_known_lost(turn.db, room):
        return _open_anew(turn, circle, room)
    return [Reply(words.no_sign_of_loss(circle.name, number))]


def open_room_yes(turn: Turn, number: int) -> Iterable[Effect]:
    """Open a circle's room anew, whatever is known of it."""
    return _open_anew(turn, *_circle(turn, number))


def _circle(turn: Turn, number: int) -> tuple[Circle, Room]:
    now = running.load(turn)
    circle = now.circles[now.at(number, "number")]
    key = circle_room(turn.programme.id, circle.id)
    deliveries.ask_for_rooms(turn.db, turn.workspace.id, {key: circle.name})
    room = deliveries.room(turn.db, turn.workspace.id, key)
    if room is None:  # pragma: no cover - it was asked for a line ago
        raise KeyError(key)
    return circle, room


def _open_anew(turn: Turn, circle: Circle, room: Room) -> list[Effect]:
    opening = repair.room_of(turn.db, circle, turn.programme, f"reopen:{room.key}:{turn.call.id}")
    if not isinstance(opening, OpenRoom):
        raise Refused(words.nobody_to_open_for(circle.name))
    lost_rooms.open_anew(turn.db, turn.programme, room, opening, turn.now)
    return [Reply(words.opens_anew(circle.name, len(opening.people)), replaces=True)]


_NUMBER = Parameter("number", "number", _("Which circle"), lowest=1, highest=200)
COMMANDS: tuple[Command, ...] = (
    Command(
        "circle again",
        _("See what did not reach you"),
        again,
        (Parameter("number", "number", _("Which message"), required=False, lowest=1),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "programme circles room",
        _("Open a new room for a circle that has lost its own"),
        open_room,
        (_NUMBER,),
        who="organiser",
        audited=True,
    ),
    Command(
        "programme circles room yes",
        _("Open a new room for this circle"),
        open_room_yes,
        (_NUMBER,),
        who="organiser",
        hidden=True,
        audited=True,
    ),
)
