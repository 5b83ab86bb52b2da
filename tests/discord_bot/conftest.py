"""What the tests on Discord may ask for: a stage, a town on it, and the judge of every request."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from discord_judge import Judge, document
from discord_town import MISSING, Stage, Town, installed, stage, town


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The judge, who reads each path of Discord's document once."""
    return Judge(document())


@pytest.fixture(scope="session")
def discord_stage() -> Iterator[Stage]:
    """The stand-in for Discord as a process; in CI it must be installed."""
    if not installed():
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with stage() as made:
        yield made


@pytest.fixture
async def discord_town(discord_stage: Stage, judge: Judge) -> AsyncIterator[Town]:
    """A new town; when the test is over, every request that was made in it is judged."""
    async with town(discord_stage) as made:
        yield made
        judge.check_all(await made.calls())
