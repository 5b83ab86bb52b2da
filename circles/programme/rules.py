"""A programme's settings, checked whole; defaults and their evidence: see each field."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from circles import schedule
from circles.language import _
from circles.schedule import Blackout, Monthly, Weekly

Dial = Literal["off", "light", "full"]
PROMPT_WEEKS: Mapping[str, int] = {"light": 2, "full": 1}
TEMPLATES: Mapping[str, int] = {"nine-months": 39, "four-months": 17, "returners": 13}  # weeks


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
    rotation: Literal["mentor-mentee", "everyone", "tables"] = "mentor-mentee"
    table_size: int = 6
    odd: Literal["trio", "bye"] = "trio"
    every_weeks: int = 2
    at: str = "09:00"
    weeks: int = 39
    prompts: Dial = "light"
    life: Literal["both", "professional", "personal"] = "both"
    check_in_weeks: int = 5
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
        "mentors": _("Mentor seats"),
        "mentees": _("Mentee seats"),
        "circles": _("The number of circles"),
        "table_size": _("The table size"),
        "every_weeks": _("The weeks between rounds"),
        "weeks": _("The weeks of a term"),
        "check_in_weeks": _("The weeks between check-ins"),
        "overlap_hours": _("The hours of overlap"),
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


EVE_AHEAD = timedelta(days=4)  # long enough that every weekend has a working day before the round


def round_days(settings: Settings, starts_on: date, ends_on: date, blackouts: tuple[Blackout, ...]) -> list[date]:
    """Give the days on which rounds open: at least half a round before the end, past every blackout."""
    rule = Weekly(starts_on, starts_on.weekday(), settings.every_weeks)
    last = ends_on - timedelta(days=settings.every_weeks * 7 // 2)
    return schedule.dates(rule, last, blackouts)


def calendar(
    settings: Settings,
    starts_on: date,
    ends_on: date,
    blackouts: tuple[Blackout, ...],
    circles: tuple[int, ...],
) -> list[Planned]:
    """Plan a whole term: the same settings give the same plan, and every slot is named once."""
    days = round_days(settings, starts_on, ends_on, blackouts)
    planned: list[Planned] = []
    for circle in circles:
        planned += _rounds(settings, days, ends_on, circle)
        planned += _prompts(settings, starts_on, ends_on, blackouts, circle)
    planned += _programme_wide(settings, starts_on, ends_on, blackouts)
    return sorted(planned, key=lambda p: (p.due_at, p.slot))


def _rounds(settings: Settings, days: list[date], ends_on: date, circle: int) -> list[Planned]:
    out: list[Planned] = []
    for number, day in enumerate(days, 1):
        closes = days[number] if number < len(days) else ends_on
        middle = day + (closes - day) / 2
        at = schedule.resolve(day, settings.clock, settings.zone)
        slot = f"c{circle}:r{number}"
        out.append(Planned("eve", day, f"{slot}:eve", schedule.dawn(day - EVE_AHEAD), circle, number))
        out.append(Planned("round-open", day, f"{slot}:open", at, circle, number))
        out.append(Planned("middle", middle, f"{slot}:middle", schedule.dawn(middle), circle, number))
    if days:
        out.append(Planned("eve", ends_on, f"c{circle}:end:eve", schedule.dawn(ends_on - EVE_AHEAD), circle, len(days) + 1))
    return out


def _prompts(
    settings: Settings, starts_on: date, ends_on: date, blackouts: tuple[Blackout, ...], circle: int
) -> list[Planned]:
    if settings.prompts == "off":
        return []
    first = starts_on + timedelta(days=2)
    rule = Weekly(first, first.weekday(), PROMPT_WEEKS[settings.prompts])
    days = schedule.dates(rule, ends_on - timedelta(days=7), blackouts)
    return [
        Planned(
            "prompt",
            day,
            f"c{circle}:prompt:{number}",
            schedule.resolve(day, settings.clock, settings.zone),
            circle,
            number,
        )
        for number, day in enumerate(days, 1)
    ]


def _programme_wide(
    settings: Settings, starts_on: date, ends_on: date, blackouts: tuple[Blackout, ...]
) -> list[Planned]:
    first = starts_on + timedelta(days=2 * 7 + 2)  # week 3 (PRODUCT.md, part 5)
    out = []
    if first < ends_on:
        rule = Weekly(first, first.weekday(), settings.check_in_weeks)
        days = schedule.dates(rule, ends_on - timedelta(days=7), blackouts)
        out = [Planned("check-in", day, f"check-in:{n}", schedule.dawn(day), None, n) for n, day in enumerate(days, 1)]
    out.append(Planned("close", ends_on, "close", schedule.resolve(ends_on, settings.clock, settings.zone)))
    return out


def term_end(starts_on: date, weeks: int) -> date:
    """Give the last day of a term that begins on ``starts_on``."""
    return starts_on + timedelta(weeks=weeks)
