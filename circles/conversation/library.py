"""The shelf of prompts: conversation starters and check-in questions, read from text files and checked on arrival.

Whoever edits the texts or brings her own learns about every mistake at once, by file or line, and not one at a time.
A mistake in our own files is a `LibraryError` for the maintainer; one in an organiser's file is a `FileRefused`.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal, cast, get_args

from circles.files import FileRefused, LineProblem, Row, read_csv
from circles.language import _, listing

Phase = Literal["rapport", "direction", "progress", "winding-down", "moving-on"]
Depth = Literal["light", "medium", "deep"]
Life = Literal["professional", "personal", "both"]
Audience = Literal["pair", "table", "circle"]

PHASES: tuple[Phase, ...] = get_args(Phase)  # in the order of a term
DEPTHS: tuple[Depth, ...] = get_args(Depth)  # from the lightest
LIVES: tuple[Life, ...] = get_args(Life)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
THEMES = (
    *("beyond-work", "success", "balance", "offers-and-wants", "working-together", "strengths", "priorities"),
    *("doubt", "allies", "networks", "paths", "skills", "sponsorship", "barriers", "difference", "managing-up"),
    *("hard-talks", "mentoring", "celebrating"),
)
BANKS = ("before-meeting", "after-meeting", "priority", "action", "tie-health", "silence", "close")

LONGEST_TEXT = 600  # characters; fits a chat message with its heading and buttons on every platform
SHORTEST, LONGEST = 5, 60  # minutes
NEEDED = ("id", "theme", "phase", "depth", "minutes", "life", "text")
ALLOWED = ("audience", "tags", "language")
CHECKINS = "checkins.toml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")

Fault = tuple[str, str]  # the column or key, and what is wrong with it


@dataclass(frozen=True, slots=True)
class Prompt:
    """One conversation starter; its id is stable and shared by all its translations.

    `life` says what an answer must be about: "both" leaves that to whoever answers, so it fits every agreement.
    """

    id: str
    theme: str
    phase: Phase
    depth: Depth
    minutes: int
    life: Life
    audience: frozenset[str]
    tags: frozenset[str]
    language: str
    text: str


class LibraryError(Exception):
    """The shipped texts have mistakes; each problem names the file, the entry and what is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that we ship prompts in."""
    return tuple(sorted(folder.name for folder in _shelf().iterdir() if folder.is_dir()))


@lru_cache(maxsize=16)
def shipped(language: str = "en") -> tuple[Prompt, ...]:
    """Give every prompt we ship in `language`, file by file; LibraryError names all mistakes at once."""
    return read_folder(_folder(language), language)


@lru_cache(maxsize=16)
def banks(language: str = "en") -> Mapping[str, tuple[str, ...]]:
    """Give the check-in questions in `language` by bank; the fixed answers of each are told in its file."""
    return read_banks(_folder(language) / CHECKINS)


def read_folder(folder: Traversable, language: str) -> tuple[Prompt, ...]:
    """Read and check every theme file of a folder; LibraryError names all mistakes in all files at once."""
    prompts: dict[str, Prompt] = {}
    problems: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml") or file.name == CHECKINS:
            continue
        for place, entry in _entries(file, problems):
            prompt, faults = _checked({"language": language, **entry})
            if prompt is not None and prompt.id in prompts:
                faults = [("id", _("This id is there twice."))]
            problems += [f"{place}, {column}: {what}" for column, what in faults]
            if prompt is not None:
                prompts[prompt.id] = prompt
    if problems:
        raise LibraryError(problems)
    return tuple(prompts.values())


def read_banks(file: Traversable) -> Mapping[str, tuple[str, ...]]:
    """Read and check a file of check-in questions: all banks, none empty, no question twice."""
    table = _toml(file)
    found = table.get("banks")
    if set(table) != {"banks"} or not isinstance(found, dict):
        raise LibraryError([f"{file.name}: it holds one table, [banks], and nothing else."])
    problems = [f"{file.name}, {name}: this bank is not known." for name in found if name not in BANKS]
    for name in BANKS:
        questions = found.get(name)
        if not isinstance(questions, list) or not questions:
            problems.append(f"{file.name}, {name}: this bank has no list of questions.")
            continue
        texts = [question for question in questions if isinstance(question, str) and 0 < len(question) <= LONGEST_TEXT]
        if len(set(texts)) < len(questions):
            problems.append(f"{file.name}, {name}: a question is empty, too long, there twice, or not a text.")
    if problems:
        raise LibraryError(problems)
    return MappingProxyType({name: tuple(found[name]) for name in BANKS})


def parse_import(data: bytes, known_ids: Collection[str]) -> tuple[Prompt, ...]:
    """Read an organiser's prompts from a CSV file: all of them, or none and a FileRefused that names every bad line.

    Columns: id, theme, phase, depth, minutes, life, text; optional audience (empty: everybody), tags, language
    (empty: en). Several audiences or tags in one cell are separated by spaces, commas or semicolons. Case and spaces
    in the fixed words do not matter. `known_ids` are taken already, by our prompts or by earlier imports.
    """
    problems: list[LineProblem] = []
    try:
        rows: Sequence[Row] = read_csv(data, NEEDED, ALLOWED)
    except FileRefused as refusal:  # the rows that could be read may have mistakes of their own
        rows, problems = refusal.rows, list(refusal.problems)
    prompts: list[Prompt] = []
    first_lines: dict[str, int] = {}
    for row in rows:
        prompt, faults = _checked(_entry(row))
        name = _slug(row.cells["id"])
        if name in known_ids:
            faults.append(("id", _("There is a prompt with this id already.")))
        elif name in first_lines:
            faults.append(("id", _("Line {line} has the same id.").format(line=first_lines[name])))
        if name:
            first_lines.setdefault(name, row.line)
        problems += [LineProblem(row.line, column, what) for column, what in faults]
        if prompt is not None:
            prompts.append(prompt)
    if problems:
        raise FileRefused(sorted(problems, key=lambda problem: problem.line))
    return tuple(prompts)


def _slug(cell: str) -> str:
    """Forgive capitals, spaces and underscores in a fixed word: "Winding down" is winding-down."""
    return re.sub(r"[\s_]+", "-", cell.strip().casefold())


def _entry(row: Row) -> dict[str, object]:
    """Turn the cells of a row into the kinds of values that a TOML entry has; what will not turn stays as it is."""
    cells = row.cells
    entry: dict[str, object] = {name: _slug(cells[name]) for name in ("id", "theme", "phase", "depth", "life")}
    minutes = cells["minutes"]
    entry["minutes"] = int(minutes) if re.fullmatch(r"[0-9]{1,4}", minutes) else minutes
    for name in ("audience", "tags"):
        entry[name] = [word for word in re.split(r"[\s,;|]+", cells[name].casefold()) if word]
    entry["audience"] = entry["audience"] or list(AUDIENCES)
    main, hyphen, rest = (cells["language"] or "en").replace("_", "-").partition("-")
    return {**entry, "language": f"{main.casefold()}{hyphen}{rest}", "text": cells["text"]}


def _shelf() -> Traversable:
    return resources.files("circles.conversation") / "prompts"


def _folder(language: str) -> Traversable:
    """Find the folder of a language we ship; anything else, a path included, is no language."""
    if language not in languages():
        raise LibraryError([f"There are no prompts in “{language}”; there are in {', '.join(languages())}."])
    return _shelf() / language


def _toml(file: Traversable) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LibraryError([f"{file.name}: {error}"]) from error


def _entries(file: Traversable, problems: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each entry of a theme file with its place in words; what is wrong with the file itself joins `problems`."""
    try:
        table = _toml(file)
    except LibraryError as error:
        problems += error.problems
        return
    problems += [f"{file.name}: the key “{key}” is not known." for key in table if key not in ("theme", "prompt")]
    entries = table.get("prompt")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        problems.append(f"{file.name}: it holds no [[prompt]].")
        return
    for number, entry in enumerate(entries, start=1):
        if "theme" in entry:
            problems.append(f"{file.name}, entry {number}: the theme is said once, at the top of the file.")
        yield f"{file.name}, {entry.get('id') or f'entry {number}'}", {**entry, "theme": table.get("theme")}


