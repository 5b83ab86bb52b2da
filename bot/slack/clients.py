"""Whom we speak as: a client of the Web API for each workspace, over one pool of connections."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Protocol, TypeGuard, TypeVar
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat import TryLater
from bot.slack import failures
from bot.slack.pace import Limits
from bot.slack.settings import Slack

log = logging.getLogger(__name__)
TIMEOUT = 8.0  # seconds for one request; less than a delivery's, so that Slack's silence is told from ours
AWAY = timedelta(minutes=30)
PATIENCE = 1.2  # seconds; an acknowledgement has to be there within three, and the answer is waited for after this
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds
MOST_SPEAKERS = 1000
SPEAKING = "chat_postMessage"  # whatever else we call may be called again: it sets, opens, asks or draws
HERE = {"localhost", "127.0.0.1", "::1"}  # hosts that are another machine when a proxy is asked for them
Token = Callable[[str], Awaitable[str]]
Send = Callable[..., Awaitable[AsyncSlackResponse]]
Given = TypeVar("Given")


class Proxied(Protocol):
    """Whatever of slack_sdk speaks through the proxy of the environment."""

    proxy: str | None


Speaker = TypeVar("Speaker", bound=Proxied)


class Clients:
    """Gives the client for a workspace: of the one token in the settings, or of what was installed there."""

    def __init__(self, settings: Slack, token_of: Token | None = None) -> None:
        self._api = settings.api
        self._token = settings.bot_token
        self._token_of = token_of
        self._limits = Limits()
        self._speakers: dict[str | None, AsyncWebClient] = {}
        self._speakers_session: aiohttp.ClientSession | None = None
        self._session: aiohttp.ClientSession | None = None
        self._home: AuthorizeResult | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool of connections."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def speaking(self, token: str | None) -> AsyncWebClient:
        """Give a client with a token; it tries nothing twice: the outbox alone knows of retries."""
        if self._speakers_session is not self.session or len(self._speakers) > MOST_SPEAKERS:
            self._speakers, self._speakers_session = {}, self.session
        if token not in self._speakers:
            client = AsyncWebClient(token=token, base_url=self._api, session=self.session, retry_handlers=[])
            self._speakers[token] = unproxied(client, self._api)
        return self._speakers[token]

    async def of(self, workspace: str) -> AsyncWebClient:
        """Give the client for a workspace; raises TryLater where we are not (any more)."""
        if self._token_of is not None:
            return self.speaking(await self._token_of(workspace))
        home = await self.home()
        if workspace not in {home.team_id, home.enterprise_id}:
            raise TryLater("the bot's token is for another workspace", AWAY)
        return self.speaking(self._token)

    async def call(self, workspace: str, method: str, **more: Any) -> AsyncSlackResponse:
        """Call a method of the Web API in a workspace, unless it is limited there; raises TryLater and Unreachable.

        Whatever else is raised leaves open whether it was done.
        """
        return await self.ask(await self.of(workspace), workspace, method, **more)

    async def ask(self, client: AsyncWebClient, workspace: str, method: str, **more: Any) -> AsyncSlackResponse:
        """Call a method as ``call`` does, with a client of one's own choice."""
        self._limits.check(workspace, method)
        send: Send = getattr(client, method)
        try:
            with failures.understood(is_harmless=method != SPEAKING):
                return await send(**more)
        except TryLater as later:
            if _is_limit(later):
                self._limits.silence(workspace, method, later.wait)
            raise

    async def home(self) -> AuthorizeResult:
        """Say whose token the settings hold: asked of Slack once; raises TryLater while that can't be known."""
        if self._home is None:
            answer = await self.ask(self.speaking(self._token), "", "auth_test")
            self._home = AuthorizeResult.from_auth_test_response(
                auth_test_response=answer, bot_token=self._token, user_auth_test_response=None
            )
        return self._home

    async def meet(self, met: Callable[[str], Awaitable[object]]) -> None:
        """Ask whose token it is, and do what is to be done with that workspace, until both have succeeded."""

        async def ask() -> None:
            await met(str((await self.home()).team_id))

        await until_answered(ask, "the bot's token is of no use yet", FIRST_PAUSE, LONGEST_PAUSE)

    def authorize(self) -> Callable[[str | None, str | None], Awaitable[AuthorizeResult | None]]:
        """Give what bolt asks about each request: as whom to answer it, and None where the token is for another one."""

        async def who(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            # While that is not known nothing is acknowledged: an event comes again, and is not lost.
            async with asyncio.timeout(PATIENCE):
                home = await self.home()
            is_ours = home.team_id == team_id or (home.enterprise_id and home.enterprise_id == enterprise_id)
            return home if is_ours else None

        return who  # bolt looks at the names of the arguments, and a method has one too many


async def until_answered(ask: Callable[[], Awaitable[Given]], trouble: str, pause: float, longest: float) -> Given:
    """Ask until there is an answer, with pauses (in seconds) that grow, and none shorter than Slack asks for."""
    while True:
        try:
            return await ask()
        except Exception as problem:  # noqa: BLE001 - who gives up here is deaf until somebody starts the bot again
            wait = max(pause, problem.wait.total_seconds()) if _is_limit(problem) else pause
            why = failures.named(problem)
        log.warning("%s (%s); trying again in %d seconds. halqa check says more", trouble, why, wait)
        await asyncio.sleep(wait)
        pause = min(pause * 2, longest)


def _is_limit(problem: Exception) -> TypeGuard[TryLater]:
    """Whether Slack itself said when to ask again; any other wait is a guess of ours."""
    cause = problem.__cause__
    return isinstance(problem, TryLater) and isinstance(cause, SlackApiError) and bool(failures.retry_after(cause))


def unproxied(client: Speaker, address: str) -> Speaker:
    """Let a client speak to an address without the proxy of the environment where NO_PROXY names it, or it is here.

    The SDK takes every address to the proxy.
    """
    host = urlsplit(address).hostname or ""
    if host in HERE or proxy_bypass(host):
        client.proxy = None
    return client
