"""A bot of a few lines to try the stand-in Slack with, and the shapes that it sends."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_town import Town

SECRET = "a signing secret"  # noqa: S105 - it guards nothing
TOKEN = "xoxb-here"  # noqa: S105 - as above
ELSEWHERE = "xoxb-elsewhere"


def little_town() -> Town:
    """Two workspaces; Ada and Bob are in the first, and Cleo has left it."""
    town = Town()
    town.add_workspace("T1", TOKEN)
    town.add_workspace("T2", ELSEWHERE)
    town.add_user("T1", "UADA", name="Ada")
    town.add_user("T1", "UBOB", name="Bob", tz="America/New_York")
    town.add_user("T1", "UCLEO", name="Cleo", deleted=True)
    return town


def client_of(town: Town, token: str = TOKEN) -> AsyncWebClient:
    return AsyncWebClient(token, base_url=town.api, retry_handlers=[])


async def refused(call) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


def plain(text):
    return {"type": "plain_text", "text": text, "emoji": False}


def button(label, value="circle goals", name="call:1"):
    return {"type": "button", "action_id": name, "text": plain(label), "value": value}


def rich(*elements, kind="rich_text_section"):
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def said(text):
    return rich({"type": "text", "text": text})


HELLO = [said("Good morning."), {"type": "actions", "elements": [button("Goals")]}]


def modal(title="Your goal", *, block="goal"):
    field = {"type": "plain_text_input", "action_id": "answer", "multiline": False, "max_length": 20}
    inputs = {"type": "input", "block_id": block, "label": plain("Goal"), "element": field, "optional": False}
    ends = {"title": plain(title), "submit": plain("Send"), "close": plain("Close")}
    return {"type": "modal", "callback_id": "form", "private_metadata": "", "blocks": [inputs], **ends}


def home(text):
    return {"type": "home", "callback_id": "home", "blocks": [said(text)]}


class Bot:
    """A bot of a few lines: it keeps every payload and gives back what it was told to."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        self.answers: list[dict | None] = []

    async def over_http(self, request: web.Request) -> web.Response:
        body = await request.text()
        if not SignatureVerifier(SECRET).is_valid_request(body, request.headers):
            return web.Response(status=401)
        if request.content_type == "application/json":
            self.heard.append(json.loads(body) | {"retry": request.headers.get("X-Slack-Retry-Num")})
            return web.Response()
        form = dict(await request.post())
        self.heard.append(json.loads(form["payload"]) if "payload" in form else form)
        answer = self.answers.pop(0) if self.answers else None
        return web.json_response(answer) if answer else web.Response()

    async def over_socket(self, client, request) -> None:
        self.heard.append(dict(request.payload) | {"retry": request.retry_attempt})
        answer = self.answers.pop(0) if self.answers and request.accepts_response_payload else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))


@asynccontextmanager
async def listening(bot: Bot) -> AsyncIterator[str]:
    """Serve the bot's HTTP door, and give its address."""
    app = web.Application()
    app.router.add_post("/slack/events", bot.over_http)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(town: Town, listener: Any) -> AsyncIterator[SocketModeClient]:
    """Keep a Socket Mode connection open that hears with ``listener``."""
    client = SocketModeClient(town.app_token, web_client=AsyncWebClient(base_url=town.api), ping_interval=1)
    client.socket_mode_request_listeners.append(listener)
    await client.connect()
    try:
        yield client
    finally:
        await client.close()
