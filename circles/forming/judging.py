"""How good a proposal is: what no other could exceed, and what each rule costs in seats."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from circles import partition
from circles.forming import wishes
from circles.forming.arranging import BLOCK
from circles.forming.board import Board, Groups, lay_out, members, seated
from circles.forming.draw import SEARCHED, draw
from circles.forming.search import seat_everybody
from circles.forming.values import Candidate, Eased, FormingRules, RuleCost

JUDGED = 300
"""People for whom circles are sought once more for each rule while an organiser waits."""

LIFTED: tuple[tuple[Eased, Callable[[FormingRules], FormingRules]], ...] = (
    ("institution", lambda rules: replace(rules, across_institutions=False)),
    ("overlap", lambda rules: replace(rules, overlap_hours=rules.overlap_hours - min(1.0, rules.overlap_hours // 1))),
    ("apart", lambda rules: replace(rules, apart=frozenset())),
    ("circles", lambda rules: replace(rules, circles=rules.circles + 1)),
)
"""The rules that an organiser can ease, one step each."""


def bound(board: Board, groups: Groups) -> int | None:
    """Return points that no circles of these people, as many as these, can exceed; None for more than BLOCK people.

    Everybody has half the points of the best partners that fit into a full circle, and finds what she hopes for if
    anybody here could give it to her.
    """
    positions = [position for group in groups for position in members(group)]
    if not 0 < len(positions) <= BLOCK:
        return None
    worth = wishes.weigh(board, positions)
    sizes = partition.Rules(least=[board.rules.smallest] * len(groups), most=[board.rules.seats] * len(groups))
    return partition.bound(worth.pairs, sizes) + worth.found * int(worth.finds.any(axis=1).sum())


def rule_costs(people: Sequence[Candidate], rules: FormingRules, groups: Groups, seed: int) -> tuple[RuleCost, ...]:
    """Return, for each rule that an organiser can ease, how many people more would have a seat; the dearest first.

    Circles are sought anew without the rule; nothing is said of more than JUDGED people, which would take too long.
    """
    now = seated(groups)
    if not groups or now == len(people) or len(people) > JUDGED:
        return ()
    costs = []
    for name, lift in LIFTED:
        eased = lift(rules)
        if eased != rules and (more := _seats(people, eased, seed) - now) > 0:
            costs.append(RuleCost(name, more))
    return tuple(sorted(costs, key=lambda cost: -cost.more))


def _seats(people: Sequence[Candidate], rules: FormingRules, seed: int) -> int:
    board = lay_out(people, rules)
    return seated(seat_everybody(board, Random(seed)) if len(people) <= SEARCHED else draw(board, seed).groups)
