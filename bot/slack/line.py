"""The connection in Socket Mode: made with patience, and kept up where the library would wait for ever."""

import asyncio
import logging
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.slack.clients import Clients, unproxied, until_answered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two tries (Slack allows few a minute), two looks at the connection, two signs of life."""

    first_pause: float = 2.0
    longest_pause: float = 60.0
    look: float = 5.0
    ping: float = 10.0


class Line:
    """One Socket Mode connection."""

    def __init__(self, app: AsyncApp, clients: Clients, app_token: str, rhythm: Rhythm | None = None) -> None:
        self._app = app
        self._clients = clients
        self._token = app_token
        self._rhythm = rhythm or Rhythm()
        self._handler: AsyncSocketModeHandler | None = None
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect."""
        self._keeping = asyncio.create_task(self._keep())
        self._keeping.add_done_callback(_log_failure)

    async def stop(self) -> None:
        """Hang up."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _keep(self) -> None:
        client = self._clients.speaking(self._token)
        address = await self._address()
        self._handler = AsyncSocketModeHandler(
            self._app, self._token, web_client=client, ping_interval=self._rhythm.ping
        )
        self._handler.client.wss_uri = address
        unproxied(self._handler.client, address)
        connecting = asyncio.create_task(self._handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            while True:
                await asyncio.sleep(self._rhythm.look)
                if not await self._handler.client.is_connected():
                    # An address is good for one connection; the library would knock at the used one again and again.
                    self._handler.client.wss_uri = None
        finally:
            connecting.cancel()

    async def _address(self) -> str:
        """Ask for the address of a connection until there is one."""
        rhythm = self._rhythm
        return await until_answered(
            self._opened, "Slack can't be reached yet", rhythm.first_pause, rhythm.longest_pause
        )

    async def _opened(self) -> str:
        client = self._clients.speaking(self._token)
        answer = await self._clients.ask(client, "", "apps_connections_open", app_token=self._token)
        return str(answer["url"])


def _log_failure(keeping: asyncio.Task[None]) -> None:
    if not keeping.cancelled() and keeping.exception() is not None:
        log.error("the connection is not kept up any more", exc_info=keeping.exception())
