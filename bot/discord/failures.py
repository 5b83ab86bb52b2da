"""How Discord says no, what it means for a message, and when to stop asking before Discord stops listening."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.chat import TryLater, Unreachable, Why

SHORT, LONG = timedelta(seconds=30), timedelta(minutes=30)
PATIENCE = 8.0  # seconds; whoever sends through us gives up after ten
WINDOW, MOST_INVALID = 600.0, 1000  # Discord bans an address for 10,000 invalid requests in ten minutes
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 401, 403, 404, 429
INVALID = {UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY}
# Discord's error codes, by what is left to do.
WHY: dict[int, Why] = {
    **dict.fromkeys((10007, 10013, 50278), "gone"),  # no such member, no such user; we share no server any more
    **dict.fromkeys((50007, 40033), "shut"),  # her messages are closed
    **dict.fromkeys((10003, 10004, 50001, 50083, 160005), "nowhere"),  # no channel, no server, no access, closed
    50013: "nowhere",  # we may not write there (any more)
}
NOT_NOW = {40003, 160006, 20028, 30046, 130000}  # too many direct messages, threads, writes, edits; overloaded


class Breaker:
    """Counts what Discord calls invalid requests, and holds everything back long before it shuts us out."""

    def __init__(self, seconds: Callable[[], float], most: int = MOST_INVALID) -> None:
        self._now = seconds
        self._most = most
        self._invalid: deque[float] = deque()

    def note(self, status: int) -> None:
        """Count an answer."""
        if status in INVALID:
            self._invalid.append(self._now())

    def check(self) -> None:
        """Raise TryLater where there were too many of them in ten minutes."""
        while self._invalid and self._invalid[0] <= self._now() - WINDOW:
            self._invalid.popleft()
        if len(self._invalid) >= self._most:
            wait = self._invalid[0] + WINDOW - self._now()
            raise TryLater("too many invalid requests to Discord; run halqa check", timedelta(seconds=max(1.0, wait)))


class _Sent:
    """Whether a message may have reached Discord in this block, and nobody knows."""

    is_unclear = False


_sent: ContextVar[_Sent | None] = ContextVar("sent", default=None)


def trace() -> aiohttp.TraceConfig:
    """Follow requests for messages: Discord takes none that it answers with 429, and none that the library holds."""

    async def on_start(_session: Any, _context: Any, begun: aiohttp.TraceRequestStartParams) -> None:
        note(begun.url.path, is_unclear=True)

    async def on_end(_session: Any, _context: Any, ended: aiohttp.TraceRequestEndParams) -> None:
        note(ended.url.path, is_unclear=ended.response.status != TOO_MANY)

    def note(path: str, *, is_unclear: bool) -> None:
        if (sent := _sent.get()) is not None and path.endswith("/messages"):
            sent.is_unclear = is_unclear

    config = aiohttp.TraceConfig()
    config.on_request_start.append(on_start)
    config.on_request_end.append(on_end)
    return config


@asynccontextmanager
async def understood(breaker: Breaker, patience: float = PATIENCE) -> AsyncIterator[None]:
    """Turn what discord.py raises in this block into TryLater and Unreachable; what leaves everything open goes on.

    The library waits as long as Discord asks it to. What it still holds after ``patience`` (in seconds) was
    certainly not sent, and is let go until later.
    """
    breaker.check()
    sent = _Sent()
    before = _sent.set(sent)
    try:
        async with asyncio.timeout(patience):
            yield
    except TimeoutError as late:
        if sent.is_unclear:
            raise
        raise TryLater("Discord limits the rate, or is slow", SHORT) from late
    except discord.HTTPException as error:
        breaker.note(error.status)
        raise meaning(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise TryLater("Discord can't be reached", SHORT) from error
    finally:
        _sent.reset(before)


def meaning(error: discord.HTTPException) -> Exception:
    """Give what an error of the API means for the act that it ended."""
    if error.status >= 500:
        return error  # tried by the library already, under the same nonce; nobody knows
    if error.code in WHY:
        return Unreachable(f"Discord answered {error.code}", WHY[error.code])
    if error.status == TOO_MANY or error.code in NOT_NOW:
        return TryLater(f"Discord answered {error.code or error.status}", SHORT)
    if error.status == UNAUTHORIZED:
        return TryLater("Discord does not take the token: run halqa check", LONG)
    if error.status == NOT_FOUND:
        return Unreachable(f"Discord answered {error.code}", "nowhere")
    return Unreachable(f"Discord answered {error.code or error.status}")
