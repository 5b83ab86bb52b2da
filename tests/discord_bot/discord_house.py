"""Halqa on the stand-in for Discord, in this process: the whole bot between a database and real sockets."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import cast
from discord_people import Person
from discord_town import Town

from bot.clock import Clock, Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.discord import app
from bot.discord.settings import Discord
from bot.discord.side import DiscordSide
from circles import outbox
from circles.effects import Act
from circles.rooms import circle_room
from storage import Store, deliveries, people, programmes
from storage.tables import Delivery

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

    async def later(self, **by: float) -> None:
        """Let time pass, and everything go out that is due then."""
        self.clock.move(self.clock.now() + timedelta(**by))
        for _beat in range(3):
            await self.beats()

    async def people(self, *names: str, **how: Any) -> list[Person]:
        """Some people of the server."""
        return [await self.town.person(name, **how) for name in names]

    def cast(self, guild: str = "") -> SimpleNamespace:
        """What cast.py needs to put people and programmes straight into the store; they are on the server already."""
        return SimpleNamespace(
            store=self.desk.store,
            platform="discord",
            workspace=guild or self.town.guild,
            zones={},
            now=self.clock.now(),
            rooms={},
            id_of=lambda who: self.town.people[who].id,
        )

    async def term(
        self, *, mentors: tuple[str, ...] = ("cleo",), mentees: tuple[str, ...] = ("dana",), **settings: Any
    ) -> tuple[int, int]:
        """A running programme that rana and sami organise, with one circle; gives the row ids of both."""
        await self.people("rana", "sami", organiser=True)
        await self.people(*mentors, *mentees)
        talk = self.cast()
        programme = cast.programme(talk, organisers=("rana", "sami"), **{"state": "running", **settings})
        return programme, cast.circle(talk, programme, mentors=mentors, mentees=mentees, name="Jasmine")

    async def goes(self, programme_id: int, *acts: Act) -> None:
        """Put acts about a programme into the outbox and let them go out, with what comes of it."""
        with self.desk.store.writing() as db:
            programme = programmes.get(db, programme_id)
            outbox.put(db, programme.workspace_id, acts, self.clock.now(), programme=programme.slug)
        for _beat in range(3):
            await self.beats()

    def known(self, name: str) -> int:
        """The row id of somebody."""
        with self.desk.store.writing() as db:
            here = people.workspace(db, "discord", self.town.guild).id
            return people.by_outside_id(db, here, self.town.people[name].id).id

    def states(self, *keys: str) -> list[str]:
        """How deliveries ended, by key."""
        with self.desk.store.writing() as db:
            rows = {row.key: row.state for row in db.execute(Delivery.__table__.select())}
        return [rows[key] for key in keys]

    def room(self, key: str) -> Any:
        """The row of a room."""
        with self.desk.store.writing() as db:
            return deliveries.room(db, people.workspace(db, "discord", self.town.guild).id, key)

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Keep the core's thread occupied, so that whatever is asked meanwhile has to wait, and is late."""
        free = threading.Event()
        work = self.desk._thread.submit(free.wait)
        try:
            with patch.object(app, "PATIENCE", 0.2):
                yield
        finally:
            free.set()
            work.result(timeout=60)


def at(circle: tuple[int, int]) -> str:
    """The key of a circle's room, by the row ids of its programme and itself."""
    return circle_room(*circle)


def built(
    store: Store, town: Town, *, clock: Clock | None = None, desk: Desk | None = None, pause: float = 0.01, **more: Any
) -> House:
    """Build a house in a town that nobody has opened yet; ``more`` are settings."""
    settings = Discord(**{"token": town.token, "api": town.api, "gateway": town.gateway, **more})
    desk, clock, chats = desk or Desk(store), clock or MovableClock(MONDAY), {}
    metronome = Metronome(desk, Courier(desk, chats), clock)
    side = DiscordSide(settings, desk, clock, metronome, pause=pause)
    chats[side.name] = side.chat
    side._client._connection.guild_ready_timeout = 0.05  # the library waits two seconds after the last server
    return House(town, desk, clock, metronome, side)


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[House]:
    """Let a house connect; at the end everything is put away, in the order of the composition root."""
    # On a busy machine an answer may be late, and only a test of lateness may see that, in the bot or in the town.
    await house.town.ask("limits", answer_ms=60_000)
    with patch.object(app, "PATIENCE", 60.0):
        await house.side.start()
        try:
            yield house
        finally:
            await _put_away(house)


async def _put_away(house: House) -> None:
    await house.metronome.rest()
    await house.side.stop()
    await house.metronome.rest()
    await house.desk.do(lambda: None)
    house.desk._thread.shutdown(wait=True)


@asynccontextmanager
async def housed(store: Store, town: Town, **how: Any) -> AsyncIterator[House]:
    """Open a house in a town (see built); people may act when it is connected."""
    async with opened(built(store, town, **how)) as house:
        async with asyncio.timeout(60):
            await house.side.connected()
            await house.side.told()
        yield house
