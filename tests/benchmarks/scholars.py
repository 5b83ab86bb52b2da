"""Invented programmes of any size: who joins, where they live, what they offer and want; a seed gives its people."""

from datetime import date
from random import Random

from circles.forming.values import Candidate, FormingRules, Stance
from circles.habits import Habits

DAY = date(2027, 3, 1)
FRIDAY, SATURDAY = 4, 5
# zone, weekend, share of the people, languages there (the second is spoken by most, the third by some)
REGIONS: tuple[tuple[str, frozenset[int], int, tuple[str, str, str]], ...] = (
    ("Africa/Cairo", frozenset({FRIDAY, SATURDAY}), 14, ("ar", "en", "fr")),
    ("Asia/Amman", frozenset({FRIDAY, SATURDAY}), 8, ("ar", "en", "fr")),
    ("Asia/Riyadh", frozenset({FRIDAY, SATURDAY}), 8, ("ar", "en", "fr")),
    ("Africa/Tunis", frozenset({5, 6}), 8, ("ar", "fr", "en")),
    ("Africa/Casablanca", frozenset({5, 6}), 6, ("ar", "fr", "en")),
    ("Africa/Lagos", frozenset({5, 6}), 8, ("en", "fr", "ar")),
    ("Africa/Nairobi", frozenset({5, 6}), 6, ("en", "sw", "fr")),
    ("Europe/Berlin", frozenset({5, 6}), 10, ("en", "de", "ar")),
    ("Europe/Paris", frozenset({5, 6}), 8, ("fr", "en", "ar")),
    ("Europe/London", frozenset({5, 6}), 8, ("en", "fr", "ar")),
    ("America/New_York", frozenset({5, 6}), 8, ("en", "es", "ar")),
    ("America/Sao_Paulo", frozenset({5, 6}), 4, ("pt", "en", "es")),
    ("Asia/Kolkata", frozenset({5, 6}), 4, ("en", "hi", "ar")),
)
STANCES: tuple[tuple[Stance, int], ...] = (("mentor", 40), ("mentee", 45), ("both", 15))
STAGES = (("student", 20), ("postdoc", 30), ("lecturer", 30), ("professor", 20))
TOPICS = 60
IN_ONE_REGION = 500  # a programme of so many people lies in one region
IN_ONE_HOUSE = 12  # people of an institution, on average; a few institutions have many, most have few


def _drawn(chance: Random, choices: tuple[tuple[object, int], ...]) -> object:
    return chance.choices([one for one, _weight in choices], [weight for _one, weight in choices])[0]


def programme(count: int, seed: int) -> list[Candidate]:
    """Give so many people in the order in which they joined."""
    chance = Random(f"scholars:{count}:{seed}")
    topics = [f"topic {at}" for at in range(TOPICS)]
    popular = [1 / (at + 1) ** 0.7 for at in range(TOPICS)]
    houses = max(24, count // IN_ONE_HOUSE)
    sizes = [1 / (at + 1) ** 0.6 for at in range(houses)]
    names = chance.choices(range(houses), sizes, k=count)
    people = []
    regions = REGIONS if count > IN_ONE_REGION else REGIONS[:5]
    for number in range(1, count + 1):
        zone, weekend, _share, (first, second, third) = chance.choices(regions, [region[2] for region in regions])[0]
        spoken = {first} | {word for word, share in ((second, 0.7), (third, 0.3)) if chance.random() < share}
        stance = _drawn(chance, STANCES)
        people.append(
            Candidate(
                id=number,
                name=f"member {number}",
                stance=stance,  # type: ignore[arg-type]
                offers=frozenset(chance.choices(topics, popular, k=3)) if stance != "mentee" else frozenset(),
                wants=frozenset(chance.choices(topics, popular, k=3)) if stance != "mentor" else frozenset(),
                languages=frozenset(spoken),
                institution=f"Institute {names[number - 1]}",
                stage=str(_drawn(chance, STAGES)),
                habits=Habits(zone, weekend),
                waiting_since=number,
            )
        )
    return people


def rules(count: int, *, mentors: int = 10, mentees: int = 10) -> FormingRules:
    """Give the default rules, with as many circles as so many people may need."""
    return FormingRules(day=DAY, mentors=mentors, mentees=mentees, circles=max(1, count * 2 // (mentors + mentees)))
