"""Her export says what a message was about in words, and never by the name that the outbox has for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from circles.membership import export_words
from storage.tables import Delivery

CIRCLES = Path(__file__).parents[2] / "circles"
# Where the kind of a message to one person stands among what is given.
PLACES = {"Tell": 3, "tell_organisers": 3}


def kinds_of(file: Path) -> Iterator[str]:
    """The kinds that a file gives to messages to one person; a name is looked up in it."""
    tree = ast.parse(file.read_text("utf-8"))
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [keyword.value for keyword in node.keywords if keyword.arg == "kind"]
        if called in PLACES and not given:
            given = node.args[PLACES[called] :][:1]
        elif called not in PLACES and called != "replace":
            continue
        for value in given:
            if isinstance(value, ast.Constant):
                yield value.value
            elif isinstance(value, ast.Name) and value.id != "kind":
                yield named[value.id]


def kinds() -> set[str]:
    return {kind for file in CIRCLES.rglob("*.py") for kind in kinds_of(file)}


def test_every_kind_of_message_to_a_person_has_words_and_no_other():
    assert kinds() == set(export_words.kinds())
    assert len(kinds()) > 20


def test_every_state_of_a_message_has_words():
    (listed,) = [str(c.sqltext) for c in Delivery.__table__.constraints if str(c.name).endswith("_state")]
    assert set(re.findall(r"'(\w+)'", listed)) == set(export_words.states())


def test_no_two_kinds_read_alike_and_none_is_read_as_it_is_kept():
    words = export_words.kinds()
    assert len(set(words.values())) == len(words)
    assert not set(words) & set(words.values())
    assert all(" " in said for said in words.values())


def test_a_kind_of_a_later_version_is_a_message():
    assert export_words.about("brand-new") == "a message"
