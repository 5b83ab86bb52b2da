"""A house that many workspaces install: its desk and clock, and the two methods of Slack that installing calls."""

# ruff: noqa: S107 - the tokens are made up

import asyncio
import base64
from datetime import UTC, datetime

from aiohttp import web
from slack_sdk.oauth.installation_store import Installation

from bot.clock import MovableClock
from bot.desk import Desk
from bot.sealing import Seal
from bot.slack.installs import Installs, Tokens
from bot.slack.tickets import States

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
KEY = "Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGxvbmchISE="
OTHER_KEY = "YW5vdGhlciBvbmUgZm9yIHRlc3RzLCAzMiBieXRlcyE="
CLIENT_ID, CLIENT_SECRET = "123.456", "a-client-secret"
NOT_OURS = {"ok": False, "error": "bad_client_secret"}


def granted(team="T1", token="xoxb-first", **more):
    """What oauth.v2.access answers to a code, as its documentation shows it."""
    return {
        "ok": True,
        "app_id": "A1",
        "authed_user": {"id": "U_ADA"},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": "U_BOT",
        "team": {"id": team, "name": f"Workspace {team}"},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def renewed(token, refresh, lasts=43200):
    """What oauth.v2.access answers to a refresh token."""
    return {
        "ok": True,
        "access_token": token,
        "refresh_token": refresh,
        "expires_in": lasts,
        "token_type": "bot",
        "scope": "chat:write,commands",
        "bot_user_id": "U_BOT",
        "app_id": "A1",
        "team": {"id": "T1", "name": "Workspace T1"},
        "enterprise": None,
    }


def installation(team="T1", token="xoxb-first", **more):
    """An installation as the flow saves it."""
    fields = {
        "app_id": "A1",
        "team_id": team,
        "team_name": f"Workspace {team}",
        "bot_token": token,
        "bot_id": "B1",
        "bot_user_id": "U_BOT",
        "bot_scopes": ["chat:write", "commands"],
        "user_id": "U_ADA",
        "installed_at": NOW.timestamp(),
    }
    return Installation(**{**fields, **more})


def expiring(seconds, refresh="xoxe-1-one", **more):
    """An installation whose token runs out so many seconds from NOW."""
    return installation(bot_refresh_token=refresh, bot_token_expires_at=int(NOW.timestamp()) + seconds, **more)


class Slack:
    """oauth.v2.access and auth.test: each code and each refresh token is good once; whatever else is refused."""

    def __init__(self):
        self.codes = {}
        self.refreshes = {}
        self.asked = []
        self.told = []
        self.open = asyncio.Event()  # while it is shut, a renewing waits for its answer
        self.open.set()
        self.arrived = asyncio.Event()

    async def start(self):
        app = web.Application()
        app.add_routes([web.post("/api/oauth.v2.access", self._access), web.post("/api/auth.test", self._test)])
        app.add_routes([web.post("/api/respond", self._respond)])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.api = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def stop(self):
        await self._runner.cleanup()

    async def _access(self, request):
        form = dict(await request.post())
        who = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {who}":
            return web.json_response(NOT_OURS)
        self.asked.append(form)
        if form.get("grant_type") == "refresh_token":
            answer = self.refreshes.pop(form["refresh_token"], {"ok": False, "error": "invalid_refresh_token"})
            self.arrived.set()
            await self.open.wait()
        else:
            answer = self.codes.pop(form.get("code"), {"ok": False, "error": "invalid_code"})
        if isinstance(answer, int):
            return web.Response(status=answer, text="<html>a proxy's page</html>")
        return web.json_response(answer)

    async def _respond(self, request):
        self.told.append(await request.json())
        return web.Response(text="ok")

    async def _test(self, request):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token.startswith("xox"):
            return web.json_response({"ok": False, "error": "not_authed"})
        self.asked.append({"auth.test": token})
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U_BOT", "bot_id": "B1", "url": "https://x/"})


class House:
    """A process of ours: what it keeps is in the store, and what it remembers is its own."""

    def __init__(self, store, clock, api, keys=(KEY,)):
        self.desk = Desk(store)
        self.clock = clock
        self.installs = Installs(self.desk, Seal(keys), clock)
        self.states = States(self.desk, clock)
        self.tokens = Tokens(self.installs, CLIENT_ID, CLIENT_SECRET, api, clock)

    def close(self):
        self.desk._thread.shutdown(wait=True)


def clock():
    return MovableClock(NOW)
