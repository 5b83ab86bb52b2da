"""What Halqa needs to know to be on Slack: how it connects, its tokens, and where it is reached."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from bot.reading import Keys, Reading, near

SECTION = "slack"
NAME = "Slack"
API = "https://slack.com/api/"
WAYS = ("socket", "http")
KEYS: Keys = {
    "enabled": (bool, "enabled = true"),
    "connect": (str, 'connect = "socket"'),
    "api": (str, f'api = "{API}"'),
    "bot_token_file": (str, 'bot_token_file = "/run/secrets/slack-bot-token"'),
    "app_token_file": (str, 'app_token_file = "/run/secrets/slack-app-token"'),
    "signing_secret_file": (str, 'signing_secret_file = "/run/secrets/slack-signing-secret"'),
    "client_id": (str, 'client_id = "1234567890.1234567890"'),
    "client_secret_file": (str, 'client_secret_file = "/run/secrets/slack-client-secret"'),
    "keys_file": (str, 'keys_file = "/run/secrets/halqa-keys"'),
    "listen": (str, 'listen = "127.0.0.1"'),
    "port": (int, "port = 3000"),
    "address": (str, 'address = "https://halqa.example.org"'),
    "authorize": (str, 'authorize = "https://slack.com/oauth/v2/authorize"'),
}
# Any of these in the environment means Slack, where there is no configuration file.
SIGNS = ("HALQA_SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN", "HALQA_SLACK_CLIENT_ID", "SLACK_CLIENT_ID")

FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes, in the base64 of addresses
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
# What each secret is called on Slack's pages, and where it stands there.
FROM = {
    "bot_token": "the Bot User OAuth Token (xoxb-), from OAuth & Permissions",
    "app_token": "an app-level token (xapp-) with connections:write, from Basic Information",
    "signing_secret": "the Signing Secret, from Basic Information",
    "client_secret": "the Client Secret, from Basic Information",
    "keys": "a key of your own, which `halqa key` makes",
}
# What is given instead of the right token, by how it begins.
TOKENS = {
    "xoxb-": "this is a bot token",
    "xoxe.xoxb-": "this is a bot token",
    "xapp-": "this is an app-level token",
    "xoxp-": "this is a user token; it acts in a person's name, and Halqa never does",
    "xoxe.xoxp-": "this is a user token; it acts in a person's name, and Halqa never does",
    "xoxe-": "this is a refresh token",
    "xoxc-": "this is a token of a browser, which belongs to a person",
    "xoxd-": "this is a token of a browser, which belongs to a person",
}


@dataclass(frozen=True, slots=True)
class Slack:
    """How Halqa is on Slack: over Socket Mode, or by signed requests to ``address``.

    With a ``client_id`` any workspace can install it, and ``keys`` (the newest first) seal their tokens in the
    database. ``api`` ends with a slash; an empty ``authorize`` is Slack's own page.
    """

    connect: Literal["socket", "http"] = "socket"
    api: str = API
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    listen: str = "127.0.0.1"
    port: int = 3000
    address: str = ""
    authorize: str = ""

    @property
    def serves_many(self) -> bool:
        """Whether any workspace can install it."""
        return self.connect == "http" and bool(self.client_id)


def read(reading: Reading, values: Mapping[str, Any]) -> Slack:
    """Read the section of Slack; what is wrong with it, or missing, is noted in the reading."""
    connect = values.get("connect", "socket")
    if connect not in WAYS:
        reading.add(SECTION, "connect", f"it is one of {', '.join(WAYS)}{near(connect, WAYS)}")
        connect = ""  # what it needs can't be said
    bot_token = _token(reading, "bot_token", ("xoxb-", "xoxe.xoxb-"), _secret(reading, values, "bot_token"))
    app_token = _token(reading, "app_token", ("xapp-",), _secret(reading, values, "app_token"))
    signing_secret = _no_token(reading, "signing_secret", _secret(reading, values, "signing_secret"))
    client_secret = _no_token(reading, "client_secret", _secret(reading, values, "client_secret"))
    keys = _keys(reading, reading.secret(SECTION, "keys", values, "HALQA_KEYS"))
    client_id = values.get("client_id") or reading.env.get("SLACK_CLIENT_ID", "").strip()
    if re.match(r"xox|xapp-", client_id):
        reading.add(SECTION, "client_id", "this is a token; the Client ID is two numbers with a dot between")
    given = {
        "bot_token": bot_token,
        "app_token": app_token,
        "signing_secret": signing_secret,
        "client_secret": client_secret,
        "client_id": client_id or None,
        "keys": None if keys is None else ",".join(keys),
    }
    _look_for_what_is_missing(reading, connect, given, values)
    return Slack(
        connect=cast("Literal['socket', 'http']", connect or "socket"),
        api=_api(reading, values),
        bot_token=bot_token or "",
        app_token=app_token or "",
        signing_secret=signing_secret or "",
        client_id=client_id,
        client_secret=client_secret or "",
        keys=keys or (),
        listen=_host(reading, values),
        port=_port(reading, connect, values),
        address=_address(reading, "address", values, ("https",)),
        authorize=_address(reading, "authorize", values, ("https", "http")),
    )


def _secret(reading: Reading, values: Mapping[str, Any], key: str) -> str | None:
    return reading.secret(SECTION, key, values, f"HALQA_SLACK_{key.upper()}", f"SLACK_{key.upper()}")


def _token(reading: Reading, key: str, begins: tuple[str, ...], given: str | None) -> str | None:
    """Give a token of the right kind; anything else is named by what it is, and never repeated."""
    if not given:
        return given
    if not given.startswith(begins):
        what = next((what for start, what in TOKENS.items() if given.startswith(start)), "this is no such token")
        swapped = " Are the two swapped?" if given.startswith(("xoxb-", "xapp-")) else ""
        reading.add(SECTION, key, f"{what}; here belongs {FROM[key]}.{swapped}")
    elif not re.fullmatch(r"[!-~]+", given):
        reading.add(SECTION, key, f"a token has no spaces and no accents; copy it once more: {FROM[key]}")
    else:
        return given
    return ""


def _no_token(reading: Reading, key: str, given: str | None) -> str | None:
    if given and given.startswith(tuple(TOKENS)):
        reading.add(SECTION, key, f"this is a token; here belongs {FROM[key]}")
        return ""
    return given


def _keys(reading: Reading, given: str | None) -> tuple[str, ...] | None:
    if not given:
        return None if given is None else ("",)
    keys = tuple(key.strip() for key in given.split(",") if key.strip())
    wrong = [str(number) for number, key in enumerate(keys, 1) if not FERNET_KEY.fullmatch(key)]
    if wrong or not keys:
        which = f"number {', '.join(wrong)} is none" if wrong else "there is none"
        reading.add(SECTION, "keys", f"keys are needed, with a comma between, and {which}; `halqa key` makes one")
        return ("",)
    return keys


def _look_for_what_is_missing(
    reading: Reading, connect: str, given: Mapping[str, str | None], values: Mapping[str, Any]
) -> None:
    if connect == "socket":
        needed: tuple[str, ...] = ("bot_token", "app_token")
        if "client_id" in values:
            reading.add(
                SECTION,
                "client_id",
                'installing it in many workspaces needs connect = "http"; write that, or take client_id out',
            )
    elif given["client_id"] or (given["bot_token"] is None and given["client_secret"]):
        needed = ("client_secret", "signing_secret", "keys")
        if not given["client_id"]:
            reading.lacks(SECTION, "client_id", f"it is missing; write {KEYS['client_id'][1]}, from Basic Information")
        if "address" not in values:
            reading.lacks(SECTION, "address", f"it is missing; people install from there: {KEYS['address'][1]}")
    elif connect == "http":
        needed = ("bot_token", "signing_secret")
    else:
        needed = ()
    for key in needed:
        if given[key] is None:
            name = "HALQA_KEYS" if key == "keys" else f"HALQA_SLACK_{key.upper()}"
            reading.lacks(
                SECTION, key, f"it is missing; put {FROM[key]}, into {name}, or into a file that {key}_file names"
            )


def _api(reading: Reading, values: Mapping[str, Any]) -> str:
    return (_address(reading, "api", values, ("https", "http")) or API.rstrip("/")) + "/"


def _address(reading: Reading, key: str, values: Mapping[str, Any], schemes: tuple[str, ...]) -> str:
    words = str(values.get(key, "")).strip()
    if words and reading.address(SECTION, key, words, KEYS[key][1], schemes):
        return words.rstrip("/")
    return ""


def _host(reading: Reading, values: Mapping[str, Any]) -> str:
    words = str(values.get("listen", "127.0.0.1")).strip()
    if not HOST.fullmatch(words):
        reading.add(
            SECTION, "listen", 'the name or number of this machine is needed; write listen = "127.0.0.1", or "0.0.0.0"'
        )
    return words


def _port(reading: Reading, connect: str, values: Mapping[str, Any]) -> int:
    number = int(values.get("port", 3000))
    if connect == "http":
        return reading.port(SECTION, number, 3000)
    if not 1 <= number <= 65535:
        reading.add(SECTION, "port", f"{number} is no port; write {KEYS['port'][1]}")
    return number
