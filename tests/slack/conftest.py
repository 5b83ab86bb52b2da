"""What the tests of the whole bot on Slack may ask for."""

from contextlib import asynccontextmanager

import pytest
from slack_house import housed


@asynccontextmanager
async def lawful(store, connect):
    """The bot on a town of its own; afterwards nothing illegal may have been sent."""
    async with housed(store, connect=connect) as house:
        yield house
        assert house.town.complaints == []
        assert house.town.unacknowledged == []


@pytest.fixture
def connect():
    """How Slack reaches the bot: by signed requests, unless a file of tests says more."""
    return "http"


@pytest.fixture
async def house(connect, sqlite_store):
    """The bot, reached as the file of tests says."""
    async with lawful(sqlite_store, connect) as house:
        yield house


@pytest.fixture(params=["http", "socket"])
async def any_way(request, sqlite_store):
    """The bot, reached by signed requests and by socket."""
    async with lawful(sqlite_store, request.param) as house:
        yield house
