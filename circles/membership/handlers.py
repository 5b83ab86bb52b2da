"""What members do about themselves: the table of their commands."""

from collections.abc import Callable
from datetime import datetime

from circles import workspaces
from circles.grammar import Command, Parameter, name_choices
from circles.language import _
from circles.membership import away, going, joining, privacy, rhythm, status, steps
from storage import Session

name_choices(steps.CHOICE_NAMES)
_STEP = Parameter("number", "number", _("The step"), lowest=1, highest=len(steps.STEPS))
_PERSON = Parameter("person", "person", _("Who"), longest=100)

COMMANDS: tuple[Command, ...] = (
    Command("circle", _("See where you are and what comes next"), status.status, who="anyone", is_looking=True),
    Command("circle join", _("Join a programme, in three short steps"), joining.join, who="anyone", is_personal=True),
    Command(
        "circle join step",
        _("Your profile"),
        joining.join_step,
        (_STEP,),
        who="anyone",
        hidden=True,
        takes_answers=True,
    ),
    Command("circle status", _("See where you are and what comes next"), status.status, who="anyone", is_looking=True),
    Command(
        "circle profile",
        _("See your profile, or change one part of it"),
        joining.profile,
        (
            Parameter("field", "word", _("The part, such as offers or languages"), required=False, longest=30),
            Parameter("value", "text", _("What it is now"), required=False, longest=500),
        ),
    ),
    Command("circle profile edit", _("Change a step of your profile"), joining.edit, (_STEP,), hidden=True),
    Command("circle profile step", _("Your profile"), joining.edit_step, (_STEP,), hidden=True, takes_answers=True),
    Command(
        "circle pause",
        _("Rest until a day; your place is kept"),
        away.pause,
        (
            Parameter("until", "day", _("Until when? For example 8 March, or in 3 weeks"), longest=60),
            Parameter(
                "reason",
                "text",
                _("Why, if you like; only you can read it"),
                required=False,
                longest=200,
                form_only=True,
            ),
        ),
        title=_("A pause"),
        submit=_("Pause"),
    ),
    Command("circle resume", _("Come back from a pause"), away.resume),
    Command("circle leave", _("Leave the programme; no reason needed"), away.leave),
    Command("circle leave yes", _("Leave the programme"), away.leave_yes, hidden=True),
    Command(
        "circle avoid",
        _("See, or add to, the people you are never brought together with; nobody is told"),
        privacy.avoid,
        (Parameter("person", "person", _("Who"), required=False, longest=100),),
    ),
    Command("circle avoid remove", _("Take somebody off that list"), privacy.avoid_remove, (_PERSON,)),
    Command(
        "circle quiet",
        _("See or set the hours in which I stay silent"),
        rhythm.quiet,
        (Parameter("hours", "text", _("From and until, such as 21:00 7:30, or off"), required=False, longest=40),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle weekend",
        _("Set the days you keep free"),
        rhythm.weekend,
        (Parameter("days", "text", _("Your days off, such as fri-sat, sat-sun or none"), longest=80),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle zone",
        _("See or set your time zone"),
        rhythm.zone,
        (Parameter("zone", "zone", _("A large city near you, such as Amman or Berlin"), required=False, longest=80),),
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle quiet change",
        _("Set the hours in which I stay silent"),
        rhythm.quiet,
        (Parameter("hours", "text", _("From and until, such as 21:00 7:30, or off"), longest=40),),
        who="anyone",
        hidden=True,
        is_personal=True,
    ),
    Command(
        "circle zone change",
        _("Set your time zone"),
        rhythm.zone,
        (Parameter("zone", "zone", _("A large city near you, such as Amman or Berlin"), longest=80),),
        who="anyone",
        hidden=True,
        is_personal=True,
    ),
    Command("circle zone keep", _("Keep your time zone"), going.keep_zone, who="anyone", hidden=True, is_personal=True),
    Command("circle room back", _("Come back into the room of your circle"), going.room_back, hidden=True),
    Command(
        "circle data export",
        _("Get everything I keep about you"),
        privacy.data_export,
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle data delete",
        _("Have what I keep about you deleted"),
        privacy.data_delete,
        who="anyone",
        is_personal=True,
    ),
    Command(
        "circle data delete yes",
        _("Have what I keep about you deleted"),
        privacy.data_delete_yes,
        who="anyone",
        hidden=True,
        is_personal=True,
    ),
)
EVERY_TICK: tuple[Callable[[Session, datetime], None], ...] = (away.end_pauses, workspaces.purge)
