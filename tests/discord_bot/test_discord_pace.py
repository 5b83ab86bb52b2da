"""How fast the bot may ask Discord for things: fifty requests a second in all; answers to people have no part in it."""

import asyncio

import pytest
from discord_house import housed

MOST = 45  # in any second; Discord takes fifty


class Stopwatch:
    """Time that stands still but where somebody waits."""

    def __init__(self):
        self.now = asyncio.get_running_loop().time() + 10  # nothing was asked for ten seconds

    def seconds(self):
        return self.now

    async def sleep(self, by):
        self.now += by


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def asked(house, times):
    """Ask Discord so often for something, in no time at all; gives the moment of each request, in seconds."""
    watch = Stopwatch()
    house.side._pace.seconds, house.side._pace.sleep = watch.seconds, watch.sleep
    moments = []
    for _request in range(times):
        await house.side._client.http.get_guild(int(house.town.guild))
        moments.append(watch.now)
    return watch, moments


async def test_in_no_second_more_is_asked_than_discord_takes(house):
    _watch, moments = await asked(house, 100)
    assert max(sum(first <= one <= first + 1 for one in moments) for first in moments) <= MOST
    assert moments[-1] - moments[0] < 3  # and it is no slower than it has to be


async def test_a_few_requests_wait_for_nothing(house):
    _watch, moments = await asked(house, 10)
    assert moments[-1] == moments[0]


async def test_whoever_is_to_be_answered_never_waits_for_other_requests(house):
    cleo = await house.town.person("cleo")
    watch, _moments = await asked(house, 12)
    before = watch.now
    assert (await cleo.types("/circle status")).words
    async with house.busy():
        late = asyncio.create_task(cleo.types("/circle status"))
        async with asyncio.timeout(60):
            while 5 not in [one.body["type"] for one in await house.town.calls("POST", "/callback")]:  # noqa: ASYNC110 - nothing would set an event
                await asyncio.sleep(0.01)
    assert (await late).words
    await house.side.rests()
    assert [one.method for one in await house.town.calls("", "/messages/@original")] == ["PATCH"]
    assert watch.now == before
