"""The bot on Slack, whole: people type, press and fill forms over real sockets, and see what they should."""

from datetime import timedelta

import cast
import pytest
from slack_house import TEAM, UNHURRIED, heard, term

from bot.slack import answers as answering
from circles.effects import Tell
from circles.messages import Button, buttons, message
from storage import people
from storage.tables import Draft, Goal

STEPS = (
    {"stance": "mentee", "wants": "grant writing; networking", "about": "Chemist."},
    {"languages": "Arabic, English", "institution": "Wadi Rumman University", "stage": "doctoral"},
    {"zone": "Amman", "ring": "local", "capacity": "2"},
)


@pytest.fixture(params=["http", "socket"])
def connect(request):
    """Everything here is done by signed requests and by socket."""
    return request.param


def rows(house, table):
    with house.desk.store.writing() as db:
        return db.execute(table.__table__.select()).all()


def open_call(house):
    """A programme that people can join."""
    return cast.programme(house.cast(), organisers=("UADA", "UBOB"))


# --- forms ------------------------------------------------------------------------------------------------------------


async def test_she_joins_in_three_steps_in_one_window(house):
    cleo = house.person("UCLEO")
    open_call(house)
    await cleo.types("/circle join")
    for step, answers in enumerate(STEPS, start=1):
        form = await cleo.gets_form("Your profile")
        assert f"step {step} of 3" in form.words or f"step {step} of 3" in form.title
        await cleo.fills(answers)
        assert cleo.errors == {}
    await house.settles()
    await cleo.hears("You are on the list of Women in Physics. Welcome!")
    assert cleo.modal is None
    assert len(house.calls("views.open")) == 1
    assert rows(house, Draft) == []


async def test_a_refused_answer_is_named_at_its_field_and_what_was_typed_stays(house):
    cleo = house.person("UCLEO")
    open_call(house)
    await cleo.types("/circle join")
    await cleo.gets_form("Your profile")
    await cleo.fills({**STEPS[0], "wants": "-"})
    assert list(cleo.errors) == ["wants"]
    assert "name at least one topic you want" in cleo.errors["wants"]
    assert cleo.modal.source.state["about"]["answer"]["value"] == "Chemist."
    await cleo.fills(wants="grant writing")
    assert (cleo.errors, "step 2 of 3" in cleo.modal.words + cleo.modal.title) == ({}, True)


async def test_cancelling_leaves_nothing_behind_and_a_second_start_is_empty(house):
    cleo = house.person("UCLEO")
    open_call(house)
    await cleo.types("/circle join")
    await cleo.gets_form("Your profile")
    await cleo.fills(STEPS[0])
    assert len(rows(house, Draft)) == 1
    await cleo.cancels()
    assert rows(house, Draft) == []
    await cleo.types("/circle join")
    form = await cleo.gets_form("Your profile")
    inputs = {block["block_id"]: block["element"] for block in form.blocks if block["type"] == "input"}
    assert [inputs[name].get("initial_value") for name in ("wants", "about", "offers")] == [None] * 3
    assert "initial_option" not in inputs["stance"]


@pytest.mark.parametrize("trouble", ["expired_trigger_id", "500", "drop before", "ratelimited", "internal_error"])
async def test_a_form_that_does_not_open_leaves_a_kind_word_and_a_button_that_opens_it(house, trouble):
    cleo = house.person("UCLEO")
    open_call(house)
    if trouble == "ratelimited":
        house.town.limit("views.open")
    else:
        house.town.fail("views.open", trouble)
    await cleo.types("/circle join")
    await cleo.hears("That took a moment too long, and the form did not open. Nothing is lost:")
    assert cleo.modal is None
    house.clock.move(house.clock.now() + timedelta(seconds=2))
    await cleo.presses("Open the form")
    await cleo.gets_form("Your profile")


