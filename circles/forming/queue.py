"""The waiting list: everybody's true place in it, and what keeps her from a seat today."""

from collections.abc import Sequence
from dataclasses import dataclass

from circles.forming.board import Board, group_of, lay_out, members
from circles.forming.values import ROLES, Candidate, Circle, FormingRules, Role, RuleName, Waiting, plain


@dataclass(frozen=True, slots=True)
class Sitting:
    """A circle as somebody who waits finds it: who is in it, which roles have a seat free, which languages serve."""

    group: int
    free: frozenset[Role]
    languages: frozenset[str]


def waiting_list(
    circles: Sequence[Circle], people: Sequence[Candidate], rules: FormingRules, moved: frozenset[int] = frozenset()
) -> tuple[Waiting, ...]:
    """Return everybody without a seat in the order of the queue, with the place and what is in the way.

    `moved` are those whom an organiser took out of a circle.
    """
    board = lay_out(people, rules)
    position = {person.id: i for i, person in enumerate(board.people)}
    sitting = [_sitting(circle, board, position) for circle in circles]
    seated = {seat.person for circle in circles for seat in circle.seats}
    queue = [i for i, person in enumerate(board.people) if person.id not in seated]
    return tuple(
        Waiting(board.people[i].id, place, "moved")
        if board.people[i].id in moved
        else _obstacle(board, i, place, sitting)
        for place, i in enumerate(queue, 1)
    )


def _sitting(circle: Circle, board: Board, position: dict[int, int]) -> Sitting:
    taken = [seat.role for seat in circle.seats]
    return Sitting(
        group_of(position[seat.person] for seat in circle.seats),
        frozenset(role for role in ROLES if taken.count(role) < board.rules.seats_for(role)),
        frozenset(circle.languages),
    )


def _obstacle(board: Board, i: int, place: int, circles: Sequence[Sitting]) -> Waiting:
    """Return what is in the way in the circle where the least is: full seats before everything else."""
    person = board.people[i]
    if not circles:
        return Waiting(person.id, place, "no-circle")
    full = Waiting(person.id, place, "seats-full", None if person.stance == "both" else person.stance)
    could_be_free = any(role in circle.free for circle in circles for role in person.roles)
    found: list[tuple[list[RuleName], Sitting]] = []
    lacks_a_seat_only = False
    for circle in circles:
        rules = _in_the_way(board, i, circle)
        found.append((rules, circle))
        if not rules and circle.free.isdisjoint(person.roles):
            lacks_a_seat_only = True
            if not could_be_free:
                return full
        elif not rules:
            return Waiting(person.id, place, "seat-free")
    if lacks_a_seat_only:
        return full
    match min((rules for rules, _circle in found), key=lambda rules: (len(rules), rules)):
        case ["language"]:
            return Waiting(person.id, place, "language")
        case ["institution"]:
            return Waiting(person.id, place, "institution")
        case ["overlap"]:
            return Waiting(person.id, place, "hours", hours=_most_hours(board, i, found))
        case _:
            return Waiting(person.id, place, "no-fit")


def _in_the_way(board: Board, i: int, circle: Sitting) -> list[RuleName]:
    """Return which rules keep somebody out of a circle, seats apart; a pair counts once, by its first rule."""
    person, rules = board.people[i], board.rules
    found: set[RuleName] = set()
    if circle.languages.isdisjoint(person.languages):
        found.add("language")
    for j in members(circle.group & board.clashes[i]):
        pair = frozenset((person.id, board.people[j].id))
        same = plain(person.institution) and plain(person.institution) == plain(board.people[j].institution)
        if pair in rules.blocked:
            found.add("blocks")
        elif pair in rules.apart:
            found.add("apart")
        else:
            found.add("institution" if rules.across_institutions and same else "overlap")
    return sorted(found)


def _most_hours(board: Board, i: int, found: Sequence[tuple[list[RuleName], Sitting]]) -> float:
    """Return the most working hours somebody would share with a circle in which nothing else is in the way."""
    return max(_hours(board, i, circle) for rules, circle in found if rules == ["overlap"])


def _hours(board: Board, i: int, circle: Sitting) -> float:
    """Return the working hours somebody would share with everybody of a circle."""
    here = board.place_of[i]
    return min((board.hours[here][board.place_of[j]] for j in members(circle.group)), default=0.0)
