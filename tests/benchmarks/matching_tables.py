"""How good tables are: plans beside the longest known, rounds until all have met, and repeats while people come and go.

Run it by hand from the root of the repository (about four minutes):

    python -m tests.benchmarks.matching_tables

* Plans: for every shape of ``data/golfer_best_known.csv`` the weeks of our plan beside the longest known. Each plan is
  judged here by a checker of this file's own before it counts; one with a fault counts as 0 weeks.
* Everybody meets everybody: rounds that ``next_round`` needs for n people until all have met, beside the fewest rounds
  known (``data/all_meet_rounds.csv``, its upper bound), above 30 people beside the least that counting allows. The
  published rounds use any number of tables of at most so many seats; ours differ by at most one seat and may have one
  seat more than wished, as the product has them, so a ratio can be below 1.
* Coming and going: each round a tenth of the people is replaced and 15 % skip; the share of pairs at a table that have
  met before. Beside it, each on a history of its own: a shuffle, the best of 50 shuffles, and filling one table after
  the other with whoever has met the fewest there. The same seeds for all.
* Keeping apart: of people of whom many pairs may not meet, or who come from few institutions, how many have a seat
  beside the most that any seating gives (a largest pairing, which may leave out a few whom tables of three would seat),
  how many of them sit in twos, and the processor's seconds for a round and for a forecast of ten.
"""

import csv
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import networkx as nx

from circles.rotation import golfer, rules
from circles.rotation.rules import History, Placement, Player, Rotation
from circles.rotation.tables import sizes
from tests.benchmarks.figures import Figure

DATA = Path(__file__).parent / "data"
SEEDS = (1, 2, 3)
ROUNDS = 26
Groups = Sequence[Sequence[int]]
Pair = frozenset[int]


def figures() -> Iterator[Figure]:
    """Measure everything, each figure as soon as it is known."""
    yield from plans()
    yield from all_meet()
    yield from coming_and_going()
    yield from keeping_apart()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


# plans


def sound_weeks(groups: int, size: int) -> int:
    """How many weeks our plan has; 0 if it has a fault."""
    weeks = golfer.plan(groups, size)
    had: set[tuple[int, int]] = set()
    for week in weeks:
        if sorted(person for table in week for person in table) != list(range(groups * size)):
            return 0
        for table in week:
            together = {(one, other) for one in table for other in table if one < other}
            if len(table) != size or had & together:
                return 0
            had |= together
    return len(weeks)


def plans() -> Iterator[Figure]:
    equal = shapes = hard = equal_hard = 0
    for row in rows("golfer_best_known.csv"):
        groups, size, known = int(row["groups"]), int(row["group_size"]), int(row["best_known_weeks"])
        ours = sound_weeks(groups, size)
        yield Figure(f"plan: {groups} tables of {size}", ours, known, "weeks")
        shapes, equal = shapes + 1, equal + (ours == known)
        if size > 2 and known > 1:
            hard, equal_hard = hard + 1, equal_hard + (ours == known)
    yield Figure("plans as long as the longest known", equal, shapes, "shapes")
    yield Figure("of these, tables of 3 and more for more than one week", equal_hard, hard, "shapes")


# everybody meets everybody


def rounds_until_all_met(people: int, size: int) -> int:
    players = [Player(person, "mentee") for person in range(1, people + 1)]
    history, met, number = History(), set[Pair](), 0
    while len(met) < people * (people - 1) // 2:
        number += 1
        plan = rules.next_round(players, history, Rotation("tables", size=size), (), number=number, seed=1)
        held = tuple(placed(number, group.people) for group in plan.groups)
        met = met.union(*(placement.met for placement in held))
        history = History(history.placements + held)
    return number


def placed(number: int, group: Sequence[int]) -> Placement:
    return Placement(number, frozenset(group), frozenset(frozenset(two) for two in combinations(group, 2)))


