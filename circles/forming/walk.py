"""The fullest single circle, found exactly: a walk along the queue that takes everybody it may.

It turns back as soon as the seats can no longer be filled, so its first answer is also the one fairest to the queue:
each person in turn is seated unless that would leave a seat empty. The number of steps is bounded.
"""

from circles.forming.board import Board

WALK_STEPS = 6_000
"""Steps per language; 26 people rarely need 100."""


def fullest(board: Board, language: str, steps: int = WALK_STEPS) -> tuple[int, bool]:
    """Return the largest circle of one language (empty when there is none) and whether that is certain."""
    everybody = board.speakers[language]
    for size in range(_most(board, 0, everybody), board.rules.smallest - 1, -1):
        found, steps = walk(board, everybody, size, steps)
        if found or not steps:
            return found, bool(steps)
    return 0, True


def walk(board: Board, everybody: int, size: int, steps: int) -> tuple[int, int]:
    """Return the first circle of at least `size` people along the queue, or the empty set, and the steps left."""
    rest = [(0, everybody)]
    while rest and steps:
        steps -= 1
        chosen, still_open = rest.pop()
        if _most(board, chosen, still_open) < size or not board.has_both_roles(chosen | still_open):
            continue
        if not still_open:
            return chosen, steps
        person = still_open & -still_open
        without = still_open ^ person
        rest.append((chosen, without))
        if board.seats_all(chosen | person):
            rest.append((chosen | person, without & ~board.clashes[person.bit_length() - 1]))
    return 0, steps


def _most(board: Board, chosen: int, still_open: int) -> int:
    """Return an upper bound on the size of a circle with everybody chosen and some of those still open."""
    stances = (board.mentors, board.mentees, board.either)
    mentors, mentees, either = ((chosen & s).bit_count() + _heaps(board, still_open & s) for s in stances)
    return min(chosen.bit_count() + _heaps(board, still_open), board.places(mentors, mentees, either))


def _heaps(board: Board, group: int) -> int:
    """Count heaps of people who all clash with each other: only one of each heap can come."""
    heaps = 0
    while group:
        heaps += 1
        heap = group
        while heap:
            person = heap & -heap
            group ^= person
            heap &= board.clashes[person.bit_length() - 1]
    return heaps
