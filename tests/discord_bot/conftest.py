"""What the tests on Discord may ask for: a town on the stage, whose every request is judged."""

from collections.abc import AsyncIterator

import pytest
from discord_judge import Judge
from discord_town import Stage, Town, town


@pytest.fixture
async def discord_town(discord_stage: Stage, judge: Judge) -> AsyncIterator[Town]:
    """A new town; when the test is over, every request that was made in it is judged."""
    async with town(discord_stage) as made:
        yield made
        judge.check_all(await made.calls())