async def test_a_form_that_slack_is_slow_to_open_keeps_no_acknowledgement_and_becomes_a_button(house, monkeypatch):
    cleo = house.person("UCLEO")
    open_call(house)
    monkeypatch.setattr(answering, "OPENING", 0.2)
    house.town.fail("views.open", "hang")
    await cleo.types("/circle join")
    await cleo.hears("the form did not open")


async def test_an_answer_that_an_earlier_step_refuses_brings_that_step_back(house):
    cleo = house.person("UCLEO")
    programme = open_call(house)
    await cleo.types("/circle join")
    await cleo.gets_form("Your profile")
    await cleo.fills(STEPS[0])
    row, draft = house.known("UCLEO"), f"join:{programme}"
    with house.desk.store.writing() as db:  # as a second window, on her phone, leaves it
        people.keep_draft(db, row, draft, people.draft(db, row, draft) | {"wants": "-"})
    await cleo.fills(STEPS[1])
    assert cleo.errors == {}
    assert "name at least one topic you want" in cleo.modal.words
    assert "step 1 of 3" in cleo.modal.words + cleo.modal.title
    for answers in ({"wants": "grant writing"}, *STEPS[1:]):
        await cleo.fills(answers)
    await cleo.hears("You are on the list of Women in Physics. Welcome!")


async def test_a_command_and_a_room_may_be_called_payload(house):
    cleo = house.person("UCLEO")
    term(house)
    room = house.town.add_channel(TEAM, "payload", ["UCLEO", "UDANA"])
    await cleo.types("/circle goal add Send the payload paper", channel=room.id)
    await cleo.hears("“Send the payload paper”")


# --- slow work --------------------------------------------------------------------------------------------------------


async def test_a_command_that_takes_long_is_acknowledged_and_answered_later_to_her_alone(house):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA"])
    async with house.busy():
        await cleo.types("/circle", channel=room.id)
        assert cleo.sees() == []
    seen = await cleo.hears("No programme is open for joining now.")
    assert (seen.is_ephemeral, seen.channel) == (True, room.id)
    assert len(house.calls("response_url")) == 1
    assert dana.sees() == []


async def test_a_form_asked_for_too_slowly_comes_as_a_button(house):
    cleo = house.person("UCLEO")
    open_call(house)
    async with house.busy():
        await cleo.types("/circle join")
        house.town.wait_out(2 * UNHURRIED)
    await cleo.hears("the form did not open")
    await cleo.presses("Open the form")
    await cleo.gets_form("Your profile")


async def test_a_form_whose_answer_takes_long_says_so_and_then_shows_it(house):
    cleo = house.person("UCLEO")
    open_call(house)
    await cleo.types("/circle join")
    await cleo.gets_form("Your profile")
    async with house.busy():
        await cleo.fills(STEPS[0])
        assert "One moment, I am working on it." in cleo.modal.words
    await house.side.rests()
    assert "step 2 of 3" in cleo.modal.words + cleo.modal.title
    await cleo.fills(STEPS[1])
    async with house.busy():
        await cleo.fills(STEPS[2])
        assert "One moment" in cleo.modal.words
    await house.side.rests()
    assert "You are on the list of Women in Physics." in cleo.modal.words


