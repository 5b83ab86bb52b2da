"""The workspaces that let us in, and the tokens to speak there with, renewed in time."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import TryLater
from bot.clock import Clock
from bot.desk import Desk
from bot.sealing import Seal, Unsealable
from bot.slack import failures
from bot.slack.clients import unproxied
from bot.slack.shelf import Shelf, key_of

log = logging.getLogger(__name__)
RENEW_BEFORE = timedelta(hours=2)
LOOK_AGAIN = timedelta(minutes=1)  # until what another process changed is seen, and between two tries to renew
ALWAYS = 10**9  # minutes: when to renew is decided here, by our own clock
AWAY = timedelta(minutes=30)  # until it is worth looking whether a workspace is there again
MOST_KEPT = 10_000
# No answer, or one that is no JSON of Slack's: what the SDK then raises depends on where it stumbles over it.
UNREADABLE = (aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError, AttributeError)
PATIENCE = 10  # seconds for Slack to answer
SOON = 1.2  # seconds in which a request has to know whom it is for; Slack waits three, for the answer too
GONE_FOR_GOOD = ("invalid_refresh_token", "token_revoked", "account_inactive")


class NotInstalled(TryLater):
    """Halqa is not, or no longer, installed in this workspace; one of its owners can install it again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, AWAY)


class NotRenewed(TryLater):
    """The token has run out and Slack gave no new one; try again in a minute."""


class NotOpened(TryLater):
    """The token is there, and none of the keys opens it; whoever runs Halqa has to put the key back."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, AWAY)


class Installs(AsyncInstallationStore):
    """The installations, sealed, one row each; what was there before is gone."""

    def __init__(self, desk: Desk, seal: Seal, clock: Clock) -> None:
        self.clock = clock
        self._desk = desk
        self._shelf = Shelf(desk.store, seal, clock)

    @property
    def logger(self) -> logging.Logger:
        """Give the log of this room."""
        return log

    @property
    def changes(self) -> int:
        """Count what this process has saved and forgotten."""
        return self._shelf.changes

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation in the place of the one before; user tokens are left out."""
        await self._desk.do(self._shelf.put, installation)
        log.info("installed: %s", key_of(installation))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a bot's part of an installation; who installed it stays what it was."""
        await self._desk.do(self._shelf.put_bot, bot)

    async def async_replace(self, old: Installation, new: Bot) -> bool:
        """Keep a renewed token, unless the installation was dropped or made anew meanwhile; say whether it was kept."""
        return await self._desk.do(self._shelf.put_bot, new, old)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Find whom we are in a workspace, or None; Unsealable where none of the keys opens it."""
        found = await self._desk.do(self._shelf.find, enterprise_id, team_id, bool(is_enterprise_install))
        return found.to_bot() if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Find the installation that serves a workspace, or None; with ``user_id`` only one that this person made."""
        found = await self._desk.do(self._shelf.find, enterprise_id, team_id, bool(is_enterprise_install))
        return found if found and user_id in (None, found.user_id) else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget an installation."""
        await self.forget(enterprise_id, team_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget an installation; with ``user_id`` nothing is to be done: no person's own token is ever kept."""
        if user_id is None:
            await self.forget(enterprise_id, team_id)

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget an installation."""
        await self.forget(enterprise_id, team_id)

    async def forget(self, enterprise_id: str | None, team_id: str | None, before: datetime | None = None) -> bool:
        """Forget a workspace's installation, or an organisation's where there is no team; say whether none is left.

        With ``before`` only one that was made earlier: Slack may tell late, or again, that somebody uninstalled.
        """
        is_forgotten = await self._desk.do(self._shelf.drop, enterprise_id, team_id, before)
        what = "uninstalled" if is_forgotten else "uninstalled and installed again since"
        log.info("%s: %s of %s", what, team_id or "all", enterprise_id or "no organisation")
        return is_forgotten

    async def async_reseal(self) -> int:
        """Seal every row with the first key and give their number: after it the other keys can go; else Unsealable."""
        return await self._desk.do(self._shelf.reseal)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An installation as it was read; it holds until the store changes, or until it may have changed elsewhere."""

    installation: Installation
    changes: int
    until: datetime


