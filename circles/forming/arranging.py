"""Who sits where: people trade circles until nobody clashes and as many wishes are met as the steps can find.

Up to some hundred people are weighed at once, pair by pair. A crowd is cut into blocks of circles that lie close
together, each weighed as exactly as a small programme, and then again into other blocks.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from circles import partition
from circles.forming import exact, spread, wishes
from circles.forming.board import Board, Groups, group_of, members, seated, union
from circles.forming.effort import Budget, Watch, told
from circles.forming.values import plain

if TYPE_CHECKING:
    import numpy as np

BLOCK = 900
"""People weighed at once: more are cut into blocks of so many."""

FEW = 60
"""So few people are rearranged in plain Python, without waiting for the compiled kernel."""

LOOKS_OF_FEW, LOOKS, LOOKS_IN_A_CROWD = 350, 150, 12
"""How often every trade of two people is looked at: among few, where all are weighed at once, in each block."""

CUTS = 2
"""How often a crowd is cut into blocks."""

LEAN, SIZE = 6, 1
"""Points lost, for one unit of the heaviest weight: for each seat by which one role outweighs the other, and for
the square of a circle's size beyond what a larger circle gains by having more pairs."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some circles by number, and people of the waiting list who might come in."""

    circles: tuple[int, ...]
    waiting: tuple[int, ...]


def arrange(
    board: Board,
    groups: Groups,
    seed: int,
    watch: Watch | None = None,
    *,
    is_first: bool = False,
    budget: Budget | None = None,
) -> Groups:
    """Return the circles rearranged; nobody loses a seat but to somebody who has not joined later.

    `groups` keep sizes, seats and a common language; clashes between people are undone as far as possible, then
    people of the waiting list take seats that are free, then wishes count. Where a seating `is_first`, anybody may
    take a seat from anybody to undo clashes: the queue has its word afterwards. The same seed and budget give the same
    circles, unless `watch` ended it.
    """
    circles = [list(members(group)) for group in groups]
    waiting = set(members(board.everybody & ~union(groups)) if is_first else _could_come_in(board, groups))
    if len(circles) + bool(waiting) < 2:
        return groups  # nobody could sit anywhere else
    rng = Random(seed)
    gained, done = 0, 0
    for block, blocks, steps in _blocks(board, circles, waiting, rng):
        heard = told(watch, done, blocks, gained)
        granted = steps if budget is None else budget.share(steps, blocks)
        arranged, gain, goes_on = _arrange_block(
            board, [circles[c] for c in block.circles], block.waiting, rng.randrange(1 << 32), granted, heard, is_first
        )
        for c, circle in zip(block.circles, arranged, strict=True):
            waiting = waiting - {*circle} | {*circles[c]}
            circles[c] = circle
        waiting -= {person for circle in arranged for person in circle}
        gained, done = gained + gain, done + 1
        if not goes_on:
            break
    return tuple(group_of(circle) for circle in circles)


def _could_come_in(board: Board, groups: Groups) -> Iterator[int]:
    """Yield who waits and has not joined after everybody who sits, or could take a seat that is free."""
    sitting = union(groups)
    if not sitting:
        return
    last = board.people[sitting.bit_length() - 1].waiting_since
    is_full = all(group.bit_count() == board.rules.seats for group in groups)
    for position in members(board.everybody & ~sitting):
        if not is_full or board.people[position].waiting_since <= last:
            yield position


