"""The clock: what time it is, and the metronome that asks the core what is due and pumps the outbox."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.deliver import Courier
from bot.desk import Desk

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)
UNWELL = timedelta(minutes=3)  # without a tick; longer than a tick may take
SOON = 0.3  # seconds in which what several people do together is gathered into one beat
PATIENCE = 120.0  # seconds after which a tick that hangs is given up, so that the next one can run


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Give the present instant, in UTC."""
        ...


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Give the present instant, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until somebody moves it, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Give the instant at which the clock stands."""
        return self._now

    def move(self, to: datetime) -> None:
        """Move the clock; an earlier instant leaves it where it is."""
        self._now = max(self._now, to)


class Metronome:
    """Beats every few seconds: tick, then deliver; a beat that fails is logged, and the next one comes."""

    def __init__(
        self, desk: Desk, courier: Courier, clock: Clock, *, every: timedelta = EVERY, patience: float = PATIENCE
    ) -> None:
        self._every = every
        self._patience = patience
        self._desk = desk
        self._courier = courier
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._first: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None
        self._is_over = False
        # In memory only: what is due is the database's to know, never the scheduler's.
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin to beat, at once: what came due meanwhile need not wait for the first interval."""
        self._scheduler.add_job(
            self.beat,
            "interval",
            seconds=self._every.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._first = asyncio.get_running_loop().create_task(self.beat())

    def stop(self) -> None:
        """Stop beating."""
        self._is_over = True
        if self._next is not None:
            self._next.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def rest(self) -> None:
        """Stop beating, and let a beat that has begun come to its end first."""
        if self._scheduler.running:
            self._scheduler.pause()
        async with self._one_at_a_time:
            self.stop()

    def soon(self) -> None:
        """Beat in a moment, after the beat under way; asked for many times, it beats once."""
        if self._next is None and not self._is_over:
            self._next = asyncio.get_running_loop().create_task(self._beat_next())

    async def _beat_next(self) -> None:
        await asyncio.sleep(SOON)
        self._next = None  # what is done from here on asks for another
        await self.beat()

    async def is_beating(self) -> bool:
        """Say whether a tick came to its end lately; a bot that does not tick is not well, whatever else it does."""
        last = await self._desk.do(self._desk.last_tick)
        return last is not None and self._clock.now() - last < UNWELL

    async def beat(self) -> None:
        """Tick and deliver now."""
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(self._patience):
                    await self._desk.tick(self._clock.now())
                    # Looked at again: a lease must not begin before a long tick.
                    await self._courier.pump(self._clock.now())
            except Exception:
                log.exception("a beat failed; the next one tries again")
