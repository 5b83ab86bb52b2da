"""Who is seated: first as many people as possible, then those who have waited longest.

One circle is searched exactly (`walk`), several by a seeded repair (`repair`). A number of circles is tried from the
fewest that could hold everybody upwards, so people are not spread thin without need.
"""

from collections import Counter
from itertools import combinations, combinations_with_replacement
from random import Random

from circles.forming.board import Board, Groups, members, seated
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
        if bound <= seated(best):
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


# The queue's word ---------------------------------------------------------------------------------------------------


def settle(board: Board, groups: Groups) -> Groups:
    """Seat whoever simply fits, then give seats to people who have waited longer than somebody they could replace.

    Afterwards no waiting person could take a free seat, or the place of anybody who is later in the queue.
    """
    settled = list(groups)
    is_moving = True
    while is_moving:
        is_moving = False
        for position in members(board.everybody & ~sum(settled)):
            person = 1 << position
            for circle, group in enumerate(settled):
                leaving = _gives_way(board, group, person)
                if leaving is not None:
                    settled[circle] = group & ~leaving | person
                    is_moving = True
                    break
    return tuple(settled)


def _gives_way(board: Board, group: int, person: int) -> int | None:
    """Return who leaves a circle for a waiting person: nobody, or the last in the queue who can; else None."""
    clashing = group & board.clashes[person.bit_length() - 1]
    if not clashing and board.may_sit(group | person):
        return 0
    since = board.people[person.bit_length() - 1].waiting_since
    for position in reversed(list(members(clashing if clashing.bit_count() == 1 else group))):
        one = 1 << position
        if board.people[position].waiting_since <= since or clashing & ~one:
            continue
        if board.may_sit(group ^ one | person):
            return one
    return None
