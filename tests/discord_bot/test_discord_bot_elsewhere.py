"""Servers that speak as Discord does, and say less: older ones, smaller ones, and what stands in Discord's place."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from discord_house import at, housed
from discord_people import MESSAGE, WAITING

from bot.desk import Desk
from circles.effects import CloseRoom, OpenRoom, Post, Reply
from circles.messages import Picture, PictureRow, message

NONE_THERE = "No programme is open"
PICTURE = Picture("Who has met whom", "Ada has met Bob.", ("Ada", "Bob"), (PictureRow("Ada", (0, 3)),))
NOT_VIA = {"via": ""}  # where this is not said, the library does not wait by itself
ANSWERS = [
    {"status": 204, "body": None},
    {"status": 204, "body": {}},  # which is not sent, and yet said to be JSON
    {"status": 200, "body": {}},
]
LEAST = ["member_count", "message_count", "owner_id", "guild_id", "thread_metadata.archive_timestamp"]


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def deferred(house, person, line="/circle status"):
    """What she is answered in the end, where the core takes long."""
    async with house.busy(), asyncio.timeout(60):
        asked = asyncio.create_task(person.types(line))
        while not await house.town.calls("POST", "/callback"):  # noqa: ASYNC110 - nothing would set an event
            await asyncio.sleep(0.01)
    return await asked


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ANSWERS, ids=str)
async def test_an_answer_that_was_deferred_comes_also_where_nothing_was_said_of_that(house, said):
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", done=True, times=0, **said)
    answer = await deferred(house, cleo)
    assert (NONE_THERE in answer.words, answer.kind, answer.is_ephemeral) == (True, WAITING, True)


@pytest.mark.parametrize("said", ANSWERS, ids=str)
async def test_an_answer_of_which_nothing_was_said_is_not_given_twice(house, said):
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", done=True, times=0, **said)
    answer = await cleo.types("/circle status")
    await house.settles()
    assert (NONE_THERE in answer.words, answer.kind) == (True, MESSAGE)
    assert [seen.words for seen in await cleo.sees()] == [answer.words]


async def test_an_answer_comes_also_where_it_could_not_be_deferred_for_a_reason_that_nobody_foresaw(house, caplog):
    cleo = await house.town.person("cleo")
    await house.town.fail("POST", "/callback$", status=429, body={"message": "Slowly, please."})
    answer = await deferred(house, cleo)
    assert (NONE_THERE in answer.words, answer.kind, answer.is_ephemeral) == (True, MESSAGE, True)
    assert f"call {answer.id} could not be deferred" in caplog.text


class Shows(Desk):
    """A core that answers with a picture, and with a second message."""

    async def answer(self, call, now):
        del call, now
        return await self.do(lambda: (Reply(message("Here it is.", PICTURE)), Reply(message("And well done."))))


async def test_the_first_of_deferred_answers_takes_the_place_of_the_word_that_it_would_come(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, desk=Shows(sqlite_store)) as house:
        cleo, dana = await house.people("cleo", "dana")
        answer = await deferred(house, cleo)
        await house.settles()
        first, second = await cleo.sees()
        assert ("Here it is." in first.words, "And well done." in second.words) == (True, True)
        assert (answer.message.id, len(first.raw["attachments"])) == (first.id, 1)
        assert (first.raw["ephemeral"], second.raw["ephemeral"], await dana.reads()) == (True, True, "")
        (edited,) = await house.town.calls("PATCH", "/messages/@original")
        assert edited.body["flags"] == 64 | 4  # as it was, and no previews of links
        assert len(await house.town.calls("POST", "/webhooks/")) == 1


async def test_where_that_place_is_gone_the_answer_comes_below_it(house):
    cleo = await house.town.person("cleo")
    await house.town.fail("PATCH", "/messages/@original", code=10008)
    answer = await deferred(house, cleo)
    assert (NONE_THERE in answer.words, answer.is_ephemeral) == (True, True)


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/callback$", "/messages/@original$"])
async def test_an_answer_that_came_too_soon_for_a_limit_is_given_a_moment_later(house, path):
    cleo = await house.town.person("cleo")
    await house.town.fail(path=path, status=429, retry_after=0.01, headers=NOT_VIA)
    answer = await (cleo.types("/circle status") if "callback" in path else deferred(house, cleo))
    assert NONE_THERE in answer.words


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        ({"retry_after": 3}, 3),
        ({"body": {"message": "Slowly."}, "headers": {**NOT_VIA, "retry-after": "2"}}, 2),
        ({"body": "<html>", "headers": {**NOT_VIA, "retry-after": "2", "content-type": "text/html"}}, 2),
        ({"retry_after": 90}, 90),
        ({"body": {"retry_after": "soon"}}, 30),
        ({"body": {"retry_after": -1}}, 30),
    ],
    ids=str,
)
async def test_what_meets_a_limit_is_said_when_discord_allows_it(house, limit, seconds):
    here = await house.term()
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),), is_lasting=True))
    await house.town.fail("POST", "/messages$", **{"status": 429, "headers": NOT_VIA, **limit})
    await house.goes(here[0], Post("words", at(here), message("Well met."), "prompt"))
    await house.later(seconds=seconds - 0.5)
    assert house.states("words") == ["ready"]
    await house.later(seconds=1)
    assert house.states("words") == ["sent"]


# --- rooms ------------------------------------------------------------------------------------------------------------


async def rooms(house):
    """Every thread, with its people by name."""
    found = [one for one in await house.town.ask("rooms") if one["type"] == 12]
    return [{**one, "people": sorted(house.town.names[who] for who in one["people"])} for one in found]


def opens(house, here, *names, key="open"):
    return OpenRoom(key, at(here), "Jasmine", tuple(house.known(one) for one in names), is_lasting=True)


@pytest.mark.parametrize(
    "told",
    [{"status": 404, "code": 0}, {"code": 50001}, {"status": 200, "body": []}, {"status": 200, "body": {}}],
    ids=str,
)
async def test_a_room_opens_where_no_list_of_threads_is_to_be_had(house, told):
    here = await house.term()
    await house.town.fail("GET", "/threads/active", times=0, **told)
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    (room,) = await rooms(house)
    assert (room["id"], room["people"]) == (house.room(at(here)).place, ["cleo", "dana", "halqa"])


async def test_a_room_opens_changes_and_closes_where_little_is_told_of_threads(house):
    await house.town.ask("shape", event="a thread", without=LEAST)
    here = await house.term(mentees=("dana", "emre"))
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.ask("archive", thread=house.room(at(here)).place)
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="again"))
    (room,) = await rooms(house)
    assert (room["people"], room["archived"]) == (["cleo", "emre", "halqa"], False)
    await house.goes(here[0], CloseRoom("close", at(here)))
    (room,) = await rooms(house)
    assert (room["archived"], house.states("open", "again", "close")) == (True, ["sent", "sent", "sent"])


LONG_AGO = (datetime.now(UTC) - timedelta(days=200)).isoformat()


@pytest.mark.parametrize(
    ("first_id", "told", "threads"),
    [
        (1001, {}, 1),
        (1001, {"thread_metadata.create_timestamp": datetime.now(UTC).isoformat()}, 1),
        (1001, {"thread_metadata.create_timestamp": LONG_AGO}, 2),
        (0, {"thread_metadata.create_timestamp": LONG_AGO}, 2),
        (0, {"thread_metadata.create_timestamp": "yesterday"}, 1),
    ],
    ids=[
        "no time at all",
        "its time",
        "an old one",
        "an old one with a new id",
        "no time that can be read",
    ],
)
async def test_a_room_whose_making_was_not_heard_of_is_found_by_its_time_or_where_none_is_told(
    house, first_id, told, threads
):
    here = await house.term()
    await house.town.ask("plain_ids", first=first_id)
    await house.town.ask("shape", event="a thread", instead=told)
    await house.town.fail("POST", "/threads$", drop="after")
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    for _later in range(2):
        await house.later(seconds=61)
    found = await rooms(house)
    assert len(found) == threads
    assert [one["people"] for one in found if one["id"] == house.room(at(here)).place] == [["cleo", "dana", "halqa"]]


# --- commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told", [{"status": 404, "code": 0}, {"status": 405, "code": 0}, {"status": 200, "body": {}}], ids=str
)
async def test_commands_are_told_once_where_no_list_of_them_is_to_be_had(sqlite_store, discord_town, told):
    await discord_town.fail("GET", "/commands$", times=0, **told)
    for _start in range(2):
        async with housed(sqlite_store, discord_town) as house:
            cleo = await house.town.person("cleo")
            assert NONE_THERE in (await cleo.types("/circle status")).words
        assert len(await discord_town.calls("PUT", "/commands")) == 1


@pytest.mark.parametrize("said", [[{"name": "circle"}, {"name": "programme"}], {}, None], ids=str)
async def test_commands_are_told_once_also_where_little_is_said_of_that(sqlite_store, discord_town, said):
    await discord_town.fail("PUT", "/commands$", done=True, status=200 if said is not None else 204, body=said, times=0)
    for _start in range(2):
        async with housed(sqlite_store, discord_town):
            pass
        assert len(await discord_town.calls("PUT", "/commands")) == 1


async def test_commands_that_somebody_changed_on_discord_are_told_again(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town):
        pass
    changed = await discord_town.commands()
    changed[0]["options"][0]["description"] = "Something else"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {discord_town.token}"}) as web:
        await web.put(f"{discord_town.api}/applications/{discord_town.bot}/commands", json=changed)
    discord_town.broken.clear()
    async with housed(sqlite_store, discord_town):
        assert "Something else" not in str(await discord_town.commands())
