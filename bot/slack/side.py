"""The Slack side, put together: settings become clients, a chat, a bolt app, and what feeds it: a line or a server."""

import asyncio
import logging
from typing import Any, cast

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.sealing import Seal
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.chat import SlackChat
from bot.slack.clients import Clients
from bot.slack.door import PLATFORM
from bot.slack.events import Events
from bot.slack.home import Homes
from bot.slack.installs import Installs, Tokens
from bot.slack.line import Line
from bot.slack.people import Directory
from bot.slack.scopes import SCOPES
from bot.slack.server import Server, oauth_flow
from bot.slack.settings import Slack
from bot.slack.tickets import States
from circles import courtesies, workspaces

log = logging.getLogger(__name__)


class SlackSide:
    """Slack: one workspace by its token over a socket or signed requests, or many that install the app themselves."""

    name = "slack"

    def __init__(self, settings: Slack, desk: Desk, clock: Clock, metronome: Metronome) -> None:
        self._settings = settings
        self._desk = desk
        self._clock = clock
        self._installs = Installs(desk, Seal(settings.keys), clock) if settings.client_id else None
        self._tokens = None
        if self._installs is not None:
            self._tokens = Tokens(self._installs, settings.client_id, settings.client_secret, settings.api, clock)
        self._clients = Clients(settings, self._tokens.of if self._tokens else None)
        self.chat = SlackChat(self._clients)
        directory = Directory(self._clients)
        self._homes = Homes(self._clients, desk, clock, directory)
        self.chat.on_told = self._homes.changed
        forget = self._installs.forget if self._installs else None
        events = Events(desk, clock, metronome, self._homes, directory, forget)
        bolt = AsyncApp(
            logger=logging.getLogger("slack"),
            client=self._clients.speaking(None),
            signing_secret=settings.signing_secret or "unused over a socket",
            authorize=cast("Any", self._tokens.authorize if self._tokens else self._clients.authorize()),
            process_before_response=True,
            user_facing_authorize_error_message=courtesies.not_here(),
        )
        self._app = SlackApp(
            bolt,
            desk,
            clock,
            metronome,
            Answers(self._clients, self.chat),
            self._homes,
            events,
            directory,
        )
        self._line = Line(bolt, self._clients, settings.app_token) if settings.connect == "socket" else None
        self.address = ""
        self._meeting: asyncio.Task[None] | None = None
        self._server: Server | None = None
        if self._line is None:
            flow = self._oauth(settings, desk, clock)
            self._server = Server(bolt, flow, settings.listen, settings.port, metronome.is_beating)

    def _oauth(self, settings: Slack, desk: Desk, clock: Clock) -> AsyncOAuthFlow | None:
        if self._installs is None:
            return None
        return oauth_flow(settings, list(SCOPES), self._installs, States(desk, clock), self._clients.speaking(None))

    async def start(self) -> None:
        """Connect, or listen; raises OSError where the port can't be had."""
        if self._installs is not None and len(self._settings.keys) > 1:
            log.info("%d installations are sealed with the newest key", await self._installs.async_reseal())
        if self._installs is None:
            self._meeting = asyncio.create_task(self._clients.meet(self._met))
        if self._line is not None:
            self._line.start()
        if self._server is not None:
            self.address = await self._server.start()
            log.info("Slack's requests are awaited at %s", self.address)

    async def _met(self, team: str) -> None:
        """Note that where Slack takes our token, the app is not taken out, or is there again."""

        def is_back() -> None:
            with self._desk.store.writing() as db:
                workspaces.workspace_back(db, PLATFORM, team, self._clock.now())

        await self._desk.do(is_back)

    async def fails(self) -> str:
        """Wait for ever: Slack is tried again and again, since a token may be given back its rights."""
        await asyncio.Event().wait()
        return ""

    async def rests(self) -> None:
        """Wait until every gesture that came in is answered."""
        await self._app.rest()

    async def stop(self) -> None:
        """Let the answers under way come to their end, hang up, and close every connection."""
        await self._app.stop()
        if self._meeting is not None:
            self._meeting.cancel()
            await asyncio.wait({self._meeting})
        if self._line is not None:
            await self._line.stop()
        if self._server is not None:
            await self._server.stop()
        await self._homes.stop()
        if self._tokens is not None:
            await self._tokens.close()
        await self._clients.close()
