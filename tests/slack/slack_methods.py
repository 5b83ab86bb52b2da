"""How a method of the Web API is declared in the stand-in: its arguments, its scope, its refusals."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from slack_limits import check
from slack_things import Channel, Member, Workspace
from slack_town import Town

LONGEST_TEXT = 40_000
NOTHING_IS_SET: dict[str, Any] = {}
Asker = Literal["bot", "app", "nobody"]


class Refusal(Exception):
    """Slack's answer {"ok": false, "error": …} with what else it says."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass(frozen=True)
class Call:
    """One call, with its arguments read; ``workspace`` is of the token."""

    town: Town
    method: str
    workspace: Workspace
    arguments: dict[str, Any]
    scopes: tuple[str, ...]
    token: str

    def get(self, name: str, default: Any = None) -> Any:
        """One argument as it came."""
        return self.arguments.get(name, default)

    def is_set(self, name: str) -> bool:
        """Whether a yes-or-no argument says yes, in any of the forms in which it may come."""
        return str(self.get(name, "false")).lower() in {"1", "true"}

    def parsed(self, name: str) -> Any:
        """An argument of JSON, which may come as a string."""
        value = self.get(name)
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise Refusal("invalid_arguments") from None

    def listed(self, name: str) -> list[str]:
        """An argument that is a list with commas."""
        value = self.get(name) or ""
        return [
            one.strip() for one in (value if isinstance(value, list) else str(value).split(",")) if str(one).strip()
        ]

    def complain(self, sentence: str) -> None:
        """Note a breach of the documentation."""
        self.town.complain(f"{self.method}: {sentence}")

    def needs(self, *any_of: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if not set(any_of) & set(self.scopes):
            raise Refusal("missing_scope", needed=any_of[0], provided=",".join(self.scopes))

    def member(self, user: str | None, error: str = "user_not_found") -> Member:
        """Somebody of this workspace."""
        if user not in self.workspace.members:
            raise Refusal(error)
        return self.workspace.members[user]

    def channel(self, *, name: str = "channel", is_open: bool = True, is_inside: bool = True) -> Channel:
        """A room that the bot can see; it must be inside, and the room not archived, unless said otherwise."""
        channel = self.workspace.channels.get(str(self.get(name)))
        if channel is None or (channel.kind != "public" and self.workspace.bot not in channel.members):
            raise Refusal("channel_not_found")
        if is_open and channel.is_archived:
            raise Refusal("is_archived")
        if is_inside and self.workspace.bot not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def lasting_channel(self, **rules: bool) -> Channel:
        """A channel, and no direct message."""
        channel = self.channel(**rules)
        if channel.kind in {"im", "mpim"}:
            raise Refusal("method_not_supported_for_channel_type")
        return channel

    def page(self, things: Iterable[Any], most: int = 1000, default: int = 100) -> tuple[list[Any], dict[str, str]]:
        """One page of a list, and the response_metadata with the cursor of the next."""
        everything = list(things)
        limit = int(self.get("limit") or default)
        cursor = str(self.get("cursor") or "after:0")
        if not cursor.startswith("after:") or not cursor[6:].isdigit():
            raise Refusal("invalid_cursor")
        if not 0 < limit <= most:
            raise Refusal("invalid_limit")
        start = int(cursor[6:])
        more = f"after:{start + limit}" if start + limit < len(everything) else ""
        return everything[start : start + limit], {"next_cursor": more}

    def blocks(self) -> list[dict[str, Any]] | None:
        """The blocks that came with a message, checked; None if there were none."""
        return checked_blocks(self.town, self.method, self.parsed("blocks"))

    def view(self) -> dict[str, Any]:
        """The view that came, checked."""
        return checked_view(self.town, self.method, self.parsed("view"))


@dataclass(frozen=True)
class Method:
    """A method as it is declared."""

    run: Callable[[Call], dict[str, Any]]
    needs: frozenset[str]
    takes: frozenset[str]
    scopes: tuple[str, ...]
    asker: Asker


METHODS: dict[str, Method] = {}


def method(
    name: str, *, needs: str = "", takes: str = "", scopes: str = "", asker: Asker = "bot"
) -> Callable[[Callable[[Call], dict[str, Any]]], Callable[[Call], dict[str, Any]]]:
    """Declare a method: the arguments it needs and takes, and the scopes of which the token must have one."""

    def declare(run: Callable[[Call], dict[str, Any]]) -> Callable[[Call], dict[str, Any]]:
        needed = frozenset(needs.split())
        METHODS[name] = Method(run, needed, needed | frozenset(takes.split()), tuple(scopes.split()), asker)
        return run

    return declare


def _breaches(shown: Any) -> list[str]:
    try:
        return check(shown)
    except Exception as error:  # noqa: BLE001 - whatever the checker stumbles over is no legal shape
        return [f"{type(error).__name__}: {error}"]


def checked_blocks(town: Town, where: str, blocks: Any) -> list[dict[str, Any]] | None:
    """Blocks that Slack would take; anything else is refused and noted."""
    if blocks is None:
        return None
    if found := _breaches(blocks) if blocks != [] else []:
        town.complain(f"{where}: illegal blocks: {'; '.join(found)}")
        raise Refusal("invalid_blocks", response_metadata={"messages": [f"[ERROR] {one}" for one in found]})
    return list(blocks)


def checked_view(town: Town, where: str, view: Any) -> dict[str, Any]:
    """A view that Slack would take; anything else is refused and noted. Slack calls it invalid_arguments."""
    if found := _breaches(view):
        town.complain(f"{where}: illegal view: {'; '.join(found)}")
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in found]})
    return dict(view)


def checked_message(town: Town, where: str, text: Any, blocks: list[dict[str, Any]] | None, *, extra: bool) -> str:
    """The text of a message: there must be something to say, and with blocks still a text for notifications."""
    if text is not None and not isinstance(text, str):
        raise Refusal("invalid_arguments")
    if not text and not blocks and not extra:
        raise Refusal("no_text")
    if len(text or "") > LONGEST_TEXT:
        raise Refusal("msg_too_long")
    if not text:
        town.complain(f"{where}: a message without a text for notifications and screen readers")
    return text or ""
