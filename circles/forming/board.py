"""The hard rules as sets of bits, quick enough to search.

Bit `i` stands for the i-th person of the queue, so the lowest bit of a set is whoever has waited longest.
The board depends on the people and the rules, never on the order in which they were handed in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from circles.forming.hard_rules import clash, shared_hours
from circles.forming.values import Candidate, FormingRules

Groups = tuple[int, ...]
"""One set of people per circle."""


def members(group: int) -> Iterator[int]:
    """Yield the positions in a set, first in the queue first."""
    while group:
        lowest = group & -group
        yield lowest.bit_length() - 1
        group ^= lowest


def seated(groups: Groups) -> int:
    """Return how many people sit in these circles."""
    return sum(group.bit_count() for group in groups)


def group_of(positions: Iterator[int]) -> int:
    """Return the set with these positions."""
    group = 0
    for position in positions:
        group |= 1 << position
    return group


@dataclass(frozen=True, slots=True)
class Board:
    """People in the order of the queue; `clashes[i]` is the set of those who cannot share a circle with person i.

    `hours[i][j]` are shared working hours. `mentors` and `mentees` hold those with that stance only, the rest
    fills either seat.
    """

    people: tuple[Candidate, ...]
    rules: FormingRules
    clashes: tuple[int, ...]
    hours: tuple[tuple[float, ...], ...]
    mentors: int
    mentees: int
    speakers: dict[str, int]

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
    if len({person.id for person in queue}) != len(queue):
        raise ValueError("the same person is listed twice")
    size = len(queue)
    hours = [[0.0] * size for _row in queue]
    clashes = [0] * size
    for i, a in enumerate(queue):
        for j in range(i + 1, size):
            hours[i][j] = hours[j][i] = shared_hours(a, queue[j], rules)
            if clash(a, queue[j], rules):
                clashes[i] |= 1 << j
                clashes[j] |= 1 << i
    languages = sorted({language for person in queue for language in person.languages})
    return Board(
        people=queue,
        rules=rules,
        clashes=tuple(clashes),
        hours=tuple(map(tuple, hours)),
        mentors=group_of(i for i, person in enumerate(queue) if person.stance == "mentor"),
        mentees=group_of(i for i, person in enumerate(queue) if person.stance == "mentee"),
        speakers={word: group_of(i for i, p in enumerate(queue) if word in p.languages) for word in languages},
    )