def _checked(entry: Mapping[str, object]) -> tuple[Prompt | None, list[Fault]]:
    """Make a Prompt of an entry, or None and everything that is wrong with it."""
    faults = [(key, _("This key is not known.")) for key in entry if key not in (*NEEDED, *ALLOWED)]
    text, minutes = entry.get("text"), entry.get("minutes")
    if not isinstance(text, str) or not text.strip():
        faults.append(("text", _("There is no text.")))
    elif len(text) > LONGEST_TEXT:
        what = _("The text has {n} characters; {most} fit.").format(n=len(text), most=LONGEST_TEXT)
        faults.append(("text", what))
    if not isinstance(minutes, int) or not SHORTEST <= minutes <= LONGEST:
        what = _("A whole number of minutes from {low} to {high}, please.").format(low=SHORTEST, high=LONGEST)
        faults.append(("minutes", what))
    if not _is_word(entry.get("id"), SLUG):
        faults.append(("id", _("An id is made of small letters a to z, digits and hyphens, up to 60.")))
    if not _is_word(entry.get("language"), LANGUAGE):
        faults.append(("language", _("A language is a code such as en, ar or pt-BR.")))
    for column, choices in (("theme", THEMES), ("phase", PHASES), ("depth", DEPTHS), ("life", LIVES)):
        if entry.get(column) not in choices:
            faults.append((column, _one_of(entry.get(column), choices)))
    faults += _list_faults(entry)
    return (None, faults) if faults else (_prompt(entry), [])


def _is_word(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and len(value) <= 60 and pattern.fullmatch(value) is not None


def _one_of(value: object, choices: Sequence[str]) -> str:
    if value in (None, ""):
        return _("This is empty. It can be {choices}.").format(choices=listing(tuple(choices), either=True))
    return _("“{value}” is not known. It can be {choices}.").format(
        value=value, choices=listing(tuple(choices), either=True)
    )


def _list_faults(entry: Mapping[str, object]) -> list[Fault]:
    """Check the two lists of an entry: who it is for (needed), and its tags (may be absent)."""
    audience, tags = entry.get("audience"), entry.get("tags", [])
    faults: list[Fault] = []
    if not isinstance(audience, list) or not audience:
        faults.append(("audience", _one_of(None, AUDIENCES)))
    else:
        faults += [("audience", _one_of(one, AUDIENCES)) for one in audience if one not in AUDIENCES]
    if not isinstance(tags, list) or not all(_is_word(tag, SLUG) for tag in tags):
        faults.append(("tags", _("A tag is made of small letters a to z, digits and hyphens.")))
    return faults


def _prompt(entry: Mapping[str, object]) -> Prompt:
    """Build the value from an entry in which nothing is wrong."""
    return Prompt(
        id=cast("str", entry["id"]),
        theme=cast("str", entry["theme"]),
        phase=cast("Phase", entry["phase"]),
        depth=cast("Depth", entry["depth"]),
        minutes=cast("int", entry["minutes"]),
        life=cast("Life", entry["life"]),
        audience=frozenset(cast("list[str]", entry["audience"])),
        tags=frozenset(cast("list[str]", entry.get("tags", []))),
        language=cast("str", entry["language"]),
        text=cast("str", entry["text"]).strip(),
    )
