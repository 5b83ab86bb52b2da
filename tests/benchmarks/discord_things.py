"""What a stand-in for Discord tells of: a bot, people, servers of middling size."""

from typing import Any

APP, BOT = "100000000000000001", "100000000000000002"
FIRST_GUILD = 200_000_000_000_000_000
CHANNELS, ROLES, EMOJIS = 30, 12, 10  # of each server
JOINED = "2027-01-01T00:00:00+00:00"


def user(known: str, name: str, *, is_bot: bool = False) -> dict[str, Any]:
    """Give a user as Discord describes one."""
    return {"id": known, "username": name, "discriminator": "0", "global_name": name, "avatar": None, "bot": is_bot}


def member(known: str, name: str, permissions: str = "2147483647") -> dict[str, Any]:
    """Give a member as an interaction carries her."""
    return {
        "user": user(known, name),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "permissions": permissions,
    }


def guild(number: int) -> dict[str, Any]:
    """Give a server of middling size as GUILD_CREATE tells a bot without privileged intents: no members but itself."""
    known = FIRST_GUILD + number * 1000
    roles = [
        {
            "id": str(known + index),
            "name": "@everyone" if index == 0 else f"role {index}",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": index,
            "permissions": "2248473465835073",
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        for index in range(ROLES)
    ]
    channels = [
        {
            "id": str(known + 100 + index),
            "type": 0,
            "name": f"channel-{index}",
            "position": index,
            "permission_overwrites": [{"id": str(known), "type": 0, "allow": "1024", "deny": "2048"}],
            "topic": "A channel in which people talk about what they do",
            "nsfw": False,
            "last_message_id": str(known + 500 + index),
            "rate_limit_per_user": 0,
            "parent_id": None,
            "flags": 0,
        }
        for index in range(CHANNELS)
    ]
    emojis = [
        {
            "id": str(known + 200 + index),
            "name": f"emoji{index}",
            "roles": [],
            "require_colons": True,
            "managed": False,
            "animated": False,
            "available": True,
        }
        for index in range(EMOJIS)
    ]
    ours = {**member(BOT, "halqa"), "user": user(BOT, "halqa", is_bot=True)}
    return {
        "id": str(known),
        "name": f"Server {number}",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": "300000000000000001",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": roles,
        "emojis": emojis,
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": str(known + 100),
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "max_members": 500000,
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": 120,
        "voice_states": [],
        "members": [ours],
        "channels": channels,
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
