"""Answers on Discord that meet trouble: lost, refused, in the wrong place, too late; nobody is left without a word."""

import asyncio
import logging

import cast
import pytest
from discord_house import housed
from discord_people import FORM, MESSAGE, WAITING

from bot.desk import Desk
from circles import language
from circles.effects import Ask, OpenRoom, Reply, Tell
from circles.messages import Button, Field, Form, buttons, message
from storage import people

SORRY = "Something went wrong on my side"
SEVEN = ("one", "two", "three", "four", "five", "six", "seven")


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


def ours(caplog):
    return "\n".join(one.getMessage() for one in caplog.records if one.name.startswith(("bot", "circles")))


async def tried(house, kind):
    """Wait until an answer of this kind was tried; the stand-in does not tell of one that it cut off."""
    async with asyncio.timeout(60):
        while kind not in [one.body["type"] for one in await house.town.calls("POST", "/callback")]:  # noqa: ASYNC110 - nothing would set an event
            await asyncio.sleep(0.01)


# --- in which server ------------------------------------------------------------------------------------------------


async def twice(house):
    """Cleo is in two servers, in programmes with the same short name, and has a message from each; gives the other."""
    await house.people("rana", "sami", organiser=True)
    other = await house.town.ask("guild_create", name="Another", channels=["general"])
    cleo = await house.town.person("cleo", guilds=[house.town.guild, other["guild"]])
    for guild, circle in ((house.town.guild, "Jasmine"), (other["guild"], "Olive")):
        talk = house.cast(guild)
        programme = cast.programme(talk, organisers=("rana", "sami"), state="running")
        cast.circle(talk, programme, mentors=("cleo",), name=circle)
        with house.desk.store.writing() as db:
            there = people.by_outside_id(db, people.workspace(db, "discord", guild).id, cleo.id).id
        said = message(f"From {circle}", buttons(Button("Where am I?", "circle status")))
        await house.goes(programme, Tell(f"tell:{circle}", there, said, "thanks", urgent=True))
    return cleo


async def test_buttons_of_an_answer_in_a_direct_message_go_to_the_server_that_it_was_about(house):
    cleo = await twice(house)
    for circle in ("Jasmine", "Olive"):
        answer = await cleo.presses("Where am I?", message=await cleo.hears(f"From {circle}"))
        assert circle in answer.words
        again = await cleo.presses("My goals", message=answer.message)
        filled = await cleo.presses("Add a goal", message=again.message)
        assert filled.kind == FORM
        await cleo.fills(text=f"A goal of {circle}")
    by_server = {}
    for circle in ("Jasmine", "Olive"):
        answer = await cleo.presses("Where am I?", message=await cleo.hears(f"From {circle}"))
        listed = await cleo.presses("My goals", message=answer.message)
        by_server[circle] = [name for name in ("Jasmine", "Olive") if f"A goal of {name}" in listed.words]
    assert by_server == {"Jasmine": ["Jasmine"], "Olive": ["Olive"]}


async def test_what_a_restart_forgot_of_two_servers_is_said_to_be_unknown_and_never_guessed(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town) as house:
        cleo = await twice(house)
        answer = await cleo.presses("Where am I?", message=await cleo.hears("From Jasmine"))
    async with housed(sqlite_store, discord_town):
        again = await cleo.presses("My goals", message=answer.message)
        assert "I can't tell which of your workspaces this is about" in again.words
        assert "Jasmine" in (await cleo.presses("Where am I?", message=await cleo.hears("From Jasmine"))).words


async def test_who_is_in_one_server_is_understood_after_a_restart_too(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town) as house:
        programme, _circle = await house.term()
        cleo = await house.town.person("cleo")
        said = message("Hello", buttons(Button("Where am I?", "circle status")))
        await house.goes(programme, Tell("hello", house.known("cleo"), said, "thanks", urgent=True))
        answer = await cleo.presses("Where am I?")
    async with housed(sqlite_store, discord_town):
        assert "goal" in (await cleo.presses("My goals", message=answer.message)).words


class Long(Desk):
    """A core that asks seven questions at a time, and keeps what it was given."""

    def __init__(self, store):
        super().__init__(store)
        self.given = []
        self.breaks = 0

    async def answer(self, call, now):
        if not call.line.startswith("circle status"):
            return await super().answer(call, now)
        if not call.answers:
            fields = tuple(Field(name, name, required=False) for name in SEVEN)
            return (Ask(Form("Seven questions", call.line, fields, "Send")),)
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("the disk is full")
        self.given.append((call.workspace, dict(call.answers)))
        return (Reply(message("Taken.")),)


