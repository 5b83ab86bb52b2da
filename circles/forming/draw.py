"""One draw, from people to circles: who sits at all, then who sits where, until the queue has no more to say."""

from dataclasses import dataclass, replace
from random import Random

from circles.forming.arranging import arrange, proved
from circles.forming.board import Board, Groups, seated
from circles.forming.effort import Budget, Watch
from circles.forming.search import seat_everybody, settle, without_clashes
from circles.forming.sharing import promised
from circles.forming.spread import first_seating

SEARCHED = 60
"""So many people are seated by search; more are first spread over the globe."""

SEARCHED_TOO = 6_000
"""Where people times circles are not more, a crowd that found fewer seats than were promised is searched, too."""

TURNS = 20
"""How often at most circles are rearranged until the queue has nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Circles; whether it is proved that none weigh more, and whether the work was stopped before it was finished."""

    groups: Groups
    is_best: bool
    was_stopped: bool


def draw(board: Board, seed: int, watch: Watch | None = None, steps: int | None = None) -> Drawn:
    """Return circles that break no hard rule: most people first, then the queue, then wishes.

    `watch` hears how far the work is and may end it; among many people, so many trades are looked at in all as `steps`
    allow, where that is fewer than it would be.
    """
    heard = [True]

    def listen(share: float, points: int) -> bool:
        heard[0] = watch is None or watch(share, points)
        return heard[0]

    best: Groups | None = None
    if len(board.people) > SEARCHED:
        budget = None if steps is None else Budget(steps)
        groups = _crowd(board, seed, listen, budget)
        return Drawn(groups, is_best=False, was_stopped=not heard[0] or (budget is not None and budget.was_short))
    groups = seat_everybody(board, Random(seed))
    for _turn in range(TURNS):
        arranged = arrange(board, groups, seed, listen) if best is None else best
        groups = settle(board, without_clashes(board, arranged))
        if groups == best:
            break
        best = proved(board, groups) if heard[0] else None
        if not heard[0] or groups == (best or arranged):
            break
    return Drawn(groups, best == groups, not heard[0])


def _crowd(board: Board, seed: int, listen: Watch, budget: Budget | None) -> Groups:
    """Return circles of many people: dealt along the globe, or searched where that seats more of them."""
    dealt = arrange(board, first_seating(board, Random(seed)), seed, listen, is_first=True, budget=budget)
    groups = settle(board, without_clashes(board, dealt))
    is_small = len(board.people) * board.rules.circles <= SEARCHED_TOO
    if seated(groups) >= promised(board) or (groups and not is_small):
        return groups
    within = board if is_small else replace(board, rules=replace(board.rules, circles=1))
    found = settle(board, seat_everybody(within, Random(seed)))
    if (seated(found), -len(found)) <= (seated(groups), -len(groups)):
        return groups
    return settle(board, without_clashes(board, arrange(board, found, seed, listen, budget=budget)))
