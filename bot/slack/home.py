"""The App Home: the same words as the bare command, drawn when somebody looks and again when something changes."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

from bot.chat import TryLater
from bot.clock import Clock
from bot.desk import Desk
from bot.slack import failures, forms
from bot.slack.clients import Clients
from bot.slack.door import PLATFORM
from bot.slack.people import Directory
from circles import courtesies
from circles.effects import Reply
from circles.messages import Message
from circles.turn import Call

log = logging.getLogger(__name__)
MOST = 5000  # people whose Home is kept up to date; who is past that sees it anew when she opens it
PATIENCE = 1.5  # seconds in which a Home is drawn before the event that asks for it is acknowledged all the same
LONGEST_WAIT = 60.0  # seconds that a drawing waits for a limit to end; after that the next change draws it
GATHER = 0.3  # seconds in which several changes make one drawing
Key = tuple[str, str]  # a workspace and a person


class Homes:
    """Draws the Home of those who have looked at theirs since the start."""

    def __init__(self, clients: Clients, desk: Desk, clock: Clock, directory: Directory) -> None:
        self._clients = clients
        self._desk = desk
        self._clock = clock
        self._directory = directory
        self._seen: OrderedDict[Key, None] = OrderedDict()
        self._gathering: set[Key] = set()
        self._put_off: set[Key] = set()
        self._turns: dict[Key, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def opened(self, team: str, person: str) -> None:
        """Draw the Home of somebody who looks at it."""
        self._seen[team, person] = None
        self._seen.move_to_end((team, person))
        while len(self._seen) > MOST:
            self._turns.pop(self._seen.popitem(last=False)[0], None)
        await asyncio.wait({self._begin(self._draw(team, person))}, timeout=PATIENCE)

    def changed(self, team: str, person: str) -> None:
        """Draw it again in a moment, where she has looked at it before."""
        key = (team, person)
        if key in self._seen and key not in self._gathering:
            self._gathering.add(key)
            self._begin(self._soon(key))

    async def stop(self) -> None:
        """Draw no more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _soon(self, key: Key) -> None:
        await asyncio.sleep(GATHER)
        self._gathering.discard(key)
        await self._draw(*key)

    async def _later(self, key: Key, wait: float) -> None:
        await asyncio.sleep(wait)
        self._put_off.discard(key)
        await self._draw(*key, is_last=True)

    async def _draw(self, team: str, person: str, *, is_last: bool = False) -> None:
        """Draw what is true now, one drawing after the other; what Slack does not take now, it gets once more later."""
        key = (team, person)
        async with self._turns.setdefault(key, asyncio.Lock()):
            try:
                view = forms.home(await self._words(team, person))
                await self._clients.call(team, "views_publish", user_id=person, view=view)
            except TryLater as later:
                log.info("the Home of %s was not drawn: %s", person, later)
                if not is_last and key not in self._put_off:
                    self._put_off.add(key)
                    self._begin(self._later(key, min(later.wait.total_seconds(), LONGEST_WAIT)))
            except failures.TROUBLE as problem:
                log.info("the Home of %s was not drawn: %s", person, failures.named(problem))
            except Exception:
                log.exception("the Home of %s was not drawn", person)

    async def _words(self, team: str, person: str) -> Message:
        known = await self._directory.of(team, person)
        if known.kind in {"stranger", "bot"}:
            return courtesies.stranger()
        call = Call(PLATFORM, team, person, "circle home", "", name=known.name, zone=known.zone, locale=known.locale)
        answers = await self._desk.look(call, self._clock.now())
        return Message(tuple(b for one in answers if isinstance(one, Reply) for b in one.message.blocks))
