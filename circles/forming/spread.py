"""A first seating for many people: by language, then along the globe, without a look at pairs.

It is quick and only nearly right: every circle has its sizes, roles and a common language, and people of one circle
keep close working hours; the few who still clash are moved by what comes after it (`arranging`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import accumulate
from random import Random

from circles.forming.board import Board, Groups, group_of, members
from circles.forming.sharing import share_out
from circles.forming.values import plain_set
from circles.schedule import resolve

DAY_MINUTES = 24 * 60
BAND_MINUTES = 120
"""People within two hours of each other mix by topic; shared hours of five or more remain."""


@dataclass(frozen=True, slots=True)
class Order:
    """Where everybody stands in the line along the globe, and within a band along topics."""

    place: tuple[int, ...]

    def sort(self, positions: Sequence[int]) -> list[int]:
        """Return these people as they stand in line."""
        return sorted(positions, key=self.place.__getitem__)


def line_up(board: Board, rng: Random) -> Order:
    """Put people in a line in which neighbours keep close hours and, within two hours, name related topics."""
    minutes = _minutes(board)
    words = sorted({word for p in board.people for word in plain_set(p.offers | p.wants)})
    side = {word: rng.randrange(-1000, 1001) for word in words}
    leaning = [sum(side[word] for word in plain_set(p.offers | p.wants)) for p in board.people]
    keys = [(minutes[board.place_of[i]] // BAND_MINUTES, leaning[i], i) for i in range(len(board.people))]
    place = [0] * len(keys)
    for at, (_band, _leaning, i) in enumerate(sorted(keys)):
        place[i] = at
    return Order(tuple(place))


def _minutes(board: Board) -> list[int]:
    """Return when the working day of each place begins, in minutes after the widest gap on the globe."""
    zones = dict(zip(board.place_of, (person.habits.zone for person in board.people), strict=True))
    begins = [resolve(board.rules.day, time(9), zones[place]) for place in sorted(zones)]
    minutes = [begin.hour * 60 + begin.minute for begin in begins]
    around = sorted(set(minutes)) or [0]
    gaps = [
        (after - before, after) for before, after in zip(around, [*around[1:], around[0] + DAY_MINUTES], strict=True)
    ]
    start = max(gaps)[1]
    return [(minute - start) % DAY_MINUTES for minute in minutes]


def first_seating(board: Board, rng: Random) -> Groups:
    """Return circles, as many as the rules allow and the people need; some people in them may clash.

    Who would sit with one role only, where a language has too few of the other, waits for now.
    """
    order = line_up(board, rng)
    speaking, shares = share_out(board)
    dealt = (
        group_of(circle)
        for word, count in shares.items()
        if count
        for circle in _deal(board, speaking[word], count, order)
    )
    return tuple(group for group in dealt if board.has_both_roles(group))


def _deal(board: Board, group: int, count: int, order: Order) -> list[list[int]]:
    """Seat the first of the queue in so many circles, even in size and roles, neighbours in line together."""
    mentors, mentees, either = _first_in_line(board, group, count)
    mentors, either = _filled_up(mentors, either, count)
    mentees, either = _filled_up(mentees, either, count)
    sides = [_cut(order.sort(side), count) for side in (mentors, mentees)]
    ends = [0, *accumulate(len(a) + len(b) for a, b in zip(*sides, strict=True))]
    people = len(mentors) + len(mentees) + len(either)
    rest = order.sort(either)
    circles, taken = [], 0
    for c, (a, b) in enumerate(zip(*sides, strict=True)):
        wanted = (c + 1) * people // count - ends[c + 1] if c + 1 < count else len(rest)
        end = max(taken, min(len(rest), wanted))
        circles.append([*a, *b, *rest[taken:end]])
        taken = end
    return circles


def _first_in_line(board: Board, group: int, count: int) -> tuple[list[int], list[int], list[int]]:
    """Return who sits, in the order of the queue, as mentors only, mentees only and either."""
    rules = board.rules
    room = [count * rules.mentors, count * rules.mentees, count * rules.seats]
    chosen: tuple[list[int], list[int], list[int]] = ([], [], [])
    for position in members(group):
        if sum(map(len, chosen)) == count * rules.seats:
            break
        kind = 0 if board.mentors >> position & 1 else 1 if board.mentees >> position & 1 else 2
        if len(chosen[kind]) < room[kind]:
            chosen[kind].append(position)
    return chosen


def _filled_up(side: list[int], either: list[int], count: int) -> tuple[list[int], list[int]]:
    """Let people who can do both stand on a side that has fewer people than there are circles."""
    missing = max(0, count - len(side))
    return side + either[:missing], either[missing:]


def _cut(people: Sequence[int], count: int) -> list[Sequence[int]]:
    return [people[c * len(people) // count : (c + 1) * len(people) // count] for c in range(count)]
