"""The look at Discord before leaping: what is found, in words that say what to do."""

import asyncio
import socket

import cast
import pytest
from discord_house import at, housed

from bot.discord import check
from bot.discord.settings import Discord
from circles.effects import OpenRoom

ANOTHER = "MTAw.another.CANARY"
VOICE = 0x10 | (1 << 28) | (1 << 20)  # Manage Channels, Manage Roles, Connect
ENOUGH = str(0x400 | 0x800 | (1 << 36) | (1 << 38) | (1 << 14) | (1 << 15))


@pytest.fixture
async def house(sqlite_store, discord_town):
    """A server in order, and the bot that has told its commands there; every request is judged."""
    await discord_town.ask("permit", permissions=ENOUGH)
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def looks(house, store=None, **more):
    """What a look finds, as (all of it, what is a problem)."""
    settings = Discord(**{"token": house.town.token, "api": house.town.api, **more})
    found = await asyncio.to_thread(check.look, settings, store)
    return [one.what for one in found], [one.what for one in found if one.is_problem]


async def test_where_all_is_well_nothing_is_to_be_done(house):
    here = await house.term()
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),), is_lasting=True))
    found, problems = await looks(house, house.desk.store)
    assert problems == []
    assert any("token: halqa" in one for one in found)
    assert any("rooms are opened below #" in one for one in found)
    assert any("commands: all" in one for one in found)
    assert "Discord, rooms: 1 in order" in found


async def test_a_token_that_is_not_taken_is_named_and_never_shown(house):
    found, problems = await looks(house, token=ANOTHER)
    assert problems == ["Discord, token: Discord does not know it. Reset it on the page Bot, and copy the new one"]
    assert "CANARY" not in str(found)


async def test_a_network_that_is_down_is_a_finding(house):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    _found, (problem,) = await looks(house, api=f"http://127.0.0.1:{port}/api/v10")
    assert "can't be reached (ClientConnectorError)" in problem
    assert "HTTPS_PROXY" in problem


async def test_what_answers_and_is_not_discord_is_a_finding(house):
    await house.town.fail("GET", "/users/@me$", status=200, body="<html>A proxy</html>", times=0)
    _found, (problem,) = await looks(house)
    assert "what api says under [discord]" in problem


async def test_discord_being_out_of_order_in_the_middle_keeps_what_was_found(house):
    await house.town.fail("GET", "/users/@me/guilds", status=503, times=0)
    found, (problem,) = await looks(house)
    assert "Discord answers 503" in problem
    assert any("token: halqa" in one for one in found)


async def test_a_short_limit_is_waited_out(house):
    await house.town.fail("GET", "/users/@me$", status=429, retry_after=0, headers={"retry-after": "0.01"})
    assert (await looks(house))[1] == []


async def test_another_application_and_an_address_that_takes_all_commands_are_named(house):
    _found, problems = await looks(house, application_id="1234")
    assert "application_id under [discord] says 1234" in problems[0]
    here = {"id": house.town.bot, "name": "halqa", "interactions_endpoint_url": "https://example.org/x"}
    await house.town.fail("GET", "/applications/@me", status=200, body=here)
    _found, problems = await looks(house)
    assert "Empty that field on the page General Information" in problems[0]


async def test_commands_that_differ_are_counted(house):
    await house.town.fail("GET", "/commands$", status=200, body=[{"name": "circle", "options": []}])
    found, problems = await looks(house)
    assert problems == []
    assert any("are missing there, and 1 are no more; Halqa mends that when it starts" in one for one in found)
    await house.town.fail("GET", "/commands$", status=200, body=[])
    _found, problems = await looks(house, sync=False)
    assert "Write sync = true under [discord]" in problems[0]


