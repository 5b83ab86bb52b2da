"""People come and go without a word to the bot: what it makes of that, for them and for those they were with."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from circles import outbox
from circles.effects import Act, Effect, Post, Reply, Tell
from circles.errors import Refused
from circles.language import _, speaking
from circles.membership import away, joining
from circles.membership import going_words as words
from circles.messages import Button
from circles.rooms import circle_of, circle_room
from circles.rotation import repair
from circles.turn import Turn, mention
from circles.when import parse_zone
from storage import Session, deliveries, members, people, privacy, programmes
from storage.tables import Member, Person, Programme, Workspace

log = logging.getLogger(__name__)
GOES_ON = frozenset({"call", "running"})
A_YEAR = [timedelta(days=30 * month) for month in range(13)]


def people_gone(db: Session, workspace: Workspace, outside_id: str, now: datetime) -> None:
    """Somebody left or was deactivated: she departs from every programme, and who has to know hears of it."""
    person = _known(db, workspace, outside_id)
    if person is None or not person.is_active:
        return
    person.is_active = False
    people.save(db, person)
    joined = [(p, m) for p, m in programmes.joined_by(db, workspace.id, person.id) if p.state != "closed"]
    organised = [p for p in programmes.organised_by(db, workspace.id, person.id) if p.state != "closed"]
    mark = f"gone:{person.id}:{now:%Y%m%dT%H%M%S}"
    for programme, member in joined:
        _put(db, programme, away.depart(db, programme, member, now, mark), now)
    privacy.cancel_all(db, person.id)
    of_both = {programme.id: programme for programme in (*(p for p, _m in joined), *organised)}
    for programme in of_both.values():
        was_in, led = programme.id in {p.id for p, _m in joined}, programme.id in {p.id for p in organised}
        _tell_organisers(db, programme, person, mark, now, was_in=was_in, led=led)


def _known(db: Session, workspace: Workspace, outside_id: str) -> Person | None:
    """Find somebody by her id, letter by letter: what a platform says is no typed name."""
    found = people.by_outside_id(db, workspace.id, outside_id)
    return found if found is not None and found.outside_id == outside_id else None


def _put(db: Session, programme: Programme, acts: list[Act], now: datetime) -> None:
    outbox.put(db, programme.workspace_id, acts, now, programme=programme.slug)


def _tell_organisers(
    db: Session, programme: Programme, person: Person, mark: str, now: datetime, *, was_in: bool, led: bool
) -> None:
    left = people.organisers_here(db, programme.id)
    acts: list[Act] = []
    for organiser in left:
        with speaking(organiser.locale):
            said = words.gone(programme.name, mention(person), len(left) if led else None, was_in=was_in)
        acts.append(Tell(f"{mark}:{programme.id}:{organiser.id}", organiser.id, said, "gone", urgent=True))
    if led and not left:
        log.warning("programme %s (%s) has no organiser who is still here", programme.id, programme.slug)
        acts += _leaderless(db, programme, mark)
    _put(db, programme, acts, now)


def _leaderless(db: Session, programme: Programme, mark: str) -> list[Act]:
    """Say in the circles' rooms that nobody organises any more, so that somebody can see to it."""
    acts: list[Act] = []
    for circle in programmes.circles(db, programme.id):
        if members.seated(db, circle.id):
            with speaking(circle.language):
                said = words.leaderless(programme.name)
            acts.append(Post(f"{mark}:c{circle.id}", circle_room(programme.id, circle.id), said, "leaderless"))
    return acts


def people_back(db: Session, workspace: Workspace, outside_id: str, now: datetime) -> None:
    """Somebody is in the workspace again: what she left stays left, and the way in is open as it was."""
    del now
    person = _known(db, workspace, outside_id)
    if person is not None:
        people.come_back(db, person)


def zone_seen(db: Session, workspace: Workspace, outside_id: str, zone: str, now: datetime) -> None:
    """Her platform says where she lives: it is taken over where nothing was known, and asked about otherwise."""
    person = _known(db, workspace, outside_id)
    if person is None or not person.is_active or not _is_zone(zone):
        return
    if person.zone is None:
        person.zone = zone
        people.save(db, person)
        return
    if _clocks_agree(person.zone, zone, now):
        return
    joined = programmes.joined_by(db, workspace.id, person.id)
    here = next(((p, m) for p, m in joined if p.state in GOES_ON), None)
    if here is not None:
        with speaking(person.locale):
            said = words.zone_seen(zone, person.zone)
        tell = Tell(f"zone:{person.id}:{zone}", person.id, said, "zone", member=here[1].id)
        _put(db, here[0], [tell], now)


def _is_zone(name: str) -> bool:
    try:
        return parse_zone(name) == name
    except ValueError:
        return False


def _clocks_agree(one: str, other: str, now: datetime) -> bool:
    """Say whether two zones read the same all year round, so that nobody need be asked between them."""
    days = [now + later for later in A_YEAR]
    return all(day.astimezone(ZoneInfo(one)).utcoffset() == day.astimezone(ZoneInfo(other)).utcoffset() for day in days)


def keep_zone(turn: Turn) -> list[Effect]:
    """Leave her zone as it is."""
    return [Reply(words.zone_kept(turn.zone), replaces=True)]


def left_room(db: Session, workspace: Workspace, outside_id: str, place: str, now: datetime) -> None:
    """Somebody left the room of her circle by herself: she is asked, once a day at most, what she would like."""
    person, room = _known(db, workspace, outside_id), deliveries.room_at(db, workspace.id, place)
    circle_id = circle_of(room.key) if room is not None else None
    if person is None or not person.is_active or circle_id is None:
        return
    circle = programmes.circle(db, circle_id)
    programme = programmes.get(db, circle.programme_id) if circle is not None else None
    if circle is None or circle.state != "running" or programme is None or programme.workspace_id != workspace.id:
        return
    member = _seated(db, programme, person, circle_id)
    if member is not None:
        with speaking(person.locale):
            said = words.left_room(circle.name)
        key = f"left-room:{member.id}:{circle.id}:{now.date()}"
        _put(db, programme, [Tell(key, person.id, said, "left-room", member=member.id)], now)


def _seated(db: Session, programme: Programme, person: Person, circle_id: int) -> Member | None:
    member = members.of_person(db, programme.id, person.id)
    seat = members.seat_of(db, member.id) if member is not None and member.state != "left" else None
    return member if seat is not None and seat[1].id == circle_id else None


def room_back(turn: Turn) -> list[Effect]:
    """Bring everybody who sits in the asker's circle into its room, herself among them."""
    seat = members.seat_of(turn.db, turn.member.id)
    if seat is None or seat[1].state != "running":
        raise Refused(words.no_room(), buttons=(Button(_("Where am I?"), "circle status"),))
    key = f"room:{circle_room(turn.programme.id, seat[1].id)}:{turn.call.id}"
    return [
        Reply(words.room_back(seat[1].name), replaces=True),
        repair.room_of(turn.db, seat[1], turn.programme, key),
    ]


def forget_forms(db: Session, workspace: Workspace, outside_id: str) -> None:
    """Somebody closed a form before its last step: what she had typed into her profile to join is thrown away."""
    person = _known(db, workspace, outside_id)
    if person is not None:
        people.forget_drafts(db, person.id, joining.DRAFTS)
