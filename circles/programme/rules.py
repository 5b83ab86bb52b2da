"""A programme's settings, checked whole, and the calendar that follows from them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal

from circles import schedule
from circles.language import _, listing
from circles.programme.rhythm import EVE_AHEAD, Coming, Last, turns
from circles.schedule import Blackout
from circles.wall import WEEK

Dial = Literal["off", "light", "full"]
PROMPT_WEEKS: Mapping[str, int] = {"light": 2, "full": 1}
TEMPLATES: Mapping[str, int] = {"nine-months": 39, "four-months": 17, "returners": 13}  # weeks
WEIGHTS = ("weigh_topics", "weigh_hours", "weigh_institutions", "weigh_stages", "weigh_interests")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "ring": ("local", "regional", "global"),
    "rotation": ("mentor-mentee", "everyone", "tables"),
    "odd": ("trio", "bye"),
    "prompts": ("off", "light", "full"),
    "life": ("both", "professional", "personal"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the seven steps of the setup decide. Raises ValueError, with a sentence, for values that cannot be.

    Evidence for the defaults: a 10 + 10 circle and an academic year (the Three Circles of Alemat), pairs every two
    weeks (University of New England), prompts every other week (Mentoring365), tables of 4 to 8 (LIFT, WOC-EEB).
    """

    purpose: str = ""
    objectives: str = ""
    mentors_found: str = ""
    eligibility: str = ""
    orientation: str = ""
    zone: str = "UTC"
    language: str = "en"
    ring: str = "local"
    mentors: int = 10
    mentees: int = 10
    circles: int = 1
    across_institutions: bool = True
    overlap_hours: float = 2.0
    weigh_topics: int = 4
    weigh_hours: int = 1
    weigh_institutions: int = 1
    weigh_stages: int = 1
    weigh_interests: int = 1
    similar_topics: bool = False
    rotation: Literal["mentor-mentee", "everyone", "tables"] = "mentor-mentee"
    table_size: int = 6
    odd: Literal["trio", "bye"] = "trio"
    trial: str = ""
    every_weeks: int = 2
    at: str = "09:00"
    weeks: int = 39
    prompts: Dial = "light"
    life: Literal["both", "professional", "personal"] = "both"
    check_in_weeks: int = 5
    voice: bool = False
    resources: str = ""
    evaluation: str = ""

    def __post_init__(self) -> None:
        """Check every value."""
        limits = (
            ("mentors", self.mentors, 1, 29),
            ("mentees", self.mentees, 1, 29),
            ("circles", self.circles, 1, 200),
            ("table_size", self.table_size, 3, 8),
            ("every_weeks", self.every_weeks, 1, 8),
            ("weeks", self.weeks, 4, 60),
            ("check_in_weeks", self.check_in_weeks, 2, 12),
            ("overlap_hours", self.overlap_hours, 0, 8),
            *((name, getattr(self, name), 0, 9) for name in WEIGHTS),
        )
        for name, value, lowest, highest in limits:
            if not lowest <= value <= highest:
                raise ValueError(
                    _("{name} can be {lowest} to {highest}, not {value}.").format(
                        name=setting_name(name), lowest=lowest, highest=highest, value=value
                    )
                )
        if not 6 <= self.mentors + self.mentees <= 30:
            raise ValueError(
                _("A circle has 6 to 30 people; {mentors} + {mentees} seats make {total}.").format(
                    mentors=self.mentors, mentees=self.mentees, total=self.mentors + self.mentees
                )
            )
        if not any(getattr(self, name) for name in WEIGHTS):
            raise ValueError(_("At least one wish has to count: /programme form weigh topics 4 works, for example."))
        for name, words in CHOICES.items():
            if getattr(self, name) not in words:
                raise ValueError(
                    _("{name} can be {choices}.").format(name=setting_name(name), choices=listing(words, either=True))
                )
        time.fromisoformat(self.at)

    def to_json(self) -> dict[str, Any]:
        """Give the settings as plain values for the database."""
        return dataclasses.asdict(self)

    @property
    def clock(self) -> time:
        """The wall time at which the programme's rounds and prompts begin."""
        return time.fromisoformat(self.at)


def setting_name(name: str) -> str:
    """Say a setting's name in words."""
    return {
        "purpose": _("The purpose"),
        "objectives": _("The objectives"),
        "mentors_found": _("How mentors are found"),
        "eligibility": _("Who can join as a mentee"),
        "orientation": _("The orientation"),
        "zone": _("The time zone"),
        "ring": _("The ring"),
        "mentors": _("Mentor seats"),
        "mentees": _("Mentee seats"),
        "circles": _("The number of circles"),
        "across_institutions": _("Across institutions"),
        "rotation": _("The rotation"),
        "table_size": _("The table size"),
        "odd": _("When numbers are odd"),
        "trial": _("The trial"),
        "every_weeks": _("The weeks between rounds"),
        "at": _("The time of day"),
        "weeks": _("The weeks of a term"),
        "prompts": _("Conversation prompts"),
        "life": _("What prompts are about"),
        "check_in_weeks": _("The weeks between check-ins"),
        "overlap_hours": _("The hours of overlap"),
        "voice": _("Rooms in which circles can talk aloud"),
        "weigh_topics": _("The weight of topics"),
        "weigh_hours": _("The weight of hours in common"),
        "weigh_institutions": _("The weight of different institutions"),
        "weigh_stages": _("The weight of different career stages"),
        "weigh_interests": _("The weight of shared interests"),
        "similar_topics": _("Topics in similar words"),
        "resources": _("Resources"),
        "evaluation": _("The evaluation"),
        "start": _("The first day"),
    }.get(name, name)


