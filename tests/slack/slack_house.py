"""Halqa on the stand-in Slack, in this process: the whole bot between a database and real sockets."""

import io
import itertools
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest.mock import patch

import aiohttp
import cast
import slack_gestures
import slack_socket
import slack_view_methods
from slack_gestures import Gestures, SocketGestures, Way
from slack_person import Person
from slack_screen import Seen
from slack_town import Town
from slack_web_api import serving

from bot import logs
from bot.clock import Clock, Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.slack import answers, app, clients, home
from bot.slack import people as directory
from bot.slack.pace import Limits, Pace
from bot.slack.settings import Slack
from bot.slack.side import SlackSide
from circles import outbox
from circles.effects import Act
from circles.rooms import circle_room, group_room
from storage import Store, deliveries, members, people, programmes, rounds
from storage.tables import MeetingGroup, Placement, Room, Round

MONDAY = datetime(2027, 2, 1, 9, tzinfo=UTC)
TEAM, TOKEN, SECRET = "T1", "xoxb-1-halqa", "8f742231b10e8888abcd99yyyzzz85a5"
UNHURRIED = 60.0  # seconds; on a busy machine an answer may be late, and only a test of lateness may see that
KEY = "Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGxvbmchISE="


@dataclass
class House:
    """One running bot; ``way`` is how the town's people reach it."""

    town: Town
    desk: Desk
    clock: Clock
    metronome: Metronome
    side: SlackSide
    way: Way

    def person(self, user: str, team: str = TEAM, **traits: object) -> Person:
        """Somebody of the workspace, called by her id unless she has a name."""
        if user not in self.town.workspaces[team].members:
            self.town.add_user(team, user, **{"name": user.removeprefix("U").capitalize(), **traits})
        return self.way.person(team, user)

    async def beats(self) -> None:
        """Let everything go out that is due."""
        await self.metronome.beat()

    async def settles(self) -> None:
        """Let every answer under way be given, and everything go out that is due."""
        await self.side.rests()
        await self.beats()

    def cast(self, team: str = TEAM) -> SimpleNamespace:
        """What cast.py needs to put people and programmes straight into the store."""
        return SimpleNamespace(
            store=self.desk.store, platform="slack", workspace=team, zones={}, now=self.clock.now(), rooms={}
        )

    def puts(self, programme_id: int, *acts: Act) -> None:
        """Put acts about a programme into the outbox."""
        with self.desk.store.writing() as db:
            programme = programmes.get(db, programme_id)
            outbox.put(db, programme.workspace_id, acts, self.clock.now(), programme=programme.slug)

    def known(self, user: str, team: str = TEAM) -> int:
        """The row id of somebody."""
        with self.desk.store.writing() as db:
            return people.by_outside_id(db, people.workspace(db, "slack", team).id, user).id

    def calls(self, method: str, answer: str = "") -> list[dict]:
        """What was said to a method of the Web API, and with ``answer`` only what was answered so."""
        return [c.arguments for c in self.town.calls if c.method == method and answer in {"", c.answer}]

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


@asynccontextmanager
async def unhurried() -> AsyncIterator[None]:
    """Let nobody be late on a busy machine: neither the bot, nor what it asks of the town, nor the town itself."""
    waits = [(module, "PATIENCE") for module in (app, clients, directory, home, slack_gestures, slack_socket)]
    with ExitStack() as stack:
        for module, name in [*waits, (answers, "OPENING"), (slack_view_methods, "TRIGGER_LIFE")]:
            stack.enter_context(patch.object(module, name, UNHURRIED))
        yield


def heard(person: Person, words: str) -> list[Seen]:
    """Every message on her screen that says this."""
    return [seen for seen in person.sees() if words in seen.words]


@contextmanager
def log_at_debug() -> Iterator[io.StringIO]:
    """The log as the program writes it, at DEBUG; the loggers are put back afterwards."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:], {name: logging.getLogger(name).level for name in logs.OURS + logs.QUIET})
    root.handlers = []  # so that the test runner's own are not closed
    written = io.StringIO()
    logs.set_up("debug", written)
    try:
        yield written
    finally:
        root.level, root.handlers = before[0], before[1]
        for name, level in before[2].items():
            logging.getLogger(name).setLevel(level)


def kept_in(store: Store) -> bytes:
    """Every byte that the database's files hold."""
    return b"".join(file.read_bytes() for file in store.file.parent.iterdir() if file.is_file())


