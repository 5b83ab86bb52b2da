"""The local workspace's server: the page, its questions and its live events, for this machine only."""

import json
import logging
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from bot.clock import Clock, Metronome, MovableClock
from bot.desk import Desk
from bot.local import board, render
from bot.local.play import Player
from bot.local.space import Space
from circles import commands
from circles.effects import Answer, Ask, Reply
from circles.turn import Call

log = logging.getLogger(__name__)
PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
LONGEST = 2 * 1024 * 1024
KEPT_ANSWERS = 2000
SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LocalApp:
    """The page and its server; ``workspace`` is the id of the tenant that it shows."""

    def __init__(
        self,
        desk: Desk,
        space: Space,
        clock: Clock,
        metronome: Metronome,
        workspace: str,
        name: str = "",
        acting: str = "",
    ) -> None:
        self.desk = desk
        self.space = space
        self.clock = clock
        self.metronome = metronome
        self.workspace = workspace
        self.name = name or workspace
        self.acting = acting
        self.player = (
            Player(desk, space, clock, metronome, self._press_for, self._describe)
            if isinstance(clock, MovableClock)
            else None
        )
        self._answered: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    # -- the server ---------------------------------------------------------------------------------

    def web_app(self) -> web.Application:
        """Put the routes together."""
        app = web.Application(middlewares=[self._guard], client_max_size=LONGEST)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/api/workspace", self._workspace),
                web.get("/api/rooms", self._rooms),
                web.get("/api/room", self._room),
                web.get("/api/calendar", self._calendar),
                web.get("/api/received", self._received),
                web.get("/api/live", self._live),
                web.post("/api/say", self._say),
                web.post("/api/press", self._press),
                web.post("/api/submit", self._submit),
                web.post("/api/clock", self._move_clock),
                web.post("/api/import", self._import),
                web.static("/", PAGE),
            ]
        )
        return app

    async def start(self, port: int) -> str:
        """Listen on this machine's own address only and give the page's address; OSError when the port is taken."""
        self._runner = web.AppRunner(self.web_app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        return f"http://{HOST}:{bound}/"

    async def stop(self) -> None:
        """Close every page's line and stop listening."""
        if self.player is not None:
            await self.player.stop()
        for socket in list(self._sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # Another site in the same browser could name this port; its Host or Origin gives it away.
        host = (request.host or "").rpartition(":")[0] or request.host
        origin = request.headers.get("Origin")
        if host not in {HOST, "localhost"} or (origin and origin != f"http://{request.host}"):
            raise web.HTTPForbidden(text="This page is for this machine only.")
        try:
            response = await handler(request)
        except web.HTTPException:
            raise
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            response = web.json_response({"ok": False, "error": commands.sorry().plain()}, status=500)
        if not response.prepared:
            response.headers.update(SAFE)
        return response

    async def _page(self, request: web.Request) -> web.StreamResponse:
        del request
        return web.FileResponse(PAGE / "index.html", headers=SAFE)

    # -- what the page asks ---------------------------------------------------------------------------

    async def _workspace(self, request: web.Request) -> web.Response:
        del request
        people = await self.desk.do(board.people, self.desk.store, self.workspace)
        first = self.acting or (people[0]["id"] if people else "ada")
        if not any(p["id"] == first for p in people):
            people.append({"id": first, "name": first.capitalize(), "organiser": False, "zone": "UTC", "note": ""})
        return web.json_response(
            {
                "name": self.name,
                "people": people,
                "commands": board.commands_table(),
                "clock": await self._clock_picture(),
                "acting_default": first,
            }
        )

    async def _rooms(self, request: web.Request) -> web.Response:
        who = _who(request.query.get("as"))
        rooms = [
            {
                "id": room.id,
                "name": room.name,
                "kind": room.kind,
                "people": room.people,
                "unread": self.space.unread(who, room),
                "closed": room.is_closed,
            }
            for room in self.space.rooms_of(who)
        ]
        return web.json_response({"rooms": rooms})

    async def _room(self, request: web.Request) -> web.Response:
        who = _who(request.query.get("as"))
        return web.json_response({"messages": self.space.read(who, request.query.get("room", ""))})

    async def _calendar(self, request: web.Request) -> web.Response:
        del request
        entries = await self.desk.do(board.calendar, self.desk.store, self.workspace, self.clock.now())
        return web.json_response({"entries": entries})

    async def _received(self, request: web.Request) -> web.Response:
        del request
        people = await self.desk.do(board.people, self.desk.store, self.workspace)
        return web.json_response({"people": board.received(people, self.space.received, self.clock.now())})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        who = _who(request.query.get("as"))
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self._sockets.add(socket)
        outgoing = board.Outgoing(socket)

        def hear(person: str, event: dict[str, Any]) -> None:
            if person in ("", who):
                outgoing.put(event)

        stop = self.space.listen(hear)
        try:
            async for message in socket:
                if message.type == WSMsgType.ERROR:
                    break
        finally:
            stop()
            outgoing.close()
            self._sockets.discard(socket)
        return socket

    # -- what people do ---------------------------------------------------------------------------------

    async def _say(self, request: web.Request) -> web.Response:
        body = await _body(request)
        who, room, words = _who(body.get("as")), str(body.get("room", "")), str(body.get("text", ""))
        if words.lstrip().startswith("/"):
            return await self._once(body, lambda: self._command(body, who, room, words.strip()))
        return await self._once(body, lambda: self._chat(body, who, room, words))

    async def _chat(self, body: dict[str, Any], who: str, room: str, words: str) -> dict[str, Any]:
        if not words.strip():
            return {"ok": False, "error": "There is nothing to say yet."}
        if len(words) > 4000:
            return {"ok": False, "error": "That is longer than 4,000 characters; please say it in parts."}
        here = next((r for r in self.space.rooms_of(who) if r.id == room), None)
        if here is None or here.is_closed:
            return {"ok": False, "error": "This room is closed to new messages."}
        self.space.chat(who, room, words, f"{who}:{body['id']}")
        return {"ok": True, "form": None}

    async def _press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        who, room = _who(body.get("as")), str(body.get("room", ""))
        line, message = str(body.get("call", "")), str(body.get("message", ""))
        return await self._once(body, lambda: self._command(body, who, room, line, message=message))

    async def _submit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        who, room, line = _who(body.get("as")), str(body.get("room", "")), str(body.get("call", ""))
        given = body.get("answers")
        if not isinstance(given, dict):
            raise web.HTTPBadRequest(text="answers are missing")
        answers = {str(k): ", ".join(v) if isinstance(v, list) else str(v) for k, v in given.items()}
        return await self._once(body, lambda: self._command(body, who, room, line, answers=answers))

    async def _once(self, body: dict[str, Any], work: Callable[[], Awaitable[dict[str, Any]]]) -> web.Response:
        """Do a thing once: the same id again gets the same answer."""
        key = f"{body.get('as')}:{body.get('id')}"
        if key not in self._answered:
            answer = await work()
            self._answered[key] = answer
            while len(self._answered) > KEPT_ANSWERS:
                self._answered.popitem(last=False)
        return web.json_response(self._answered[key])

    async def _command(
        self,
        body: dict[str, Any],
        who: str,
        room: str,
        line: str,
        *,
        message: str = "",
        answers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        call = Call(
            "local", self.workspace, who, line.removeprefix("/"), f"{who}:{body['id']}", answers or {}, room=room
        )
        try:
            given = await self.desk.answer(call, self.clock.now())
        except Exception:
            log.exception("call %s of %s failed", call.id, who)
            given = (Reply(commands.sorry()),)
        shown = self._show(given, who, room or f"dm:{who}", call.id, message)
        await self.metronome.beat()
        if self.player is not None:
            await self.player.show()
        self.space.tell_everybody({"type": "people"}) if "join" in line or "setup" in line else None
        return {"ok": True, "form": shown}

    def _show(
        self, answers: tuple[Answer, ...], who: str, room: str, call_id: str, pressed: str
    ) -> dict[str, Any] | None:
        """Show the answers to the asker; give the form among them."""
        form: dict[str, Any] | None = None
        for number, answer in enumerate(answers):
            if isinstance(answer, Ask):
                form = render.form(answer.form)
                continue
            told = pressed and self.space.message(who, pressed)
            if answer.replaces and told and told.room == f"dm:{who}":
                self.space.edit(pressed, answer.message)
            elif answer.replaces and pressed.startswith("e:"):
                event = self.space.whisper(who, room, answer.message, pressed)
                del event
            else:
                self.space.whisper(who, room, answer.message, f"e:{call_id}:{number}")
        return form

    async def _press_for(self, who: str, message_id: str, call: str) -> None:
        """Press a button for a member who answers by herself."""
        said = self.space.message(who, message_id)
        room = said.room if said else f"dm:{who}"
        answers = await self.desk.answer(
            Call("local", self.workspace, who, call, f"cast:{who}:{message_id}", room=room), self.clock.now()
        )
        self._show(answers, who, room, f"cast:{message_id}", message_id)

    # -- the clock and the roster -----------------------------------------------------------------------

    async def _clock_picture(self) -> dict[str, Any]:
        if self.player is None:
            now = render.instant(self.clock.now())
            return {"now": now, "playing": False, "lively": False, "next": None, "ends": None, "summary": ""}
        return await self.player.picture()

    async def _describe(self, picture: dict[str, Any]) -> dict[str, Any]:
        return await self.desk.do(board.ahead, self.desk.store, self.workspace, picture)

    async def _move_clock(self, request: web.Request) -> web.Response:
        body = await _body(request)
        player = self.player
        if player is None:
            return web.json_response(
                {"ok": False, "error": "This workspace lives in real time; its clock can't be moved."}
            )
        player.acting = str(body.get("as", player.acting))
        match body.get("do"):
            case "next":
                await player.step()
            case "week":
                await player.week()
            case "play":
                player.speed = max(0.0, float(body.get("speed", player.speed)))
                player.play()
            case "stop":
                await player.stop()
            case "lively":
                player.is_lively = bool(body.get("lively"))
            case other:
                return web.json_response({"ok": False, "error": f"The clock can't do “{other}”."})
        picture = await self._clock_picture()
        self.space.tell_everybody({"type": "clock", "clock": picture})
        return web.json_response({"ok": True, "clock": picture})

    async def _import(self, request: web.Request) -> web.Response:
        body = await _body(request)
        who, csv = _who(body.get("as")), str(body.get("csv", ""))
        answer = await self.desk.do(
            board.take_roster,
            self.desk.store,
            self.workspace,
            who,
            str(body.get("programme", "")),
            csv,
            self.clock.now(),
        )
        self.space.tell_everybody({"type": "people"})
        return web.json_response(answer)


def _who(name: object) -> str:
    """Read whom somebody acts as; HTTPBadRequest for what can't be a user id."""
    who = str(name or "")
    if not who or len(who) > 64 or any(c.isspace() for c in who):
        raise web.HTTPBadRequest(text="Say whom you act as.")
    return who


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="This is not JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="This is not a request of the page.")
    body.setdefault("id", uuid.uuid4().hex)
    return body