def settings_of(stored: Mapping[str, Any]) -> Settings:
    """Read settings from the database; what an older version did not know gets its default."""
    known = {field.name for field in dataclasses.fields(Settings)}
    return Settings(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, slots=True)
class Planned:
    """Something the calendar asks for: what, for which circle, on which day, prepared at which instant.

    ``kind`` is one of round-open, eve, middle, prompt, check-in, close; ``number`` counts within its kind.
    """

    kind: str
    day: date
    slot: str
    due_at: datetime
    circle: int | None = None
    number: int = 0


NOTHING_YET: Mapping[str, Last] = MappingProxyType({})
NOT_ANNOUNCED: Mapping[int, Coming | None] = MappingProxyType({})


def calendar(
    settings: Settings,
    starts_on: date,
    ends_on: date,
    blackouts: Sequence[Blackout],
    circles: Sequence[int],
    so_far: Mapping[str, Last] = NOTHING_YET,
    announced: Mapping[int, Coming | None] = NOT_ANNOUNCED,
) -> list[Planned]:
    """Plan a term, or what is left of it: the same settings give the same plan, and every slot is named once.

    ``so_far`` says, for the series ``c<circle>:r``, ``c<circle>:prompt`` and ``check-in``, which turn was the last to
    come: the next ones count on from it, so that a new rhythm in the middle of a term skips no number and repeats none.
    ``announced`` says which round a circle has been told to expect next: a new rhythm counts from there; None is none.
    """
    planned: list[Planned] = []
    for circle in circles:
        last = so_far.get(f"c{circle}:r")
        if circle in announced:
            coming = _from_announced(settings, ends_on, blackouts, announced[circle])
        else:
            coming = round_turns(settings, starts_on, ends_on, blackouts, last)
        planned += _rounds(settings, ends_on, blackouts, circle, last, coming)
        planned += _prompts(settings, starts_on, ends_on, blackouts, circle, so_far.get(f"c{circle}:prompt"))
    planned += _check_ins(settings, starts_on, ends_on, blackouts, so_far.get("check-in"))
    planned.append(Planned("close", ends_on, "close", schedule.resolve(ends_on, settings.clock, settings.zone)))
    return sorted(planned, key=lambda p: (p.due_at, p.slot))


def round_turns(
    settings: Settings, starts_on: date, ends_on: date, blackouts: Sequence[Blackout], last: Last | None
) -> list[Coming]:
    """Give the rounds to come by their rhythm alone, with their numbers and days."""
    return turns(starts_on, settings.every_weeks, last_opening(settings, ends_on), blackouts, last)


def last_opening(settings: Settings, ends_on: date) -> date:
    """Give the last day on which a round may open: half of it fits in before the end."""
    return ends_on - timedelta(days=settings.every_weeks * 7 // 2)


def _from_announced(
    settings: Settings, ends_on: date, blackouts: Sequence[Blackout], coming: Coming | None
) -> list[Coming]:
    if coming is None:
        return []
    number, day = coming
    until = last_opening(settings, ends_on)
    return [coming, *turns(day, settings.every_weeks, until, blackouts, Last(number, day))]


def _rounds(
    settings: Settings,
    ends_on: date,
    blackouts: Sequence[Blackout],
    circle: int,
    last: Last | None,
    coming: Sequence[Coming],
) -> list[Planned]:
    out: list[Planned] = []
    all_turns = [(last.number, last.day), *coming] if last else coming
    for index, (number, day) in enumerate(all_turns):
        closes = all_turns[index + 1][1] if index + 1 < len(all_turns) else ends_on
        middle = _free_day(day + (closes - day) / 2, blackouts)
        slot = f"c{circle}:r{number}"
        if last is None or number != last.number:
            at = schedule.resolve(day, settings.clock, settings.zone)
            out.append(Planned("eve", day, f"{slot}:eve", schedule.dawn(day - EVE_AHEAD), circle, number))
            out.append(Planned("round-open", day, f"{slot}:open", at, circle, number))
        if middle < closes:
            out.append(Planned("middle", middle, f"{slot}:middle", schedule.dawn(middle), circle, number))
    if all_turns:
        due_at = schedule.dawn(ends_on - EVE_AHEAD)
        out.append(Planned("eve", ends_on, f"c{circle}:end:eve", due_at, circle, all_turns[-1][0] + 1))
    return out


def _free_day(day: date, blackouts: Sequence[Blackout]) -> date:
    """Give ``day``, or the first one after it outside every blackout."""
    while busy := next((b for b in blackouts if b.first <= day <= b.last), None):
        day = busy.last + timedelta(days=1)
    return day


def _prompts(
    settings: Settings,
    starts_on: date,
    ends_on: date,
    blackouts: Sequence[Blackout],
    circle: int,
    last: Last | None,
) -> list[Planned]:
    if settings.prompts == "off":
        return []
    every = PROMPT_WEEKS[settings.prompts]
    return [
        Planned(
            "prompt",
            day,
            f"c{circle}:prompt:{number}",
            schedule.resolve(day, settings.clock, settings.zone),
            circle,
            number,
        )
        for number, day in turns(starts_on + timedelta(days=2), every, ends_on - WEEK, blackouts, last)
    ]


def _check_ins(
    settings: Settings, starts_on: date, ends_on: date, blackouts: Sequence[Blackout], last: Last | None
) -> list[Planned]:
    first = starts_on + timedelta(days=2 * 7 + 2)  # week 3
    coming = turns(first, settings.check_in_weeks, ends_on - WEEK, blackouts, last)
    return [Planned("check-in", day, f"check-in:{n}", schedule.dawn(day), None, n) for n, day in coming]


def term_end(starts_on: date, weeks: int) -> date:
    """Give the last day of a term that begins on ``starts_on``."""
    return starts_on + timedelta(weeks=weeks)
