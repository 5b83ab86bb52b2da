"""How a command is declared and read: words in, values out."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from circles import when
from circles.errors import BadCall
from circles.language import _, listing
from circles.messages import Button, Field, FieldKind, Form, Option

Kind = Literal["word", "text", "number", "day", "zone", "person", "choice", "flag"]
Audience = Literal["anyone", "member", "organiser"]
_FIELD_KINDS: Mapping[str, FieldKind] = {"number": "number", "day": "date", "person": "person", "choice": "choice"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a command needs; ``help`` is a msgid, said through gettext when it is shown.

    A text, and a day or zone at the end, take the rest of the line; a ``form_only`` one is never typed in a line.
    """

    name: str
    kind: Kind
    help: str
    required: bool = True
    choices: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 2_000_000_000
    longest: int = 300
    form_only: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command, declared once: ``path`` such as 'circle goal add', and a handler that returns effects.

    ``form_for`` names the parameters that a form asks for when they are missing; empty means the required ones.
    ``hidden`` commands are reached by buttons and forms and are not listed.
    A command that ``is_personal`` is about the person herself, so nobody is asked which programme she means.
    One that ``is_looking`` only tells what is there: its answer is given afresh each time and kept for nobody.
    """

    path: str
    help: str
    handler: Callable[..., Iterable[Any]]
    parameters: tuple[Parameter, ...] = ()
    who: Audience = "member"
    title: str = ""
    submit: str = ""
    hidden: bool = False
    audited: bool = False
    takes_answers: bool = False
    is_personal: bool = False
    is_looking: bool = False

    @property
    def usage(self) -> str:
        """The command as one types it, with its parameters."""
        shown = [f"<{p.name}>" if p.required else f"[{p.name}]" for p in self.parameters if not p.form_only]
        return " ".join([f"/{self.path}", *shown])


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: the command and its values."""

    command: Command
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """A command whose required values are not there yet: ask for them with this form."""

    form: Form


LONGEST_CALL = 60  # of the 100 characters that Discord carries; the programme's short name goes behind it
_IN = re.compile(r"(?:^|\s)in:([a-z0-9-]+)(?=\s|$)", re.IGNORECASE)


def find(table: Sequence[Command], words: Sequence[str]) -> tuple[Command, list[str]]:
    """Find the command with the longest path that ``words`` begin with; raises BadCall with near misses."""
    lowered = [word.lower() for word in words]
    best: Command | None = None
    for command in table:
        path = command.path.split()
        if lowered[: len(path)] == path and (best is None or len(path) > len(best.path.split())):
            best = command
    if best is None:
        root = lowered[0] if lowered and lowered[0] in {"circle", "programme"} else "circle"
        help_button = Button(_("Show the commands"), f"{root} help")
        raise BadCall(_("I know the commands /circle and /programme."), buttons=(help_button,))
    rest = list(words[len(best.path.split()) :])
    if rest and not best.parameters:
        _unknown(table, len(best.path.split()), words)
    return best, rest


def _unknown(table: Sequence[Command], known: int, words: Sequence[str]) -> None:
    """Say where ``words``, of which so many are a command, lead nowhere, and what is near; always raises BadCall."""
    shown, lowered = [c.path.split() for c in table if not c.hidden], [word.lower() for word in words]
    while known < len(words) and any(path[: known + 1] == lowered[: known + 1] for path in shown):
        known += 1  # such as "circle data", which is no command and begins two
    path, word = " ".join(lowered[:known]), words[known][:40] if known < len(words) else ""
    following = list(dict.fromkeys(p[known] for p in shown if p[:known] == lowered[:known] and len(p) > known))
    near = difflib.get_close_matches(word.lower(), following, n=3, cutoff=0.5) if word else following
    help_button = Button(_("Show the commands"), f"{lowered[0]} help")
    if not following:
        raise BadCall(_("“/{path}” takes nothing more. Type just /{path}.").format(path=path))
    offers = listing([f"/{path} {option}" for option in near], either=True)
    if not word:
        raise BadCall(_("There is more than one “/{path}”: {offers}.").format(path=path, offers=offers))
    if near:
        raise BadCall(
            _("I don't know “{word}”. Did you mean {offers}?").format(word=word, offers=offers), buttons=(help_button,)
        )
    raise BadCall(
        _("I don't know “{word}”. Type /{root} help to see what I understand.").format(word=word, root=lowered[0]),
        buttons=(help_button,),
    )


def read(table: Sequence[Command], line: str, answers: Mapping[str, str], today: date) -> Reading | Missing:
    """Read a command line, with the ``answers`` of a form where one was filled.

    Raises BadCall when the line or an answer cannot be followed; the sentence says what to type.
    """
    command, _rest = find(table, words_of(line))
    typed_words = typed(command, line)
    given = {**typed_words, **{name: value for name, value in answers.items() if value.strip()}}
    known = {p.name for p in command.parameters}
    unfit = [name for name in answers if name not in known]
    if unfit and not command.takes_answers:
        raise BadCall(
            _("This form belongs to another question. Type /{path} to start again.").format(path=command.path)
        )
    missing = [p for p in command.parameters if p.required and p.name not in given]
    if missing:
        return Missing(form_of(command, typed_words, given))
    values: dict[str, Any] = {p.name: value_of(p, given[p.name], today) for p in command.parameters if p.name in given}
    if command.takes_answers:
        values["answers"] = dict(answers)
    return Reading(command, values)


