"""How a confirmed preview comes true: the term begins, circles get their people and rooms, nobody is left unsure."""

from datetime import date, timedelta
from random import Random

from circles.effects import Act, Post, Tell
from circles.forming import preview, rules
from circles.language import _, speaking
from circles.programme.rules import settings_of, term_end
from circles.rooms import circle_room
from circles.rotation import repair
from circles.turn import Turn
from storage import deliveries, members, programmes
from storage.tables import Circle, Member

NOTICE = timedelta(days=2)  # between the confirmation and the first round


def start(turn: Turn) -> None:
    """Let the programme run: its first day is the planned one, or the next Monday with two days' notice."""
    programme = turn.programme
    if programme.state == "running":
        return
    earliest = turn.today + NOTICE
    if programme.starts_on is None or programme.starts_on < earliest:
        programme.starts_on = earliest + timedelta(days=-earliest.weekday() % 7)
    programme.ends_on = term_end(programme.starts_on, settings_of(programme.settings).weeks)
    programme.state = "running"
    programmes.save(turn.db, programme)


def create(turn: Turn, number: int, proposed: rules.Circle) -> Circle:
    """Found a circle with the people whom the preview seats in it; ``number`` counts within the preview."""
    settings = settings_of(turn.programme.settings)
    count = len(programmes.circles(turn.db, turn.programme.id, state=None)) + 1
    spoken = settings.language if settings.language in proposed.languages else proposed.languages[0]
    circle = Circle(
        programme_id=turn.programme.id,
        name=_("{programme}, circle {number}").format(programme=turn.programme.name, number=count),
        ring=settings.ring,
        language=spoken,
        seed=Random(f"{turn.programme.seed}:{number}:{count}").randrange(1, 2**31),
        formed_at=turn.now,
    )
    programmes.save(turn.db, circle)
    for seat in proposed.seats:
        seat_member(turn, circle, members.get(turn.db, seat.person), seat.role)
    return circle


def seat_member(turn: Turn, circle: Circle, member: Member, role: rules.Role) -> None:
    """Seat a member; what she was still to hear of waiting is true no more."""
    members.take_seat(turn.db, circle.id, member, role, turn.now)
    deliveries.cancel(turn.db, member_id=member.id, kinds=("put-on-list", "still-waiting"))


def open_room(turn: Turn, circle: Circle, first: date | None) -> list[Act]:
    """Open a circle's room and say who is there and when the first round begins."""
    rows = members.seated(turn.db, circle.id)
    mentors = [person for seat, _member, person in rows if seat.role == "mentor"]
    mentees = [person for seat, _member, person in rows if seat.role == "mentee"]
    key = circle_room(turn.programme.id, circle.id)
    with speaking(circle.language):
        said = preview.welcome(circle.name, settings_of(turn.programme.settings).purpose, mentors, mentees, first)
    return [
        repair.room_of(turn.db, circle, turn.programme, f"open:{key}"),
        Post(f"welcome:{key}", key, said, "welcome"),
    ]


def tell_waiting(turn: Turn) -> list[Act]:
    """Tell everybody who got no seat where she stands in line."""
    rows = members.in_programme(turn.db, turn.programme.id, states=("waiting",))
    acts: list[Act] = []
    for place, (member, person) in enumerate(rows, 1):
        with speaking(person.locale):
            said = preview.still_waiting(place, len(rows))
        key = f"still-waiting:{member.id}:{turn.now.date()}"
        acts.append(Tell(key, person.id, said, "still-waiting", member=member.id))
    return acts
