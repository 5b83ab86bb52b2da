"""People to form circles of, rules drawn at random, and an independent reading of the hard rules."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st

from circles.forming.rules import (
    Candidate,
    Circle,
    FormingRules,
    Seat,
    Stance,
)
from circles.schedule import Habits, working_overlap

MONDAY = date(2027, 3, 1)
CAIRO, BERLIN, NEW_YORK, TOKYO = (
    Habits(z) for z in ("Africa/Cairo", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
)
RULES = FormingRules(day=MONDAY)
NAMES = ("ada", "bob", "cleo", "dana", "emre", "farah", "gala", "hani", "ines", "joud", "kofi", "lina", "musa", "nour")


def somebody(
    number: int,
    stance: Stance = "both",
    *,
    offers: Sequence[str] = (),
    wants: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
    institution: str = "",
    stage: str = "postdoc",
    habits: Habits = CAIRO,
    waiting_since: int | None = None,
) -> Candidate:
    return Candidate(
        id=number,
        name=name_of(number),
        stance=stance,
        offers=frozenset(offers),
        wants=frozenset(wants),
        languages=frozenset(languages),
        institution=institution,
        stage=stage,
        habits=habits,
        waiting_since=number if waiting_since is None else waiting_since,
    )


def name_of(number: int) -> str:
    return NAMES[number - 1] if number <= len(NAMES) else f"member {number}"


def people_in(circle: Circle) -> set[int]:
    return {seat.person for seat in circle.seats}


def pairs(*numbers: tuple[int, int]) -> frozenset[frozenset[int]]:
    return frozenset(frozenset(pair) for pair in numbers)


# --- an independent reading of the hard rules -------------------------------------------------------------------------


def may_meet(a: Candidate, b: Candidate, rules: FormingRules) -> bool:
    hours = [working_overlap(a.habits, b.habits, day) for day in (rules.day, rules.day + timedelta(weeks=26))]
    one, two = (" ".join(person.institution.casefold().split()) for person in (a, b))
    return (
        {a.id, b.id} not in [set(pair) for pair in rules.blocked | rules.apart]
        and min(hours) > rules.overlap_hours - 1e-6
        and not (rules.across_institutions and one and one == two)
    )


def is_circle(seats: Sequence[Seat], people: Sequence[Candidate], rules: FormingRules) -> bool:
    known = {person.id: person for person in people}
    sitting = [known[seat.person] for seat in seats]
    mentors, mentees = (sum(seat.role == role for seat in seats) for role in ("mentor", "mentee"))
    return (
        rules.smallest <= len(seats) <= rules.largest
        and len({seat.person for seat in seats}) == len(seats)
        and 1 <= mentors <= rules.mentors
        and 1 <= mentees <= rules.mentees
        and all(known[seat.person].stance in {"both", seat.role} for seat in seats)
        and all(may_meet(a, b, rules) for a, b in combinations(sitting, 2))
        and bool(set.intersection(*(set(person.languages) for person in sitting)))
    )


def could_be_seated(group: Sequence[Candidate], rules: FormingRules) -> bool:
    either = [person.id for person in group if person.stance == "both"]
    for mentors in range(len(either) + 1):
        roles = dict(zip(either, ["mentor"] * mentors + ["mentee"] * (len(either) - mentors), strict=True))
        if is_circle([Seat(one.id, roles.get(one.id, one.stance)) for one in group], group, rules):
            return True
    return False


def twenty_six() -> list[Candidate]:
    """Eleven mentors, ten mentees, five who could do both; everybody could meet everybody."""
    stances: list[Stance] = ["mentor"] * 11 + ["mentee"] * 10 + ["both"] * 5
    topics = ["statistics", "grant writing", "leadership", "R", "teaching"]
    return [
        somebody(
            number,
            stance,
            offers=[topics[number % 5]] if stance != "mentee" else [],
            wants=[topics[number % 4]] if stance != "mentor" else [],
            languages=["ar", "en"] if number % 3 else ["en"],
            institution=f"Institute {number}",
            stage=["student", "postdoc", "lecturer", "professor"][number % 4],
            habits=BERLIN if number % 2 else CAIRO,
        )
        for number, stance in enumerate(stances, 1)
    ]


# --- random populations -----------------------------------------------------------------------------------------------

TOPICS = st.frozensets(st.sampled_from(["statistics", "grant writing", "R", "leadership"]), max_size=2)
ZONES = st.sampled_from([CAIRO, BERLIN, Habits("Asia/Riyadh", frozenset({4, 5})), NEW_YORK])
LANGUAGES = st.sampled_from(
    [frozenset({"en"}), frozenset({"ar"}), frozenset({"ar", "en"}), frozenset({"ar", "en", "fr"})]
)
INSTITUTIONS = st.sampled_from(["", "", "", "", "Cairo University", "cairo  university ", "Charité", "Birzeit", "AUB"])


@st.composite
def members(draw: st.DrawFn, most: int = 22) -> list[Candidate]:
    count = draw(st.integers(0, most))
    return [
        Candidate(
            id=number,
            name=name_of(number),
            stance=draw(st.sampled_from(["mentor", "mentee", "both"])),
            offers=draw(TOPICS),
            wants=draw(TOPICS),
            languages=draw(LANGUAGES),
            institution=draw(INSTITUTIONS),
            stage=draw(st.sampled_from(["student", "postdoc", "professor"])),
            habits=draw(ZONES),
            waiting_since=draw(st.integers(0, 30)),
        )
        for number in range(1, count + 1)
    ]


@st.composite
def any_rules(draw: st.DrawFn) -> FormingRules:
    kept_apart = st.frozensets(st.frozensets(st.integers(1, 12), min_size=2, max_size=2), max_size=6)
    mentors = draw(st.integers(1, 10))
    return FormingRules(
        day=draw(st.sampled_from([MONDAY, date(2027, 8, 7), date(2028, 2, 29)])),
        mentors=mentors,
        mentees=draw(st.integers(max(1, 6 - mentors), 10)),
        circles=draw(st.integers(1, 3)),
        across_institutions=draw(st.booleans()),
        overlap_hours=draw(st.sampled_from([0.0, 1.5, 2.0, 4.0])),
        blocked=draw(kept_apart),
        apart=draw(kept_apart),
    )


SEEDS = st.integers(0, 3)
patiently = settings(deadline=None, max_examples=25)
