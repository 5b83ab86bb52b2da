"""How what people do reaches the bot: as signed HTTP requests or as Socket Mode envelopes, with the same verbs."""

import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_person import Person
from slack_socket import PATIENCE
from slack_town import Town

Retry = tuple[int, str]


class Way(ABC):
    """Either way to the bot."""

    town: Town

    @abstractmethod
    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts_answer: bool = False, retry: Retry | None = None
    ) -> dict[str, Any] | None:
        """Deliver, and give what the acknowledgement carries; None if there was none in three seconds."""

    def person(self, team: str, user: str) -> Person:
        """Somebody of a workspace, who acts over this way."""
        return Person(self, team, user)

    async def tells(
        self, team: str, event: dict[str, Any], *, event_id: str = "", retry: Retry | None = None, at: int | None = None
    ) -> str:
        """Tell the bot an event, and give its event_id; the same id again is a repetition.

        ``at`` is when it happened, where that is not now.
        """
        name = event_id or f"Ev{self.town.number():08d}"
        workspace = self.town.workspaces[team]
        payload = {
            "token": "town",
            "team_id": team,
            "api_app_id": self.town.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": name,
            "event_time": int(time.time()) if at is None else at,
            "event_context": f"ctx-{name}",
            "is_ext_shared_channel": False,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": workspace.bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
        }
        await self.send("events_api", payload, retry=retry)
        return name


@dataclass(frozen=True)
class Request:
    """One HTTP request as it was sent, to be sent again."""

    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Heard:
    """The bot's HTTP answer."""

    status: int
    text: str


class SocketGestures(Way):
    """Everything over the bot's Socket Mode connections."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts_answer: bool = False, retry: Retry | None = None
    ) -> dict[str, Any] | None:
        """Deliver as an envelope; see Way."""
        return await self.town.link.deliver(kind, payload, accepts_answer=accepts_answer, retry=retry)


class Gestures(Way):
    """Everything as HTTP requests to ``url``, signed with the app's secret."""

    def __init__(self, town: Town, url: str, signing_secret: str) -> None:
        self.town, self.url, self.signing_secret = town, url, signing_secret
        self.last: Request | None = None

    def signed(self, kind: str, payload: dict[str, Any], *, at: float | None = None, secret: str = "") -> Request:
        """A request as Slack makes it; ``at`` another time, or with another ``secret``, it is one to refuse."""
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        stamp = str(int(time.time() if at is None else at))
        key = (secret or self.signing_secret).encode()
        signature = "v0=" + hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        return Request(body, headers)

    async def delivers(self, request: Request) -> Heard:
        """Send a request as it is, also one that was sent before. Raises TimeoutError after three seconds."""
        self.last = request
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.post(self.url, data=request.body.encode(), headers=request.headers) as heard,
        ):
            return Heard(heard.status, await heard.text())

    async def repeats(self) -> Heard:
        """Send the very same request once more."""
        assert self.last is not None, "Nothing was sent yet."
        return await self.delivers(self.last)

    async def send(
        self, kind: str, payload: dict[str, Any], *, accepts_answer: bool = False, retry: Retry | None = None
    ) -> dict[str, Any] | None:
        """Deliver as a signed request; see Way."""
        request = self.signed(kind, payload)
        if retry is not None:
            request.headers.update({"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]})
        try:
            heard = await self.delivers(request)
        except (TimeoutError, aiohttp.ClientError) as error:
            self.town.unacknowledged.append(f"{kind}: {type(error).__name__}")
            return None
        if heard.status != 200:
            self.town.unacknowledged.append(f"{kind}: {heard.status}")
            return None
        if not accepts_answer or not heard.text:
            return {}
        return json.loads(heard.text) if heard.text.startswith("{") else {"text": heard.text}
