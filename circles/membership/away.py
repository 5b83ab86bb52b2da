"""Resting and leaving, without a reason and without a trace for the others; and coming back."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circles import outbox
from circles.effects import Act, CloseRoom, Effect, Reply, Tell
from circles.errors import BadCall, Refused
from circles.language import _, speaking
from circles.membership import away_words as words
from circles.messages import Button, Message
from circles.rooms import circle_room
from circles.rotation import asking, repair
from circles.turn import Turn, zone_of
from storage import Session, goals, members, people, programmes, rounds
from storage.tables import Circle, Member, Programme

LONGEST_PAUSE = timedelta(days=366)
EARLIEST_CALENDAR = timedelta(hours=14)  # how far the earliest local calendar on Earth is ahead of UTC


def pause(turn: Turn, until: date, reason: str = "") -> Iterable[Effect]:
    """Let her rest until a day; her seat or place in line stays hers."""
    _check_goes_on(turn)
    if until <= turn.today:
        raise BadCall(_("That day is not ahead of us. Any day from tomorrow on works."), field="until")
    if until > turn.today + LONGEST_PAUSE:
        raise BadCall(
            _("A pause lasts at most a year. For longer, /circle leave keeps the way back open."), field="until"
        )
    member = turn.member
    acts = repair.step_out(turn.db, turn.programme, member, turn.now)
    member.state, member.paused_until, member.pause_reason = "paused", until, reason
    members.save(turn.db, member)
    outbox.quieten(turn.db, member.id)
    return [Reply(words.paused(until, left_a_meeting=bool(acts)), replaces=True), *acts]


def _check_goes_on(turn: Turn) -> None:
    if turn.programme.state == "closed":
        raise Refused(_("{name} has ended, so nothing more will come.").format(name=turn.programme.name))


def resume(turn: Turn) -> Iterable[Effect]:
    """Bring her back from a pause."""
    _check_goes_on(turn)
    if turn.member.state != "paused":
        raise Refused(
            _("You are not resting, so you are in already."), buttons=(Button(_("Where am I?"), "circle status"),)
        )
    return [Reply(_come_back(turn.db, turn.programme, turn.member), replaces=True)]


def _come_back(db: Session, programme: Programme, member: Member) -> Message:
    """End a pause: back to her seat, or to her place in line."""
    held = members.seat_of(db, member.id)
    member.state, member.paused_until, member.pause_reason = "seated" if held else "waiting", None, ""
    members.save(db, member)
    if held is None:
        return words.back_in_line(programme, members.place_in_line(db, member), members.counts(db, programme.id))
    coming = asking.next_round(db, held[1])
    skips = coming is not None and member.id in rounds.skipping(db, held[1].id, coming.number)
    return words.back_in_circle((coming.number, coming.day) if coming else None, skips=skips)


def end_pauses(db: Session, now: datetime) -> None:
    """Bring back everybody whose day of return has come where she lives, and welcome her once."""
    for member in members.pauses_ending(db, (now + EARLIEST_CALENDAR).date()):
        programme, person = programmes.get(db, member.programme_id), people.get(db, member.person_id)
        today = now.astimezone(ZoneInfo(zone_of(person, programme))).date()
        day = member.paused_until
        if day is None or day > today:
            continue
        with speaking(person.locale):
            said = _come_back(db, programme, member)
        if programme.state != "closed":
            tell = Tell(f"back:{member.id}:{day}", person.id, said, "back", member=member.id)
            outbox.put(db, programme.workspace_id, [tell], now, programme=programme.slug)


def leave(turn: Turn) -> Iterable[Effect]:
    """Ask once whether she means it."""
    return [Reply(words.really_leave(turn.programme, is_paused=turn.member.state == "paused"))]


def leave_yes(turn: Turn) -> Iterable[Effect]:
    """Let her go; the others are not told why."""
    acts = depart(turn.db, turn.programme, turn.member, turn.now, turn.call.id)
    return [Reply(words.left(turn.programme), replaces=True), *acts]


def depart(db: Session, programme: Programme, member: Member, now: datetime, call_id: str) -> list[Act]:
    """End a membership: out of the open round, the seat and the room; what the bot would still ask is cancelled."""
    acts = repair.step_out(db, programme, member, now)
    circle = members.leave_seat(db, member.id, now)
    member.state, member.left_at = "left", now
    member.paused_until, member.pause_reason = None, ""
    members.save(db, member)
    for goal in goals.of_member(db, member.id):
        goal.scope = "me"
        goals.save(db, goal)
    outbox.quieten(db, member.id, leaves=True)
    if circle is not None and circle.state == "running":  # the room of one that has ended is closed, and stays so
        acts.append(_room_without_her(db, programme, circle, call_id))
    return acts


def _room_without_her(db: Session, programme: Programme, circle: Circle, call_id: str) -> Act:
    key = f"room:{circle_room(programme.id, circle.id)}:{call_id}"
    if members.seated(db, circle.id):
        return repair.room_of(db, circle, programme, key)
    return CloseRoom(key, circle_room(programme.id, circle.id))