def programme_named(line: str) -> str:
    """Give the short name in ``in:name``, or nothing."""
    found = _IN.search(line)
    return found.group(1).lower() if found else ""


def words_of(line: str) -> list[str]:
    """Split a command line into words, without its slash and without ``in:name``."""
    return _IN.sub(" ", line).strip().removeprefix("/").split()


def typed(command: Command, line: str) -> dict[str, str]:
    """Give what was typed in the line for each parameter; raises BadCall for words that have no place."""
    line = _IN.sub(" ", line).strip().removeprefix("/")
    rest = line.split()[len(command.path.split()) :]
    found: dict[str, str] = {}
    positional = [p for p in command.parameters if not p.form_only]
    if any(p.kind == "day" for p in positional[:-1]):
        rest = when.days_together(rest)
    for index, parameter in enumerate(positional):
        if index >= len(rest):
            return found
        if parameter.kind == "text" or (parameter.kind in {"day", "zone"} and index == len(positional) - 1):
            found[parameter.name] = " ".join(rest[index:])
            if parameter.kind == "text":
                # The words as she typed them, with their spaces and line ends.
                before = sum(len(words.split()) for words in rest[:index])
                found[parameter.name] = line.split(maxsplit=len(command.path.split()) + before)[-1].strip()
            return found
        found[parameter.name] = rest[index]
    if len(rest) > len(positional):
        extra = " ".join(rest[len(positional) :])[:40]
        raise BadCall(_("I can't place “{extra}”. The command is {usage}.").format(extra=extra, usage=command.usage))
    return found


def form_of(
    command: Command,
    typed: Mapping[str, str],
    given: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
) -> Form:
    """Make the form that asks for what ``typed`` lacks; ``errors`` are shown beside the fields."""
    call = " ".join([command.path, *(typed[p.name] for p in command.parameters if p.name in typed)])
    if len(call) > LONGEST_CALL:
        call, typed = command.path, {}  # what is too long to be carried is shown in its field instead
    fields = tuple(
        Field(
            name=p.name,
            label=_(p.help),
            kind="long" if p.kind == "text" and p.longest > 200 else _FIELD_KINDS.get(p.kind, "line"),
            required=p.required,
            initial=given.get(p.name, ""),
            options=tuple(Option(choice, choice_label(choice)) for choice in p.choices),
            max_length=p.longest,
            error=(errors or {}).get(p.name, ""),
        )
        for p in command.parameters
        if p.name not in typed
    )
    return Form(_(command.title or command.help), call, fields, _(command.submit) if command.submit else _("Send"))


_LABELS: dict[str, str] = {}


def name_choices(labels: Mapping[str, str]) -> None:
    """Give choices words of their own, as msgids; without one the choice is shown as it is typed."""
    _LABELS.update(labels)


def choice_label(choice: str) -> str:
    """Say a choice in the current language."""
    return _(_LABELS[choice]) if choice in _LABELS else choice


def value_of(parameter: Parameter, text: str, today: date) -> Any:
    """Read one value; raises BadCall that names what is expected."""
    text = text.strip()
    if len(text) > parameter.longest:
        raise BadCall(
            _("That is {length} characters long; please keep it to {longest}. Nothing was changed.").format(
                length=len(text), longest=parameter.longest
            ),
            field=parameter.name,
        )
    if "\x00" in text:
        raise BadCall(
            _("There is a character in this text that can't be kept. Please type it again."), field=parameter.name
        )
    try:
        return _READERS[parameter.kind](parameter, text, today)
    except ValueError as problem:
        raise BadCall(str(problem), field=parameter.name) from None


def _number(parameter: Parameter, text: str, _today: date) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", text.removeprefix("#")):
        raise ValueError(
            _("“{text}” is not a whole number; {what} needs one.").format(
                text=text[:40], what=parameter.name.replace("_", " ")
            )
        )
    number = int(text.removeprefix("#"))
    if not parameter.lowest <= number <= parameter.highest:
        raise ValueError(
            _("{what} can be {lowest} to {highest}.").format(
                what=parameter.name.replace("_", " ").capitalize(), lowest=parameter.lowest, highest=parameter.highest
            )
        )
    return number


def _choice(parameter: Parameter, text: str, _today: date) -> str:
    for choice in parameter.choices:
        if text.lower() in {choice, choice_label(choice).lower()}:
            return choice
    raise ValueError(
        _("“{text}” is not one of {choices}.").format(
            text=text[:40], choices=listing(list(parameter.choices), either=True)
        )
    )


def _text(_parameter: Parameter, text: str, _today: date) -> str:
    if not text:
        raise ValueError(_("Please write a few words."))
    return text


def _flag(_parameter: Parameter, text: str, _today: date) -> bool:
    if text.lower() in {"yes", "on", "true", _("yes").lower()}:
        return True
    if text.lower() in {"no", "off", "false", _("no").lower()}:
        return False
    raise ValueError(_("Please answer yes or no."))


_READERS: Mapping[str, Callable[[Parameter, str, date], Any]] = {
    "word": _text,
    "text": _text,
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "person": lambda _parameter, text, _today: text.removeprefix("@"),
    "day": lambda _parameter, text, today: when.parse_day(text, today),
    "zone": lambda _parameter, text, _today: when.parse_zone(text),
}
