"""The plain values a rotation is asked with and answers with."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Role = Literal["mentor", "mentee"]
Kind = Literal["mentor-mentee", "everyone", "tables"]
Odd = Literal["trio", "bye"]
Reason = Literal["odd-number", "more-mentees", "more-mentors", "too-few", "blocked"]
Rule = Literal["too-few", "no-mentor", "no-mentee", "blocked"]
Pair = frozenset[int]

SMALLEST_TABLE, LARGEST_TABLE = 3, 8


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who can meet in this round; who skips, pauses or left is not among the players."""

    id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Placement:
    """A meeting group of a past round, and the pairs in it who truly met (none if it did not happen)."""

    number: int
    people: frozenset[int]
    met: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class History:
    """What happened in one circle's earlier rounds; `sat_out` holds (round number, person)."""

    placements: tuple[Placement, ...] = ()
    sat_out: tuple[tuple[int, int], ...] = ()

    def times_met(self, pair: Pair) -> int:
        """How often these two truly met."""
        return sum(pair in placement.met for placement in self.placements)

    def times_placed(self, pair: Pair) -> int:
        """How often these two were in one meeting group, whether or not it met."""
        return sum(pair <= placement.people for placement in self.placements)

    def last_met(self, pair: Pair) -> int | None:
        """The number of the last round in which these two truly met, or None."""
        return max((placement.number for placement in self.placements if pair in placement.met), default=None)

    def before(self, number: int) -> "History":
        """The part of this history that lies before a round, so that a round can be drawn again."""
        return History(
            tuple(placement for placement in self.placements if placement.number < number),
            tuple((at, person) for at, person in self.sat_out if at < number),
        )


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a circle rotates; `size` is the wished size of tables, `odd` what happens to whoever is left over."""

    kind: Kind
    size: int = 6
    odd: Odd = "trio"

    def __post_init__(self) -> None:
        if not SMALLEST_TABLE <= self.size <= LARGEST_TABLE:
            raise ValueError(f"a table has {SMALLEST_TABLE} to {LARGEST_TABLE} seats, not {self.size}")


@dataclass(frozen=True, slots=True)
class MeetingGroup:
    """People who are to meet in this round, mentors first."""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SitOut:
    """Somebody without a meeting in this round, and why."""

    person: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One round: its meeting groups, who sits out, and the pairs that have truly met before.

    In a mentor-mentee rotation only pairs of a mentor and a mentee count as repeats; two mentees who share
    a trio for the second time do not.
    """

    groups: tuple[MeetingGroup, ...]
    sitting_out: tuple[SitOut, ...]
    repeats: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The rounds to come if everybody meets; `coverage` is the share of possible meetings had after them, 0 to 1."""

    rounds: tuple[RoundPlan, ...]
    first_repeat: int | None
    coverage: float


class NoRound(Exception):
    """No meeting group is possible among these people."""

    def __init__(self, rule: Rule, people: Collection[int]) -> None:
        self.rule: Rule = rule
        self.people = tuple(sorted(people))
        super().__init__(f"no round is possible ({rule}) for {list(self.people)}")
