"""How Discord says no, what it means for a message, and when to stop asking before Discord stops listening."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, cast

import aiohttp
import discord
import yarl

from bot.chat import TryLater, Unreachable, Why

SHORT, LONG = timedelta(seconds=30), timedelta(minutes=30)
LONGEST = 86400.0  # seconds: nobody means to ask us to wait longer
PATIENCE = 8.0  # seconds; whoever sends through us gives up after ten
WINDOW, MOST_INVALID = 600.0, 1000  # Discord bans an address for 10,000 invalid requests in ten minutes
AT_ONCE, A_SECOND = 10, 35  # requests; together no more than 45 in any second, of the fifty that Discord takes
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 401, 403, 404, 429
SERVER_ERROR = 500
NO_SUCH = {404, 405, 501}  # what only speaks as Discord does need not have everything
INVALID = {UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY}
NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
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
        self.most = most
        self._invalid: deque[float] = deque()

    def note(self, status: int) -> None:
        """Count an answer."""
        if status in INVALID:
            self._invalid.append(self._now())

    def check(self) -> None:
        """Raise TryLater where there were too many of them in ten minutes."""
        while self._invalid and self._invalid[0] <= self._now() - WINDOW:
            self._invalid.popleft()
        if len(self._invalid) >= self.most:
            wait = self._invalid[0] + WINDOW - self._now()
            raise TryLater("too many invalid requests to Discord; run halqa check", timedelta(seconds=max(1.0, wait)))


class Pace:
    """Spreads requests over time; the library learns of the limit on all of them together only by breaking it."""

    def __init__(
        self, seconds: Callable[[], float], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self.seconds = seconds
        self.sleep = sleep
        self._free = float("-inf")

    async def before(self, _session: Any, _context: Any, begun: aiohttp.TraceRequestStartParams) -> None:
        """Let a request wait for its turn; answers to people have no part in the limit, and never wait."""
        if "Authorization" in begun.headers and "/webhooks/" not in begun.url.path:
            await self._turn()

    async def _turn(self) -> None:
        now = self.seconds()
        at = max(self._free, now - (AT_ONCE - 1) / A_SECOND)
        self._free = at + 1 / A_SECOND
        if at > now:
            await self.sleep(at - now)


class _Sent:
    """Whether a message may have reached Discord in this block, and nobody knows.

    ``is_open``: a request is under way, or was answered with other than 429. ``is_lost``: one of them ended so that
    nothing said later, of another try, makes it certain that the message was not taken.
    """

    is_open = False
    is_lost = False

    @property
    def is_unclear(self) -> bool:
        """Whether nobody knows."""
        return self.is_open or self.is_lost


_sent: ContextVar[_Sent | None] = ContextVar("sent", default=None)
_once: ContextVar[asyncio.Timeout | None] = ContextVar("once", default=None)


def trace(breaker: Breaker, pace: Pace) -> aiohttp.TraceConfig:
    """Follow every request: the breaker counts how it ended, and of a message we know whether it may have got through.

    Discord takes none that it answers with 429, and none that the library or the pace holds.
    """

    def message(url: yarl.URL) -> _Sent | None:
        return _sent.get() if url.path.endswith("/messages") else None

    async def on_start(_session: Any, _context: Any, begun: aiohttp.TraceRequestStartParams) -> None:
        if (sent := message(begun.url)) is not None:
            sent.is_open = True

    async def on_end(_session: Any, _context: Any, ended: aiohttp.TraceRequestEndParams) -> None:
        status = ended.response.status
        if ended.response.headers.get("X-RateLimit-Scope") != "shared":  # such a limit is not held against us
            breaker.note(status)
        if (sent := message(ended.url)) is not None:
            sent.is_open = status != TOO_MANY
            sent.is_lost |= status >= SERVER_ERROR
        if status >= SERVER_ERROR and (limit := _once.get()) is not None:
            limit.reschedule(asyncio.get_running_loop().time())

    async def on_exception(_session: Any, _context: Any, broken: aiohttp.TraceRequestExceptionParams) -> None:
        if (sent := message(broken.url)) is not None:
            sent.is_open = False
            sent.is_lost |= not isinstance(broken.exception, NOT_CONNECTED)

    config = aiohttp.TraceConfig()
    config.on_request_start.extend((pace.before, on_start))
    config.on_request_end.append(on_end)
    config.on_request_exception.append(on_exception)
    return config


@asynccontextmanager
async def made_once() -> AsyncIterator[None]:
    """Make something in this block that Discord would make twice: TimeoutError where it answers with a server error.

    It may have made it then, and the library would ask again at once. Whoever tries later can look first.
    """
    async with asyncio.timeout(None) as limit:
        before = _once.set(limit)
        try:
            yield
        finally:
            _once.reset(before)


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
        meant = meaning(error, await pause(error))
        if sent.is_lost and isinstance(meant, TryLater):
            raise  # an earlier try within this one may have got through
        raise meant from error
    except NOT_CONNECTED as error:
        if sent.is_lost:
            raise
        raise TryLater("Discord can't be reached", SHORT) from error
    finally:
        _sent.reset(before)


@contextmanager
def harmless() -> Iterator[None]:
    """Turn what leaves everything open in this block into TryLater: it says nothing, and done twice it is as once."""
    try:
        yield
    except (OSError, aiohttp.ClientError, discord.HTTPException) as trouble:  # a TimeoutError is an OSError
        raise TryLater(f"Discord gives no answer ({type(trouble).__name__})", SHORT) from trouble


async def pause(error: discord.HTTPException) -> timedelta:
    """Give how long Discord asks us to wait after an error, in its body or a header; SHORT where it does not say.

    The library waits by itself only where the answer came "via" Discord's own proxies.
    """
    response = cast("aiohttp.ClientResponse", error.response)
    told: Any = response.headers.get("Retry-After")
    with suppress(KeyError, TypeError, ValueError):
        told = (await response.json(content_type=None))["retry_after"]  # read by the library already
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        return SHORT
    return timedelta(seconds=seconds) if 0 <= seconds <= LONGEST else SHORT


def meaning(error: discord.HTTPException, wait: timedelta = SHORT) -> Exception:
    """Give what an error of the API means for the act that it ended; ``wait`` is how long Discord asks us to wait."""
    if error.status >= SERVER_ERROR:
        return error  # tried by the library already, under the same nonce; nobody knows
    if error.code in WHY:
        return Unreachable(f"Discord answered {error.code}", WHY[error.code])
    if error.status == TOO_MANY or error.code in NOT_NOW:
        return TryLater(f"Discord answered {error.code or error.status}", wait)
    if error.status == UNAUTHORIZED:
        return TryLater("Discord does not take the token: run halqa check", LONG)
    if error.status == NOT_FOUND:
        return Unreachable(f"Discord answered {error.code}", "nowhere")
    return Unreachable(f"Discord answered {error.code or error.status}")
