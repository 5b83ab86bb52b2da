"""One draw, from people to circles: who sits at all, then who sits where, until the queue has no more to say."""

from dataclasses import dataclass
from random import Random

from circles.forming.arranging import Watch, arrange, proved
from circles.forming.board import Board, Groups
from circles.forming.search import seat_everybody, settle, without_clashes
from circles.forming.spread import first_seating

SEARCHED = 60
"""So many people are seated by search; more are first spread over the globe."""

TURNS, TURNS_IN_A_CROWD = 20, 1
"""How often at most circles are rearranged until the queue has nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Circles; whether it is proved that none weigh more, and whether the work was stopped before it was finished."""

    groups: Groups
    is_best: bool
    was_stopped: bool


def draw(board: Board, seed: int, watch: Watch | None = None) -> Drawn:
    """Return circles that break no hard rule: most people first, then the queue, then wishes.

    `watch` hears how far the work is and may end it.
    """
    heard = [True]

    def listen(share: float, points: int) -> bool:
        heard[0] = watch is None or watch(share, points)
        return heard[0]

    is_crowd = len(board.people) > SEARCHED
    groups = first_seating(board, Random(seed)) if is_crowd else seat_everybody(board, Random(seed))
    best: Groups | None = None
    for _turn in range(TURNS_IN_A_CROWD if is_crowd else TURNS):
        arranged = arrange(board, groups, seed, listen) if best is None else best
        groups = settle(board, without_clashes(board, arranged))
        best = proved(board, groups) if heard[0] else None
        if not heard[0] or groups == (arranged if best is None else best):
            break
    return Drawn(groups, best == groups, not heard[0])
