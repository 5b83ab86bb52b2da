"""Several circles at once: put a waiting person in, send back whoever clashes with her, and go on.

Who was sent back does not return to the same circle at once, so the circles keep changing until nobody waits or the
fixed number of steps is used up (the idea of PartialCol, Blöchliger and Zufferey 2008, doi 10.1016/j.cor.2006.05.014).
Nothing here looks at a clock: the same seed gives the same circles.
"""

from dataclasses import dataclass
from random import Random

from circles.forming.board import Board, Groups, members, seated

REPAIR_STEPS = 30
"""Steps per person."""

LOOKED_AT = 8
"""How many waiting people are looked at in each step."""

STAYS_AWAY = 6
"""For how many steps at least somebody who was sent back does not return to the same circle."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """One waiting person entering one circle, and the set of people who would leave it for her."""

    cost: tuple[int, int, int]
    position: int
    circle: int
    leaving: int


def repair(board: Board, plan: tuple[str, ...], rng: Random, bound: int) -> Groups:
    """Return the best circles found when circle c speaks `plan[c]`, without those that stayed too small.

    `bound` is how many people can be seated at most; reaching it ends the search.
    """
    groups = [0] * len(plan)
    waiting = board.everybody
    away: dict[tuple[int, int], int] = {}
    best: Groups = ()
    for step in range(REPAIR_STEPS * len(board.people)):
        choices = _choices(
            board, plan, groups, _some(waiting, rng), {key for key, end in away.items() if end > step}, rng
        )
        if not choices:
            if not waiting:
                break
            continue
        least = min(choice.cost for choice in choices)
        choice = rng.choice([choice for choice in choices if choice.cost == least])
        groups[choice.circle] = groups[choice.circle] & ~choice.leaving | 1 << choice.position
        waiting = waiting & ~(1 << choice.position) | choice.leaving
        for position in members(choice.leaving):
            away[position, choice.circle] = step + STAYS_AWAY + rng.randrange(STAYS_AWAY)
        _even_out(board, plan, groups)
        whole = tuple(group for group in groups if board.is_whole(group))
        if seated(whole) > seated(best):
            best = whole
        if seated(best) >= bound:
            break
    return best


def _even_out(board: Board, plan: tuple[str, ...], groups: list[int]) -> None:
    """Move people from circles with some to spare into those still too small, where they fit without more ado."""
    smallest = board.rules.smallest
    too_small = [circle for circle, group in enumerate(groups) if 0 < group.bit_count() < smallest]
    to_spare = [circle for circle, group in enumerate(groups) if group.bit_count() > smallest]
    for to in too_small:
        for at in to_spare:
            able = groups[at] & board.speakers[plan[to]]
            for position in members(able):
                if groups[to].bit_count() >= smallest or groups[at].bit_count() <= smallest:
                    break
                person = 1 << position
                if not board.clashes[position] & groups[to] and board.seats_all(groups[to] | person):
                    groups[at] ^= person
                    groups[to] |= person


def _some(waiting: int, rng: Random) -> list[int]:
    positions = list(members(waiting))
    return positions if len(positions) <= LOOKED_AT else sorted(rng.sample(positions, LOOKED_AT))


def _choices(
    board: Board,
    plan: tuple[str, ...],
    groups: list[int],
    positions: list[int],
    away: set[tuple[int, int]],
    rng: Random,
) -> list[_Choice]:
    choices = []
    for position in positions:
        person = 1 << position
        stance = next(stance for stance in (board.mentors, board.mentees, board.either) if stance & person)
        for circle, language in enumerate(plan):
            if not board.speakers[language] & person or (position, circle) in away:
                continue
            leaving = groups[circle] & board.clashes[position]
            staying = groups[circle] ^ leaving
            if not board.seats_all(staying | person):
                able = [one for one in members(staying) if board.seats_all(staying ^ 1 << one | person)]
                leaving |= 1 << rng.choice(able)
                staying = groups[circle] & ~leaving
            cost = (leaving.bit_count(), (staying & stance).bit_count(), staying.bit_count())
            choices.append(_Choice(cost, position, circle, leaving))
    return choices
