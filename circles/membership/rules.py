"""What a profile is, and when it is whole: plain values, and a check that says everything at once.

A person's answers and an organiser's roster are read by the same rules. Seniority sets no seat: a professor may be a
mentee, and a doctoral student a mentor, by what each offers and wants.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from circles.language import _
from circles.membership.cldr import SATURDAY_SUNDAY, default_weekend, language_name
from circles.membership.reading import (
    DAYS,
    RINGS,
    STAGES,
    STANCES,
    about,
    capacity,
    institution,
    languages,
    ring,
    stage,
    stance,
    topics,
    weekend,
    zone,
)  # fmt: skip
from circles.spelling import key, shared, tidy

__all__ = [
    "DAYS", "RINGS", "STAGES", "STANCES", "Profile", "ProfileProblems", "about", "answers", "capacity",
    "default_weekend", "institution", "key", "language_name", "languages", "profile", "ring", "shared", "stage",
    "stance", "topics", "weekend", "zone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member says about herself; weekdays count from 0, Monday; `zone` is an IANA name, languages ISO 639."""

    stance: str
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    languages: tuple[str, ...]
    zone: str
    institution: str
    stage: str
    capacity: int = 2
    ring: str = "local"
    weekend: frozenset[int] = SATURDAY_SUNDAY
    about: str = ""


class ProfileProblems(Exception):
    """Some answers of a profile cannot be used yet; `problems` holds a sentence for each field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems: Mapping[str, str] = MappingProxyType(dict(problems))
        super().__init__(dict(problems))

    def __str__(self) -> str:
        """Give all sentences, one a line."""
        return "\n".join(self.problems.values())


_READERS: Mapping[str, Callable[[str], object]] = MappingProxyType({
    "stance": stance, "offers": topics, "wants": topics, "languages": languages, "zone": zone,
    "institution": institution, "stage": stage, "capacity": capacity, "ring": ring, "weekend": weekend, "about": about,
})  # fmt: skip
_MAY_BE_BLANK = frozenset({"capacity", "ring", "weekend", "about"})


def profile(texts: Mapping[str, str]) -> Profile:
    """Read a whole profile from one text a field, and say everything that needs another look at once.

    Blank or absent capacity, ring, weekend and about take their defaults; the weekend's default follows the time zone.

    Raises:
        ProfileProblems: with one sentence for each field that cannot be used yet.
        KeyError: where a text is not named after a field of Profile.
    """
    strange = texts.keys() - _READERS.keys()
    if strange:
        raise KeyError(*sorted(strange))
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, read in _READERS.items():
        text = texts.get(field, "")
        if field in _MAY_BE_BLANK and not tidy(text):
            continue
        try:
            found[field] = read(text)
        except ValueError as error:
            problems[field] = str(error)
    problems |= _empty_hands(found)
    if problems:
        raise ProfileProblems({field: problems[field] for field in _READERS if field in problems})
    found.setdefault("weekend", default_weekend(found["zone"]))
    return Profile(**found)


def _empty_hands(found: Mapping[str, Any]) -> dict[str, str]:
    """Ask for the topics that a seat needs: a mentor offers at least one, a mentee wants at least one."""
    seat = found.get("stance")
    problems: dict[str, str] = {}
    if seat in ("mentor", "both") and found.get("offers") == ():
        problems["offers"] = _("For a mentor seat, could you name at least one topic you offer?")
    if seat in ("mentee", "both") and found.get("wants") == ():
        problems["wants"] = _("For a mentee seat, could you name at least one topic you want?")
    return problems


def answers(member: Profile) -> dict[str, str]:
    """Give the texts from which `member` reads back as the same value, to fill a form or a file."""
    return {
        "stance": member.stance,
        "offers": "; ".join(member.offers),
        "wants": "; ".join(member.wants),
        "languages": ", ".join(member.languages),
        "zone": member.zone,
        "institution": member.institution,
        "stage": member.stage,
        "capacity": str(member.capacity),
        "ring": member.ring,
        "weekend": ", ".join(DAYS[day] for day in sorted(member.weekend)) or "none",
        "about": member.about,
    }
