"""The line to Discord: begun anew after whatever broke it, ended only for what no trying can mend."""

import asyncio
import logging
import threading

import aiohttp
import cast
import discord
import pytest
from discord_house import built, housed, opened

from bot import main
from bot.chat import Opening, TryLater
from bot.config import Settings
from bot.desk import Desk
from bot.discord.settings import Discord
from circles.effects import OpenRoom, Tell
from circles.messages import message
from storage import people, safe

WORDS = message("CANARY", summary="Something for you")
NOBODY_THERE = "No programme is open"


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def until(found):
    """Wait until something is so that the stand-in does not tell of."""
    async with asyncio.timeout(60):
        while not found():  # noqa: ASYNC110 - nothing would set an event
            await asyncio.sleep(0.01)


def errors(caplog):
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


# --- begun anew -------------------------------------------------------------------------------------------------------


async def test_with_shards_everything_goes_as_without(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, shards=1) as house:
        here = await house.term()
        cleo = await house.town.person("cleo")
        assert (await cleo.types("/circle status")).words
        there = tuple(house.known(one) for one in ("cleo", "dana"))
        await house.goes(
            here[0],
            Tell("first", house.known("cleo"), WORDS, "thanks", urgent=True),
            OpenRoom("open", "p1:c1", "Jasmine", there),
        )
        await cleo.hears("CANARY")
        assert "Jasmine" in await house.town.rooms()
        assert isinstance(house.side._client, discord.AutoShardedClient)


@pytest.mark.parametrize("shards", [0, 1])
async def test_after_a_failed_start_the_next_one_hears_people(sqlite_store, discord_town, shards):
    await discord_town.fail("GET", "/users/@me$", drop="before", times=2)
    async with housed(sqlite_store, discord_town, shards=shards) as house:
        cleo = await house.town.person("cleo")
        assert NOBODY_THERE in (await cleo.types("/circle status")).words


@pytest.mark.parametrize("shards", [0, 1])
async def test_a_connection_that_ends_without_our_asking_is_made_anew(sqlite_store, discord_town, shards):
    async with housed(sqlite_store, discord_town, shards=shards) as house:
        cleo = await house.town.person("cleo")
        house.side._servers.ready.clear()
        await house.side._client.close()
        async with asyncio.timeout(60):
            await house.side.connected()
        assert NOBODY_THERE in (await cleo.types("/circle status")).words


class Grumpy(aiohttp.TCPConnector):
    """Connections that complain when they are put away."""

    async def close(self):
        await super().close()
        raise RuntimeError("not like this")


async def test_what_breaks_while_hanging_up_is_logged_and_the_line_is_begun_anew(sqlite_store, discord_town, caplog):
    await discord_town.fail("GET", "/users/@me$", drop="before", times=2)  # aiohttp tries once more by itself
    house = built(sqlite_store, discord_town)
    house.side._client.http.connector = Grumpy(limit=0)
    async with opened(house), asyncio.timeout(60):
        await house.side.connected()
        await house.side.told()
        assert errors(caplog) == ["hanging up on Discord broke"]
        cleo = await house.town.person("cleo")
        assert NOBODY_THERE in (await cleo.types("/circle status")).words


async def test_where_no_gateway_is_named_another_api_is_asked_for_its_own(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, gateway="") as house:
        cleo = await house.town.person("cleo")
        assert NOBODY_THERE in (await cleo.types("/circle status")).words


# --- ended for good ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (4004, "does not take the token. Look at it with halqa check"),
        (4010, "does not take this number of shards"),
        (4011, "asks for more shards"),
        (4012, "Install a newer Halqa"),
        (4013, "Install a newer Halqa"),
        (4014, "look at the page Bot of the Developer Portal"),
    ],
)
async def test_what_no_trying_can_mend_is_said_in_a_sentence_and_ends_the_line(house, caplog, code, words):
    await house.town.drops(code)
    async with asyncio.timeout(60):
        assert words in await house.side.fails()
    assert errors(caplog) == [house.side.has_failed]
    assert [one["open"] for one in await house.town.ask("sessions")] == [False]