@pytest.mark.parametrize(
    ("there", "key", "value"),
    [
        ("circle", "description", "Something else"),
        ("circle goal add text", "description", "Something else"),
        ("circle goal add text", "required", True),
        ("circle goal add text", "type", 4),
        ("circle goal add text", "choices", [{"name": "One", "value": "one"}]),
        ("circle goal add", "options", []),
        ("programme", "default_member_permissions", "8"),
        ("programme", "default_member_permissions", None),
    ],
    ids=str,
)
async def test_commands_that_look_otherwise_there_are_found(house, there, key, value):
    told = await house.town.commands()
    known, one = told, {}
    for name in there.split():
        one = next(command for command in known if command["name"] == name)
        known = one.get("options", [])
    one[key] = value
    await house.town.fail("GET", "/commands$", status=200, body=told, times=0)
    found, problems = await looks(house)
    assert problems == []
    assert any("commands: some are described otherwise there" in one and "mends that" in one for one in found)


@pytest.mark.parametrize("status", [404, 405])
async def test_where_there_is_no_list_of_commands_that_is_said_and_the_rest_is_looked_at(house, status):
    await house.town.fail("GET", "/commands$", status=status)
    found, problems = await looks(house)
    assert problems == []
    assert f"commands: they can't be looked at (Discord answers {status}): there is no list of them" in str(found)
    assert any("rooms are opened below #" in one for one in found)


async def test_where_there_is_no_list_of_servers_those_that_the_database_knows_are_looked_at(house):
    here = await house.term()
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),), is_lasting=True))
    await house.town.fail("GET", "/users/@me/guilds", status=404, times=0)
    found, problems = await looks(house, house.desk.store)
    assert problems == []
    assert any("(Discord answers 404); the 1 that the database knows are looked at" in one for one in found)
    assert any(f"server {house.town.guild}: rooms are opened below #" in one for one in found)
    assert "Discord, rooms: 1 in order" in found
    _found, (problem,) = await looks(house)
    assert "the database knows none, so none was looked at" in problem


async def test_what_is_out_of_order_for_the_moment_is_named_each_by_itself_and_nobody_is_asked_to_invite_again(house):
    await house.town.fail("GET", "/commands$", status=503, times=0)
    await house.town.fail("GET", f"/guilds/{house.town.guild}$", status=503, times=0)
    _found, problems = await looks(house)
    assert [one.split(":")[0] for one in problems] == [
        "Discord, commands",
        f"Discord, server Test Server ({house.town.guild})",
    ]
    assert all(one.endswith("(Discord answers 503). Try again in a minute") for one in problems)


async def test_a_server_that_halqa_is_not_in_any_more_is_named(house):
    cast.programme(house.cast("4711"), organisers=())
    _found, problems = await looks(house, house.desk.store)
    assert ["server 4711: the database knows it" in one for one in problems] == [True]


async def test_a_bot_that_is_in_no_server_is_told_how_to_invite_it(house):
    await house.town.fail("GET", "/users/@me/guilds", status=200, body=[])
    _found, problems = await looks(house)
    assert ["Halqa is in none" in one for one in problems] == [True]


@pytest.mark.parametrize(
    ("without", "label"), [(1 << 14, "Embed Links"), (1 << 15, "Attach Files"), (0x800, "Send Messages")]
)
async def test_each_permission_that_is_missing_is_named_with_its_reason(house, without, label):
    await house.town.ask("permit", permissions=str(int(ENOUGH) & ~without))
    _found, problems = await looks(house)
    assert [f"{label} is missing there" in one and "Give it to Halqa's role" in one for one in problems] == [True]


async def test_a_server_without_a_channel_for_rooms_is_told_what_to_make(house):
    await house.town.ask("permit", permissions=str(0x400 | 0x800))
    _found, problems = await looks(house)
    assert ["Make one called #halqa, and give Halqa View Channels" in one for one in problems] == [True]


async def test_what_a_channel_denies_counts(house):
    for channel in house.town.channels.values():
        deny = [{"id": house.town.guild, "type": 0, "allow": "0", "deny": str(1 << 36)}]
        await house.town.ask("permit", channel=channel, overwrites=deny)
    _found, problems = await looks(house)
    assert ["there is no channel in which rooms can be opened" in one for one in problems] == [True]


