"""What Discord, and servers that are much like it, tell over the gateway: incomplete, odd, late, or not at all."""

import asyncio

import cast
import pytest
from discord_house import at, built, housed, opened
from discord_town import Elsewhere

from circles.effects import OpenRoom, Tell
from circles.messages import Button, buttons, message
from storage import people

NOBODY_THERE = "No programme is open"
NOWHERE = "ws://127.0.0.1:9/"  # nobody listens there


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def until(found):
    """Wait until something is so that the stand-in does not tell of."""
    async with asyncio.timeout(60):
        while not await found():  # noqa: ASYNC110 - nothing would set an event
            await asyncio.sleep(0.01)


def errors(caplog):
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


async def sessions(house):
    """How many sessions were begun so far."""
    return len(await house.town.ask("sessions"))


# --- gestures that lack something -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        {"without": ["version", "attachment_size_limit"]},
        {"without": ["member.flags", "member.roles", "member.user.avatar", "member.user.discriminator"]},
        {"without": ["channel", "guild", "app_permissions", "entitlements", "context"]},
        {"instead": {"channel": {"id": "4711", "type": 11}, "entitlements": None, "guild": None}},
        {"instead": {"authorizing_integration_owners": None, "app_permissions": None, "channel": {"id": "4711"}}},
    ],
    ids=lambda shape: " ".join([*shape.get("without", ()), *shape.get("instead", ())]),
)
async def test_a_command_that_comes_with_less_than_usual_is_answered(house, caplog, shape):
    cleo = await house.town.person("cleo")
    await house.town.ask("shape", event="INTERACTION_CREATE", **shape)
    assert NOBODY_THERE in (await cleo.types("/circle status")).words
    assert (errors(caplog), await sessions(house)) == ([], 1)


async def test_a_person_who_is_named_in_a_command_may_come_with_less_than_usual(house, caplog):
    await house.term()
    rana, bob = await house.people("rana", "bob")
    member, user = f"data.resolved.members.{bob.id}", f"data.resolved.users.{bob.id}"
    lacks = [f"{member}.flags", f"{member}.roles", f"{user}.discriminator", f"{user}.avatar"]
    await house.town.ask("shape", event="INTERACTION_CREATE", without=lacks)
    assert "@bob helps organise" in (await rana.types("/programme organisers add", person=bob)).words
    assert errors(caplog) == []


async def test_in_a_circles_room_nobody_asks_which_programme_though_only_the_rooms_id_is_told(house):
    here = await house.term()
    cast.circle(
        house.cast(),
        cast.programme(house.cast(), organisers=("rana",), name="Chemistry", slug="chemistry", state="running"),
        mentors=("cleo",),
        name="Olive",
    )
    await house.goes(here[0], OpenRoom("open", at(here), "Jasmine", (house.known("cleo"),)))
    cleo = await house.town.person("cleo")
    await house.town.ask("shape", event="INTERACTION_CREATE", without=["channel"])
    assert "Which one is this about?" in (await cleo.types("/circle status")).words
    assert "Jasmine" in (await cleo.types("/circle status", where=house.room(at(here)).place)).words


async def test_a_button_in_a_direct_message_is_known_by_its_place_though_only_the_places_id_is_told(house):
    await house.people("rana", organiser=True)
    other = await house.town.ask("guild_create", name="Another", channels=["general"])
    cleo = await house.town.person("cleo", guilds=[house.town.guild, other["guild"]])
    for guild, circle in ((house.town.guild, "Jasmine"), (other["guild"], "Olive")):
        programme = cast.programme(house.cast(guild), organisers=("rana",), state="running")
        cast.circle(house.cast(guild), programme, mentors=("cleo",), name=circle)
        with house.desk.store.writing() as db:
            there = people.by_outside_id(db, people.workspace(db, "discord", guild).id, cleo.id).id
        said = message(f"From {circle}", buttons(Button("Where am I?", "circle status")))
        await house.goes(programme, Tell(f"tell:{circle}", there, said, "thanks", urgent=True))
    await house.town.ask("shape", event="INTERACTION_CREATE", without=["channel", "message.content", "message.type"])
    for circle in ("Jasmine", "Olive"):
        assert circle in (await cleo.presses("Where am I?", message=await cleo.hears(f"From {circle}"))).words


# --- events that can't be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "odd"),
    [
        ("INTERACTION_CREATE", {"id": "4711", "type": 3, "channel_id": "5", "data": {"custom_id": "CANARY"}}),
        ("INTERACTION_CREATE", {"id": "4711", "type": 2, "data": "CANARY", "token": "CANARY"}),
        ("GUILD_CREATE", {"id": "4711", "name": "CANARY", "channels": [{"CANARY": 1}]}),
        ("CHANNEL_UPDATE", {"id": "CANARY", "channel_id": "4711", "type": 0}),
        ("GUILD_ROLE_CREATE", {"id": "4711", "role": {"name": "CANARY"}}),
        ("THREAD_LIST_SYNC", None),
    ],
)
async def test_what_can_not_be_read_is_logged_by_its_ids_and_the_next_command_is_answered(house, caplog, event, odd):
    there = {"guild_id": house.town.guild} if event in {"CHANNEL_UPDATE", "GUILD_ROLE_CREATE"} else {}
    cleo = await house.town.person("cleo")
    await house.town.ask("shape", event=event, whole=None if odd is None else {**odd, **there})
    await house.town.ask("raw", event=event, data={"guild_id": house.town.guild})
    await house.town.ask("shape", event=event)
    assert NOBODY_THERE in (await cleo.types("/circle status")).words
    (said,) = errors(caplog)
    assert said.startswith(f"{event} (")
    assert ("4711" in said or odd is None, "CANARY" in caplog.text) == (True, False)
    assert await sessions(house) == 1


