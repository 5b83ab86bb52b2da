"""What large formings need is compiled before anybody waits for it, and stopping does not wait for that."""

import asyncio

import pytest

from bot.ahead import compile_ahead

numba = pytest.importorskip("numba", reason="where there are no wheels of numba, nothing is compiled")


async def test_the_kernel_is_compiled_ahead():
    assert await compile_ahead()


async def test_stopping_ends_the_compiling_at_once():
    compiling = asyncio.create_task(compile_ahead())
    await asyncio.sleep(0)
    compiling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await compiling
    assert compiling.cancelled()
