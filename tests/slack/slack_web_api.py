"""A stand-in for Slack's servers on 127.0.0.1: the Web API, response URLs, uploads, and the web socket's door."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import slack_chat_methods  # noqa: F401 - declares its methods
import slack_room_methods  # noqa: F401 - declares its methods
import slack_view_methods  # noqa: F401 - declares its methods
from aiohttp import web
from slack_methods import METHODS, Call, Method, Refusal, checked_blocks, checked_message
from slack_socket import Link
from slack_things import RESPONSE_LIFE, RESPONSE_USES, Called, Grant, ReturnPath, Workspace
from slack_town import Town
from slack_words import with_ids

HISTORY = {"conversations.history", "conversations.replies", "search.messages", "channels.history", "im.history"}
NOBODY = Workspace("", "", "", "")
TOWN: web.AppKey[Town] = web.AppKey("town")
CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing")
RESPONSE_FIELDS = {
    *("attachments", "blocks", "delete_original", "link_names", "metadata", "mrkdwn", "parse", "replace_original"),
    *("response_type", "text", "thread_ts", "unfurl_links", "unfurl_media"),
}


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[Town]:
    """Open the town at a free port: ``town.url`` is its address, and ``town.api`` the base for clients."""
    app = web.Application(client_max_size=20_000_000)
    app[TOWN], app[CLOSING] = town, asyncio.Event()
    town.link = Link(town)
    app.router.add_route("*", "/api/{method}", _method)
    app.router.add_post("/response/{name}", _response)
    app.router.add_post("/upload/v1/{name}", _upload)
    app.router.add_get("/link/", town.link.connected)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    town.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield town
    finally:
        app[CLOSING].set()
        await town.link.close()
        await runner.cleanup()


async def _read(request: web.Request) -> dict[str, Any]:
    """The arguments, from the address and from a body of either kind; what is null was not given."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            found |= json.loads(body) if body else {}
        except (ValueError, TypeError):
            raise Refusal("invalid_json") from None
    elif request.method == "POST":
        found |= {key: str(value) for key, value in (await request.post()).items()}
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        found["token"] = secret
    elif scheme == "Basic":
        found["client_id"], _, found["client_secret"] = base64.b64decode(secret).decode().partition(":")
    return {key: value for key, value in found.items() if value is not None}


def _grant(town: Town, method: Method, token: str) -> Grant:
    """What the token may do; it must be of the right kind, known, alive, and not too old."""
    if method.asker == "nobody":
        return Grant("", ())
    if not token:
        raise Refusal("not_authed")
    if token == town.app_token or method.asker == "app":
        if token != town.app_token:
            raise Refusal("not_allowed_token_type" if token in town.grants else "invalid_auth")
        if method.asker != "app":
            raise Refusal("not_allowed_token_type")
        return Grant("", ("connections:write",))
    if token not in town.grants:
        raise Refusal("invalid_auth")
    grant = town.grants[token]
    if grant.trouble:
        raise Refusal(grant.trouble)
    if grant.expires is not None and town.now() > grant.expires:
        raise Refusal("token_expired")
    return grant


def _check_arguments(call: Call, method: Method) -> None:
    town, name, arguments = call.town, call.method, call.arguments
    if "team_id" not in method.takes and arguments.pop("team_id", call.workspace.id) != call.workspace.id:
        town.complain(f"{name}: the team_id is not of the token's workspace")  # slack_bolt adds one to every call
        raise Refusal("team_access_not_granted")
    if unknown := sorted(set(arguments) - method.takes):
        town.complain(f"{name}: unknown arguments {', '.join(unknown)}")
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] unknown: {unknown}"]})
    if missing := sorted(method.needs - set(arguments)):
        town.complain(f"{name}: missing arguments {', '.join(missing)}")
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing: {missing}"]})


def _retry_after(town: Town, name: str, team: str, arguments: dict[str, Any]) -> int | None:
    for limit in town.limits:
        if limit["method"] == name and limit["team"] in {None, team} and limit["left"]:
            limit["left"] -= 1
            return int(limit["retry_after"])
    if town.is_strict_about_pace and name in {"chat.postMessage", "chat.postEphemeral"}:
        return 1 if town.is_too_fast(team, str(arguments.get("channel"))) else None
    return None


def _fault(town: Town, name: str, team: str) -> str:
    for key in ((name, team), (name, None)):
        if town.faults[key]:
            return town.faults[key].pop(0)
    return ""


