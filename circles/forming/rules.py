"""The two questions an organiser asks: which circles could there be, and what if this person sat elsewhere.

Everything is decided from the arguments alone: the same people (in any order), rules and seed give the same proposal.
"""

from collections.abc import Sequence
from dataclasses import replace

from circles import seeds
from circles.forming.board import group_of, lay_out, members
from circles.forming.diagnosis import diagnose
from circles.forming.draw import draw
from circles.forming.effort import Watch
from circles.forming.hard_rules import broken, shared_hours
from circles.forming.judging import bound, rule_costs
from circles.forming.queue import waiting_list
from circles.forming.reasons import describe, why
from circles.forming.values import (
    Broken,
    Candidate,
    Circle,
    Compromise,
    FormingRules,
    Problem,
    Proposal,
    Reason,
    Role,
    Seat,
    Stance,
    Waiting,
    Why,
)
from circles.forming.wishes import points_of, seat

__all__ = [
    "Broken",
    "Candidate",
    "Circle",
    "Compromise",
    "FormingRules",
    "Problem",
    "Proposal",
    "Reason",
    "Role",
    "Seat",
    "Stance",
    "Waiting",
    "Why",
    "broken",
    "move",
    "propose",
    "shared_hours",
    "why",
]


def propose(
    people: Sequence[Candidate],
    rules: FormingRules,
    seed: int,
    watch: Watch | None = None,
    steps: int | None = None,
) -> Proposal:
    """Return circles that break no hard rule: most people seated first, then the queue, then wishes.

    Without a valid circle the proposal says which rules are in the way. Members with equal `waiting_since` are a draw
    that wishes decide. `watch` hears how far the work is and may end it; the best so far is then the proposal. `steps`
    are at most so many trades to look at among many people: a budget that gives the same answer everywhere.
    Raises ValueError when somebody is listed twice, or for a seed that is no whole number from 0 to 2**63 - 1.
    """
    if not seeds.is_whole(seed, 0, seeds.LARGEST):
        raise ValueError(f"a seed is a whole number from 0 to {seeds.LARGEST}, not {seed!r}")
    board = lay_out(people, rules)
    drawn = draw(board, seed, watch, steps)
    groups = tuple(sorted(drawn.groups, key=lambda group: group & -group))
    known = {person.id: person for person in people}
    circles = tuple(
        describe([Seat(board.people[i].id, table.role_of(i)) for i in members(table.group)], known, rules)
        for table in (seat(board, group) for group in groups)
    )
    return Proposal(
        circles=circles,
        waiting=waiting_list(circles, people, rules),
        problems=() if circles else diagnose(people, rules),
        score=points_of(board, groups),
        seed=seed,
        bound=bound(board, groups),
        is_best=drawn.is_best and bool(groups),
        costs=() if drawn.was_stopped else rule_costs(people, rules, groups, seed),
        was_stopped=drawn.was_stopped,
    )


def move(
    proposal: Proposal, person: int, to_circle: int | None, people: Sequence[Candidate], rules: FormingRules
) -> Proposal:
    """Return the proposal with one person in another circle (counted from 0) or, with None, on the waiting list.

    Everybody else stays where she is; at most one other person who can do both changes her role to make the seat
    free. Raises Broken with the hard rules in the way, ValueError for a person or circle that is not in the proposal.
    """
    known = {candidate.id: candidate for candidate in people}
    if person not in known or (to_circle is not None and not 0 <= to_circle < len(proposal.circles)):
        raise ValueError("this person or circle is not in the proposal")
    seats = [list(circle.seats) for circle in proposal.circles]
    was_in = next((at for at, circle in enumerate(seats) if any(seat.person == person for seat in circle)), None)
    if was_in == to_circle:
        return proposal
    if was_in is not None:
        seats[was_in] = _allowed([[seat for seat in seats[was_in] if seat.person != person]], known, rules)
    if to_circle is not None:
        seats[to_circle] = _allowed(_ways_to_sit(person, seats[to_circle], known), known, rules)
    touched = {was_in, to_circle}
    circles = tuple(
        describe(now, known, rules) if at in touched else circle
        for at, (circle, now) in enumerate(zip(proposal.circles, seats, strict=True))
    )
    moved = {waiting.person for waiting in proposal.waiting if waiting.reason == "moved"} - {person}
    moved |= {person} if to_circle is None else set()
    board = lay_out(people, rules)
    position = {one.id: at for at, one in enumerate(board.people)}
    groups = tuple(group_of(position[seat.person] for seat in circle.seats) for circle in circles)
    return replace(
        proposal,
        circles=circles,
        waiting=waiting_list(circles, people, rules, frozenset(moved)),
        score=points_of(board, groups),
        bound=bound(board, groups),
        is_best=False,
        costs=(),
    )


def _ways_to_sit(person: int, seats: list[Seat], known: dict[int, Candidate]) -> list[list[Seat]]:
    """Return the circle with the newcomer in each role she can take, then with one other person changing her role."""
    count = {role: sum(seat.role == role for seat in seats) for role in ("mentor", "mentee")}
    roles = sorted(known[person].roles, key=lambda role: count[role])
    ways = [[*seats, Seat(person, role)] for role in roles]
    for role in roles:
        for at, sitting in enumerate(seats):
            if sitting.role == role and known[sitting.person].stance == "both":
                swapped = Seat(sitting.person, "mentee" if role == "mentor" else "mentor")
                ways.append([*seats[:at], swapped, *seats[at + 1 :], Seat(person, role)])
    return ways


def _allowed(ways: list[list[Seat]], known: dict[int, Candidate], rules: FormingRules) -> list[Seat]:
    checked = [(broken(way, known, rules), way) for way in ways]
    problems, way = min(checked, key=lambda found: len(found[0]))
    if problems:
        raise Broken(problems)
    return way
