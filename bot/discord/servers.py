"""The servers in which Halqa is: noted as they come and go, looked at whenever the connection is made anew."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

import discord

from bot.clock import Clock
from bot.desk import Desk
from bot.discord.homes import NAME, Homes
from bot.discord.settings import PLATFORM
from circles import workspaces
from storage import people, safe

log = logging.getLogger(__name__)
NOT_IN_IT = {10004, 50001}  # unknown server, missing access: what only speaks as Discord may answer 403 or 404 besides
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
        self._there: set[str] | None = None  # the servers that were there when we last looked round, or came since
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self.ready = asyncio.Event()

    def listen(self) -> None:
        """Hear of servers from now on."""

        async def on_ready() -> None:  # may come many times
            await self._following(self._look_round)

        async def on_guild_join(guild: discord.Guild) -> None:
            await self._following(self._came, guild)

        async def on_guild_available(guild: discord.Guild) -> None:
            if self._is_ours and self._there is not None and str(guild.id) not in self._there:
                await self._following(self._came, guild)

        async def on_guild_remove(guild: discord.Guild) -> None:
            if self._there is not None:
                self._there.discard(str(guild.id))
            await self._following(self._desk.do, self._left, str(guild.id))

        for listener in (on_ready, on_guild_join, on_guild_available, on_guild_remove):
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

    async def _came(self, guild: discord.Guild) -> None:
        if self._there is not None:
            self._there.add(str(guild.id))
        await self._desk.do(self._back, str(guild.id), guild.name)

    async def _look_round(self) -> None:
        log.info("connected to Discord: %d servers", len(self._client.guilds))
        self._on_ready()
        try:
            application = str(self._client.application.id if self._client.application else "")
            self._there = {str(guild.id) for guild in self._client.guilds}
            missed = await self._desk.do(self._compare, application, frozenset(self._there))
            self._is_ours = missed is not None
            if missed is None:
                log.error(
                    "This token is of another application (%s) than the one that this database is about, so servers "
                    'are not compared. Use its own token; or write application_id = "%s" under [discord] if the new '
                    "one is to take its place",
                    application,
                    application,
                )
            for absent in missed or ():
                if absent not in self._there and await self._is_left(absent):
                    await self._desk.do(self._left, absent)
            for guild in await self._homes.missing(self._client.guilds):
                log.warning(
                    "server %s has no channel in which rooms can be opened: give Halqa View Channels, Create Private "
                    "Threads and Send Messages in Threads in a channel called %s",
                    guild.id,
                    NAME,
                )
        finally:
            self.ready.set()

    async def _is_left(self, server: str) -> bool:
        """Ask whether we were taken out of a server of which Discord did not tell: it may only be unwell."""
        try:
            await self._client.http.get_guild(int(server), with_counts=False)
        except Exception as problem:  # noqa: BLE001 - whatever else it was, the next time that we look round tells
            if isinstance(problem, discord.HTTPException) and problem.code in NOT_IN_IT:
                return True
            log.warning("nobody knows whether we are still in server %s (%s)", server, type(problem).__name__)
        else:
            log.warning("Discord has not told of server %s, in which we are; it may do so yet", server)
        return False

    def _compare(self, application: str, there: Collection[str]) -> list[str] | None:
        """Take notice of servers that we were asked in again while we were away; gives those that may have been left.

        None where the servers in the database are not this application's.
        """
        now = self._clock.now()
        with self._desk.store.writing() as db:
            if safe.get(db, APPLICATION, "id") not in {None, application} and self._named != application:
                return None
            safe.put(db, APPLICATION, "id", application, now)
            every = people.workspaces_on(db, PLATFORM)
            for known in every:
                if known.outside_id in there:
                    workspaces.workspace_back(db, PLATFORM, known.outside_id, now)
            return [one.outside_id for one in every if one.left_at is None and one.outside_id not in there]

    def _back(self, guild: str, name: str) -> None:
        with self._desk.store.writing() as db:
            people.workspace(db, PLATFORM, guild, name=name)
            workspaces.workspace_back(db, PLATFORM, guild, self._clock.now())

    def _left(self, guild: str) -> None:
        if not self._is_ours:
            return
        with self._desk.store.writing() as db:
            workspaces.workspace_left(db, PLATFORM, guild, self._clock.now())
