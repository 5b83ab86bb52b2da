"""What can't be delivered on Discord: said once, later or not at all, and each failure in its own right way."""

import logging

import cast
import pytest
from discord_house import at, housed

from circles.effects import OpenRoom, Post, Tell
from circles.messages import Button, Mention, Plain, buttons, message, text
from storage import people

WORDS = "CANARY words"
STATUS = buttons(Button("Where am I?", "circle status"))


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


@pytest.fixture
async def here(house):
    """Cleo and Dana in Jasmine, whose room is open: programme and circle."""
    here = await house.term()
    there = tuple(house.known(one) for one in ("cleo", "dana"))
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", there, is_lasting=True))
    return here


def tell(house, name="cleo", key="first", words=WORDS):
    return Tell(key, house.known(name), message(words, summary="Something for you"), "thanks", urgent=True)


def post(here, key="first"):
    return Post(key, at(here), message(WORDS, summary="Something for you all"), "prompt")


async def read(house, name, words):
    """How often she reads these words."""
    return (await (await house.town.person(name)).reads()).count(words)


# --- people -----------------------------------------------------------------------------------------------------------


async def test_whose_messages_are_closed_is_called_in_her_room_which_says_only_that_there_is_something(house, here):
    cleo, dana, rana = await house.people("cleo", "dana", "rana")
    await cleo.shuts_dms()
    await house.goes(here[0], tell(house), tell(house, key="second", words="More CANARY"))
    called = await cleo.hears("there is something from Halqa for you")
    assert (called.place, called.pings) == ("Jasmine", ("cleo",))
    assert await read(house, "dana", "there is something from Halqa") == 1
    assert await read(house, "rana", "can't write to @cleo in private") == 1
    for other in (dana, rana):
        assert "CANARY" not in await other.reads()
    answer = await cleo.presses("Show it", message=called)
    assert answer.is_ephemeral
    assert WORDS in await cleo.reads()
    assert "CANARY" not in await dana.reads()


async def test_who_has_left_the_server_is_taken_for_gone_and_hears_nothing_more(house, here):
    cleo, rana = await house.people("cleo", "rana")
    await cleo.leaves()
    await house.goes(here[0], tell(house))
    await rana.hears("@cleo is no longer here")
    assert await read(house, "dana", "there is something from Halqa") == 0
    with house.desk.store.writing() as db:
        assert people.get(db, house.known("cleo")).is_active is False


# --- lost answers, limits and outages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["tell", "post"])
async def test_a_message_whose_answer_was_lost_is_sent_again_under_its_nonce_and_read_once(house, here, act):
    await house.town.fail("POST", "/messages$", drop="after", words=WORDS)
    await house.goes(here[0], tell(house) if act == "tell" else post(here))
    assert house.states("first") == ["sending"]
    await house.later(seconds=61)
    sent = [one.body for one in await house.town.calls("POST", "/messages") if WORDS in str(one.body)]
    assert len(sent) == 2
    assert len({one["nonce"] for one in sent}) == 1
    assert all(one["enforce_nonce"] for one in sent)
    assert (house.states("first"), await read(house, "cleo", WORDS)) == (["sent"], 1)


@pytest.mark.parametrize("act", ["tell", "post"])
async def test_what_is_unclear_for_more_than_two_minutes_is_not_said_again_but_shown_on_request(house, here, act):
    await house.town.fail("POST", "/messages$", drop="before", words=WORDS)
    await house.goes(here[0], tell(house) if act == "tell" else post(here))
    await house.later(seconds=121)
    assert (house.states("first"), await read(house, "cleo", WORDS)) == (["unreachable"], 0)
    cleo = await house.town.person("cleo")
    noted = "may not have reached"
    assert len([seen for seen in await cleo.sees() if noted in seen.words]) == 1
    answer = await cleo.presses("Show it", message=await cleo.hears(noted))
    assert WORDS in answer.words
    await house.later(seconds=600)
    assert len([one for one in await house.town.calls("POST", "/messages") if WORDS in str(one.body)]) == 1


@pytest.mark.parametrize("limit", [{"scope": "user"}, {"scope": "shared"}, {"scope": "global", "is_global": True}])
async def test_a_short_limit_is_waited_out(house, here, limit):
    await house.town.fail("POST", "/messages$", status=429, retry_after=0.05, words=WORDS, **limit)
    await house.goes(here[0], tell(house), post(here, "second"))
    assert house.states("first", "second") == ["sent", "sent"]
    assert await read(house, "cleo", WORDS) == 2


async def test_what_a_long_limit_holds_was_not_sent_and_goes_out_later(house, here):
    house.side.chat.patience = 0.2
    await house.town.fail("POST", "/messages$", status=429, retry_after=30, scope="shared", words=WORDS)
    await house.goes(here[0], tell(house))
    assert house.states("first") == ["ready"]
    await house.later(seconds=31)
    assert (house.states("first"), await read(house, "cleo", WORDS)) == (["sent"], 1)


async def test_what_is_left_of_a_long_window_is_used_at_once(house, here):
    # The stand-in's windows last a minute, and 49 requests of them are left.
    await house.goes(here[0], *(tell(house, name, key=name) for name in ("cleo", "dana", "rana", "sami")))
    assert house.states("cleo", "dana", "rana", "sami") == ["sent"] * 4


async def test_a_gateway_error_that_passes_is_tried_again_by_itself(house, here):
    await house.town.fail("POST", "/messages$", status=502, done=True, words=WORDS)
    await house.goes(here[0], tell(house))
    assert (house.states("first"), await read(house, "cleo", WORDS)) == (["sent"], 1)


