"""Whatever a sentence tells people to type is there to be typed: no word of ours names a command that is not."""

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from circles import commands, grammar
from circles.errors import BadCall

HOUSE = Path(__file__).parents[1]
ROOTS = ("circle", "programme")
TYPED = re.compile(r"(?<![\w/.{}])/(?P<root>circle\b|programme\b|\{root\})(?P<words>(?: [a-z][a-z-]*)*)")
OPERATORS = re.compile(r"(?<![\w/.-])halqa (?P<job>[a-z]+)")
# After a bare /circle or /programme a sentence may go on with these.
GOES_ON = {
    *(("circle", word) for word in ("and", "is", "once", "tells")),
    *(("programme", word) for word in ("for", "is", "to")),
}


def paths() -> set[tuple[str, ...]]:
    return {tuple(command.path.split()) for command in commands.table()}


def jobs() -> set[str]:
    """What may follow ``halqa``, as argparse knows it."""
    found = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return {name for action in found for name in action.choices}


def is_typed(root: str, words: list[str]) -> bool:
    """Say whether these words begin with a command; what follows one may be its values, or the sentence going on."""
    if not words:
        return True
    if root == "{root}":
        return all(is_typed(each, words) for each in ROOTS)
    return any(path[:2] == (root, words[0]) for path in paths()) or (root, words[0]) in GOES_ON


def constants(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def sentences() -> Iterator[tuple[str, str]]:
    """Every piece of text in our rooms, and every line of the page, the README and the example of a configuration."""
    for folder in ("circles", "bot"):
        for file in sorted((HOUSE / folder).rglob("*.py")):
            yield from ((f"{file.relative_to(HOUSE)}:{line}", text) for line, text in constants(file))
    others = (*sorted((HOUSE / "bot/local/page").glob("*.*")), HOUSE / "README.md", HOUSE / "config.example.toml")
    for file in others:
        for line, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            yield f"{file.relative_to(HOUSE)}:{line}", text
    for file in sorted((HOUSE / "circles/conversation/prompts").rglob("*.toml")):
        yield from ((f"{file.relative_to(HOUSE)}", text) for text in texts_in(tomllib.loads(file.read_text("utf-8"))))


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


def unknown_in(text: str) -> list[str]:
    """The commands that a text names and nobody can type."""
    found = [m for m in TYPED.finditer(text) if not is_typed(m["root"], m["words"].split())]
    found += [m for m in OPERATORS.finditer(text) if m["job"] not in jobs()]
    return [m[0] for m in found]


def test_every_command_that_a_sentence_names_is_there():
    named = 0
    wrong = []
    for where, text in sentences():
        named += len(TYPED.findall(text)) + len(OPERATORS.findall(text))
        wrong += [f"{where}: {command}" for command in unknown_in(text)]
    assert wrong == []
    assert named > 200


def shown_whole(file: Path) -> Iterator[tuple[int, str]]:
    """The commands that are shown set apart, and those that a button carries: nothing of a sentence follows them."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        at = {"Command": 0, "Typed": 0, "Code": 0, "Button": 1}.get(node.func.id)
        given = node.args[at] if at is not None and len(node.args) > at else None
        if isinstance(given, ast.Call) and given.args:  # said through gettext
            given = given.args[0]
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield node.lineno, given.value
        elif isinstance(given, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "1" for p in given.values)


def test_every_command_that_is_shown_or_pressed_is_understood_word_by_word():
    understood = 0
    wrong = []
    for file in sorted((HOUSE / "circles").rglob("*.py")):
        for line, text in shown_whole(file):
            if not text.removeprefix("/").startswith(ROOTS) or "{" in text or text in ROOTS:
                continue
            if "circle goal 1 " in text:
                continue  # the word that says what is done with a goal is itself filled in
            try:
                command, _rest = grammar.find(commands.table(), grammar.words_of(text))
                grammar.typed(command, text)  # says where a word has no place
            except BadCall as problem:
                wrong.append(f"{file.relative_to(HOUSE)}:{line}: {text} ({problem.sentence})")
            understood += 1
    assert wrong == []
    assert understood > 100


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Type /circle join.", []),
        ("/circle tells where you are.", []),
        ("Write it with halqa check, or halqa manifest slack.", []),
        ("Halqa keeps it in halqa.db", []),
        ("Type /circle jion.", ["/circle jion"]),
        ("Type /{root} help to see what there is, not /{path}.", []),
        ("Type /{root} hepl, or /{root} {word}.", ["/{root} hepl"]),
        ("{command} is /programme exprot in:{slug}", ["/programme exprot in"]),
        ("It is written with `halqa export`.", ["halqa export"]),
    ],
)
def test_a_command_that_nobody_can_type_is_found(text, unknown):
    assert unknown_in(text) == unknown