def channels(house, *, kind="private", is_archived=False):
    here = house.town.workspaces[TEAM].channels.values()
    return [room for room in here if room.kind == kind and room.is_archived == is_archived]


def only(found):
    (one,) = found
    return one


def people_in(room):
    return set(room.members) - {"UBOT1"}


def term(house: House, *, mentors=("UCLEO",), mentees=("UDANA",), team: str = TEAM, **settings) -> tuple[int, int]:
    """A running programme that Ada and Bob organise, with one circle; gives the row ids of both."""
    talk = house.cast(team)
    for user in ("UADA", "UBOB", *mentors, *mentees):
        house.person(user, team)
    programme = cast.programme(talk, organisers=("UADA", "UBOB"), **{"state": "running", **settings})
    circle = cast.circle(talk, programme, mentors=mentors, mentees=mentees, name="Jasmine")
    return programme, circle


def opened(house: House, programme: int, circle: int, people_there, team: str = TEAM) -> str:
    """Let a circle have its private channel already; gives its id."""
    bot = house.town.workspaces[team].bot
    channel = house.town.add_channel(team, "jasmine", [bot, *people_there], kind="private")
    with house.desk.store.writing() as db:
        here = programmes.get(db, programme).workspace_id
        key = circle_room(programme, circle)
        deliveries.save_room(db, Room(workspace_id=here, key=key, name="Jasmine", place=channel.id, state="open"))
    return channel.id


def meets(house, programme, circle, who):
    """Put a meeting group of these people into an open round; gives the key of its room."""
    with house.desk.store.writing() as db:
        row = rounds.newest(db, circle) or Round(
            circle_id=circle, number=1, opens_on=house.clock.now().date(), closes_on=house.clock.now().date()
        )
        rounds.save(db, row)
        group = MeetingGroup(round_id=row.id)
        rounds.save(db, group)
        for user in who:
            person = people.by_outside_id(db, programmes.get(db, programme).workspace_id, user)
            member = members.of_person(db, programme, person.id)
            rounds.save(db, Placement(round_id=row.id, member_id=member.id, group_id=group.id))
        return group_room(programme, group.id)


async def installs(house: House, team: str, user: str) -> None:
    """Let somebody install the app in her workspace, as a browser would."""
    # The cookie is given by hand: a jar sends none to a bare address.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{house.side.address}/slack/install", allow_redirects=False) as sent:
            cookies = {name: morsel.value for name, morsel in sent.cookies.items()}
            (state,) = cookies.values()
        code = house.town.issue_code(team, user)
        address = f"{house.side.address}/slack/oauth_redirect?code={code}&state={state}"
        async with browser.get(address, cookies=cookies) as done:
            assert done.status == 200, await done.text()


@asynccontextmanager
async def housed(
    store: Store, *, connect: str = "http", clock: Clock | None = None, town: Town | None = None, **more: object
) -> AsyncIterator[House]:
    """Open a house on a town of its own with one workspace; people may act when it is connected.

    With a ``client_id`` workspaces have to install it first.
    """
    async with unhurried(), serving(town or Town()) as served:
        if not served.workspaces:
            served.add_workspace(TEAM, TOKEN)
        if more.get("client_id"):
            more = {"keys": (KEY,), "client_secret": served.client_secret, "address": "http://halqa.test", **more}
        settings = Slack(
            connect=connect,
            api=served.api,
            bot_token="" if more.get("client_id") else TOKEN,
            app_token=served.app_token,
            signing_secret=SECRET,
            port=0,
            **more,
        )
        desk, clock, chats = Desk(store), clock or MovableClock(MONDAY), {}
        metronome = Metronome(desk, Courier(desk, chats), clock)
        side = SlackSide(settings, desk, clock, metronome)
        # A clock on which every message has waited long enough.
        side.chat._pace = Pace(itertools.count(0.0, 60.0).__next__)
        side._clients._limits = Limits(lambda: clock.now().timestamp())
        chats[side.name] = side.chat
        await side.start()
        try:
            if connect == "socket":
                await served.until(lambda: served.link.sockets)
                way: Way = SocketGestures(served)
            else:
                way = Gestures(served, f"{side.address}/slack/events", SECRET)
            yield House(served, desk, clock, metronome, side, way)
        finally:
            await metronome.rest()
            await side.stop()
            await metronome.rest()
            await desk.do(lambda: None)
            desk._thread.shutdown(wait=True)