async def test_a_gateway_error_before_a_long_limit_leaves_it_open_whether_it_was_said(house, here):
    house.side.chat.patience = 2.0  # the library waits a second after the first
    await house.town.fail("POST", "/messages$", status=502, done=True, words=WORDS)
    await house.town.fail("POST", "/messages$", status=429, retry_after=30, scope="shared", words=WORDS)
    await house.goes(here[0], tell(house))
    assert house.states("first") == ["sending"]
    await house.later(seconds=61)
    assert (house.states("first"), await read(house, "cleo", WORDS)) == (["sent"], 1)


async def test_a_message_that_discord_refuses_is_told_to_the_organisers_by_its_number_alone(house, here):
    rana = await house.town.person("rana")
    await house.town.fail("POST", "/messages$", code=50035, words=WORDS)
    await house.goes(here[0], tell(house))
    assert house.states("first") == ["unreachable"]
    await rana.hears("could not be sent: the chat did not take it from me")
    assert "CANARY" not in await rana.reads()


async def test_where_discord_refuses_again_and_again_nothing_more_is_asked_for_a_while(house, here):
    house.side.chat._breaker.most = 3
    for number in range(3):
        await house.town.fail("POST", "/messages$", code=50013, words=f"{WORDS} {number}")
    acts = [tell(house, key=f"k{number}", words=f"{WORDS} {number}") for number in range(3)]
    await house.goes(here[0], *acts)
    asked = len(await house.town.calls())
    await house.goes(here[0], tell(house))
    assert (house.states("first"), len(await house.town.calls())) == (["ready"], asked)


async def test_answers_that_discord_refuses_count_as_well(house, here):
    house.side.chat._breaker.most = 3
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", code=10062, times=3, done=True)
    for _answer in range(3):
        await cleo.types("/circle status")
    await house.goes(here[0], tell(house))
    assert house.states("first") == ["ready"]


@pytest.mark.parametrize(("scope", "state"), [("user", "ready"), ("shared", "sent")])
async def test_limits_that_are_waited_out_count_as_well_but_not_those_shared_with_others(house, here, scope, state):
    house.side.chat._breaker.most = 3
    await house.town.fail("POST", "/messages$", status=429, retry_after=0.01, scope=scope, times=3, words=WORDS)
    await house.goes(here[0], tell(house))
    assert house.states("first") == ["sent"]
    await house.goes(here[0], tell(house, key="second"))
    assert house.states("second") == [state]


# --- words ------------------------------------------------------------------------------------------------------------


async def test_what_somebody_typed_calls_nobody_and_is_shown_as_typed(house, here):
    dana = await house.town.person("dana")
    typed = f"@everyone @here <@{dana.id}> <@&1> **bold** `code` # no heading ||spoiler||"
    cleo = await house.town.person("cleo")
    said = message(text("{who}, look: {typed}", who=Mention(cleo.id, "Cleo"), typed=Plain(typed)), summary=typed[:60])
    await house.goes(here[0], Post("first", at(here), said, "prompt"))
    seen = await cleo.hears("no heading")
    assert seen.pings == ("cleo",)
    assert "**bold** `code` # no heading ||spoiler||" in seen.words
    goal = await cleo.types("/circle goal add", text=typed)
    assert "**bold** `code` # no heading" in goal.words


async def test_neither_words_nor_the_token_stand_in_the_log(house, here, caplog):
    caplog.set_level(logging.DEBUG)
    cleo = await house.town.person("cleo")
    await cleo.types("/circle goal add", text="Finish CANARY")
    await house.town.ask("limits", answer_ms=500)  # no answer comes, and she does not wait long for it
    await house.town.fail("POST", "/callback$", code=10062)
    await cleo.types("/circle goal list")
    await house.town.fail("POST", "/messages$", code=50035, words=WORDS)
    await house.goes(here[0], tell(house), tell(house, "dana", key="second"))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "circles")))
    assert "the answer to call" in ours
    assert "10062" in ours
    assert "CANARY" not in ours
    assert house.town.token not in caplog.text


# --- servers ----------------------------------------------------------------------------------------------------------


async def test_a_button_in_a_private_message_knows_its_server_also_of_a_person_in_two(house):
    await house.people("rana", "sami", organiser=True)
    other = await house.town.ask("guild_create", name="Another", channels=["general"])
    cleo = await house.town.person("cleo", guilds=[house.town.guild, other["guild"]])
    for guild, name in ((house.town.guild, "Physics"), (other["guild"], "Chemistry")):
        talk = house.cast(guild)
        programme = cast.programme(talk, organisers=("rana", "sami"), state="running", name=name)
        cast.circle(talk, programme, mentors=("cleo",), name=f"{name} circle")
        with house.desk.store.writing() as db:
            there = people.by_outside_id(db, people.workspace(db, "discord", guild).id, cleo.id).id
        said = message(f"From {name}", STATUS)
        await house.goes(programme, Tell(f"tell:{name}", there, said, "thanks", urgent=True))
    for name, other_name in (("Physics", "Chemistry"), ("Chemistry", "Physics")):
        answer = await cleo.presses("Where am I?", message=await cleo.hears(f"From {name}"))
        assert name in answer.words
        assert other_name not in answer.words


async def test_a_private_button_of_which_nothing_is_known_says_so(house):
    cleo = await house.town.person("cleo")
    await house.side.chat.tell(house.town.guild, cleo.id, message("Hello", STATUS), "d1")
    answer = await cleo.presses("Where am I?")
    assert "I can't tell which of your workspaces this is about" in answer.words