def _blocks(
    board: Board, circles: Sequence[Sequence[int]], waiting: set[int], rng: Random
) -> Iterator[tuple[Block, int, int]]:
    """Yield each block with the number of blocks in all and the steps for it; circles are read as they are by then."""
    people = sum(map(len, circles)) + len(waiting)
    if people <= BLOCK:
        most = min(partition.INTERPRETED, LOOKS_OF_FEW * people**2)
        steps = most if people <= FEW else LOOKS * people**2
        yield Block(tuple(range(len(circles))), tuple(sorted(waiting))), 1, steps
        return
    count = -(-sum(map(len, circles)) // BLOCK)
    for _cut in range(CUTS):
        order = spread.line_up(board, rng)
        language = [_language(board, circle) for circle in circles]
        stand = [sum(order.place[p] for p in circle) // max(1, len(circle)) for circle in circles]
        line = sorted(range(len(circles)), key=lambda c: (language[c], stand[c], c))
        cuts = [line[at * len(line) // count : (at + 1) * len(line) // count] for at in range(count)]
        near = _nearest(board, order, cuts, language, stand, waiting)
        for at, cut in enumerate(cuts):
            still = [person for person in near[at] if person in waiting]
            people = sum(len(circles[c]) for c in cut) + len(still)
            yield Block(tuple(cut), tuple(still)), CUTS * count, LOOKS_IN_A_CROWD * people**2


def _nearest(
    board: Board,
    order: spread.Order,
    cuts: Sequence[Sequence[int]],
    language: Sequence[str],
    stand: Sequence[int],
    waiting: set[int],
) -> dict[int, list[int]]:
    """Return for each block the people who wait and stand closest to one of its circles whose language they speak."""
    lines: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, cut in enumerate(cuts):
        for c in cut:
            lines[language[c]].append((stand[c], at))
    near: dict[int, list[int]] = defaultdict(list)
    for person in sorted(waiting):
        if len(near) == len(cuts) and all(len(some) >= BLOCK // 4 for some in near.values()):
            break
        found = []
        for word in sorted(board.people[person].languages & lines.keys()):
            line = lines[word]
            at = min(bisect_left(line, (order.place[person], 0)), len(line) - 1)
            found.append((abs(line[at][0] - order.place[person]), line[at][1]))
        if found and len(near[min(found)[1]]) < BLOCK // 4:
            near[min(found)[1]].append(person)
    return near


def _language(board: Board, circle: Sequence[int]) -> str:
    """Return the language of a circle: of those that all its people speak, the one that most others speak too."""
    if not circle:
        return ""
    common = frozenset.intersection(*(board.people[position].languages for position in circle))
    return max(sorted(common), key=lambda word: board.speakers[word].bit_count(), default="")


@dataclass(frozen=True, slots=True)
class Weighed:
    """People of some circles, and of the waiting list, with all that a partition of them weighs."""

    positions: tuple[int, ...]
    place: tuple[int, ...]
    weights: "np.ndarray[Any, Any]"
    rules: partition.Rules


def prices(board: Board, worth: wishes.Wishes) -> tuple[int, int]:
    """Return what a seat of imbalance costs, and the square of a circle's size.

    A circle gains by each pair more, whoever comes; the price of size takes that average back, and something on top.
    """
    people = len(worth.pairs)
    pairs = max(1, people * (people - 1))
    average = -(-int(worth.pairs.sum()) // pairs)
    heaviest = max(1, *astuple(board.rules.weights))
    return LEAN * heaviest, (average + 1) // 2 + SIZE * heaviest


def _weighed(board: Board, circles: Sequence[Sequence[int]], waiting: Sequence[int] = ()) -> Weighed:
    import numpy as np  # noqa: PLC0415 - start-up time: most commands form no circle

    positions = (*(position for circle in circles for position in circle), *waiting)
    place = tuple(c for c, circle in enumerate(circles) for _position in circle) + (len(circles),) * len(waiting)
    worth = wishes.weigh(board, positions)
    lean, size = prices(board, worth)
    weights = np.where(_walls(board, positions), np.int32(partition.WALL), worth.pairs)
    rules = _rules(board, circles, positions, worth, lean=lean, size=size)
    return Weighed(positions, place, weights, rules)


def _arrange_block(
    board: Board,
    circles: Sequence[Sequence[int]],
    waiting: Sequence[int],
    seed: int,
    steps: int,
    watch: partition.Watch | None,
    is_first: bool,
) -> tuple[list[list[int]], int, bool]:
    """Return the circles of one block rearranged, the points gained, and whether the work may go on."""
    weighed = _weighed(board, circles, waiting)
    if is_first:
        weighed = replace(weighed, rules=replace(weighed.rules, rank=None))
    before, _walls_before = partition.points(weighed.place, weighed.weights, weighed.rules)
    found = partition.improve(
        weighed.place, weighed.weights, weighed.rules, seed=seed, steps=max(1, steps), watch=watch
    )
    arranged: list[list[int]] = [[] for _circle in circles]
    for position, c in zip(weighed.positions, found.place, strict=True):
        if c < len(circles):
            arranged[c].append(position)
    return [sorted(circle) for circle in arranged], found.points - before, not found.was_stopped


def proved(board: Board, groups: Groups) -> Groups | None:
    """Return the best way to seat the same people in as many circles, or None when that can't be proved here."""
    if seated(groups) > exact.EXACT_AT_MOST:
        return None
    if len(groups) < 2:
        return groups
    weighed = _weighed(board, [list(members(group)) for group in groups])
    languages = [
        sum(1 << at for at, position in enumerate(weighed.positions) if speakers >> position & 1)
        for speakers in board.speakers.values()
    ]
    start = [sum(1 << at for at, c in enumerate(weighed.place) if c == circle) for circle in range(len(groups))]
    found = exact.divide(weighed.weights, weighed.rules, languages, start)
    if found is None:
        return None
    return tuple(group_of(sorted(weighed.positions[at] for at in members(group))) for group in found)


def objective(board: Board, groups: Groups) -> int:
    """Return what an arrangement weighs in all: the points of its wishes, less what uneven sizes and roles cost."""
    weighed = _weighed(board, [list(members(group)) for group in groups])
    return partition.points(weighed.place, weighed.weights, weighed.rules)[0]


def _rules(
    board: Board,
    circles: Sequence[Sequence[int]],
    positions: Sequence[int],
    worth: wishes.Wishes,
    *,
    lean: int,
    size: int,
) -> partition.Rules:
    rules = board.rules
    languages = [_language(board, circle) for circle in circles]
    ranks = {since: rank for rank, since in enumerate(sorted({board.people[p].waiting_since for p in positions}))}
    kinds = {"mentor": 0, "mentee": 1, "both": 2}
    return partition.Rules(
        least=[min(len(circle), rules.smallest) for circle in circles],
        most=[rules.seats for _circle in circles],
        mentors=[rules.mentors for _circle in circles],
        mentees=[rules.mentees for _circle in circles],
        kind=[kinds[board.people[p].stance] for p in positions],
        allowed=[[word in board.people[p].languages for word in languages] for p in positions],
        rank=[ranks[board.people[p].waiting_since] for p in positions],
        served=worth.finds,
        matched=worth.found,
        lean=lean,
        size=size,
    )


def _walls(board: Board, positions: Sequence[int]) -> "np.ndarray[Any, Any]":
    """Return which two of these people clash: the same as `board.clashes`, as a table."""
    import numpy as np  # noqa: PLC0415 - as above

    number = {position: at for at, position in enumerate(positions)}
    at = np.array([board.place_of[p] for p in positions], dtype=np.intp)
    walls = board.too_far()[np.ix_(at, at)]
    if board.rules.across_institutions:
        houses = wishes.numbered([plain(board.people[p].institution) for p in positions])
        walls |= (houses[:, None] == houses[None, :]) & (houses[:, None] > 0)
    for position, apart in board.clashes.kept_apart.items():
        if position in number:
            for other in members(apart):
                if other in number:
                    walls[number[position], number[other]] = True
    np.fill_diagonal(walls, val=False)
    return walls


def warm_up() -> bool:
    """Compile the kernel, or load it compiled; False where it is only interpreted. The first time takes ten seconds."""
    weights = [[int(i != j) for j in range(8)] for i in range(8)]
    rules = partition.Rules(least=[2, 2], most=[6, 6])
    found = partition.improve([0, 1] * 4, weights, rules, seed=1, steps=partition.INTERPRETED + 1)
    return found.was_compiled
