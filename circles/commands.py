"""One table of every command, read and run: a call goes in, answers come back, acts go to the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from contextvars import Context
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from circles import grammar, outbox, wire, workspaces
from circles.effects import Answer, Ask, Effect, Reply
from circles.errors import BadCall, Halt, Refused
from circles.grammar import Command
from circles.language import _, speaking
from circles.messages import Button, Buttons, Message, message
from circles.programme import words as programme_words
from circles.rooms import is_of
from circles.turn import Call, Turn
from storage import Session, Store, deliveries, people, programmes
from storage.tables import Person, Programme, Workspace

CONCEPTS = (
    *("membership", "programme", "forming", "tending", "rotation", "appointments", "conversation", "goals", "closing"),
    *("undelivered", "help"),
)
LONGEST_CALL = 100  # Discord's limit for what a button may carry


@lru_cache(maxsize=1)
def rooms() -> tuple[ModuleType, ...]:
    """The handlers of every concept, in the order in which help lists them.

    They are loaded in nobody's language: their tables hold msgids, which are said to each person in her own.
    """
    return tuple(Context().run(import_module, f"circles.{concept}.handlers") for concept in CONCEPTS)


@lru_cache(maxsize=1)
def table() -> tuple[Command, ...]:
    """Every command of every concept, in the order in which help lists them."""
    return tuple(command for room in rooms() for command in room.COMMANDS)


def run(store: Store, call: Call, now: datetime) -> tuple[Answer, ...]:
    """Run a call in one transaction and give what goes straight back to the asker.

    The same call again (same workspace and id) gets the same answer and changes nothing more; what only looks gets
    what is true now.
    """
    call = _readable(call)
    if not call.answers and _is_looking(call.line):
        return look(store, call, now)
    with store.writing() as db:
        workspace = _workspace(db, call, now)
        known = deliveries.begin_answer(db, workspace.id, call.id, now)
        if known is not None:
            return tuple(wire.load(known))
        answers = _answer_to(db, workspace, call, now)
        deliveries.keep_answer(db, workspace.id, call.id, wire.dump(answers))
    return answers


def _is_looking(line: str) -> bool:
    try:
        command, _rest = grammar.find(table(), grammar.words_of(line))
    except BadCall:
        return False
    return command.is_looking


def people_named(line: str, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Give whom a call names where a person is asked for: what was typed or chosen, without its @."""
    try:
        command, _rest = grammar.find(table(), grammar.words_of(line))
        given = {**grammar.typed(command, line), **answers}
    except BadCall:
        return ()
    named = (given.get(p.name, "").strip().removeprefix("@") for p in command.parameters if p.kind == "person")
    return tuple(name for name in named if name)


def look(store: Store, call: Call, now: datetime) -> tuple[Answer, ...]:
    """Run a call that only looks, such as one that a chat draws a page from; its answer is not kept against repeats."""
    call = _readable(call)
    with store.writing() as db:
        return _answer_to(db, _workspace(db, call, now), call, now)


def _workspace(db: Session, call: Call, now: datetime) -> Workspace:
    found = people.workspace(db, call.platform, call.workspace)
    workspaces.come_back(db, found, now)  # who calls from there has asked us in again
    return found


def _answer_to(db: Session, workspace: Workspace, call: Call, now: datetime) -> tuple[Answer, ...]:
    person = people.person(db, workspace.id, call.person, name=call.name, zone=call.zone or None, locale=call.locale)
    people.come_back(db, person)
    for other, name in call.others.items():
        people.named_by_another(db, workspace.id, other, name)
    with speaking(person.locale):
        return _answer(db, workspace, person, call, now)


def _readable(call: Call) -> Call:
    """Put a sign in the place of halves of characters, which no database keeps and no chat shows."""
    answers = {_whole(name): _whole(text) for name, text in call.answers.items()}
    return replace(call, line=_whole(call.line), answers=answers, name=_whole(call.name).replace("\x00", ""))


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _answer(db: Session, workspace: Workspace, person: Person, call: Call, now: datetime) -> tuple[Answer, ...]:
    turn = Turn(db, now, workspace, person, call)
    try:
        with db.begin_nested():
            return _run(turn)
    except Halt as halt:
        return (_addressed(turn, _turned_down(halt, call)),)


def _turned_down(halt: Halt, call: Call) -> Answer:
    if call.answers and halt.field:
        reading = _form_again(call, halt)
        if reading is not None:
            return reading
    return Reply(message(halt.sentence, Buttons(halt.buttons) if halt.buttons else None))


