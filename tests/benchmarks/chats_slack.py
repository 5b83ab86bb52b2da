"""Slack's part of the chat benchmarks: slash commands by signed HTTP, and a whole term through the adapter."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from slack_gestures import Gestures, Heard, Request
from slack_house import SECRET, TEAM, TOKEN, House, housed
from slack_person import Person
from slack_things import Post
from slack_town import Town
from slack_web_api import serving
from slack_words import elements_of

from bot import demo
from bot.clock import MovableClock
from bot.local import cast
from circles.messages import Button, Buttons, Message
from storage import Store, migrate, open_store, people
from tests.benchmarks import chat_load, core, crowd
from tests.benchmarks.chat_load import Load, Program, program
from tests.benchmarks.figures import Figure

SHORTEST_STEP = timedelta(seconds=1)
ENOUGH = 500  # messages of a term; less was no term
TERM_BEGINS = datetime(2027, 2, 1, 9, tzinfo=UTC)


# -- slash commands ----------------------------------------------------------------------------------------


class Ears(Town):
    """A town that notes when words come back by a response_url; every gesture is made in a channel of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, Callable[[], None]] = {}

    def say(self, team: str, channel: str, text: str, blocks: list[dict[str, Any]], **more: Any) -> Post:
        if (told := self.waiting.pop(channel, None)) is not None:
            told()
        return super().say(team, channel, text, blocks, **more)


class Typists:
    """Many people who type slash commands, as signed requests to one bot."""

    def __init__(self, town: Ears, session: aiohttp.ClientSession, url: str, people: list[str]) -> None:
        self._town, self._session, self._url = town, session, url
        self._gestures = Gestures(town, url, SECRET)
        self._asked_by = chat_load.asked_by(people)
        self.goals = self.later = 0

    async def types(self, number: int, acknowledged: Callable[[], None]) -> None:
        """Type the command of this number; it is told when its words are there."""
        user, line = self._asked_by(number)
        channel, told = f"D{self._town.number():08d}", asyncio.Event()
        self._town.waiting[channel] = told.set
        command, _, words = f"/{line}".partition(" ")
        payload = {
            "token": "town",
            "team_id": TEAM,
            "team_domain": TEAM.lower(),
            "channel_id": channel,
            "channel_name": "directmessage",
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": words,
            "api_app_id": self._town.app_id,
            "is_enterprise_install": "false",
            "response_url": self._town.response_url(TEAM, channel, user),
            "trigger_id": self._town.trigger(TEAM, user),
        }
        request = self._gestures.signed("slash_commands", payload)
        async with self._session.post(self._url, data=request.body.encode(), headers=request.headers) as heard:
            answer = await heard.text()
            if heard.status != 200:
                raise ValueError(f"the answer was {heard.status}")
        acknowledged()
        if answer:
            self._town.waiting.pop(channel, None)
        else:
            self.later += 1
            await told.wait()
        self.goals += "Kept as goal" in answer


