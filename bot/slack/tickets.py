"""The tickets of those who are installing: what proves that a browser that comes back from Slack set out from here."""

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import Any

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.clock import Clock
from bot.desk import Desk
from storage import safe

log = logging.getLogger(__name__)
STATES = "slack states"
STATE_LIVES = timedelta(minutes=10)


class States(AsyncOAuthStateStore):
    """The tickets of those who are installing: good once, for ten minutes, and kept as a fingerprint only."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """Give the log of this room."""
        return log

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """Give out a ticket."""
        del args, kwargs
        state = secrets.token_urlsafe(32)
        await self._desk.do(self._issue, state)
        return state

    async def async_consume(self, state: str) -> bool:
        """Take a ticket back and say whether it was good."""
        return await self._desk.do(self._consume, state)

    def _issue(self, state: str) -> None:
        now = self._clock.now()
        with self._desk.store.writing() as db:
            safe.drop_before(db, STATES, now - STATE_LIVES)
            safe.put(db, STATES, _fingerprint(state), "", now)

    def _consume(self, state: str) -> bool:
        with self._desk.store.writing() as db:
            return safe.take(db, STATES, _fingerprint(state), self._clock.now() - STATE_LIVES) is not None


def _fingerprint(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()
