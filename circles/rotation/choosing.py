"""An exact choice of meeting groups: nobody twice, as few as possible sit out, and the cheapest round of those."""

from collections.abc import Mapping, Sequence

Group = tuple[int, ...]
SEAT = 1_000_000  # one person more sitting out is worse than any unfair turn
Count = tuple[list[int], int]  # so many of these columns


def choose(costs: Mapping[Group, int], turns: Mapping[int, int], trios_if_all_fit: int | None) -> list[Group]:
    """Choose the groups of a round among all possible ones; whoever is in none of them sits out.

    In this order: few sit out, those whose turn it is do (`turns`: 0 first), few groups have three people, and the
    sum of `costs` is small. If it is known that everybody fits, `trios_if_all_fit` is the number of trios it takes,
    which spares a search. Set partitioning, solved to the optimum by HiGHS through SciPy.
    """
    groups, people = list(costs), sorted(turns)
    if not groups:
        return []
    members = [*groups, *((person,) for person in people)]  # the last columns: this person sits out
    first_sitter = len(groups)
    trios = [column for column, group in enumerate(groups) if len(group) > 2]
    sitters = list(range(first_sitter, len(members)))
    if trios_if_all_fit is not None:
        counts = [(sitters, 0), (trios, trios_if_all_fit)]
    else:
        fairness = [int(len(group) > 2) for group in groups] + [SEAT + turns[person] ** 2 for person in people]
        chosen = set(_cheapest(members, people, fairness, []))
        classes = {
            turn: [first_sitter + i for i, person in enumerate(people) if turns[person] == turn]
            for turn in sorted(set(turns.values()))
        }
        counts = [(columns, len(chosen.intersection(columns))) for columns in (trios, *classes.values())]
    weights = [costs[group] for group in groups] + [0] * len(people)
    return [members[column] for column in _cheapest(members, people, weights, counts) if column < first_sitter]


def _cheapest(
    members: Sequence[Group], people: Sequence[int], weights: Sequence[int], counts: Sequence[Count]
) -> list[int]:
    """The columns of least total weight that cover each person once, with so many of some columns."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above
    from scipy.sparse import csc_array  # noqa: PLC0415 - as above

    row_of = {person: row for row, person in enumerate(people)}
    cells = [(row_of[person], column) for column, group in enumerate(members) for person in group]
    wanted = [1] * len(people)
    for columns, count in counts:
        cells += [(len(wanted), column) for column in columns]
        wanted.append(count)
    rows, columns_of_cells = zip(*cells, strict=True)
    matrix = csc_array((np.ones(len(cells)), (rows, columns_of_cells)), shape=(len(wanted), len(members)))
    found = milp(
        np.array(weights, dtype=float),
        constraints=LinearConstraint(matrix, wanted, wanted),
        integrality=np.ones(len(members)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    return [column for column, share in enumerate(found.x) if share > 0.5]
