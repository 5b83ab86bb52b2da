"""Halqa on the stand-in Slack, in this process: the whole bot between a database and real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_gestures import Gestures, SocketGestures, Way
from slack_person import Person
from slack_town import Town
from slack_web_api import serving

from bot.clock import Clock, Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.slack.settings import Slack
from bot.slack.side import SlackSide
from storage import Store

MONDAY = datetime(2027, 2, 1, 9, tzinfo=UTC)
TEAM, TOKEN, SECRET = "T1", "xoxb-1-halqa", "8f742231b10e8888abcd99yyyzzz85a5"


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


@asynccontextmanager
async def housed(
    store: Store, *, connect: str = "http", clock: Clock | None = None, town: Town | None = None, **more: object
) -> AsyncIterator[House]:
    """Open a house on a town of its own with one workspace; people may act when it is connected."""
    async with serving(town or Town()) as served:
        if not served.workspaces and not more.get("client_id"):
            served.add_workspace(TEAM, TOKEN)
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
            await side.stop()
            metronome.stop()
            await desk.do(lambda: None)
            desk._thread.shutdown(wait=True)
