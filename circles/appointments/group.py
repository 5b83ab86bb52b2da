"""A meeting group as it stands: its people, its room, and the hours that it has spoken of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from circles import calendar, rooms
from circles.appointments import words
from circles.appointments.rules import minutes_for
from circles.calendar import Appointment, Hour
from circles.errors import BadCall, Refused
from circles.language import _
from circles.meetings import still_meeting
from circles.messages import Button, File
from circles.programme.rules import settings_of
from circles.turn import Turn
from storage import Session, members, rounds, times
from storage.tables import Circle, MeetingTime, Member, Person, Programme, Round


@dataclass(frozen=True, slots=True)
class Group:
    """A meeting group in a round that is open, as it is ``now``."""

    programme: Programme
    circle: Circle
    round: Round
    id: int
    now: datetime
    company: Mapping[int, tuple[Member, Person]]
    times: Sequence[MeetingTime]
    answers: Mapping[int, Mapping[int, bool]]

    @property
    def room(self) -> str:
        """The key of its room."""
        return rooms.group_room(self.programme.id, self.id)

    @property
    def zone(self) -> str:
        """The zone in which its room reads the clock, where a chat does not know the reader's."""
        return settings_of(self.programme.settings).zone

    @property
    def minutes(self) -> int:
        """How long it meets."""
        return minutes_for(len(self.company))

    @property
    def agreed(self) -> MeetingTime | None:
        """The hour that is set and still to come."""
        return next((time for time in self.times if time.state == "set" and time.starts_at > self.now), None)

    @property
    def proposed(self) -> list[MeetingTime]:
        """The hours that wait for answers."""
        return [time for time in self.times if time.state == "proposed" and time.starts_at > self.now]

    def people(self, *, but: int = 0) -> list[Person]:
        """Its people, without one of its members."""
        return [person for member, person in self.company.values() if member.id != but]

    def who(self, time: MeetingTime, *, answer: bool) -> list[Person]:
        """Give who has answered so about an hour."""
        said = self.answers.get(time.id, {})
        return [person for member, person in self.company.values() if said.get(member.id) is answer]

    def appointment(self, time: MeetingTime, *, is_off: bool = False) -> Appointment:
        """Give an hour as its room and a chat's own calendar show it."""
        title = words.public_title(self.programme.name)
        return words.appointment(self._uid, title, time, self.zone, is_off=is_off)

    def file(self, made: Appointment) -> File:
        """Give an hour as a file for everybody's calendar: another hour changes the entry that is there."""
        title = words.private_title(self.round.number, self.people())
        hour = Hour(made.uid, title, made.starts_at, made.ends_at, made.is_off)
        return File("meeting.ics", title, calendar.appointment(title, hour, self.now))

    @property
    def _uid(self) -> str:
        # A group that has met and meets again has another entry. When its programme was begun tells it from those of
        # other installations.
        held = sum(time.state == "set" and time.starts_at <= self.now for time in self.times)
        return f"p{self.programme.id}-g{self.id}-{held}-{self.programme.created_at:%Y%m%d%H%M%S}@halqa"


def of(turn: Turn) -> Group:
    """Give the group that the asker is to meet; raises Refused when there is none."""
    seat = members.seat_of(turn.db, turn.member.id)
    row = rounds.newest(turn.db, seat[1].id) if seat else None
    placement = (
        rounds.placement_of(turn.db, row.id, turn.member.id) if row is not None and row.state == "open" else None
    )
    is_over = placement is None or not still_meeting(turn.db, placement)
    if seat is None or row is None or placement is None or placement.group_id is None or is_over:
        raise Refused(
            _("You have no meeting to find an hour for just now."),
            buttons=(Button(_("Show my round"), "circle next"),),
        )
    return gathered(turn.db, turn.programme, seat[1], row, placement.group_id, turn.now)


def gathered(db: Session, programme: Programme, circle: Circle, row: Round, group_id: int, now: datetime) -> Group:
    """Gather a group; who else gathers it to change something waits until this change is done."""
    times.lock(db, group_id)
    there = [one.member_id for one in rounds.still_in_group(db, group_id)]
    spoken_of = times.of_group(db, group_id)
    answers = times.answers(db, [time.id for time in spoken_of])
    company = members.with_persons(db, there)
    return Group(programme, circle, row, group_id, now, company, spoken_of, answers)


def time_in(group: Group, number: int) -> MeetingTime:
    """Find an hour of a group; raises BadCall for one that it never spoke of, such as another group's."""
    found = next((time for time in group.times if time.id == number), None)
    if found is None:
        raise BadCall(
            _("That hour belongs to an earlier meeting, or to other people."),
            buttons=(Button(_("My next meeting"), "circle meet"),),
        )
    return found
