"""What Slack hands in, read as calls: who asks, where, in which words, and which ways an answer may take."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from html import unescape
from typing import Any

from circles import commands, grammar
from circles.errors import BadCall
from circles.turn import Call

PLATFORM = "slack"
LONGEST_METADATA = 3000  # characters that a view may carry
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")
_ESCAPED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_BARE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\u200b\u2060\ufeff", None),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A gesture: the call that it stands for, and the ways in which Slack takes an answer to it.

    ``trigger`` opens a form within 3 seconds; ``url`` takes answers for 30 minutes; ``view`` is the view in which the
    gesture was made. ``is_alone``: the message whose button was pressed is seen by the presser alone.
    """

    call: Call
    trigger: str = ""
    url: str = ""
    channel: str = ""
    view: str = ""
    view_kind: str = ""
    is_alone: bool = False
    home_team: str = ""

    @property
    def team(self) -> str:
        """The workspace in which the gesture was made."""
        return self.call.workspace

    @property
    def person(self) -> str:
        """Who made it."""
        return self.call.person

    @property
    def is_foreign(self) -> bool:
        """Whether she belongs to another workspace than the one in which she is."""
        return bool(self.home_team) and self.home_team != self.team

    def origin(self, call: str) -> str:
        """Write down for a form where its answer is to go, as private metadata."""
        kept = {"call": call, "channel": self.channel, "url": self.url}
        words = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        return words if len(words) <= LONGEST_METADATA else json.dumps(kept | {"url": ""}, ensure_ascii=False)

    def known_as(self, name: str, zone: str, locale: str) -> "Asked":
        """Give the gesture with what is known of the person."""
        return replace(self, call=replace(self.call, name=name, zone=zone, locale=locale))


def command(body: Mapping[str, Any]) -> Asked:
    """Read a slash command; raises KeyError for a payload that is none."""
    trigger = str(body["trigger_id"])
    line = line_of(str(body["command"]), str(body.get("text", "")))
    call = Call(PLATFORM, str(body["team_id"]), str(body["user_id"]), line, trigger, room=str(body["channel_id"]))
    return Asked(call, trigger, str(body.get("response_url", "")), str(body["channel_id"]))


def press(body: Mapping[str, Any]) -> Asked:
    """Read the press of a button; raises KeyError or IndexError for a payload that is none."""
    action, view = body["actions"][0], body.get("view") or {}
    channel = str((body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or "")
    is_ephemeral = bool((body.get("container") or {}).get("is_ephemeral"))
    asked = Asked(
        _call(body, str(action.get("value") or ""), f"{body['trigger_id']}", room=channel),
        str(body["trigger_id"]),
        str(body.get("response_url") or ""),
        channel,
        view=str(view.get("id", "")),
        view_kind=str(view.get("type", "")),
        is_alone=is_ephemeral or channel.startswith("D"),
        home_team=_team_of(body),
    )
    return _from_view(asked, view) if asked.view_kind == "modal" else asked


def submission(body: Mapping[str, Any], answers: Mapping[str, str]) -> Asked:
    """Read a form that was sent, with its ``answers``; raises KeyError for a payload that is none."""
    view = body["view"]
    origin = origin_of(view)
    call = _call(body, origin.get("call", ""), _sending(body, answers))
    call = replace(call, answers=dict(answers), room=origin.get("channel", ""))
    asked = Asked(call, view=str(view["id"]), view_kind="modal", home_team=_team_of(body))
    return _from_view(asked, view)


def _sending(body: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    """Name one sending of a form: by its trigger, or where there is none by the view and what is in it."""
    view, filled = body["view"], sha256(json.dumps(sorted(answers.items())).encode()).hexdigest()[:32]
    return str(body.get("trigger_id") or f"{view['id']}:{view.get('hash') or body.get('hash') or ''}:{filled}")


def closed(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """Read the closing of a form: in which workspace, by whom, and the call that it was for."""
    call = origin_of(body["view"]).get("call", "")
    return _workspace_of(body), str(body["user"]["id"]), call


def shortcut(body: Mapping[str, Any], line: str) -> Asked:
    """Read a shortcut as the call ``line``; raises KeyError for a payload that is none."""
    channel = str((body.get("channel") or {}).get("id", ""))
    trigger = str(body["trigger_id"])
    call = _call(body, line, trigger, room=channel)
    return Asked(call, trigger, str(body.get("response_url") or ""), channel, home_team=_team_of(body))


def origin_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Read where a form came from; what is not ours is nothing."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def _from_view(asked: Asked, view: Mapping[str, Any]) -> Asked:
    origin = origin_of(view)
    return replace(asked, url=asked.url or origin.get("url", ""), channel=asked.channel or origin.get("channel", ""))


def _call(body: Mapping[str, Any], line: str, call_id: str, room: str = "") -> Call:
    workspace = _workspace_of(body)
    if not workspace or not line:
        raise KeyError("team" if line else "line")
    return Call(PLATFORM, workspace, str(body["user"]["id"]), line, call_id, room=room)


def _workspace_of(body: Mapping[str, Any]) -> str:
    """Give the workspace of a gesture; where an organisation has installed the app, only the person names it."""
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


def _team_of(body: Mapping[str, Any]) -> str:
    """Give the workspace that the person belongs to, where it is another one than that of the gesture.

    On Enterprise Grid the person's team may be her organisation's; she is at home in all of its workspaces.
    """
    home = str(body["user"].get("team_id") or "")
    organisation = (body.get("enterprise") or {}).get("id") or (body.get("team") or {}).get("enterprise_id")
    return "" if organisation else home


def is_person(words: str) -> bool:
    """Say whether this is an id by which Slack knows people."""
    return bool(_PERSON.fullmatch(words))


def line_of(name: str, text: str) -> str:
    """Give a slash command as the core reads it: people as @id, the escapes and typographic signs of Slack undone."""
    labels: dict[str, str] = {}

    def plain(found: re.Match[str]) -> str:
        sign, target, label = found[1], found[2], found[3] or ""
        if sign == "@":
            labels[f"@{target}"] = f"@{label}" if label else f"@{target}"
            return f"@{target}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label if target.startswith(("mailto:", "tel:")) and label else target

    words = unescape(_ESCAPED.sub(plain, text)).translate(_BARE).strip()
    line = f"{name.removeprefix('/')} {words}".strip()
    return _with_names(line, labels) if labels else line


def _with_names(line: str, labels: Mapping[str, str]) -> str:
    """In a text that is read by people, such as a goal, a person is her name; elsewhere she stays her id."""
    try:
        command, _rest = grammar.find(commands.table(), grammar.words_of(line))
        typed = grammar.typed(command, line)
    except BadCall:
        return line
    for parameter in command.parameters:
        text = typed.get(parameter.name, "")
        if parameter.kind == "text" and text and line.endswith(text):
            said = text
            for person, name in labels.items():
                said = said.replace(person, name)
            return line[: -len(text)] + said
    return line
