"""Circles that talk aloud on Discord: private voice channels, who sees them, how they close, and where none can be."""

import cast
import discord
import pytest
from discord_house import at, housed

from circles.effects import CloseRoom, OpenRoom, Post
from circles.messages import message
from circles.rooms import group_room

CARD = message("Gently, please.", summary="How we are here")
THREAD, VOICE = 12, 2
SEE, WRITE, CONNECT, SPEAK = 0x400, 0x800, 0x100000, 0x200000
OURS, CLOSED = SEE | WRITE | CONNECT | SPEAK, SEE | WRITE | SPEAK
MAKE, ROLES = 0x10, 0x10000000
ENOUGH = 0x400 | 0x800 | (1 << 36) | (1 << 38) | (1 << 14) | (1 << 15) | MAKE | ROLES | CONNECT


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


def opens(house, here, *names, key="open", has_voice=True, name="Jasmine", **more):
    """Open a circle's room for these people, or set its people."""
    people = tuple(house.known(one) for one in names)
    how = {"is_lasting": True, "topic": "Be kind.", "card": CARD, **more}
    return OpenRoom(key, how.pop("room", at(here)), name, people, has_voice=has_voice, **how)


def post(here, key="post", words="CANARY words"):
    return Post(key, at(here), message(words, summary="Something for you all"), "prompt")


async def rooms(house):
    """Every voice channel and thread that is there."""
    return [one for one in await house.town.ask("rooms") if one["type"] in {THREAD, VOICE}]


def said(house, room):
    """What a channel says of whom, by name: what is allowed there, and what is denied."""
    names = {**house.town.names, house.town.guild: "everyone"}
    return {names[one["id"]]: (int(one["allow"]), int(one["deny"])) for one in room["permission_overwrites"]}


async def allows(house, may):
    """Let the bot's role do just this, and wait until the bot has heard of it."""
    heard = house.side._client.wait_for("guild_role_update", timeout=60)
    await house.town.ask("permit", permissions=str(may))
    await heard


# --- opening ----------------------------------------------------------------------------------------------------------


