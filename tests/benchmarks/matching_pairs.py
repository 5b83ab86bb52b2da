"""Pairs round after round: how often people meet again, beside what coffee bots do, and how long a round takes."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from statistics import median

import networkx as nx

from circles.rotation import crowd, rules
from circles.rotation.ledger import crosses
from circles.rotation.matching import cheapest
from circles.rotation.memory import MET, pairs_of, remember
from circles.rotation.rules import History, Placement, Player, Rotation
from tests.benchmarks.figures import Figure

Two = tuple[int, int]
Met = dict[Two, int]  # the last round in which two people met
Round = Callable[[list[int], list[int], Met, random.Random], list[Two]]
SEEDS = range(1, 21)
SCENARIOS = (  # people, rounds, share replaced each round, share that skips each round
    (12, 24, 0.10, 0.15),
    (20, 26, 0.10, 0.15),
    (50, 26, 0.10, 0.15),
    (100, 52, 0.10, 0.15),
    (20, 19, 0.0, 0.15),
    (50, 49, 0.0, 0.15),
)


def figures() -> Iterator[Figure]:
    """Every figure of the pairs, as soon as it is known."""
    for scenario in SCENARIOS:
        yield from _churn(*scenario)
    yield from _hindsight()
    yield from _other_shapes()
    yield from _standing()
    yield from _times()
    yield from _crowds()
    yield from _imports()


# a year with comings and goings, the same for every method


def _year(n: int, rounds: int, churn: float, skip: float, seed: int) -> list[tuple[list[int], list[int]]]:
    """For each round, who sits on the n seats and who of them is there; a newcomer takes the seat of who left."""
    chance, seats, newest = random.Random(seed), list(range(n)), n
    year = []
    for number in range(rounds):
        for seat in range(n if number else 0):
            if chance.random() < churn:
                seats[seat], newest = newest, newest + 1
        year.append((list(seats), [person for person in seats if chance.random() >= skip]))
    return year


def _two(one: int, other: int) -> Two:
    return (one, other) if one < other else (other, one)


def _played(year: Sequence[tuple[list[int], list[int]]], draw: Round, seed: int) -> list[list[Two]]:
    """Play a year with a method that pairs an even number; of an odd one, somebody with fewest byes sits out."""
    chance, met, byes = random.Random(-seed), {}, {}
    played = []
    for number, (seats, there) in enumerate(year, 1):
        here = list(there)
        if len(here) % 2:
            out = min(here, key=lambda person: (byes.get(person, 0), chance.random()))
            byes[out] = byes.get(out, 0) + 1
            here.remove(out)
        pairs = [_two(*two) for two in draw(seats, here, met, chance)]
        met |= dict.fromkeys(pairs, number)
        played.append(pairs)
    return played


def _ours(
    year: Sequence[tuple[list[int], list[int]]],
    seed: int,
    rotation: Rotation,
    roles: Sequence[rules.Role] = ("mentee",),
) -> list[list[Two]]:
    """Play a year with the rules, which see only what has happened; roles are taken in turn, by seat."""
    history, played = History(), []
    for number, (seats, there) in enumerate(year, 1):
        role_of = {person: roles[seat % len(roles)] for seat, person in enumerate(seats)}
        players = [Player(person, role_of[person]) for person in there]
        plan = rules.next_round(players, history, rotation, (), number=number, seed=seed)
        history = History(
            history.placements
            + tuple(
                Placement(number, frozenset(group.people), frozenset(pairs_of(group.people))) for group in plan.groups
            ),
            history.sat_out + tuple((number, sitter.person) for sitter in plan.sitting_out),
        )
        counted = [two for group in plan.groups for two in combinations(sorted(group.people), 2)]
        if rotation.kind == "mentor-mentee":
            counted = [two for two in counted if crosses(role_of[two[0]], role_of[two[1]])]
        played.append(counted)
    return played


def _repeats(played: Sequence[Sequence[Two]]) -> tuple[int, int, int]:
    """Repeat meetings, all meetings, and the fewest rounds between two meetings of one pair (0: none met again)."""
    last: Met = {}
    again, gaps = 0, []
    for number, pairs in enumerate(played, 1):
        for two in pairs:
            if two in last:
                again += 1
                gaps.append(number - last[two])
            last[two] = number
    return again, sum(map(len, played)), min(gaps, default=0)


# what others do


def _shuffled(_seats: list[int], here: list[int], _met: Met, chance: random.Random) -> list[Two]:
    order = chance.sample(here, len(here))
    return list(zip(order[::2], order[1::2], strict=True))


def _best_of_fifty(seats: list[int], here: list[int], met: Met, chance: random.Random) -> list[Two]:
    tries = [_shuffled(seats, here, met, chance) for _ in range(50)]
    return min(tries, key=lambda pairs: sum(_two(*two) in met for two in pairs))


def _greedy(_seats: list[int], here: list[int], met: Met, chance: random.Random) -> list[Two]:
    """A coffee bot: one after the other takes whoever of the rest she never met, or met longest ago."""
    rest, pairs = chance.sample(here, len(here)), []
    while rest:
        one = rest.pop()
        other = min(rest, key=lambda two: met.get(_two(one, two), 0))
        rest.remove(other)
        pairs.append((one, other))
    return pairs


def _circle_alone(seats: list[int], here: list[int], met: Met, _chance: random.Random) -> list[Two]:
    """The circle method over the seats; those whose partner isn't there are paired as they come."""
    turn, size = max(met.values(), default=0), len(seats) - 1
    around = [(turn + step) % size for step in range(size)]
    planned = [(seats[around[0]], seats[size])]
    planned += [(seats[around[step]], seats[around[-step]]) for step in range(1, size // 2 + 1)]
    pairs = [two for two in planned if two[0] in here and two[1] in here]
    rest = [person for person in here if not any(person in two for two in pairs)]
    return [*pairs, *zip(rest[::2], rest[1::2], strict=True)]


def _networkx(_seats: list[int], here: list[int], met: Met, chance: random.Random) -> list[Two]:
    """Exact matching among those who never met, all equally good, as Yelp's beans does; the rest by chance."""
    graph = nx.Graph()
    order = chance.sample(here, len(here))
    graph.add_nodes_from(order)
    graph.add_edges_from((one, other) for one, other in combinations(order, 2) if _two(one, other) not in met)
    pairs = sorted(_two(*two) for two in nx.max_weight_matching(graph, maxcardinality=True))
    rest = [person for person in order if not any(person in two for two in pairs)]
    return [*pairs, *zip(rest[::2], rest[1::2], strict=True)]


METHODS: dict[str, Round] = {
    "shuffle": _shuffled,
    "best of 50 shuffles": _best_of_fifty,
    "greedy coffee bot": _greedy,
    "circle method alone": _circle_alone,
    "networkx, equal weights": _networkx,
}


def _churn(n: int, rounds: int, churn: float, skip: float) -> Iterator[Figure]:
    name = f"{n} people, {rounds} rounds, {churn:.0%} new, {skip:.0%} skip"
    again_name = f"{n} people, {rounds} rounds: fewest rounds between"
    years = {seed: _year(n, rounds, churn, skip, seed) for seed in SEEDS}
    played = {seed: _ours(year, seed, Rotation("everyone", odd="bye")) for seed, year in years.items()}
    again, meetings, gap = _summed([_repeats(one) for one in played.values()])
    ours = 100 * again / meetings
    for method, draw in METHODS.items():
        theirs = _summed([_repeats(_played(years[seed], draw, seed)) for seed in SEEDS])
        yield Figure(f"{name}: repeats, {method}", ours, 100 * theirs[0] / theirs[1], "%")
        if gap and theirs[2]:  # where nobody met again there is nothing between
            yield Figure(f"{again_name}, {method}", gap, theirs[2], "rounds")
    bound = sum(_lower_bound(year) for year in years.values())
    yield Figure(f"{name}: lower bound (partners ever there)", 100 * bound / meetings, None, "%")
    free = sum(_repeats_though_nobody_had_run_out(years[seed], played[seed]) for seed in SEEDS)
    yield Figure(f"{name}: repeats though all had somebody new there", 100 * free / meetings, None, "%")


def _summed(results: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    gaps = [gap for _again, _meetings, gap in results if gap]
    return sum(one[0] for one in results), sum(one[1] for one in results), min(gaps, default=0)


def _lower_bound(year: Sequence[tuple[list[int], list[int]]]) -> int:
    """Repeats that nobody could avoid: rounds somebody attended beyond the people who were ever there with her.

    One bye in each round with an odd number is taken off for everybody, so that it stays a lower bound.
    """
    beside: dict[int, set[int]] = {}
    rounds: dict[int, int] = {}
    for _seats, here in year:
        for person in here:
            beside.setdefault(person, set()).update(other for other in here if other != person)
            rounds[person] = rounds.get(person, 0) + 1 - len(here) % 2
    return sum(max(0, rounds[person] - len(others)) for person, others in beside.items()) // 2


def _repeats_though_nobody_had_run_out(
    year: Sequence[tuple[list[int], list[int]]], played: Sequence[Sequence[Two]]
) -> int:
    """Repeats in rounds in which everybody who was there had somebody there whom she had not met."""
    met: set[Two] = set()
    count = 0
    for (_seats, here), pairs in zip(year, played, strict=True):
        if all(any(_two(one, other) not in met for other in here if other != one) for one in here):
            count += sum(two in met for two in pairs)
        met.update(pairs)
    return count


def _hindsight() -> Iterator[Figure]:
    """The fewest repeats had the whole year been known beforehand, for some seeds at 12: HiGHS, to the optimum."""
    years = [_year(12, 24, 0.10, 0.15, seed) for seed in SEEDS]
    ours = sum(_repeats(_ours(year, seed, Rotation("everyone", odd="bye")))[0] for seed, year in enumerate(years, 1))
    yield Figure("12 people, 24 rounds, all seeds: repeats", ours, None, "")
    yield Figure("  the same with the future known, byes to anybody", sum(map(_fewest, years)), None, "")


def _fewest(year: Sequence[tuple[list[int], list[int]]]) -> float:
    import numpy as np  # noqa: PLC0415 - the import of this module is measured by others
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above
    from scipy.sparse import csc_array  # noqa: PLC0415 - as above

    cells: list[tuple[int, int, int]] = []
    upper: list[float] = []
    lower: list[float] = []
    columns: dict[Two, list[int]] = {}
    size = 0
    for _seats, here in year:
        row_of = {person: len(upper) + at for at, person in enumerate(here)}
        upper += [1.0] * len(here)
        lower += [1.0] * len(here)
        for one, other in combinations(here, 2):
            cells += [(row_of[one], size, 1), (row_of[other], size, 1)]
            columns.setdefault(_two(one, other), []).append(size)
            size += 1
        if len(here) % 2:
            cells += [(row, size + at, 1) for at, row in enumerate(row_of.values())]
            size += len(here)
    whole, costs = size, [0.0] * size
    for meetings in columns.values():
        cells += [(len(upper), column, 1) for column in meetings] + [(len(upper), size, -1)]
        upper.append(1.0)
        lower.append(-np.inf)
        costs.append(1.0)
        size += 1
    rows, at, values = zip(*cells, strict=True)
    found = milp(
        np.array(costs),
        constraints=LinearConstraint(
            csc_array((values, (rows, at)), shape=(len(upper), size), dtype=float), lower, upper
        ),
        bounds=Bounds(0, [1.0] * whole + [24.0] * (size - whole)),
        integrality=[1] * whole + [0] * (size - whole),
        options={"time_limit": 20},
    )
    return round(float(found.mip_dual_bound), 3)


def _other_shapes() -> Iterator[Figure]:
    """Trios where the number is odd, and mentors with mentees, over the same years."""
    for name, n, rounds, rotation, roles in (
        ("12 people with trios", 12, 24, Rotation("everyone"), ("mentee",)),
        ("10 mentors, 10 mentees, trios", 20, 26, Rotation("mentor-mentee"), ("mentor", "mentee")),
        ("10 mentors, 10 mentees, byes", 20, 26, Rotation("mentor-mentee", odd="bye"), ("mentor", "mentee")),
        ("10 mentors, 20 mentees, trios", 30, 26, Rotation("mentor-mentee"), ("mentor", "mentee", "mentee")),
        ("20 people, half of them both", 20, 26, Rotation("mentor-mentee"), ("mentor", "mentee", "both", "both")),
        ("20 people, all of them both", 20, 26, Rotation("mentor-mentee"), ("both",)),
    ):
        results = [_repeats(_ours(_year(n, rounds, 0.10, 0.15, seed), seed, rotation, roles)) for seed in SEEDS]
        again, meetings, gap = _summed(results)
        yield Figure(f"{name}, {rounds} rounds, 10% new, 15% skip: repeats", 100 * again / meetings, None, "%")
        yield Figure(f"{name}, {rounds} rounds: fewest rounds between", gap, None, "rounds")


def _standing() -> Iterator[Figure]:
    """Circles that stand: everybody once in n - 1 rounds."""
    for n in (10, 20, 30, 50):
        again, meetings, _gap = _repeats(_ours(_year(n, n - 1, 0, 0, 1), 1, Rotation("everyone")))
        greedy = _repeats(_played(_year(n, n - 1, 0, 0, 1), _greedy, 1))
        yield Figure(
            f"{n} people, {n - 1} rounds, all there: repeats, greedy coffee bot",
            100 * again / meetings,
            100 * greedy[0] / greedy[1],
            "%",
        )


# how long it takes: processor time of one thread, which is the time on the clock where nothing else runs


def _past(n: int, rounds: int, roles: Sequence[rules.Role], churn: float = 0.1) -> tuple[list[Player], History]:
    """People and their history after so many rounds; drawn by shuffles that avoid repeats, to be quick."""
    year = _year(n, rounds + 1, churn, 0.15, 1)
    played = _played(year[:-1], _best_of_fifty if n <= 300 else _shuffled, 1)
    placements = [
        Placement(number, frozenset(two), frozenset({frozenset(two)}))
        for number, pairs in enumerate(played, 1)
        for two in pairs
    ]
    seats = year[-1][0]
    return [Player(person, roles[seat % len(roles)]) for seat, person in enumerate(seats)], History(tuple(placements))


def _seconds(n: int, rotation: Rotation, roles: Sequence[rules.Role], times: int) -> float:
    players, history = _past(n, 26, roles)
    taken = []
    for seed in range(times + 1):
        begin = time.process_time()
        rules.next_round(players, history, rotation, (), number=27, seed=seed)
        taken.append(time.process_time() - begin)
    return median(taken[1:])


def _blocked(times: int) -> float:
    players, history = _past(30, 26, ("mentor", "mentee", "mentee"))
    players = [replace(player, capacity=1 + player.id % 5) for player in players]
    taken = []
    for seed in range(times + 1):
        chance = random.Random(seed)
        walls = [two for two in pairs_of([player.id for player in players]) if chance.random() < 0.1]
        begin = time.process_time()
        rules.next_round(players, history, Rotation("mentor-mentee"), walls, number=27, seed=seed)
        taken.append(time.process_time() - begin)
    return median(taken[1:])


def _weighted(n: int) -> tuple[list[tuple[int, int, int]], "nx.Graph[int]"]:
    chance = random.Random(n)
    edges = [(one, other, 1 + chance.randrange(10_000)) for one, other in combinations(range(n), 2)]
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, 20_000 - cost) for one, other, cost in edges)
    return edges, graph


def _times() -> Iterator[Figure]:
    edges, graph = _weighted(30)
    beside = _timed(lambda: nx.max_weight_matching(graph, maxcardinality=True), 5)
    crossing: tuple[rules.Role, ...] = ("mentor", "mentee")
    for name, n, rotation, roles, times in (
        ("30 people", 30, Rotation("everyone", odd="bye"), ("mentee",), 200),
        ("29 people and a trio", 29, Rotation("everyone"), ("mentee",), 200),
        ("15 mentors, 15 mentees", 30, Rotation("mentor-mentee"), crossing, 200),
        ("10 mentors, 20 mentees in trios", 30, Rotation("mentor-mentee"), ("mentor", "mentee", "mentee"), 200),
    ):
        yield Figure(f"a round of {name} after 26, beside networkx", _seconds(n, rotation, roles, times), beside)
    yield Figure("a round of 10 mentors with room for 1 to 5, 20 mentees, a tenth of the pairs blocked", _blocked(50))
    edges, graph = _weighted(300)
    exact = _timed(lambda: cheapest([1] * 300, edges), 3)
    for name, n, rotation, roles, times in (
        ("300 people", 300, Rotation("everyone", odd="bye"), ("mentee",), 5),
        ("299 people and a trio", 299, Rotation("everyone"), ("mentee",), 5),
        ("150 mentors, 150 mentees", 300, Rotation("mentor-mentee"), crossing, 5),
    ):
        yield Figure(f"a round of {name} after 26, beside bare rustworkx", _seconds(n, rotation, roles, times), exact)
    graph = nx.Graph(combinations(range(300), 2))
    equal = _timed(lambda: nx.max_weight_matching(graph, maxcardinality=True), 1)
    yield Figure("  pairing 300 alone: rustworkx with weights, networkx without", exact, equal)
    players, history = _past(30, 26, ("mentee",))
    yield Figure(
        "a forecast of 30 rounds for 30 people",
        _timed(lambda: rules.forecast(players, history, Rotation("everyone"), (), number=27, seed=1, rounds=30), 1),
    )


def _timed(run: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        begin = time.process_time()
        run()
        taken.append(time.process_time() - begin)
    return median(taken)


def _crowds() -> Iterator[Figure]:
    """Ten thousand: what the past costs in a round, where the bound is nothing."""
    shapes: tuple[tuple[str, rules.Kind, tuple[rules.Role, ...]], ...] = (
        ("10,000 people", "everyone", ("mentee",)),
        ("3,334 mentors, 6,666 mentees", "mentor-mentee", ("mentor", "mentee", "mentee")),
    )
    for name, kind, roles in shapes:
        players, history = _past(10_000, 26, roles, churn=0.01)
        homes = [[player.id for player in players[at::100]] for at in range(100)]  # institutions of a hundred
        apart = {frozenset(two) for home in homes for two in combinations(home, 2)}
        begin = time.process_time()
        rules.next_round(players, history, Rotation(kind), (), number=27, seed=1)
        yield Figure(f"a round of {name} after 26", time.process_time() - begin)
        begin = time.process_time()
        plan = rules.next_round(players, history, Rotation(kind), apart, number=27, seed=1)
        yield Figure(f"a round of {name} after 26, {len(apart)} blocks", time.process_time() - begin)
        together = [two for group in plan.groups for two in pairs_of(group.people)]
        yield Figure(f"  {name}: blocked pairs that meet", len(apart.intersection(together)), None, "")
        memory = remember(history, 27)
        role = {player.id: player.role for player in players}
        counted = [two for two in together if kind == "everyone" or len({role[one] for one in two}) == 2]
        cost = sum(memory.burden(two) + memory.freshness(two) for two in counted)
        yield Figure(f"  {name}: what the past costs, in repeats (the bound is 0)", cost / MET, None, "")
    for n in (300, 1000, 2000):
        yield from _near_best(n)


def _near_best(n: int) -> Iterator[Figure]:
    """Pairs by the distance of people's interests and the past: seconds, and the gap to the assignment bound."""
    import numpy as np  # noqa: PLC0415 - the import of this module is measured by others
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    chance = random.Random(n)
    interests = np.array([[chance.randrange(1000) for _ in range(6)] for _ in range(n)])
    costs = np.abs(interests[:, None, :] - interests[None, :, :]).sum(axis=2)
    for _ in range(20 * n // 2):
        one, other = chance.sample(range(n), 2)
        costs[one, other] = costs[other, one] = costs[one, other] + 10_000
    begin = time.process_time()
    ours = sum(int(costs[two]) for two in crowd.near_best(costs))
    yield Figure(f"pairing {n} by interests and 20 past rounds, near the best", time.process_time() - begin)
    alone = costs.astype(float)
    np.fill_diagonal(alone, np.inf)
    bound = float(alone[linear_sum_assignment(alone)].sum()) / 2
    yield Figure("  gap to the assignment bound", 100 * (ours - bound) / bound, None, "%")
    if n <= 300:
        edges = [(one, other, int(costs[one, other])) for one, other in combinations(range(n), 2)]
        best = sum(int(costs[two]) for two in cheapest([1] * n, edges))
        yield Figure("  gap to the exact optimum", 100 * (ours - best) / best, None, "%")


def _imports() -> Iterator[Figure]:
    """What a first round has to import, in a process of its own."""
    scipy = median(_import_of("scipy.optimize") for _ in range(3))
    for module in ("rustworkx", "circles.rotation.rules"):
        yield Figure(f"import of {module}, beside scipy.optimize", median(_import_of(module) for _ in range(3)), scipy)


def _import_of(module: str) -> float:
    code = f"import time; begin = time.perf_counter(); import {module}; print(time.perf_counter() - begin)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    for figure in figures():
        print(figure.line(), flush=True)
