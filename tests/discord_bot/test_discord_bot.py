"""The bot on Discord, whole: people type, press and fill modals over a real gateway, and see what they should."""

import asyncio

import cast
import pytest
from discord_house import housed
from discord_people import FORM, MESSAGE, WAITING, Nobody

from bot.clock import MovableClock
from bot.desk import Desk
from circles.effects import Ask, Reply, Tell
from circles.messages import Button, Field, Form, buttons, message
from storage.tables import Draft, Goal

STEPS = (
    {"stance": "mentee", "wants": "grant writing; networking", "about": "Chemist."},
    {"languages": "Arabic, English", "institution": "Wadi Rumman University", "stage": "doctoral"},
    {"zone": "Amman", "ring": "local", "capacity": "2"},
)


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


def rows(house, table):
    with house.desk.store.writing() as db:
        return db.execute(table.__table__.select()).all()


async def call(house):
    """A programme that people can join."""
    await house.people("rana", "sami", organiser=True)
    return cast.programme(house.cast(), organisers=("rana", "sami"))


# --- seen by the asker alone ------------------------------------------------------------------------------------------


async def test_a_command_answers_the_asker_alone(house):
    ada, bob = await house.people("ada", "bob")
    answer = await ada.types("/circle status")
    assert "No programme is open for joining now" in answer.words
    assert (answer.kind, answer.is_ephemeral) == (MESSAGE, True)
    await ada.hears("No programme is open for joining now")
    assert "No programme" not in await bob.reads()


async def test_a_button_in_a_room_answers_the_presser_alone_and_the_message_stays(house):
    await house.term()
    cleo, dana = await house.people("cleo", "dana")
    offer = message("Everybody can press.", buttons(Button("My goals", "circle goal list")))
    await house.side.chat.post(house.town.guild, house.town.channel, offer, "d1")
    await cleo.types("/circle goal add", text="Finish CANARY")
    answer = await cleo.presses("My goals", message=await cleo.hears("Everybody can press."))
    assert ("Finish CANARY" in answer.words, answer.is_ephemeral) == (True, True)
    assert "CANARY" not in await dana.reads()
    await dana.hears("Everybody can press.")


async def test_a_button_in_her_own_messages_changes_that_message_and_can_be_pressed_again_in_a_year(house):
    programme, _circle = await house.term()
    cleo = await house.town.person("cleo")
    offer = message("You moved?", buttons(Button("Keep mine", "circle zone keep")))
    await house.goes(programme, Tell("zone:x", house.known("cleo"), offer, "zone", urgent=True))
    house.clock.move(house.clock.now().replace(year=2028))
    answer = await cleo.presses("Keep mine", message=await cleo.hears("You moved?"))
    assert "stays" in answer.words
    assert "You moved?" not in await cleo.reads()


async def test_a_long_answer_that_takes_the_place_of_a_short_one_is_shown(house):
    here = house.cast()
    names = [f"{one}{letter}" for one in ("mentor", "mentee") for letter in "abcdefghij"]
    rana, _sami = await house.people("rana", "sami", organiser=True)
    await house.people(*names)
    programme = cast.programme(here, organisers=("rana", "sami"), state="call")
    for name in names:
        cast.member(here, programme, name, stance=name[:6], languages=["en"], institution=f"University of {name}")
    short = await rana.types("/programme status")
    assert not short.message.raw["embeds"]
    answer = await rana.presses("Propose circles")
    assert answer.message.id == short.message.id
    (shown,) = answer.message.raw["embeds"]
    assert "10 mentors + 10 mentees" in shown["description"]


async def test_an_unknown_button_is_answered_kindly(house):
    cleo = await house.town.person("cleo")
    offer = message("From another time.", buttons(Button("Spin", "wheel spin 7"), Button("Odd", "circle sing")))
    await house.side.chat.post(house.town.guild, house.town.channel, offer, "d1")
    for label, words in (("Spin", "I know the commands /circle and /programme."), ("Odd", "sing")):
        answer = await cleo.presses(label, message=await cleo.hears("From another time."))
        assert words in answer.words
        assert answer.message.buttons()


