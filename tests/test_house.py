"""The house keeps its own rules: imports point down, rooms stay small, and a new command touches one folder."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
LONGEST_ROOM = 300
LONGEST_FUNCTION = 50
# One list that is read as a whole; everything else that grows past the limit is to be divided.
LONGER_FOR_A_REASON = {"storage/tables.py": 500}
CHATS = {"slack_bolt", "slack_sdk", "discord"}
OUTSIDE = {"asyncio", "aiohttp", "socket", "http", "urllib", "requests", "httpx", "threading", "subprocess"}
CLOCKS = {"time", "apscheduler"}
CHANCE = {"secrets", "uuid"}
DATABASES = {"sqlmodel", "sqlalchemy", "sqlite3", "psycopg", "alembic"}
CLOCK_CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic"),
    *("dt.datetime.now", "datetime.datetime.now", "datetime.date.today", "os.urandom"),
}


def rooms(*folders: str) -> list[Path]:
    """Every Python file under these folders that exist; migrations are scripts, not rooms."""
    found = [file for folder in folders for file in sorted((HOUSE / folder).rglob("*.py"))]
    return [file for file in found if "migrations" not in file.parts]


def name_of(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), name_of(file))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in a file, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reaching(folder: str, forbidden: set[str]) -> list[str]:
    """The imports in a folder that reach for something forbidden there."""
    return [
        f"{name_of(file)}: {module}"
        for file in rooms(folder)
        for module in imported(tree_of(file))
        if any(module == name or module.startswith(f"{name}.") for name in forbidden)
    ]


def test_there_is_a_house_to_look_at():
    names = {name_of(file) for file in rooms("bot", "circles", "storage")}
    assert {"circles/commands.py", "storage/tables.py", "bot/deliver.py"} <= names
    assert len(names) > 80


def test_the_core_imports_no_chat_no_network_no_clock_no_database_and_nothing_above_it():
    assert reaching("circles", CHATS | OUTSIDE | CLOCKS | CHANCE | DATABASES | {"bot"}) == []


def test_the_store_imports_neither_the_core_nor_the_bot_nor_a_chat():
    assert reaching("storage", {"circles", "bot"} | CHATS | {"asyncio", "aiohttp"}) == []


def test_all_imports_are_absolute():
    relative = [f"{name_of(f)}: {m}" for f in rooms("bot", "circles", "storage") for m in imported(tree_of(f))]
    assert [line for line in relative if ": ." in line] == []


@pytest.mark.parametrize("chat", ["local", "slack", "discord"])
def test_one_chat_never_meets_another(chat):
    others = {f"bot.{other}" for other in ("local", "slack", "discord") if other != chat}
    assert reaching(f"bot/{chat}", others) == []


def test_only_the_folder_of_a_chat_imports_its_library():
    slack = {name_of(f) for f in rooms("bot") if any(m.startswith("slack_") for m in imported(tree_of(f)))}
    discord = {name_of(f) for f in rooms("bot") if any(m.split(".")[0] == "discord" for m in imported(tree_of(f)))}
    assert {name for name in slack if not name.startswith("bot/slack/")} == set()
    assert {name for name in discord if not name.startswith("bot/discord/")} == set()


def test_the_core_and_the_store_never_ask_which_chat_it_is():
    named = [
        f"{name_of(file)}:{node.lineno}: {node.value!r}"
        for file in rooms("circles", "storage")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in {"slack", "discord"}
    ]
    assert named == []


def test_the_core_reads_no_clock_and_draws_no_unseeded_lot():
    found = []
    for file in rooms("circles"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Attribute):
                said = ast.unparse(node)
                if said in CLOCK_CALLS or (said.startswith("random.") and said != "random.Random" and "(" not in said):
                    found.append(f"{name_of(file)}:{node.lineno}: {said}")
            if isinstance(node, ast.ImportFrom) and node.module == "random":
                found += [f"{name_of(file)}: random.{a.name}" for a in node.names if a.name != "Random"]
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Random", "random.Random"} and not node.args:
                found.append(f"{name_of(file)}:{node.lineno}: a lot without a seed")
    assert found == []


def test_a_word_of_the_shared_list_is_never_replaced_by_a_managers_word():
    vague = re.compile(r"(Manager|Service|Helper|Utils?|Base|Impl)$")
    found = [
        f"{name_of(file)}: {node.name}"
        for file in rooms("bot", "circles", "storage")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    assert found == []


def test_no_room_is_longer_than_three_hundred_lines():
    long = {
        name_of(file): lines
        for file in rooms("bot", "circles", "storage")
        if (lines := len(file.read_text().splitlines())) > LONGER_FOR_A_REASON.get(name_of(file), LONGEST_ROOM)
    }
    assert long == {}


def test_no_function_is_longer_than_fifty_lines():
    long = [
        f"{name_of(file)}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for file in rooms("bot", "circles", "storage")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.AST]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def test_every_room_and_everything_public_in_it_begins_with_a_sentence():
    found = []
    for file in rooms("bot", "circles", "storage"):
        tree = tree_of(file)
        for node in (tree, *public(tree)):
            first = (ast.get_docstring(node) or "").split("\n")[0]
            if not re.match(r"[A-Z0-9`'“\"].*[.!?:]$", first):
                found.append(f"{name_of(file)}: {getattr(node, 'name', 'the room')}: {first!r}")
    assert found == []


def test_concepts_have_no_circle_of_imports_when_loaded_alone():
    """Each handlers module can be the first that is imported: no order of imports is special."""
    concepts = sorted(folder.parent.name for folder in (HOUSE / "circles").glob("*/handlers.py"))
    script = (
        "import importlib, sys\n"
        "first = set(sys.modules)\n"
        "for concept in sys.argv[1:]:\n"
        "    for name in set(sys.modules) - first:\n"
        "        if name.split('.')[0] == 'circles': del sys.modules[name]\n"
        "    importlib.import_module(f'circles.{concept}.handlers')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *concepts], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


NEW_COMMAND = '''

def hum(turn: Turn, tune: str = "") -> Iterable[Effect]:
    """Hum a tune."""
    return [Reply(message(f"Humming {tune or 'softly'}."))]


from circles.messages import message  # noqa: E402
from circles.grammar import Parameter as _Parameter  # noqa: E402

COMMANDS = (*COMMANDS, Command("circle hum", "Hum a tune", hum,
    (_Parameter("tune", "text", "Which tune", required=False),), who="anyone"))
'''
ASKED = """
import json, sys
from datetime import UTC, datetime
from bot.local import board
from circles import commands
from circles.turn import Call
from storage.engine import open_store

