"""A stand-in for Discord that is as quick as Python allows: a gateway for one bot, and what REST it needs.

It judges nothing (tests/discord_bot does); it sends many servers and interactions, and notes when each is answered.
"""

import asyncio
import itertools
import json
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.benchmarks.discord_things import APP, BOT, JOINED, guild, member, user

DEFERRED = 5  # the kind of an answer that only says that there will be one


@dataclass
class Waiting:
    """An interaction that is not answered yet, and whom to tell when it is acknowledged, and when it has words."""

    acknowledged: Callable[[], None]
    told: asyncio.Event = field(default_factory=asyncio.Event)
    words: str = ""


class Stage:
    """One application, its gateway and its servers; ``complaints`` are requests that it does not know."""

    def __init__(self, guilds: int) -> None:
        self.guilds = [guild(number) for number in range(guilds)]
        self.api = self.gateway = ""
        self.commands: list[dict[str, Any]] = []
        self.waiting: dict[str, Waiting] = {}
        self.complaints: list[str] = []
        self.deferred = 0
        self.identified = 0.0
        self._numbers = itertools.count(400_000_000_000_000_000)
        self._socket: web.WebSocketResponse | None = None
        self._pack = zlib.compressobj()
        self._sequence = 0

    # -- the gateway

    async def connected(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the bot's connection: all its servers first, then whatever happens."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        self._socket, self._pack, self._sequence = socket, zlib.compressobj(), 0
        await self._send({"op": 10, "d": {"heartbeat_interval": 41250, "_trace": []}, "s": None, "t": None})
        async for said in socket:
            if said.type is not WSMsgType.TEXT:
                break
            match json.loads(said.data)["op"]:
                case 1:
                    await self._send({"op": 11, "d": None, "s": None, "t": None})
                case 2:
                    self.identified = time.perf_counter()
                    await self._welcome()
                case op if op != 3:  # a presence is taken and forgotten
                    self.complaints.append(f"gateway: op {op}")
        return socket

    async def _welcome(self) -> None:
        ready = {
            "v": 10,
            "user": user(BOT, "halqa", is_bot=True),
            "guilds": [{"id": one["id"], "unavailable": True} for one in self.guilds],
            "session_id": "stage",
            "resume_gateway_url": self.gateway,
            "application": {"id": APP, "flags": 0},
        }
        await self.dispatch("READY", ready)
        for one in self.guilds:
            await self.dispatch("GUILD_CREATE", one)

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        """Let something happen."""
        self._sequence += 1
        await self._send({"op": 0, "d": data, "s": self._sequence, "t": name})

    async def _send(self, said: dict[str, Any]) -> None:
        if self._socket is None:
            raise ConnectionError("no bot is connected")
        words = json.dumps(said, separators=(",", ":")).encode()
        await self._socket.send_bytes(self._pack.compress(words) + self._pack.flush(zlib.Z_SYNC_FLUSH))

    async def types(self, person: str, data: dict[str, Any], acknowledged: Callable[[], None]) -> str:
        """Let somebody use a slash command in the first server; gives the words when they are there."""
        known, where = str(next(self._numbers)), self.guilds[0]
        self.waiting[known] = waiting = Waiting(acknowledged)
        asked = {
            "id": known,
            "application_id": APP,
            "type": 2,
            "data": {"id": "1", "type": 1, **data},
            "guild_id": where["id"],
            "guild": {"id": where["id"], "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "channel_id": where["channels"][0]["id"],
            "channel": {**where["channels"][0], "guild_id": where["id"], "permissions": "2147483647"},
            "member": member(person, f"person{person[-4:]}"),
            "token": f"token-{known}",
            "version": 1,
            "app_permissions": "2248473465835073",
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": where["id"]},
            "context": 0,
            "attachment_size_limit": 10485760,
        }
        await self.dispatch("INTERACTION_CREATE", asked)
        await waiting.told.wait()
        return waiting.words

    # -- REST

    async def answered(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction."""
        known = request.match_info["id"]
        waiting, body = self.waiting.get(known), await _body(request)
        if waiting is None:
            self.complaints.append("callback: unknown, or answered before")
            return _json({"code": 10062, "message": "Unknown interaction"}, status=404)
        waiting.acknowledged()
        if body["type"] == DEFERRED:
            self.deferred += 1
        else:
            self._tell(known, json.dumps(body.get("data") or {}))
        told = {
            "id": known,
            "type": 2,
            "response_message_id": str(next(self._numbers)),
            "response_message_loading": False,
        }
        resource = {"type": body["type"], "message": self._message()}
        return _json({"interaction": told, "resource": resource})

    async def followed(self, request: web.Request) -> web.Response:
        """Take what is said after the first answer, or in its place."""
        body = await _body(request)
        self._tell(request.match_info["token"].removeprefix("token-"), json.dumps(body))
        return _json(self._message())

    def _tell(self, known: str, words: str) -> None:
        if (waiting := self.waiting.pop(known, None)) is not None:
            waiting.words = words
            waiting.told.set()

    def _message(self) -> dict[str, Any]:
        return {
            "id": str(next(self._numbers)),
            "type": 20,
            "content": "",
            "channel_id": self.guilds[0]["channels"][0]["id"],
            "author": user(BOT, "halqa", is_bot=True),
            "attachments": [],
            "embeds": [],
            "mentions": [],
            "mention_roles": [],
            "pinned": False,
            "mention_everyone": False,
            "tts": False,
            "timestamp": JOINED,
            "edited_timestamp": None,
            "flags": 64,
            "components": [],
        }

    async def asked(self, request: web.Request) -> web.Response:
        """Answer what a bot asks at its start."""
        path, ours = request.path.removeprefix("/api/v10"), user(BOT, "halqa", is_bot=True)
        if path == f"/applications/{APP}/commands":
            if request.method == "PUT":
                self.commands = [_command(str(next(self._numbers)), one) for one in await request.json()]
            return _json(self.commands)
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        known = {
            "/users/@me": ours,
            "/oauth2/applications/@me": {
                "id": APP,
                "name": "halqa",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": user("300000000000000001", "owner"),
                "verify_key": "0",
                "team": None,
                "flags": 0,
                "bot": ours,
            },
            "/gateway": {"url": self.gateway},
            "/gateway/bot": {"url": self.gateway, "shards": 1, "session_start_limit": limit},
        }
        if path not in known:
            self.complaints.append(f"{request.method} {path}: unknown")
            return _json({"code": 0, "message": "404: Not Found"}, status=404)
        return _json(known[path])


def _json(told: object, status: int = 200) -> web.Response:
    """Say it as Discord does: the library takes nothing for JSON that names a charset as well."""
    return web.Response(body=json.dumps(told).encode(), status=status, headers={"Content-Type": "application/json"})


async def _body(request: web.Request) -> dict[str, Any]:
    """Read a body, alone or beside files."""
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(json.loads(str((await request.post())["payload_json"])))


def _command(known: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"id": known, "application_id": APP, "version": "1", "default_member_permissions": None, "type": 1, **told}


@asynccontextmanager
async def served(guilds: int) -> AsyncIterator[Stage]:
    """Open a stage at a free port."""
    stage, app = Stage(guilds), web.Application(client_max_size=20_000_000)
    app.router.add_get("/gateway/", stage.connected)
    app.router.add_get("/gateway", stage.connected)
    app.router.add_post("/api/v10/interactions/{id}/{token}/callback", stage.answered)
    app.router.add_post("/api/v10/webhooks/{app}/{token}", stage.followed)
    app.router.add_patch("/api/v10/webhooks/{app}/{token}/messages/{message}", stage.followed)
    app.router.add_route("*", "/api/v10/{path:.*}", stage.asked)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"127.0.0.1:{runner.addresses[0][1]}"
    stage.api, stage.gateway = f"http://{here}/api/v10", f"ws://{here}/gateway"
    try:
        yield stage
    finally:
        await runner.cleanup()
