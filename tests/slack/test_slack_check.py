"""`halqa check` looks at Slack: tokens, scopes and rooms, over a real socket; it says plainly what is missing."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.findings import Finding
from bot.sealing import Seal
from bot.slack.check import look
from bot.slack.scopes import SCOPES
from bot.slack.settings import Slack
from bot.slack.shelf import INSTALLS
from storage import open_store, people, safe
from storage.tables import Room

BOT = "xoxb-1-canary"
APP = "xapp-1-A1-canary"
INSTALLED, ROTATED, REFRESH = "xoxb-2-canary", "xoxe.xoxb-2-canary", "xoxe-1-canary"
SECRET = "canary"  # noqa: S105 - what must never be shown
KEY = "u4dTqKUWqDzeGcHQ5QoEOgAZ1Ahfbgh2OCwSRbUbbVY="
ALL = ",".join(SCOPES)
GOOD = {"id": "C1", "is_private": True, "is_member": True, "is_archived": False, "is_ext_shared": False}
YES = {"ok": True, "team": "The lab", "team_id": "T1", "user": "halqa", "bot_id": "B1"}


@dataclass
class Stand:
    """A Slack that answers what it was told to; ``asked`` lists method, token and channel."""

    api: str = ""
    scopes: str | None = ALL
    answers: dict[str, dict] = field(default_factory=lambda: {"auth.test": YES, "apps.connections.open": {"ok": True}})
    channels: dict[str, dict] = field(default_factory=dict)
    limits: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        method, form = request.match_info["method"], await request.post()
        channel = str(form.get("channel") or request.query.get("channel") or "")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((method, token, channel))
        if self.limits.get(method):
            wait = self.limits[method].pop(0)
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait})
        if method == "conversations.info":
            there = self.channels.get(channel, "channel_not_found")
            body = {"ok": False, "error": there} if isinstance(there, str) else {"ok": True, "channel": there}
        else:
            body = self.answers[method]
        return web.json_response(body, headers={} if self.scopes is None else {"x-oauth-scopes": self.scopes})


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    slack, application = Stand(), web.Application()
    application.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield slack
    await runner.cleanup()


@pytest.fixture
def store(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "halqa.db")
    store = open_store(str(tmp_path / "halqa.db"))
    yield store
    store.close()


def socket_mode(stand: Stand) -> Slack:
    return Slack(api=stand.api, bot_token=BOT, app_token=APP)


def many(stand: Stand) -> Slack:
    return Slack(
        connect="http",
        api=stand.api,
        client_id="1.2",
        client_secret=SECRET,
        keys=(KEY,),
        address="https://localhost",
        signing_secret=SECRET,
    )


def add_room(store, place: str, key: str = "p1:c1", *, team: str = "T1", state: str = "open", platform: str = "slack"):
    with store.writing() as db:
        workspace = people.workspace(db, platform, team)
        db.add(Room(workspace_id=workspace.id, key=key, place=place, state=state))


async def seen(settings: Slack, store=None) -> list[Finding]:
    found = await asyncio.to_thread(look, settings, store)
    assert SECRET not in str(found)
    return found


def problems(found: list[Finding]) -> list[str]:
    return [finding.what for finding in found if finding.is_problem]


def said(found: list[Finding]) -> str:
    return "\n".join(finding.what for finding in found)


async def test_everything_in_order_names_the_workspace_and_the_bot(stand, store):
    add_room(store, "C1")
    stand.channels["C1"] = GOOD
    found = await seen(socket_mode(stand), store)
    assert problems(found) == []
    assert said(found).splitlines() == [
        "Slack, app-level token: opens connections (connections:write)",
        "Slack, bot token: halqa in the workspace The lab (T1)",
        "Slack, scopes: all that are needed",
        "Slack, rooms: 1 in order",
    ]
    assert stand.asked == [
        ("apps.connections.open", APP, ""),
        ("auth.test", BOT, ""),
        ("conversations.info", BOT, "C1"),
    ]


async def test_signed_requests_need_no_app_level_token(stand):
    found = await seen(Slack(connect="http", api=stand.api, bot_token=BOT, signing_secret=SECRET))
    assert problems(found) == []
    assert [method for method, _token, _channel in stand.asked] == ["auth.test"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("invalid_auth", "Slack does not know it. Copy it once more"),
        (
            "account_inactive",
            "the app was taken out of this workspace, or the workspace is gone. Install the app again",
        ),
        ("token_revoked", "it was revoked. Install the app again"),
        ("token_expired", "it has run out, since the app rotates its tokens"),
        ("not_allowed_token_type", "it is a token of another kind. Look whether the two tokens are swapped"),
        ("a_new_word", "Slack answers a_new_word"),
        ("<script>", "answers 200, and not as Slack does"),
    ],
)
async def test_a_bot_token_that_slack_does_not_take_is_explained_and_the_other_is_still_looked_at(stand, code, words):
    stand.answers["auth.test"] = {"ok": False, "error": code}
    found = await seen(socket_mode(stand))
    assert len(problems(found)) == 1
    assert problems(found)[0].startswith("Slack, bot token: ")
    assert words in problems(found)[0]
    assert "Slack, app-level token: opens connections" in said(found)


async def test_an_app_level_token_without_its_scope_is_explained_and_the_bot_is_still_looked_at(stand):
    stand.answers["apps.connections.open"] = {"ok": False, "error": "missing_scope"}
    found = await seen(socket_mode(stand))
    assert problems(found) == [
        "Slack, app-level token: it lacks the scope connections:write. Make one that has it, under Basic Information"
    ]
    assert "halqa in the workspace The lab" in said(found)


async def test_a_persons_token_is_not_taken_for_the_bots(stand):
    stand.answers["auth.test"] = {key: value for key, value in YES.items() if key != "bot_id"}
    assert "this is a person's. Copy the Bot User OAuth Token" in problems(await seen(socket_mode(stand)))[0]


async def test_scopes_that_are_missing_are_problems_and_those_too_many_are_said(stand):
    stand.scopes = ALL.replace("pins:write,", "").replace("groups:write,", "") + ",groups:history,calls:read"
    found = await seen(socket_mode(stand))
    assert [problem.partition(" is missing")[0] for problem in problems(found)] == [
        "Slack, scopes: groups:write",
        "Slack, scopes: pins:write",
    ]
    assert SCOPES["pins:write"] in problems(found)[1]
    assert (
        "more than needed: calls:read, groups:history; with groups:history it could read what people write"
    ) in said(found)


async def test_scopes_that_are_not_told_are_not_taken_for_missing(stand):
    stand.scopes = None
    found = await seen(socket_mode(stand))
    assert problems(found) == []
    assert "Slack did not tell them" in said(found)


WRONG_ROOMS = [
    ({**GOOD, "is_archived": True}, "it is archived"),
    ({**GOOD, "is_member": False}, "Halqa is not in it. Invite Halqa there"),
    ({**GOOD, "is_ext_shared": True}, "it is shared with another organisation"),
    ({**GOOD, "is_private": False}, "everybody in the workspace can read it"),
    ("channel_not_found", "it is not there, or Halqa is not in it"),
    ("missing_scope", "it may not do this"),
]


@pytest.mark.parametrize(("channel", "words"), WRONG_ROOMS)
async def test_a_room_in_which_something_is_wrong_is_named_and_the_next_is_looked_at(stand, store, channel, words):
    add_room(store, "C1")
    add_room(store, "C2", "p1:c2")
    stand.channels |= {"C1": channel, "C2": GOOD}
    found = await seen(socket_mode(stand), store)
    assert len(problems(found)) == 1
    assert problems(found)[0].startswith(f"Slack, room C1 (p1:c1): {words}")
    assert "rooms: 1 in order" in said(found)


async def test_a_group_message_is_not_looked_at_with_a_scope_that_is_not_asked_for(stand, store):
    add_room(store, "G1", "p1:g7")
    stand.channels["G1"] = "missing_scope"
    found = await seen(socket_mode(stand), store)
    assert problems(found) == []
    assert "1 group messages, which can't be looked at without mpim:read" in said(found)


async def test_a_group_message_that_can_be_seen_is_private_enough(stand, store):
    add_room(store, "G1", "p1:g7")
    stand.channels["G1"] = {"id": "G1", "is_mpim": True, "is_private": True, "is_archived": False}
    assert problems(await seen(socket_mode(stand), store)) == []


async def test_closed_rooms_and_those_of_other_chats_are_left_alone(stand, store):
    add_room(store, "C1", state="closed")
    add_room(store, "C2", team="T2", platform="local")
    assert problems(await seen(socket_mode(stand), store)) == []
    assert [channel for _method, _token, channel in stand.asked if channel] == []


async def test_a_workspace_that_left_is_left_alone(stand, store):
    add_room(store, "C1", team="T9")
    with store.writing() as db:
        people.workspace(db, "slack", "T9").left_at = datetime(2027, 2, 1, tzinfo=UTC)
    assert problems(await seen(socket_mode(stand), store)) == []


async def test_the_token_of_another_workspace_is_noticed(stand, store):
    add_room(store, "C1", team="T9")
    assert (
        "the database also knows rooms in T9, and this token is for T1"
        in problems(await seen(socket_mode(stand), store))[0]
    )


async def test_slacks_wish_to_wait_is_followed_for_a_while(stand, store):
    add_room(store, "C1")
    add_room(store, "C2", "p1:c2")
    stand.channels |= {"C1": GOOD, "C2": GOOD}
    stand.limits = {"auth.test": ["1"], "conversations.info": ["600"]}
    found = await seen(socket_mode(stand), store)
    assert "halqa in the workspace" in said(found)
    assert problems(found) == [
        "Slack, rooms: 2 were not looked at. Slack asks to be asked less often. Look again in a minute"
    ]


async def test_no_network_is_a_finding_that_says_what_to_do(unused_tcp_port, store):
    add_room(store, "C1")
    settings = Slack(api=f"http://127.0.0.1:{unused_tcp_port}/api/", bot_token=BOT, app_token=APP)
    found = await seen(settings, store)
    assert [problem.partition(":")[0] for problem in problems(found)] == ["Slack, app-level token", "Slack, bot token"]
    assert all("Slack can't be reached" in problem and "HTTPS_PROXY" in problem for problem in problems(found))


async def test_a_proxy_for_everything_else_is_not_in_the_way(stand, unused_tcp_port, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_tcp_port}")
    assert problems(await seen(socket_mode(stand))) == []


async def test_an_address_that_is_not_slacks_is_noticed(stand):
    settings = Slack(api=stand.api.replace("/api/", "/elsewhere/"), bot_token=BOT, app_token=APP)
    found = await seen(settings)
    assert len(problems(found)) == 2
    assert all("answers 404, and not as Slack does. Look at what api says" in problem for problem in problems(found))


def install(store, key: str, **kept: str) -> None:
    with store.writing() as db:
        safe.put(db, INSTALLS, key, Seal([KEY]).seal(json.dumps(kept)), datetime(2027, 2, 1, tzinfo=UTC))


async def test_every_installation_is_looked_at_with_its_own_token(stand, store):
    install(store, "none-T1", bot_token=INSTALLED)
    with store.writing() as db:
        safe.put(db, INSTALLS, "none-T2", "sealed with another key", datetime(2027, 2, 1, tzinfo=UTC))
    add_room(store, "C1")
    found = await seen(many(stand), store)
    assert stand.asked == [("auth.test", INSTALLED, ""), ("conversations.info", INSTALLED, "C1")]
    assert [problem.partition(":")[0] for problem in problems(found)] == [
        "Slack, room C1 (p1",
        "Slack, installation none-T2",
    ]
    assert "https://localhost has a machine behind it; Slack sends to https://localhost/slack/events" in said(found)


async def test_a_token_that_is_renewed_by_itself_may_have_run_out(stand, store):
    install(store, "none-T1", bot_token=ROTATED, bot_refresh_token=REFRESH)
    stand.answers["auth.test"] = {"ok": False, "error": "token_expired"}
    found = await seen(many(stand), store)
    assert problems(found) == []
    assert "Halqa renews it as soon as it runs" in said(found)


async def test_where_it_is_installed_nowhere_people_are_told_where_to_begin(stand, store):
    found = await seen(many(stand), store)
    assert problems(found) == []
    assert "installed nowhere yet; people begin at https://localhost/slack/install" in said(found)


async def test_an_address_that_nobody_knows_is_a_problem(stand):
    settings = Slack(
        connect="http", api=stand.api, bot_token=BOT, signing_secret=SECRET, address="https://halqa.invalid"
    )
    assert problems(await seen(settings)) == [
        "Slack, address: there is no machine halqa.invalid. Enter it in the DNS, or mend address under [slack]"
    ]
