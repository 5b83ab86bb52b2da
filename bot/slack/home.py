"""The App Home: the same words as the bare command, drawn when somebody looks and again when something changes."""

import asyncio
import logging
from collections import OrderedDict

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


class Homes:
    """Draws the Home of those who have looked at theirs since the start."""

    def __init__(self, clients: Clients, desk: Desk, clock: Clock, directory: Directory) -> None:
        self._clients = clients
        self._desk = desk
        self._clock = clock
        self._directory = directory
        self._seen: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._waiting: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}
        self._drawing: set[asyncio.Task[None]] = set()

    async def opened(self, team: str, person: str) -> None:
        """Draw the Home of somebody who looks at it."""
        self._seen.setdefault((team, person), 0)
        self._seen.move_to_end((team, person))
        while len(self._seen) > MOST:
            self._turns.pop(self._seen.popitem(last=False)[0], None)
        task = asyncio.create_task(self._draw(team, person))
        self._drawing.add(task)
        task.add_done_callback(self._drawing.discard)
        await asyncio.wait({task}, timeout=PATIENCE)

    def changed(self, team: str, person: str) -> None:
        """Draw it again in a moment, where she has looked at it before."""
        key = (team, person)
        if key in self._seen and key not in self._waiting:
            self._waiting[key] = asyncio.create_task(self._soon(key))

    async def stop(self) -> None:
        """Draw no more."""
        tasks = [*self._waiting.values(), *self._drawing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _soon(self, key: tuple[str, str]) -> None:
        await asyncio.sleep(GATHER)
        self._waiting.pop(key, None)
        await self._draw(*key)

    async def _draw(self, team: str, person: str) -> None:
        """Draw what is true now; one drawing after the other, and once more where Slack is limited just now."""
        key = (team, person)
        self._seen[key] = self._seen.get(key, 0) + 1
        async with self._turns.setdefault(key, asyncio.Lock()):
            try:
                view = forms.home(await self._words(team, person))
                try:
                    await self._clients.call(team, "views_publish", user_id=person, view=view)
                except TryLater as later:
                    await asyncio.sleep(min(later.wait.total_seconds(), LONGEST_WAIT))
                    view = forms.home(await self._words(team, person))
                    await self._clients.call(team, "views_publish", user_id=person, view=view)
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
