"""Who hosts each table: everybody in turn, so that nobody does it more often than the others."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from circles.rotation.memory import pairs_of
from circles.rotation.values import MOST_ROUNDS, SMALLEST_TABLE, History, Pair, Placement, RoundPlan

Draw = Callable[[History, int, frozenset[Pair]], RoundPlan]
"""Seats the round of a number after a history, without hosts, and with these pairs at different tables if possible."""
Group = tuple[int, ...]

# What is weighed first to last: no newcomer hosts, nobody hosts a second time while somebody has yet to, nor earlier
# than needed, whoever hosted longest ago is asked, and chance. Each weighs more than all of the next can together,
# and every sum stays below 2**53, where floating point counts exactly.
NEWCOMER, LEVEL, EARLY, RECENT, CHANCE = 2**46, 2**35, 2**23, 2**14, 2**10
FARTHEST_LEVEL = 7
# Rounds looked at for a choice of hosts, this one included. Of terms of 16 people at tables of 4, two leave somebody
# behind in 7 of 25; of those of 25 at tables of 5 or 28 at tables of 4, three do so in 2 of 42, four in none.
FORESIGHT = 4


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is: how often each person has hosted, when last, and who has never been in a round.

    Whoever comes late begins with the least that the others have done; whoever was away owes one turn at most.
    """

    hosted: Mapping[int, int]
    last: Mapping[int, int]
    newcomers: frozenset[int]


def turns_of(history: History, people: Sequence[int]) -> Turns:
    """Read from a history whose turn it is among the people of a round."""
    hosted: dict[int, int] = {}
    last: dict[int, int] = {}
    before: set[int] = set()
    placements = sorted(history.placements, key=lambda placement: placement.number)
    for number, groups in groupby(placements, key=lambda placement: placement.number):
        held = list(groups)
        here = frozenset().union(*(group.people for group in held))
        _welcome(hosted, here, before)
        for host in sorted(group.host for group in held if group.host is not None):
            hosted[host], last[host] = hosted[host] + 1, number
        before = set(here)
    newcomers = frozenset(people).difference(hosted) if hosted else frozenset()
    _welcome(hosted, people, before)
    return Turns({person: hosted[person] for person in people}, last, newcomers)


def _welcome(hosted: dict[int, int], here: Sequence[int] | frozenset[int], before: set[int]) -> None:
    least = min((hosted[person] for person in here if person in before), default=0)
    for person in sorted(here):
        if person not in hosted:
            hosted[person] = least
        elif person not in before:
            hosted[person] = max(hosted[person], least - 1)


def named(plan: RoundPlan, history: History, number: int, draw: Draw, seed: int) -> RoundPlan:
    """Give every table of a round its host.

    Who hosts now must leave the others a table to host later, so the next seatings are drawn too, as if all went as
    planned. With them the fairest choice is an assignment of tables to turns, solved exactly: where the seatings come
    true, nobody hosts twice before everybody has once. Where somebody would all the same, the round is drawn once more
    with those who are due at different tables, and kept if it costs nobody a fresh meeting.
    """
    past = history.before(number)
    people = _at_tables(plan)
    if not people:
        return plan
    turns = turns_of(past, people)
    chosen = _chosen(plan, past, number, draw, turns, seed)
    if due := _due_apart(chosen, turns):
        again = draw(past, number, due)
        if _at_tables(again) == people and _cost(again, past) <= _cost(plan, past):
            other = _chosen(again, past, number, draw, turns, seed)
            if not _due_apart(other, turns):
                plan, chosen = again, other
    return replace(plan, groups=tuple(replace(group, host=chosen.get(group.people)) for group in plan.groups))


def _chosen(
    plan: RoundPlan, past: History, number: int, draw: Draw, turns: Turns, seed: int
) -> dict[tuple[int, ...], int]:
    tables = _tables(plan)
    ahead = [tables, *_ahead(plan, past, number, draw, turns, len(tables))]
    return dict(zip(tables, _fairest(ahead, turns, random.Random(f"hosts:{seed}:{number}")), strict=True))


