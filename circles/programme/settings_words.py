"""What is said about a programme's settings."""

from collections.abc import Sequence

from circles.language import _, day_text
from circles.messages import Block, Button, Command, Fact, Facts, Heading, Message, Plain, buttons, message, text
from circles.programme import words
from circles.programme.agenda_words import moving
from circles.programme.answers import CHANGEABLE, TEXTS, choices_of, spelled, typed_as
from circles.programme.free_days import Move
from circles.programme.rhythm import Coming
from circles.programme.rules import Settings, setting_name
from circles.programme.setup_words import choice, hint
from storage.tables import Programme

SHOWN = 80  # characters of a longer text


def title() -> str:
    """Give the title of the form that changes a setting."""
    return _("Change a setting")


def listed(programme: Programme, settings: Settings) -> Message:
    """List the settings by the names that one types."""
    rows = [Fact(spelled(name), (Plain(_value(programme, settings, name)),)) for name in CHANGEABLE]
    return message(
        Heading(programme.name),
        Facts(tuple(rows)),
        text(
            _("To change one, type for example {example}, or {form} to be asked."),
            example=Command("/programme settings every-weeks 3"),
            form=Command("/programme settings every-weeks"),
        ),
        summary=_("The settings of your programme"),
    )


def _value(programme: Programme, settings: Settings, name: str) -> str:
    if name == "start":
        return (
            f"{day_text(programme.starts_on)} {programme.starts_on.year}" if programme.starts_on else _("not set yet")
        )
    value = typed_as(name, settings)
    if name in TEXTS:
        line = " ".join(value.split())
        return (line if len(line) <= SHOWN else line[: SHOWN - 1] + "…") or _("nothing yet")
    label = choice(name, value)
    return value if label == value or not choices_of(name) else f"{value}: {label}"


def follows(moves: Sequence[Move], others: int, stays: Coming | None) -> list[Block]:
    """Say what a change does to the calendar of a running programme; ``stays`` is the round that keeps its day."""
    shown = text(
        _("What is still to come of the calendar follows; {command} shows it."), command=Command("/programme schedule")
    )
    if stays is None:
        return [shown, *(moving(moves, others) if moves or others else ())]
    number, day = stays
    kept = _("Round {number} begins on {day}, as people know; the new rhythm counts from there.")
    return [shown, text(kept, number=number, day=day_text(day)), *moving(moves, others)]


def changed(name: str, was: str, now: str, calendar: Sequence[Block] = ()) -> Message:
    """Say what changed, and what comes of it."""
    if name in TEXTS:
        first = text(_("{name}: kept."), name=setting_name(name))
    else:
        first = text(_("{name}: {was} → {now}."), name=setting_name(name), was=was or words.none(), now=now)
    counts = text(hint(name)) if name == "voice" else None
    return message(first, counts, *calendar, summary=_("A setting was changed"))


def resources(kept: str, *, may_change: bool) -> Message:
    """Show an organiser the programme's links and papers as they were typed."""
    return message(
        Heading(_("Links and papers to share")),
        kept or _("There are none yet."),
        text(
            _("Organisers see them here; {announce} brings what you like of them to every circle."),
            announce=Command("/programme announce"),
        ),
        buttons(Button(_("Change them"), "programme settings resources")) if may_change else None,
        summary=_("Links and papers of your programme"),
    )


def closed(name: str) -> str:
    """Say that a closed programme keeps its settings."""
    return _("“{name}” is closed, so its settings stay as they are.").format(name=name)


def fixed_once_running() -> str:
    """Say which settings are fixed while a programme runs."""
    return _(
        "The dates are fixed while a programme runs. You can keep days free with /programme schedule blackout, "
        "or change the rhythm with /programme settings every-weeks."
    )
