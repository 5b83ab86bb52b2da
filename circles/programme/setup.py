"""Setting a programme up in seven short steps, and opening it: nobody else hears of a draft."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from circles.effects import Ask, Effect, Reply, Tell
from circles.errors import BadCall, Refused
from circles.messages import Button, Field, FieldKind, Form, Message, Option
from circles.programme import answers as reading
from circles.programme import rules, setup_words, words
from circles.programme.answers import NUMBERS, REQUIRED, STEPS, TEXTS
from circles.turn import Turn, mention
from storage import people, programmes
from storage.tables import Programme

NEEDED_FOR_CALL = (1, 2, 3)
ORGANISERS = 2  # never depends on one person
ENOUGH_BUTTONS = 5


def setup(turn: Turn, *, answers: Mapping[str, str], step: str = "") -> Iterable[Effect]:
    """Begin a programme, go on with a draft, or keep the answers of one step."""
    if step == "new":
        turn.programme_or_none = None
        return _begin(turn, answers)
    programme = _draft(turn, step)
    if programme is None:
        if step in {"", "1"}:
            return _begin(turn, answers)
        raise Refused(setup_words.no_draft(), buttons=(Button(words.start_label(), "programme setup new", "primary"),))
    turn.programme_or_none = programme
    if not step:
        return (Reply(_checklist(programme)),)
    number = int(step)
    if not answers:
        return (Ask(_form(turn, number, programme)),)
    return _keep(turn, programme, number, answers)


def call(turn: Turn) -> Iterable[Effect]:
    """Open a programme: people can join from now on."""
    programme, db = turn.programme, turn.db
    if programme.state != "draft":
        raise Refused(setup_words.call_over(programme), buttons=(Button(words.status_label(), "programme status"),))
    missing = [step for step in NEEDED_FOR_CALL if not reading.is_done(programme.settings, step)]
    if missing:
        offers = tuple(Button(setup_words.title(step), f"programme setup {step}") for step in missing)
        raise Refused(setup_words.steps_missing(missing), buttons=offers)
    organisers = people.organisers_here(db, programme.id)
    if len(organisers) < ORGANISERS:
        offer = Button(words.add_organiser_label(), "programme organisers add", "primary")
        raise Refused(setup_words.second_organiser(), buttons=(offer,))
    programme.state = "call"
    programmes.save(db, programme)
    others_open = len(programmes.open_for_joining(db, turn.workspace.id)) > 1
    join = f"/circle join in:{programme.slug}" if others_open else "/circle join"
    told = setup_words.opened_by(programme, mention(turn.person))
    return (
        Reply(setup_words.opened(programme, rules.settings_of(programme.settings), join)),
        *(
            Tell(f"call:{programme.id}:{other.id}", other.id, told, "call", urgent=True)
            for other in organisers
            if other.id != turn.person.id
        ),
    )


def _draft(turn: Turn, step: str) -> Programme | None:
    """Find the draft that is meant: the one named, or the asker's only one."""
    organised = programmes.organised_by(turn.db, turn.workspace.id, turn.person.id)
    named = turn.programme_or_none
    if named is not None:
        if named.id not in {p.id for p in organised}:
            raise Refused(words.not_yours(named.name))
        if named.state != "draft":
            offer = Button(words.settings_label(), "programme settings")
            raise Refused(setup_words.launched_already(named.name), buttons=(offer,))
        return named
    drafts = [p for p in organised if p.state == "draft"]
    if len(drafts) > 1:
        offers = tuple(
            Button(p.name, f"programme setup {step} in:{p.slug}".replace("  ", " ")) for p in drafts[:ENOUGH_BUTTONS]
        )
        raise BadCall(setup_words.which_draft([p.name for p in drafts[:ENOUGH_BUTTONS]]), buttons=offers)
    return drafts[0] if drafts else None