def _form_again(call: Call, halt: Halt) -> Ask | None:
    """Show the form once more with what was typed and the error beside its field."""
    try:
        command, _rest = grammar.find(table(), grammar.words_of(call.line))
    except BadCall:
        return None
    typed = grammar.typed(command, call.line)
    if halt.field not in {p.name for p in command.parameters if p.name not in typed}:
        return None  # what was typed in the line has no field to be mended in
    return Ask(grammar.form_of(command, typed, {**typed, **call.answers}, errors={halt.field: halt.sentence}))


def _run(turn: Turn) -> tuple[Answer, ...]:
    programme_name = grammar.programme_named(turn.call.line)
    command, _rest = grammar.find(table(), grammar.words_of(turn.call.line))
    _find_programme(turn, command, programme_name)
    reading = grammar.read(table(), turn.call.line, turn.call.answers, turn.today)
    if isinstance(reading, grammar.Missing):
        return (_addressed(turn, Ask(reading.form)),)
    effects = list(command.handler(turn, **reading.values))
    programme = turn.programme_or_none
    if command.audited and programme is not None and not any(isinstance(e, Ask) for e in effects):
        programmes.note(turn.db, programme.id, turn.person.id, turn.now, command.path)
    return settle(turn, effects)


def settle(turn: Turn, effects: Iterable[Effect]) -> tuple[Answer, ...]:
    """Put the acts among ``effects`` into the outbox and give the answers back."""
    answers: list[Answer] = []
    acts = []
    for effect in effects:
        if isinstance(effect, Reply | Ask):
            answers.append(_addressed(turn, effect))
        else:
            acts.append(effect)
    outbox.put(turn.db, turn.workspace.id, acts, turn.now, programme=_slug(turn))
    return tuple(answers)


def _addressed(turn: Turn, answer: Answer) -> Answer:
    """Let the buttons and the form of an answer, also of a refusal, say which programme they are about."""
    if isinstance(answer, Reply):
        return Reply(outbox.addressed(answer.message, _slug(turn)), answer.replaces)
    return Ask(outbox.addressed_form(answer.form, _slug(turn)))


def _slug(turn: Turn) -> str:
    return turn.programme_or_none.slug if turn.programme_or_none else ""


def _find_programme(turn: Turn, command: Command, slug: str) -> None:
    """Work out which programme is meant, and refuse kindly when this person may not do this there."""
    db, workspace, person = turn.db, turn.workspace, turn.person
    if command.path == "programme setup" and not slug:
        return  # it finds the asker's drafts itself, whatever else she is in
    organised = programmes.organised_by(db, workspace.id, person.id)
    joined = programmes.joined_by(db, workspace.id, person.id)
    if slug:
        named = programmes.by_slug(db, workspace.id, slug)
        if named is None or not (
            named in organised or any(p.id == named.id for p, _m in joined) or named.state in {"call", "running"}
        ):
            raise BadCall(_("There is no programme “{slug}” here. Leave in:{slug} out.").format(slug=slug))
        candidates = [named]
    elif command.who == "organiser":
        candidates = organised
    else:
        candidates = [p for p, _m in joined] or (organised if command.who == "anyone" else [])
    if command.who == "organiser" and not organised and not command.path.startswith("programme setup"):
        raise Refused(_("This is for organisers. Ask one of them, or start a programme with /programme setup."))
    chosen = next(iter(candidates), None) if command.is_personal else _one(turn, candidates)
    if command.who == "organiser" and chosen is not None and chosen.id not in {p.id for p in organised}:
        raise Refused(_("You don't organise “{name}”, so this stays closed to you.").format(name=chosen.name))
    turn.programme_or_none = chosen
    if chosen is not None:
        turn.member_or_none = next((m for p, m in joined if p.id == chosen.id), None)
    if command.who == "member":
        turn.member  # noqa: B018 - it refuses kindly when she has not joined


def _one(turn: Turn, candidates: Sequence[Programme]) -> Programme | None:
    current = [p for p in candidates if p.state != "closed"] or list(candidates)[:1]
    if len(current) > 1 and turn.call.room:
        room = deliveries.room_at(turn.db, turn.workspace.id, turn.call.room)
        here = [p for p in current if room is not None and is_of(room.key, p.id)]
        current = here or current
    if len(current) > 1:
        line = turn.call.line.strip()
        choices = tuple(
            Button(programme_words.told_apart(p, current)[:60], f"{line} in:{p.slug}")
            for p in current[:5]
            if len(f"{line} in:{p.slug}") <= LONGEST_CALL
        )
        raise BadCall(
            _("You are in more than one programme. Which one is this about?")
            if choices
            else _("You are in more than one programme. Add in: and its short name, for example in:{slug}.").format(
                slug=current[0].slug
            ),
            buttons=choices,
        )
    return current[0] if current else None


def sorry() -> Message:
    """What a person reads when something unexpected went wrong; it is logged with the call's id."""
    return message(_("Something went wrong on my side, and nothing was changed. Please try again in a moment."))
