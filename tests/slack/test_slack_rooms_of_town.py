"""Rooms and people of the stand-in Slack, as the real slack_sdk meets them."""

from collections.abc import AsyncIterator

import pytest
from slack_little_bot import ELSEWHERE, client_of, little_town, refused
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_town import Town
from slack_web_api import serving


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with serving(little_town()) as town:
        yield town


@pytest.fixture
def client(town) -> AsyncWebClient:
    return client_of(town)


async def test_conversations_open_once_for_the_same_people(town, client):
    alone = await client.conversations_open(users="UADA")
    assert alone["channel"]["id"][0] == "D"
    both = await client.conversations_open(users=["UADA", "UBOB"])
    again = await client.conversations_open(users=["UBOB", "UADA"])
    assert (both["channel"]["id"], again["already_open"]) == (again["channel"]["id"], True)
    assert both["channel"]["is_mpim"] is True
    nine = [town.add_user("T1", f"U{n}").id for n in range(9)]
    assert await refused(client.conversations_open(users=nine)) == "too_many_users"
    assert await refused(client.conversations_open(users="U404")) == "user_not_found"
    assert await refused(client.conversations_open(users="UADA,UCLEO")) == "user_disabled"
    assert await refused(client.conversations_open(users="UBOT1")) == "cannot_dm_bot"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Circle", "invalid_name_specials"),
        ("my circle", "invalid_name_specials"),
        ("v1.0", "invalid_name_specials"),
        ("-", "invalid_name_punctuation"),
        ("c" * 81, "invalid_name_maxlength"),
        ("taken", "name_taken"),
    ],
)
async def test_a_room_needs_a_name_that_slack_allows(town, client, name, error):
    town.add_channel("T1", "taken", [])
    assert await refused(client.conversations_create(name=name, is_private=True)) == error


async def test_a_room_is_made_filled_pinned_and_closed(town, client):
    town.add_user("T1", "UGUEST", is_ultra_restricted=True)
    town.add_user("T1", "UFAR", is_stranger=True, team_id="T9")
    town.add_channel("T1", "lobby", ["UGUEST"])
    room = (await client.conversations_create(name="circle-1", is_private=True))["channel"]["id"]
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_invite(channel=room, users=["UADA", "UGUEST", "UFAR", "UCLEO", "UBOT1", "U404"])
    assert {one["user"]: one["error"] for one in caught.value.response["errors"]} == {
        "UGUEST": "ura_max_channels",
        "UFAR": "cant_invite",
        "UCLEO": "cant_invite",
        "UBOT1": "cant_invite_self",
        "U404": "user_not_found",
    }
    assert (await client.conversations_members(channel=room))["members"] == ["UBOT1"]
    await client.conversations_invite(channel=room, users=["UADA", "UBOB"])
    assert await refused(client.conversations_invite(channel=room, users="UADA")) == "already_in_channel"
    page = await client.conversations_members(channel=room, limit=2)
    rest = await client.conversations_members(channel=room, limit=2, cursor=page["response_metadata"]["next_cursor"])
    assert page["members"] + rest["members"] == ["UBOT1", "UADA", "UBOB"]
    await client.conversations_setTopic(channel=room, topic="Every second Monday")
    info = (await client.conversations_info(channel=room))["channel"]
    assert (info["topic"]["value"], info["is_private"]) == ("Every second Monday", True)
    card = await client.chat_postMessage(channel=room, text="Agreement")
    await client.pins_add(channel=room, timestamp=card["ts"])
    assert await refused(client.pins_add(channel=room, timestamp=card["ts"])) == "already_pinned"
    await client.conversations_kick(channel=room, user="UBOB")
    listed = await client.conversations_list(types=["private_channel"])
    assert [one["name"] for one in listed["channels"]] == ["circle-1"]
    await client.conversations_archive(channel=room)
    assert await refused(client.conversations_archive(channel=room)) == "already_archived"
    assert town.complaints == []


async def test_people_are_told_as_they_are(town, client):
    town.add_user("T1", "UGUEST", is_restricted=True)
    shown = (await client.users_info(user="UBOB"))["user"]
    assert (shown["tz"], shown["profile"]["display_name"], shown["is_bot"]) == ("America/New_York", "Bob", False)
    assert (await client.users_info(user="UGUEST"))["user"]["is_restricted"] is True
    assert (await client.users_info(user="UCLEO"))["user"]["deleted"] is True
    assert await refused(client_of(town, ELSEWHERE).users_info(user="UADA")) == "user_not_found"
    assert [one["id"] for one in (await client.users_list(limit=2))["members"]] == ["UBOT1", "UADA"]
