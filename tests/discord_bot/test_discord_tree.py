"""The command tree: all that members and organisers may type, within Discord's limits, read as it was meant."""

import json
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest
from discord import app_commands
from discord_limits import check_command, judge
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord import leaves, options, tree
from circles import commands, grammar, language
from circles.grammar import Command, Parameter

GOLDEN = Path(__file__).parents[1] / "golden" / "discord_commands.json"
ADA = 100000000000000001
TODAY = date(2027, 3, 1)


@asynccontextmanager
async def planted(table=None, suggest=None, translator=None):
    """A tree as a client holds it, and the calls that its commands made."""
    heard = []

    async def on_call(interaction, line, answers):
        heard.append((line, dict(answers)))

    async def nothing(interaction, path, parameter, current):
        return []

    client = discord.Client(intents=discord.Intents.none())
    try:
        held = app_commands.CommandTree(client)
        for group in tree.commands(table or commands.table(), on_call, suggest or nothing):
            held.add_command(group)
        if translator:
            await held.set_translator(translator)
        yield held, heard
    finally:
        await client.close()


def leaf(name):
    return next(found for found in leaves.everything() if found.name == name)


def typed(name, **values):
    return options.composed(leaf(name), values)


def listed(path, help_="Do it", **more):
    return Command(path, help_, lambda _turn: [], **more)


async def test_the_commands_look_as_they_did_and_keep_within_the_limits():
    async with planted() as (held, _heard):
        sent = await tree.payload(held)
    assert [command["name"] for command in sent] == ["circle", "programme"]
    for command in sent:
        check_command(command)
    assert sent == json.loads(GOLDEN.read_text())


async def test_discords_own_document_accepts_the_commands():
    async with planted(translator=tree.Gettext()) as (held, _heard):
        for command in await tree.payload(held):
            judge("ApplicationCommandUpdateRequest", command)


async def test_both_are_for_servers_only_and_the_organisers_are_hidden():
    async with planted() as (held, _heard):
        circle, programme = await tree.payload(held)
    assert (circle["dm_permission"], programme["dm_permission"]) == (False, False)
    assert circle["default_member_permissions"] is None
    assert programme["default_member_permissions"] == discord.Permissions(manage_guild=True).value


def test_everything_that_is_listed_can_be_typed_under_one_name():
    shown = {found.command.path for found in leaves.everything()}
    same = {"circle": "circle status", "circle goal": "circle goal list"}
    assert {c.path for c in commands.table() if not c.hidden} == shown | set(same)
    handlers = {command.path: command.handler for command in commands.table()}
    assert all(handlers[group] is handlers[inside] for group, inside in same.items())
    names = [found.name for found in leaves.everything()]
    assert len(set(names)) == len(names)
    assert not [name for name in names if any(other.startswith(f"{name} ") for other in names)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("circle", "circle status"),
        ("programme", "programme status"),
        ("circle goal", "circle goal list"),
        ("circle avoid", "circle avoid person"),
        ("circle record", "circle record show"),
        ("programme form", "programme form preview"),
        ("programme prompts", "programme prompts show"),
        ("programme circles", "programme circles list"),
        ("programme schedule", "programme schedule show"),
    ],
)
def test_what_is_a_group_and_a_command_has_a_name_inside_itself(path, name):
    assert leaves.named(f"/{path}") == (name, "")


@pytest.mark.parametrize("text", ["", "/", "halqa check", "/circle humm", "/circles", "hello /circle"])
def test_what_is_no_command_has_no_name(text):
    assert leaves.named(text) is None


CLEO = SimpleNamespace(id=ADA)