def _due_apart(chosen: Mapping[Group, int], turns: Turns) -> frozenset[Pair]:
    """The pairs to keep apart so that everybody who is due can host; none when nobody is left behind by two turns."""
    after = {person: hosted + (person in chosen.values()) for person, hosted in turns.hosted.items()}
    least = min(turns.hosted.values())
    if max(after[host] for host in chosen.values()) - min(after.values()) < 2:
        return frozenset()
    due = [person for person, hosted in turns.hosted.items() if hosted == least and person not in turns.newcomers]
    due.sort(key=lambda person: (person not in chosen.values(), turns.last.get(person, 0), person))
    return frozenset(pairs_of(due[: len(chosen)]))


def _cost(plan: RoundPlan, past: History) -> tuple[int, int]:
    """Who is left out, and what repeats weigh: the square of how often the two met."""
    return len(plan.sitting_out), sum(past.times_met(pair) ** 2 for pair in plan.repeats)


def successor(left: Sequence[int], history: History, number: int) -> int | None:
    """Say who hosts a table whose host can't come: of those left, whoever hosted least and longest ago.

    None where two are left, who need no host.
    """
    if len(left) < SMALLEST_TABLE:
        return None
    turns = turns_of(history.before(number), left)
    return min(left, key=lambda one: (one in turns.newcomers, turns.hosted[one], turns.last.get(one, 0), one))


def _tables(plan: RoundPlan) -> list[Group]:
    return [group.people for group in plan.groups if len(group.people) >= SMALLEST_TABLE]


def _at_tables(plan: RoundPlan) -> list[int]:
    return sorted(person for table in _tables(plan) for person in table)


def _ahead(plan: RoundPlan, past: History, number: int, draw: Draw, turns: Turns, each: int) -> list[list[Group]]:
    """The tables of the next rounds, until all who are behind could have hosted, within reason."""
    most = max(turns.hosted.values())
    behind = sum(most - hosted for hosted in turns.hosted.values()) or len(turns.hosted)
    rounds: list[list[Group]] = []
    for at in range(number + 1, min(number + min(-(-behind // each), FORESIGHT), MOST_ROUNDS + 1)):
        past = as_if_met(past, plan, at - 1)
        plan = draw(past, at, frozenset())
        rounds.append(_tables(plan))
    return rounds


def as_if_met(past: History, plan: RoundPlan, number: int) -> History:
    """Give a history with one round more, in which everybody met as planned."""
    return replace(
        past,
        placements=past.placements
        + tuple(
            Placement(number, frozenset(group.people), frozenset(pairs_of(group.people)), group.host)
            for group in plan.groups
        ),
        sat_out=past.sat_out + tuple((number, sitter.person) for sitter in plan.sitting_out),
    )


def _fairest(rounds: Sequence[Sequence[Group]], turns: Turns, rng: random.Random) -> list[int]:
    """The hosts of the first of these rounds, by the best assignment of all their tables to people's next turns."""
    import numpy as np  # noqa: PLC0415 - start-up time: most commands draw no round
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    people, least = sorted(turns.hosted), min(turns.hosted.values())
    # A table of none but people who sit this round out is nobody's to host, as far as can be told.
    here = turns.hosted.keys()
    seats = [(at, table) for at, tables in enumerate(rounds) for table in tables if not here.isdisjoint(table)]
    again = len(rounds)
    costs = np.full((len(seats), len(people) * again), np.inf)
    days = sorted({turns.last.get(person, 0) for person in people})
    longest_ago = {person: days.index(turns.last.get(person, 0)) for person in people}
    for column, person in enumerate(people):
        for turn in range(again):
            level = min(turns.hosted[person] - least + turn, FARTHEST_LEVEL)
            for row, (at, table) in enumerate(seats):
                if person in table:
                    cost = LEVEL * (2 * level + 1) + EARLY * (len(rounds) - at) * level
                    if at == 0:
                        cost += NEWCOMER * (person in turns.newcomers) + RECENT * longest_ago[person]
                        cost += rng.randrange(CHANCE)
                    costs[row, column * again + turn] = cost
    rows, columns = linear_sum_assignment(costs)
    host_of = {int(row): people[int(column) // again] for row, column in zip(rows, columns, strict=True)}
    return [host_of[row] for row, (at, _table) in enumerate(seats) if at == 0]
