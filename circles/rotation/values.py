"""The plain values a rotation is asked with and answers with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from circles import seeds

Role = Literal["mentor", "mentee", "both"]  # both: she takes the side that is short
Kind = Literal["mentor-mentee", "everyone", "tables"]
Odd = Literal["trio", "bye"]
Reason = Literal["odd-number", "more-mentees", "more-mentors", "too-few", "blocked", "no-room"]
Rule = Literal["too-few", "no-mentor", "no-mentee", "blocked"]
Help = Literal["more-people", "a-mentor", "a-mentee", "everyone", "fewer-blocks"]
Contrary = Literal[
    "met-pair-of-wrong-size",
    "met-but-not-placed",
    "placed-twice",
    "placed-and-sat-out",
    "sat-out-twice",
    "no-such-round",
    "host-not-there",
    "elsewhere-not-two",
]
Pair = frozenset[int]

SMALLEST_TABLE, LARGEST_TABLE = 3, 8
LARGEST_SEED, MOST_ROUNDS = seeds.LARGEST, 10_000
HELP: Mapping[Rule, tuple[Help, ...]] = {
    "too-few": ("more-people",),
    "no-mentor": ("a-mentor", "everyone"),
    "no-mentee": ("a-mentee", "everyone"),
    "blocked": ("more-people", "fewer-blocks"),
}
SITS_OUT_FOR: Mapping[Rule, Reason] = {
    "too-few": "too-few",
    "no-mentor": "more-mentees",
    "no-mentee": "more-mentors",
    "blocked": "blocked",
}


class OutOfRange(ValueError):
    """A number, or a word, that no rotation can work with."""


class Contradiction(ValueError):
    """A history says two things that can't both have happened."""

    def __init__(self, what: Contrary, number: int, people: Collection[int]) -> None:
        self.what: Contrary = what
        self.number = number
        self.people = tuple(sorted(people))
        names = ", ".join(map(str, self.people))
        super().__init__(
            {
                "met-pair-of-wrong-size": f"in round {number} a meeting of two is noted for {names}: name exactly two",
                "met-but-not-placed": f"in round {number}, {names} are said to have met, but were not placed together: "
                "place them in one group, or take the meeting out",
                "placed-twice": f"in round {number}, {names} is in two groups: keep the one that was true",
                "placed-and-sat-out": f"in round {number}, {names} is in a group and sits out: keep what was true",
                "sat-out-twice": f"in round {number}, {names} sits out twice: note it once",
                "no-such-round": f"there is no round {number} (for {names}): rounds count from 1",
                "host-not-there": f"in round {number}, {names} hosts a table at which she does not sit: name somebody "
                "of that table, or nobody",
                "elsewhere-not-two": f"a meeting of two in another circle is noted for {names}: name exactly two",
            }[what]
        )


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who can meet in this round; who skips, pauses or left is not among the players."""

    id: int
    role: Role
    capacity: int | None = None
    """How many mentees she takes at most in one mentor-mentee meeting; None is one, or two with trios.

    As a mentee she meets one mentor, or two with trios unless she has room for one.
    """

    def __post_init__(self) -> None:
        if self.capacity is not None and not seeds.is_whole(self.capacity, 0, LARGEST_TABLE - 1):
            raise OutOfRange(f"a mentor can take 0 to {LARGEST_TABLE - 1} people at once, not {self.capacity!r}")

    @property
    def side(self) -> Role | None:
        """Her role among mentors and mentees, given the room she has: without any she is a mentee if she is both.

        None for a mentor without room: she has no meeting.
        """
        if self.role == "mentee" or self.capacity != 0:
            return self.role
        return "mentee" if self.role == "both" else None


@dataclass(frozen=True, slots=True)
class Placement:
    """A meeting group of a past round, the pairs in it who truly met (none if it did not happen), and its host."""

    number: int
    people: frozenset[int]
    met: frozenset[Pair]
    host: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened in one circle's earlier rounds; `sat_out` holds (round number, person).

    `elsewhere` are the pairs who truly met before they shared this circle, once for each time: older than any round.
    """

    placements: tuple[Placement, ...] = ()
    sat_out: tuple[tuple[int, int], ...] = ()
    elsewhere: tuple[Pair, ...] = ()

    def times_met(self, pair: Pair) -> int:
        """How often these two truly met."""
        return self.elsewhere.count(pair) + sum(pair in placement.met for placement in self.placements)

    def times_placed(self, pair: Pair) -> int:
        """How often these two were in one meeting group of this circle, whether or not it met."""
        return sum(pair <= placement.people for placement in self.placements)

    def last_met(self, pair: Pair) -> int | None:
        """The number of the last round of this circle in which these two truly met, or None."""
        return max((placement.number for placement in self.placements if pair in placement.met), default=None)

    def before(self, number: int) -> "History":
        """The part of this history that lies before a round, so that a round can be drawn again."""
        return replace(
            self,
            placements=tuple(placement for placement in self.placements if placement.number < number),
            sat_out=tuple((at, person) for at, person in self.sat_out if at < number),
        )


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a circle rotates; `size` is the wished size of tables, `odd` what happens to whoever is left over."""

    kind: Kind
    size: int = 6
    odd: Odd = "trio"

    def __post_init__(self) -> None:
        for value, known in ((self.kind, get_args(Kind)), (self.odd, get_args(Odd))):
            if value not in known:
                raise OutOfRange(f"a rotation knows {', '.join(known)}, not {value!r}")
        if not seeds.is_whole(self.size, SMALLEST_TABLE, LARGEST_TABLE):
            raise OutOfRange(f"a table has {SMALLEST_TABLE} to {LARGEST_TABLE} seats, not {self.size!r}")


@dataclass(frozen=True, slots=True)
class MeetingGroup:
    """People who are to meet in this round, mentors first; a table has a host, a pair or a trio has none."""

    people: tuple[int, ...]
    host: int | None = None


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
    """No meeting group is possible among these people, by this rule; each way of `help` would make one possible."""

    def __init__(self, rule: Rule, people: Collection[int], without_room: Collection[int] = ()) -> None:
        self.rule: Rule = rule
        self.people = tuple(sorted(people))
        self.sitting_out = tuple(
            SitOut(person, "no-room" if person in without_room else SITS_OUT_FOR[rule]) for person in self.people
        )
        self.help = HELP[rule]
        super().__init__(f"no round is possible ({rule}) for {list(self.people)}")