@pytest.mark.parametrize(
    ("name", "values", "line", "answers"),
    [
        ("circle status", {}, "circle status", {}),
        ("circle thanks", {"person": CLEO, "text": "for *this*"}, f"circle thanks @{ADA} for *this*", {}),
        ("circle thanks", {"person": CLEO}, f"circle thanks @{ADA}", {}),
        ("circle goal share", {"number": 2, "scope": "circle"}, "circle goal share 2 circle", {}),
        ("circle goal share", {"scope": "circle"}, "circle goal share", {"scope": "circle"}),
        ("circle skip", {"number": 3, "programme": "physics"}, "circle skip 3 in:physics", {}),
        ("circle skip", {"programme": "in:Physics Two "}, "circle skip in:physics-two", {}),
        ("circle goal add", {"text": "write in:one page"}, "circle goal add", {"text": "write in:one page"}),
        ("circle profile", {"field": "edit", "value": "x"}, "circle profile", {"field": "edit", "value": "x"}),
        ("circle profile", {"value": "Arabic"}, "circle profile", {"value": "Arabic"}),
        ("circle zone", {"zone": "new york"}, "circle zone new york", {}),
        (
            "programme prompts list",
            {"theme": "a b", "page": 2},
            "programme prompts list",
            {"theme": "a b", "page": "2"},
        ),
        (
            "programme schedule blackout",
            {"first": "8 March", "last": "next Monday"},
            "programme schedule blackout 8 March next Monday",
            {},
        ),
        ("circle avoid person", {"person": CLEO}, f"circle avoid @{ADA}", {}),
        ("programme form preview", {"seed": 7}, "programme form 7", {}),
    ],
)
def test_what_was_typed_becomes_the_line_that_the_core_reads(name, values, line, answers):
    assert typed(name, **values) == (line, answers)


VALUES = {
    "word": st.text(min_size=1, max_size=12) | st.sampled_from(["edit", "in:x", "two words", "list"]),
    "text": st.text(min_size=1, max_size=40) | st.sampled_from(["in:x", "a  b", " a", "yes 3", "list"]),
    "day": st.sampled_from(["2027-09-08", "8 March 2028", "tomorrow", "in 3 weeks"]),
    "zone": st.sampled_from(["Amman", "new york", "Europe/Berlin"]),
    "person": st.builds(SimpleNamespace, id=st.integers(1, 10**19)),
    "flag": st.booleans(),
}


@st.composite
def usage(draw):
    found = draw(st.sampled_from(leaves.everything()))
    values = {}
    for p in found.parameters:
        if leaves.is_required(found.command, p) or draw(st.booleans()):
            kinds = {
                "number": st.integers(p.lowest, p.highest),
                "choice": st.sampled_from(p.choices or ("",)),
                **VALUES,
            }
            values[p.name] = draw(kinds[p.kind])
    return found, values


def plain(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(getattr(value, "id", value))


@settings(max_examples=100, deadline=None)
@given(usage())
def test_the_core_reads_just_what_was_typed_whatever_it_is(used):
    found, values = used
    line, answers = options.composed(found, values)
    command, _rest = grammar.find(commands.table(), grammar.words_of(line))
    assert command is found.command
    assert not (answers and command.takes_answers)
    read = {**grammar.typed(command, line), **answers}
    meant = {name: plain(value) for name, value in values.items() if plain(value).strip()}
    assert {name: text.removeprefix("@").strip() for name, text in read.items()} == {
        name: text.removeprefix("@").strip() for name, text in meant.items()
    }
    assert grammar.programme_named(line) == ""


async def test_a_command_calls_the_core_with_its_line():
    async with planted() as (held, heard):
        goal = held.get_command("circle").get_command("goal")
        await goal.get_command("done").callback(None, number=2, programme=None)
        await goal.get_command("list").callback(None, programme="physics")
    assert heard == [("circle goal done 2", {}), ("circle goal list in:physics", {})]


async def test_numbers_choices_and_people_are_asked_for_as_discord_asks():
    async with planted() as (held, _heard):
        programme = held.get_command("programme")
        move = {p.name: p for p in programme.get_command("circles").get_command("move").parameters}
        dial = {p.name: p for p in programme.get_command("prompts").get_command("dial").parameters}
        pause = {p.name: p for p in held.get_command("circle").get_command("pause").parameters}
    assert (move["person"].type, move["person"].required) == (discord.AppCommandOptionType.user, True)
    assert (move["number"].min_value, move["number"].max_value) == (0, 200)
    assert [choice.value for choice in dial["setting"].choices] == ["off", "light", "full"]
    assert (pause["until"].required, pause["until"].max_value) == (False, 60)  # its form asks for the reason, too
    assert not move["programme"].required


async def test_what_is_offered_while_somebody_types_comes_from_the_caller():
    asked = []

    async def suggest(interaction, path, parameter, current):
        asked.append((path, parameter, current))
        return [app_commands.Choice(name=f"Goal {n}", value=n) for n in range(1, 40)]

    async with planted(suggest=suggest) as (held, _heard):
        done = held.get_command("circle").get_command("goal").get_command("done")
        offered = await done._params["number"].autocomplete(None, "wri")
        await done._params["programme"].autocomplete(None, "ph")
        retire = held.get_command("programme").get_command("prompts").get_command("retire")
        await retire._params["code"].autocomplete(None, "")
    assert asked == [
        ("circle goal done", "number", "wri"), ("circle goal done", "programme", "ph"),
        ("programme prompts retire", "code", ""),
    ]  # fmt: skip
    assert len(offered) == 25


async def test_time_zones_are_offered_by_city_and_by_name():
    async with planted() as (held, _heard):
        zone = held.get_command("circle").get_command("zone")._params["zone"]
        assert [c.name for c in await zone.autocomplete(None, "irb")] == ["Irbid (Asia/Amman)"]
        assert [c.value for c in await zone.autocomplete(None, "amman")] == ["Asia/Amman"]
        assert (await zone.autocomplete(None, "new y"))[0].value == "America/New_York"
        assert len(await zone.autocomplete(None, "a")) == 25
        assert len(await zone.autocomplete(None, "")) == 25
        assert await zone.autocomplete(None, "nowhere at all") == []


@given(st.text(max_size=30))
def test_every_zone_that_is_offered_is_understood(current):
    for choice in options.zones(current):
        assert 1 <= len(choice.name) <= 100
        assert grammar.value_of(Parameter("zone", "zone", "Zone"), choice.value, TODAY) == choice.value


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ([listed(f"circle c{n}") for n in range(26)], "“circle” has 26 entries"),
        ([listed("circle one two three")], "no place for a command called “circle one two three”"),
        ([listed("circle " + "x" * 33)], "no place for a command called"),
        ([listed("circle a.b")], "no place for a command called “circle a.b”"),
    ],
)
def test_a_table_that_discord_cannot_show_is_refused(table, problem):
    with pytest.raises(ValueError, match=problem):
        leaves.of(table)


