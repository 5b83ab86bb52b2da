"""The server of the signed HTTP mode: Slack's requests come in here, and people who install it in their workspace."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack import failures, pages
from bot.slack.installs import UNREADABLE, Installs
from bot.slack.settings import Slack
from bot.slack.tickets import STATE_LIVES, States

log = logging.getLogger(__name__)
EVENTS, INSTALL, REDIRECT, HEALTH = "/slack/events", "/slack/install", "/slack/oauth_redirect", "/health"
AUTHORIZE = "https://slack.com/oauth/v2/authorize"
LONGEST = 1024 * 1024  # bytes of a request
PATIENCE = 10.0  # seconds in which a request has to arrive, and health to be told
SAFE = {
    "Content-Security-Policy": pages.POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address of a page of installing holds a code
    "Cache-Control": "no-store",
    "Server": "Halqa",
}
# The library ends in an exception over what is neither, where a refusal is due.
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TEAM = re.compile(r"[TE][A-Z0-9]{1,20}")
Health = Callable[[], Awaitable[bool]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Listens for Slack's signed requests, and with a ``flow`` for those who install; ``health`` says how we are."""

    def __init__(
        self, app: AsyncApp, flow: AsyncOAuthFlow | None, listen: str, port: int, health: Health | None = None
    ) -> None:
        self._app = app
        self._flow = flow
        self._listen = listen
        self._port = port
        self._health = health
        # Bolt parses and logs what it refuses, words and all; so it only gets what is surely Slack's.
        self._verifier = SignatureVerifier(app._signing_secret)  # noqa: SLF001 - bolt has no other way to ask for it
        self._runner: web.AppRunner | None = None

    def web_app(self) -> web.Application:
        """Put the routes together."""
        app = web.Application(middlewares=[_guard], client_max_size=LONGEST)
        app.add_routes([web.post(EVENTS, self._events), web.get(HEALTH, self._tell_health)])
        if self._flow is not None:
            # A HEAD is somebody looking at a link: it begins nothing, and uses nothing up.
            app.router.add_get(self._flow.install_path, self._install, allow_head=False)
            app.router.add_get(self._flow.redirect_uri_path, self._redirect, allow_head=False)
        return app

    async def start(self) -> str:
        """Listen, and give the address; OSError when the port is taken."""
        # No access log: addresses hold codes.
        runner = web.AppRunner(self.web_app(), access_log=None, shutdown_timeout=PATIENCE)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._listen, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        host, port = runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def stop(self) -> None:
        """Let what has begun come to its end, and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(PATIENCE):
                raw = await request.read()
            body = raw.decode("utf-8")
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="The request took too long to arrive.") from None
        except UnicodeDecodeError:
            raise web.HTTPUnauthorized(text="This is not signed.") from None
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        is_signed = _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)
        if not is_signed or not self._verifier.is_valid(body, timestamp, signature):
            log.warning("refused a request that is not signed by Slack, or too old, from %s", request.remote)
            raise web.HTTPUnauthorized(text="This is not signed.")
        try:
            asked = AsyncBoltRequest(body=body, headers=request.headers)  # type: ignore[arg-type] # as bolt's own adapter
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest(text="This is not a request of Slack.") from None
        if not asked.body and "payload" not in (fields := dict(parse_qsl(body, keep_blank_values=True))):
            # Bolt reads nothing of a form in which somebody has written the word "payload".
            asked.body, asked.context = fields, build_async_context(asked.context, fields)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def _install(self, request: web.Request) -> web.StreamResponse:
        return await self._browse(request, lambda flow, asked: flow.handle_installation(asked))

    async def _redirect(self, request: web.Request) -> web.StreamResponse:
        return await self._browse(request, lambda flow, asked: flow.handle_callback(asked))

    async def _browse(
        self, request: web.Request, go: Callable[[AsyncOAuthFlow, AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> web.StreamResponse:
        flow = self._flow
        if flow is None:
            raise web.HTTPNotFound
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=request.headers)  # type: ignore[arg-type]
        try:
            response = await to_aiohttp_response(await go(flow, asked))
        except Exception:
            log.exception("%s failed", request.path)
            words = pages.trouble(_public(flow, flow.install_path))
            return web.Response(status=500, text=words, content_type="text/html")
        response.charset = "utf-8"  # lost on the way through the adapter
        for cookie in response.cookies.values():
            cookie["samesite"] = "Lax"  # Slack leads back by a link, and nothing else needs it
            if not _is_secure(flow):
                cookie["secure"] = ""
        return response

    async def _tell_health(self, request: web.Request) -> web.StreamResponse:
        del request
        try:
            async with asyncio.timeout(PATIENCE):
                is_well = self._health is None or await self._health()
        except Exception:
            log.exception("health could not be told")
            is_well = False
        return web.json_response({"ok": is_well}, status=200 if is_well else 503)


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send nothing without the headers that keep it safe, and no word of what went wrong inside."""
    response: web.StreamResponse
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        refused.headers.update(SAFE)
        raise
    except Exception:
        log.exception("a request failed")
        response = web.Response(status=500, text="Something went wrong here.")
    response.headers.update(SAFE)
    return response


