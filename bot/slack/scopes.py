"""What Halqa asks of a Slack workspace, and why: one table for installing it, its manifest, its check and the README.

No scope that reads what people write is among them, and none that reads the metadata of messages.
"""

from collections.abc import Mapping

# What the bot may do, and what for. Left out on purpose: every history scope, metadata.message:read, mpim:read.
SCOPES: Mapping[str, str] = {
    "commands": "/circle and /programme, and the two shortcuts",
    "chat:write": "to write to people, and into the rooms that Halqa opened",
    "im:write": "to open a direct message, where a file such as a calendar entry goes",
    "mpim:write": "to open a group message for a pair or a small table",
    "groups:write": "to open a circle's private channel, invite people, set its topic, and archive it at the end",
    "groups:read": "to see who is in these private channels, and whether they are still private; not what is said",
    "pins:write": "to pin a circle's agreement in its channel",
    "files:write": "to hand over calendar entries, pictures and exports",
    "users:read": "for names, time zones and languages, and to notice who has left",
}
# What the app-level token of Socket Mode may do.
APP_SCOPES: Mapping[str, str] = {"connections:write": "to receive commands and events without a public address"}

# What Slack tells Halqa by itself, and what for; each comes with one of the scopes above, or needs none.
EVENTS: Mapping[str, str] = {
    "app_home_opened": "to show the Home tab",
    "app_uninstalled": "to stop everything for a workspace at once",
    "tokens_revoked": "to stop everything for a workspace at once",
    "user_change": "to notice a new name or time zone, and who was deactivated",
    "team_join": "to notice who comes back",
    "member_left_channel": "to notice who left a circle's room",
}
