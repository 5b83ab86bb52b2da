"""The Discord side, put together: settings become a client, a command tree, a chat, and the connection kept up."""

import asyncio
import logging
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.discord import failures, tree
from bot.discord.app import PLATFORM, DiscordApp
from bot.discord.chat import DiscordChat
from bot.discord.failures import Breaker
from bot.discord.homes import NAME, Homes
from bot.discord.settings import Discord
from bot.discord.suggestions import Suggestions
from bot.discord.whose import Whose
from circles import commands, workspaces
from storage import people, safe

log = logging.getLogger(__name__)
TREES = "discord trees"
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
        Route.BASE = settings.api
        if settings.gateway:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)
        self._settings = settings
        self._desk = desk
        self._clock = clock
        self._client = _client(settings)
        self._tree = app_commands.CommandTree(self._client)
        breaker = Breaker(lambda: asyncio.get_running_loop().time())
        self._homes = Homes(self._client, desk, clock)
        self.chat = DiscordChat(self._client, desk, clock, self._homes, breaker)
        self._app = app = DiscordApp(desk, clock, metronome, self.chat, self._homes, Whose(desk), breaker)
        for group in tree.commands(commands.table(), app.on_call, Suggestions(desk).offer):
            self._tree.add_command(group)
        self._tree.error(app.on_trouble)
        self._first_pause = self._pause = pause
        self._running: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._listen(app)

    def _listen(self, app: DiscordApp) -> None:
        client = self._client

        async def on_interaction(interaction: discord.Interaction[Any]) -> None:
            await app.on_interaction(interaction)

        async def on_ready() -> None:  # may come many times
            log.info("connected to Discord: %d servers", len(client.guilds))
            self._pause = self._first_pause
            await self._desk.do(self._look_round, {str(guild.id) for guild in client.guilds})
            await self._look_for_homes()
            self._ready.set()

        async def on_guild_join(guild: discord.Guild) -> None:
            await self._desk.do(self._back, str(guild.id), guild.name)

        async def on_guild_remove(guild: discord.Guild) -> None:
            await self._desk.do(self._left, str(guild.id))

        for listener in (on_interaction, on_ready, on_guild_join, on_guild_remove):
            client.event(listener)

    def _look_round(self, there: set[str]) -> None:
        """Take notice of servers that we were taken out of, or asked in again, while we were away."""
        with self._desk.store.writing() as db:
            for known in people.workspaces_on(db, PLATFORM):
                if known.outside_id in there:
                    workspaces.workspace_back(db, PLATFORM, known.outside_id, self._clock.now())
                else:
                    workspaces.workspace_left(db, PLATFORM, known.outside_id, self._clock.now())

    async def _look_for_homes(self) -> None:
        """Say for each server where rooms could not be opened, so that somebody hears of it before a circle does."""
        for guild in self._client.guilds:
            if not guild.unavailable and await self._homes.in_server(guild) is None:
                log.warning(
                    "server %s has no channel in which rooms can be opened: give Halqa View Channels, Create Private "
                    "Threads and Send Messages in Threads in a channel called %s",
                    guild.id,
                    NAME,
                )

    def _back(self, guild: str, name: str) -> None:
        with self._desk.store.writing() as db:
            people.workspace(db, PLATFORM, guild, name=name)
            workspaces.workspace_back(db, PLATFORM, guild, self._clock.now())

    def _left(self, guild: str) -> None:
        with self._desk.store.writing() as db:
            workspaces.workspace_left(db, PLATFORM, guild, self._clock.now())

    async def start(self) -> None:
        """Begin to connect."""
        self._running = asyncio.create_task(self._run())

    async def connected(self) -> None:
        """Wait until Discord has told of its servers."""
        await self._ready.wait()

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
        await self._client.close()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before

    async def _run(self) -> None:
        while True:
            try:
                await self._client.login(self._settings.token)
                await self._sync()
                await self._client.connect(reconnect=True)
            except discord.LoginFailure:
                log.error("Discord does not take the token. Look at it with halqa check, and start Halqa again")  # noqa: TRY400 - the sentence says it all
                return
            except discord.PrivilegedIntentsRequired:
                log.error("Discord refuses what we ask to hear; look at the page Bot of the Developer Portal")  # noqa: TRY400 - as above
                return
            except Exception as problem:  # noqa: BLE001 - whatever it was, being away for good is worse
                log.warning(
                    "Discord can't be reached yet (%s); trying again in %d s", type(problem).__name__, self._pause
                )
            else:
                return  # closed by us
            await self._hang_up()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _hang_up(self) -> None:
        """Let the library begin anew: it opens a session at every login, and ends none."""
        await self._client.close()
        self._client.clear()
        self._client.loop = asyncio.get_running_loop()
        self._client.http.connector = discord.utils.MISSING

    async def _sync(self) -> None:
        """Tell Discord of the commands where they have changed since it was told last."""
        await self._tree.set_translator(tree.Gettext())
        sent = tree.fingerprint(await tree.payload(self._tree))
        key = str(self._client.application_id)
        told = await self._tree.fetch_commands()
        are_there = {group.name for group in self._tree.get_commands()} <= {command.name for command in told}
        if self._settings.sync and not (are_there and await self._desk.do(self._last_sent, key) == sent):
            told = await self._tree.sync()
            await self._desk.do(self._keep_sent, key, sent)
            log.info("told Discord of %d commands", len(told))
        self.chat.command_ids = {command.name: command.id for command in told}

    def _last_sent(self, application: str) -> str | None:
        with self._desk.store.writing() as db:
            return safe.get(db, TREES, application)

    def _keep_sent(self, application: str, fingerprint: str) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, TREES, application, fingerprint, self._clock.now())


def _client(settings: Discord) -> discord.Client:
    how: dict[str, Any] = {
        # Servers and their channels only: no messages, no members, no presences.
        "intents": discord.Intents(guilds=True),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "http_trace": failures.trace(),
    }
    if settings.application_id:
        how["application_id"] = int(settings.application_id)
    if settings.shards:
        return discord.AutoShardedClient(shard_count=settings.shards, **how)
    return discord.Client(**how)