class Tokens:
    """The tokens to speak with: read from memory, renewed before they run out, once for all who ask at the same time.

    ``api`` is the address of the Web API; ``authorize`` is what an AsyncApp asks about each request.
    """

    def __init__(self, installs: Installs, client_id: str, client_secret: str, api: str, clock: Clock) -> None:
        self.authorize = Authorize(self)
        self._installs = installs
        self._clock = clock
        client = unproxied(AsyncWebClient(base_url=api, timeout=PATIENCE, retry_handlers=[]), api)
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)
        self._seen: dict[tuple[str | None, str | None, bool], _Seen] = {}
        self._looking: dict[tuple[str | None, str | None, bool], asyncio.Task[Installation]] = {}
        self._renewing: dict[str, asyncio.Task[Installation]] = {}
        self._failed: dict[str, datetime] = {}

    async def of(self, team_id: str, enterprise_id: str | None = None) -> str:
        """Give the bot token for a workspace; raises NotInstalled, NotRenewed and NotOpened, which are all TryLater."""
        return str((await self.installation(enterprise_id, team_id)).bot_token)

    async def installation(
        self, enterprise_id: str | None, team_id: str | None, *, is_enterprise_install: bool = False
    ) -> Installation:
        """Give the installation that serves a workspace, with a token that is good; raises as ``of`` does."""
        asked = (enterprise_id, team_id, is_enterprise_install)
        now = self._clock.now()
        seen = self._seen.get(asked)
        if seen is None or seen.changes != self._installs.changes or seen.until <= now:
            changes = self._installs.changes  # before it is read: what changes meanwhile makes it old at once
            self._seen.pop(asked, None)
            found = await self._found(*asked)
            if len(self._seen) >= MOST_KEPT:
                self._seen.clear()
            seen = self._seen[asked] = _Seen(found, changes, now + LOOK_AGAIN)
        if not self._is_due(seen.installation):
            return seen.installation
        return await self._renewed(seen.installation)

    async def known(self, enterprise_id: str | None, team_id: str | None, is_org: bool) -> Installation:
        """Give the installation as it was seen last, for who can't wait; looked at again meanwhile where it is old."""
        asked, now = (enterprise_id, team_id, is_org), self._clock.now()
        seen = self._seen.get(asked)
        if seen is None or seen.changes != self._installs.changes or self._is_over(seen.installation, now):
            async with asyncio.timeout(SOON):
                return await self.installation(enterprise_id, team_id, is_enterprise_install=is_org)
        if (seen.until <= now or self._is_due(seen.installation)) and asked not in self._looking:
            look = self.installation(enterprise_id, team_id, is_enterprise_install=is_org)
            task = self._looking[asked] = asyncio.create_task(look)
            task.add_done_callback(lambda done: (self._looking.pop(asked, None), done.cancelled() or done.exception()))
        return seen.installation

    async def close(self) -> None:
        """Wait for what is being renewed: a new token that is not written down is lost, and the old one is used up."""
        await asyncio.gather(*self._looking.values(), *self._renewing.values(), return_exceptions=True)

    def _is_due(self, found: Installation) -> bool:
        return self._is_over(found, self._clock.now() + RENEW_BEFORE)

    def _is_over(self, found: Installation, at: datetime) -> bool:
        return found.bot_token_expires_at is not None and found.bot_token_expires_at <= at.timestamp()

    async def _renewed(self, found: Installation) -> Installation:
        key = key_of(found)
        if key not in self._renewing:
            # A task of its own: whoever gives up waiting does not break off what the others wait for.
            task = self._renewing[key] = asyncio.create_task(self._renew(found))
            task.add_done_callback(lambda done: (self._renewing.pop(key, None), done.cancelled() or done.exception()))
        return await asyncio.shield(self._renewing[key])

    async def _renew(self, seen: Installation) -> Installation:
        # Looked at again: another process may have been here first, and a refresh token is good only once.
        found = await self._again(seen)
        now = self._clock.now()
        failed = self._failed.get(key_of(seen))
        if not self._is_due(found) or (failed and now < failed + LOOK_AGAIN and not self._is_over(found, now)):
            return found
        try:
            bot = await self._rotator.perform_bot_token_rotation(bot=found.to_bot(), minutes_before_expiration=ALWAYS)
        except SlackTokenRotationError as error:
            return await self._make_do(found, failures.code_of(error.api_error))
        except UNREADABLE as error:
            return await self._make_do(found, type(error).__name__)
        if bot is None or not bot.bot_token or bot.bot_token_expires_at is None:
            return await self._make_do(found, "no bot token in the answer")
        # The library counts from the machine's time, and we from our own clock's.
        bot.bot_token_expires_at += round(now.timestamp() - time())
        self._failed.pop(key_of(found), None)
        await self._installs.async_replace(found, bot)
        log.info("renewed the token: %s", key_of(found))
        return await self._again(found)  # uninstalled or installed anew meanwhile: that holds

    async def _found(self, enterprise_id: str | None, team_id: str | None, is_org: bool) -> Installation:
        try:
            found = await self._installs.async_find_installation(
                enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_org
            )
        except Unsealable as closed:
            log.error("the token of %s can't be opened: %s", team_id or enterprise_id, closed)  # noqa: TRY400 - no trace
            raise NotOpened(str(closed)) from None
        if found is None:
            raise NotInstalled(f"Halqa is not installed in {team_id or enterprise_id}.")
        return found

    async def _again(self, seen: Installation) -> Installation:
        return await self._found(seen.enterprise_id, seen.team_id, seen.is_enterprise_install)

    async def _make_do(self, found: Installation, why: str) -> Installation:
        """Go on with the token we have while it lasts, or with the one that another process got meanwhile."""
        now = self._clock.now()
        self._failed[key_of(found)] = now
        log.warning("could not renew the token of %s: %s", key_of(found), why)
        there = await self._again(found)
        if there.bot_token != found.bot_token or not self._is_over(there, now):
            return there
        if why in GONE_FOR_GOOD:
            raise NotInstalled(f"The token of {key_of(found)} has run out for good; install Halqa there again.")
        raise NotRenewed(f"The token of {key_of(found)} has run out and could not be renewed yet.")


class Authorize(AsyncAuthorize):
    """Tells an AsyncApp whom we are where a request comes from, without asking Slack each time."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """Give whom we are there, or None where we are not installed; what can't be known in time is raised."""
        del user_id, actor_enterprise_id, actor_team_id, actor_user_id
        try:
            found = await self._tokens.known(enterprise_id, team_id, bool(context.is_enterprise_install))
        except NotInstalled as missing:
            log.warning("%s", missing)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id or found.enterprise_id,
            team_id=team_id or found.team_id,
            team=found.team_name,
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            bot_token=found.bot_token,
            bot_scopes=found.bot_scopes,
        )