def all_meet() -> Iterator[Figure]:
    fewest = {(int(row["n"]), int(row["table_size"])): int(row["upper"]) for row in rows("all_meet_rounds.csv")}
    ratios = []
    for size in range(3, 7):
        for people in range(6, 41):
            least = fewest.get((people, size), -(-(people - 1) // (size - 1)))
            ours = rounds_until_all_met(people, size)
            ratios.append((people, ours / least))
            yield Figure(f"all have met: {people} people, tables of {size}", ours, least, "rounds")
    published = [ratio for people, ratio in ratios if people <= 30]
    counted = [ratio for people, ratio in ratios if people > 30]
    yield Figure("all have met: mean ratio to the published fewest, 6 to 30 people", mean(published), 1.0, "")
    yield Figure("all have met: mean ratio to what counting allows, 31 to 40 people", mean(counted), 1.0, "")


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


# coming and going

Choose = Callable[[Sequence[int], int, dict[Pair, int], History, int, random.Random], Groups]


def ours(
    here: Sequence[int], size: int, met: dict[Pair, int], past: History, number: int, chance: random.Random
) -> Groups:
    del met, chance
    players = [Player(person, "mentee") for person in here]
    plan = rules.next_round(players, past, Rotation("tables", size=size), (), number=number, seed=1)
    return [group.people for group in plan.groups]


def shuffled(
    here: Sequence[int], size: int, met: dict[Pair, int], past: History, number: int, chance: random.Random
) -> Groups:
    del met, past, number
    order = iter(chance.sample(list(here), len(here)))
    return [[next(order) for _ in range(seats)] for seats in sizes(len(here), size)[0]]


def best_of_fifty(
    here: Sequence[int], size: int, met: dict[Pair, int], past: History, number: int, chance: random.Random
) -> Groups:
    tried = [shuffled(here, size, met, past, number, chance) for _ in range(50)]
    return min(tried, key=lambda groups: sum(two in met for group in groups for two in pairs_in(group)))


def greedy(
    here: Sequence[int], size: int, met: dict[Pair, int], past: History, number: int, chance: random.Random
) -> Groups:
    del past, number
    left = chance.sample(list(here), len(here))
    groups: list[list[int]] = []
    for seats in sizes(len(here), size)[0]:
        groups.append([left.pop()])
        while len(groups[-1]) < seats:
            groups[-1].append(
                min(left, key=lambda one: sum(met.get(frozenset((one, other)), 0) for other in groups[-1]))
            )
            left.remove(groups[-1][-1])
    return groups


def pairs_in(group: Sequence[int]) -> list[Pair]:
    return [frozenset(two) for two in combinations(group, 2)]


def repeat_rate(choose: Choose, people: int, size: int) -> tuple[float, float, float]:
    """Play all seeds; the share of repeats in percent, and the mean and longest seconds of a round."""
    meetings = again = 0
    seconds = []
    for seed in SEEDS:
        chance, lots = random.Random(seed), random.Random(seed)
        members, newest, met, past = list(range(people)), people, dict[Pair, int](), History()
        for number in range(1, ROUNDS + 1):
            members = [person for person in members if chance.random() >= 0.1]
            leaving = people - len(members)
            members += range(newest, newest + leaving)
            newest += leaving
            here = [person for person in members if chance.random() >= 0.15]
            start = time.perf_counter()
            groups = choose(here, size, met, past, number, lots)
            seconds.append(time.perf_counter() - start)
            for group in groups:
                for two in pairs_in(group):
                    meetings, again = meetings + 1, again + (two in met)
                    met[two] = met.get(two, 0) + 1
            past = History(past.placements + tuple(placed(number, group) for group in groups))
    return 100 * again / meetings, mean(seconds), max(seconds)


def coming_and_going() -> Iterator[Figure]:
    for people, size in ((30, 3), (32, 4), (50, 5), (100, 4)):
        name = f"{people} people, tables of {size}, 10 % replaced and 15 % away: repeats"
        rate, usual, longest = repeat_rate(ours, people, size)
        yield Figure(f"{name}, beside greedy", rate, repeat_rate(greedy, people, size)[0], "%")
        yield Figure(f"{name}, beside the best of 50 shuffles", rate, repeat_rate(best_of_fifty, people, size)[0], "%")
        yield Figure(f"{name}, beside a shuffle", rate, repeat_rate(shuffled, people, size)[0], "%")
        yield Figure(f"{people} people, tables of {size}: a round with its hosts, mean", usual)
        yield Figure(f"{people} people, tables of {size}: a round with its hosts, longest", longest)


# keeping apart


def keeping_apart() -> Iterator[Figure]:
    rounds_until_all_met(6, 3)  # what a round needs is loaded
    for people in (30, 60):
        for percent in (50, 75, 90):
            pairs = [frozenset(two) for two in combinations(range(1, people + 1), 2)]
            walls = random.Random(percent).sample(pairs, len(pairs) * percent // 100)
            yield from _apart(f"{people} people, {percent} % of pairs apart", people, walls)
    for homes in ((15, 15), (14, 14, 2), (20, 5, 5), (25, 20, 15)):
        ends = [sum(homes[: at + 1]) for at in range(len(homes))]
        walls = [two for home, end in zip(homes, ends, strict=True) for two in pairs_in(range(end - home + 1, end + 1))]
        yield from _apart(f"institutions of {', '.join(map(str, homes))}", sum(homes), walls)


def _apart(name: str, people: int, walls: Sequence[Pair]) -> Iterator[Figure]:
    players, rotation = [Player(one, "mentee") for one in range(1, people + 1)], Rotation("tables", size=6)
    start = time.process_time()
    plan = rules.next_round(players, History(), rotation, walls, number=1, seed=1)
    took = time.process_time() - start
    sizes_here = [len(group.people) for group in plan.groups]
    yield Figure(f"{name}: seated, beside a largest pairing", sum(sizes_here), _paired(people, walls), "")
    yield Figure(f"{name}: in twos", 2 * sizes_here.count(2), None, "")
    yield Figure(f"{name}: a round with its hosts, processor", took)
    if people <= 30:
        start = time.process_time()
        rules.forecast(players, History(), rotation, walls, number=1, seed=1, rounds=10)
        yield Figure(f"{name}: a forecast of ten rounds, processor", time.process_time() - start)


def _paired(people: int, walls: Sequence[Pair]) -> int:
    graph, apart = nx.Graph(), set(walls)
    graph.add_edges_from(two for two in combinations(range(1, people + 1), 2) if frozenset(two) not in apart)
    return 2 * len(nx.max_weight_matching(graph, maxcardinality=True))


if __name__ == "__main__":
    for figure in figures():
        print(figure.line(), flush=True)
