"""The best round of people around others, whatever the blocks; who takes which side is decided along with it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from circles.rotation.choosing import SEAT, Group, solved
from circles.rotation.ledger import BARRED, CHANCE_ROOM, Ledger, Turnout
from circles.rotation.stars import MILD, fewest_left, further_seats
from circles.rotation.values import Role

UP_TO, NODES = 40, 20_000  # people; and steps of the search, a number that is never reached but by a riddle
Cells = Mapping[int, int]  # a number for each of some columns


def most_seated(turnout: Turnout) -> int:
    """A number of people that no round can pass: each mentor seats herself and her mentees, and the other way round."""
    roles = turnout.roles or {}
    by_mentors = sum(1 + turnout.mentees_with(person) for person, role in roles.items() if role != "mentee")
    by_mentees = sum(1 + turnout.mentors_with(person) for person, role in roles.items() if role != "mentor")
    return min(len(turnout.people), by_mentors, by_mentees)


def best(turnout: Turnout, ledger: Ledger, rng: random.Random) -> list[Group] | None:
    """Choose groups so that few sit out, then those whose turn it is, then few groups of three, then the cheapest.

    Whoever has others around her is their mentor or their mentee; the pairs among those count where they cross, as
    somebody who is both may make them. A mixed integer programme, solved to the optimum by HiGHS through SciPy; None
    if it takes too many steps.
    """
    model = _Model()
    order = rng.sample(turnout.people, len(turnout.people))  # of rounds that are as good, the seed takes one
    stars = [star for side in ("mentor", "mentee") for star in _stars(turnout, ledger, model, order, side)]
    out = {person: model.column() for person in order}
    for person in order:
        seats = [star.head for star in stars if star.centre == person]
        seats += [star.seats[person] for star in stars if person in star.seats]
        model.row(dict.fromkeys([out[person], *seats], 1), 1, 1)
    further = [column for star in stars for column in star.further]
    wrong = dict.fromkeys(further, 1)
    wrong |= {column: SEAT + turnout.turns[person] ** 2 for person, column in out.items()}
    if (fair := model.solved(wrong)) is None:
        return None
    alike = [further] + [
        [out[person] for person in order if turnout.turns[person] == turn]
        for turn in sorted(set(turnout.turns.values()))
    ]
    for columns in alike:
        count = len(fair.intersection(columns))
        model.row(dict.fromkeys(columns, 1), count, count)
    chosen = model.solved(model.costs)
    if chosen is None:
        return None
    return [
        (star.centre, *sorted(person for person, column in star.seats.items() if column in chosen))
        for star in stars
        if star.head in chosen
    ]


@dataclass(frozen=True, slots=True)
class _Star:
    """Somebody in the middle, and those who may sit around her, by their columns."""

    centre: int
    head: int
    seats: Mapping[int, int]
    further: Sequence[int]


@dataclass(slots=True)
class _Model:
    """Columns that are 0 or 1, and rows that bound sums of them."""

    size: int = 0
    costs: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[Cells, float, float]] = field(default_factory=list)

    def column(self, cost: int = 0) -> int:
        """Add a column."""
        self.costs[self.size] = cost
        self.size += 1
        return self.size - 1

    def row(self, cells: Cells, low: float, high: float) -> None:
        """Add a row; one without cells says nothing."""
        if cells:
            self.rows.append((cells, low, high))

    def solved(self, weights: Cells) -> frozenset[int] | None:
        """The columns that are 1 in the solution of least weight; None if none is found."""
        cells = [
            (at, column, value) for at, (row, _low, _high) in enumerate(self.rows) for column, value in row.items()
        ]
        low, high = [low for _row, low, _high in self.rows], [high for _row, _low, high in self.rows]
        chosen, _is_proved = solved([weights.get(column, 0) for column in range(self.size)], cells, low, high, NODES)
        return None if chosen is None else frozenset(chosen)


def _stars(turnout: Turnout, ledger: Ledger, model: _Model, order: Sequence[int], side: Role) -> list[_Star]:
    """Everybody who can take a side, with those who can sit around her; pairs count as around the mentor."""
    roles = turnout.roles or {}
    room = turnout.mentees_with if side == "mentor" else turnout.mentors_with
    place = {person: at for at, person in enumerate(turnout.people)}
    centres = [
        one for one in order if {roles[one], side} != {"mentor", "mentee"} and (side == "mentor" or room(one) > 1)
    ]
    uneven = fewest_left(turnout, ledger, centres) if centres else {}
    stars: list[_Star] = []
    for one in centres:
        row = ledger.costs[place[one]]
        around = [other for other in order if roles[other] != side and row[place[other]] != BARRED and other != one]
        seats = min(room(one), len(around))
        if seats < (1 if side == "mentor" else 2):
            continue
        head = model.column()
        column = {other: model.column(row[place[other]] // MILD) for other in around}
        unit = MILD >> CHANCE_ROOM
        further = [model.column(cost // unit) for cost in further_seats(uneven[one], seats)]
        model.row(dict.fromkeys(column.values(), 1) | dict.fromkeys([head, *further], -1), 0, 0)
        for taken in [*column.values(), *further]:
            model.row({taken: 1, head: -1}, -1, 0)
        if side == "mentee":
            model.row({further[0]: 1, head: -1}, 0, 0)
        _mind_each_other(turnout, ledger, model, head, column)
        stars.append(_Star(one, head, column, further))
    return stars


def _mind_each_other(turnout: Turnout, ledger: Ledger, model: _Model, head: int, seats: Mapping[int, int]) -> None:
    """Keep apart those around somebody who are blocked, and count pairs of them that cross and have met."""
    place = {person: at for at, person in enumerate(turnout.people)}
    for one, other in combinations(seats, 2):
        pair, cost = frozenset((one, other)), ledger.costs[place[one]][place[other]]
        if pair in turnout.walls:
            model.row({seats[one]: 1, seats[other]: 1, head: -1}, -1, 0)
        elif cost != BARRED and turnout.memory.burden(pair):
            model.row({seats[one]: 1, seats[other]: 1, head: -1, model.column(cost // MILD): -1}, -2, 0)
