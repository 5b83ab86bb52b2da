"""Playing a term: the clock goes from event to event; what falls due is said, and those who answer do."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import Metronome, MovableClock
from bot.desk import Desk
from bot.local import cast, render
from bot.local.space import BOT, Space

log = logging.getLogger(__name__)
WEEK = timedelta(days=7)
FASTEST = 24.0 * 365  # hours of the workspace's time a second
SHORTEST_STEP = timedelta(seconds=1)
NOTHING_AHEAD = "Nothing is planned ahead yet."
SHOWN_EVERY = 0.1  # seconds between two pictures of the clock while it plays

Press = Callable[[str, str, str], Awaitable[None]]  # (person, message id, call)
Describe = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def clock_picture(
    now: datetime,
    due: datetime | None,
    *,
    is_movable: bool = True,
    is_playing: bool = False,
    is_lively: bool = False,
    speed: float = 0.0,
) -> dict[str, Any]:
    """Give a clock as the page reads it; ``due`` is when something happens next."""
    return {
        "now": render.instant(now),
        "movable": is_movable,
        "playing": is_playing,
        "lively": is_lively,
        "speed": speed,
        "next": {"at": render.instant(max(due, now)), "what": ""} if due else None,
        "ends": None,
    }


class Player:
    """Moves the clock of the local workspace, one thing at a time; nobody answers for those in ``watched``."""

    def __init__(
        self,
        desk: Desk,
        space: Space,
        clock: MovableClock,
        metronome: Metronome,
        press: Press,
        describe: Describe,
        watched: Mapping[str, int],
    ) -> None:
        self._desk = desk
        self._space = space
        self._clock = clock
        self._metronome = metronome
        self._press = press
        self._describe = describe
        self._watched = watched
        self._rng = Random(2027)
        self._unanswered: list[tuple[str, str]] = []
        self._moving = asyncio.Lock()
        self._playing: asyncio.Task[None] | None = None
        self._stuck_at: datetime | None = None
        self.is_lively = False
        self.speed = 168.0  # hours of the workspace's time a second; 0 is as fast as it goes
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

    async def turn(self, asked: Mapping[str, object]) -> str:
        """Do what a page asks of the clock; gives a sentence when it can't be done."""
        match asked.get("do"):
            case "next":
                return "" if await self.step() else NOTHING_AHEAD
            case "week":
                await self.week()
            case "play":
                speed = asked.get("speed", self.speed)
                if isinstance(speed, bool) or not isinstance(speed, int | float) or not math.isfinite(speed):
                    return "A speed is a number of hours a second."
                self.speed = min(max(0.0, float(speed)), FASTEST)
                if await self._desk.next_at(self._clock.now()) is None:
                    return NOTHING_AHEAD
                self.play()
            case "stop":
                await self.stop()
            case "lively":
                self.is_lively = asked.get("lively") is True
            case other:
                return f"The clock can't do “{str(other)[:40]}”."
        return ""

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
            if self._watched.get(person) or said is None:
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

    async def ended(self) -> None:
        """Wait until the clock stands by itself."""
        if self._playing is not None:
            await asyncio.wait({self._playing})

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
        try:
            while await (self._stroll() if self.speed else self.step()):
                if loop.time() - shown >= SHOWN_EVERY:
                    shown = loop.time()
                    await self._tell()
        except Exception:
            log.exception("playing stopped")
        finally:
            self._playing = None
            await self.show()

    async def _stroll(self) -> bool:
        """Go on at the speed that is set, for a moment or to the next event; says False when nothing lies ahead."""
        due = await self._desk.next_at(self._clock.now())
        if due is None:
            return False
        wait = (due - self._clock.now()) / timedelta(hours=self.speed)
        await asyncio.sleep(max(0.0, min(wait, SHOWN_EVERY)))
        if wait <= SHOWN_EVERY:
            return await self.step()
        async with self._moving:
            self._clock.move(self._clock.now() + timedelta(seconds=int(self.speed * SHOWN_EVERY * 3600)))
        return True

    async def picture(self) -> dict[str, Any]:
        """Give the clock as the page reads it."""
        picture = clock_picture(
            self._clock.now(),
            await self._desk.next_at(self._clock.now()),
            is_playing=self.is_playing,
            is_lively=self.is_lively,
            speed=self.speed,
        )
        return picture | await self._describe(picture)

    async def show(self) -> None:
        """Write the clock down and show it to every open page."""
        self._space.note_time(self._clock.now())
        await self._tell()

    async def _tell(self) -> None:
        self._space.tell_everybody({"type": "clock", "clock": await self.picture()})
