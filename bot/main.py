"""The composition root, on one screen: settings become a store, a desk, chats, a clock and a page; then it runs."""

import asyncio
import contextlib
import errno
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

from bot.ahead import compile_ahead
from bot.chat import Chat, Side
from bot.clock import Clock, Metronome, WallClock
from bot.config import Local, Settings
from bot.deliver import Courier
from bot.desk import Desk
from bot.local.app import LocalApp
from bot.local.journal import Journal
from bot.local.space import Space
from storage import Store, migrate, open_store

log = logging.getLogger(__name__)
GRACE = 20.0  # seconds that a beat has to come to its end; a service manager waits longer before it kills


class CannotStart(Exception):
    """Halqa can't start; the message says why and what to do."""


async def run(settings: Settings) -> None:
    """Serve until the process is asked to end (SIGINT, SIGTERM), then let what has begun come to its end.

    Raises StoreUnusable or CannotStart, with a sentence.
    """
    stopping = asyncio.Event()
    _stop_on_signals(stopping)
    async with AsyncExitStack() as open_things:
        store = open_store(settings.database)
        desk = Desk(store)
        open_things.push_async_callback(asyncio.to_thread, desk.close)
        await desk.do(_bring_up_to_date, store, settings)
        clock = WallClock()
        chats: dict[str, Chat] = {}
        courier = Courier(desk, chats)
        metronome = Metronome(desk, courier, clock)
        if settings.local is not None:
            chats["local"] = space = _local_space(settings.local, clock)
            open_things.callback(space.close)
            app = LocalApp(desk, space, clock, metronome, settings.local.workspace, name=settings.local.name)
            open_things.push_async_callback(app.stop)
            address = await _listen(app, settings.local.port)
            log.info("the local workspace is open: %s", address)
        sides = list(_sides(settings, desk, clock, metronome))
        for side in sides:
            chats[side.name] = side.chat
            open_things.push_async_callback(side.stop)
            await _start(side)
        open_things.push_async_callback(_rest, metronome)
        metronome.start()
        compiling = asyncio.create_task(compile_ahead())
        open_things.push_async_callback(_end, compiling)
        await _until_ended(stopping, sides if settings.local is None else [])
        log.info("stopping")


async def _until_ended(stopping: asyncio.Event, sides: Sequence[Side]) -> None:
    """Wait to be stopped; CannotStart where all chats that there are have given up: nobody is served then."""
    stopped = asyncio.create_task(stopping.wait())
    failing = [asyncio.create_task(side.fails()) for side in sides]
    try:
        left = set(failing)
        while not stopped.done() and (left or not failing):
            done, _waiting = await asyncio.wait({stopped, *left}, return_when=asyncio.FIRST_COMPLETED)
            left -= done
        if not stopped.done():
            raise CannotStart(" ".join(task.result() for task in failing))
    finally:
        for task in (stopped, *failing):
            task.cancel()
        await asyncio.wait({stopped, *failing})


def _sides(settings: Settings, desk: Desk, clock: Clock, metronome: Metronome) -> Iterator[Side]:
    """Put the platforms together that are configured; their libraries are loaded only then."""
    if settings.slack is not None:
        from bot.slack.side import SlackSide  # noqa: PLC0415 - as above

        yield SlackSide(settings.slack, desk, clock, metronome)
    if settings.discord is not None:
        from bot.discord.side import DiscordSide  # noqa: PLC0415 - as above

        yield DiscordSide(settings.discord, desk, clock, metronome)


async def _start(side: Side) -> None:
    try:
        await side.start()
    except OSError as error:
        raise CannotStart(f"{side.name} can't be served ({error.strerror}). Is Halqa running already?") from error


def _stop_on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
            loop.add_signal_handler(name, stopping.set)


def _bring_up_to_date(store: Store, settings: Settings) -> None:
    moved = migrate.upgrade(store, settings.backups)
    if moved.from_revision != moved.to_revision:
        log.info("the database went from %s to %s, backup: %s", moved.from_revision, moved.to_revision, moved.backup)


def _local_space(local: Local, clock: WallClock) -> Space:
    try:
        return Space(Journal(local.journal), clock)
    except (OSError, ValueError, KeyError) as error:
        raise CannotStart(
            f"The journal {local.journal} can't be read ({type(error).__name__}). Make it readable for this account, "
            "or name another file as journal under [local]."
        ) from error


async def _listen(app: LocalApp, port: int) -> str:
    try:
        return await app.start(port)
    except OSError as error:
        why = "it is in use" if error.errno == errno.EADDRINUSE else error.strerror
        raise CannotStart(
            f"Port {port} can't be had ({why}). Is Halqa running already? Or write another port under [local]."
        ) from error


async def _end(task: asyncio.Task[bool]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _rest(metronome: Metronome) -> None:
    try:
        async with asyncio.timeout(GRACE):
            await metronome.rest()
    except TimeoutError:
        log.warning("a beat did not end in %s seconds and is left; it is taken up at the next start", GRACE)
        metronome.stop()
