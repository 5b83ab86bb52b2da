"""A workspace of people for conversations, straight at the core and through the doors of real chats."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import ModuleType

import pytest
from discord_judge import Judge, document
from discord_talk import DiscordTalk
from discord_town import stage
from slack_talk import SlackTalk
from talk import Talk

# Where a script looks at what the core said, rather than at what somebody sees, it is for the core alone.
FOR_THE_CORE = {
    *("heard", "rooms", "forms", "button", "buttons", "message", "delivers", "at", "Talk", "replace", "import_prompts"),
    *("import_roster", "workspace"),
}
SCRIPTS = {
    *("test_closing", "test_conversation", "test_elsewhere", "test_goals", "test_help", "test_membership"),
    *("test_membership_away", "test_programme", "test_round_questions", "test_round_repair", "test_rounds"),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a script that any chat can play be played on each of them."""
    module = metafunc.module
    if "talk" in metafunc.fixturenames and module.__name__ in SCRIPTS and is_for_any_door(metafunc.function, module):
        metafunc.parametrize("talk", ["core", "slack", "discord"], indirect=True)


def is_for_any_door(script: Callable[..., object], module: ModuleType) -> bool:
    """Say whether a test only says, presses, fills and hears, itself and by what it calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(script)))
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    used = names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    given = {word.arg for node in nodes if isinstance(node, ast.Call) for word in node.keywords}
    said = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if used & FOR_THE_CORE or given & {"answers", "call_id"} or any("in:" in words for words in said):
        return False
    called = [getattr(module, name, None) for name in names - {script.__name__}]
    mine = [one for one in called if inspect.isfunction(one) and one.__module__ == module.__name__]
    return all(is_for_any_door(one, module) for one in mine)


@pytest.fixture
def talk(request, sqlite_store):
    """A fresh workspace on a fresh database, Monday 1 February 2027, 09:00 UTC."""
    if getattr(request, "param", "core") == "core":
        yield Talk(sqlite_store)
        return
    if request.param == "slack":
        talk: Talk = SlackTalk(sqlite_store)
    else:
        talk = DiscordTalk(
            sqlite_store, stage=request.getfixturevalue("discord_stage"), judge=request.getfixturevalue("judge")
        )
    yield talk
    talk.close()


@pytest.fixture(scope="session")
def judge():
    return Judge(document())


@pytest.fixture(scope="session")
def discord_stage():
    with stage() as made:
        yield made
