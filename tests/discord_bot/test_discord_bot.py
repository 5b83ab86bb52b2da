"""The bot on Discord, whole: people type, press and fill modals over a real gateway, and see what they should."""

import pytest
from discord_house import housed


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def test_a_command_answers_the_asker_alone(house):
    ada, bob = await house.town.person("ada"), await house.town.person("bob")
    answer = await ada.types("/circle status")
    assert "No programme is open for joining now" in answer.words
    await ada.hears("No programme is open for joining now")
    assert "No programme" not in await bob.reads()


async def test_setting_up_a_programme_opens_a_modal_and_tells_what_is_left(house):
    rana = await house.town.person("rana", organiser=True)
    await rana.types("/programme setup")
    answer = await rana.fills(name="Women in science", purpose="x", objectives="y")
    assert "1. Purpose: done" in answer.words