def free_port() -> int:
    """Give a port that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def _until_it_listens(running: Program, port: int, session: aiohttp.ClientSession) -> float:
    async def listens() -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{port}/health"):
                return True
        except aiohttp.ClientError:
            return False

    return await running.until(listens)


@asynccontextmanager
async def _town(people: list[str]) -> AsyncIterator[tuple[Ears, aiohttp.ClientSession]]:
    town = Ears()
    town.add_workspace(TEAM, TOKEN)
    for user in people:
        town.add_user(TEAM, user, name=f"Person {user}")
    connector = aiohttp.TCPConnector(limit=0)
    # No limit: whoever waits in a queue of ours would not be counted as the bot's.
    async with serving(town), aiohttp.ClientSession(connector=connector) as session:
        yield town, session


async def commands(folder: Path, rate: float, seconds: float) -> AsyncIterator[Figure]:
    """Type so many commands a second: to a bare bot half of the time, to Halqa, and to the bare bot again."""
    people = chat_load.furnish(folder, "slack", TEAM, lambda known: f"U{known:06d}")
    ours_at, bare_at = free_port(), free_port()
    async with _town(people) as (town, session):
        config = folder / "config.toml"
        config.write_text(
            f'[store]\ndatabase = "halqa.db"\n[local]\nenabled = false\n'
            f'[slack]\nconnect = "http"\nport = {ours_at}\napi = "{town.api}"\n',
            "utf-8",
        )
        secrets = {"HALQA_SLACK_BOT_TOKEN": TOKEN, "HALQA_SLACK_SIGNING_SECRET": SECRET}
        words = ("bot.cli", "run", "--config", str(config))
        with (
            program(folder / "bare.log", "tests.benchmarks.bare_bots", "slack", town.api, str(bare_at)) as bare,
            program(folder / "bot.log", *words, **secrets) as ours,
        ):
            await _until_it_listens(bare, bare_at, session)
            yield Figure("Slack: start until it listens", await _until_it_listens(ours, ours_at, session))
            await ours.rests()
            typists = [
                Typists(town, session, f"http://127.0.0.1:{port}/slack/events", people) for port in (bare_at, ours_at)
            ]
            least, mine = Load(), Load()
            least.add(await chat_load.open_loop(rate, seconds / 2, typists[0].types, bare))
            mine.add(await chat_load.open_loop(rate, seconds, typists[1].types, ours))
            least.add(await chat_load.open_loop(rate, seconds / 2, typists[0].types, bare))
            peaks = ours.peak, bare.peak
        for figure in chat_load.load_figures(f"Slack, {rate:g} commands a second for {seconds:g} s", mine, least):
            yield figure
        yield Figure("Slack: acknowledged empty, the words came later", typists[1].later, None, "")
        yield Figure("Slack: peak memory", *peaks, "MiB")
        yield Figure("Slack: complaints of the stand-in", len(town.complaints), None, "")
        for complaint in sorted(set(town.complaints))[:5]:
            print(f"Slack: a complaint: {complaint}", file=sys.stderr)
    chat_load.check_done(folder, typists[1].goals)
    chat_load.tell_of_errors(folder / "bot.log")


# -- a term ------------------------------------------------------------------------------------------------


class OneSession(Gestures):
    """The signed requests of everybody over one session: people's browsers are no part of what is measured."""

    def __init__(self, town: Town, url: str, secret: str, session: aiohttp.ClientSession) -> None:
        super().__init__(town, url, secret)
        self._session = session

    async def delivers(self, request: Request) -> Heard:
        async with self._session.post(self.url, data=request.body.encode(), headers=request.headers) as heard:
            return Heard(heard.status, await heard.text())


class Term:
    """The demo's people on Slack, who answer as they do in the local workspace."""

    def __init__(self, house: House, clock: MovableClock, way: Gestures) -> None:
        self._house, self._clock, self._way = house, clock, way
        self._chance = Random(2027)
        self._read = 0
        self._people: dict[str, Person] = {}
        self.presses = 0

    def person(self, user: str) -> Person:
        """Somebody of the workspace."""
        if user not in self._people:
            self._people[user] = self._way.person(TEAM, user)
        return self._people[user]

    async def begins(self) -> None:
        """Let Ada join by her form, and Rana confirm the circles."""
        ada, rana = self.person(demo.GUEST), self.person("rana")
        await ada.types("/circle join")
        for step in core.JOINING:
            await ada.gets_form()
            await ada.fills(step)
            if ada.errors:
                raise ValueError(f"Ada could not join: {ada.errors}")
        for line in ("/programme form", "/programme form confirm"):
            await rana.types(line)
            await self._house.side.rests()

    async def passes(self) -> None:
        """Go from due instant to due instant until nothing lies ahead."""
        stuck: datetime | None = None
        while (due := await self._house.desk.next_at(now := self._clock.now())) is not None:
            # What a rule has put off to this very instant must not hold the clock.
            self._clock.move(due if due > now else now + SHORTEST_STEP if stuck == now else due)
            stuck = self._clock.now()
            await self._house.beats()
            await self._let_answer()

    async def _let_answer(self) -> None:
        """Let everybody look at what has come, and press what she would press."""
        posts = self._house.town.posts
        fresh, self._read = posts[self._read :], len(posts)
        for post in fresh:
            if post.only_for is not None:
                continue
            for user in self._house.town.workspaces[TEAM].channels[post.channel].members:
                if user in demo.ORGANISERS or user.startswith("UBOT"):
                    continue
                await self._answer(self.person(user), post)
        await self._house.side.rests()

    async def _answer(self, person: Person, post: Post) -> None:
        shown = [
            (block, element, Button(element["text"]["text"], element["value"]))
            for block, element in elements_of(post.blocks)
            if element["type"] == "button" and element.get("value")
        ]
        chosen = cast.choice(Message((Buttons(tuple(button for _b, _e, button in shown)),)), self._chance)
        for block, element, button in shown:
            if button is chosen:
                pressed = {key: element[key] for key in ("text", "value", "style") if key in element}
                seen = person._seen(post, post.blocks, post.text)
                await person._acts(seen, block, element, pressed)
                self.presses += 1


