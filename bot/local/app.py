"""The local workspace's server: the page, its questions and its live events, for this machine only."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from bot.clock import Clock, Metronome, MovableClock
from bot.desk import Desk
from bot.local import board, door, render
from bot.local.play import Player, clock_picture
from bot.local.roster import Rosters
from bot.local.space import Space
from circles import commands
from circles.effects import Answer, Ask, Reply
from circles.turn import Call

log = logging.getLogger(__name__)
PAGE = Path(__file__).parent / "page"
LONGEST_WORDS = 4000


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
        self._watched: Counter[str] = Counter()  # whom an open page acts as: nobody answers for these
        self.player = (
            Player(desk, space, clock, metronome, self._press_for, self._describe, self._watched)
            if isinstance(clock, MovableClock)
            else None
        )
        self._once = door.Once()
        self._rosters = Rosters(desk, workspace, clock.now, lambda: space.tell_everybody({"type": "people"}))
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    # -- the server ---------------------------------------------------------------------------------

    def web_app(self) -> web.Application:
        """Put the routes together."""
        app = web.Application(middlewares=[door.guard], client_max_size=door.LONGEST)
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
                *self._rosters.routes(),
                web.static("/", PAGE),
            ]
        )
        return app

    async def start(self, port: int) -> str:
        """Listen on this machine's own address only and give the page's address; OSError when the port is taken."""
        self._runner = web.AppRunner(self.web_app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, door.HOST, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        return f"http://{door.HOST}:{bound}/"

    async def stop(self) -> None:
        """Close every page's line and stop listening."""
        if self.player is not None:
            await self.player.stop()
        for socket in list(self._sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        del request
        return web.FileResponse(PAGE / "index.html")

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
        who = door.who(request.query.get("as"))
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
        who = door.who(request.query.get("as"))
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
        who = door.who(request.query.get("as"))
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self._sockets.add(socket)
        self._watched[who] += 1
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
            self._watched[who] -= 1
        return socket

    # -- what people do ---------------------------------------------------------------------------------

    async def _say(self, request: web.Request) -> web.Response:
        body = await door.body(request)
        who, room, words = door.who(body.get("as")), str(body.get("room", "")), str(body.get("text", ""))
        if words.lstrip().startswith("/"):
            return await self._once.do(who, body["id"], lambda: self._command(body, who, room, words.strip()))
        return await self._once.do(who, body["id"], lambda: self._chat(body, who, room, words))

    async def _chat(self, body: dict[str, Any], who: str, room: str, words: str) -> dict[str, Any]:
        if not words.strip():
            return {"ok": False, "error": "There is nothing to say yet."}
        if len(words) > LONGEST_WORDS:
            return {"ok": False, "error": f"That is longer than {LONGEST_WORDS:,} characters; it fits in parts."}
        here = next((r for r in self.space.rooms_of(who) if r.id == room), None)
        if here is None:
            return {"ok": False, "error": "You are not in this room."}
        if here.is_closed:
            return {"ok": False, "error": "This room is closed to new messages."}
        self.space.chat(who, room, words, f"{who}:{body['id']}")
        return {"ok": True, "form": None}

    async def _press(self, request: web.Request) -> web.Response:
        body = await door.body(request)
        who, room = door.who(body.get("as")), str(body.get("room", ""))
        line, pressed = str(body.get("call", "")), str(body.get("message", ""))
        return await self._once.do(who, body["id"], lambda: self._command(body, who, room, line, pressed=pressed))

    async def _submit(self, request: web.Request) -> web.Response:
        body = await door.body(request)
        who, room, line = door.who(body.get("as")), str(body.get("room", "")), str(body.get("call", ""))
        given = body.get("answers")
        if not isinstance(given, dict):
            raise web.HTTPBadRequest(text="The answers are missing.")
        answers = {k: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in given.items()}
        return await self._once.do(who, body["id"], lambda: self._command(body, who, room, line, answers=answers))

    async def _command(
        self,
        body: dict[str, Any],
        who: str,
        room: str,
        line: str,
        *,
        pressed: str = "",
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
        shown = self._show(given, who, room or f"dm:{who}", call.id, pressed)
        await self.metronome.beat()
        if self.player is not None:
            await self.player.show()
        self.space.tell_everybody({"type": "people"})
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
            else:
                takes_its_place = answer.replaces and pressed.startswith("e:")
                self.space.whisper(who, room, answer.message, pressed if takes_its_place else f"e:{call_id}:{number}")
        return form

    async def _press_for(self, who: str, message_id: str, call: str) -> None:
        """Press a button for a member who answers by herself."""
        said = self.space.message(who, message_id)
        room = said.room if said else f"dm:{who}"
        answers = await self.desk.answer(
            Call("local", self.workspace, who, call, f"cast:{who}:{message_id}", room=room), self.clock.now()
        )
        self._show(answers, who, room, f"cast:{message_id}", message_id)

    # -- the clock --------------------------------------------------------------------------------------

    async def _clock_picture(self) -> dict[str, Any]:
        if self.player is not None:
            return await self.player.picture()
        now = self.clock.now()
        picture = clock_picture(now, await self.desk.next_at(now), is_movable=False)
        return picture | await self._describe(picture)

    async def _describe(self, picture: dict[str, Any]) -> dict[str, Any]:
        return await self.desk.do(board.ahead, self.desk.store, self.workspace, picture)

    async def _move_clock(self, request: web.Request) -> web.Response:
        body = await door.body(request)
        if self.player is None:
            return web.json_response(
                {"ok": False, "error": "This workspace lives in real time; its clock can't be moved."}
            )
        problem = await self.player.turn(body)
        await self.player.show()
        picture = await self._clock_picture()
        return web.json_response({"ok": False, "error": problem} if problem else {"ok": True, "clock": picture})
