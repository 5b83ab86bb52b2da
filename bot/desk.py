"""The core at one desk: its work is done in one thread, one call after the other, so the event loop never waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from circles import commands, tick
from circles.effects import Answer
from circles.turn import Call
from storage import Store, deliveries

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Where calls and ticks are taken to the core."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="core")

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in the core's thread and wait for what it gives."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))

    async def answer(self, call: Call, now: datetime) -> tuple[Answer, ...]:
        """Take a call to the core."""
        return await self.do(commands.run, self.store, call, now)

    async def look(self, call: Call, now: datetime) -> tuple[Answer, ...]:
        """Take a call to the core that is asked again and again, and whose answer is kept for nobody."""
        return await self.do(commands.look, self.store, call, now)

    async def tick(self, now: datetime) -> tick.Ticked:
        """Ask the core what is due."""
        return await self.do(tick.tick, self.store, now)

    async def next_at(self, now: datetime) -> datetime | None:
        """Ask the core when something is due next."""
        return await self.do(tick.next_at, self.store, now)

    def last_tick(self) -> datetime | None:
        """Give when the core was asked last what is due; for use inside ``do``."""
        with self.store.writing() as db:
            return deliveries.last_beat(db, "tick")

    def close(self) -> None:
        """Finish the work begun and let go of the database."""
        self._thread.shutdown(wait=True)
        self.store.close()
