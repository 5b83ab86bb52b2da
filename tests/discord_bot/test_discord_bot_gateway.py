"""The connection to Discord: commands told once, sockets that break, servers that come and go, many chats at once."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import aiohttp
import cast
import pytest
from discord_house import housed

from bot.clock import MovableClock
from circles.effects import Tell
from circles.messages import message
from storage import people, safe


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


def tell(house, name="cleo", key="first"):
    return Tell(key, house.known(name), message("CANARY", summary="Something for you"), "thanks", urgent=True)


async def session(house, found):
    """Wait until one of the gateway's sessions is as it should be."""

    async def there():
        return [one for one in await house.town.ask("sessions") if found(one)]

    return await until(there)


async def until(found):
    """Wait until something is so that the stand-in does not tell of."""
    async with asyncio.timeout(60):
        while not (there := await found()):  # noqa: ASYNC110 - nothing would set an event
            await asyncio.sleep(0.01)
    return there


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_commands_are_told_at_the_first_start_and_again_only_when_they_change(sqlite_store, discord_town):
    async def told():
        return len(await discord_town.calls("PUT", "/commands"))

    async with housed(sqlite_store, discord_town):
        assert await told() == 1
    async with housed(sqlite_store, discord_town) as house:
        assert await told() == 1
        cleo = await house.town.person("cleo")
        assert "No programme is open" in (await cleo.types("/circle status")).words
        with house.desk.store.writing() as db:
            safe.put(db, "discord trees", house.town.bot, "of another version", house.clock.now())
    async with housed(sqlite_store, discord_town):
        assert await told() == 2


async def test_commands_that_discord_has_lost_are_told_again(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town):
        pass
    discord_town.broken.clear()
    for one in await discord_town.commands():
        async with aiohttp.ClientSession(headers={"Authorization": f"Bot {discord_town.token}"}) as web:
            await web.delete(f"{discord_town.api}/applications/{discord_town.bot}/commands/{one['id']}")
    async with housed(sqlite_store, discord_town):
        assert sorted(one["name"] for one in await discord_town.commands()) == ["circle", "programme"]


async def test_where_sync_is_off_nothing_is_told(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town, sync=False):
        assert await discord_town.calls("PUT", "/commands") == []


# --- sockets ----------------------------------------------------------------------------------------------------------


async def test_only_servers_are_listened_to(house):
    (known,) = await house.town.ask("sessions")
    assert known["intents"] == 1


async def test_a_closed_socket_is_resumed_and_what_was_typed_meanwhile_is_answered(house):
    cleo = await house.town.person("cleo")
    await house.town.drops(4000)
    asked = asyncio.create_task(cleo.types("/circle status"))
    assert "No programme is open" in (await asked).words
    (known,) = await house.town.ask("sessions")
    assert "RESUMED" in known["heard"]


async def test_a_refused_resume_begins_a_new_session_and_no_later_command_is_lost(house, caplog):
    caplog.set_level(logging.INFO)
    cleo = await house.town.person("cleo")
    await house.town.refuses_resume()
    await house.town.drops(4000)
    await session(house, lambda one: one["open"] and "READY" in one["heard"] and "RESUMED" not in one["heard"])
    assert "No programme is open" in (await cleo.types("/circle status")).words
    await until(lambda: _is_ready(caplog))
    assert len(await house.town.calls("PUT", "/commands")) == 1


async def _is_ready(caplog):
    return "connected to Discord: 1 servers" in caplog.text


async def test_a_request_to_connect_anew_is_followed(house):
    cleo = await house.town.person("cleo")
    await house.town.ask("reconnect")
    await session(house, lambda one: "RESUMED" in one["heard"])
    assert "No programme is open" in (await cleo.types("/circle status")).words


async def test_where_discord_can_not_be_reached_at_the_start_it_is_tried_again(sqlite_store, discord_town, caplog):
    await discord_town.fail("GET", "/users/@me$", drop="before", times=2)
    async with housed(sqlite_store, discord_town) as house:
        assert "Discord can't be reached yet (ServerDisconnectedError)" in caplog.text
        cleo = await house.town.person("cleo")
        assert "No programme is open" in (await cleo.types("/circle status")).words


# --- servers ----------------------------------------------------------------------------------------------------------


async def test_where_the_bot_is_taken_out_nothing_is_sent_any_more_and_asked_in_again_it_goes_on(house):
    programme, _circle = await house.term()
    cleo = await house.town.person("cleo")
    guild = house.town.guild
    waiting = tell(house, key="waiting")
    await house.goes(programme, replace(waiting, run_at=house.clock.now() + timedelta(hours=2)))
    await house.town.ask("raw", event="GUILD_DELETE", data={"id": guild})
    await until(lambda: _left(house, guild))
    await house.later(hours=3)
    assert (house.states("waiting"), await cleo.reads()) == (["cancelled"], "")
    again = {"id": guild, "name": "Back again", "member_count": 2, "channels": [], "members": [], "roles": []}
    await house.town.ask("raw", event="GUILD_CREATE", data={**again, "threads": [], "emojis": [], "features": []})
    await until(lambda: _is_there(house, guild))
    await house.goes(programme, tell(house, key="back"))
    await cleo.hears("CANARY")


async def _left(house, guild):
    with house.desk.store.writing() as db:
        return people.workspace(db, "discord", guild).left_at is not None


async def _is_there(house, guild):
    return not await _left(house, guild)


async def test_a_server_that_is_out_of_order_is_not_left(house):
    await house.term()
    await house.town.ask("guild_delete", guild=house.town.guild, unavailable=True)
    cleo = await house.town.person("cleo")
    await cleo.types("/circle status")
    assert await _left(house, house.town.guild) is False


async def test_a_server_that_was_left_while_halqa_was_away_is_noticed_at_the_start(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town) as house:
        cast.programme(house.cast("4711"), organisers=())
    async with housed(sqlite_store, discord_town, clock=MovableClock(house.clock.now())) as house:
        assert await _left(house, "4711") is True
