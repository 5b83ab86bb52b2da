"""A workspace of people for conversations, straight at the core and through the doors of real chats."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection
from types import ModuleType

import pytest
from discord_talk import DiscordTalk
from slack_talk import SlackTalk
from talk import Talk

# Where a script looks at what the core said, rather than at what somebody sees, it is for the core alone.
FOR_THE_CORE = {
    *("heard", "rooms", "forms", "button", "buttons", "message", "delivers", "at", "Talk", "replace", "import_prompts"),
    *("import_roster", "workspace"),
}
SCRIPTS = {
    *("test_appointments", "test_closing", "test_conversation", "test_elsewhere", "test_goals", "test_help"),
    *("test_membership", "test_membership_away", "test_programme", "test_round_questions", "test_round_repair"),
    *("test_rounds", "test_keeping_away"),
}
# What Discord shows in its own way: hours for each reader, files beside the words, numbers for ids.
OTHERWISE_ON_DISCORD = {
    "test_a_no_of_one_of_two_ends_a_proposal_and_offers_other_hours",
    "test_a_mentor_who_has_room_for_one_mentee_gets_no_second",
    "test_a_setting_is_changed_while_the_programme_runs",
    "test_a_stranger_can_export_the_little_there_is",
    "test_a_table_counts_ninety_minutes_and_a_trio_sixty",
    "test_a_word_that_has_no_place_closes_nothing",
    "test_a_word_that_leads_nowhere_gets_the_nearest_ones",
    "test_an_organiser_sees_what_closing_does_before_anybody_hears_of_it",
    "test_before_circles_are_formed_the_schedule_shows_how_it_would_be",
    "test_handing_over_puts_somebody_in_ones_place",
    "test_her_record_tells_dates_rounds_hours_and_role_and_names_nobody",
    "test_quiet_hours_days_off_and_zone_are_shown",
    "test_the_last_ones_who_organise_can_not_be_taken_off",
    "test_the_schedule_lists_everything_that_will_be_sent_by_week_with_how_many_people",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a script that any chat can play be played on each of them; tables of many cases are for the core."""
    module = metafunc.module
    if any(metafunc.definition.iter_markers("parametrize")):
        return
    if "talk" in metafunc.fixturenames and module.__name__ in SCRIPTS and is_for_any_door(metafunc.function, module):
        doors = ["core", "slack", "discord"] if is_for_discord(metafunc.function, module) else ["core", "slack"]
        metafunc.parametrize("talk", doors, indirect=True)


def is_for_discord(script: Callable[..., object], module: ModuleType) -> bool:
    """Say whether Discord lets people do this: it offers no line to type, and knows people by numbers."""
    asks_no_names = is_for_any_door(script, module, besides={"by_outside_id", "outside_id"})
    return asks_no_names and script.__name__ not in OTHERWISE_ON_DISCORD


def is_for_any_door(script: Callable[..., object], module: ModuleType, besides: Collection[str] = ()) -> bool:
    """Say whether a test only says, presses, fills and hears, itself and by what it calls, without ``besides``."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(script)))
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    used = names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    given = {word.arg for node in nodes if isinstance(node, ast.Call) for word in node.keywords}
    said = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if used & {*FOR_THE_CORE, *besides} or given & {"answers", "call_id"} or any("in:" in words for words in said):
        return False
    called = [getattr(module, name, None) for name in names - {script.__name__}]
    mine = [one for one in called if inspect.isfunction(one) and one.__module__ == module.__name__]
    return all(is_for_any_door(one, module, besides) for one in mine)


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
