"""Who sits where: offers meet wants, a mix of institutions and stages, hours in common.

Wishes are weighed, hard rules are not: a change is only looked at when every rule still holds afterwards and nobody
loses a seat to somebody later in the queue. A fixed number of seeded steps; small losses are accepted at first and
none at the end (threshold accepting, Dueck and Scheuer 1990, doi 10.1016/0021-9991(90)90201-B).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from circles.forming.board import Board, Groups, members
from circles.forming.values import Role, plain, plain_set

# The weights, in points. One person without any match outweighs everything a single pair can gain.
MATCHED = 20.0  # for each mentor whose offers somebody wants, and each mentee who finds one of her wants
TOPIC = 4.0  # for each topic a mentee wants and some mentor offers
PAIR = 2.0  # for each mentor and mentee, and each topic between them
RETURN = 1.0  # the same in the other direction: the mentee offers, the mentor wants
MIX = 4.0  # for each different institution, and each different career stage
HOUR = 2.0  # for each hour that every two people share
LEANING = 6.0  # lost for each seat by which one role outweighs the other
SIZE = 0.25  # lost for the square of the size, so that several circles come out alike

STEPS = 120
"""Steps per person."""

LOSS_AT_FIRST = 24.0
"""How many points a first step may lose; this shrinks evenly to none."""


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

    def without(self, position: int) -> "Table":
        """Return the table after somebody stood up."""
        return Table(self.mentors & ~(1 << position), self.mentees & ~(1 << position))

    def seating(self, position: int, role: Role) -> "Table":
        """Return the table with somebody more in a role."""
        person = 1 << position
        return (
            Table(self.mentors | person, self.mentees)
            if role == "mentor"
            else Table(self.mentors, self.mentees | person)
        )


Tables = tuple[Table, ...]


def _bits(words: Iterable[str], known: dict[str, int]) -> int:
    bits = 0
    for word in words:
        bits |= 1 << known.setdefault(word, len(known))
    return bits


class Wishes:
    """The points of a table; topics become bits once, so that a change is weighed quickly."""

    def __init__(self, board: Board) -> None:
        topics: dict[str, int] = {}
        self.board = board
        self.offers = [_bits(sorted(plain_set(person.offers)), topics) for person in board.people]
        self.wants = [_bits(sorted(plain_set(person.wants)), topics) for person in board.people]
        self.institutions = [plain(person.institution) for person in board.people]
        self.stages = [plain(person.stage) for person in board.people]
        self._known: dict[Table, float] = {}

    def points(self, table: Table) -> float:
        """Return how well the wishes of one table are met."""
        if table not in self._known:
            mentors, mentees = list(members(table.mentors)), list(members(table.mentees))
            everybody = mentors + mentees
            mix = len({self.institutions[i] for i in everybody} - {""}) + len(
                {self.stages[i] for i in everybody} - {""}
            )
            self._known[table] = (
                self._matches(mentors, mentees)
                + MIX * mix
                + HOUR * int(self._least_hours(everybody))
                - LEANING * self._leaning(len(mentors), len(mentees))
                - SIZE * len(everybody) ** 2
            )
        return self._known[table]

    def _matches(self, mentors: list[int], mentees: list[int]) -> float:
        offered = wanted = 0
        for i in mentors:
            offered |= self.offers[i]
        for j in mentees:
            wanted |= self.wants[j]
        found = [(self.wants[j] & offered).bit_count() for j in mentees]
        matched = len(mentees) - found.count(0) + sum(self.offers[i] & wanted != 0 for i in mentors)
        pairs = sum((self.offers[i] & self.wants[j]).bit_count() for i in mentors for j in mentees)
        returns = sum((self.wants[i] & self.offers[j]).bit_count() for i in mentors for j in mentees)
        return MATCHED * matched + TOPIC * sum(found) + PAIR * pairs + RETURN * returns

    def _least_hours(self, everybody: list[int]) -> float:
        hours = self.board.hours
        return min((hours[i][j] for i in everybody for j in everybody if i < j), default=0.0)

    def _leaning(self, mentors: int, mentees: int) -> float:
        rules = self.board.rules
        return abs(mentors * rules.mentees - mentees * rules.mentors) / max(rules.mentors, rules.mentees)


def seat(board: Board, group: int) -> Table:
    """Give everybody in a set that fits one circle a seat; those who could take either fill the emptier side."""
    rules = board.rules
    table = Table(group & board.mentors, group & board.mentees)
    for position in members(group & board.either):
        mentors, mentees = table.mentors.bit_count(), table.mentees.bit_count()
        needs_mentor = mentees >= rules.mentees or (
            mentors < rules.mentors and mentors * rules.mentees < mentees * rules.mentors
        )
        table = table.seating(position, "mentor" if needs_mentor else "mentee")
    return table


def arrange(board: Board, groups: Groups, rng: Random) -> Tables:
    """Return the circles with seats, rearranged to meet more wishes; nobody loses a seat to somebody later."""
    wishes = Wishes(board)
    tables = [seat(board, group) for group in groups]
    points = best = sum(map(wishes.points, tables))
    best_tables = tuple(tables)
    steps = STEPS * len(board.people) if tables else 0
    for step in range(steps):
        change = _change(board, tables, rng)
        if not change or not all(_holds(board, table) for table in change.values()):
            continue
        gain = sum(wishes.points(table) - wishes.points(tables[circle]) for circle, table in change.items())
        if gain <= -LOSS_AT_FIRST * (1 - step / steps):
            continue
        for circle, table in change.items():
            tables[circle] = table
        points += gain
        if points > best:
            best, best_tables = points, tuple(tables)
    return best_tables


def _holds(board: Board, table: Table) -> bool:
    """Whether seats, size, roles, stances, languages and every pair of a table are within the rules."""
    rules, group = board.rules, table.group
    return (
        0 < table.mentors.bit_count() <= rules.mentors
        and 0 < table.mentees.bit_count() <= rules.mentees
        and group.bit_count() >= rules.smallest
        and not table.mentors & board.mentees
        and not table.mentees & board.mentors
        and board.have_a_language(group)
        and not any(board.clashes[position] & group for position in members(group))
    )


def _change(board: Board, tables: list[Table], rng: Random) -> dict[int, Table]:
    """Draw one change: two people exchange seats, or one takes another role or another circle."""
    count = len(board.people)
    one, two = rng.randrange(count), rng.randrange(count)
    moves = rng.random() < 0.5
    place = {p: c for p in (one, two) for c, table in enumerate(tables) if table.group >> p & 1}
    if one not in place:
        one, two = two, one
    if one not in place:
        return {}
    here = place[one]
    role = tables[here].role_of(one)
    other: Role = "mentee" if role == "mentor" else "mentor"
    left = tables[here].without(one)
    if two not in place:
        is_fair = board.people[two].waiting_since <= board.people[one].waiting_since
        return {here: left.seating(two, role if moves else other)} if is_fair and one != two else {}
    there = place[two]
    if there == here:
        if moves or one == two or tables[here].role_of(two) == role:
            return {here: left.seating(one, other)}
        return {here: left.without(two).seating(one, other).seating(two, role)}
    if moves:
        return {here: left, there: tables[there].seating(one, role)}
    role_there = tables[there].role_of(two)
    return {here: left.seating(two, role), there: tables[there].without(two).seating(one, role_there)}


def points_of(board: Board, tables: Iterable[Table]) -> float:
    """Return the points of a whole proposal."""
    wishes = Wishes(board)
    return sum(wishes.points(table) for table in tables)