async def test_a_circle_with_voice_gets_one_voice_channel_that_only_its_people_see_with_its_card_first(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    (room,) = await rooms(house)
    assert (room["type"], room["name"], house.room(at(here)).place) == (VOICE, "Jasmine", room["id"])
    assert said(house, room) == {
        "everyone": (0, SEE),
        "halqa": (OURS, 0),
        "cleo": (SEE, 0),
        "dana": (SEE, 0),
    }
    (made,) = await house.town.calls("POST", f"/guilds/{house.town.guild}/channels")
    from_the_start = {one["id"]: (one["allow"], one["deny"]) for one in made.body["permission_overwrites"]}
    assert from_the_start == {house.town.guild: (0, SEE), house.town.bot: (OURS, 0)}
    cleo, rana = await house.people("cleo", "rana")
    heard = [seen.words for seen in await cleo.sees() if seen.channel == room["id"]]
    assert ("Gently, please" in heard[0], "CANARY words" in heard[1], len(heard)) == (True, True, 2)
    assert "CANARY" not in await rana.reads()


async def test_it_stands_in_the_category_of_the_home_channel_or_above_all_where_that_is_full(house):
    here = await house.term()
    client = house.side._client
    heard = client.wait_for("guild_channel_update", timeout=60)
    category = await house.town.ask("category", channels=list(house.town.channels.values()))
    await heard
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    (room,) = await rooms(house)
    assert room["parent"] == category
    last = client.wait_for("guild_channel_create", check=lambda one: one.name == "Lounge 48", timeout=60)
    await house.town.ask("category", channels=list(house.town.channels.values()), more=49)
    await last
    talk = house.cast()
    other = (here[0], cast.circle(talk, here[0], mentors=("emre",) if await house.people("emre") else (), name="Olive"))
    await house.goes(here[0], opens(house, other, "emre", key="open2", name="Olive"))
    (olive,) = [one for one in await rooms(house) if one["name"] == "Olive"]
    assert (olive["type"], olive["parent"]) == (VOICE, None)


async def test_a_button_pressed_in_a_voice_channel_is_answered(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    cleo = await house.town.person("cleo")
    answer = await cleo.types("/circle status", where=house.room(at(here)).place)
    assert "Jasmine" in answer.words


@pytest.mark.parametrize("more", [{"is_lasting": False}, {"has_voice": False}])
async def test_pairs_and_tables_and_circles_without_voice_stay_in_threads(house, more):
    here = await house.term()
    room = group_room(here[0], 1) if "is_lasting" in more else at(here)
    await house.goes(here[0], opens(house, here, "cleo", "dana", room=room, **more))
    assert [one["type"] for one in await rooms(house)] == [THREAD]
    assert await house.town.calls("GET", "/channels") == []


@pytest.mark.parametrize("was", [True, False])
async def test_a_room_stays_what_it_is_when_the_setting_changes(house, was):
    here = await house.term(mentees=("dana", "emre"))
    await house.goes(here[0], opens(house, here, "cleo", "dana", has_voice=was))
    before = house.room(at(here)).place
    await house.goes(here[0], opens(house, here, "cleo", "dana", "emre", key="again", has_voice=not was), post(here))
    (room,) = await rooms(house)
    assert (room["id"], room["type"]) == (before, VOICE if was else THREAD)
    await (await house.town.person("emre")).hears("CANARY words")


async def loses_its_room(house, here):
    """Let a circle's room be deleted, and rana open a new one; gives the lost one's id."""
    rana, lost = await house.town.person("rana"), house.room(at(here)).place
    await house.town.ask("vanish", channel=lost)
    await house.goes(here[0], post(here, words="lost"), post(here, "second"))
    await rana.hears("can't write into the room of Jasmine")
    await rana.presses("Open a new room")
    await house.settles()
    await house.later(seconds=5)
    return lost


async def test_an_organiser_turns_it_on_and_the_next_circle_opens_with_voice(house):
    here = await house.term()
    rana, cleo = await house.people("rana", "cleo")
    assert (
        "Rooms in which circles can talk aloud: no → yes." in (await rana.types("/programme settings voice yes")).words
    )
    await house.goes(here[0], OpenRoom("lost", at(here), "Jasmine", (house.known("cleo"), house.known("dana"))))
    await loses_its_room(house, here)
    (room,) = await rooms(house)
    assert (room["type"], sorted(said(house, room))) == (VOICE, ["cleo", "dana", "everyone", "halqa"])
    await cleo.hears("CANARY words")


# --- people -----------------------------------------------------------------------------------------------------------


async def test_people_come_and_go(house):
    here = await house.term(mentees=("dana", "emre"))
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="again"), post(here))
    (room,) = await rooms(house)
    assert sorted(said(house, room)) == ["cleo", "emre", "everyone", "halqa"]
    dana, emre = await house.people("dana", "emre")
    await emre.hears("CANARY words")
    assert "CANARY" not in await dana.reads()
    assert len(await house.town.calls("PUT", f"/permissions/{(await house.town.person('cleo')).id}")) == 1


async def test_whoever_has_left_the_server_is_left_out_and_the_organisers_hear_of_it(house):
    here = await house.term()
    dana, rana = await house.people("dana", "rana")
    await dana.leaves()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    (room,) = await rooms(house)
    assert sorted(said(house, room)) == ["cleo", "everyone", "halqa"]
    await rana.hears("let @dana into the room of Jasmine")


@pytest.mark.parametrize(
    ("answer", "is_tried_again"), [({"code": 50013, "status": 403}, True), ({"code": 10009, "status": 404}, False)]
)
async def test_who_could_not_be_taken_out_is_taken_out_at_the_next_change(house, caplog, answer, is_tried_again):
    here = await house.term(mentees=("dana", "emre"))
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.fail("DELETE", "/permissions/", **answer)
    await house.goes(here[0], opens(house, here, "cleo", key="again"))
    assert ("could not be taken out" in caplog.text) is is_tried_again
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="and again"))
    assert len(await house.town.calls("DELETE", "/permissions/")) == 1 + is_tried_again


