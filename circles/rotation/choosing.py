"""An exact choice of meeting groups: nobody twice, as few as possible sit out, and the cheapest round of those."""

from collections.abc import Mapping, Sequence

Group = tuple[int, ...]
SEAT = 1_000_000  # one person more sitting out is worse than any unfair turn
Count = tuple[list[int], int]  # so many of these columns
Cell = tuple[int, int, int]  # row, column, value


def choose(costs: Mapping[Group, int], turns: Mapping[int, int]) -> list[Group]:
    """Choose the groups of a round among all possible ones; whoever is in none of them sits out.

    In this order: few sit out, those whose turn it is do (`turns`: 0 first), few groups have three people, and the
    sum of `costs` is small. Set partitioning, solved to the optimum by HiGHS through SciPy.
    """
    groups, people = list(costs), sorted(turns)
    members = [*groups, *((person,) for person in people)]  # the last columns: this person sits out
    trios = [column for column, group in enumerate(groups) if len(group) > 2]
    sitting = {
        turn: [column for column, person in enumerate(people, len(groups)) if turns[person] == turn]
        for turn in sorted(set(turns.values()))
    }
    weights = [costs[group] for group in groups] + [0] * len(people)

    wrong = [int(len(group) > 2) for group in groups] + [SEAT + turns[person] ** 2 for person in people]
    fair = set(cover(members, people, wrong) or ())
    counts = [(trios, len(fair.intersection(trios)))]
    counts += [(columns, len(fair.intersection(columns))) for columns in sitting.values()]
    chosen = cover(members, people, weights, counts)
    return [members[column] for column in chosen or () if column < len(groups)]


def cover(
    members: Sequence[Group],
    people: Sequence[int],
    weights: Sequence[int],
    counts: Sequence[Count] = (),
    branches: int | None = None,
) -> list[int] | None:
    """Give the columns of least total weight that cover each person once, with so many of some columns.

    None if none do, or if so many branches of the search don't prove the best.
    """
    row_of = {person: row for row, person in enumerate(people)}
    cells = [(row_of[person], column, 1) for column, group in enumerate(members) for person in group]
    wanted = [1] * len(people)
    for columns, count in counts:
        cells += [(len(wanted), column, 1) for column in columns]
        wanted.append(count)
    chosen, is_proved = solved(weights, cells, wanted, wanted, branches)
    return None if branches is not None and not is_proved else chosen


def solved(
    weights: Sequence[int],
    cells: Sequence[Cell],
    low: Sequence[float],
    high: Sequence[float],
    branches: int | None = None,
) -> tuple[list[int] | None, bool]:
    """Choose columns of least total weight so that each row's sum lies from ``low`` to ``high``.

    Gives the columns, or None where none were found, and whether they are proved the best within so many branches of
    the search. Solved by HiGHS through SciPy.
    """
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above
    from scipy.sparse import csc_array  # noqa: PLC0415 - as above

    rows, columns, values = zip(*cells, strict=True)
    matrix = csc_array((np.array(values, dtype=float), (rows, columns)), shape=(len(low), len(weights)))
    found = milp(
        np.array(weights, dtype=float),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(len(weights)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0} | ({} if branches is None else {"node_limit": branches}),
    )
    chosen = None if found.x is None else [column for column, share in enumerate(found.x) if share > 0.5]
    return chosen, found.status == 0
