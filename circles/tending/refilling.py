"""Free seats of running circles for people who wait: most people first, then the queue, then wishes.

Nobody who sits is moved, unless a small number of moves is allowed: then somebody may change circles where that seats
one more. Few people are seated by a search that is complete, many by making room along chains; a waiting person never
stays behind a seat that is free for her.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from circles.forming.board import Board, lay_out, members
from circles.forming.queue import waiting_list
from circles.forming.reasons import describe, why
from circles.forming.values import ROLES, Candidate, Circle, FormingRules, Role, Seat, Waiting, Why
from circles.tending.floor import LOOKS_TO_MOVE, Floor, Place
from circles.tending.mending import Seats, points
from circles.tending.trading import Worth, improve

MOVES_AT_MOST = 3

STEPS = 3_000
"""Ways to seat the queue that are looked at one by one; then chains and trades go on from the best of them."""

SEARCHED = 400
"""A longer queue is seated along chains alone."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who takes a seat: in which circle (as they were given), why, and from which circle if she sat in one."""

    person: int
    circle: int
    role: Role
    why: Why
    came_from: int | None = None


@dataclass(frozen=True, slots=True)
class Refill:
    """The circles as they would be, who takes a seat in the order of the queue, who goes on waiting and why.

    `could_form`: everybody who waits now could instead sit in one new circle.
    """

    circles: tuple[Circle, ...]
    joining: tuple[Joining, ...]
    waiting: tuple[Waiting, ...]
    points_before: int
    points_after: int
    could_form: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody to be seated, how many who sat before may still move for it, and the circle that she is to leave."""

    person: int
    moves: int
    leaves: int | None = None


def refill(
    circles: Sequence[Seats], people: Sequence[Candidate], rules: FormingRules, seed: int, *, moves: int = 0
) -> Refill:
    """Return who of `people` without a seat joins which circle, nobody against a hard rule of `hard_rules.broken`.

    `people` are those who sit and those who wait, with places in one queue; who joined together is a draw by `seed`.
    Up to `moves` people who sit change circles where that seats one more. Raises ValueError for moves out of range.
    """
    if not 0 <= moves <= MOVES_AT_MOST:
        raise ValueError("nobody, or up to three people, can be moved")
    board = lay_out(people, rules)
    order = sorted(range(len(circles)), key=lambda at: min((seat.person for seat in circles[at]), default=0))
    floor = Floor(board, [circles[at] for at in order])
    queue = _queue(board, floor, seed)
    _seat_queue(floor, queue)
    floor.looks = min(floor.looks, LOOKS_TO_MOVE)
    for person in queue:
        for allowed in range(1, moves + 1):
            if person not in floor.place and len(floor.moved()) + allowed <= moves:
                _admit(floor, person, allowed)
    if moves:
        _settle(floor, queue)
    return _told(floor, circles, order, people)


def _queue(board: Board, floor: Floor, seed: int) -> list[int]:
    rng = Random(seed)
    draw = [rng.random() for _person in board.people]
    waiting = [at for at in range(len(board.people)) if at not in floor.place]
    return sorted(waiting, key=lambda at: (board.people[at].waiting_since, draw[at], at))


def _seat_queue(floor: Floor, queue: Sequence[int]) -> None:
    """Seat as many as possible, the first of the queue among equals, then let wishes choose their seats."""
    for person, place in _fullest(floor, queue).items():
        floor.sit(person, place)
    worth = Worth(floor)
    goes_on = True
    while goes_on:
        goes_on = False
        for person in queue:
            if person not in floor.place:
                goes_on = _admit(floor, person, 0) or goes_on
        goes_on = _settle(floor, queue) or goes_on
        improve(floor, worth)
        goes_on = _settle(floor, queue) or goes_on


def _fullest(floor: Floor, queue: Sequence[int]) -> dict[int, Place]:
    """Go through the ways to seat the queue, her first places before none, until the best is certain or steps end."""
    free = sum(
        max(0, floor.board.rules.seats_for(role) - count[role])
        for group, count in zip(floor.groups, floor.counts, strict=True)
        for role in ROLES
        if group
    )
    best: tuple[tuple[int, int], dict[int, Place]] = ((0, 0), {})
    chosen: dict[int, Place] = {}
    steps = STEPS

    def go(at: int, mask: int) -> None:
        nonlocal best, steps
        left = len(queue) - at
        reach = min(free, len(chosen) + left), mask << left | (1 << left) - 1
        if steps <= 0 or reach <= best[0]:
            return
        if not left or len(chosen) == free:
            best = (len(chosen), mask << left), dict(chosen)
            return
        steps -= 1
        person = queue[at]
        for place in list(floor.places(person)):
            if floor.fits(person, place):
                floor.sit(person, place)
                chosen[person] = place
                go(at + 1, mask << 1 | 1)
                floor.stand(person)
                del chosen[person]
        go(at + 1, mask << 1)

    if len(queue) <= SEARCHED:
        go(0, 0)
    return best[1]


def _admit(floor: Floor, person: int, moves: int) -> bool:
    """Seat somebody, if need be by seating others elsewhere: newcomers, and up to `moves` people who sat before.

    A chain may be as long as the queue. Without success everybody sits where she sat.
    """
    floor.seen = 0
    chain = [_ways(floor, Standing(person, moves))]
    while chain:
        pushed = next(chain[-1], None)
        if pushed is None:
            chain.pop()
        elif pushed.person in floor.place:
            return True
        else:
            chain.append(_ways(floor, pushed))
    return False


def _ways(floor: Floor, one: Standing) -> Iterator[Standing]:
    """Seat somebody and yield her, or yield whoever stood up for her; asked again, everybody sits as before."""
    places = [place for place in floor.places(one.person) if place[0] != one.leaves]
    for place in places:
        if floor.fits(one.person, place):
            floor.sit(one.person, place)
            yield one
            return
    stay = 0 if one.moves else floor.sitting
    for place in places:
        for other in list(members(floor.groups[place[0]] & ~stay & ~floor.seen)):
            is_home = floor.home.get(other) == place[0]
            if floor.seen >> other & 1 or not floor.may_give_way(other, one.person, one.moves):
                continue
            floor.looks -= 1
            if floor.looks < 0:
                return
            if not floor.fits(one.person, place, other):
                continue
            floor.seen |= 1 << other
            was = floor.stand(other)
            floor.sit(one.person, place)
            yield Standing(other, one.moves - is_home, was[0] if is_home else None)
            floor.stand(one.person)
            floor.sit(other, was)


def _settle(floor: Floor, queue: Sequence[int]) -> bool:
    """Seat whoever simply fits, then give seats of newcomers to those before them in the queue; says if any was."""
    since = {person: floor.board.people[person].waiting_since for person in queue}
    has_changed, goes_on = False, True
    while goes_on:
        goes_on = False
        for person in [one for one in queue if one not in floor.place]:
            place = next((place for place in floor.places(person) if floor.fits(person, place)), None)
            if place is None:
                place = _in_place_of_later(floor, queue, since, person)
            if place is not None:
                floor.sit(person, place)
                has_changed = goes_on = True
    return has_changed


def _in_place_of_later(floor: Floor, queue: Sequence[int], since: dict[int, int], person: int) -> Place | None:
    """Let the last newcomer in the queue whose place somebody earlier could take stand up for her."""
    for other in reversed(queue):
        if since[other] <= since[person]:
            return None
        if other in floor.place:
            circle = floor.place[other][0]
            for role in floor.board.people[person].roles:
                if floor.fits(person, (circle, role), other):
                    floor.stand(other)
                    return circle, role
    return None


def _told(floor: Floor, circles: Sequence[Seats], order: Sequence[int], people: Sequence[Candidate]) -> Refill:
    """Give the result in the numbers of whoever asked."""
    board = floor.board
    known = {person.id: person for person in people}
    seats: list[list[Seat]] = [[] for _circle in circles]
    for person, (circle, role) in sorted(floor.place.items()):
        seats[order[circle]].append(Seat(board.people[person].id, role))
    described = tuple(describe(one, known, board.rules) for one in seats)
    joining = []
    for person in sorted({*floor.newcomers(), *floor.moved()}):
        circle, role = floor.place[person]
        home, one = floor.home.get(person), board.people[person].id
        at = order[circle]
        there = [known[seat.person] for seat in seats[at]]
        came_from = None if home is None else order[home]
        joining.append(Joining(one, at, role, why(one, described[at], there), came_from))
    waiting = [known[one.id] for at, one in enumerate(board.people) if at not in floor.home]
    return Refill(
        circles=described,
        joining=tuple(joining),
        waiting=waiting_list([one for one in described if one.seats], people, board.rules),
        points_before=points(circles, board),
        points_after=points(seats, board),
        could_form=_could_form(waiting, board.rules),
    )


def _could_form(waiting: Sequence[Candidate], rules: FormingRules) -> bool:
    board = lay_out(waiting, rules)
    everybody = board.everybody
    return (
        bool(waiting)
        and board.may_sit(everybody)
        and not any(board.clashes[at] & everybody for at in range(len(waiting)))
    )
