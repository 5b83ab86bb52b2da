"""The kernel of forming is compiled ahead, in a process of its own, so that no organiser waits for it."""

import asyncio
import contextlib
import logging
import sys

log = logging.getLogger(__name__)
COMPILE = "from circles.forming import arranging; raise SystemExit(not arranging.warm_up())"


async def compile_ahead() -> bool:
    """Compile what large formings need and keep it on disk; True when it is there.

    Nothing depends on it: without it the first large forming takes some seconds longer. Ends early when cancelled.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COMPILE, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        is_there = await process.wait() == 0
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if not is_there:
        log.info("large formings are not compiled on this machine, and take longer")
    return is_there