@pytest.mark.parametrize(
    "custom_id", ["§", "¶2", "circle goal done 99", "circle met yes 4711", "in:nowhere", "_" * 100]
)
async def test_whatever_a_button_carries_is_answered(house, custom_id):
    await house.term()
    cleo = await house.town.person("cleo")
    sent = {"component_type": 2, "custom_id": custom_id, "id": 1}
    await cleo.types("/circle status")
    seen = (await cleo.sees())[-1]
    answer = await cleo._gesture(3, seen.channel, sent, message=seen.id)
    assert answer.words
    assert "Something went wrong" not in answer.words


async def test_a_command_of_an_older_list_is_answered_with_what_to_do(house):
    cleo = await house.town.person("cleo")
    (known,) = [c for c in await house.town.commands() if c["name"] == "circle"]
    sent = {"id": known["id"], "name": "circle", "type": 1, "options": [{"type": 1, "name": "dance", "options": []}]}
    answer = await cleo._gesture(2, "", sent)
    assert ("Please choose it anew from the list." in answer.words, answer.is_ephemeral) == (True, True)
    assert "/circle" in (await cleo.presses("Show the commands")).words


async def test_organisers_commands_are_hidden_from_members_and_refused_to_whoever_sees_them(house):
    await house.term()
    cleo = await house.town.person("cleo")
    with pytest.raises(Nobody, match="does not show /programme"):
        await cleo.types("/programme status")
    shown = await house.town.person("dana", organiser=True)
    shown.permissions |= 0x20
    answer = await shown.types("/programme status")
    assert "This is for organisers." in answer.words


# --- in time ----------------------------------------------------------------------------------------------------------


async def until_it_waits(house):
    async def found():
        return [c for c in await house.town.calls("POST", "/callback") if c.body["type"] == WAITING]

    await house.town.until(found)


async def test_what_takes_long_is_deferred_and_answered_to_her_alone(house):
    cleo, dana = await house.people("cleo", "dana")
    async with house.busy():
        asked = asyncio.create_task(cleo.types("/circle status"))
        await until_it_waits(house)
    answer = await asked
    assert "No programme is open for joining now." in answer.words
    assert (answer.kind, answer.is_ephemeral) == (WAITING, True)
    assert "No programme" not in await dana.reads()


async def test_a_form_asked_for_too_slowly_comes_as_a_button(house):
    await call(house)
    cleo = await house.town.person("cleo")
    async with house.busy():
        asked = asyncio.create_task(cleo.types("/circle join"))
        await until_it_waits(house)
    assert "the form did not open" in (await asked).words
    assert (await cleo.presses("Open the form")).kind == FORM


async def test_a_form_whose_answer_takes_long_is_answered_when_it_can_be(house):
    await house.term()
    cleo = await house.town.person("cleo")
    await cleo.types("/circle goal add")
    async with house.busy():
        sent = asyncio.create_task(cleo.fills(text="Finish the grant"))
        await until_it_waits(house)
    assert "Finish the grant" in (await sent).words
    assert [row.text for row in rows(house, Goal)] == ["Finish the grant"]


async def test_an_answer_under_way_is_given_before_the_bot_hangs_up(house):
    cleo = await house.town.person("cleo")
    async with house.busy():
        asked = asyncio.create_task(cleo.types("/circle status"))
        await until_it_waits(house)
        stopping = asyncio.create_task(house.side.stop())
    await stopping
    assert "No programme is open for joining now." in (await asked).words


# --- forms ------------------------------------------------------------------------------------------------------------


async def test_setting_up_a_programme_opens_a_modal_and_tells_what_is_left(house):
    rana = await house.town.person("rana", organiser=True)
    assert (await rana.types("/programme setup")).kind == FORM
    answer = await rana.fills(name="Women in science", purpose="x", objectives="y")
    assert "1. Purpose: done" in answer.words


async def test_she_joins_in_three_steps_with_a_button_between(house):
    await call(house)
    cleo = await house.town.person("cleo")
    answer = await cleo.types("/circle join")
    for step, answers in enumerate(STEPS, start=1):
        assert f"step {step} of 3" in answer.words
        answer = await cleo.fills(**answers)
        if step < 3:
            answer = await cleo.presses("Continue")
    await house.settles()
    await cleo.hears("You are on the list of Women in Physics. Welcome!")
    assert rows(house, Draft) == []


