"""The connection in Socket Mode: made though Slack was down at first, and made again though an address was used up."""

import logging
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_gestures import SocketGestures
from slack_house import housed
from slack_sdk.web.async_client import AsyncWebClient
from slack_town import Town
from slack_web_api import serving

from bot.chat import TryLater
from bot.slack import clients as speaking
from bot.slack.clients import Clients, unproxied
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


@pytest.mark.parametrize("fault", ["500", "drop before", "invalid_auth", "internal_error", "200", "garbage"])
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


class Ear(logging.Handler):
    """Wakes whoever waits for something in the town, as something was logged."""

    def __init__(self, town):
        super().__init__()
        self.town = town

    def emit(self, _record):
        self.town.touch()


@pytest.fixture
def log(town, caplog):
    ear = Ear(town)
    logging.getLogger("bot").addHandler(ear)
    yield caplog
    logging.getLogger("bot").removeHandler(ear)


async def test_nothing_is_asked_before_the_time_that_slack_names(town, log):
    town.limit("apps.connections.open", times=100, retry_after=600)
    async with connecting(town):
        assert await town.until(lambda: "trying again" in log.text)
    assert "trying again in 600 seconds" in log.text
    assert len(town.calls) == 1


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


# -- whose token it is -------------------------------------------------------------------------------------------------


@pytest.fixture
async def clients(town):
    made = Clients(Slack(api=town.api, bot_token=TOKEN, app_token=town.app_token))
    yield made
    await made.close()


@pytest.mark.parametrize("fault", ["500", "drop before", "invalid_auth", "200", "garbage"])
async def test_whose_token_it_is_is_asked_until_slack_says_it(town, clients, fault, monkeypatch):
    monkeypatch.setattr(speaking, "FIRST_PAUSE", 0.01)
    town.fail("auth.test", fault, fault)
    noted = []

    async def met(team):
        noted.append(team)
        if len(noted) == 1:
            raise OSError("the database is in use")

    await clients.meet(met)
    assert noted == [TEAM, TEAM]
    assert (await clients.home()).team_id == TEAM
    assert len(town.calls) == 3


async def test_whose_token_it_is_is_not_asked_while_slack_wants_silence(town, clients):
    town.limit("auth.test", times=100, retry_after=600)
    for _request in range(3):
        with pytest.raises(TryLater):
            await clients.home()
    assert len(town.calls) == 1


# -- a proxy -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def proxy(monkeypatch):
    """A proxy that the environment names, and that lets nothing through; gives what came to it."""
    came = []

    async def refuse(request):
        came.append(request.url)
        return web.Response(status=403)

    runner = web.ServerRunner(web.Server(refuse))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield came
    await runner.cleanup()


async def test_a_proxy_in_the_environment_is_not_asked_for_a_slack_on_this_machine(town, proxy):
    async with connecting(town) as ada:
        assert await town.until(lambda: town.link.sockets)
        await ada.types("/circle")
        await ada.hears("Here I am.")
    assert proxy == []


async def test_nor_is_a_proxy_asked_for_an_answer_that_comes_later(sqlite_store, proxy):
    async with housed(sqlite_store) as house:
        ada = house.person("UADA")
        async with house.busy():
            await ada.types("/circle")
        await ada.hears("No programme is open for joining now.")
        assert len(house.calls("response_url")) == 1
    assert proxy == []


@pytest.mark.parametrize(
    ("address", "is_proxied"),
    [
        ("https://slack.com/api/", True),
        ("http://slack.test/api/", True),
        ("http://inner.slack.test/api/", False),
        ("http://deep.inner.slack.test:8080/api/", False),
        ("http://localhost:8080/api/", False),
        ("http://[::1]/api/", False),
    ],
)
def test_a_proxy_in_the_environment_is_used_unless_no_proxy_names_the_host(monkeypatch, address, is_proxied):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "inner.slack.test")
    assert unproxied(AsyncWebClient(base_url=address), address).proxy == (
        "http://proxy.test:3128" if is_proxied else None
    )