# -- installing ---------------------------------------------------------------------------------------------


class Flow(AsyncOAuthFlow):
    """Bolt's flow of installing, with addresses put together safely, no secret in the log, and no user tokens."""

    def __init__(self, client: AsyncWebClient, settings: AsyncOAuthSettings, clock: Clock) -> None:
        super().__init__(client=client, logger=log, settings=settings)
        self._clock = clock

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Give the address of Slack's page; the workspace may be named beforehand, and nothing else added."""
        fields = {"state": state, "client_id": self.client_id, "scope": ",".join(self.settings.scopes or ())}
        if self.redirect_uri is not None:
            fields["redirect_uri"] = self.redirect_uri
        team = (request.query.get("team") or [""])[0]
        if _TEAM.fullmatch(team):
            fields["team"] = team
        return f"{self.settings.authorization_url}?{urlencode(fields)}"

    async def run_installation(self, code: str) -> Installation | None:
        """Change the code for a token; None where Slack gives none, and its reason is logged without the code."""
        try:
            answer = await self.client.oauth_v2_access(
                client_id=self.client_id,
                client_secret=self.settings.client_secret,
                code=code,
                redirect_uri=self.redirect_uri,
            )
            token = answer.get("access_token")
            if answer.get("token_type") != "bot" or not token:
                log.warning("an installation failed: Slack gave no bot token")
                return None
            who = await self.client.auth_test(token=token)
        except SlackApiError as error:
            log.warning("an installation failed: Slack answered %s", failures.code_of(error))
            return None
        except UNREADABLE as error:
            log.warning("an installation failed: Slack can't be reached (%s)", type(error).__name__)
            return None
        now = self._clock.now().timestamp()
        team, organisation = answer.get("team") or {}, answer.get("enterprise") or {}
        lasts = answer.get("expires_in")
        return Installation(
            app_id=answer.get("app_id"),
            enterprise_id=organisation.get("id"),
            enterprise_name=organisation.get("name"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=token,
            bot_id=who.get("bot_id"),
            bot_user_id=answer.get("bot_user_id"),
            bot_scopes=answer.get("scope") or "",
            bot_refresh_token=answer.get("refresh_token"),
            bot_token_expires_at=None if lasts is None else int(now) + int(lasts),
            user_id=(answer.get("authed_user") or {}).get("id") or "",
            is_enterprise_install=bool(answer.get("is_enterprise_install")),
            token_type="bot",  # noqa: S106 - a kind, not a secret
            installed_at=now,
        )

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep an installation; BoltError where that fails."""
        try:
            await super().store_installation(request, installation)
        except Exception as error:
            log.exception("an installation could not be kept")
            raise BoltError("an installation could not be kept") from error


def oauth_flow(
    settings: Slack, scopes: Sequence[str], installs: Installs, states: States, client: AsyncWebClient
) -> Flow:
    """Put the flow of installing together; ``client`` calls the Web API, and no user scopes are asked for."""
    address = settings.address.rstrip("/")
    is_plain = address.startswith("http://")
    choices = AsyncOAuthSettings(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        scopes=list(scopes),
        user_scopes=[],
        redirect_uri=f"{address}{REDIRECT}" if address else None,
        install_path=INSTALL,
        install_page_rendering_enabled=False,
        redirect_uri_path=REDIRECT,
        callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
        authorization_url=settings.authorize or AUTHORIZE,
        installation_store=installs,
        state_store=states,
        # The prefix keeps other names of the same domain from planting one; browsers allow it over TLS only.
        state_cookie_name="halqa-install" if is_plain else "__Host-halqa-install",
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
        logger=log,
    )
    return Flow(client, choices, installs.clock)


def _is_secure(flow: AsyncOAuthFlow) -> bool:
    return not (flow.redirect_uri or "").startswith("http://")


def _public(flow: AsyncOAuthFlow, path: str) -> str:
    return (flow.redirect_uri or "").removesuffix(flow.redirect_uri_path) + path


async def _succeeded(done: AsyncSuccessArgs) -> BoltResponse:
    made, where = done.installation, urlsplit(done.settings.authorization_url)
    named = made.enterprise_name if made.is_enterprise_install else made.team_name
    to = {"app": made.app_id or "", "team": made.enterprise_id if made.is_enterprise_install else made.team_id}
    link = f"{where.scheme}://{where.netloc}/app_redirect?{urlencode(to)}"
    return _page(
        200, pages.installed(named, is_organisation=bool(made.is_enterprise_install), link=link), done.settings
    )


async def _failed(failure: AsyncFailureArgs) -> BoltResponse:
    log.info("an installation was not finished: %s", failure.reason if failure.reason in pages.FAILED else "by Slack")
    public = (failure.settings.redirect_uri or "").removesuffix(failure.settings.redirect_uri_path)
    words = pages.failed(failure.reason, public + failure.settings.install_path)
    return _page(failure.suggested_status_code, words, failure.settings)


def _page(status: int, words: str, settings: AsyncOAuthSettings) -> BoltResponse:
    gone = settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(
        status=status, body=words, headers={"Content-Type": "text/html; charset=utf-8", "Set-Cookie": gone}
    )
