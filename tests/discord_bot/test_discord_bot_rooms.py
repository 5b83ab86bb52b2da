"""Rooms on Discord: private threads below a channel, their people, how they sleep and close, and how they get lost."""

import cast
import pytest
from discord_house import at, housed

from circles.effects import CloseRoom, OpenRoom, Post
from circles.messages import Bullets, Fact, Facts, Mention, Plain, message, text
from circles.rooms import group_room
from storage import people

CARD = message("Gently, please.", summary="How we are here")


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


def opens(house, here, *names, key="open", name="Jasmine", room="", **more):
    """Open a circle's room for these people, or set its people."""
    people = tuple(house.known(one) for one in names)
    return OpenRoom(key, room or at(here), name, people, is_lasting=True, topic="Be kind.", card=CARD, **more)


def post(here, key="post", words="CANARY words", room=""):
    return Post(key, room or at(here), message(words, summary="Something for you all"), "prompt")


async def rooms(house):
    """Every thread, with its people by name."""
    found = [one for one in await house.town.ask("rooms") if one["type"] == 12]
    return [{**one, "people": sorted(house.town.names[who] for who in one["people"])} for one in found]


# --- opening ----------------------------------------------------------------------------------------------------------


async def test_a_circle_gets_one_private_thread_with_everybody_and_its_card_first(house):
    here = await house.term()
    rana = await house.town.person("rana")
    await rana.types("/programme status", where=house.town.channel)
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    (room,) = await rooms(house)
    assert (room["people"], room["invitable"], room["archived"]) == (["cleo", "dana", "halqa"], False, False)
    assert room["parent"] == house.town.channel
    assert house.room(at(here)).place == room["id"]
    cleo = await house.town.person("cleo")
    said = [seen.words for seen in await cleo.sees() if seen.channel == room["id"]]
    assert ("Gently, please" in said[0], "CANARY words" in said[1], len(said)) == (True, True, 2)
    assert "CANARY" not in await rana.reads()


async def test_a_channel_called_halqa_is_the_home_of_rooms_whatever_stands_above_it(house):
    rana = await house.town.person("rana", organiser=True)
    made = await house.town.ask("guild_create", name="Another", channels=["general", "halqa"], members=[rana.id])
    programme = cast.programme(house.cast(made["guild"]), organisers=("rana",), state="running")
    with house.desk.store.writing() as db:
        rana_there = people.organisers(db, programme)[0].id
    await house.goes(programme, OpenRoom("open", "p1:c1", "Jasmine", (rana_there,)))
    (room,) = await rooms(house)
    assert (room["parent"], room["people"]) == (made["channels"][1], ["halqa", "rana"])


async def test_meetings_of_one_name_get_threads_of_their_own_and_nobody_reads_anothers(house):
    here = await house.term(mentors=("cleo", "emre"), mentees=("dana", "fay"))
    first, second = group_room(here[0], 1), group_room(here[0], 2)
    await house.goes(
        here[0],
        opens(house, here, "cleo", "dana", key="open1", name="Round 1", room=first),
        post(here, "post1", "for the first", first),
        opens(house, here, "emre", "fay", key="open2", name="Round 1", room=second),
        post(here, "post2", "for the second", second),
    )
    assert house.room(first).place != house.room(second).place
    cleo, emre = await house.people("cleo", "emre")
    await cleo.hears("for the first")
    await emre.hears("for the second")
    assert "for the second" not in await cleo.reads()
    assert "for the first" not in await emre.reads()


@pytest.mark.parametrize(
    "fault",
    [
        {"method": "POST", "path": "/threads$", "drop": "after"},
        {"method": "POST", "path": "/threads$", "drop": "before"},
        {"method": "POST", "path": "/threads$", "status": 502, "done": True},
        {"method": "PUT", "path": "/thread-members/", "drop": "after"},
        {"method": "PUT", "path": "/thread-members/", "drop": "before", "skip": 1},
        {"method": "POST", "path": "/messages$", "drop": "after"},
        {"method": "POST", "path": "/threads$", "status": 429, "retry_after": 0.05},
        {"method": "GET", "path": "/threads/active", "drop": "before"},
    ],
    ids=lambda fault: f"{fault['path']} {fault.get('drop', fault.get('status'))}",
)
async def test_whatever_breaks_while_a_room_opens_there_is_one_with_everybody_and_one_card(house, fault):
    here = await house.term()
    await house.town.fail(**fault)
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    for _later in range(2):
        await house.later(seconds=61)
    (room,) = await rooms(house)
    assert room["people"] == ["cleo", "dana", "halqa"]
    read = await (await house.town.person("cleo")).reads()
    assert (read.count("Gently, please"), read.count("CANARY words")) == (1, 1)


# --- people -----------------------------------------------------------------------------------------------------------