async def test_more_choices_than_discord_takes_are_offered_while_somebody_types():
    many = Parameter("what", "choice", "What", choices=tuple(f"choice-{n}" for n in range(30)))
    async with planted([listed("circle pick", parameters=(many,))]) as (held, _heard):
        what = held.get_command("circle").get_command("pick")._params["what"]
        assert what.to_dict()["autocomplete"] is True
        assert "choices" not in what.to_dict()
        assert [c.value for c in await what.autocomplete(None, "CE-2")] == [
            "choice-2",
            *(f"choice-2{n}" for n in range(10)),
        ]


GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Keep a goal in mind"
msgstr "Ein Ziel im Blick behalten"

msgid "The goal, in a sentence"
msgstr "Das Ziel, in einem Satz"

msgctxt "command"
msgid "goal"
msgstr "ziel"

msgctxt "command"
msgid "leave"
msgstr "Auf Wiedersehen"
"""


async def test_names_and_descriptions_are_localised_where_there_is_a_translation(tmp_path):
    file = tmp_path / "de" / "LC_MESSAGES" / "halqa.po"
    file.parent.mkdir(parents=True)
    file.write_text(GERMAN)
    language.learn(tmp_path)
    try:
        async with planted(translator=tree.Gettext()) as (held, _heard):
            sent = await tree.payload(held)
    finally:
        language.unlearn(tmp_path)
    circle = {entry["name"]: entry for entry in sent[0]["options"]}
    add = next(entry for entry in circle["goal"]["options"] if entry["name"] == "add")
    assert circle["goal"]["name_localizations"] == {"de": "ziel"}
    assert add["description_localizations"] == {"de": "Ein Ziel im Blick behalten"}
    assert add["options"][0]["description_localizations"] == {"de": "Das Ziel, in einem Satz"}
    assert circle["leave"]["name_localizations"] == {}  # no name that Discord takes
    judge("ApplicationCommandUpdateRequest", sent[0])


async def test_the_fingerprint_changes_with_the_commands_and_with_nothing_else():
    async with planted() as (held, _heard):
        sent = await tree.payload(held)
    async with planted() as (held, _heard):
        again = await tree.payload(held)
    assert tree.fingerprint(sent) == tree.fingerprint(list(reversed(again)))
    async with planted([*commands.table(), listed("circle hum")]) as (held, _heard):
        assert tree.fingerprint(await tree.payload(held)) != tree.fingerprint(sent)


def test_a_new_command_of_the_table_is_in_the_tree_without_a_word_here():
    names = [found.name for found in leaves.of([*commands.table(), listed("circle hum"), listed("circle hum tune")])]
    assert names[-2:] == ["circle hum list", "circle hum tune"]
