"""One large circle as two: the halves with the most points, each of them a whole circle by every hard rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from circles.forming.arranging import arrange, proved
from circles.forming.board import Board, Groups, lay_out, members
from circles.forming.hard_rules import common_languages
from circles.forming.reasons import describe
from circles.forming.values import ROLES, SMALLEST, Candidate, Circle, FormingRules, Problem, Seat
from circles.forming.wishes import Wishes, seat, weigh
from circles.tending.mending import Seats, in_the_way, points

PROVED = 20
"""Of up to so many people all halves are weighed; the ways double with each."""


@dataclass(frozen=True, slots=True)
class Split:
    """The half that stays and the half that leaves, largest first; or what is in the way, and then no circles."""

    circles: tuple[Circle, ...] = ()
    other_role: tuple[int, ...] = ()
    points_before: int = 0
    points_after: int = 0
    problems: tuple[Problem, ...] = ()


def split(circle: Seats, people: Sequence[Candidate], rules: FormingRules, seed: int) -> Split:
    """Return a circle of at least twelve as two of at least six, both with mentors and mentees.

    Everybody keeps her role where that is possible; else those who can do both may change. `people` are at least those
    of the circle. Both halves keep every hard rule but those that two people of the circle broke before.
    """
    known = {person.id: person for person in people}
    here = [known[one] for one in sorted(seat.person for seat in circle)]
    problems = _not_divisible(circle, here, rules)
    if problems:
        return Split(problems=problems)
    held = {seat.person: seat.role for seat in circle}
    worst: tuple[Problem, ...] = ()
    for cast in ([replace(person, stance=held[person.id]) for person in here], here):
        for halves in _halves(lay_out(cast, rules), seed):
            worst = tuple(
                problem for half in halves for problem in in_the_way([circle], half, known, rules, is_new=True)
            )
            if not worst:
                return _told(circle, halves, here, rules)
    return Split(problems=worst or (_too_alike(here),))


def _not_divisible(circle: Seats, here: Sequence[Candidate], rules: FormingRules) -> tuple[Problem, ...]:
    """Return what no division can mend: too few people, or too few for both roles twice."""
    smallest = max(SMALLEST, rules.smallest)
    if len(circle) < 2 * smallest:
        return (Problem("too-few", (), "another-circle", 2 * smallest - len(circle)),)
    return tuple(
        Problem("seats", (), "another-circle", 0, role)
        for role in ROLES
        if sum(role in person.roles for person in here) < 2
    )


def _too_alike(here: Sequence[Candidate]) -> Problem:
    return Problem("language", tuple(person.id for person in here), "another-circle", len(here))


def _halves(board: Board, seed: int) -> Iterator[list[list[Seat]]]:
    """Yield two halves for each pair of languages: the best there are, else arranged and traded, then as dealt."""
    worth = weigh(board, range(len(board.people)))
    for start in _starts(board):
        ways = [start]
        if all(board.may_sit(group) for group in start):
            best = proved(board, start) if len(board.people) <= PROVED else None
            ways = [best, start] if best else [_traded(board, worth, arrange(board, start, seed)), start]
        for groups in ways:
            tables = [seat(board, group) for group in groups]
            yield [[Seat(board.people[at].id, table.role_of(at)) for at in members(table.group)] for table in tables]


def _points(worth: Wishes, groups: Groups) -> int:
    return sum(worth.points(list(members(group))) for group in groups)


def _traded(board: Board, worth: Wishes, groups: Groups) -> Groups:
    """Let two people trade halves as long as wishes gain and no rule loses by it, the best trade first."""
    now = _points(worth, groups)
    while True:
        found = [
            (_points(worth, other), other)
            for a, b in product(members(groups[0]), members(groups[1]))
            if _may_trade(board, groups, a, b)
            for other in [(groups[0] ^ 1 << a ^ 1 << b, groups[1] ^ 1 << a ^ 1 << b)]
        ]
        best, other = max(found, default=(now, groups))
        if best <= now:
            return groups
        now, groups = best, other


def _may_trade(board: Board, groups: Groups, a: int, b: int) -> bool:
    """Whether two people may trade halves: nobody new clashes, and what is a circle stays one."""
    after = groups[0] ^ 1 << a ^ 1 << b, groups[1] ^ 1 << a ^ 1 << b
    before = (board.clashes[a] & groups[0]).bit_count() + (board.clashes[b] & groups[1]).bit_count()
    then = (board.clashes[b] & after[0]).bit_count() + (board.clashes[a] & after[1]).bit_count()
    return then <= before and all(
        board.may_sit(now) or not board.may_sit(was) for was, now in zip(groups, after, strict=True)
    )


def _starts(board: Board) -> Iterator[Groups]:
    """Yield two sets of people, even in size and roles, with a language each; one language for both comes first."""
    words = sorted(board.speakers, key=lambda word: (-board.speakers[word].bit_count(), word))
    if not common_languages(board.people):
        pairs = [(a, b) for at, a in enumerate(words) for b in words[at + 1 :]]
    else:
        pairs = [(words[0], words[0])]
    for one, other in pairs:
        first, second = board.speakers[one], board.speakers[other]
        if first | second == board.everybody:
            yield _dealt(board, first & ~second, second & ~first)
    if not words:
        yield _dealt(board, 0, 0)


def _dealt(board: Board, first: int, second: int) -> Groups:
    """Deal everybody to the half without clashes, still too small, with fewer of her role; some are bound to one."""
    halves = [first, second]
    for stance in (board.mentors, board.mentees, board.either):
        for at in members(stance & ~(first | second)):
            clashes = board.clashes[at]
            half = min(
                (0, 1),
                key=lambda half: (
                    (halves[half] & clashes).bit_count(),
                    halves[half].bit_count() >= SMALLEST,
                    (halves[half] & stance).bit_count(),
                    halves[half].bit_count(),
                    half,
                ),
            )
            halves[half] |= 1 << at
    return halves[0], halves[1]


def _told(circle: Seats, halves: Sequence[Seats], here: Sequence[Candidate], rules: FormingRules) -> Split:
    known = {person.id: person for person in here}
    held = {seat.person: seat.role for seat in circle}
    board = lay_out(here, rules)
    ordered = sorted(halves, key=lambda half: (-len(half), min(seat.person for seat in half)))
    return Split(
        circles=tuple(describe(half, known, rules) for half in ordered),
        other_role=tuple(sorted(s.person for half in halves for s in half if held[s.person] != s.role)),
        points_before=points([circle], board),
        points_after=points(ordered, board),
    )
