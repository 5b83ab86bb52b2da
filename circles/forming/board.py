"""The hard rules as sets of bits, quick enough to search.

Bit `i` stands for the i-th person of the queue, so the lowest bit of a set is whoever has waited longest.
The board depends on the people and the rules, never on the order in which they were handed in. It holds no table of
all pairs: people are kept by what they have in common (a place on the globe, an institution), and pairs are composed
from that when somebody asks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from circles.forming.hard_rules import CLOSE_ENOUGH, shared_hours
from circles.forming.values import Candidate, FormingRules, plain

if TYPE_CHECKING:
    import numpy as np

Key = TypeVar("Key")
Groups = tuple[int, ...]
"""One set of people per circle."""


def members(group: int) -> Iterator[int]:
    """Yield the positions in a set, first in the queue first."""
    bits = bin(group)[:1:-1]
    at = bits.find("1")
    while at >= 0:
        yield at
        at = bits.find("1", at + 1)


def seated(groups: Groups) -> int:
    """Return how many people sit in these circles."""
    return sum(group.bit_count() for group in groups)


def union(groups: Iterable[int]) -> int:
    """Return the set of everybody in these sets."""
    everybody = 0
    for group in groups:
        everybody |= group
    return everybody


def group_of(positions: Iterable[int]) -> int:
    """Return the set with these positions."""
    bits = bytearray()
    for position in positions:
        at = position >> 3
        if at >= len(bits):
            bits.extend(bytes(at + 1 - len(bits)))
        bits[at] |= 1 << (position & 7)
    return int.from_bytes(bits, "little")


@dataclass(frozen=True, slots=True)
class Clashes:
    """`clashes[i]` is the set of those who cannot share a circle with person i."""

    place_of: Sequence[int]
    far: Sequence[int]  # by place: those who share too few working hours with it
    colleagues: Sequence[int]  # by person: those of the same institution, where that matters
    kept_apart: dict[int, int]  # by person, where there are any: private requests and the organiser's own list

    def __getitem__(self, i: int) -> int:
        return (self.far[self.place_of[i]] | self.colleagues[i] | self.kept_apart.get(i, 0)) & ~(1 << i)


@dataclass(frozen=True, slots=True)
class Board:
    """People in the order of the queue, and what keeps any two of them apart.

    `place_of[i]` numbers the zone and weekend of person i, and `hours[p][q]` are the working hours that people of
    two places share. `mentors` and `mentees` hold those with that stance only, the rest fills either seat.
    """

    people: tuple[Candidate, ...]
    rules: FormingRules
    clashes: Clashes
    place_of: tuple[int, ...]
    hours: tuple[tuple[float, ...], ...]
    mentors: int
    mentees: int
    speakers: dict[str, int]

    def too_far(self) -> "np.ndarray[Any, Any]":
        """Return, for any two places, whether people of them share too few working hours."""
        import numpy as np  # noqa: PLC0415 - start-up time: most commands form no circle

        return np.array(self.hours) < self.rules.overlap_hours - CLOSE_ENOUGH

    def later_than(self, position: int) -> int:
        """Return the set of those who joined later than somebody, not together with her."""
        since = self.people[position].waiting_since
        first = bisect_right(self.people, since, key=lambda person: person.waiting_since)
        return self.everybody >> first << first

    @property
    def everybody(self) -> int:
        """The set of all people."""
        return (1 << len(self.people)) - 1

    @property
    def either(self) -> int:
        """The set of those who could take either seat."""
        return self.everybody & ~(self.mentors | self.mentees)

    def places(self, mentors: int, mentees: int, either: int, circles: int = 1) -> int:
        """Return how many of so many people the circles can seat."""
        rules = self.rules
        single = min(mentors, circles * rules.mentors) + min(mentees, circles * rules.mentees)
        return min(single + either, circles * rules.seats)

    def seats_all(self, group: int) -> bool:
        """Whether one circle has a fitting seat for everybody in the set; it may still be too small."""
        mentors, mentees = (group & self.mentors).bit_count(), (group & self.mentees).bit_count()
        rules = self.rules
        return mentors <= rules.mentors and mentees <= rules.mentees and group.bit_count() <= rules.seats

    def has_both_roles(self, group: int) -> bool:
        """Whether the set holds both somebody who could be a mentor and somebody who could be a mentee."""
        return group & self.mentors != group and group & self.mentees != group

    def is_whole(self, group: int) -> bool:
        """Whether the set is large enough for a circle and could hold both roles."""
        return group.bit_count() >= self.rules.smallest and self.has_both_roles(group)

    def may_sit(self, group: int) -> bool:
        """Whether a set in which nobody clashes is a circle: seats, size, roles and a common language."""
        return self.seats_all(group) and self.is_whole(group) and self.have_a_language(group)

    def have_a_language(self, group: int) -> bool:
        """Whether everybody in the set shares a language."""
        return any(group & ~speakers == 0 for speakers in self.speakers.values())


def lay_out(people: Sequence[Candidate], rules: FormingRules) -> Board:
    """Put people and rules on a board; raises ValueError when somebody is listed twice."""
    queue = tuple(sorted(people, key=lambda person: (person.waiting_since, person.id)))
    position = {person.id: i for i, person in enumerate(queue)}
    if len(position) != len(queue):
        raise ValueError("the same person is listed twice")
    places = sorted({_place(person) for person in queue})
    number = {place: p for p, place in enumerate(places)}
    place_of = tuple(number[_place(person)] for person in queue)
    hours = _hours(queue, place_of, rules)
    here = _sets((place, i) for i, place in enumerate(place_of))
    far = [
        sum(here[q] for q in here if row[q] < rules.overlap_hours - CLOSE_ENOUGH)  # places are disjoint sets
        for row in hours
    ]
    by_house = _sets((name, i) for i, person in enumerate(queue) if (name := plain(person.institution)))
    is_mixed = rules.across_institutions
    colleagues = [by_house.get(plain(person.institution), 0) if is_mixed else 0 for person in queue]
    return Board(
        people=queue,
        rules=rules,
        clashes=Clashes(place_of, far, colleagues, _kept_apart(rules, position)),
        place_of=place_of,
        hours=hours,
        mentors=group_of(i for i, person in enumerate(queue) if person.stance == "mentor"),
        mentees=group_of(i for i, person in enumerate(queue) if person.stance == "mentee"),
        speakers=dict(sorted(_sets((word, i) for i, p in enumerate(queue) for word in p.languages).items())),
    )


def _place(person: Candidate) -> tuple[str, tuple[int, ...]]:
    return person.habits.zone, tuple(sorted(person.habits.weekend))


def _hours(queue: Sequence[Candidate], place_of: Sequence[int], rules: FormingRules) -> tuple[tuple[float, ...], ...]:
    somebody = dict(zip(reversed(place_of), reversed(queue), strict=True))
    count = len(somebody)
    table = [[0.0] * count for _place in range(count)]
    for p in range(count):
        for q in range(p, count):
            table[p][q] = table[q][p] = shared_hours(somebody[p], somebody[q], rules)
    return tuple(map(tuple, table))


def _sets(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Gather positions into sets by key."""
    gathered: dict[Key, list[int]] = {}
    for key, i in pairs:
        gathered.setdefault(key, []).append(i)
    return {key: group_of(positions) for key, positions in gathered.items()}


def _kept_apart(rules: FormingRules, position: dict[int, int]) -> dict[int, int]:
    apart: dict[int, int] = {}
    for pair in rules.blocked | rules.apart:
        a, b = (position.get(one, -1) for one in pair)
        if min(a, b) >= 0:
            apart[a] = apart.get(a, 0) | 1 << b
            apart[b] = apart.get(b, 0) | 1 << a
    return apart