async def test_a_form_closed_before_its_slow_answer_came_is_answered_beside_it(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle goal add")
    await cleo.gets_form()
    async with house.busy():
        await cleo.fills(text="Finish the grant")
        await cleo.cancels()
    await cleo.hears("Finish the grant")


async def test_a_button_whose_answer_takes_long_is_answered_later(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle")
    async with house.busy():
        await cleo.presses("My goals") if "My goals" in cleo.sees()[-1].buttons else await cleo.presses("Goals")
    await cleo.hears("goal")


async def test_where_the_way_back_is_used_up_the_answer_comes_as_a_direct_message_whose_notice_says_nothing(house):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    term(house)
    await cleo.types("/circle goal add Finish CANARY")
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA"])
    house.town.fail("response_url", "404")
    async with house.busy():
        await cleo.types("/circle goal list", channel=room.id)
    await house.side.rests()
    seen = next(s for s in reversed(cleo.sees()) if not s.is_ephemeral)
    assert "Finish CANARY" in seen.words
    assert seen.channel.startswith("D")
    assert seen.text == "A message from Halqa"
    assert heard(dana, "CANARY") == []


@pytest.mark.parametrize("programmes", [1, 4])
async def test_an_answer_of_many_parts_comes_in_order_also_where_the_way_back_serves_no_more(house, programmes):
    cleo = house.person("UCLEO")
    for number in range(programmes):
        term(house, mentees=(), slug=f"p{number}", name=f"Programme {number}")
    await cleo.types("/circle data export")
    await house.side.rests()
    beginnings = [seen.words.splitlines()[0] for seen in cleo.sees()]
    assert [one for one in beginnings if one.startswith("Membership")] == [
        f"Membership: Programme {number}" for number in range(programmes)
    ]
    assert beginnings[0].startswith("This is everything I keep about you.")
    assert beginnings[-1] == "Circles and rounds"


# --- seen by the asker alone ------------------------------------------------------------------------------------------


async def test_the_bare_command_answers_the_asker_alone(house):
    ada, bob = house.person("UADA"), house.person("UBOB")
    room = house.town.add_channel(TEAM, "general", ["UADA", "UBOB"])
    await ada.types("/circle", channel=room.id)
    seen = await ada.hears("No programme is open for joining now.")
    assert (seen.is_ephemeral, seen.channel) == (True, room.id)
    assert bob.sees() == []


@pytest.mark.parametrize(
    ("call", "words"), [("circle goal list", "Finish CANARY"), ("circle zone keep", "Fine, Europe/Berlin stays.")]
)
async def test_a_button_in_a_shared_room_answers_the_presser_alone_and_the_message_stays(house, call, words):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    term(house)
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA", "UBOT1"])
    await house.side.chat.post(TEAM, room.id, message("Everybody can press.", buttons(Button("Press", call))), "d1")
    await cleo.types("/circle zone Europe/Berlin")
    await cleo.types("/circle goal add Finish CANARY")
    await cleo.presses("Press", heard(cleo, "Everybody can press.")[0])
    await house.settles()
    assert (await cleo.hears(words)).is_ephemeral
    assert (heard(dana, words), len(heard(dana, "Everybody can press."))) == ([], 1)


async def test_a_button_in_her_own_messages_changes_that_message_and_can_be_changed_again(house):
    cleo = house.person("UCLEO")
    programme, _circle = term(house)
    cleo_row = house.known("UCLEO")
    with house.desk.store.writing() as db:
        person = people.get(db, cleo_row)
        person.zone = "Europe/Berlin"
        people.save(db, person)
    offer = buttons(Button("Keep mine", "circle zone keep"))
    house.puts(programme, Tell("zone:x", cleo_row, message("You moved?", offer), "zone", urgent=True))
    await house.beats()
    asked = await cleo.hears("You moved?")
    await cleo.presses("Keep mine")
    await house.settles()
    answered = await cleo.hears("Fine, Europe/Berlin stays.")
    assert answered.source is asked.source
    assert heard(cleo, "You moved?") == []


async def test_a_quick_double_press_is_answered_twice_and_counted_once(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle goal add Finish the grant")
    await cleo.types("/circle goal list")
    listed = await cleo.hears("1. Finish the grant")
    for _press in range(2):
        await cleo.presses("1: park", listed)
    await house.settles()
    await cleo.hears("Goal 1 is parked. It waits for you")
    await cleo.hears("Goal 1 is parked already; nothing to change.")
    assert [row.state for row in rows(house, Goal)] == ["parked"]


async def test_who_may_not_asks_in_vain(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/programme status")
    await cleo.hears("This is for organisers.")
