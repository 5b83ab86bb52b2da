"""When no circle is possible: which rule is in the way, for whom, and what would help.

One rule at a time is lifted and the search asked again. Where no single rule is to blame, the smallest set found by
lifting all and putting them back one by one is named.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from circles.forming.board import lay_out
from circles.forming.hard_rules import CLOSE_ENOUGH, main_language, shared_hours
from circles.forming.values import ROLES, Candidate, FormingRules, Problem, Role, RuleName, plain, plain_set
from circles.forming.walk import WALK_STEPS, walk

People = Sequence[Candidate]
Lift = Callable[[People, FormingRules], tuple[People, FormingRules]]


def _everybody_speaks(people: People, rules: FormingRules) -> tuple[People, FormingRules]:
    return [replace(person, languages=frozenset({"any"})) for person in people], rules


def _everybody_fits_any_seat(people: People, rules: FormingRules) -> tuple[People, FormingRules]:
    return [replace(person, stance="both") for person in people], rules


LIFTS: dict[RuleName, Lift] = {
    "language": _everybody_speaks,
    "overlap": lambda people, rules: (people, replace(rules, overlap_hours=0.0)),
    "institution": lambda people, rules: (people, replace(rules, across_institutions=False)),
    "apart": lambda people, rules: (people, replace(rules, apart=frozenset())),
    "blocks": lambda people, rules: (people, replace(rules, blocked=frozenset())),
    "seats": _everybody_fits_any_seat,
}


def diagnose(people: People, rules: FormingRules) -> tuple[Problem, ...]:
    """Return what keeps these people from a circle; nothing when a circle is possible.

    Each problem that `is_enough` would make a circle possible by itself; otherwise all of them are needed together.
    """
    if len(people) < rules.smallest:
        return (Problem("too-few", (), "invite-people", rules.smallest - len(people)),)
    if is_possible(people, rules):
        return ()
    single = [name for name in LIFTS if is_possible(*_without({name}, people, rules))]
    if single:
        return tuple(_told(name, people, rules, people, rules) for name in single)
    needed = set(LIFTS)
    for name in LIFTS:
        if is_possible(*_without(needed - {name}, people, rules)):
            needed.discard(name)
    joint = [_told(name, people, rules, *_without(needed - {name}, people, rules)) for name in LIFTS if name in needed]
    return tuple(replace(problem, is_enough=False) for problem in joint)


def is_possible(people: People, rules: FormingRules) -> bool:
    """Whether at least one circle of the smallest size exists, as far as a bounded walk can tell."""
    board = lay_out(people, rules)
    return any(walk(board, group, rules.smallest, WALK_STEPS)[0] for group in board.speakers.values())


def _without(names: set[RuleName], people: People, rules: FormingRules) -> tuple[People, FormingRules]:
    for name in sorted(names):
        people, rules = LIFTS[name](people, rules)
    return people, rules


def _told(name: RuleName, people: People, rules: FormingRules, eased: People, eased_rules: FormingRules) -> Problem:
    """Return the problem for one rule; `eased` are people and rules once everything else in the way is lifted."""
    match name:
        case "language":
            return _language(people)
        case "overlap":
            return _overlap(people, rules, eased, eased_rules)
        case "institution":
            return _institution(people)
        case "seats":
            return _seats(people, rules)
        case _:
            return _kept_apart(name, people, rules)


def _language(people: People) -> Problem:
    """Name those who share a language with nobody, or else those who do not speak the most common one."""
    spoken = Counter(language for person in people for language in person.languages)
    alone = [person.id for person in people if all(spoken[language] == 1 for language in person.languages)]
    others = [person.id for person in people if main_language(people) not in person.languages]
    return Problem("language", tuple(sorted(alone or others)), "shared-language", len(alone))


def _overlap(people: People, rules: FormingRules, eased: People, eased_rules: FormingRules) -> Problem:
    """Name those out of reach for at least half of the others, and the most hours with which a circle is possible."""
    far = {
        a.id: sum(shared_hours(a, b, rules) < rules.overlap_hours - CLOSE_ENOUGH for b in people if b.id != a.id)
        for a in people
    }
    most = max(far.values())
    named = tuple(sorted(one for one, count in far.items() if count and count >= min(most, (len(people) - 1) / 2)))
    steps = (step / 2 for step in range(int(rules.overlap_hours * 2), -1, -1))
    hours = next((h for h in steps if is_possible(eased, replace(eased_rules, overlap_hours=h))), 0.0)
    return Problem("overlap", named, "lower-overlap", hours)


def _institution(people: People) -> Problem:
    """Name those who are not alone from their institution, and count the institutions."""
    count = Counter(plain(person.institution) for person in people if plain(person.institution))
    named = tuple(sorted(person.id for person in people if count[plain(person.institution)] > 1))
    return Problem("institution", named, "other-institutions", len(count))


def _seats(people: People, rules: FormingRules) -> Problem:
    """Name the rarer role, count who could take it, and name who could be asked: they offer (or want) something."""
    able = {role: sum(role in person.roles for person in people) for role in ROLES}
    role: Role = "mentor" if able["mentor"] * rules.mentees <= able["mentee"] * rules.mentors else "mentee"
    others = [person for person in people if role not in person.roles]
    asked = sorted(person.id for person in others if plain_set(person.offers if role == "mentor" else person.wants))
    return Problem("seats", tuple(asked), "invite-mentors" if role == "mentor" else "invite-mentees", able[role], role)


def _kept_apart(name: RuleName, people: People, rules: FormingRules) -> Problem:
    """Count the pairs; those of the organiser's own list are named, private requests never."""
    here = {person.id for person in people}
    pairs = [pair for pair in (rules.blocked if name == "blocks" else rules.apart) if pair <= here]
    if name == "blocks":
        return Problem("blocks", (), "invite-people", len(pairs))
    return Problem("apart", tuple(sorted(frozenset[int]().union(*pairs))), "lift-apart", len(pairs))
