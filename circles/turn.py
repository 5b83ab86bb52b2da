"""One command's turn: who asks, in which programme, at which instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from circles import schedule
from circles.errors import Refused
from circles.language import _
from circles.messages import Button, Mention
from storage import Session
from storage.tables import Member, Person, Programme, Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """What a chat hands in: ``line`` is a command without its slash, ``answers`` what a form was filled with.

    ``id`` is the platform's id of this gesture: the same gesture, delivered twice, is answered once.
    ``room`` is the platform's id of the room it was made in; ``name``, ``zone`` and ``locale`` are what the
    platform knows of the person. ``others`` are people named in it (see commands.people_named), by id with their
    names, whom the platform vouches for: they need not have typed anything yet.
    """

    platform: str
    workspace: str
    person: str
    line: str
    id: str
    answers: Mapping[str, str] = field(default_factory=dict)
    room: str = ""
    name: str = ""
    zone: str = ""
    locale: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """What a handler works with; everything it changes holds or falls together."""

    db: Session
    now: datetime
    workspace: Workspace
    person: Person
    call: Call
    programme_or_none: Programme | None = None
    member_or_none: Member | None = None

    @property
    def programme(self) -> Programme:
        """The programme that this is about; raises Refused when the person is in none."""
        if self.programme_or_none is None:
            raise Refused(
                _("You are not in a programme yet. Type /circle join to see what is open."),
                buttons=(Button(_("Join"), "circle join", "primary"),),
            )
        return self.programme_or_none

    @property
    def member(self) -> Member:
        """The person's membership of it; raises Refused when she has none."""
        if self.member_or_none is None:
            raise Refused(
                _("This is for members, and you have not joined yet. Type /circle join, it takes three short steps."),
                buttons=(Button(_("Join"), "circle join", "primary"),),
            )
        return self.member_or_none

    @property
    def zone(self) -> str:
        """The zone in which she reads the clock: her own, or the programme's."""
        return zone_of(self.person, self.programme_or_none)

    @property
    def today(self) -> date:
        """The day it is for her."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def zone_of(person: Person, programme: Programme | None) -> str:
    """Give a person's zone, falling back to the programme's, then UTC."""
    return person.zone or (str(programme.settings.get("zone", "UTC")) if programme else "UTC")


def minute_of_day(minutes: int) -> time:
    """Give the wall time so many minutes after midnight."""
    return time(minutes // 60 % 24, minutes % 60)


def habits_of(person: Person, programme: Programme | None) -> schedule.Habits:
    """Give a person's local habits: zone, weekend and quiet hours."""
    return schedule.Habits(
        zone=zone_of(person, programme),
        weekend=frozenset(person.weekend),
        quiet_from=minute_of_day(person.quiet_from),
        quiet_until=minute_of_day(person.quiet_until),
    )


def mention(person: Person) -> Mention:
    """Name a person so that her chat can link to her."""
    return Mention(person.outside_id, person.name)
