"""What large formings need is compiled before anybody waits for it, and stopping does not wait for that."""

import asyncio
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bot.ahead import compile_ahead

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


def is_compiled_here():
    """Say whether this Python is one for which the project asks for numba."""
    (numba,) = [asked for asked in map(Requirement, PROJECT["dependencies"]) if asked.name == "numba"]
    return numba.marker is None or numba.marker.evaluate()


async def test_the_kernel_is_compiled_ahead_wherever_there_are_wheels_of_numba_and_nowhere_else():
    assert await compile_ahead() == is_compiled_here()


async def test_stopping_ends_the_compiling_at_once():
    compiling = asyncio.create_task(compile_ahead())
    await asyncio.sleep(0)
    compiling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await compiling
    assert compiling.cancelled()
