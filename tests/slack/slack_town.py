"""The state of a stand-in Slack: several workspaces side by side; what a test may look at and arrange.

Written from Slack's public documentation. The Web API is in slack_web_api, the web socket in slack_socket, and what
people do in slack_person.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from slack_socket import Link
from slack_things import (
    BOT_SCOPES,
    Called,
    Channel,
    Grant,
    Kind,
    Member,
    Post,
    ReturnPath,
    Trigger,
    Upload,
    View,
    Workspace,
)
from slack_words import with_ids


class Town:
    """Several workspaces side by side, one app, and everything that was said.

    ``complaints`` are breaches of the documentation by the bot: every test should see it empty.
    """

    def __init__(self, app_id: str = "A0HALQA") -> None:
        self.app_id, self.app_token = app_id, f"xapp-1-{app_id}-town"
        self.client_id, self.client_secret, self.rotates = "111.222", "town-client-secret", False
        self.url = ""
        self.link: Link
        self.workspaces: dict[str, Workspace] = {}
        self.grants: dict[str, Grant] = {}
        self.posts: list[Post] = []
        self.views: dict[str, View] = {}
        self.stacks: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.homes: dict[tuple[str, str], str] = {}
        self.uploads: dict[str, Upload] = {}
        self.triggers: dict[str, Trigger] = {}
        self.paths: dict[str, ReturnPath] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.refreshes: dict[str, str] = {}
        self.spent_codes: set[str] = set()
        self.tickets: set[str] = set()
        self.calls: list[Called] = []
        self.complaints: list[str] = []
        self.unacknowledged: list[str] = []
        self.limits: list[dict[str, Any]] = []
        self.faults: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
        self.gate = asyncio.Event()
        self.is_strict_about_pace = False
        self._paces: dict[tuple[str, str], tuple[float, float]] = {}
        self._waited_out = 0.0
        self._count = 0
        self._changed = asyncio.Event()

    @property
    def api(self) -> str:
        """The base address for a Web API client."""
        return f"{self.url}/api/"

    # Arranging

    def add_workspace(self, team_id: str, bot_token: str, scopes: Iterable[str] = BOT_SCOPES) -> Workspace:
        """Found a workspace in which the app is installed with this token; its bot user is "UBOT" + the id's tail."""
        bot = f"UBOT{team_id[1:]}"
        self.workspaces[team_id] = Workspace(team_id, bot, f"B{team_id[1:]}", team_id.lower())
        self.workspaces[team_id].members[bot] = Member(bot, team_id, "Halqa", is_bot=True)
        self.grants[bot_token] = Grant(team_id, tuple(scopes))
        return self.workspaces[team_id]

    def add_user(self, team: str, user_id: str, *, name: str = "", team_id: str = "", **traits: Any) -> Member:
        """Let somebody in; ``traits`` are the fields of Member, and ``team_id`` is a stranger's own organisation."""
        member = Member(user_id, team, name or user_id.removeprefix("U").title(), home_team=team_id or team, **traits)
        self.workspaces[team].members[user_id] = member
        self.touch()
        return member

    def add_channel(self, team: str, name: str, members: Iterable[str], *, kind: Kind = "public") -> Channel:
        """Open a room as a person would have done; the bot is in it only if it is named as a member."""
        people = list(members)
        return self.new_channel(team, kind, name, people[0] if people else "", people)

    def limit(self, method: str, *, team: str | None = None, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next ``times`` calls of ``method`` (of one workspace) with 429."""
        self.limits.append({"method": method, "team": team, "left": times, "retry_after": retry_after})

    def fail(self, method: str, *faults: str, team: str | None = None) -> None:
        """Play one fault for each of the next calls.

        "drop before", "drop after" (done, and the answer is lost), "500", "503 after", "hang", "wait" (for ``gate``),
        "garbage" (bytes that are no text), or an error's name.
        """
        self.faults[method, team] += faults

    def wait_out(self, seconds: float) -> None:
        """Let time pass for trigger ids, response URLs, tokens and paces, without waiting."""
        self._waited_out += seconds

    def issue_code(self, team: str, user: str) -> str:
        """Let ``user`` agree to install the app in her workspace: the code that Slack gives to the redirect address."""
        code = f"code.{secrets.token_hex(8)}"
        self.codes[code] = (team, user)
        return code

    def uninstall(self, team: str) -> None:
        """Take the app out of a workspace: its tokens are dead."""
        for grant in self.grants.values():
            if grant.team == team:
                grant.trouble = "account_inactive"

    # What happens

    def now(self) -> float:
        """The time of this town, in seconds."""
        return time.monotonic() + self._waited_out

    def number(self) -> int:
        """A number that was never given before."""
        self._count += 1
        return self._count

    def ts(self) -> str:
        """A message's time stamp, later than all before."""
        return f"{int(time.time())}.{self.number():06d}"

    def complain(self, sentence: str) -> None:
        """Note something that the bot did against the documentation."""
        self.complaints.append(sentence)

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, claim: Callable[[], Any], within: float = 60) -> Any:
        """Wait until ``claim`` gives something true, and give it; what it gave last when the time is over."""
        end = time.monotonic() + within
        while not (found := claim()) and (left := end - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return claim()
        return found

    def new_channel(self, team: str, kind: Kind, name: str, creator: str, members: list[str]) -> Channel:
        """Open a room of any kind."""
        letter = {"public": "C", "private": "C", "im": "D", "mpim": "G"}[kind]
        channel = Channel(f"{letter}{self.number():08d}", team, kind, name, creator, members)
        self.workspaces[team].channels[channel.id] = channel
        return channel

    def conversation(self, team: str, people: Iterable[str]) -> tuple[Channel, bool]:
        """The direct message of the bot with exactly these people, and whether it was open already."""
        bot, others = self.workspaces[team].bot, list(dict.fromkeys(people))
        for channel in self.workspaces[team].channels.values():
            if channel.kind in {"im", "mpim"} and set(channel.members) == {bot, *others}:
                return channel, True
        kind: Kind = "im" if len(others) == 1 else "mpim"
        name = others[0] if kind == "im" else f"mpdm-{'--'.join(sorted(others)).lower()}-1"
        return self.new_channel(team, kind, name, bot, [bot, *others]), False

    def say(self, team: str, channel: str, text: str, blocks: list[dict[str, Any]], **more: Any) -> Post:
        """Let the bot's words appear in a room; Slack gives every block an id that has none."""
        post = Post(team, channel, self.ts(), self.workspaces[team].bot, text, with_ids(blocks, self.number), **more)
        self.posts.append(post)
        self.touch()
        return post

    def trigger(self, team: str, user: str) -> str:
        """A fresh trigger_id."""
        name = f"{self.number()}.{team}.{secrets.token_hex(8)}"
        self.triggers[name] = Trigger(team, user, self.now())
        return name

    def response_url(self, team: str, channel: str, user: str, original: Post | None = None) -> str:
        """A fresh response_url."""
        name = secrets.token_hex(12)
        self.paths[name] = ReturnPath(team, channel, user, self.now(), original)
        return f"{self.url}/response/{name}"

    def is_too_fast(self, team: str, channel: str, burst: float = 4.0) -> bool:
        """Whether one more message now is too many: one a second into one channel, with a few at once allowed."""
        level, at = self._paces.get((team, channel), (0.0, self.now()))
        level = max(0.0, level - (self.now() - at))
        is_over = level + 1 > burst
        self._paces[team, channel] = (level if is_over else level + 1, self.now())
        return is_over