async def test_a_moderator_who_is_let_in_by_hand_stays_in_and_an_open_door_is_shut_again(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    (room,) = await rooms(house)
    rana = await house.town.person("rana")
    by_hand = {"id": rana.id, "type": 1, "allow": str(SEE), "deny": "0"}
    wide = {"id": house.town.guild, "type": 0, "allow": str(SEE), "deny": "0"}
    kept = [one for one in room["permission_overwrites"] if one["id"] != house.town.guild]
    await house.town.ask("permit", channel=room["id"], overwrites=[*kept, by_hand, wide])
    await house.goes(here[0], opens(house, here, "cleo", key="again"))
    (room,) = await rooms(house)
    assert said(house, room) == {"everyone": (0, SEE), "halqa": (OURS, 0), "cleo": (SEE, 0), "rana": (SEE, 0)}


# --- where it can't be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [50013, 50001, 30013, 50035, 60003])
async def test_where_discord_refuses_the_circle_gets_a_thread_and_the_log_says_why(house, code, caplog):
    here = await house.term()
    await house.town.fail("POST", "/guilds/[0-9]+/channels$", code=code, status=400 if code in {30013, 50035} else 403)
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    (room,) = await rooms(house)
    assert (room["type"], room["invitable"]) == (THREAD, False)
    assert f"but a thread: Discord answered {code}" in caplog.text
    await (await house.town.person("cleo")).hears("CANARY words")


@pytest.mark.parametrize(
    ("without", "name"), [(MAKE, "manage_channels"), (ROLES, "manage_roles"), (CONNECT, "connect")]
)
async def test_without_the_permissions_nothing_is_asked_and_the_circle_gets_a_thread(house, without, name, caplog):
    here = await house.term()
    await allows(house, ENOUGH & ~without)
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    assert [one["type"] for one in await rooms(house)] == [THREAD]
    assert f"but a thread: we lack {name}" in caplog.text
    assert await house.town.calls("POST", f"/guilds/{house.town.guild}/channels") == []


@pytest.mark.parametrize("speak", [0, SPEAK])
async def test_just_the_permissions_of_the_manifest_are_enough_and_in_a_closed_one_nobody_writes(house, speak):
    here = await house.term(mentees=("dana", "emre"))
    await allows(house, ENOUGH | speak)
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="again"))
    await house.goes(here[0], CloseRoom("close", at(here)))
    (room,) = await rooms(house)
    assert said(house, room)["everyone"] == (0, SEE | WRITE | speak)
    await house.goes(here[0], opens(house, here, "cleo", "emre", key="anew"), post(here, "more"))
    (room,) = await rooms(house)
    ours = SEE | WRITE | CONNECT | speak
    assert said(house, room) == {"everyone": (0, SEE), "halqa": (ours, 0), "cleo": (SEE, 0), "emre": (SEE, 0)}
    assert house.states("open", "post", "again", "close", "anew", "more") == ["sent"] * 6


@pytest.mark.parametrize(
    "fault",
    [
        {"method": "POST", "path": "/guilds/[0-9]+/channels$", "drop": "after"},
        {"method": "POST", "path": "/guilds/[0-9]+/channels$", "drop": "before"},
        {"method": "POST", "path": "/guilds/[0-9]+/channels$", "status": 502, "done": True},
        {"method": "POST", "path": "/guilds/[0-9]+/channels$", "status": 429, "retry_after": 0.05},
        {"method": "GET", "path": "/guilds/[0-9]+/channels$", "drop": "before"},
        {"method": "GET", "path": "/members/", "drop": "after"},
        {"method": "PUT", "path": "/permissions/", "drop": "after"},
        {"method": "PUT", "path": "/permissions/", "drop": "before", "skip": 1},
        {"method": "POST", "path": "/messages$", "drop": "after"},
    ],
    ids=lambda fault: f"{fault['method']} {fault['path']} {fault.get('drop', fault.get('status'))}",
)
async def test_whatever_breaks_while_it_opens_there_is_one_with_everybody_and_one_card(house, fault):
    here = await house.term()
    await house.town.fail(**fault)
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    for _later in range(2):
        await house.later(seconds=61)
    (room,) = await rooms(house)
    assert (room["type"], sorted(said(house, room))) == (VOICE, ["cleo", "dana", "everyone", "halqa"])
    read = await (await house.town.person("cleo")).reads()
    assert (read.count("Gently, please"), read.count("CANARY words")) == (1, 1)


async def test_a_thread_that_was_made_instead_and_lost_its_answer_is_found_when_voice_is_possible_again(house):
    here = await house.term()
    await house.town.fail("POST", "/guilds/[0-9]+/channels$", code=50013)
    await house.town.fail("POST", "/threads$", drop="after")
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    for _later in range(2):
        await house.later(seconds=61)
    assert [one["type"] for one in await rooms(house)] == [THREAD]


