"""How fast we may speak on Slack: a message a second into a channel, and silence where it asked for that."""

import asyncio
import math
from collections.abc import Callable
from datetime import timedelta

from bot.chat import TryLater

CHANNEL_GAP = 1.05  # seconds between two messages in one channel; Slack's limit is one a second
WORKSPACE_GAP = 0.2  # seconds between two messages in one workspace; Slack speaks of several hundred a minute
MOST_CHANNELS = 10_000


class Limits:
    """Remembers where Slack asked us to be silent, for each workspace and method apart."""

    def __init__(self, seconds: Callable[[], float] | None = None) -> None:
        self._now = seconds or _loop_time
        self._silent: dict[tuple[str, str], float] = {}

    def silence(self, workspace: str, method: str, wait: timedelta) -> None:
        """Remember that a method is not to be used in a workspace for so long."""
        self._silent[workspace, method] = self._now() + wait.total_seconds()

    def check(self, workspace: str, method: str) -> None:
        """Raise TryLater where a method is still to be left alone."""
        left = self._silent.get((workspace, method), 0.0) - self._now()
        if left > 0:
            # In whole seconds, so that what is held back one after the other goes out in the same order.
            raise TryLater("Slack limits the rate", timedelta(seconds=math.ceil(left)))
        self._silent.pop((workspace, method), None)


class Pace:
    """Keeps the gaps between messages, for each channel and workspace apart."""

    def __init__(self, seconds: Callable[[], float] | None = None) -> None:
        self._now = seconds or _loop_time
        self._free: dict[tuple[str, str], float] = {}

    async def turn(self, workspace: str, channel: str) -> None:
        """Wait until a message may go into a channel; the next one will wait for this one."""
        now = self._now()
        if len(self._free) > MOST_CHANNELS:
            self._free = {place: at for place, at in self._free.items() if at > now}
        at = max(now, self._free.get((workspace, channel), 0.0), self._free.get((workspace, ""), 0.0))
        self._free[workspace, channel] = at + CHANNEL_GAP
        self._free[workspace, ""] = at + WORKSPACE_GAP
        if at > now:
            await asyncio.sleep(at - now)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
