"""Looking at Slack before leaping: tokens, scopes and the rooms of the programmes, in plain words."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding
from bot.sealing import Seal, Unsealable
from bot.slack import failures
from bot.slack.clients import unproxied
from bot.slack.door import PLATFORM
from bot.slack.scopes import SCOPES
from bot.slack.settings import Slack
from bot.slack.shelf import INSTALLS
from circles import rooms as keys
from storage import Store, health, safe

TIMEOUT = 10.0  # seconds for one request
PATIENCE = 60.0  # seconds that Slack may ask us to wait, all in all
AGAIN = "Install the app again (Install App), and copy its Bot User OAuth Token"
# Slack's words for a token that it does not take, and what to do.
NOT_TAKEN: Mapping[str, str] = {
    "invalid_auth": "Slack does not know it. Copy it once more",
    "not_authed": "it did not reach Slack. Look whether something between here and Slack takes it away",
    "account_inactive": f"the app was taken out of this workspace, or the workspace is gone. {AGAIN}",
    "token_revoked": f"it was revoked. {AGAIN}",
    "token_expired": "it has run out, since the app rotates its tokens. Take a new one, or let people install the app "
    "from your address, with a client_id",
    "not_allowed_token_type": "it is a token of another kind. Look whether the two tokens are swapped",
    "missing_scope": "it may not do this. Give it the scope, as in `halqa manifest slack --scopes`",
    "org_login_required": "the workspace is being moved into an organisation. Try again when that is done",
    "access_denied": "this network or app may not reach the workspace. Ask its owners",
    "accesslimited": "this network may not reach the workspace. Ask its owners",
    "team_access_not_granted": "the organisation has not let the app into this workspace. Ask its owners",
}


@dataclass(frozen=True, slots=True)
class Room:
    """An open room that the database knows: the workspace it is in, its key, and its place on Slack."""

    workspace: str
    key: str
    place: str


@dataclass(frozen=True, slots=True)
class Install:
    """An installation that the database keeps; an empty token could not be opened, and ``trouble`` says why."""

    key: str
    token: str = field(default="", repr=False)
    is_renewed: bool = False
    trouble: str = ""


class Silent(Exception):
    """Slack gave no answer that can be used; the message says why and what to do."""


class Refusing(Exception):
    """Slack said no; the message is its word for why."""


def look(settings: Slack, store: Store | None) -> list[Finding]:
    """Look at everything that Halqa needs of Slack; ``store`` is None where the database can't be asked."""
    known: list[Room] = []
    installs: list[Install] = []
    if store is not None:
        with store.writing() as db:
            known = [Room(*row) for row in health.open_rooms(db, PLATFORM)]
            if settings.serves_many and all(settings.keys):
                installs = [_install(key, safe.get(db, INSTALLS, key), settings) for key in safe.keys(db, INSTALLS)]
    return asyncio.run(_gathered(settings, known, installs))


def _install(key: str, body: str | None, settings: Slack) -> Install:
    try:
        kept = json.loads(Seal(settings.keys).open(body or ""))
    except (Unsealable, ValueError) as problem:
        return Install(key, trouble=str(problem) if isinstance(problem, Unsealable) else "it can't be read")
    return Install(key, str(kept.get("bot_token") or ""), bool(kept.get("bot_refresh_token")))


async def _gathered(settings: Slack, known: Sequence[Room], installs: Sequence[Install]) -> list[Finding]:
    return [finding async for finding in _look(settings, known, installs)]


async def _look(settings: Slack, known: Sequence[Room], installs: Sequence[Install]) -> AsyncIterator[Finding]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:
        slack = _Slack(settings.api, session)
        if settings.connect == "socket":
            yield await _app_token(slack, settings.app_token)
        if settings.address:
            yield await _address(settings.address)
        if not settings.serves_many:
            async for finding in _workspace(slack, "bot token", settings.bot_token, known):
                yield finding
            return
        if not installs:
            yield Finding(f"Slack: installed nowhere yet; people begin at {settings.address}/slack/install")
        for install in installs:
            what = f"installation {install.key}"
            if install.trouble:
                yield Finding(f"Slack, {what}: {install.trouble}", is_problem=True)
                continue
            mine = [room for room in known if install.key.endswith(f"-{room.workspace}")]
            async for finding in _workspace(slack, what, install.token, mine, is_renewed=install.is_renewed):
                yield finding


