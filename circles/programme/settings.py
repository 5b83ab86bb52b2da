"""Changing one setting at a time, also while a programme runs; the calendar follows."""

from collections.abc import Iterable
from datetime import date

from circles.effects import Ask, Effect, Reply
from circles.errors import BadCall, Refused
from circles.messages import Field, Form, Option
from circles.programme import answers as reading
from circles.programme import free_days, replan, rules, settings_words, setup_words
from circles.programme.answers import CHANGEABLE, TEXTS, spelled
from circles.programme.rules import Planned
from circles.turn import Turn
from storage import programmes
from storage.tables import Programme

BEFORE_THE_START = frozenset({"start", "weeks"})


def settings(turn: Turn, *, name: str = "", value: str = "") -> Iterable[Effect]:
    """List the settings, ask for a new value of one, or change it."""
    programme = turn.programme
    if not name:
        return (Reply(settings_words.listed(programme, rules.settings_of(programme.settings))),)
    field = name.replace("-", "_")
    if programme.state == "closed":
        raise Refused(settings_words.closed(programme.name))
    if field in BEFORE_THE_START and programme.state == "running":
        raise Refused(settings_words.fixed_once_running())
    if not value:
        return (Ask(_form(programme, field)),)
    before = _plan(turn)
    try:
        new = reading.read(field, value, turn.today)
        was = _stored(programme, field)
        _change(programme, field, new)
    except ValueError as problem:
        raise BadCall(str(problem), field="value") from None
    programmes.save(turn.db, programme)
    replan.replan(turn.db, programme, turn.now)
    now = _stored(programme, field)
    detail = name if field in TEXTS else f"{name}: {was} → {now}"
    programmes.note(turn.db, programme.id, turn.person.id, turn.now, "programme settings", detail)
    if programme.state != "running":
        return (Reply(settings_words.changed(field, was, now)),)
    after = _plan(turn)
    moves, others = free_days.moves(before, after), free_days.others_moved(before, after)
    stays = free_days.opening_next(after) if field == "every_weeks" else None
    return (Reply(settings_words.changed(field, was, now, settings_words.follows(moves, others, stays))),)


def resources(turn: Turn, *, text: str = "") -> Iterable[Effect]:
    """Show the links and papers that the setup asked for, or put others in their place."""
    if text:
        return settings(turn, name="resources", value=text)
    kept = rules.settings_of(turn.programme.settings).resources
    return (Reply(settings_words.resources(kept, may_change=turn.programme.state != "closed")),)


def _plan(turn: Turn) -> list[Planned]:
    return replan.preview(turn.db, turn.programme, replan.blackouts_of(turn.db, turn.programme), turn.now)


def _stored(programme: Programme, field: str) -> str:
    """Write a setting as one would type it."""
    if field == "start":
        return programme.starts_on.isoformat() if programme.starts_on else ""
    return reading.typed_as(field, rules.settings_of(programme.settings))


def _change(programme: Programme, field: str, new: object) -> None:
    """Put a value into the programme; raises ValueError when it does not go with the others."""
    if field == "start":
        programme.starts_on = date.fromisoformat(str(new))
    else:
        reading.with_value(rules.settings_of(programme.settings), field, new)
        programme.settings = {**programme.settings, field: new}
    if field in BEFORE_THE_START and programme.starts_on is not None:
        programme.ends_on = rules.term_end(programme.starts_on, rules.settings_of(programme.settings).weeks)


def _form(programme: Programme, field: str) -> Form:
    words = reading.choices_of(field)
    question = Field(
        name="value",
        label=rules.setting_name(field),
        kind="choice" if words else "long" if field in TEXTS else "line",
        required=True,
        hint=setup_words.hint(field),
        initial=_stored(programme, field),
        options=tuple(Option(word, label) for word, label in setup_words.options(field)),
        max_length=reading.LONGEST_TEXT if field in TEXTS else 100,
    )
    return Form(settings_words.title(), f"programme settings {spelled(field)}", (question,), setup_words.submit())


NAMES = tuple(spelled(name) for name in CHANGEABLE)
