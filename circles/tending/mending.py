"""Circles that already run: whether two of them could be one, and which should be asked about it.

What a circle breaks by itself already (it has shrunk, its people no longer share a language) is no reason to keep
anybody out of it; a hard rule that somebody new would break is. `refilling` gives free seats to people who wait,
`splitting` divides a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from circles.forming.board import Board, group_of, lay_out, members
from circles.forming.hard_rules import broken
from circles.forming.reasons import describe
from circles.forming.values import (
    ROLES,
    SMALLEST,
    Candidate,
    Circle,
    FormingRules,
    Problem,
    Role,
    Seat,
)
from circles.forming.wishes import points_of

PRESSING = 4
"""With fewer people a circle is to be asked about a merge (PRODUCT.md, part 7)."""

People = Mapping[int, Candidate]
Seats = Sequence[Seat]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two circles as one: who stays, who joins, whose role changes; or what is in the way, and then no circle.

    `stays` and `joins` number the two circles as they were given, 0 or 1: the smaller one joins the larger.
    """

    circle: Circle | None
    stays: int
    joins: int
    other_role: tuple[int, ...] = ()
    points_before: int = 0
    points_after: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Worth:
    """A circle that has shrunk, and the best one to be asked about a merge (both numbered as they were given)."""

    circle: int
    partner: int
    gain: int
    is_pressing: bool


def in_the_way(
    before: Sequence[Seats], after: Seats, people: People, rules: FormingRules, *, is_new: bool = False
) -> tuple[Problem, ...]:
    """Return the hard rules that a circle would break and that none of the circles it comes from breaks already.

    A circle that is new has to be large enough and to share a language, whatever those it comes from do.
    """
    known = [problem for seats in before for problem in broken(_by_id(seats), people, rules)]
    private = sum(problem.value for problem in known if problem.rule == "blocks")
    lifted = set() if is_new else {"too-few", *(problem.rule for problem in known if problem.rule == "language")}
    return tuple(
        problem
        for problem in broken(_by_id(after), people, rules)
        if problem not in known
        and problem.rule not in lifted
        and not (problem.rule == "blocks" and problem.value <= private)
    )


def _by_id(seats: Seats) -> list[Seat]:
    return sorted(seats, key=lambda seat: seat.person)


def points(circles: Iterable[Seats], board: Board) -> int:
    """Return what circles are worth by the wishes of the people in them."""
    return points_of(board, (_group(seats, board) for seats in circles if seats))


def _group(seats: Seats, board: Board) -> int:
    position = {person.id: at for at, person in enumerate(board.people)}
    return group_of(position[seat.person] for seat in seats)


def merge(one: Seats, other: Seats, people: Sequence[Candidate], rules: FormingRules) -> Merge:
    """Return two circles as one, everybody in the role she has, unless seats ask somebody who can do both to change.

    `people` are at least those of both circles. Without a circle, `problems` says which hard rule is in the way, for
    whom and what would help. The circle with fewer people joins; of equal ones the one whose first member is newer.
    """
    known = {person.id: person for person in people}
    both = (one, other)
    stays = 0 if _standing(one) < _standing(other) else 1
    staying, joining = both[stays], both[1 - stays]
    seats = _in_free_roles(staying, joining, known, rules)
    problems = in_the_way(both, seats, known, rules)
    if problems:
        return Merge(None, stays, 1 - stays, problems=problems)
    roles = {seat.person: seat.role for seat in (*one, *other)}
    board = lay_out([known[person] for person in sorted(roles)], rules)
    return Merge(
        circle=describe(seats, known, rules),
        stays=stays,
        joins=1 - stays,
        other_role=tuple(sorted(seat.person for seat in seats if roles[seat.person] != seat.role)),
        points_before=points(both, board),
        points_after=points([seats], board),
    )


def _standing(seats: Seats) -> tuple[int, int]:
    return -len(seats), min((seat.person for seat in seats), default=0)


def _in_free_roles(staying: Seats, joining: Seats, people: People, rules: FormingRules) -> list[Seat]:
    """Seat everybody; while one role has too many, somebody who can do both changes, those who join first."""
    seats = [*_by_id(joining), *_by_id(staying)]
    for role in ROLES:
        other: Role = "mentee" if role == "mentor" else "mentor"
        over = sum(seat.role == role for seat in seats) - rules.seats_for(role)
        room = rules.seats_for(other) - sum(seat.role == other for seat in seats)
        for at, seat in enumerate(seats):
            if min(over, room) > 0 and seat.role == role and people[seat.person].stance == "both":
                seats[at], over, room = Seat(seat.person, other), over - 1, room - 1
    return seats


def merges_worth_asking(
    circles: Sequence[Seats], people: Sequence[Candidate], rules: FormingRules, *, most: int | None = None
) -> tuple[Worth, ...]:
    """Return for each circle that has shrunk below six people the partner with which wishes gain most, if any fits.

    The smallest comes first; two that have both shrunk are named once. Circles in which nobody sits are left out.
    `most` ends the search when so many are found.
    """
    known = {person.id: person for person in people}
    board = lay_out([known[seat.person] for seats in circles for seat in seats], rules)
    groups = [_group(seats, board) for seats in circles]
    found: dict[frozenset[int], Worth] = {}
    shrunk = [at for at, seats in enumerate(circles) if 0 < len(seats) < SMALLEST]
    for at in sorted(shrunk, key=lambda at: _standing(circles[at]), reverse=True):
        if len(found) == most:
            break
        fitting = [
            partner
            for partner in range(len(circles))
            if partner != at and circles[partner] and _may_fit(at, partner, circles, groups, board, known)
        ]
        for gain, partner in _by_gain(at, fitting, circles, groups, board):
            here = [known[seat.person] for seat in (*circles[at], *circles[partner])]
            if merge(circles[at], circles[partner], here, rules).circle is not None:
                found.setdefault(frozenset((at, partner)), Worth(at, partner, gain, len(circles[at]) < PRESSING))
                break
    return tuple(found.values())


def _may_fit(
    at: int, partner: int, circles: Sequence[Seats], groups: Sequence[int], board: Board, people: People
) -> bool:
    """Whether two circles could be one as far as pairs, seats and languages go; quick, before wishes are weighed."""
    one, other = groups[at], groups[partner]
    if len(circles[at]) + len(circles[partner]) > board.rules.seats:
        return False
    if board.have_a_language(one) and board.have_a_language(other) and not board.have_a_language(one | other):
        return False
    if any(board.clashes[person] & other for person in members(one)):
        return False
    seats = _in_free_roles(circles[partner], circles[at], people, board.rules)
    for role in ROLES:
        count, had, have = (sum(seat.role == role for seat in some) for some in (seats, circles[at], circles[partner]))
        if count > board.rules.seats_for(role) and count not in {had, have}:
            return False
    return True


def _by_gain(
    at: int, partners: Iterable[int], circles: Sequence[Seats], groups: Sequence[int], board: Board
) -> list[tuple[int, int]]:
    """Return who could join a circle by what wishes gain, the most first."""
    alone = points_of(board, [groups[at]])
    found = []
    for partner in partners:
        gain = points_of(board, [groups[partner] | groups[at]]) - points_of(board, [groups[partner]]) - alone
        found.append((-gain, _standing(circles[partner]), partner))
    return [(-gain, partner) for gain, _standing_, partner in sorted(found)]