# --- where to come back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shards", [0, 1])
@pytest.mark.parametrize(
    "ready",
    [
        {"without": ["resume_gateway_url"]},
        {"instead": {"resume_gateway_url": None}},
        {"instead": {"resume_gateway_url": NOWHERE}},
    ],
    ids=["nothing is said", "null is said", "another address is said"],
)
async def test_a_session_is_resumed_at_the_gateway_of_the_settings(sqlite_store, discord_town, ready, shards):
    await discord_town.ask("shape", event="READY", **ready)
    async with housed(sqlite_store, discord_town, shards=shards) as house:
        cleo = await house.town.person("cleo")
        await house.town.drops(4000)
        assert NOBODY_THERE in (await cleo.types("/circle status")).words
        (known,) = await house.town.ask("sessions")
        assert "RESUMED" in known["heard"]


async def test_where_only_the_api_is_ours_a_session_is_resumed_at_the_gateway_that_it_names(sqlite_store, discord_town):
    await discord_town.ask("shape", event="READY", instead={"resume_gateway_url": NOWHERE})
    async with housed(sqlite_store, discord_town, gateway="") as house:
        cleo = await house.town.person("cleo")
        await house.town.drops(4000)
        assert NOBODY_THERE in (await cleo.types("/circle status")).words
        (known,) = await house.town.ask("sessions")
        assert "RESUMED" in known["heard"]


async def test_on_discord_itself_a_session_is_resumed_where_discord_says(sqlite_store, discord_town):
    await discord_town.ask(
        "shape", event="READY", instead={"resume_gateway_url": "wss://gateway-us-east1-b.discord.gg"}
    )
    house = built(sqlite_store, discord_town, gateway="wss://gateway.discord.gg")
    house.side._client.http.connector = Elsewhere(discord_town.api, discord_town.gateway)
    async with opened(house), asyncio.timeout(60):
        await house.side.connected()
        await house.side.told()
        cleo = await house.town.person("cleo")
        await house.town.drops(4000)
        assert NOBODY_THERE in (await cleo.types("/circle status")).words
        assert house.side._client.ws.gateway.host == "gateway-us-east1-b.discord.gg"
        (known,) = await house.town.ask("sessions")
        assert "RESUMED" in known["heard"]


# --- servers that are not told of -------------------------------------------------------------------------------------


async def is_left(house, guild):
    with house.desk.store.writing() as db:
        return people.workspace(db, "discord", guild).left_at is not None


async def absent(town):
    """Let the gateway tell of no server at all."""
    await town.ask("shape", event="READY", instead={"guilds": []})
    await town.ask("shape", event="GUILD_CREATE", mute=True)


@pytest.mark.parametrize(
    "fault",
    [{}, {"status": 429, "retry_after": 0.01}, {"status": 401}, {"status": 404, "code": 0}, {"drop": "before"}],
)
async def test_a_server_that_is_not_told_of_is_not_left_unless_discord_says_so(sqlite_store, discord_town, fault):
    async with housed(sqlite_store, discord_town) as house:
        programme, _circle = await house.term()
        await house.goes(programme, Tell("waits", house.known("cleo"), message("CANARY"), "thanks"))
    await absent(discord_town)
    if fault:
        await discord_town.fail("GET", f"/guilds/{discord_town.guild}$", times=0, **fault)
    async with housed(sqlite_store, discord_town) as house:
        assert await is_left(house, discord_town.guild) is False
        assert house.states("waits") != ["cancelled"]


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10004)])
async def test_a_server_of_which_discord_says_that_we_are_not_in_it_is_left(sqlite_store, discord_town, status, code):
    async with housed(sqlite_store, discord_town) as house:
        await house.term()
    await absent(discord_town)
    await discord_town.fail("GET", f"/guilds/{discord_town.guild}$", status=status, code=code)
    async with housed(sqlite_store, discord_town) as house:
        assert await is_left(house, discord_town.guild) is True


async def test_a_server_that_comes_back_late_is_served_again(sqlite_store, discord_town):
    async with housed(sqlite_store, discord_town) as house:
        await house.term()
    await absent(discord_town)
    await discord_town.fail("GET", f"/guilds/{discord_town.guild}$", status=404, code=10004)
    async with housed(sqlite_store, discord_town) as house:
        guild = discord_town.guild
        assert await is_left(house, guild) is True
        late = {"id": guild, "name": "Physics", "member_count": 2, "channels": [], "members": [], "roles": []}
        late |= {"threads": [], "emojis": [], "features": [], "unavailable": False}
        await house.town.ask("shape", event="GUILD_CREATE")
        await house.town.ask("raw", event="GUILD_CREATE", data=late)

        async def is_back():
            return not await is_left(house, guild)

        await until(is_back)
        programme = cast.programme(house.cast(), organisers=(), slug="again")
        cleo = await house.town.person("cleo")
        await house.goes(programme, Tell("again", house.known("cleo"), message("CANARY"), "thanks", urgent=True))
        await cleo.hears("CANARY")
