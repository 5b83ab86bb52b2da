"""What is in a stand-in Slack: workspaces, people, rooms, messages, views, and what a gesture may be used for."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

BOT_SCOPES = (
    *("channels:manage", "channels:read", "chat:write", "commands", "files:write", "groups:read", "groups:write"),
    *("im:read", "im:write", "mpim:read", "mpim:write", "pins:write", "users:read"),
)
TRIGGER_LIFE = 3.0  # seconds
RESPONSE_LIFE = 30 * 60.0  # seconds
RESPONSE_USES = 5
Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class Member:
    """Somebody in a workspace; a stranger belongs to another organisation and shares a channel with it."""

    id: str
    team: str
    name: str
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    is_primary_owner: bool = False
    is_stranger: bool = False
    home_team: str = ""
    locale: str = "en-US"


@dataclass
class Channel:
    """A room of any kind; its members are user ids in the order in which they came."""

    id: str
    team: str
    kind: Kind
    name: str
    creator: str
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_shared: bool = False
    pins: list[str] = field(default_factory=list)
    created: int = field(default_factory=lambda: int(time.time()))


@dataclass
class Post:
    """A message; an ephemeral one is only for one person."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]]
    only_for: str | None = None
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    files: list["Upload"] = field(default_factory=list)
    is_edited: bool = False
    is_deleted: bool = False
    state: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Upload:
    """A file on its way, and then in a channel."""

    id: str
    name: str
    length: int
    alt_txt: str = ""
    title: str = ""
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)


@dataclass
class View:
    """An open modal or a home tab, as it is on somebody's screen."""

    id: str
    team: str
    user: str
    shape: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Trigger:
    """A gesture that may open one modal within three seconds."""

    team: str
    user: str
    born: float
    is_spent: bool = False


@dataclass
class ReturnPath:
    """A response_url: where an app may answer one gesture, five times in thirty minutes."""

    team: str
    channel: str
    user: str
    born: float
    original: Post | None = None
    uses: int = 0


@dataclass
class Grant:
    """What a token may do; ``trouble`` is the error that it earns."""

    team: str
    scopes: tuple[str, ...]
    trouble: str = ""
    expires: float | None = None


@dataclass
class Workspace:
    """One workspace with the app installed."""

    id: str
    bot: str
    bot_id: str
    domain: str
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)


@dataclass(frozen=True)
class Called:
    """One call of the Web API that was heard; ``answer`` is "ok", Slack's error name, or the fault that was played."""

    method: str
    team: str
    arguments: dict[str, Any]
    answer: str
