"""The door of the local workspace: who may come in, what a request must look like, and what is done only once."""

import asyncio
import logging
import re
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from circles import commands

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
LONGEST = 3 * 1024 * 1024  # bytes; the largest file of the importer (2 MiB) written in base64, and its envelope
KEPT_ANSWERS = 2000
SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_WHO = re.compile(r"[\w.@+-]{1,64}")
_ID = re.compile(r"[!-~]{1,100}")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in only what comes from this machine's own page, and send nothing without the headers that keep it so."""
    try:
        response = await _admitted(request, handler)
    except web.HTTPException as refused:
        refused.headers.update(SAFE)
        raise
    if not response.prepared:
        response.headers.update(SAFE)
    return response


async def _admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    # Another site in the same browser could name this port; its Host or Origin gives it away.
    host = (request.host or "").rpartition(":")[0] or request.host
    origin = request.headers.get("Origin")
    if host not in {HOST, "localhost"} or (origin and origin != f"http://{request.host}"):
        raise web.HTTPForbidden(text="This page is for this machine only.")
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return web.json_response({"ok": False, "error": commands.sorry().plain()}, status=500)


def who(name: object) -> str:
    """Read whom somebody acts as; HTTPBadRequest for what can't be a user id."""
    if not isinstance(name, str) or not _WHO.fullmatch(name):
        raise web.HTTPBadRequest(text="Say whom you act as.")
    return name


async def body(request: web.Request) -> dict[str, Any]:
    """Read what a page sends, with the id of the gesture in it; HTTPBadRequest for what no page sends."""
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="This is not JSON.") from None
    if not isinstance(given, dict):
        raise web.HTTPBadRequest(text="This is not a request of the page.")
    gesture = given.setdefault("id", uuid.uuid4().hex)
    if not isinstance(gesture, str) or not _ID.fullmatch(gesture):
        raise web.HTTPBadRequest(text="This is no id.")
    return given


class Once:
    """Does a thing once: the same gesture of the same person again, even at the same time, gets the same answer."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], asyncio.Future[dict[str, Any]]] = OrderedDict()

    async def do(self, person: str, gesture: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> web.Response:
        """Give the answer to a gesture, working it out unless that is done or under way."""
        key = (person, gesture)
        if key not in self._answers:
            # A task of its own: who hangs up does not break off what the others wait for.
            self._answers[key] = asyncio.ensure_future(work())
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        try:
            return web.json_response(await asyncio.shield(self._answers[key]))
        except Exception:
            self._answers.pop(key, None)
            raise
