"""Playing a term: the clock goes from event to event; what falls due is said, and those who answer do."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import Metronome, MovableClock
from bot.desk import Desk
from bot.local import cast, render
from bot.local.space import BOT, Space

log = logging.getLogger(__name__)
WEEK = timedelta(days=7)
SHORTEST_STEP = timedelta(seconds=1)
SHOWN_EVERY = 0.1  # seconds between two pictures of the clock while it plays

Press = Callable[[str, str, str], Awaitable[None]]  # (person, message id, call)
Describe = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Player:
    """Moves the clock of the local workspace, one thing at a time."""

    def __init__(
        self,
        desk: Desk,
        space: Space,
        clock: MovableClock,
        metronome: Metronome,
        press: Press,
        describe: Describe,
    ) -> None:
        self._desk = desk
        self._space = space
        self._clock = clock
        self._metronome = metronome
        self._press = press
        self._describe = describe
        self._rng = Random(2027)
        self._unanswered: list[tuple[str, str]] = []
        self._moving = asyncio.Lock()
        self._playing: asyncio.Task[None] | None = None
        self._stuck_at: datetime | None = None
        self.is_lively = False
        self.speed = 168.0  # hours of the workspace's time a second; 0 is as fast as it goes
        self.acting = ""
        space.listen(self._hear)

    @property
    def is_playing(self) -> bool:
        """Whether the clock is running by itself."""
        return self._playing is not None and not self._playing.done()

    def _hear(self, person: str, event: dict[str, Any]) -> None:
        if (
            person
            and event["type"] == "message"
            and not event["message"]["private"]
            and event["message"]["from"] == BOT
        ):
            self._unanswered.append((person, event["message"]["id"]))

    async def step(self, until: datetime | None = None) -> bool:
        """Go to the next event, at most to ``until``; says False when nothing lies ahead."""
        async with self._moving:
            now = self._clock.now()
            due = await self._desk.next_at(now)
            if due is None or (until is not None and due > until):
                if until is not None:
                    self._clock.move(until)
                    await self._metronome.beat()
                return False
            # What a rule has put off to this very instant must not hold the clock.
            self._clock.move(due if due > now else now + SHORTEST_STEP if self._stuck_at == now else due)
            self._stuck_at = self._clock.now()
            await self._metronome.beat()
            await self._let_answer()
            return True

    async def _let_answer(self) -> None:
        waiting, self._unanswered = self._unanswered, []
        if not self.is_lively:
            return
        for person, message_id in waiting:
            said = self._space.message(person, message_id)
            if person == self.acting or said is None:
                continue
            button = cast.choice(said.message, self._rng)
            if button is not None:
                await self._press(person, message_id, button.call)

    async def week(self) -> None:
        """Go on for a week, stopping at everything that falls due."""
        end = self._clock.now() + WEEK
        while await self.step(end):
            await self.show()
        await self.show()

    def play(self) -> None:
        """Let the clock run from event to event until nothing lies ahead."""
        if not self.is_playing:
            self._playing = asyncio.create_task(self._play())

    async def stop(self) -> None:
        """Let the clock stand."""
        if self._playing is not None:
            self._playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._playing
        self._playing = None
        await self.show()

    async def _play(self) -> None:
        shown = 0.0
        loop = asyncio.get_running_loop()
        began, stood = loop.time(), self._clock.now()
        try:
            while await self.step():
                if self.speed:
                    reached = (self._clock.now() - stood) / timedelta(hours=self.speed)
                    await asyncio.sleep(max(0.0, began + reached - loop.time()))
                if loop.time() - shown > SHOWN_EVERY:
                    shown = loop.time()
                    await self.show()
        except Exception:
            log.exception("playing stopped")
        finally:
            self._playing = None
            await self.show()

    async def picture(self) -> dict[str, Any]:
        """Give the clock as the page reads it."""
        now = self._clock.now()
        due = await self._desk.next_at(now)
        picture = {
            "now": render.instant(now),
            "playing": self.is_playing,
            "lively": self.is_lively,
            "speed": self.speed,
            "next": {"at": render.instant(max(due, now)), "what": ""} if due else None,
            "ends": None,
            "summary": "",
        }
        return picture | await self._describe(picture)

    async def show(self) -> None:
        """Write the clock down and show it to every open page."""
        self._space.note_time(self._clock.now())
        self._space.tell_everybody({"type": "clock", "clock": await self.picture()})