def _furnished(store: Store) -> Town:
    """Set the demo up, as if it had been done on Slack."""
    migrate.upgrade(store)
    demo.set_up(store, TERM_BEGINS)
    town = Town()
    town.add_workspace(TEAM, TOKEN)
    with store.writing() as db:
        db.execute(text("UPDATE workspace SET platform = 'slack', outside_id = :team"), {"team": TEAM})
        for one in people.everybody(db, people.workspace(db, "slack", TEAM).id):
            town.add_user(TEAM, one.outside_id, name=one.name, tz=one.zone or "")
    return town


async def term(folder: Path) -> AsyncIterator[Figure]:
    """Play the demo's term through the adapter and real sockets; the stand-in is in the same process."""
    with closing(open_store(str(folder / "halqa.db"))) as store:
        town, clock = _furnished(store), MovableClock(TERM_BEGINS)
        async with housed(store, clock=clock, town=town) as house, aiohttp.ClientSession() as session:
            played = Term(house, clock, OneSession(town, f"{house.side.address}/slack/events", SECRET, session))
            await played.begins()
            began, cpu = time.perf_counter(), time.process_time()
            await played.passes()
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
            await house.settles()
        sent, unreachable = crowd.rows(store, "state = 'sent'"), crowd.rows(store, "state = 'unreachable'")
    (local := folder / "local").mkdir()
    least = (await asyncio.to_thread(core.played_term, local))[0].ours
    with closing(open_store(str(local / "halqa.db"))) as there:
        sent_there = crowd.rows(there, "state = 'sent'")
    if sent < ENOUGH:
        raise ValueError(f"A term was not played: {sent} messages.")
    name = "Slack, a played term of 26 people, beside the local workspace"
    rooms = [room for room in town.workspaces[TEAM].channels.values() if room.kind in {"private", "mpim"}]
    yield Figure(f"{name}: seconds", seconds, least)
    yield Figure(f"{name}: of that on the processor, stand-in included", cpu)
    yield Figure(f"{name}: acts delivered", sent, sent_there, "")
    yield Figure("Slack, a played term: messages in Slack", len(town.posts), None, "")
    yield Figure("Slack, a played term: rooms opened", len(rooms), None, "")
    yield Figure("Slack, a played term: buttons pressed", played.presses, None, "")
    yield Figure("Slack, a played term: calls of the Web API", len(town.calls), None, "")
    yield Figure("Slack, a played term: not delivered", unreachable, None, "")
    complaints = town.complaints + town.unacknowledged
    yield Figure("Slack, a played term: complaints", len(complaints), None, "")
    for complaint in sorted(set(complaints))[:5]:
        print(f"Slack, a played term: a complaint: {complaint}", file=sys.stderr)