def _drop(request: web.Request) -> web.Response:
    """Cut the line: what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _known(town: Town, name: str) -> Method:
    if name in HISTORY:
        town.complain(f"{name}: the bot never reads what people wrote")
    if name not in METHODS:
        town.complain(f"{name}: unknown method")
        raise Refusal("unknown_method", req_method=name)
    return METHODS[name]


async def _method(request: web.Request) -> web.Response:
    town, name = request.app[TOWN], request.match_info["method"]
    arguments: dict[str, Any] = {}
    grant = Grant("", ())
    headers: dict[str, str] = {}
    try:
        method = _known(town, name)
        arguments = await _read(request)
        token = str(arguments.pop("token", ""))
        grant = _grant(town, method, token)
        headers = {"x-oauth-scopes": ",".join(grant.scopes), "x-accepted-oauth-scopes": ",".join(method.scopes)}
        call = Call(town, name, town.workspaces.get(grant.team, NOBODY), arguments, grant.scopes, token)
        _check_arguments(call, method)
        if method.scopes:
            call.needs(*method.scopes)
        return await _played(request, method, call, headers)
    except Refusal as refusal:
        town.calls.append(Called(name, grant.team, arguments, refusal.error))
        return web.json_response({"ok": False, "error": refusal.error, **refusal.more}, headers=headers)
    finally:
        town.touch()


async def _played(request: web.Request, method: Method, call: Call, headers: dict[str, str]) -> web.Response:
    """Answer the call, unless a limit or a fault was arranged for it."""
    town, team = call.town, call.workspace.id
    wait = _retry_after(town, call.method, team, call.arguments)
    if wait is not None:
        town.calls.append(Called(call.method, team, call.arguments, "ratelimited"))
        slower = {"Retry-After": str(wait)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=slower)
    fault = _fault(town, call.method, team)
    if fault == "wait":
        await town.gate.wait()
        fault = ""
    what, _, when = fault.partition(" ")
    answer: dict[str, Any] = {}
    if not fault or when == "after":
        answer = {"ok": True, **method.run(call)}
    town.calls.append(Called(call.method, team, call.arguments, fault or "ok"))
    if not fault:
        return web.json_response(answer, headers=headers)
    if what == "hang":
        await request.app[CLOSING].wait()
    if what in {"drop", "hang"}:
        return _drop(request)
    if what.isdigit():
        return web.Response(status=int(what), text="upstream error")
    if what == "garbage":
        return web.Response(body=b"\xff\xfe\xfd", content_type="application/json")
    return web.json_response({"ok": False, "error": what}, headers=headers)


async def _response(request: web.Request) -> web.Response:
    """Take an answer through a response_url."""
    town = request.app[TOWN]
    path = town.paths.get(request.match_info["name"])
    if path is None:
        return web.Response(status=404, text="invalid_url")
    if town.now() - path.born > RESPONSE_LIFE:
        town.complain("response_url: used after more than 30 minutes")
        return web.Response(status=404, text="expired_url")
    if path.uses >= RESPONSE_USES:
        town.complain("response_url: used more than 5 times")
        return web.Response(status=404, text="used_url")
    fault = _fault(town, "response_url", path.team)
    if fault == "drop before":
        return _drop(request)
    if fault.isdigit():
        return web.Response(status=int(fault), text="upstream error")
    try:
        answer_at(town, path, await request.json())
    except Refusal as refusal:
        return web.Response(status=400, text=refusal.error)
    except ValueError:
        town.complain("response_url: not JSON")
        return web.Response(status=400, text="invalid_payload")
    return _drop(request) if fault == "drop after" else web.Response(text="ok")


def answer_at(town: Town, path: ReturnPath, body: dict[str, Any]) -> None:
    """Do what was sent through a response_url, or with the answer to a slash command."""
    body = {key: value for key, value in body.items() if value is not None}
    unknown = sorted(set(body) - RESPONSE_FIELDS)
    kind = body.get("response_type", "ephemeral")
    if unknown or kind not in {"ephemeral", "in_channel"}:
        town.complain(f"response_url: not understood: {unknown or kind}")
        raise Refusal("invalid_payload")
    path.uses += 1
    town.calls.append(Called("response_url", path.team, body, "ok"))
    if body.get("delete_original"):
        if path.original is not None:
            path.original.is_deleted = True
            town.touch()
        return
    blocks = checked_blocks(town, "response_url", body.get("blocks"))
    text = checked_message(town, "response_url", body.get("text"), blocks, extra=bool(body.get("attachments")))
    if body.get("replace_original") and path.original is not None:
        path.original.text, path.original.is_edited = text, True
        path.original.blocks = with_ids(blocks or [], town.number)
        town.touch()
        return
    only_for = path.user if kind == "ephemeral" else None
    town.say(path.team, path.channel, text, blocks or [], only_for=only_for, thread_ts=body.get("thread_ts"))


async def _upload(request: web.Request) -> web.Response:
    """Take the bytes of a file, raw or in a form."""
    town = request.app[TOWN]
    upload = town.uploads.get(request.match_info["name"])
    if upload is None:
        return web.Response(status=404, text="not found")
    if request.content_type.startswith("multipart/"):
        fields = [value for value in (await request.post()).values() if isinstance(value, web.FileField)]
        content = fields[0].file.read() if fields else b""
    else:
        content = await request.read()
    if len(content) != upload.length:
        town.complain(f"upload: {len(content)} bytes came where {upload.length} were announced")
        return web.Response(status=400, text="length mismatch")
    upload.content = content
    return web.Response(text=f"OK - {len(content)}")