async def test_a_refused_answer_is_named_and_everything_typed_is_there_again(house):
    await call(house)
    cleo = await house.town.person("cleo")
    await cleo.types("/circle join")
    answer = await cleo.fills(**{**STEPS[0], "wants": "-"})
    assert "name at least one topic you want" in answer.words
    again = await cleo.presses("Try again")
    given = {field["custom_id"]: field.get("value") for _label, field in again.form.fields()}
    assert given["about"] == "Chemist."
    assert "Next: Your profile, step 2 of 3" in (await cleo.fills(wants="grant writing")).words


class Curious(Desk):
    """A core that once asks more than five questions at a time."""

    asked = 0
    ASKED = ("one", "two", "three", "four", "five", "six", "seven")

    async def answer(self, call, now):
        if not call.line.startswith("circle status"):
            return await super().answer(call, now)
        self.asked += 1
        if set(call.answers) < set(self.ASKED):
            fields = tuple(Field(name, name, initial=call.answers.get(name, "")) for name in self.ASKED)
            return (Ask(Form("Seven questions", call.line, fields, "Send")),)
        return (Reply(message(" ".join(call.answers[name] for name in self.ASKED))),)


async def test_a_form_of_more_than_five_fields_is_asked_in_parts_and_sent_as_one(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, desk=Curious(sqlite_store)) as house:
        cleo = await house.town.person("cleo")
        assert (await cleo.types("/circle status")).form.title == "Seven questions (1/2)"
        answer = await cleo.fills(one="1", two="2", three="3", four="4", five="5")
        assert "Part 2 of 2 is next" in answer.words
        assert (await cleo.presses("Continue")).form.title == "Seven questions (2/2)"
        assert "1 2 3 4 5 6 7" in (await cleo.fills(six="6", seven="7")).words


async def test_what_a_restart_lost_of_a_long_form_is_asked_again_and_the_rest_is_there(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, desk=Curious(sqlite_store)) as house:
        cleo = await house.town.person("cleo")
        await cleo.types("/circle status")
        await cleo.fills(one="1", two="2", three="3", four="4", five="5")
        await cleo.presses("Continue")
    async with housed(sqlite_store, discord_town, desk=Curious(sqlite_store)):
        assert "Next: Seven questions" in (await cleo.fills(six="6", seven="7")).words
        assert (await cleo.presses("Continue")).form.title == "Seven questions (1/2)"
        await cleo.fills(one="1", two="2", three="3", four="4", five="5")
        await cleo.presses("Continue")
        assert "1 2 3 4 5 6 7" in (await cleo.fills()).words


async def test_a_continue_button_after_a_restart_opens_the_form_from_its_beginning(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, desk=Curious(sqlite_store)) as house:
        cleo = await house.town.person("cleo")
        await cleo.types("/circle status")
        await cleo.fills(one="1")
    async with housed(sqlite_store, discord_town, desk=Curious(sqlite_store)):
        assert (await cleo.presses("Continue")).form.title == "Seven questions (1/2)"


async def test_a_form_that_was_left_open_is_asked_of_the_core_anew(sqlite_store, discord_town):
    desk = Curious(sqlite_store)
    async with housed(sqlite_store, discord_town, desk=desk) as house:
        cleo = await house.town.person("cleo")
        offer = message("Seven questions for you.", buttons(Button("Answer", "circle status")))
        await house.side.chat.post(house.town.guild, house.town.channel, offer, "d1")
        await cleo.presses("Answer")
        cleo.form = None  # she closes it
        assert (await cleo.presses("Answer")).kind == FORM
        assert desk.asked == 2


async def test_an_old_button_works_after_a_restart(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town) as house:
        await house.term()
        cleo = await house.town.person("cleo")
        await cleo.types("/circle status")
    async with housed(sqlite_store, discord_town, clock=MovableClock(house.clock.now())):
        seen = (await cleo.sees())[-1]
        answer = await cleo.presses(str(seen.buttons()[0]["label"]))
        assert answer.words
        assert "Something went wrong" not in answer.words
