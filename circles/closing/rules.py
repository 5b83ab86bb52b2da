"""What a term leaves behind for a member: meetings, hours and roles; nobody she met is named."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from circles.appointments.rules import PAIR, TABLE

Kind = Literal["pair", "trio", "table"]
# Nobody notes how long a meeting took, so each counts the length that an hour is proposed with; the record says that
# it is an estimate.
MINUTES: dict[Kind, int] = {"pair": PAIR, "trio": PAIR, "table": TABLE}
COLUMNS = ("date", "role", "kind", "minutes")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that she was at: the day its round opened, her role, the kind, and whom she met (member ids)."""

    day: date
    role: str
    kind: Kind
    company: frozenset[int]

    @property
    def minutes(self) -> int:
        """The planned length."""
        return MINUTES[self.kind]


@dataclass(frozen=True, slots=True)
class Record:
    """Her whole term: meetings in order, in how many rounds she had a place, and what she counts as done."""

    meetings: tuple[Meeting, ...]
    rounds: int
    goals_done: int

    @property
    def minutes(self) -> int:
        """The planned length of all meetings together."""
        return sum(meeting.minutes for meeting in self.meetings)

    @property
    def people_met(self) -> int:
        """How many different people she met."""
        return len(frozenset[int]().union(*(meeting.company for meeting in self.meetings)))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in which she met, each once, in the order of time."""
        return tuple(dict.fromkeys(meeting.role for meeting in self.meetings))


def kind_of(people: int, *, is_table: bool) -> Kind:
    """Name a meeting of so many people; ``is_table`` where the programme seats people at tables."""
    if is_table or people > 3:
        return "table"
    return "trio" if people == 3 else "pair"


def to_csv(meetings: Sequence[Meeting]) -> str:
    """Write meetings as CSV in words that stay the same in every language: date, role, kind, minutes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((meeting.day.isoformat(), meeting.role, meeting.kind, meeting.minutes) for meeting in meetings)
    return out.getvalue().rstrip("\n")


def closing_question(bank: Sequence[str], seed: int, member: int) -> str:
    """Choose a member's closing question; the same seed gives the same one."""
    return random.Random(f"{seed}:{member}").choice(bank)
