"""What people do in the stand-in Slack arrives over signed HTTP and over Socket Mode alike."""

import time
from collections.abc import AsyncIterator

import pytest
import slack_events
from slack_gestures import Gestures, SocketGestures
from slack_little_bot import HELLO, SECRET, TOKEN, Bot, client_of, connected, listening, little_town, modal, refused
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_town import Town
from slack_web_api import serving


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with serving(little_town()) as town:
        yield town


@pytest.fixture
def client(town) -> AsyncWebClient:
    return client_of(town)


@pytest.fixture
async def bot() -> Bot:
    return Bot()


@pytest.fixture(params=["http", "socket"])
async def gestures(request, town, bot) -> AsyncIterator[Gestures | SocketGestures]:
    if request.param == "socket":
        async with connected(town, bot.over_socket):
            yield SocketGestures(town)
        return
    async with listening(bot) as url:
        yield Gestures(town, url, SECRET)


async def test_a_command_arrives_and_its_answer_is_only_for_her(town, bot, gestures):
    ada = gestures.person("T1", "UADA")
    bot.answers = [{"text": "You are on the list."}]
    await ada.types("/circle join now")
    heard = bot.heard[0]
    assert (heard["command"], heard["text"], heard["user_id"]) == ("/circle", "join now", "UADA")
    assert (await ada.hears("on the list")).is_ephemeral
    await AsyncWebhookClient(heard["response_url"]).send(text="And more.", response_type="in_channel")
    assert not (await ada.hears("And more.")).is_ephemeral
    assert (town.complaints, town.unacknowledged) == ([], [])


async def test_a_press_arrives_and_its_message_can_be_replaced(town, bot, gestures, client):
    ada = gestures.person("T1", "UADA")
    await client.chat_postMessage(channel="UADA", text="Good morning", blocks=HELLO)
    await ada.presses("Goals")
    action = bot.heard[0]["actions"][0]
    assert (action["value"], action["type"], bot.heard[0]["message"]["text"]) == (
        "circle goals",
        "button",
        "Good morning",
    )
    hook = AsyncWebhookClient(bot.heard[0]["response_url"])
    await hook.send(text="Three goals", replace_original=True)
    assert [seen.words for seen in ada.sees()] == ["Three goals"]
    await hook.send(delete_original=True)
    assert ada.sees() == []
    with pytest.raises(AssertionError, match="sees no button 'Goals'"):
        await ada.presses("Goals")


async def test_a_press_on_what_only_she_sees_comes_without_the_message(town, bot, gestures):
    ada, bob = gestures.person("T1", "UADA"), gestures.person("T1", "UBOB")
    room = town.add_channel("T1", "garden", ["UADA", "UBOB", "UBOT1"])
    bot.answers = [{"text": "Good morning", "blocks": HELLO}]
    await ada.types("/circle", channel=room.id)
    await ada.presses("Goals")
    press = bot.heard[-1]
    assert (press["container"]["is_ephemeral"], press["channel"]["id"], "message" in press) == (True, room.id, False)
    await AsyncWebhookClient(press["response_url"]).send(text="Three goals", replace_original=True)
    assert ([seen.words for seen in ada.sees()], bob.sees()) == (["Three goals"], [])


async def test_a_form_is_filled_mended_and_sent(town, bot, gestures, client):
    ada = gestures.person("T1", "UADA")
    await ada.types("/circle goal")
    await client.views_open(trigger_id=bot.heard[0]["trigger_id"], view=modal())
    await ada.fills()
    assert (ada.errors, len(bot.heard)) == ({"goal": "Please complete this required field."}, 1)
    bot.answers = [
        {"response_action": "errors", "errors": {"goal": "Shorter, please."}},
        {"response_action": "update", "view": modal("Second step", block="step")},
        {"response_action": "push", "view": modal("On top")},
        {"response_action": "clear"},
    ]
    await ada.fills(goal="Write daily")
    assert (ada.errors, ada.modal.title) == ({"goal": "Shorter, please."}, "Your goal")
    await ada.fills(Goal="Write")
    sent = bot.heard[-1]["view"]["state"]["values"]
    assert sent == {"goal": {"answer": {"type": "plain_text_input", "value": "Write"}}}
    assert (ada.errors, ada.modal.title) == ({}, "Second step")
    await ada.fills(step="One")
    assert ada.modal.title == "On top"
    await ada.fills(goal="Two")
    assert (ada.modal, town.complaints) == (None, [])


