"""What members do about themselves: the table of their commands."""

from collections.abc import Callable
from datetime import datetime

from circles.grammar import Command, Parameter, name_choices
from circles.membership import away, joining, privacy, rhythm, status, steps
from storage import Session

name_choices(steps.CHOICE_NAMES)
_STEP = Parameter("number", "number", "The step", lowest=1, highest=len(steps.STEPS))
_PERSON = Parameter("person", "person", "Who", longest=100)

COMMANDS: tuple[Command, ...] = (
    Command("circle", "See where you are and what comes next", status.status, who="anyone"),
    Command("circle join", "Join a programme, in three short steps", joining.join, who="anyone", is_personal=True),
    Command(
        "circle join step",
        "Your profile",
        joining.join_step,
        (_STEP,),
        who="anyone",
        hidden=True,
        takes_answers=True,
    ),
    Command("circle status", "See where you are and what comes next", status.status, who="anyone"),
    Command(
        "circle profile",
        "See your profile, or change one part of it",
        joining.profile,
        (
            Parameter("field", "word", "The part, such as offers or languages", required=False, longest=30),
            Parameter("value", "text", "What it is now", required=False, longest=500),
        ),
    ),
    Command("circle profile edit", "Change a step of your profile", joining.edit, (_STEP,), hidden=True),
    Command("circle profile step", "Your profile", joining.edit_step, (_STEP,), hidden=True, takes_answers=True),
    Command(
        "circle pause",
        "Rest until a day; your place is kept",
        away.pause,
        (
            Parameter("until", "day", "Until when? For example 8 March, or in 3 weeks", longest=60),
            Parameter(
                "reason",
                "text",
                "Why, if you like; only you can read it",
                required=False,
                longest=200,
                form_only=True,
            ),
        ),
        title="A pause",
        submit="Pause",
    ),
    Command("circle resume", "Come back from a pause", away.resume),
    Command("circle leave", "Leave the programme; no reason needed", away.leave),
    Command("circle leave yes", "Leave the programme", away.leave_yes, hidden=True),
    Command(
        "circle avoid",
        "See, or add to, the people you are never brought together with; nobody is told",
        privacy.avoid,
        (Parameter("person", "person", "Who", required=False, longest=100),),
    ),
    Command("circle avoid remove", "Take somebody off that list", privacy.avoid_remove, (_PERSON,)),
    Command(
        "circle quiet",
        "See or set the hours in which I stay silent",
        rhythm.quiet,
        (Parameter("hours", "text", "From and until, such as 21:00 7:30, or off", required=False, longest=40),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle weekend",
        "Set the days you keep free",
        rhythm.weekend,
        (Parameter("days", "text", "Your days off, such as fri-sat, sat-sun or none", longest=80),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle zone",
        "See or set your time zone",
        rhythm.zone,
        (Parameter("zone", "zone", "A large city near you, such as Amman or Berlin", required=False, longest=80),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle data export",
        "Get everything I keep about you",
        privacy.data_export,
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle data delete",
        "Have what I keep about you deleted",
        privacy.data_delete,
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle data delete yes",
        "Have what I keep about you deleted",
        privacy.data_delete_yes,
        who="anyone",
        hidden=True,
        is_personal=True,
    ),
)
EVERY_TICK: tuple[Callable[[Session, datetime], None], ...] = (away.end_pauses,)
