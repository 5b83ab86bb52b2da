"""The bot on Slack, whole: people type, press and fill forms over real sockets, and see what they should."""

import pytest
from slack_house import housed


@pytest.fixture(params=["http", "socket"])
async def house(request, sqlite_store):
    """The bot, reached by signed requests and by socket; afterwards nothing illegal may have been sent."""
    async with housed(sqlite_store, connect=request.param) as house:
        yield house
        assert house.town.complaints == []
        assert house.town.unacknowledged == []


async def test_the_bare_command_answers_the_asker_alone(house):
    ada, bob = house.person("UADA"), house.person("UBOB")
    room = house.town.add_channel("T1", "general", ["UADA", "UBOB"])
    await ada.types("/circle", channel=room.id)
    await ada.hears("not in a programme")
    assert [seen for seen in bob.sees() if "programme" in seen.words] == []
