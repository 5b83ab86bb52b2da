"""The Discord side, put together: settings become a client, a command tree, a chat, and the connection kept up."""

import asyncio
import logging
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.discord import failures, hearing, tree
from bot.discord.app import DiscordApp
from bot.discord.chat import DiscordChat
from bot.discord.failures import Breaker, Pace
from bot.discord.homes import Homes
from bot.discord.servers import Servers
from bot.discord.settings import API, PLATFORM, Discord
from bot.discord.suggestions import Suggestions
from bot.discord.telling import Telling
from bot.discord.whose import Whose
from circles import commands

log = logging.getLogger(__name__)
NOT_BEGUN = discord.client._loop  # noqa: SLF001 - the loop of a client that has not logged in, by which login knows it
AWAY = (OSError, aiohttp.ClientError, discord.DiscordException, TimeoutError)
# The codes with which Discord closes a connection that it never takes like this.
FOR_GOOD = {
    4004: "Discord does not take the token. Look at it with halqa check, and start Halqa again",
    4010: "Discord does not take this number of shards. Look at shards under [discord], and start Halqa again",
    4011: "Discord asks for more shards: Halqa is in many servers. Write shards under [discord], and start Halqa again",
    4012: "Discord speaks this version of its gateway no more. Install a newer Halqa",
    4013: "Discord does not understand what we ask to hear. Install a newer Halqa",
    4014: "Discord refuses what we ask to hear; look at the page Bot of the Developer Portal",
}
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between two tries to connect
GRACE = 5.0  # seconds that answers under way have at the end


class DiscordSide:
    """Discord: a gateway connection that hears of servers and gestures, and nothing of what people write."""

    name = PLATFORM

    def __init__(
        self, settings: Discord, desk: Desk, clock: Clock, metronome: Metronome, *, pause: float = FIRST_PAUSE
    ) -> None:
        # The library keeps both addresses for the whole process; there is one Discord in ours.
        self._before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
        _connect_by(hearing.Line)
        Route.BASE = settings.api
        if settings.gateway:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)
        self._settings = settings
        breaker, self._pace = Breaker(_loop_time), Pace(_loop_time)
        self._client = client = _client(settings, failures.trace(breaker, self._pace))
        homes = Homes(client, desk, clock)
        self.chat = DiscordChat(client, desk, clock, homes, breaker)
        self._app = DiscordApp(desk, clock, metronome, self.chat, homes, Whose(desk))
        known_commands = app_commands.CommandTree(client)
        for group in tree.commands(commands.table(), self._app.on_call, Suggestions(desk).offer):
            known_commands.add_command(group)
        known_commands.error(self._app.on_trouble)
        self._telling = Telling(known_commands, self.chat, desk, clock, may_sync=settings.sync, pause=pause)
        self._first_pause = self._pause = pause
        self._servers = Servers(
            client, desk, clock, homes, application=settings.application_id, on_ready=self._rest_is_short
        )
        self._servers.listen()
        self._running: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._ended = asyncio.Event()
        self.has_failed = ""  # why Discord is given up for good, in a sentence for the operator

        @client.event
        async def on_interaction(interaction: discord.Interaction[Any]) -> None:
            await self._app.on_interaction(interaction)

    def _rest_is_short(self) -> None:
        self._pause = self._first_pause

    async def start(self) -> None:
        """Begin to connect."""
        self._running = asyncio.create_task(self._run())
        self._running.add_done_callback(_say_how_it_ended)

    async def connected(self) -> None:
        """Wait until Discord has told of its servers."""
        await self._servers.ready.wait()

    async def told(self) -> None:
        """Wait until Discord knows the commands."""
        await self._telling.done.wait()

    async def fails(self) -> str:
        """Wait until Discord is given up for good, and give why; where all goes well, this takes for ever."""
        await self._ended.wait()
        return self.has_failed

    async def rests(self) -> None:
        """Wait until every answer under way is given."""
        await self._app.rests()

    async def stop(self) -> None:
        """Let answers under way be given, and hang up."""
        try:
            async with asyncio.timeout(GRACE):
                await self.rests()
        except TimeoutError:
            log.warning("answers on Discord took longer than %d s and are left", GRACE)
        self._is_stopping = True
        if self._client.loop is not NOT_BEGUN:
            await self._close()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
        await self._servers.stop()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before
        _connect_by(DiscordWebSocket)

    async def _run(self) -> None:
        while not self._is_stopping:
            why = "it closed the connection"
            try:
                await self._connect()
            except Exception as problem:
                if self._is_stopping:
                    return
                self.has_failed = _for_good(problem)
                if self.has_failed:
                    log.error(self.has_failed)  # noqa: TRY400 - the sentence says it all
                    self._ended.set()
                    return
                if not isinstance(problem, AWAY):
                    log.exception("the connection to Discord broke")
                why = type(problem).__name__
            if self._is_stopping:
                return
            log.warning("Discord can't be reached yet (%s); trying again in %d s", why, self._pause)
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> None:
        """Log in, stay connected until that ends, and hang up."""
        telling: asyncio.Task[None] | None = None
        try:
            await self._client.login(self._settings.token)
            await self._find_gateway()
            telling = asyncio.create_task(self._telling.run())
            await self._client.connect(reconnect=True)
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.wait({telling})
            await self._hang_up()

    async def _find_gateway(self) -> None:
        """Ask an API that is not Discord's own where its gateway is, unless that was said."""
        if not self._settings.gateway and self._settings.api != API:
            _shards, address, _limit = await self._client.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)

    async def _hang_up(self) -> None:
        """Let the library begin anew: it opens a session at every login, and ends none."""
        await self._close()
        self._client.clear()
        self._client.loop = NOT_BEGUN  # so that the next login makes new queues and events
        self._client.http.connector = discord.utils.MISSING

    async def _close(self) -> None:
        try:
            await self._client.close()
        except Exception:
            log.exception("hanging up on Discord broke")


def _for_good(problem: Exception) -> str:
    """Give the sentence for what no trying again can mend, or nothing."""
    match problem:
        case discord.LoginFailure():
            return FOR_GOOD[4004]
        case discord.PrivilegedIntentsRequired():
            return FOR_GOOD[4014]
        case discord.ConnectionClosed():
            return FOR_GOOD.get(problem.code, "")
        case _:
            return ""


def _say_how_it_ended(running: "asyncio.Task[None]") -> None:
    if not running.cancelled() and (problem := running.exception()) is not None:
        log.error("the connection to Discord is kept up no more; start Halqa again", exc_info=problem)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _connect_by(line: type[DiscordWebSocket]) -> None:
    for room in (discord.client, discord.shard):  # where the library makes connections, with shards and without
        vars(room)["DiscordWebSocket"] = line


def _client(settings: Discord, trace: aiohttp.TraceConfig) -> discord.Client:
    how: dict[str, Any] = {
        # Servers and their channels only: no messages, no members, no presences.
        "intents": discord.Intents(guilds=True),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "http_trace": trace,
    }
    if settings.application_id:
        how["application_id"] = int(settings.application_id)
    client = discord.AutoShardedClient(shard_count=settings.shards, **how) if settings.shards else discord.Client(**how)
    events = client._connection  # noqa: SLF001 - where the library looks up how to read one
    events.parsers = hearing.patient(events.parsers)
    return client