class _Slack:
    """Asks Slack, and waits where it asks us to: not longer than our patience lasts."""

    def __init__(self, api: str, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session
        self._patience = PATIENCE

    def as_(self, token: str) -> AsyncWebClient:
        client = AsyncWebClient(token=token, base_url=self._api, session=self._session, retry_handlers=[])
        return unproxied(client, self._api)

    async def ask(self, client: AsyncWebClient, method: str, **arguments: Any) -> Any:
        while True:
            try:
                call: Awaitable[Any] = getattr(client, method)(**arguments)
                return await call
            except SlackApiError as error:
                wait = failures.retry_after(error)
                if wait is None:
                    raise self._no(error) from error
                self._patience -= wait.total_seconds()
                if self._patience < 0:
                    raise Silent("Slack asks to be asked less often. Look again in a minute") from error
                await asyncio.sleep(wait.total_seconds())
            except (aiohttp.ClientError, SlackClientError, TimeoutError, ValueError) as error:
                why = "in time" if isinstance(error, TimeoutError) else f"({type(error).__name__})"
                raise Silent(
                    f"Slack can't be reached {why} at {self._api}. Look whether this machine is on the network, "
                    "whether a proxy is needed (HTTPS_PROXY) or in the way (NO_PROXY), and what api says under [slack]"
                ) from error

    def _no(self, error: SlackApiError) -> Exception:
        code = failures.code_of(error)
        if code.startswith("http_") or not re.fullmatch(r"[a-z_]{1,60}", code):
            status = failures.status_of(error)
            return Silent(f"{self._api} answers {status}, and not as Slack does. Look at what api says under [slack]")
        return Refusing(code)


def _refused(code: str) -> str:
    return NOT_TAKEN.get(code, f"Slack answers {code}")


async def _app_token(slack: _Slack, token: str) -> Finding:
    try:
        # Slack answers with a secret address, which nobody connects to and nobody reads here.
        await slack.ask(slack.as_(token), "apps_connections_open", app_token=token)
    except Silent as silent:
        return Finding(f"Slack, app-level token: {silent}", is_problem=True)
    except Refusing as no:
        what = _refused(str(no))
        if str(no) == "missing_scope":
            what = "it lacks the scope connections:write. Make one that has it, under Basic Information"
        return Finding(f"Slack, app-level token: {what}", is_problem=True)
    return Finding("Slack, app-level token: opens connections (connections:write)")


async def _address(address: str) -> Finding:
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(TIMEOUT):
            await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return Finding(
            f"Slack, address: there is no machine {parts.hostname}. Enter it in the DNS, or mend address under [slack]",
            is_problem=True,
        )
    return Finding(f"Slack, address: {address} has a machine behind it; Slack sends to {address}/slack/events")


async def _workspace(
    slack: _Slack, what: str, token: str, known: Sequence[Room], *, is_renewed: bool = False
) -> AsyncIterator[Finding]:
    client = slack.as_(token)
    try:
        answer = await slack.ask(client, "auth_test")
    except Silent as silent:
        yield Finding(f"Slack, {what}: {silent}", is_problem=True)
        return
    except Refusing as no:
        if str(no) == "token_expired" and is_renewed:
            yield Finding(f"Slack, {what}: its token has run out; Halqa renews it as soon as it runs")
        else:
            yield Finding(f"Slack, {what}: {_refused(str(no))}", is_problem=True)
        return
    team, bot = str(answer.get("team_id") or ""), str(answer.get("user") or "")
    if not answer.get("bot_id"):
        yield Finding(f"Slack, {what}: this is a person's. Copy the Bot User OAuth Token (xoxb-)", is_problem=True)
    yield Finding(f"Slack, {what}: {bot} in the workspace {answer.get('team')} ({team})")
    for finding in _scopes({str(name).lower(): value for name, value in answer.headers.items()}):
        yield finding
    here = [room for room in known if room.workspace == team]
    async for finding in _rooms(slack, client, here):
        yield finding
    elsewhere = sorted({room.workspace for room in known} - {team})
    if elsewhere:
        yield Finding(
            f"Slack: the database also knows rooms in {', '.join(elsewhere)}, and this token is for {team}; nothing "
            "is sent there. Use the token of that workspace, or another database",
            is_problem=not here,
        )


def _scopes(headers: Mapping[str, Any]) -> Iterable[Finding]:
    if "x-oauth-scopes" not in headers:
        yield Finding("Slack, scopes: Slack did not tell them")
        return
    granted = {scope.strip() for scope in str(headers["x-oauth-scopes"]).split(",") if scope.strip()}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        for scope in missing:
            yield Finding(
                f"Slack, scopes: {scope} is missing ({SCOPES[scope]}). Add it under OAuth & Permissions, or take the "
                "manifest anew, and install the app again",
                is_problem=True,
            )
    else:
        yield Finding("Slack, scopes: all that are needed")
    more = sorted(granted - set(SCOPES))
    if more:
        reads = [scope for scope in more if scope.endswith(":history")]
        what = f"; with {', '.join(reads)} it could read what people write" if reads else ""
        yield Finding(f"Slack, scopes: more than needed: {', '.join(more)}{what}. You can take them away")


async def _rooms(slack: _Slack, client: AsyncWebClient, here: Sequence[Room]) -> AsyncIterator[Finding]:
    good = unseen = 0
    for number, room in enumerate(here):
        try:
            answer = await slack.ask(client, "conversations_info", channel=room.place)
        except Silent as silent:
            yield Finding(f"Slack, rooms: {len(here) - number} were not looked at. {silent}", is_problem=True)
            break
        except Refusing as no:
            # A group message is seen with mpim:read alone, which Halqa has no other use for and does not ask for.
            if str(no) == "missing_scope" and keys.circle_of(room.key) is None:
                unseen += 1
                continue
            wrong = [_gone(str(no))]
        else:
            wrong = list(_wrong(answer["channel"]))
        good += not wrong
        for what in wrong:
            yield Finding(f"Slack, room {room.place} ({room.key}): {what}", is_problem=True)
    if good:
        yield Finding(f"Slack, rooms: {good} in order")
    if unseen:
        yield Finding(f"Slack, rooms: {unseen} group messages, which can't be looked at without mpim:read")


def _gone(code: str) -> str:
    if code == "channel_not_found":
        return "it is not there, or Halqa is not in it. Invite Halqa (/invite @Halqa); a lost one is opened anew"
    return _refused(code)


def _wrong(channel: Mapping[str, Any]) -> Iterable[str]:
    if channel.get("is_archived"):
        yield "it is archived. Take it out of the archive, or close the circle"
    elif channel.get("is_mpim") is not True and channel.get("is_member") is False:
        yield "Halqa is not in it. Invite Halqa there (/invite @Halqa)"
    if channel.get("is_ext_shared"):
        yield "it is shared with another organisation, whose people read along. End that, or tell the circle"
    if channel.get("is_private") is False and not channel.get("is_mpim"):
        yield "everybody in the workspace can read it. Make it private again, or tell the circle"
