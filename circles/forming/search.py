"""Who is seated: first as many people as possible, then those who have waited longest.

One circle is searched exactly (`walk`), several by a seeded repair (`repair`), a crowd is spread over the globe
(`spread`). A number of circles is tried from the fewest that could hold everybody upwards, so people are not spread
thin without need.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement
from random import Random

from circles.forming.board import Board, Groups, members, seated, union
from circles.forming.repair import repair
from circles.forming.values import plain
from circles.forming.walk import WALK_STEPS, fullest, walk

LANGUAGES, PLANS = 6, 8
"""How many languages are considered for several circles, and how many ways to share them out are tried."""


def seat_everybody(board: Board, rng: Random) -> Groups:
    """Return one set of people per circle, each within every hard rule; no sets when no circle is possible."""
    rules, people = board.rules, len(board.people)
    most = min(rules.circles, people // rules.smallest)
    fewest = min(most, -(-people // rules.seats))
    best: Groups = ()
    for number in [*range(fewest, most + 1), *range(fewest - 1, 0, -1)]:
        if number < fewest and len(best) > number:
            break
        found = _one(board, rng) if number == 1 else _several(board, number, rng)
        best = max(best, settle(board, found), key=lambda groups: (seated(groups), -len(groups)))
        if seated(best) == people:
            break
    return best


def _one(board: Board, rng: Random) -> Groups:
    found = []
    for language in board.speakers:
        group, is_certain = fullest(board, language)
        found.append(group)
        if not is_certain:
            small, _steps = walk(board, board.speakers[language], board.rules.smallest, WALK_STEPS)
            found += [small, *repair(board, (language,), rng, board.rules.seats)]
    size = len(board.people)
    best = max(found, key=lambda group: (group.bit_count(), f"{group:0{size}b}"[::-1]), default=0)
    return (best,) if best else ()


def _several(board: Board, number: int, rng: Random) -> Groups:
    best: Groups = ()
    for bound, plan in _plans(board, number):
        if bound <= seated(best) or bound < number * board.rules.smallest:
            break
        best = max(best, repair(board, plan, rng, bound), key=seated)
    return best


def _plans(board: Board, number: int) -> list[tuple[int, tuple[str, ...]]]:
    """Return ways to give every circle a language, the most promising first, with how many people each could seat."""
    spoken = [word for word, group in board.speakers.items() if group.bit_count() >= board.rules.smallest]
    common = sorted(spoken, key=lambda word: -board.speakers[word].bit_count())[:LANGUAGES]
    plans = [(_reachable(board, plan), plan) for plan in combinations_with_replacement(common, number)]
    return sorted(plans, key=lambda plan: (-plan[0], len(set(plan[1]))))[:PLANS]


def _reachable(board: Board, plan: tuple[str, ...]) -> int:
    """Return how many people the circles of a plan could seat if nobody clashed (Hall's condition)."""
    words = sorted(set(plan))
    best = len(board.people)
    for size in range(len(words) + 1):
        for full in combinations(words, size):
            elsewhere = 0
            for word in words:
                if word not in full:
                    elsewhere |= board.speakers[word]
            seats = board.rules.seats * sum(plan.count(word) for word in full)
            best = min(best, seats + elsewhere.bit_count())
    if board.rules.across_institutions:
        colleagues = Counter(plain(person.institution) for person in board.people)
        best = min(best, sum(n if not name else min(n, len(plan)) for name, n in colleagues.items()))
    mentors, mentees, either = (stance.bit_count() for stance in (board.mentors, board.mentees, board.either))
    return min(best, board.places(mentors, mentees, either, circles=len(plan)))


def without_clashes(board: Board, groups: Groups) -> Groups:
    """Let people stand up until no circle has a clash, the last of the queue first, and drop circles too small then."""
    kept = []
    for group in groups:
        left = group
        for position in reversed(list(members(group))):
            if left & board.clashes[position]:
                left &= ~(1 << position)
        kept += [left] if board.may_sit(left) else []
    return tuple(kept)


# The queue's word ---------------------------------------------------------------------------------------------------


def settle(board: Board, groups: Groups) -> Groups:
    """Seat whoever simply fits, then give seats to people who have waited longer than somebody they could replace.

    Afterwards no waiting person could take a free seat, or the place of anybody who is later in the queue.
    """
    settled = list(groups)
    is_moving = True
    while is_moving:
        is_moving = False
        sitting = union(settled)
        is_full = all(group.bit_count() == board.rules.seats for group in settled)
        for position in members(board.everybody & ~sitting):
            if is_full and not sitting & board.later_than(position):
                break  # nobody further down the queue gets a seat either
            found = _seat_for(board, settled, position)
            if found is not None:
                circle, leaving = found
                settled[circle] = settled[circle] & ~leaving | 1 << position
                is_moving = True
    return tuple(settled)


def _seat_for(board: Board, groups: Sequence[int], position: int) -> tuple[int, int] | None:
    """Return the circle that a waiting person joins and who leaves it for her: nobody, else the last in the queue."""
    clashes, later = board.clashes[position], board.later_than(position)
    speakers = [board.speakers[word] for word in sorted(board.people[position].languages)]
    best = None
    for circle, group in enumerate(groups):
        if all((lost := group & ~speak) & (lost - 1) for speak in speakers):
            continue  # two people or more would lose the common language
        leaving = _gives_way(board, group, 1 << position, group & clashes, group & later)
        if leaving == 0:
            return circle, 0
        if leaving is not None and (best is None or leaving > best[1]):
            best = circle, leaving
    return best


def _gives_way(board: Board, group: int, person: int, clashing: int, later: int) -> int | None:
    """Return who leaves a circle for a waiting person: nobody, or the last in the queue who can; else None."""
    if clashing & (clashing - 1) or clashing & ~later:
        return None
    if not clashing and board.may_sit(group | person):
        return 0
    for position in reversed(list(members(clashing or later))):
        one = 1 << position
        if board.may_sit(group ^ one | person):
            return one
    return None