store = open_store(sys.argv[1])
now = datetime(2027, 2, 1, 9, tzinfo=UTC)
def say(line):
    return "\\n".join(a.message.plain() for a in commands.run(store, Call("local", "demo", "ada", line, line), now))
print(json.dumps({
    "help": say("circle help"),
    "one": say("circle help hum"),
    "said": say("circle hum a lullaby"),
    "near": say("circle humm"),
    "page": [c for c in board.commands_table() if c["path"] == "circle hum"],
}))
store.close()
"""


def test_a_new_command_touches_one_concept_and_is_everywhere(tmp_path, sqlite_template):
    house = tmp_path / "house"
    for folder in ("bot", "circles", "storage"):
        shutil.copytree(HOUSE / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
    handlers = house / "circles" / "closing" / "handlers.py"
    handlers.write_text(handlers.read_text() + NEW_COMMAND)
    file = shutil.copy(sqlite_template, tmp_path / "halqa.db")
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(file)], cwd=house, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "/circle hum [tune]: Hum a tune" in found["help"]
    assert "tune: Which tune · may be left out" in found["one"]
    assert found["said"] == "Humming a lullaby."
    assert "Did you mean /circle hum" in found["near"]
    assert found["page"] == [
        {
            "path": "circle hum",
            "help": "Hum a tune",
            "organiser": False,
            "parameters": [
                {"name": "tune", "kind": "text", "help": "Which tune", "required": False, "choices": []},
            ],
        }
    ]


def test_every_concept_is_in_the_one_list_and_no_command_is_declared_twice():
    from circles import commands  # noqa: PLC0415 - the house is looked at before it is loaded

    assert sorted(commands.CONCEPTS) == sorted(f.parent.name for f in (HOUSE / "circles").glob("*/handlers.py"))
    paths = [command.path for command in commands.table()]
    assert len(paths) == len(set(paths))
