"""The connection in Socket Mode: made though Slack was down at first, and made again though an address was used up."""

from contextlib import asynccontextmanager

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_gestures import SocketGestures
from slack_town import Town
from slack_web_api import serving

from bot.slack.clients import Clients
from bot.slack.line import Line, Rhythm
from bot.slack.settings import Slack

QUICK = Rhythm(first_pause=0.05, longest_pause=0.1, look=0.05, ping=0.3)
TEAM, TOKEN = "T1", "xoxb-1-halqa"


class Forgetful(set):
    """Tickets of which the first is lost: whoever comes with it is refused."""

    is_lost = False

    def add(self, ticket):
        if self.is_lost:
            super().add(ticket)
        self.is_lost = True


@pytest.fixture
async def town():
    async with serving(Town()) as served:
        served.add_workspace(TEAM, TOKEN)
        served.add_user(TEAM, "UADA", name="Ada")
        yield served


@asynccontextmanager
async def connecting(town):
    """A bot that answers every command with a word, over a line that is being made."""
    clients = Clients(Slack(api=town.api, bot_token=TOKEN, app_token=town.app_token))
    app = AsyncApp(client=clients.speaking(TOKEN), authorize=clients.authorize(), process_before_response=True)

    @app.command("/circle")
    async def circle(ack):
        return await ack(text="Here I am.")

    line = Line(app, clients, town.app_token, QUICK)
    line.start()
    try:
        yield SocketGestures(town).person(TEAM, "UADA")
    finally:
        await line.stop()
        await clients.close()


@pytest.mark.parametrize("fault", ["500", "drop before", "invalid_auth", "internal_error"])
async def test_it_is_made_when_slack_is_there_again(town, fault):
    town.fail("apps.connections.open", fault, fault)
    async with connecting(town) as ada:
        assert await town.until(lambda: town.link.sockets)
        await ada.types("/circle")
        await ada.hears("Here I am.")


async def test_a_limit_is_waited_out(town):
    town.limit("apps.connections.open", times=1, retry_after=1)
    async with connecting(town):
        assert await town.until(lambda: town.link.sockets)


async def test_an_address_that_is_refused_is_not_tried_for_ever(town):
    town.tickets = Forgetful()
    async with connecting(town) as ada:
        assert await town.until(lambda: town.link.sockets, within=60)
        await ada.types("/circle")
        await ada.hears("Here I am.")


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_a_line_that_slack_ends_is_made_again(town, reason):
    async with connecting(town) as ada:
        assert await town.until(lambda: town.link.sockets)
        await town.link.disconnect(reason)
        assert await town.until(lambda: town.link.sockets, within=60)
        await ada.types("/circle")
        await ada.hears("Here I am.")


async def test_hanging_up_while_slack_is_down_ends_at_once(town):
    town.fail("apps.connections.open", *["500"] * 50)
    async with connecting(town):
        assert await town.until(lambda: town.calls)
