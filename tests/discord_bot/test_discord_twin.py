"""The stand-in for Discord keeps its word: a whole session of unmodified discord.py, with all that goes wrong."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import pytest
from discord_judge import Wrong
from discord_people import FORM, WAITING, Nobody
from discord_town import Call, client, town
from discord_words import read
from small_bot import running

BUTTON = {"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"}
NOBODY = {"allowed_mentions": {"parse": []}}
POST = "/channels/1/messages"


async def channel(bot, town):
    found = await bot.fetch_channel(int(town.channel))
    assert isinstance(found, discord.TextChannel)
    return found


async def thread(bot, town, *people, name="Jasmine"):
    made = await (await channel(bot, town)).create_thread(
        name=name, type=discord.ChannelType.private_thread, invitable=False
    )
    for person in people:
        await made.add_user(discord.Object(int(person.id)))
    return made


async def direct(bot, person):
    return await (await bot.fetch_user(int(person.id))).create_dm()


def refused(code):
    """Whatever raises within is Discord's refusal with this code."""
    return pytest.raises(discord.HTTPException, match=rf"error code: {code}\)")


# Commands, answers, forms


async def test_a_command_with_options_is_answered_for_her_eyes_only_and_followed_up(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town):
        answer = await ada.types("circle join", programme="physics", seats=2)
        assert (answer.words, answer.is_ephemeral) == ("joined physics with 2", True)
        assert (await ada.hears("and welcome")).is_ephemeral
        assert await bob.reads() == ""


async def test_words_after_the_path_fill_the_options_and_the_last_takes_the_rest(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        assert (await ada.types("/circle goal add Personal read a paper")).words == "p: read a paper"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("circel join", "there is no command /circel"),
        ("circle dance", "after /circle comes one of"),
        ("circle join", r"join needs \['programme'\]"),
        ("circle slow please", "slow has no place for please"),
        ("circle goal add Public run", r"kind is one of \['Personal'\], not 'Public'"),
        ("programme status", "Discord does not show /programme to ada"),
    ],
)
async def test_she_can_type_only_what_discord_would_send(discord_town, line, why):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        with pytest.raises(Nobody, match=why):
            await ada.types(line)


async def test_an_organiser_is_shown_what_is_for_organisers(discord_town):
    olga = await discord_town.person("olga", organiser=True)
    async with running(discord_town):
        assert (await olga.types("programme status")).words == "well"


async def test_choices_come_up_while_she_types(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        assert await ada.looks_up("circle join", "programme", "ph") == (("Physics", "physics"),)


async def test_an_answer_may_come_later_and_stays_hers(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town):
        answer = await ada.types("circle slow")
        assert (answer.kind, answer.words, answer.is_ephemeral) == (WAITING, "at last", True)
        assert await bob.reads() == ""


async def test_a_form_with_both_kinds_of_fields_is_filled_in(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        asked = await ada.types("circle wish")
        assert (asked.kind, asked.words) == (FORM, "A wish\nTopic\nDepth")
        assert (await ada.fills(topic="physics", depth="Deep")).words == "wished physics ['Deep']"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"topic": "x" * 41, "depth": "l"}, "Topic takes 1 to 40 characters, not 41"),
        ({"topic": "", "depth": "l"}, "Topic takes 1 to 40 characters, not 0"),
        ({"topic": "x", "depth": "middling"}, "Depth offers"),
        ({"topic": "x"}, "Depth takes 1 to 1 choices, not 0"),
        ({"topic": "x", "depth": "l", "colour": "red"}, r"the form has no \['colour'\]"),
    ],
)
async def test_a_form_takes_only_what_discord_would_take(discord_town, answers, why):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        await ada.types("circle wish")
        with pytest.raises(Nobody, match=why):
            await ada.fills(**answers)


async def test_a_press_changes_the_message_for_everyone_and_a_menu_is_chosen_from(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town):
        await ada.types("circle ask")
        assert (await bob.selects("Which?", "One")).words == "chose ['1']"
        assert (await bob.presses("Yes")).words == "You said yes"
        assert await ada.reads() == "[programme] You said yes"
        with pytest.raises(Nobody, match="sees no button 'Yes'"):
            await ada.presses("Yes")