async def test_somebody_elses_channels_of_the_same_name_are_left_alone(house):
    here = await house.term()
    guild = house.side._client.get_guild(int(house.town.guild))
    open_one = await guild.create_voice_channel("Jasmine")
    hidden = discord.PermissionOverwrite(view_channel=False)
    await guild.create_voice_channel("Jasmine", overwrites={guild.default_role: hidden})
    mine = discord.PermissionOverwrite(view_channel=True)
    await guild.create_text_channel("Jasmine", overwrites={guild.default_role: hidden, guild.me: mine})
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    assert len(await rooms(house)) == 3
    assert house.room(at(here)).place > str(open_one.id)
    (room,) = [one for one in await rooms(house) if one["id"] == house.room(at(here)).place]
    assert sorted(said(house, room)) == ["cleo", "dana", "everyone", "halqa"]


async def test_two_circles_of_one_name_have_two_channels(house):
    here = await house.term()
    await house.people("emre")
    other = (here[0], cast.circle(house.cast(), here[0], mentors=("emre",), name="Jasmine"))
    await house.goes(here[0], opens(house, here, "cleo"), opens(house, other, "emre", key="open2"))
    assert [sorted(said(house, room)) for room in await rooms(house)] == [
        ["cleo", "everyone", "halqa"],
        ["emre", "everyone", "halqa"],
    ]


# --- closing and losing -----------------------------------------------------------------------------------------------


async def test_a_closed_one_is_read_by_its_people_who_can_neither_write_nor_talk_and_opens_again(house):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    await house.goes(here[0], CloseRoom("close", at(here)))
    await house.goes(here[0], CloseRoom("twice", at(here)))
    (room,) = await rooms(house)
    assert said(house, room) == {"everyone": (0, CLOSED), "halqa": (OURS, 0), "cleo": (SEE, 0), "dana": (SEE, 0)}
    assert (house.room(at(here)).state, house.states("close", "twice")) == ("closed", ["sent", "sent"])
    cleo, rana = await house.people("cleo", "rana")
    assert "CANARY words" in await cleo.reads()
    assert "CANARY" not in await rana.reads()
    assert len(await house.town.calls("PUT", f"/permissions/{house.town.guild}")) == 1
    await house.goes(here[0], opens(house, here, "cleo", "dana", key="again"))
    (room,) = await rooms(house)
    assert said(house, room)["everyone"] == (0, SEE)


@pytest.mark.parametrize("closes", [True, False])
async def test_one_whose_people_may_not_connect_any_more_is_read_again_when_it_closes_or_opens(house, closes):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    (room,) = await rooms(house)
    (cleo,) = await house.people("cleo")
    shut = {"id": house.town.guild, "type": 0, "allow": "0", "deny": str(SEE | WRITE | CONNECT)}
    others = [one for one in room["permission_overwrites"] if one["id"] != house.town.guild]
    await house.town.ask("permit", channel=room["id"], overwrites=[*others, shut])
    assert "CANARY" not in await cleo.reads()
    again = CloseRoom("again", at(here)) if closes else opens(house, here, "cleo", "dana", key="again")
    await house.goes(here[0], again)
    assert "CANARY words" in await cleo.reads()


async def test_closing_one_that_may_not_be_changed_or_is_gone_ends_well(house, caplog):
    here = await house.term()
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    await house.town.fail("PUT", "/permissions/", code=50013)
    await house.goes(here[0], CloseRoom("close", at(here)))
    await house.town.ask("vanish", channel=house.room(at(here)).place)
    await house.goes(here[0], CloseRoom("again", at(here)))
    assert house.states("close", "again") == ["sent", "sent"]


async def test_a_deleted_voice_channel_is_a_lost_room_whose_new_one_has_everybody(house):
    here = await house.term(voice=True)
    await house.goes(here[0], opens(house, here, "cleo", "dana"))
    lost = await loses_its_room(house, here)
    (found,) = await rooms(house)
    assert (found["id"] != lost, found["type"]) == (True, VOICE)
    assert sorted(said(house, found)) == ["cleo", "dana", "everyone", "halqa"]
    await (await house.town.person("cleo")).hears("CANARY words")