async def test_forms_of_two_servers_are_never_mixed(sqlite_store, discord_town):
    desk = Long(sqlite_store)
    async with housed(sqlite_store, discord_town, desk=desk) as house:
        cleo = await twice(house)
        await cleo.presses("Where am I?", message=await cleo.hears("From Jasmine"))
        onward = await cleo.fills(one="of Jasmine")
        answer = await cleo.presses("Where am I?", message=await cleo.hears("From Olive"))
        assert answer.form.title == "Seven questions (1/2)"
        assert (await cleo.presses("Continue", message=onward.message)).form.title == "Seven questions (2/2)"
        await cleo.fills(six="of Jasmine, too")
        ((server, given),) = desk.given
        assert (server, given["one"], given["six"]) == (house.town.guild, "of Jasmine", "of Jasmine, too")


# --- where rooms are opened -----------------------------------------------------------------------------------------


async def parent(house, here):
    await house.goes(here[0], OpenRoom("open", "p1:c1", "Jasmine", (house.known("cleo"),)))
    return (await house.town.rooms())["Jasmine"]["parent"]


async def test_a_channel_that_not_everybody_sees_becomes_no_home_of_rooms(house):
    here = await house.term()
    rana = await house.town.person("rana")
    hidden = {"id": house.town.guild, "type": 0, "allow": "0", "deny": str(0x400)}
    ours = {"id": house.town.bot, "type": 1, "allow": str(0x400), "deny": "0"}
    await house.town.ask("permit", channel=house.town.channel, overwrites=[hidden, ours])
    await rana.types("/programme status", where=house.town.channel)
    assert await parent(house, here) == house.town.channels["general"]


async def test_where_only_somebody_who_organises_nothing_wrote_a_command_is_no_home_of_rooms(house):
    here = await house.term()
    zoe = await house.town.person("zoe", organiser=True)
    await zoe.types("/programme status", where=house.town.channel)
    assert await parent(house, here) == house.town.channels["general"]


async def test_an_organisers_command_is_answered_in_time_while_the_core_is_busy(house):
    here = await house.term()
    rana = await house.town.person("rana")
    async with house.busy():
        asked = asyncio.create_task(rana.types("/programme status", where=house.town.channel))
        await tried(house, WAITING)
    assert "Women in Physics" in (await asked).words
    await house.settles()
    assert await parent(house, here) == house.town.channel


# --- lost and refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 502, "done": True}], ids=str)
async def test_an_answer_that_was_deferred_comes_also_where_the_word_of_that_was_lost(house, fault):
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", **fault)
    async with house.busy():
        asked = asyncio.create_task(cleo.types("/circle status"))
        await tried(house, WAITING)
    assert "No programme is open" in (await asked).words
    assert (await cleo.reads()).count("No programme is open") == 1


async def test_a_form_asked_for_too_slowly_comes_as_a_button_also_where_the_word_of_that_was_lost(house):
    await house.people("rana", "sami", organiser=True)
    cast.programme(house.cast(), organisers=("rana", "sami"))
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", drop="after")
    async with house.busy():
        asked = asyncio.create_task(cleo.types("/circle join"))
        await tried(house, WAITING)
    assert "the form did not open" in (await asked).words
    assert (await cleo.presses("Open the form")).kind == FORM


@pytest.mark.parametrize("line", ["/circle goal add", "/circle status"])
async def test_a_form_or_an_answer_that_discord_refuses_is_said_to_have_gone_wrong(house, caplog, line):
    await house.term()
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", code=50035)
    answer = await cleo.types(line)
    assert (SORRY in answer.words, answer.kind, answer.is_ephemeral) == (True, MESSAGE, True)
    assert f"the answer to call {answer.id} came too late, or was refused: 50035" in ours(caplog)


class Odd(Desk):
    """A core that once answers with what can't be shown."""

    async def answer(self, call, now):
        if call.line.startswith("circle status"):
            return (Reply("CANARY, and no message"),)
        return await super().answer(call, now)


async def test_an_answer_that_can_not_be_shown_is_said_to_have_gone_wrong_and_logged_without_its_words(
    sqlite_store, discord_town, caplog
):
    caplog.set_level(logging.DEBUG)
    async with housed(sqlite_store, discord_town, desk=Odd(sqlite_store)) as house:
        cleo = await house.town.person("cleo")
        answer = await cleo.types("/circle status")
        assert SORRY in answer.words
        assert f"the answer to call {answer.id} can't be shown: AttributeError" in ours(caplog)
        assert "CANARY" not in caplog.text


