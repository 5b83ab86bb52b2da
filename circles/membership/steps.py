"""The three short steps of a profile: what each asks, and who will be able to read the answer."""

from collections.abc import Mapping

from circles.language import _
from circles.membership.reading import LONGEST_ABOUT, LONGEST_INSTITUTION, RINGS, STAGES, STANCES
from circles.messages import Field, FieldKind, Form, Option, Plain, Span, Strong

STEPS: tuple[tuple[str, ...], ...] = (
    ("stance", "offers", "wants", "about"),
    ("languages", "institution", "stage"),
    ("zone", "weekend", "ring", "capacity"),
)
LONGEST = {"about": LONGEST_ABOUT, "institution": LONGEST_INSTITUTION, "offers": 400, "wants": 400}
_REQUIRED = frozenset({"stance", "languages", "institution", "stage", "zone"})
_KINDS: Mapping[str, FieldKind] = {
    "stance": "choice", "stage": "choice", "ring": "choice", "offers": "long", "wants": "long", "about": "long",
}  # fmt: skip
CHOICES = {"stance": STANCES, "stage": STAGES, "ring": RINGS}


def step_of(field: str) -> int:
    """Give the number of the step, from 1, that asks for a field."""
    return next(number for number, fields in enumerate(STEPS, start=1) if field in fields)


def form(
    step: int,
    call: str,
    texts: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    before: tuple[Span, ...] = (),
    is_joining: bool = True,
) -> Form:
    """Make the form of a step, with what was typed so far and the sentence beside each answer to mend."""
    title = _("Your profile, step {step} of {steps}") if is_joining else _("Your profile")
    return Form(
        title.format(step=step, steps=len(STEPS)),
        call,
        tuple(_field(name, texts.get(name, ""), errors.get(name, "")) for name in STEPS[step - 1]),
        _("Continue") if is_joining and step < len(STEPS) else _("Join") if is_joining else _("Save"),
        (*before, Plain(who_reads(step))),
    )


def _field(name: str, text: str, error: str) -> Field:
    options = tuple(Option(choice, option(name, choice)) for choice in CHOICES.get(name, ()))
    initial = "" if options and text not in CHOICES[name] else text
    return Field(
        name,
        label(name),
        _KINDS.get(name, "line"),
        required=name in _REQUIRED,
        hint=hint(name),
        initial=initial,
        options=options,
        max_length=LONGEST.get(name, 200),
        error=error,
    )


def about_programme(name: str, purpose: str) -> tuple[Span, ...]:
    """Say which programme the answers are for."""
    return (Strong(name), Plain(f": {purpose}\n" if purpose else "\n"))


def who_reads(step: int) -> str:
    """Say, before the first question, who can read the answers."""
    return {
        1: _(
            "Confidential, not anonymous: the people you are brought together with and the organisers can read this, "
            "nobody else."
        ),
        2: _("The people you are brought together with and the organisers can read this, nobody else."),
        3: _(
            "The people you meet and the organisers can read your time zone; "
            "the other answers serve the matching and the organisers."
        ),
    }[step]


def label(field: str) -> str:
    """Name a field of the profile."""
    return {
        "stance": _("Where you would like to sit"),
        "offers": _("Topics you offer"),
        "wants": _("Topics you want"),
        "about": _("A few words about you"),
        "languages": _("Languages"),
        "institution": _("Where you work or study"),
        "stage": _("Career stage"),
        "zone": _("Time zone"),
        "weekend": _("Days you keep free"),
        "ring": _("Reach"),
        "capacity": _("People you have room for at a time"),
    }[field]


def hint(field: str) -> str:
    """Say what an answer may look like."""
    return {
        "offers": _("For example: grant writing; supervising; statistics"),
        "wants": _("For example: networking; negotiating"),
        "about": _("Optional; it goes into your introductions."),
        "languages": _("For example: Arabic, English"),
        "institution": _("“independent” is fine too."),
        "zone": _("A large city near you works, such as Amman or Berlin."),
        "weekend": _("For example fri-sat or sat-sun. Empty means the usual days of your time zone."),
        "capacity": _("0 to 5"),
    }.get(field, "")


def option(field: str, choice: str) -> str:
    """Say one choice of a field in words."""
    return {
        ("stance", "mentor"): _("Mentor: I offer"),
        ("stance", "mentee"): _("Mentee: I want"),
        ("stance", "both"): _("Both: I offer and I want"),
        ("ring", "local"): _("Local: in my country"),
        ("ring", "regional"): _("Regional: in my part of the world"),
        ("ring", "global"): _("Global: anywhere"),
    }.get((field, choice)) or stage_name(choice)


def stage_name(stage: str) -> str:
    """Say a career stage in words."""
    return {
        "student": _("Student"),
        "doctoral": _("Doctoral researcher"),
        "postdoc": _("Postdoc"),
        "early-career": _("Early career"),
        "mid-career": _("Mid-career"),
        "senior": _("Senior"),
        "returning": _("Returning after a break"),
        "other": _("Other"),
    }.get(stage, stage)


CHOICE_NAMES = {
    "mentor": _("mentor"),
    "mentee": _("mentee"),
    "both": _("both"),
    "student": _("Student"),
    "doctoral": _("Doctoral researcher"),
    "postdoc": _("Postdoc"),
    "early-career": _("Early career"),
    "mid-career": _("Mid-career"),
    "senior": _("Senior"),
    "returning": _("Returning after a break"),
    "other": _("Other"),
    "local": _("local"),
    "regional": _("regional"),
    "global": _("global"),
}  # msgids for choices in commands; a form of the profile has words of its own
