"""The Web API of the stand-in Slack keeps Slack's rules, as the real slack_sdk meets them over real sockets."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_gestures import Gestures
from slack_little_bot import (
    ELSEWHERE,
    HELLO,
    SECRET,
    TOKEN,
    client_of,
    home,
    little_town,
    modal,
    plain,
    refused,
    rich,
    said,
)
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
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


async def test_a_token_says_who_it_is_and_what_it_may_do(town, client):
    who = await client.auth_test()
    assert (who["team_id"], who["user_id"], who["bot_id"]) == ("T1", "UBOT1", "B1")
    assert "groups:write" in who.headers["x-oauth-scopes"].split(",")
    assert await refused(client_of(town, "xoxb-unknown").auth_test()) == "invalid_auth"
    assert await refused(client_of(town, None).auth_test()) == "not_authed"
    await client.auth_revoke()
    assert await refused(client.auth_test()) == "token_revoked"
    town.uninstall("T2")
    assert await refused(client_of(town, ELSEWHERE).auth_test()) == "account_inactive"


async def test_unknown_methods_arguments_and_missing_scopes_are_refused_and_noted(town, client):
    assert await refused(client.api_call("chat.shout")) == "unknown_method"
    assert await refused(client.chat_postMessage(channel="UADA", text="Hello", colour="red")) == "invalid_arguments"
    assert await refused(client.conversations_history(channel="C1")) == "unknown_method"
    assert town.complaints == [
        "chat.shout: unknown method",
        "chat.postMessage: unknown arguments colour",
        "conversations.history: the bot never reads what people wrote",
        "conversations.history: unknown method",
    ]
    town.grants[TOKEN].scopes = ("users:read",)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="UADA", text="Hello")
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "users:read")


async def test_a_team_id_may_come_along_and_must_be_of_the_tokens_workspace(town, client):
    assert (await client.api_call("auth.test", params={"team_id": "T1"}))["ok"]
    assert await refused(client.api_call("auth.test", params={"team_id": "T2"})) == "team_access_not_granted"
    assert town.complaints == ["auth.test: the team_id is not of the token's workspace"]


async def test_a_message_reaches_only_those_who_are_there(town, client):
    ada, bob = Gestures(town, "", SECRET).person("T1", "UADA"), Gestures(town, "", SECRET).person("T1", "UBOB")
    sent = await client.chat_postMessage(channel="UADA", text="Good morning", blocks=HELLO)
    assert [seen.words for seen in ada.sees()] == ["Good morning.\n\n[Goals]"]
    assert bob.sees() == []
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Later", blocks=[said("Later.")])
    assert ada.sees()[0].words == "Later."
    await client.chat_delete(channel=sent["channel"], ts=sent["ts"])
    assert ada.sees() == []
    room = town.add_channel("T1", "garden", ["UADA", "UBOB", "UBOT1"])
    await client.chat_postEphemeral(channel=room.id, user="UBOB", text="Only you")
    assert ([s.words for s in bob.sees()], ada.sees()) == (["Only you"], [])
    assert town.complaints == []


async def test_everything_readable_is_read_as_plain_text(town, client):
    blocks = [
        {"type": "header", "text": plain("Your circle")},
        rich(
            {"type": "text", "text": "With "},
            {"type": "user", "user_id": "UBOB"},
            {"type": "text", "text": " on "},
            {"type": "date", "timestamp": 1_800_000_000, "format": "{time}", "fallback": "Monday 9:00"},
        ),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": one}]} for one in ("a", "b")
                    ],
                },
            ],
        },
        rich({"type": "text", "text": "What went well?"}, kind="rich_text_quote"),
        rich({"type": "link", "url": "https://a.example/", "text": "the room"}),
    ]
    await client.chat_postMessage(channel="UADA", text="Your circle", blocks=blocks)
    await client.chat_postMessage(
        channel="UADA", text="*Hi* <@UBOB> &amp; <https://a.example/|more>, <!date^1^{time}|9:00>"
    )
    ada = Gestures(town, "", SECRET).person("T1", "UADA")
    assert [seen.words for seen in ada.sees()] == [
        "Your circle\n\nWith Bob on Monday 9:00\n\n- a\n- b\n\n“What went well?”\n\nthe room (https://a.example/)",
        "Hi Bob & more (https://a.example/), 9:00",
    ]


async def test_a_message_that_slack_would_not_take_is_refused(town, client):
    lost = town.add_channel("T1", "old", ["UADA", "UBOT1"])
    lost.is_archived = True
    strange, hidden = town.add_channel("T1", "lobby", ["UADA"]), town.add_channel("T1", "h", ["UADA"], kind="private")
    other = town.add_channel("T2", "theirs", ["UBOT2"])
    wrong = [
        ({"channel": "C404", "text": "a"}, "channel_not_found"),
        ({"channel": hidden.id, "text": "a"}, "channel_not_found"),
        ({"channel": other.id, "text": "a"}, "channel_not_found"),
        ({"channel": strange.id, "text": "a"}, "not_in_channel"),
        ({"channel": lost.id, "text": "a"}, "is_archived"),
        ({"channel": "UCLEO", "text": "a"}, "user_disabled"),
        ({"channel": "UBOT1", "text": "a"}, "cannot_dm_bot"),
        ({"channel": "UADA"}, "no_text"),
        ({"channel": "UADA", "text": "a" * 40_001}, "msg_too_long"),
        ({"channel": "UADA", "text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ]
    for arguments, error in wrong:
        assert (arguments, await refused(client.api_call("chat.postMessage", json=arguments))) == (arguments, error)
    assert town.complaints == []
    many = [said("a")] * 51
    assert await refused(client.chat_postMessage(channel="UADA", text="a", blocks=many)) == "invalid_blocks"
    await client.api_call("chat.postMessage", json={"channel": "UADA", "blocks": HELLO})
    assert len(town.complaints) == 2
    assert town.posts[-1].blocks[0]["elements"] == HELLO[0]["elements"]


async def test_a_trigger_opens_one_form_within_three_seconds(town, client):
    trigger = town.trigger("T1", "UADA")
    assert (
        await refused(client_of(town, ELSEWHERE).views_open(trigger_id=trigger, view=modal())) == "invalid_trigger_id"
    )
    await client.views_open(trigger_id=trigger, view=modal())
    assert await refused(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    late = town.trigger("T1", "UADA")
    town.wait_out(3.1)
    assert await refused(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    assert Gestures(town, "", SECRET).person("T1", "UADA").modal.title == "Your goal"
    assert town.complaints == []
    wrong = modal("A title of more than 24 letters")
    assert await refused(client.views_open(trigger_id=town.trigger("T1", "UADA"), view=wrong)) == "invalid_arguments"
    assert len(town.complaints) == 1


async def test_views_are_changed_by_their_id_and_hash(town, client):
    ada = Gestures(town, "", SECRET).person("T1", "UADA")
    opened = (await client.views_open(trigger_id=town.trigger("T1", "UADA"), view=modal()))["view"]
    changed = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Next"))
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    assert (await refused(stale), ada.modal.title) == ("hash_conflict", "Next")
    assert changed["view"]["root_view_id"] == opened["id"]
    for title in ("Two", "Three"):
        await client.views_push(trigger_id=town.trigger("T1", "UADA"), view=modal(title))
    assert await refused(client.views_push(trigger_id=town.trigger("T1", "UADA"), view=modal())) == "push_limit_reached"
    assert await refused(client.views_update(view_id="V404", view=modal())) == "not_found"
    first = (await client.views_publish(user_id="UADA", view=home("Welcome")))["view"]
    await client.views_publish(user_id="UADA", view=home("Goals"), hash=first["hash"])
    again = client.views_publish(user_id="UADA", view=home("Old"), hash=first["hash"])
    assert (await refused(again), ada.home.words) == ("hash_conflict", "Goals")


async def test_files_are_uploaded_whole_by_the_sdk(town, client):
    room = await client.conversations_open(users="UADA")
    await client.files_upload_v2(
        content="BEGIN:VCALENDAR", filename="circle.ics", title="Meetings", channel=room["channel"]["id"]
    )
    seen = Gestures(town, "", SECRET).person("T1", "UADA").sees()[-1]
    assert (seen.files, seen.words) == (["circle.ics"], "Meetings (circle.ics)\nBEGIN:VCALENDAR")
    assert seen.source.files[0].content == b"BEGIN:VCALENDAR"
    assert town.complaints == []


# slack_sdk names the client with a class that aiohttp is about to drop.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_installing_gives_a_token_once_and_rotation_a_new_one(town):
    town.rotates = True
    client = AsyncWebClient(base_url=town.api)
    secrets = {"client_id": town.client_id, "client_secret": town.client_secret}
    code = town.issue_code("T2", "UDANA")
    given = await client.oauth_v2_access(**secrets, code=code)
    assert (given["team"]["id"], given["authed_user"]["id"]) == ("T2", "UDANA")
    assert await refused(client.oauth_v2_access(**secrets, code=code)) == "code_already_used"
    assert (await client.auth_test(token=given["access_token"]))["team_id"] == "T2"
    renewed = await client.oauth_v2_access(**secrets, grant_type="refresh_token", refresh_token=given["refresh_token"])
    town.wait_out(given["expires_in"] - 10)
    assert (await client.auth_test(token=renewed["access_token"]))["ok"]
    town.wait_out(20)
    assert await refused(client.auth_test(token=given["access_token"])) == "token_expired"
    wrong = {**secrets, "client_secret": "guess"}
    assert await refused(client.oauth_v2_access(**wrong, code="x")) == "bad_client_secret"


async def test_limits_are_answered_with_429_for_one_workspace_only(town):
    town.limit("chat.postMessage", team="T1", times=1, retry_after=1)
    elsewhere = town.add_channel("T2", "garden", ["UBOT2"])
    there = await client_of(town, ELSEWHERE).chat_postMessage(channel=elsewhere.id, text="Hello")
    patient = AsyncWebClient(TOKEN, base_url=town.api, retry_handlers=[AsyncRateLimitErrorRetryHandler()])
    await patient.chat_postMessage(channel="UADA", text="Hello")
    assert (there["ok"], [call.answer for call in town.calls]) == (True, ["ok", "ratelimited", "ok"])
    town.is_strict_about_pace = True
    for _ in range(4):
        await client_of(town).chat_postMessage(channel="UBOB", text="Hello")
    with pytest.raises(SlackApiError) as caught:
        await client_of(town).chat_postMessage(channel="UBOB", text="Hello")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert len(town.posts) == 2 + 4


async def test_faults_come_before_or_after_the_deed(town, client):
    town.fail("chat.postMessage", "drop before", "500", "fatal_error")
    for _ in range(3):
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel="UADA", text="Hello")
    assert town.posts == []
    town.fail("chat.postMessage", "drop after", "503 after", "internal_error after")
    for _ in range(3):
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel="UADA", text="Hello")
    assert len(town.posts) == 3
    town.fail("chat.postMessage", "hang")
    hurried = AsyncWebClient(TOKEN, base_url=town.api, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        await hurried.chat_postMessage(channel="UADA", text="Hello")
    assert len(town.posts) == 3


async def test_a_response_url_serves_five_times_in_thirty_minutes(town):
    room = town.add_channel("T1", "garden", ["UADA", "UBOB", "UBOT1"])
    hook = AsyncWebhookClient(town.response_url("T1", room.id, "UADA"))
    for number in range(5):
        assert (await hook.send(text=f"Answer {number}")).status_code == 200
    assert (await hook.send(text="Too much")).body == "used_url"
    late = AsyncWebhookClient(town.response_url("T1", room.id, "UADA"))
    town.wait_out(1801)
    assert (await late.send(text="Too late")).status_code == 404
    assert [post.only_for for post in town.posts] == ["UADA"] * 5
    assert len(town.complaints) == 2