async def test_a_wrong_token_is_named_and_given_up_and_never_shown(sqlite_store, discord_town, caplog):
    caplog.set_level(logging.DEBUG)
    async with opened(built(sqlite_store, discord_town, token="MTAw.wrong.CANARY")) as house:  # noqa: S106 - as above
        async with asyncio.timeout(60):
            assert await house.side.fails() == house.side.has_failed
    assert errors(caplog) == ["Discord does not take the token. Look at it with halqa check, and start Halqa again"]
    assert "CANARY" not in caplog.text
    assert len(await discord_town.calls("GET", "/users/@me")) == 1


# --- before it is there -----------------------------------------------------------------------------------------------


async def test_what_is_to_be_said_before_we_are_connected_waits_and_is_said_once(sqlite_store, discord_town):
    house = built(sqlite_store, discord_town)
    here = await house.term()
    tell = Tell("first", house.known("cleo"), WORDS, "thanks", urgent=True)
    await house.goes(here[0], tell)
    assert house.states("first") == ["ready"]
    async with opened(house), asyncio.timeout(60):
        await house.side.connected()
        await house.later(seconds=31)
        cleo = await house.town.person("cleo")
        assert (house.states("first"), (await cleo.reads()).count("CANARY")) == (["sent"], 1)


ACTS = {
    "tell": lambda chat: chat.tell("1", "2", WORDS, "d1"),
    "post": lambda chat: chat.post("1", "3", WORDS, "d1"),
    "open_room": lambda chat: chat.open_room("1", Opening("", "Jasmine", ("2",)), "d1"),
    "close_room": lambda chat: chat.close_room("1", "3"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_whatever_is_asked_while_we_are_not_there_was_certainly_not_done(sqlite_store, discord_town, act):
    house = built(sqlite_store, discord_town)
    with pytest.raises(TryLater, match="not connected"):
        await act(house.side.chat)
    async with opened(house), asyncio.timeout(60):
        await house.side.connected()
    asked = len(await discord_town.calls())
    with pytest.raises(TryLater, match="not connected"):
        await act(house.side.chat)
    assert len(await discord_town.calls()) == asked


async def test_a_server_that_is_out_of_order_is_asked_again_soon_and_one_that_is_not_ours_later(house):
    await house.town.ask("guild_delete", guild=house.town.guild, unavailable=True)
    await until(lambda: house.side._client.guilds[0].unavailable)
    opening = Opening("", "Jasmine", ("2",))
    waits = []
    for server in (house.town.guild, "4711"):
        with pytest.raises(TryLater) as later:
            await house.side.chat.open_room(server, opening, "d1")
        waits.append(later.value.wait.total_seconds())
    assert waits == [30, 1800]


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_a_failing_sync_keeps_nobody_waiting_and_is_tried_again(sqlite_store, discord_town, caplog):
    async with housed(sqlite_store, discord_town) as house:
        await house.town.person("cleo")
        with house.desk.store.writing() as db:
            safe.put(db, "discord trees", house.town.bot, "of another version", house.clock.now())
    await discord_town.fail("PUT", "/commands$", status=403, code=50001, times=0)
    async with opened(built(sqlite_store, discord_town)) as house, asyncio.timeout(60):
        await house.side.connected()
        await until(lambda: errors(caplog))
        assert "Discord could not be told of the commands (Forbidden 50001)" in errors(caplog)[0]
        cleo = await house.town.person("cleo")
        assert NOBODY_THERE in (await cleo.types("/circle status")).words
        assert sorted(house.side.chat.command_ids) == ["circle", "programme"]
        await house.town.heals()
        await house.side.told()


async def test_where_discord_asks_for_fewer_requests_the_commands_wait_an_hour(sqlite_store, discord_town, caplog):
    banned = {"headers": {"via": ""}, "retry_after": 9000}  # as its front door answers, and not its API
    await discord_town.fail("PUT", "/commands$", status=429, times=0, **banned)
    async with opened(built(sqlite_store, discord_town)) as house, asyncio.timeout(60):
        await house.side.connected()
        await until(lambda: errors(caplog))
    assert "Trying again in 3600 s" in errors(caplog)[0]
    assert len(await discord_town.calls("PUT", "/commands")) == 1


# --- servers ----------------------------------------------------------------------------------------------------------


def is_left(house, guild):
    with house.desk.store.writing() as db:
        return people.workspace(db, "discord", guild).left_at is not None


async def test_another_applications_token_marks_no_server_as_left(sqlite_store, discord_town, caplog):
    async with housed(sqlite_store, discord_town) as house:
        cast.programme(house.cast("4711"), organisers=())
        with house.desk.store.writing() as db:
            assert safe.get(db, "discord application", "id") == house.town.bot
            safe.put(db, "discord application", "id", "1234", house.clock.now())
    async with housed(sqlite_store, discord_town) as house:
        assert is_left(house, "4711") is False
        assert "This token is of another application" in errors(caplog)[0]
    async with housed(sqlite_store, discord_town, application_id=discord_town.bot) as house:
        assert is_left(house, "4711") is True  # the operator said that it takes the old one's place
    async with housed(sqlite_store, discord_town) as house:
        assert len(errors(caplog)) == 1


async def test_where_discord_does_not_tell_of_ourselves_rooms_are_tried_and_the_start_goes_on(house, caplog):
    here = await house.term()
    guild = house.town.guild
    channels = [{"id": house.town.channel, "type": 0, "name": "programme", "position": 0, "permission_overwrites": []}]
    told = {"id": guild, "name": "Physics", "member_count": 2, "channels": channels, "members": [], "roles": []}
    await house.town.ask("raw", event="GUILD_DELETE", data={"id": guild})
    await until(lambda: not house.side._client.guilds)
    await house.town.ask("raw", event="GUILD_CREATE", data={**told, "threads": [], "emojis": [], "features": []})
    await until(lambda: house.side._client.guilds)
    await until(lambda: not is_left(house, guild))
    house.side._servers.ready.clear()
    house.side._client.dispatch("ready")
    async with asyncio.timeout(60):
        await house.side.connected()
    there = tuple(house.known(one) for one in ("cleo", "dana"))
    await house.goes(here[0], OpenRoom("open", "p1:c1", "Jasmine", there))
    assert (house.states("open"), errors(caplog)) == (["sent"], [])


async def test_a_role_that_is_deleted_changes_nothing(house, caplog):
    here = await house.term()
    rana = await house.town.person("rana")
    guild, role = house.town.guild, {"id": "99", "name": "mentors", "permissions": "0", "position": 1, "color": 0}
    more = {"hoist": False, "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
    await house.town.ask("raw", event="GUILD_ROLE_CREATE", data={"guild_id": guild, "role": {**role, **more}})
    await until(lambda: house.side._client.guilds[0].get_role(99))
    await house.town.ask("raw", event="GUILD_ROLE_DELETE", data={"guild_id": guild, "role_id": "99"})
    await until(lambda: not house.side._client.guilds[0].get_role(99))
    assert "Women in Physics" in (await rana.types("/programme status")).words
    await house.goes(here[0], OpenRoom("open", "p1:c1", "Jasmine", (house.known("cleo"),)))
    assert (house.states("open"), errors(caplog)) == (["sent"], [])


async def test_stopping_while_servers_are_looked_at_is_no_error(sqlite_store, discord_town, caplog):
    caplog.set_level(logging.INFO)
    house = built(sqlite_store, discord_town, desk=Desk(sqlite_store), sync=False)
    free = threading.Event()
    work = house.desk._thread.submit(free.wait)
    await house.side.start()
    await until(lambda: "connected to Discord" in caplog.text)
    await house.side.stop()
    free.set()
    work.result(timeout=60)
    house.desk._thread.shutdown(wait=True)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(others, timeout=0.1)
    assert errors(caplog) == []


async def test_a_process_whose_only_chat_does_not_take_its_token_ends_and_says_why(discord_town, tmp_path):
    settings = Settings(
        database=str(tmp_path / "halqa.db"),
        backups=None,
        local=None,
        log_level="info",
        discord=Discord("MTAw.wrong.token", api=discord_town.api, gateway=discord_town.gateway),
    )
    with pytest.raises(main.CannotStart, match="does not take the token"):
        await main.run(settings)
