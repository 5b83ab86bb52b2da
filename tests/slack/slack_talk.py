"""Conversations through Slack: the scripts of talk.py, each word over real sockets, seen on people's screens."""

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from slack_house import House, housed
from slack_person import Person
from slack_screen import Seen
from slack_town import Town
from talk import Talk

from bot.clock import MovableClock
from bot.slack.pace import Pace
from storage import people

TEAM = "demo"
Mark = tuple[int, str]


@dataclass
class SlackTalk(Talk):
    """A Slack workspace of people talking with the bot; the loop and the bot live in a thread of their own."""

    platform: str = "slack"
    workspace: str = TEAM
    connect: str = "http"
    _seen: dict[str, set[Mark]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack")
        self._thread.start()
        self._open = AsyncExitStack()
        self._people: dict[str, Person] = {}
        town = Town()
        town.add_workspace(TEAM, "xoxb-1-halqa")
        self._clock = MovableClock(self.now)
        self.house: House = self._do(
            self._open.enter_async_context(housed(self.store, connect=self.connect, clock=self._clock, town=town))
        )
        # A clock on which every message has waited long enough: these scripts are about words.
        self.house.side.chat._pace = Pace(itertools.count(0.0, 60.0).__next__)

    def close(self) -> None:
        """Stop the bot and its thread; afterwards nothing illegal may have been sent."""
        self._do(self._open.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        assert self.house.town.complaints == []
        assert self.house.town.unacknowledged == []

    def _do(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(timeout=60)

    def person(self, who: str) -> Person:
        """Somebody of the workspace, whose id is what the scripts call her."""
        if who not in self._people:
            zone = self.zones.get(who)
            self.house.town.add_user(TEAM, who, name=who.capitalize(), **({"tz": zone} if zone else {"tz": ""}))
            self._people[who] = self.house.way.person(TEAM, who)
        return self._people[who]

    def says(self, who: str, line: str, *, room: str = "", **unfit: Any) -> None:
        """Type a command as she would in Slack."""
        assert not unfit, f"nobody can do this in Slack: {unfit}"
        command = line if line.startswith("/") else f"/{line}"
        self._acts(who, lambda person: person.types(command, channel=room or None))

    def presses(self, who: str, label: str) -> None:
        """Press the newest button with this label that she sees."""
        self._acts(who, lambda person: person.presses(label))

    def fills(self, who: str, **answers: str) -> None:
        """Fill the form that is open and send it."""
        self._acts(who, lambda person: person.fills(answers))

    def _acts(self, who: str, act: Callable[[Person], Awaitable[None]]) -> None:
        for known in self._everybody():
            self.person(known)
        person = self.person(who)
        self._seen[who] = self._marks_of(person)
        self._clock.move(self.now)
        self._do(self._act(person, act))

    async def _act(self, person: Person, act: Callable[[Person], Awaitable[None]]) -> None:
        await act(person)
        await self.house.side.rests()
        await self.house.beats()

    @staticmethod
    def _marks_of(person: Person) -> set[Mark]:
        return {(id(seen.source), seen.words) for seen in person.sees()}

    def _news(self, who: str) -> list[Seen]:
        person, known = self.person(who), self._seen.get(who, set())
        return [
            *(seen for seen in person.sees() if (id(seen.source), seen.words) not in known),
            *filter(None, [person.modal]),
        ]

    def hears(self, who: str, words: str) -> Seen:
        """Assert that something on her screen that was not there before her last act says this."""
        for seen in reversed(self._news(who)):
            if words in seen.words or words in " ".join(self.person(who).errors.values()):
                return seen
        since = "\n---\n".join(seen.words for seen in self._news(who))
        raise AssertionError(f"{who} did not hear {words!r}. She sees:\n{since}\n{self.person(who).errors}")

    def never_hears(self, who: str, words: str) -> None:
        """Assert that nothing she can see on Slack says this."""
        for seen in self.person(who).sees():
            assert words not in seen.words, f"{who} heard {words!r} in:\n{seen.words}"

    def forgets(self) -> None:
        """Look only at what comes from now on."""
        self._seen = {who: self._marks_of(person) for who, person in self._people.items()}

    def delivers(self) -> None:
        """Let everything go out that is due now."""
        self._clock.move(self.now)
        for who in self._everybody():
            self.person(who)
        self._do(self.house.beats())

    def _everybody(self) -> list[str]:
        with self.store.writing() as db:
            return [one.outside_id for one in people.everybody(db, people.workspace(db, "slack", TEAM).id)]