async def test_a_file_and_a_person_may_be_options_and_only_named_people_are_pinged(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town):
        assert (await ada.types("circle import", file=("roster.csv", b"name\nada"))).words == "name\nada"
        said = (await ada.types("circle greet", who=bob)).message
        assert (said.words, said.pings) == ("Hello @bob", ("bob",))


async def test_after_three_seconds_an_interaction_is_unknown(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        await discord_town.ask("limits", answer_ms=1)
        assert (await ada.types("circle late")).kind is None
        bot.late.set()
        error = await asyncio.wait_for(bot.errors.get(), 5)
        assert error.original.code == 10062


async def test_many_commands_at_a_steady_pace_are_each_answered(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town):
        took = await ada.floods("circle join", programme="physics", per_second=40, seconds=1)
        assert len(took) == 40
        assert None not in took
        assert len(await discord_town.calls("POST", "/webhooks")) >= 1


async def test_a_token_that_has_run_out_is_refused(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        await ada.types("circle slow")
        hook = (await discord_town.calls("PATCH", "@original"))[0].path
        await discord_town.ask("expire")
        async with aiohttp.ClientSession() as session:
            late = await session.patch(
                discord_town.api + hook, json={"content": "x", "allowed_mentions": {"parse": []}}
            )
            assert (late.status, (await late.json())["code"]) == (401, 50027)
        assert bot.is_ready()


async def test_commands_keep_their_ids_when_they_are_registered_anew(discord_town):
    async with running(discord_town) as bot:
        before = {c.name: c.id for c in await bot.tree.fetch_commands()}
        await bot.tree.sync()
        bot.tree.copy_global_to(guild=discord.Object(int(discord_town.guild)))
        await bot.tree.sync(guild=discord.Object(int(discord_town.guild)))
        assert {c.name: c.id for c in await bot.tree.fetch_commands()} == before
        assert set(before) == {"circle", "programme"}
        assert len(await discord_town.calls("PUT", "commands")) == 3


# Rooms and people


async def test_a_private_thread_is_for_its_people_only(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town) as bot:
        made = await thread(bot, discord_town, ada)
        await made.send("only here")
        assert not made.invitable
        assert await ada.reads() == "[Jasmine] only here"
        assert await bob.reads() == ""
        await made.remove_user(discord.Object(int(ada.id)))
        assert await ada.reads() == ""
        assert (await discord_town.rooms())["Jasmine"]["people"] == ["halqa"]


async def test_a_post_opens_an_archived_thread_and_everything_else_needs_it_open(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town) as bot:
        made = await thread(bot, discord_town, ada)
        await made.edit(archived=True)
        with refused(50083):
            await made.add_user(discord.Object(int(bob.id)))
        await made.send("awake")
        assert not (await discord_town.rooms())["Jasmine"]["archived"]


async def test_a_private_channel_is_seen_by_those_it_names(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town) as bot:
        guild = bot.get_guild(int(discord_town.guild))
        made = await guild.create_text_channel(
            "jasmine",
            overwrites={
                guild.default_role: discord.PermissionOverwrite(view_channel=False),
                discord.Object(int(ada.id), type=discord.Member): discord.PermissionOverwrite(view_channel=True),
                guild.me: discord.PermissionOverwrite(view_channel=True),
            },
        )
        await made.send("ours")
        assert (await ada.reads(), await bob.reads()) == ("[jasmine] ours", "")


async def test_channels_and_overwrites_need_their_permissions_and_say_no_more_than_the_bot_may(discord_town):
    async with running(discord_town) as bot:
        guild = bot.get_guild(int(discord_town.guild))
        hidden = {guild.default_role: discord.PermissionOverwrite(view_channel=False)}
        ours = discord.PermissionOverwrite(view_channel=True)
        made = await guild.create_voice_channel("Jasmine", overwrites={**hidden, guild.me: ours})
        lost = await guild.create_voice_channel("Lost", overwrites=hidden)
        with refused(50001):
            await bot.fetch_channel(lost.id)
        with refused(50001):
            await lost.send("Is anybody there?")
        with refused(10009):
            await bot.http.delete_channel_permissions(made.id, int(discord_town.guild) + 1)
        with refused(50013):
            await bot.http.edit_channel_permissions(made.id, int(discord_town.bot), allow=1 << 22, deny=0, type=1)
        view, manage_channels, manage_roles, connect = 0x400, 0x10, 1 << 28, 1 << 20
        for may in (view | manage_roles | connect, view | manage_channels | connect):
            await discord_town.ask("permit", permissions=str(may))
            with refused(50013):
                await guild.create_voice_channel("No", overwrites=hidden)
        for may in (view | connect, view | manage_roles):
            await discord_town.ask("permit", permissions=str(may))
            with refused(50013):
                await bot.http.delete_channel_permissions(made.id, int(discord_town.bot))


async def test_a_direct_message_reaches_her_alone_unless_her_door_is_shut_or_she_has_left(discord_town):
    ada, bob = await discord_town.person("ada"), await discord_town.person("bob")
    async with running(discord_town) as bot:
        room = await direct(bot, ada)
        await room.send("for you")
        assert (await ada.reads(), await bob.reads()) == ("[dm] for you", "")
        await ada.shuts_dms()
        with refused(50007):
            await room.send("again")
        await ada.shuts_dms(closed=False)
        await ada.leaves()
        with refused(50278):
            await room.send("again")
        with refused(10007):
            await bot.get_guild(int(discord_town.guild)).fetch_member(int(ada.id))


async def test_whoever_leaves_is_out_of_the_threads_and_only_the_members_intent_hears_of_it(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        made = await thread(bot, discord_town, ada)
        await ada.leaves()
        assert (await discord_town.rooms())["Jasmine"]["people"] == ["halqa"]
        with refused(10007):
            await made.add_user(discord.Object(int(ada.id)))
        assert "GUILD_MEMBER_REMOVE" not in (await discord_town.ask("sessions"))[0]["heard"]


async def test_a_server_comes_and_goes_and_the_bot_hears_of_it(discord_town):
    async with running(discord_town) as bot:
        came = bot.wait_for("guild_join", timeout=60)
        made = await discord_town.ask("guild_create", name="Biology", channels=["lab"])
        assert [c.name for c in (await came).text_channels] == ["lab"]
        went = bot.wait_for("guild_remove", timeout=60)
        await discord_town.ask("guild_delete", guild=made["guild"])
        assert (await went).name == "Biology"
        with refused(50001):
            await bot.fetch_channel(int(made["channels"][0]))


async def test_a_bot_in_shards_hears_each_thing_once(discord_town):
    ada = await discord_town.person("ada")
    await discord_town.ask("limits", shards=3)
    async with running(discord_town, shards=3) as bot:
        assert sorted(s["shard"] for s in await discord_town.ask("sessions")) == [[0, 3], [1, 3], [2, 3]]
        assert (await ada.types("circle slow")).words == "at last"
        assert (await ada.types("circle slow", where="dm")).words == "at last"
        assert bot.heard.count("INTERACTION_CREATE") == 2


async def test_the_bot_may_do_what_its_role_and_the_channel_let_it(discord_town):
    async with running(discord_town) as bot:
        room = bot.get_channel(int(discord_town.channel))
        assert room.permissions_for(room.guild.me).create_private_threads
        changed = bot.wait_for("guild_channel_update", timeout=60)
        me = {"id": discord_town.bot, "type": 1, "allow": "0", "deny": str(1 << 36)}
        await discord_town.ask("permit", channel=discord_town.channel, overwrites=[me])
        await changed
        assert not room.permissions_for(room.guild.me).create_private_threads
        await discord_town.ask("permit", permissions=0)
        assert not (await bot.fetch_guild(int(discord_town.guild))).default_role.permissions.view_channel


async def test_channels_threads_and_messages_vanish(discord_town):
    async with running(discord_town) as bot:
        made = await thread(bot, discord_town)
        said = await made.send("here")
        await discord_town.ask("unsay", channel=str(made.id), message=str(said.id))
        with refused(10008):
            await said.edit(content="there")
        gone = bot.wait_for("raw_thread_delete", timeout=60)
        await discord_town.ask("vanish", channel=str(made.id))
        assert (await gone).thread_id == made.id
        with refused(10003):
            await made.send("where?")
        await discord_town.ask("vanish", channel=discord_town.channel)
        with refused(10003):
            await bot.fetch_channel(int(discord_town.channel))


async def test_pins_scheduled_events_and_files(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        room = await channel(bot, discord_town)
        said = await room.send("the card", file=discord.File(io.BytesIO(b"BEGIN"), "meet.ics", description="When"))
        await said.pin()
        assert [m.content async for m in room.pins()] == ["the card"]
        seen = await ada.hears("the card")
        assert seen.files == ("meet.ics",)
        assert await said.attachments[0].read() == b"BEGIN"
        start = datetime(2027, 3, 8, 9, tzinfo=UTC)
        event = await bot.get_guild(int(discord_town.guild)).create_scheduled_event(
            name="We meet",
            start_time=start,
            end_time=start + timedelta(hours=1),
            entity_type=discord.EntityType.external,
            privacy_level=discord.PrivacyLevel.guild_only,
            location="Library",
        )
        assert [e["name"] for e in await discord_town.ask("events")] == ["We meet"]
        await event.delete()


async def test_the_bot_hears_no_words_that_are_not_for_it(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        heard = bot.wait_for("message", timeout=60)
        await ada.says("something private")
        assert (await heard).content == ""


# What goes wrong


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"content": "x" * 2001}, 50035),
        ({"content": ""}, 50006),
        ({"embeds": [{"title": "t" * 257}]}, 50035),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, 50035),
        ({"embeds": [{"description": "d" * 4000}, {"description": "d" * 2001}]}, 50035),
        ({"content": "x", "components": [{"type": 1, "components": []}]}, 50035),
        ({"content": "x", "components": [{"type": 1, "components": [BUTTON, BUTTON]}]}, 50035),
        ({"content": "x", "components": [{"type": 1, "components": [{**BUTTON, "label": "a" * 81}]}]}, 50035),
        ({"content": "x", "nonce": "n" * 26}, 50035),
        ({"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]}, 50035),
    ],
)  # fmt: skip
async def test_a_message_that_discord_would_refuse_is_refused_and_judged_wrong(discord_stage, judge, wrong, code):
    async with town(discord_stage) as made, aiohttp.ClientSession() as session:
        where = f"{made.api}/channels/{made.channel}/messages"
        answer = await session.post(where, json=wrong, headers={"Authorization": f"Bot {made.token}"})
        assert (answer.status, (await answer.json())["code"]) == (400, code)
        with pytest.raises(Wrong):
            judge.check((await made.calls())[0])


async def test_only_the_right_token_is_let_in(discord_stage):
    async with town(discord_stage) as made, client(made) as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("another")


@pytest.mark.parametrize("more", [{}, {"scope": "user"}, {"scope": "shared"}, {"is_global": True, "scope": "global"}])
async def test_too_fast_is_waited_for_and_sent_once(discord_town, more):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        room = await channel(bot, discord_town)
        await discord_town.fail("POST", "/messages$", status=429, retry_after=0.01, **more)
        await room.send("patience")
        assert await ada.reads() == "[programme] patience"
        assert [c.status for c in await discord_town.calls("POST", "/messages")] == [429, 200]


async def test_a_bad_gateway_after_the_deed_doubles_nothing_with_a_nonce(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        room = await channel(bot, discord_town)
        await discord_town.fail("POST", "/messages$", status=502, done=True)
        await room.send("once", nonce="n1")
        assert await ada.reads() == "[programme] once"
        sent = await discord_town.calls("POST", "/messages")
        assert [c.status for c in sent] == [502, 200]
        assert {c.body["nonce"] for c in sent} == {"n1"}


@pytest.mark.parametrize(("drop", "after_the_cut"), [("before", ""), ("after", "[programme] once")])
async def test_a_lost_answer_may_be_asked_for_again_with_the_same_nonce(discord_town, drop, after_the_cut):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        room = await channel(bot, discord_town)
        await discord_town.fail("POST", "/messages$", drop=drop)
        with pytest.raises(aiohttp.ClientError):
            await room.send("once", nonce="n2")
        assert await ada.reads() == after_the_cut
        await room.send("once", nonce="n2")
        assert await ada.reads() == "[programme] once"
        await discord_town.ask("forget_nonces")  # some minutes later
        await room.send("once", nonce="n2")
        assert await ada.reads() == "[programme] once\n---\n[programme] once"


@pytest.mark.parametrize("code", [50013, 50001, 50007, 10003, 10008, 160006])
async def test_any_refusal_comes_on_demand_and_only_as_often_as_asked(discord_town, code):
    async with running(discord_town) as bot:
        room = await channel(bot, discord_town)
        await discord_town.fail("POST", "/messages$", code=code, words="first")
        await room.send("another")
        with refused(code):
            await room.send("first")
        await room.send("first")


async def test_a_closed_socket_is_resumed_and_what_happened_meanwhile_is_told(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        heard = bot.wait_for("message", timeout=60)
        await discord_town.drops(hold=True)
        await ada.says("meanwhile")
        await discord_town.listens()
        assert (await heard).author.id == int(ada.id)
        assert await asyncio.wait_for(bot.readies.get(), 10) == "resumed"
        assert (await ada.types("circle slow")).words == "at last"


async def test_where_resuming_is_refused_the_bot_identifies_again(discord_town):
    ada = await discord_town.person("ada")
    async with running(discord_town) as bot:
        await discord_town.refuses_resume()
        await discord_town.drops(1001)
        assert await asyncio.wait_for(bot.readies.get(), 15) == "ready"
        assert (await ada.types("circle slow")).words == "at last"
        assert bot.heard.count("READY") == 2


# The judge and the eyes


def call(method, path, body, status=200):
    return Call(method, path, {}, {}, body, [], status, None, 0)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (call("POST", POST, {"content": "x"}), "allowed_mentions is missing"),
        (call("POST", POST, {"content": "x", "allowed_mentions": {"parse": ["users"]}}), r"must be \[\]"),
        (call("POST", POST, {"content": "x", **NOBODY, "nonce": 1}), "enforce_nonce"),
        (call("POST", "/webhooks/1/t", {"embeds": [{"color": 1}], **NOBODY}), "embed 1 is empty"),
        (call("POST", "/interactions/1/t/callback", {"type": 99}), "type: 99"),
        (call("PUT", "/applications/1/commands", [{"name": "n" * 33, "description": "d"}]), "too long|does not match"),
        (call("POST", "/channels/1/letters", {}), "has no such route"),
        (call("POST", "/channels/1/threads", {"name": "n" * 101, "type": 12}), "too long"),
    ],
)  # fmt: skip
def test_the_judge_says_in_words_what_is_wrong(judge, wrong, why):
    with pytest.raises(Wrong, match=why):
        judge.check(wrong)


@pytest.mark.parametrize(
    "right",
    [
        call("POST", POST, {"content": "x" * 2000, **NOBODY, "nonce": "1", "enforce_nonce": True}),
        call("POST", "/interactions/1/t/callback", {"type": 5, "data": {"flags": 64}}),
        call("PUT", "/channels/1/thread-members/2", None, 204),
        call("GET", "/users/@me", None),
    ],
)  # fmt: skip
def test_the_judge_lets_pass_what_is_right(judge, right):
    judge.check(right)


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("**bold** and *soft*", "bold and soft"),
        (r"2 \* 3 \* 4 and snake\_case", "2 * 3 * 4 and snake_case"),
        ("snake_case_name", "snake_case_name"),
        ("`/circle *join*`", "/circle *join*"),
        ("> quoted\n## Title\n-# small", "quoted\nTitle\nsmall"),
        ("[the page](https://example.org/a_b)", "the page (https://example.org/a_b)"),
        ("Hello <@7>, <t:1804500000:F>", "Hello @ada, <t:1804500000:F>"),
        ("</circle join:12>", "/circle join"),
    ],
)
def test_words_are_read_as_people_see_them(raw, seen):
    assert read(raw, {"7": "ada"}) == seen
