"""Why a circle looks as it does, what it could not grant, and why somebody sits in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from circles.forming.hard_rules import common_languages, shared_hours
from circles.forming.values import (
    ROLES,
    Candidate,
    Circle,
    Compromise,
    FormingRules,
    Reason,
    Role,
    Seat,
    Why,
    plain,
    plain_set,
)

People = Mapping[int, Candidate]


def describe(seats: Iterable[Seat], people: People, rules: FormingRules) -> Circle:
    """Return a circle with its languages, reasons and compromises; mentors first, each role in the queue's order."""
    ordered = sorted(seats, key=lambda seat: (seat.role != "mentor", people[seat.person].waiting_since, seat.person))
    everybody = [people[seat.person] for seat in ordered]
    return Circle(
        tuple(ordered),
        common_languages(everybody),
        _reasons(ordered, people, rules),
        _compromises(ordered, people, rules),
    )


def _sitting(seats: Iterable[Seat], people: People, role: Role) -> list[Candidate]:
    return [people[seat.person] for seat in seats if seat.role == role]


def _topics(people: Iterable[Candidate], *, offered: bool) -> frozenset[str]:
    return frozenset(word for person in people for word in plain_set(person.offers if offered else person.wants))


def _reasons(seats: Sequence[Seat], people: People, rules: FormingRules) -> tuple[Reason, ...]:
    """Return up to three reasons, the strongest first, each measured from 0 to 1; only what is true is said."""
    mentors, mentees = _sitting(seats, people, "mentor"), _sitting(seats, people, "mentee")
    everybody = mentors + mentees
    offered, wanted = _topics(mentors, offered=True), _topics(mentees, offered=False)
    found = sum(bool(plain_set(person.wants) & offered) for person in mentees)
    used = sum(bool(plain_set(person.offers) & wanted) for person in mentors)
    institutions = len(plain_set(person.institution for person in everybody))
    stages = len(plain_set(person.stage for person in everybody))
    hours = min((shared_hours(a, b, rules) for a in everybody for b in everybody if a.id < b.id), default=0.0)
    half_hours = int(hours * 2)
    mix = (institutions / max(len(everybody), 1) + min(stages / 3, 1.0)) / 2
    measured = [
        (found / max(len(mentees), 1), Reason("wants-met", found, len(mentees))),
        (mix if max(institutions, stages) > 1 else 0.0, Reason("mix", institutions, stages)),
        (min(half_hours / 8, 1.0), Reason("hours", hours=half_hours / 2)),
        (used / max(len(mentors), 1), Reason("offers-used", used, len(mentors))),
        (0.4 * (len(seats) == rules.seats), Reason("full", len(seats), rules.seats)),
    ]
    strongest = sorted((reason for reason in measured if reason[0] > 0), key=lambda reason: -reason[0])
    return tuple(reason for at, (strength, reason) in enumerate(strongest[:3]) if at < 2 or strength >= 0.5)


def _compromises(seats: Sequence[Seat], people: People, rules: FormingRules) -> tuple[Compromise, ...]:
    mentors, mentees = _sitting(seats, people, "mentor"), _sitting(seats, people, "mentee")
    offered, wanted = _topics(mentors, offered=True), _topics(mentees, offered=False)
    found: list[Compromise] = []
    for person in mentees:
        missing = tuple(sorted(word for word in person.wants if plain(word) and plain(word) not in offered))
        if missing:
            found.append(Compromise("wants-unmet", person.id, "mentee", missing, len(missing), len(person.wants)))
    for person in mentors:
        offers = tuple(sorted(word for word in person.offers if plain(word)))
        if offers and not plain_set(offers) & wanted:
            found.append(Compromise("offers-unused", person.id, "mentor", offers))
    for role, sitting in zip(ROLES, (mentors, mentees), strict=True):
        if len(sitting) < rules.seats_for(role):
            found.append(Compromise("seats-open", role=role, count=len(sitting), of=rules.seats_for(role)))
    everybody = mentors + mentees
    names = {plain(person.institution): " ".join(person.institution.split()) for person in reversed(everybody)}
    shared = Counter(plain(person.institution) for person in everybody if plain(person.institution))
    twice = sorted(word for word, count in shared.items() if count > 1)
    return (*found, *(Compromise("same-institution", topics=(names[w],), count=shared[w]) for w in twice))


def why(person_id: int, circle: Circle, people: Sequence[Candidate]) -> Why:
    """Return the strongest short reason why one person sits in her circle; raises KeyError if she does not."""
    known = {person.id: person for person in people}
    roles = {seat.person: seat.role for seat in circle.seats}
    person, role = known[person_id], roles[person_id]
    others = [known[other] for other, seat in roles.items() if seat != role]
    mine = person.offers if role == "mentor" else person.wants
    counts = {
        word: sum(plain(word) in plain_set(other.wants if role == "mentor" else other.offers) for other in others)
        for word in sorted(mine)
        if plain(word)
    }
    topic = max(counts, key=lambda word: counts[word], default="")
    if topic and counts[topic]:
        return Why("offers" if role == "mentor" else "finds", topic, counts[topic])
    rest = [known[other] for other in roles if other != person_id]
    if plain(person.stage) and plain(person.stage) not in plain_set(other.stage for other in rest):
        return Why("only-stage", person.stage)
    if plain(person.institution) and plain(person.institution) not in plain_set(other.institution for other in rest):
        return Why("only-institution", person.institution)
    return Why("next-in-line")