async def test_a_form_is_closed_and_the_bot_hears_it_if_it_asked(town, bot, gestures, client):
    ada = gestures.person("T1", "UADA")
    view = modal() | {"notify_on_close": True}
    await client.views_open(trigger_id=town.trigger("T1", "UADA"), view=view)
    await ada.cancels()
    assert (bot.heard[-1]["type"], ada.modal) == ("view_closed", None)
    await client.views_open(trigger_id=town.trigger("T1", "UADA"), view=modal())
    await ada.cancels()
    assert len(bot.heard) == 1


async def test_home_and_shortcuts_arrive(town, bot, gestures, client):
    ada = gestures.person("T1", "UADA")
    await ada.opens_home()
    await ada.uses_shortcut("your_circle")
    await client.chat_postMessage(channel="UADA", text="Good morning", blocks=HELLO)
    await ada.uses_shortcut("thank", message=ada.sees()[-1])
    opened, anywhere, on_message = bot.heard
    assert (opened["event"]["type"], opened["event"]["tab"]) == ("app_home_opened", "home")
    assert (anywhere["type"], on_message["type"]) == ("shortcut", "message_action")
    assert on_message["message"]["text"] == "Good morning"


async def test_events_arrive_also_twice(town, bot, gestures):
    room = town.add_channel("T1", "garden", ["UADA", "UBOB"], kind="private")
    event = await gestures.tells("T1", slack_events.user_change(town, "T1", "UBOB", deleted=True))
    await gestures.tells("T1", slack_events.user_change(town, "T1", "UBOB"), event_id=event, retry=(1, "http_timeout"))
    await gestures.tells("T1", slack_events.member_left_channel(town, "T1", "UADA", room.id))
    await gestures.tells("T1", slack_events.channel_archive(town, "T1", room.id, "UBOB"))
    await gestures.tells("T1", slack_events.app_uninstalled(town, "T1"))
    first, second, left, archived, gone = bot.heard
    assert (first["event_id"], first["event"]["user"]["deleted"]) == (second["event_id"], True)
    assert int(second["retry"]) == 1
    assert (left["event"]["user"], room.members) == ("UADA", ["UBOB"])
    assert (archived["event"]["type"], gone["event"]["type"]) == ("group_archive", "app_uninstalled")
    assert await refused(client_of(town).auth_test()) == "account_inactive"


async def test_a_signature_can_be_wrong_old_or_repeated(town, bot):
    async with listening(bot) as url:
        gestures = Gestures(town, url, SECRET)
        payload = {"command": "/circle", "text": "join"}
        assert (await gestures.delivers(gestures.signed("slash_commands", payload))).status == 200
        assert (await gestures.repeats()).status == 200
        assert bot.heard == [payload, payload]
        old = gestures.signed("slash_commands", payload, at=time.time() - 301)
        forged = gestures.signed("slash_commands", payload, secret="another")  # noqa: S106 - it guards nothing
        assert [(await gestures.delivers(one)).status for one in (old, forged)] == [401, 401]


async def test_a_bot_that_does_not_answer_is_noted_after_three_seconds(town):
    async def silent(_client, _request) -> None:
        return

    async with connected(town, silent):
        await SocketGestures(town).person("T1", "UADA").types("/circle")
    assert town.unacknowledged == ["slash_commands"]


async def test_an_envelope_goes_to_any_connection_and_a_lost_one_is_renewed(town, bot):
    ada, by = SocketGestures(town).person("T1", "UADA"), []

    async def hear(connection, request) -> None:
        by.append(connection)
        await bot.over_socket(connection, request)

    async with connected(town, hear) as one, connected(town, hear) as other:
        assert await town.until(lambda: len(town.link.sockets) == 2)
        await ada.types("/circle one")
        await ada.types("/circle two")
        assert set(by) == {one, other}
        before = town.link.sockets[0]
        await town.link.disconnect("refresh_requested")
        assert await town.until(lambda: len(town.link.sockets) == 2 and before not in town.link.sockets)
        await ada.types("/circle three")
    assert [heard["text"] for heard in bot.heard] == ["one", "two", "three"]
    assert (town.complaints, town.unacknowledged) == ([], [])


async def test_only_the_app_token_opens_a_connection(town):
    opening = AsyncWebClient(base_url=town.api).apps_connections_open(app_token=TOKEN)
    assert await refused(opening) == "not_allowed_token_type"
