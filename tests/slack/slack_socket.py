"""Socket Mode of the stand-in: connections, envelopes, acknowledgements, and asking for another connection."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from slack_town import Town

PATIENCE = 3.0  # seconds until an envelope counts as not acknowledged
MOST_CONNECTIONS = 10


@dataclass
class Envelope:
    """One envelope on its way; ``answer`` comes true with the acknowledgement's payload."""

    id: str
    accepts_answer: bool
    answer: asyncio.Future[dict[str, Any]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Link:
    """Every open Socket Mode connection of the app; an envelope goes to any one of them, in turn."""

    def __init__(self, town: "Town") -> None:
        self.town = town
        self.sockets: list[web.WebSocketResponse] = []
        self.envelopes: dict[str, Envelope] = {}
        self.late: set[str] = set()
        self._turn = 0

    async def connected(self, request: web.Request) -> web.StreamResponse:
        """Take a connection that brings a fresh ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.town.tickets:
            return web.Response(status=403, text="ticket not known")
        self.town.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.sockets) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.sockets.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets),
                "connection_info": {"app_id": self.town.app_id},
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            }
        )
        self.town.touch()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.json())
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self.town.touch()
        return socket

    def _acknowledged(self, message: dict[str, Any]) -> None:
        if message.get("envelope_id") in self.late:
            return  # Slack has told the person by now that it failed
        envelope = self.envelopes.pop(str(message.get("envelope_id")), None)
        if envelope is None or set(message) - {"envelope_id", "payload"}:
            self.town.complain(f"socket: an acknowledgement of nothing: {sorted(message)}")
            return
        if message.get("payload") and not envelope.accepts_answer:
            self.town.complain("socket: an answer in an acknowledgement that accepts none")
        if not envelope.answer.done():
            envelope.answer.set_result(message.get("payload") or {})

    async def deliver(
        self, kind: str, payload: dict[str, Any], *, accepts_answer: bool = False, retry: tuple[int, str] | None = None
    ) -> dict[str, Any] | None:
        """Send an envelope and wait for its acknowledgement: its payload, or None when three seconds are over."""
        if not await self.town.until(lambda: self.sockets):
            raise AssertionError("No Socket Mode connection is open.")
        envelope = Envelope(secrets.token_hex(16), accepts_answer)
        self.envelopes[envelope.id] = envelope
        shape = {"envelope_id": envelope.id, "type": kind, "payload": payload}
        shape |= {"accepts_response_payload": accepts_answer}
        if kind == "events_api":
            shape |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        self._turn = (self._turn + 1) % len(self.sockets)
        await self.sockets[self._turn].send_json(shape)
        try:
            return await asyncio.wait_for(envelope.answer, PATIENCE)
        except TimeoutError:
            self.late.add(envelope.id)
            self.town.unacknowledged.append(kind)
            return None

    async def disconnect(self, reason: str = "refresh_requested", *, which: int = 0) -> None:
        """Tell a connection that it ends: "warning" (not yet), "refresh_requested" or "link_disabled"."""
        socket = self.sockets[which]
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
        if reason != "warning":
            self.sockets.remove(socket)
            await socket.close()

    async def close(self) -> None:
        """End every connection."""
        for socket in list(self.sockets):
            await socket.close()