async def test_people_are_brought_in_and_taken_out_as_they_come_and_go_also_while_a_thread_sleeps(house):
    here = await house.term(mentees=("dana", "emre"))
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.ask("archive", thread=house.room(at(here)).place)
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="again"))
    (room,) = await rooms(house)
    assert room["people"] == ["cleo", "emre", "halqa"]


async def test_whoever_has_left_the_server_is_left_out_and_the_organisers_hear_of_it(house):
    here = await house.term()
    dana, rana = await house.people("dana", "rana")
    await dana.leaves()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    (room,) = await rooms(house)
    assert room["people"] == ["cleo", "halqa"]
    await rana.hears("let @dana into the room of Jasmine")


async def test_whoever_is_named_in_a_room_that_is_not_hers_is_not_brought_in_by_it(house):
    here = await house.term(mentees=("dana", "emre"))
    rana, cleo, emre = await house.people("rana", "cleo", "emre")
    await house.goes(here[0], opens(house, here, "cleo", "dana", "emre"), opens(house, here, "cleo", "dana", key="two"))
    gone = message(
        text("{emre} can't come, {cleo}.", emre=Mention(emre.id, "Emre"), cleo=Mention(cleo.id, "Cleo")),
        Bullets(((Mention(emre.id, "Emre"), Plain(" is away")),)),
        Facts((Fact("Host", (Mention(emre.id, "Emre"),)),)),
        summary="About your meeting",
    )
    await house.goes(here[0], Post("gone", at(here), gone, "prompt"))
    await rana.types("/programme announce", text="Welcome, everybody.")
    await rana.presses("Send")
    await house.settles()
    (room,) = await rooms(house)
    assert room["people"] == ["cleo", "dana", "halqa"]
    assert (await cleo.hears("Emre can't come")).pings == ("cleo",)
    assert "Rana to everybody in" in (await cleo.hears("Welcome, everybody.")).words


# --- sleeping and closing ---------------------------------------------------------------------------------------------


async def test_a_post_wakes_a_thread_that_fell_asleep(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.ask("archive", thread=house.room(at(here)).place)
    await house.goes(here[0], post(here))
    (room,) = await rooms(house)
    assert room["archived"] is False
    await (await house.town.person("cleo")).hears("CANARY words")


@pytest.mark.parametrize("sleeps", [False, True])
async def test_closing_archives_and_locks_a_thread_also_one_that_sleeps(house, sleeps):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    if sleeps:
        await house.town.ask("archive", thread=house.room(at(here)).place)
    await house.goes(here[0], CloseRoom("close", at(here)))
    (room,) = await rooms(house)
    assert (room["archived"], room["locked"], house.room(at(here)).state) == (True, True, "closed")


async def test_who_may_not_lock_archives(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.fail("PATCH", "/channels/", code=50013)
    await house.goes(here[0], CloseRoom("close", at(here)))
    (room,) = await rooms(house)
    assert (room["archived"], room["locked"], house.states("close")) == (True, False, ["sent"])


# --- lost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [10003, 10004, 50001, 50013, 160005])
async def test_a_lost_room_is_told_to_the_organisers_whose_button_opens_a_new_one(house, code):
    here = await house.term()
    rana, cleo = await house.people("rana", "cleo")
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    lost = house.room(at(here)).place
    await house.town.fail("POST", f"/channels/{lost}/messages", code=code, status=404 if code < 50000 else 403)
    await house.goes(here[0], post(here), post(here, "second"))
    noted = [seen for seen in await rana.sees() if "can't write into the room of Jasmine" in seen.words]
    assert len(noted) == 1
    assert "CANARY" not in await rana.reads()
    await house.town.heals()
    await rana.presses("Open a new room")
    for _beat in range(3):
        await house.settles()
    assert house.room(at(here)).place not in {"", lost}
    await cleo.hears("CANARY words")


@pytest.mark.parametrize("gone", ["thread", "channel"])
async def test_a_deleted_thread_or_channel_is_a_lost_room(house, gone):
    here = await house.term()
    rana = await house.town.person("rana")
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    room = house.room(at(here)).place
    parent = next(one["parent"] for one in await rooms(house))
    await house.town.ask("vanish", channel=room if gone == "thread" else parent)
    await house.goes(here[0], post(here))
    await rana.hears("can't write into the room of Jasmine")
    await rana.presses("Open a new room")
    for _beat in range(3):
        await house.settles()
    (found,) = await rooms(house)
    assert (found["id"] != room, found["people"]) == (True, ["cleo", "dana", "halqa"])


async def test_a_server_where_no_thread_may_be_opened_is_named_at_the_start_and_to_the_organisers(
    sqlite_store, discord_town, caplog
):
    await discord_town.ask("permit", permissions=str(0x400 | 0x800))
    async with housed(sqlite_store, discord_town) as house:
        assert "has no channel in which rooms can be opened: give Halqa View Channels" in caplog.text
        here = await house.term()
        rana = await house.town.person("rana")
        await house.goes(here[0], opens(house, here, "cleo", "dana"))
        await rana.hears("room of Jasmine")
        assert await rooms(house) == []