async def test_an_answer_in_the_place_of_a_message_that_is_gone_comes_by_itself(house):
    programme, _circle = await house.term()
    cleo = await house.town.person("cleo")
    offer = message("You moved?", buttons(Button("Keep mine", "circle zone keep")))
    await house.goes(programme, Tell("zone:x", house.known("cleo"), offer, "zone", urgent=True))
    await house.town.fail("POST", "/callback$", code=10008)
    answer = await cleo.presses("Keep mine", message=await cleo.hears("You moved?"))
    assert ("stays" in answer.words, answer.kind) == (True, MESSAGE)


# --- in her language ------------------------------------------------------------------------------------------------

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "This command has changed since your chat looked last. Please choose it anew from the list."
msgstr "Diesen Befehl gibt es so nicht mehr."

msgid "Kept for now. Part {part} of {parts} is next."
msgstr "Gemerkt. Teil {part} von {parts} folgt."

msgid "I can't tell which of your workspaces this is about. In its own rooms, /circle status works."
msgstr "Ich weiß nicht, um welchen Ort es geht."
"""


async def test_what_the_chat_says_by_itself_is_said_in_the_askers_language(sqlite_store, discord_town, tmp_path):
    file = tmp_path / "de" / "LC_MESSAGES" / "halqa.po"
    file.parent.mkdir(parents=True)
    file.write_text(GERMAN)
    language.learn(tmp_path)
    try:
        async with housed(sqlite_store, discord_town, desk=Long(sqlite_store)) as house:
            cleo = await house.town.person("cleo", locale="de")
            await cleo.types("/circle status")
            assert "Gemerkt. Teil 2 von 2 folgt." in (await cleo.fills(one="1")).words
            (known,) = [c for c in await house.town.commands() if c["name"] == "circle"]
            sent = {"id": known["id"], "name": "circle", "type": 1}
            older = await cleo._gesture(2, "", {**sent, "options": [{"type": 1, "name": "dance", "options": []}]})
            assert "Diesen Befehl gibt es so nicht mehr." in older.words
            said = message("Hello", buttons(Button("Where am I?", "circle goal list")))
            dora = await house.town.person("dora", locale="de")
            await house.side.chat.tell(house.town.guild, dora.id, said, "d1")
            assert "Ich weiß nicht, um welchen Ort es geht." in (await dora.presses("Where am I?")).words
    finally:
        language.unlearn(tmp_path)


# --- what was typed -------------------------------------------------------------------------------------------------


async def test_what_was_typed_is_still_there_after_something_went_wrong(sqlite_store, discord_town):
    desk = Long(sqlite_store)
    async with housed(sqlite_store, discord_town, desk=desk) as house:
        cleo = await house.town.person("cleo")
        desk.breaks = 1
        await cleo.types("/circle status")
        await cleo.fills(one="CANARY", five="5")
        await cleo.presses("Continue")
        answer = await cleo.fills(seven="7")
        assert SORRY in answer.words
        again = await cleo.presses("Try again", message=answer.message)
        assert {field["custom_id"]: field.get("value") for _label, field in again.form.fields()}["one"] == "CANARY"
        await cleo.fills()
        await cleo.presses("Continue")
        assert "Taken." in (await cleo.fills()).words
        ((_server, given),) = desk.given
        assert (given["one"], given["five"], given["seven"]) == ("CANARY", "5", "7")


async def test_a_later_part_of_a_form_whose_beginning_a_restart_lost_is_not_taken_for_the_whole(
    sqlite_store, discord_town
):
    async with housed(sqlite_store, discord_town, desk=Long(sqlite_store)) as house:
        cleo = await house.town.person("cleo")
        await cleo.types("/circle status")
        await cleo.fills(one="1")
        await cleo.presses("Continue")
    desk = Long(sqlite_store)
    async with housed(sqlite_store, discord_town, desk=desk):
        assert "Next: Seven questions" in (await cleo.fills(seven="CANARY")).words
        assert desk.given == []
        await cleo.presses("Continue")
        await cleo.fills(one="1")
        await cleo.presses("Continue")
        assert "Taken." in (await cleo.fills()).words
        assert desk.given[0][1]["seven"] == "CANARY"
