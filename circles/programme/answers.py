"""What organisers type for a setting, read into a value; one reading for the setup's forms and for later changes."""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from circles import when
from circles.language import _, listing
from circles.programme.rules import CHOICES, TEMPLATES, Settings

LONGEST_NAME, LONGEST_TEXT = 60, 1000
FARTHEST_START = timedelta(days=366)
SLUG_LENGTH = 30

STEPS: Mapping[int, tuple[str, ...]] = {
    1: ("name", "purpose", "objectives"),
    2: ("mentors_found", "mentors"),
    3: ("eligibility", "orientation", "mentees", "circles"),
    4: ("across_institutions", "overlap_hours", "rotation", "odd", "trial"),
    5: ("start", "weeks", "every_weeks", "at", "zone"),
    6: ("check_in_weeks", "prompts", "resources"),
    7: ("evaluation",),
}
REQUIRED = frozenset({"name", "purpose", "objectives", "mentors_found", "eligibility", "start", "evaluation"})
TEXTS = frozenset({
    *("purpose", "objectives", "mentors_found", "eligibility", "orientation", "trial", "resources", "evaluation"),
})  # fmt: skip
YES_OR_NO = frozenset({"across_institutions", "voice"})
NUMBERS = frozenset({"mentors", "mentees", "circles", "table_size", "every_weeks", "check_in_weeks"})
CHANGEABLE = (
    *("start", "weeks", "every_weeks", "at", "zone", "rotation", "table_size", "odd", "mentors", "mentees", "circles"),
    *("across_institutions", "overlap_hours", "ring", "prompts", "life", "check_in_weeks", "voice"),
    *("purpose", "objectives", "mentors_found", "eligibility", "orientation", "trial", "resources", "evaluation"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """A step's answers as values, and for each that can't be followed the sentence that says what to mend."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]


def read_step(step: int, answers: Mapping[str, str], settings: Settings, today: date, *, chosen: set[str]) -> Read:
    """Read the answers of a step; blank ones keep what is there.

    ``chosen`` names the seats that were answered before; the other kind of seat gives way, so that a circle has 6 to
    30 people.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in STEPS[step]:
        typed = answers.get(name, "").strip()
        try:
            if typed:
                values[name] = read(name, typed, today)
            elif name in REQUIRED:
                errors[name] = _("Please write a few words.")
            elif name in TEXTS:
                values[name] = ""
            if name in values and name not in {"name", "start"}:
                settings, more = with_value(settings, name, values[name], chosen=chosen)
                values |= more
        except ValueError as problem:
            errors[name] = str(problem)
    return Read(values, errors)


def with_value(
    settings: Settings,
    name: str,
    value: object,
    *,
    chosen: set[str] | frozenset[str] = frozenset({"mentors", "mentees"}),
) -> tuple[Settings, dict[str, Any]]:
    """Give the settings with one changed, and what changed along with it; raises ValueError with a sentence."""
    more: dict[str, Any] = {}
    other = {"mentors": "mentees", "mentees": "mentors"}.get(name)
    if other is not None and other not in chosen and isinstance(value, int):
        seats = max(1, min(max(getattr(settings, other), 6 - value), 30 - value))
        if seats != getattr(settings, other):
            more[other] = seats
    return dataclasses.replace(settings, **{name: value, **more}), more


def read(name: str, typed: str, today: date) -> Any:
    """Read one setting; raises ValueError with a sentence that says what works."""
    typed = clean(typed)
    if name in CHOICES:
        return _choice(CHOICES[name], typed)
    if name in NUMBERS:
        return _whole(typed)
    if name == "name":
        return _name(typed)
    if name == "start":
        return _start(typed, today).isoformat()
    return _READERS.get(name, _text)(typed)


def clean(typed: str) -> str:
    """Give what was typed without blanks around it; raises ValueError for characters that can't be kept."""
    if any(unicodedata.category(c) == "Cs" or c == "\x00" for c in typed):
        raise ValueError(_("There is a character in this text that can't be kept. Please type it again."))
    return typed.strip()


def slug_of(name: str, taken: Callable[[str], bool]) -> str:
    """Make a short name from a programme's name: lower-case ASCII, at most 30 characters, not ``taken``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-") or "programme"
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base[: SLUG_LENGTH - len(str(number)) - 1].rstrip('-')}-{number}"
    return slug


def usual_start(today: date) -> date:
    """Suggest a first day: a Monday, at least four weeks ahead, so that people have time to join."""
    ahead = today + timedelta(weeks=4)
    return ahead + timedelta(days=-ahead.weekday() % 7)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not any(c.isalnum() for c in name):
        raise ValueError(_("Please give it a name with letters."))
    return _short_enough(name, LONGEST_NAME)


def _text(typed: str) -> str:
    return _short_enough(typed, LONGEST_TEXT)


def _short_enough(typed: str, longest: int) -> str:
    if len(typed) > longest:
        raise ValueError(
            _("That is {length} characters long; please keep it to {longest}.").format(
                length=len(typed), longest=longest
            )
        )
    return typed


def _start(typed: str, today: date) -> date:
    day = when.parse_day(typed, today)
    if day < today:
        raise ValueError(_("That day is over. A day such as {day} works.").format(day=usual_start(today)))
    if day > today + FARTHEST_START:
        raise ValueError(_("That is more than a year ahead. A day such as {day} works.").format(day=usual_start(today)))
    return day


def _whole(typed: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", typed):
        raise ValueError(_("“{text}” is not a whole number. Write it like 2.").format(text=typed[:40]))
    return int(typed)


def _weeks(typed: str) -> int:
    template = "-".join(typed.lower().split())
    if template in TEMPLATES:
        return TEMPLATES[template]
    if not re.fullmatch(r"[0-9]{1,6}", typed):
        offers = listing(list(TEMPLATES), either=True)
        raise ValueError(
            _("“{text}” is neither a number of weeks nor one of {templates}.").format(text=typed[:40], templates=offers)
        )
    return int(typed)


def _hours(typed: str) -> float:
    if not re.fullmatch(r"[0-9]{1,2}([.,][0-9]{1,2})?", typed):
        raise ValueError(_("“{text}” is not a number of hours. Write it like 2 or 1.5.").format(text=typed[:40]))
    return float(typed.replace(",", "."))


def _yes_or_no(typed: str) -> bool:
    if typed.lower() in {"yes", "on", "true", _("yes").lower()}:
        return True
    if typed.lower() in {"no", "off", "false", _("no").lower()}:
        return False
    raise ValueError(_("Please answer yes or no."))


def _choice(words: tuple[str, ...], typed: str) -> str:
    if typed.lower() in words:
        return typed.lower()
    raise ValueError(
        _("“{text}” is not one of {choices}.").format(text=typed[:40], choices=listing(list(words), either=True))
    )


_READERS: Mapping[str, Callable[[str], Any]] = {
    "weeks": _weeks,
    "overlap_hours": _hours,
    **dict.fromkeys(YES_OR_NO, _yes_or_no),
    "at": lambda typed: when.parse_time(typed).strftime("%H:%M"),
    "zone": when.parse_zone,
}


def typed_as(name: str, settings: Settings) -> str:
    """Write a setting's value as one would type it."""
    value = getattr(settings, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def choices_of(name: str) -> tuple[str, ...]:
    """Give the words that a setting can have, or nothing when it is typed freely."""
    return ("yes", "no") if name in YES_OR_NO else CHOICES.get(name, ())


def spelled(name: str) -> str:
    """Write a setting's name as one types it: 'every-weeks'."""
    return name.replace("_", "-")


def is_done(stored: Mapping[str, Any], step: int) -> bool:
    """Tell whether a step of the setup has been answered."""
    return step in stored.get("steps", ())
