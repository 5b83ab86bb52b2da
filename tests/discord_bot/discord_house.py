"""Halqa on the stand-in for Discord, in this process: the whole bot between a database and real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from discord_town import Town

from bot.clock import Clock, Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.discord.settings import Discord
from bot.discord.side import DiscordSide
from storage import Store

MONDAY = datetime(2027, 2, 1, 9, tzinfo=UTC)


@dataclass
class House:
    """One running bot, and the town in which it is."""

    town: Town
    desk: Desk
    clock: Clock
    metronome: Metronome
    side: DiscordSide

    async def settles(self) -> None:
        """Let every answer under way be given, and everything go out that is due."""
        await self.side.rests()
        await self.beats()

    async def beats(self) -> None:
        """Let everything go out that is due."""
        await self.metronome.beat()


@asynccontextmanager
async def housed(store: Store, town: Town, *, clock: Clock | None = None, **more: object) -> AsyncIterator[House]:
    """Open a house in a town; people may act when it is connected."""
    settings = Discord(token=town.token, api=town.api, gateway=town.gateway, **more)
    desk, clock, chats = Desk(store), clock or MovableClock(MONDAY), {}
    metronome = Metronome(desk, Courier(desk, chats), clock)
    side = DiscordSide(settings, desk, clock, metronome)
    chats[side.name] = side.chat
    side._client._connection.guild_ready_timeout = 0.05  # the library waits two seconds after the last server
    await side.start()
    try:
        await side.connected()
        yield House(town, desk, clock, metronome, side)
    finally:
        await metronome.rest()
        await side.stop()
        await metronome.rest()
        await desk.do(lambda: None)
        desk._thread.shutdown(wait=True)
