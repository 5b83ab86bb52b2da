"""What Slack tells an app: each function makes the change in the town and gives the event that says so."""

from typing import Any

from slack_methods import NOTHING_IS_SET, Call
from slack_room_methods import user_shape
from slack_town import Town


def _user(town: Town, team: str, user: str) -> dict[str, Any]:
    workspace = town.workspaces[team]
    return user_shape(Call(town, "event", workspace, NOTHING_IS_SET, (), ""), workspace.members[user])


def user_change(town: Town, team: str, user: str, **changes: Any) -> dict[str, Any]:
    """Somebody changed: another name or zone, or deactivated (``deleted=True``)."""
    for name, value in changes.items():
        setattr(town.workspaces[team].members[user], name, value)
    return {"type": "user_change", "user": _user(town, team, user), "cache_ts": 1_770_000_000, "event_ts": town.ts()}


def team_join(town: Town, team: str, user: str, **traits: Any) -> dict[str, Any]:
    """Somebody came into the workspace."""
    town.add_user(team, user, **traits)
    return {"type": "team_join", "user": _user(town, team, user), "cache_ts": 1_770_000_000, "event_ts": town.ts()}


def member_joined_channel(town: Town, team: str, user: str, channel: str, inviter: str = "") -> dict[str, Any]:
    """Somebody came into a room."""
    room = town.workspaces[team].channels[channel]
    room.members = [*(one for one in room.members if one != user), user]
    event = {"type": "member_joined_channel", "user": user, "channel": channel, "team": team, "event_ts": town.ts()}
    return event | {"channel_type": room.id[0]} | ({"inviter": inviter} if inviter else {})


def member_left_channel(town: Town, team: str, user: str, channel: str) -> dict[str, Any]:
    """Somebody left a room, or was taken out of it."""
    room = town.workspaces[team].channels[channel]
    room.members = [one for one in room.members if one != user]
    event = {"type": "member_left_channel", "user": user, "channel": channel, "team": team, "event_ts": town.ts()}
    return event | {"channel_type": room.id[0]}


def _group_or_channel(town: Town, team: str, channel: str) -> str:
    return "channel" if town.workspaces[team].channels[channel].kind == "public" else "group"


def channel_archive(town: Town, team: str, channel: str, user: str) -> dict[str, Any]:
    """Somebody archived a room; of a private one it is called group_archive."""
    town.workspaces[team].channels[channel].is_archived = True
    kind = _group_or_channel(town, team, channel)
    return {"type": f"{kind}_archive", "channel": channel, "user": user, "is_moved": 0, "event_ts": town.ts()}


def channel_deleted(town: Town, team: str, channel: str, user: str) -> dict[str, Any]:
    """Somebody deleted a room; of a private one it is called group_deleted."""
    kind = _group_or_channel(town, team, channel)
    del town.workspaces[team].channels[channel]
    return {"type": f"{kind}_deleted", "channel": channel, "actor_id": user, "event_ts": town.ts()}


def app_uninstalled(town: Town, team: str) -> dict[str, Any]:
    """The app was taken out of the workspace."""
    town.uninstall(team)
    return {"type": "app_uninstalled", "event_ts": town.ts()}


def tokens_revoked(town: Town, team: str) -> dict[str, Any]:
    """The app's tokens in the workspace were revoked."""
    for grant in town.grants.values():
        if grant.team == team:
            grant.trouble = "token_revoked"
    bot = town.workspaces[team].bot
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}, "event_ts": town.ts()}