def _begin(turn: Turn, answers: Mapping[str, str]) -> Iterable[Effect]:
    """Ask the first step, or make the draft from its answers."""
    if not answers:
        return (Ask(_form(turn, 1, None)),)
    _check_names(1, answers)
    read = reading.read_step(1, answers, rules.Settings(), turn.today, chosen=set())
    errors = dict(read.errors)
    organised = programmes.organised_by(turn.db, turn.workspace.id, turn.person.id)
    if any(p.state == "draft" and p.name == read.values.get("name") for p in organised):
        errors["name"] = setup_words.name_taken()
    elif read.values.get("name") in {p.name for p in programmes.open_for_joining(turn.db, turn.workspace.id)}:
        errors["name"] = setup_words.name_in_use()
    if errors:
        return (Ask(_form(turn, 1, None, typed=answers, errors=errors)),)
    slug = reading.slug_of(
        read.values["name"], lambda slug: programmes.by_slug(turn.db, turn.workspace.id, slug) is not None
    )
    programme = Programme(
        workspace_id=turn.workspace.id, slug=slug, name=read.values["name"], settings={}, created_at=turn.now
    )
    programmes.save(turn.db, programme)
    people.add_organiser(turn.db, programme.id, turn.person.id, turn.now)
    turn.programme_or_none = programme
    return _save(turn, programme, 1, read.values)


def _keep(turn: Turn, programme: Programme, step: int, answers: Mapping[str, str]) -> Iterable[Effect]:
    _check_names(step, answers)
    settings = rules.settings_of(programme.settings)
    done = {s for s in STEPS if reading.is_done(programme.settings, s)}
    chosen = {name for name, where in (("mentors", 2), ("mentees", 3)) if where in done}
    read = reading.read_step(step, answers, settings, turn.today, chosen=chosen)
    if read.errors:
        return (Ask(_form(turn, step, programme, typed=answers, errors=read.errors)),)
    return _save(turn, programme, step, read.values)


def _check_names(step: int, answers: Mapping[str, str]) -> None:
    if not set(answers) <= set(STEPS[step]):
        raise BadCall(words.other_form())


def _save(turn: Turn, programme: Programme, step: int, values: Mapping[str, Any]) -> Iterable[Effect]:
    """Keep a step's values in the draft and show how far it is."""
    kept = {name: value for name, value in values.items() if name not in {"name", "start"}}
    done = sorted({step, *programme.settings.get("steps", ())})
    programme.settings = {**programme.settings, **kept, "steps": done}
    programme.name = values.get("name", programme.name)
    if "start" in values:
        programme.starts_on = date.fromisoformat(values["start"])
        weeks = rules.settings_of(programme.settings).weeks
        programme.ends_on = rules.term_end(programme.starts_on, weeks)
    programmes.save(turn.db, programme)
    programmes.note(turn.db, programme.id, turn.person.id, turn.now, "programme setup", str(step))
    return (Reply(_checklist(programme)),)


def _checklist(programme: Programme) -> Message:
    done = [step for step in STEPS if reading.is_done(programme.settings, step)]
    next_step = next((step for step in STEPS if step not in done), None)
    return setup_words.checklist(programme, rules.settings_of(programme.settings), done, next_step)


def _form(
    turn: Turn,
    step: int,
    programme: Programme | None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Form:
    """Make a step's form, filled with what was typed, kept or is usual."""
    fields = tuple(
        _field(
            name, (typed or {}).get(name) if typed else _usual(turn, name, step, programme), (errors or {}).get(name)
        )
        for name in STEPS[step]
    )
    line = f"programme setup {step if programme else 'new'}"
    return Form(setup_words.title(step), line, fields, setup_words.submit(), setup_words.intro(step))


def _field(name: str, initial: str | None, error: str | None) -> Field:
    kind: FieldKind = "line"
    if name in TEXTS:
        kind = "long"
    elif name in NUMBERS:
        kind = "number"
    elif name == "start":
        kind = "date"
    elif reading.choices_of(name):
        kind = "choice"
    longest = {"name": reading.LONGEST_NAME}.get(name, reading.LONGEST_TEXT if name in TEXTS else 100)
    return Field(
        name=name,
        label=setup_words.question(name),
        kind=kind,
        required=name in REQUIRED,
        hint=setup_words.hint(name),
        initial=initial or "",
        options=tuple(Option(word, label) for word, label in setup_words.options(name)),
        max_length=longest,
        error=error or "",
    )


def _usual(turn: Turn, name: str, step: int, programme: Programme | None) -> str:
    """Give what stands in a field at first: what is kept, or what is usual."""
    if name == "name":
        return programme.name if programme else ""
    if name == "start":
        kept = programme.starts_on if programme else None
        return (kept or reading.usual_start(turn.today)).isoformat()
    stored = programme.settings if programme else {}
    if name == "evaluation" and not reading.is_done(stored, step):
        return setup_words.usual_evaluation()
    if name == "zone" and not reading.is_done(stored, step):
        return turn.zone
    return reading.typed_as(name, rules.settings_of(stored))
