"""What wishes are worth: offers meet wants, hours in common, a mix of institutions and stages, shared interests.

Every two people who share a circle are worth some whole points to it, by the programme's weights, and everybody who
finds what she hoped for is worth some more. Points never outweigh a hard rule, nor a place in the queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circles.forming.board import Board, members
from circles.forming.hard_rules import CLOSE_ENOUGH
from circles.forming.values import ROLES, Candidate, Role, Weights, plain, plain_set

if TYPE_CHECKING:
    import numpy as np

# Points for one unit of weight. Somebody who finds nothing outweighs all that a single pair can gain by topics.
FOUND = 20  # for each mentee who finds one of her wants, and each mentor one of whose offers is wanted
OFFERED, RETURNED = 2, 1  # for each topic that a mentor offers and a mentee wants; for each in any other direction
DIFFERENT = 2  # for two different institutions, and for two different career stages
TOPICS_AT_MOST, HOURS_AT_MOST = 3, 4  # what counts of one pair, so that one pair never outweighs a circle


@dataclass(frozen=True, slots=True)
class Table:
    """One circle with its seats: who sits as mentor and who as mentee, as two sets."""

    mentors: int
    mentees: int

    @property
    def group(self) -> int:
        """Everybody at the table."""
        return self.mentors | self.mentees

    def role_of(self, position: int) -> Role:
        """Return the role in which somebody at the table sits."""
        return "mentor" if self.mentors >> position & 1 else "mentee"


def seat(board: Board, group: int) -> Table:
    """Give everybody in a set that fits one circle a seat; those who could take either fill the emptier side."""
    rules = board.rules
    mentors, mentees = group & board.mentors, group & board.mentees
    for position in members(group & board.either):
        many, more = mentors.bit_count(), mentees.bit_count()
        if more >= rules.mentees or (many < rules.mentors and many * rules.mentees < more * rules.mentors):
            mentors |= 1 << position
        else:
            mentees |= 1 << position
    return Table(mentors, mentees)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The points of some people, in the order in which they were asked for.

    `pairs[i, j]` (int32, symmetric, nothing on the diagonal) is what two of them are worth in one circle;
    `finds[i, j]` (uint8) says that person i would find what she hopes for in person j, which is worth `found` points
    once, however often she finds it.
    """

    pairs: "np.ndarray[Any, Any]"
    finds: "np.ndarray[Any, Any]"
    found: int

    def points(self, circle: Sequence[int]) -> int:
        """Return what a circle of these people (numbered as in the tables) is worth."""
        if not circle:
            return 0
        pairs, finds = self.pairs[circle][:, circle], self.finds[circle][:, circle]
        return int(pairs.sum()) // 2 + self.found * int(finds.any(axis=1).sum())


def weigh(board: Board, positions: Sequence[int]) -> Wishes:
    """Return what these people are worth to each other; n people take about 30 n² bytes while it is worked out."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands form no circle

    people = [board.people[i] for i in positions]
    weights: Weights = board.rules.weights
    offers, wants = _topics(people)
    can_mentor, can_mentee = (np.array([role in p.roles for p in people], dtype=bool) for role in ROLES)
    given = np.minimum((offers @ wants.T).astype(np.int32), TOPICS_AT_MOST)
    mainly = given * (can_mentor[:, None] & can_mentee[None, :])
    worth = weights.topics * (OFFERED * mainly + RETURNED * (given - mainly))
    worth += worth.T.copy()
    known = np.maximum(offers, wants)
    worth += weights.interests * np.minimum((known @ known.T).astype(np.int32), TOPICS_AT_MOST)
    hours = np.array(board.hours)
    at = np.array([board.place_of[i] for i in positions], dtype=np.intp)
    whole = (hours + CLOSE_ENOUGH).astype(np.int32)
    worth += weights.hours * np.minimum(whole, HOURS_AT_MOST)[np.ix_(at, at)]
    for weight, names in (
        (weights.institutions, [plain(person.institution) for person in people]),
        (weights.stages, [plain(person.stage) for person in people]),
    ):
        worth += weight * DIFFERENT * _differ(names)
    np.fill_diagonal(worth, 0)
    np.fill_diagonal(mainly, 0)
    return Wishes(worth, ((mainly > 0) | (mainly.T > 0)).astype(np.uint8), FOUND * weights.topics)


def _topics(people: Sequence[Candidate]) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Return offers and wants as tables of people by topics, 1 where somebody names it (exact in 32-bit floats)."""
    import numpy as np  # noqa: PLC0415 - as above

    told = [(plain_set(person.offers), plain_set(person.wants)) for person in people]
    number = {word: at for at, word in enumerate(sorted({word for both in told for words in both for word in words}))}
    tables = np.zeros((2, len(people), max(1, len(number))), dtype=np.float32)
    for i, both in enumerate(told):
        for table, words in zip(tables, both, strict=True):
            table[i, [number[word] for word in words]] = 1
    return tables[0], tables[1]


def numbered(names: Sequence[str]) -> "np.ndarray[Any, Any]":
    """Return a number for each name, the same for the same name, and 0 for none."""
    import numpy as np  # noqa: PLC0415 - as above

    numbers = {name: at for at, name in enumerate(sorted({*names} - {""}), 1)}
    return np.array([numbers.get(name, 0) for name in names], dtype=np.int32)


def _differ(names: Sequence[str]) -> "np.ndarray[Any, Any]":
    """Return where two names differ; who names nothing differs from nobody."""
    ids = numbered(names)
    differ: np.ndarray[Any, Any] = ids[:, None] != ids[None, :]
    return differ & (ids[:, None] > 0) & (ids[None, :] > 0)


def points_of(board: Board, groups: Iterable[int]) -> int:
    """Return the points of a whole proposal."""
    total = 0
    for group in groups:
        circle = list(members(group))
        total += weigh(board, circle).points(range(len(circle)))
    return total
