"""What Halqa needs to know to be on Discord: its token, and where Discord is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.reading import Keys, Reading

SECTION = PLATFORM = "discord"
NAME = "Discord"
API = "https://discord.com/api/v10"
MOST_SHARDS = 1000
KEYS: Keys = {
    "enabled": (bool, "enabled = true"),
    "api": (str, f'api = "{API}"'),
    "gateway": (str, 'gateway = "wss://gateway.discord.gg"'),
    "shards": (int, "shards = 0"),
    "application_id": (str, 'application_id = "123456789012345678"'),
    "sync": (bool, "sync = true"),
    "token_file": (str, 'token_file = "/run/secrets/discord-token"'),
}
# Either of these in the environment means Discord, where there is no configuration file.
SIGNS = ("HALQA_DISCORD_TOKEN", "DISCORD_TOKEN")
TOKEN = "the bot's token, from the page Bot of the Developer Portal"  # noqa: S105 - words, not a token


@dataclass(frozen=True, slots=True)
class Discord:
    """How Halqa is on Discord.

    ``api`` has no slash at its end; an empty ``gateway`` is asked from the API; ``shards`` 0 means one connection
    without sharding, and an empty ``application_id`` is asked too. ``sync``: commands are brought up to date at the
    start.
    """

    token: str = field(default="", repr=False)
    api: str = API
    gateway: str = ""
    shards: int = 0
    application_id: str = ""
    sync: bool = True


def read(reading: Reading, values: Mapping[str, Any]) -> Discord:
    """Read the section of Discord; what is wrong with it, or missing, is noted in the reading."""
    shards = int(values.get("shards", 0))
    if not 0 <= shards <= MOST_SHARDS:
        reading.add(SECTION, "shards", f"a number from 0 to {MOST_SHARDS} is needed; 0 is right below 2,500 servers")
    application = str(values.get("application_id", "")).strip()
    if application and not re.fullmatch(r"[0-9]{1,20}", application):
        reading.add(
            SECTION, "application_id", f"it has digits only; write {KEYS['application_id'][1]}, or leave it out"
        )
    return Discord(
        token=_token(reading, values),
        api=_address(reading, "api", values, ("https", "http")) or API,
        gateway=_address(reading, "gateway", values, ("wss", "ws")),
        shards=shards,
        application_id=application,
        sync=bool(values.get("sync", True)),
    )


def _token(reading: Reading, values: Mapping[str, Any]) -> str:
    given = reading.secret(SECTION, "token", values, "HALQA_DISCORD_TOKEN", "DISCORD_TOKEN")
    if given is None:
        reading.lacks(
            SECTION,
            "token",
            f"it is missing; put {TOKEN}, into HALQA_DISCORD_TOKEN, or into a file that token_file names",
        )
    elif given.lower().startswith(("bot ", "bearer ")):
        reading.add(SECTION, "token", "leave the first word out, and give the token alone")
    elif given.startswith(("xox", "xapp-")):
        reading.add(SECTION, "token", f"this is a token of Slack; here belongs {TOKEN}")
    elif given and not re.fullmatch(r"[!-~]+", given):
        reading.add(SECTION, "token", f"a token has no spaces and no accents; copy it once more: {TOKEN}")
    else:
        return given
    return ""


def _address(reading: Reading, key: str, values: Mapping[str, Any], schemes: tuple[str, ...]) -> str:
    words = str(values.get(key, "")).strip()
    if words and reading.address(SECTION, key, words, KEYS[key][1], schemes):
        return words.rstrip("/")
    return ""
