"""The manifest of Halqa's app on Slack, made from the table of commands; as YAML it says what each scope is for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.scopes import APP_SCOPES, EVENTS, SCOPES
from circles import commands

NAME = "Halqa"
COLOUR = "#2f5d50"
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
LONGEST_HINT = 100  # characters; Slack shows it beside what is being typed, and more would not be read
LONGEST_DESCRIPTION = 100  # characters; what a small screen shows of it
GLOBAL_SHORTCUT = "your_circle"
MESSAGE_SHORTCUT = "thank"
ABOUT = (
    "Halqa runs mentoring circles among people who work or study here. It forms lasting circles of mentors and "
    "mentees, rotates who meets whom, brings something to talk about, and asks kindly whether you met and how your "
    "goals stand. What you write in channels and messages is never read or stored: Halqa knows only the commands you "
    "type, the buttons you press and the forms you send. You can pause, skip or leave at any time, without a reason, "
    "and have everything about you exported or deleted with /circle data."
)


def manifest(address: str = "") -> dict[str, Any]:
    """Give the manifest of the app: for signed requests to a public ``address``, or without one for Socket Mode."""
    at = f"{address.rstrip('/')}{EVENTS_PATH}" if address else ""
    redirect = {"redirect_urls": [f"{address.rstrip('/')}{REDIRECT_PATH}"]} if address else {}
    request = {"request_url": at} if at else {}
    return {
        "display_information": {
            "name": NAME,
            "description": "Mentoring circles: who meets whom, something to talk about, and your goals",
            "long_description": ABOUT,
            "background_color": COLOUR,
        },
        "features": {
            # People can type /circle in the messages tab, so it is not read-only.
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": _shortcuts(),
            "slash_commands": [_slash_command(root, at) for root in roots()],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            # Once it is on it can't be turned off again, and a token that was copied by hand ends after 12 hours.
            "token_rotation_enabled": False,
        },
    }


def roots() -> list[str]:
    """Give the first words of all commands: what stands after the slash."""
    return list(dict.fromkeys(command.path.split()[0] for command in commands.table()))


def as_json(body: Mapping[str, Any]) -> str:
    """Give a manifest as JSON."""
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def as_yaml(body: Mapping[str, Any]) -> str:
    """Give a manifest as YAML, with what each scope and event is for as a comment."""
    heading = "# Halqa's app on Slack, made by `halqa manifest slack`. No scope lets it read what people write.\n"
    return heading + "\n".join(_lines(body, 0)) + "\n"


def scopes_table() -> str:
    """Give the scopes and what each is for as a table."""
    rows = [("scope", "what for"), ("---", "---")]
    rows += [(f"`{scope}`", why) for scope, why in SCOPES.items()]
    rows += [(f"`{scope}` (app-level token, Socket Mode)", why) for scope, why in APP_SCOPES.items()]
    return "".join(f"| {scope} | {why} |\n" for scope, why in rows)


def _shortcuts() -> list[dict[str, str]]:
    return [
        {
            "name": "Your circle",
            "type": "global",
            "callback_id": GLOBAL_SHORTCUT,
            "description": "Where you are, and what comes next",
        },
        {
            "name": "Thank this person",
            "type": "message",
            "callback_id": MESSAGE_SHORTCUT,
            "description": "Thank whoever wrote this, privately",
        },
    ]


def _slash_command(root: str, at: str) -> dict[str, Any]:
    bare = next(command for command in commands.table() if command.path.split()[0] == root)
    own = next((command for command in commands.table() if command.path == root), bare)
    return {
        "command": f"/{root}",
        **({"url": at} if at else {}),
        "description": own.help[:LONGEST_DESCRIPTION],
        "usage_hint": _hint(root),
        "should_escape": True,
    }


def _hint(root: str) -> str:
    """Name what can follow, as much as there is room for: [join, status, profile, …]."""
    shown = [command for command in commands.table() if not command.hidden]
    words = list(dict.fromkeys(w[1] for c in shown if (w := c.path.split())[0] == root and len(w) > 1))
    fitting: list[str] = []
    for word in words:
        if len(", ".join([*fitting, word])) > LONGEST_HINT - len("[, …]"):
            return f"[{', '.join(fitting)}, …]"
        fitting.append(word)
    return f"[{', '.join(fitting)}]"


def _lines(value: Any, depth: int) -> Iterator[str]:
    """Write YAML by hand, since a library would lose the comments; text is quoted as in JSON, which YAML reads."""
    pad = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield f"{pad}{key}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{pad}{key}: {_scalar(inner)}"
        return
    for item in value:
        if isinstance(item, Mapping):
            first, *rest = _lines(item, depth + 1)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            why = SCOPES.get(item) or EVENTS.get(item)
            yield f"{pad}- {_scalar(item)}{f'  # {why}' if why else ''}"


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
