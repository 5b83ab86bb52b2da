"""What goes into forming and what comes out of it, as plain frozen values."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Literal

from circles.language import _
from circles.schedule import Habits

Stance = Literal["mentor", "mentee", "both"]
Role = Literal["mentor", "mentee"]
RuleName = Literal["blocks", "apart", "language", "overlap", "institution", "seats", "too-few"]
Eased = Literal["institution", "overlap", "apart", "circles"]
Help = Literal[
    # No circle is possible; this would help.
    "invite-people",
    "invite-mentors",  # or ask members marked as mentee whether they could offer something
    "invite-mentees",  # or ask members marked as mentor whether they want something
    "shared-language",  # ask who speaks another language, or invite speakers
    "lower-overlap",  # or invite people from the same zones
    "other-institutions",  # allow one institution twice, or invite from elsewhere
    "lift-apart",  # shorten the organiser's own list of people to keep apart
    # One circle breaks a rule; this would help.
    "another-circle",
    "free-a-seat",  # every seat of this kind is taken
    "ask-stance",  # somebody would sit in a role outside her stance
    "choose-one-circle",  # somebody is listed twice
]
ReasonCode = Literal["wants-met", "offers-used", "mix", "hours", "full"]
CompromiseCode = Literal["wants-unmet", "offers-unused", "seats-open", "same-institution"]
WaitingCode = Literal["seats-full", "language", "hours", "institution", "no-fit", "no-circle", "seat-free", "moved"]
WhyCode = Literal["offers", "finds", "only-institution", "only-stage", "next-in-line"]

ROLES: tuple[Role, ...] = ("mentor", "mentee")

SMALLEST, LARGEST = 6, 30
"""A circle has 6 to 30 people: fewer is a table, more is a crowd."""

HEAVIEST = 9
"""The most that a wish can count."""


def plain(text: str) -> str:
    """Return the text as it is compared: one case, single spaces."""
    return " ".join(text.casefold().split())


def plain_set(texts: Iterable[str]) -> frozenset[str]:
    """Return the non-empty texts as they are compared."""
    return frozenset(word for word in map(plain, texts) if word)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who would like a seat; `waiting_since` orders the queue, smaller first, equal when it is a draw."""

    id: int
    name: str
    stance: Stance
    offers: frozenset[str]
    wants: frozenset[str]
    languages: frozenset[str]
    institution: str
    stage: str
    habits: Habits
    waiting_since: int

    @property
    def roles(self) -> tuple[Role, ...]:
        """The seats this member can take."""
        return ROLES if self.stance == "both" else (self.stance,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each wish counts beside the others, from 0 (not at all) to 9. Raises ValueError with a sentence.

    Topics lead by default: what members named themselves is what satisfies them (the Alemat experts put satisfaction
    first); the others decide between circles that serve topics equally well.
    """

    topics: int = 4
    hours: int = 1
    institutions: int = 1
    stages: int = 1
    interests: int = 1

    def __post_init__(self) -> None:
        if any(not 0 <= weight <= HEAVIEST for weight in astuple(self)):
            raise ValueError(_("A wish counts from 0 (not at all) to {most}.").format(most=HEAVIEST))
        if not any(astuple(self)):
            raise ValueError(_("At least one wish has to count, or circles would be drawn by lot."))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormingRules:
    """What the organiser decided: seats per circle, how many circles at most, the hard rules, the weight of wishes.

    `overlap_hours` is the working time every two people of a circle share, on `day` and half a year later.
    `blocked` holds private requests (never named to anybody), `apart` the pairs an organiser keeps apart,
    such as a reporting line. Raises ValueError with a sentence for the organiser.
    """

    day: date
    mentors: int = 10
    mentees: int = 10
    circles: int = 1
    smallest: int = SMALLEST
    largest: int = LARGEST
    across_institutions: bool = True
    overlap_hours: float = 2.0
    blocked: frozenset[frozenset[int]] = frozenset()
    apart: frozenset[frozenset[int]] = frozenset()
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        if self.mentors < 1 or self.mentees < 1:
            raise ValueError(_("A circle needs at least one seat for a mentor and one for a mentee."))
        if self.circles < 1:
            raise ValueError(_("Forming takes at least one circle."))
        if not SMALLEST <= self.smallest <= self.largest <= LARGEST:
            sentence = _("A circle works with {smallest} to {largest} people, the smaller size first.")
            raise ValueError(sentence.format(smallest=SMALLEST, largest=LARGEST))
        if not self.smallest <= self.mentors + self.mentees <= self.largest:
            sentence = _("{seats} seats do not fit these sizes: anything from {smallest} to {largest} in all works.")
            raise ValueError(sentence.format(seats=self.seats, smallest=self.smallest, largest=self.largest))
        if not 0 <= self.overlap_hours <= 24:
            raise ValueError(_("Shared working hours are a number from 0 to 24; 2 is a good start."))
        if any(len(pair) != 2 for pair in self.blocked | self.apart):
            raise ValueError(_("Keeping people apart takes two different people at a time."))

    @property
    def seats(self) -> int:
        """How many people one circle can take."""
        return self.mentors + self.mentees

    def seats_for(self, role: Role) -> int:
        """Return how many people one circle can take in a role."""
        return self.mentors if role == "mentor" else self.mentees


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in one role."""

    person: int
    role: Role


@dataclass(frozen=True, slots=True)
class Reason:
    """Something a circle does well: `count` of `of`, or hours."""

    code: ReasonCode
    count: int = 0
    of: int = 0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Compromise:
    """Something a circle could not grant: to whom, which topics (or institution), how many of how many."""

    code: CompromiseCode
    person: int | None = None
    role: Role | None = None
    topics: tuple[str, ...] = ()
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """Why one person sits in her circle."""

    code: WhyCode
    topic: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """Mentor seats first, each role in the order of the queue; languages are those everybody speaks."""

    seats: tuple[Seat, ...]
    languages: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    compromises: tuple[Compromise, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person on the waiting list: her place, counted from 1, and what keeps her from a seat today.

    `role` says which seats are full; `hours` is the best she would share with the whole of a circle.
    """

    person: int
    place: int
    reason: WaitingCode
    role: Role | None = None
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A hard rule in the way: for whom (nobody is named for private requests), what would help, and a figure.

    `value` counts people, pairs, seats or institutions; for `overlap` it is hours: what a pair shares, or with how
    many a circle would be possible. `role` belongs to `seats`. Solving one that `is_enough` makes a circle possible.
    """

    rule: RuleName
    people: tuple[int, ...]
    help: Help
    value: float = 0.0
    role: Role | None = None
    is_enough: bool = True


@dataclass(frozen=True, slots=True)
class RuleCost:
    """How many people more would have a seat without one rule: a hard rule, or the number of circles."""

    rule: Eased
    more: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the organiser previews. Without a valid circle, `circles` is empty and `problems` is not.

    `score` are the points of all wishes met. No circles of the same people, as many as these, could have more points
    than `bound` (None: too many people to say); with `is_best` it is proved that none weighs more, even sizes and
    roles included. `was_stopped` says that the work was ended, or its budget spent, before it was finished.
    """

    circles: tuple[Circle, ...]
    waiting: tuple[Waiting, ...]
    problems: tuple[Problem, ...]
    score: int
    seed: int
    bound: int | None = None
    is_best: bool = False
    costs: tuple[RuleCost, ...] = ()
    was_stopped: bool = False


class Broken(ValueError):
    """A move would break a hard rule; `problems` says which, and nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.rule for problem in problems))
        self.problems = problems
