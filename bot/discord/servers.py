"""The servers in which Halqa is: noted as they come and go, looked at whenever the connection is made anew."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

import discord

from bot.clock import Clock
from bot.desk import Desk
from bot.discord.homes import NAME, Homes
from bot.discord.settings import PLATFORM
from circles import workspaces
from storage import people, safe

log = logging.getLogger(__name__)
APPLICATION = "discord application"  # whose servers the database knows


class Servers:
    """Notes them in the store; another application's token makes it note nothing."""

    def __init__(
        self,
        client: discord.Client,
        desk: Desk,
        clock: Clock,
        homes: Homes,
        *,
        application: str,
        on_ready: Callable[[], None],
    ) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock
        self._homes = homes
        self._named = application  # by the operator, who means it
        self._on_ready = on_ready
        self._is_ours = True
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self.ready = asyncio.Event()

    def listen(self) -> None:
        """Hear of servers from now on."""

        async def on_ready() -> None:  # may come many times
            await self._following(self._look_round)

        async def on_guild_join(guild: discord.Guild) -> None:
            await self._following(self._desk.do, self._back, str(guild.id), guild.name)

        async def on_guild_remove(guild: discord.Guild) -> None:
            await self._following(self._desk.do, self._left, str(guild.id))

        for listener in (on_ready, on_guild_join, on_guild_remove):
            self._client.event(listener)

    async def stop(self) -> None:
        """Leave what is being noted: the next start looks round again."""
        self._is_stopping = True
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _following(self, note: Callable[..., Awaitable[None]], *about: Any) -> None:
        if self._is_stopping:
            return
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._under_way.add(task)
        try:
            await note(*about)
        finally:
            self._under_way.discard(task)

    async def _look_round(self) -> None:
        log.info("connected to Discord: %d servers", len(self._client.guilds))
        self._on_ready()
        try:
            application = str(self._client.application.id if self._client.application else "")
            there = {str(guild.id) for guild in self._client.guilds}
            self._is_ours = await self._desk.do(self._compare, application, there)
            if not self._is_ours:
                log.error(
                    "This token is of another application (%s) than the one that this database is about, so servers "
                    'are not compared. Use its own token; or write application_id = "%s" under [discord] if the new '
                    "one is to take its place",
                    application,
                    application,
                )
            for guild in await self._homes.missing(self._client.guilds):
                log.warning(
                    "server %s has no channel in which rooms can be opened: give Halqa View Channels, Create Private "
                    "Threads and Send Messages in Threads in a channel called %s",
                    guild.id,
                    NAME,
                )
        finally:
            self.ready.set()

    def _compare(self, application: str, there: set[str]) -> bool:
        """Take notice of servers that we were taken out of, or asked in again, while we were away.

        Says whether the servers in the database are this application's.
        """
        now = self._clock.now()
        with self._desk.store.writing() as db:
            if safe.get(db, APPLICATION, "id") not in {None, application} and self._named != application:
                return False
            safe.put(db, APPLICATION, "id", application, now)
            for known in people.workspaces_on(db, PLATFORM):
                if known.outside_id in there:
                    workspaces.workspace_back(db, PLATFORM, known.outside_id, now)
                else:
                    workspaces.workspace_left(db, PLATFORM, known.outside_id, now)
        return True

    def _back(self, guild: str, name: str) -> None:
        with self._desk.store.writing() as db:
            people.workspace(db, PLATFORM, guild, name=name)
            workspaces.workspace_back(db, PLATFORM, guild, self._clock.now())

    def _left(self, guild: str) -> None:
        if not self._is_ours:
            return
        with self._desk.store.writing() as db:
            workspaces.workspace_left(db, PLATFORM, guild, self._clock.now())
