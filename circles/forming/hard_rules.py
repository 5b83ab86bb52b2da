"""What no circle may break, told pair by pair.

Everybody in a circle may meet everybody else, so the rules hold for every two people in it. This is the plain
reading of the rules; `board` holds the same as bits for the search.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import combinations

from circles.forming.values import ROLES, Candidate, FormingRules, Problem, RuleName, Seat, plain
from circles.schedule import working_overlap

HALF_A_YEAR = timedelta(days=182)
"""Whole weeks, so the weekday stays, and the other side of any daylight-saving change."""

CLOSE_ENOUGH = 1e-9
"""Hours are sums of floats: two hours may arrive as 1.9999999999."""


def shared_hours(a: Candidate, b: Candidate, rules: FormingRules) -> float:
    """Return the working hours two people share on their best day of a week, in the worse half of the year."""
    return min(working_overlap(a.habits, b.habits, day) for day in (rules.day, rules.day + HALF_A_YEAR))


def common_languages(people: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the languages everybody speaks, in alphabetical order."""
    if not people:
        return ()
    return tuple(sorted(frozenset.intersection(*(person.languages for person in people))))


def clash(a: Candidate, b: Candidate, rules: FormingRules) -> RuleName | None:
    """Return the first rule that keeps two people out of one circle, or None; languages are the circle's matter."""
    pair = frozenset((a.id, b.id))
    if pair in rules.blocked:
        return "blocks"
    if pair in rules.apart:
        return "apart"
    if rules.across_institutions and plain(a.institution) and plain(a.institution) == plain(b.institution):
        return "institution"
    if shared_hours(a, b, rules) < rules.overlap_hours - CLOSE_ENOUGH:
        return "overlap"
    return None


def _told(a: Candidate, b: Candidate, rules: FormingRules) -> Problem | None:
    match clash(a, b, rules):
        case "blocks":
            return Problem("blocks", (), "another-circle", 1)
        case "apart":
            return Problem("apart", (a.id, b.id), "another-circle", 1)
        case "institution":
            return Problem("institution", (a.id, b.id), "another-circle", 2)
        case "overlap":
            return Problem("overlap", (a.id, b.id), "another-circle", shared_hours(a, b, rules))
        case _:
            return None


def _seat_problems(seats: Sequence[Seat], people: Sequence[Candidate], rules: FormingRules) -> list[Problem]:
    problems: list[Problem] = []
    ids = [seat.person for seat in seats]
    twice = tuple(sorted({person for person in ids if ids.count(person) > 1}))
    if twice:
        problems.append(Problem("seats", twice, "choose-one-circle", len(twice)))
    for role in ROLES:
        sitting = {seat.person: person for seat, person in zip(seats, people, strict=True) if seat.role == role}
        misfits = tuple(one for one, person in sitting.items() if role not in person.roles)
        if not sitting:
            problems.append(Problem("seats", (), "another-circle", 0, role))
        if len(sitting) > rules.seats_for(role):
            problems.append(Problem("seats", tuple(sitting), "free-a-seat", rules.seats_for(role), role))
        if misfits:
            problems.append(Problem("seats", misfits, "ask-stance", len(misfits), role))
    if len(seats) < rules.smallest:
        problems.append(Problem("too-few", (), "another-circle", rules.smallest - len(seats)))
    return problems


def broken(seats: Sequence[Seat], people_by_id: Mapping[int, Candidate], rules: FormingRules) -> tuple[Problem, ...]:
    """Return every hard rule one circle breaks, pair by pair; nothing when the circle is fine.

    A pair that breaks several rules is named once, with the first of: private request, kept apart, institution,
    hours. Private requests are counted and name nobody.
    """
    people = [people_by_id[seat.person] for seat in seats]
    pairs = [told for a, b in combinations(people, 2) if a.id != b.id and (told := _told(a, b, rules))]
    private = sum(problem.rule == "blocks" for problem in pairs)
    problems = [Problem("blocks", (), "another-circle", private)] if private else []
    problems += [problem for problem in pairs if problem.rule != "blocks"]
    if people and not common_languages(people):
        problems.append(Problem("language", _outside_main_language(people), "another-circle", len(people)))
    return tuple(problems + _seat_problems(seats, people, rules))


def _outside_main_language(people: Sequence[Candidate]) -> tuple[int, ...]:
    return tuple(person.id for person in people if main_language(people) not in person.languages)


def main_language(people: Sequence[Candidate]) -> str:
    """Return the language most people speak (the first by name when several do), or nothing."""
    spoken = sorted({language for person in people for language in person.languages})
    return max(spoken, key=lambda language: sum(language in person.languages for person in people), default="")