@pytest.mark.parametrize(("is_locked", "words"), [(False, "it is not there"), (True, "it is locked")])
async def test_rooms_that_are_lost_or_locked_are_named(house, is_locked, words):
    here = await house.term()
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),), is_lasting=True))
    place = house.room(at(here)).place
    if is_locked:
        await house.town.ask("archive", thread=place, locked=True)
    else:
        await house.town.ask("vanish", channel=place)
    _found, problems = await looks(house, house.desk.store)
    assert [f"room {place} ({at(here)})" in one and words in one for one in problems] == [True]


# --- circles that talk aloud ------------------------------------------------------------------------------------------


async def talks_aloud(house, *, may=int(ENOUGH) | VOICE):
    """A circle with a voice channel in a programme that wants it; gives the channel's id."""
    heard = house.side._client.wait_for("guild_role_update", timeout=60)
    await house.town.ask("permit", permissions=str(may))
    await heard
    here = await house.term(voice=True)
    opening = OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),), is_lasting=True, has_voice=True)
    await house.goes(here[0], opening)
    return house.room(at(here)).place


async def test_a_private_voice_channel_is_in_order(house):
    await talks_aloud(house)
    found, problems = await looks(house, house.desk.store)
    assert problems == []
    assert "Discord, rooms: 1 in order" in found


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"everyone": (0, 0)}, "everybody in the server sees it"),
        ({"everyone": (0x400, 0)}, "everybody in the server sees it"),
        ({"everyone": (0, 0x400), "a role": (0x400, 0)}, "a whole role sees it"),
        ({"everyone": (0, 0x400 | 0x800)}, "nobody can write there"),
        ({"everyone": (0, 0x400 | 0x800 | 0x100000)}, "nobody can read or join it"),
    ],
)
async def test_a_voice_channel_that_more_people_see_or_nobody_can_use_is_named(house, changed, words):
    place = await talks_aloud(house)
    ids = {"everyone": house.town.guild, "a role": "4711"}
    said = [{"id": ids[who], "type": 0, "allow": str(yes), "deny": str(no)} for who, (yes, no) in changed.items()]
    said.append({"id": house.town.bot, "type": 1, "allow": str(0x400), "deny": "0"})
    await house.town.ask("permit", channel=place, overwrites=said)
    _found, problems = await looks(house, house.desk.store)
    assert [f"room {place} (" in one and words in one for one in problems] == [True]


@pytest.mark.parametrize(
    ("without", "labels"),
    [
        (0x10, "Manage Channels"),
        (1 << 28, "Manage Roles"),
        (1 << 20, "Connect"),
        (VOICE, "Connect and Manage Channels and Manage Roles"),
    ],
)
async def test_what_is_missing_for_voice_is_named_where_a_programme_wants_it(house, without, labels):
    await talks_aloud(house, may=(int(ENOUGH) | VOICE) & ~without)
    _found, (problem,) = await looks(house, house.desk.store)
    assert "a programme wants circles to talk aloud, and Halqa may make no voice channels there" in problem
    assert f"they get private threads instead. Give {labels} to Halqa's role" in problem
    cast.programme(house.cast("4711"), organisers=(), voice=True)
    assert len((await looks(house, house.desk.store))[1]) == 2


async def test_a_category_that_denies_what_voice_needs_is_named_too(house):
    await talks_aloud(house)
    deny = [{"id": house.town.guild, "type": 0, "allow": "0", "deny": str(0x10)}]
    category = await house.town.ask("category", channels=list(house.town.channels.values()))
    await house.town.ask("permit", channel=category, overwrites=deny)
    _found, (problem,) = await looks(house, house.desk.store)
    assert "Give Manage Channels to Halqa's role, and deny it nothing in the category of #" in problem


@pytest.mark.parametrize(("voice", "state"), [(False, "running"), (True, "closed")])
async def test_nothing_is_missing_for_voice_where_no_programme_wants_it(house, voice, state):
    await house.term(voice=voice, state=state)
    assert (await looks(house, house.desk.store))[1] == []
