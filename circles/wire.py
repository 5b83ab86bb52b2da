"""Messages and effects as versioned JSON, for the outbox and for answers kept against repeats."""

import dataclasses
import json
from datetime import datetime
from typing import Any

from circles import effects, messages
from circles.calendar import Appointment

VERSION = 1
_WORDS = (
    *("Plain", "Strong", "Emphasis", "Code", "Command", "Mention", "When", "Link", "Text", "Heading", "Bullets"),
    *("Fact", "Facts", "Quote", "Button", "Buttons", "Picture", "PictureRow", "File"),
    *("Message", "Option", "Field", "Form"),
)
_ACTS = ("Reply", "Ask", "Tell", "Post", "OpenRoom", "CloseRoom")
_KINDS: dict[str, type[Any]] = {
    **{name: getattr(messages, name) for name in _WORDS},
    **{name: getattr(effects, name) for name in _ACTS},
    "Appointment": Appointment,
}


def _encode(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind": type(value).__name__, "with": fields}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    return value


def _decode(value: object) -> object:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if isinstance(value, dict):
        if "at" in value:
            return datetime.fromisoformat(value["at"])
        kind = _KINDS[value["kind"]]
        known = {f.name for f in dataclasses.fields(kind)}
        return kind(**{name: _decode(item) for name, item in value["with"].items() if name in known})
    return value


def dump(value: object) -> str:
    """Write an effect, a message, or a tuple of them as JSON with the version of this format."""
    return json.dumps({"v": VERSION, "value": _encode(value)}, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Any:
    """Read what :func:`dump` wrote; raises ValueError for a version newer than this program knows."""
    body = json.loads(text)
    if body["v"] > VERSION:
        raise ValueError(f"This row was written by a newer Halqa (format {body['v']}, this one reads {VERSION}).")
    return _decode(body["value"])


def read(text: str) -> Any:
    """Read what :func:`dump` wrote, or give None where another version of this program did."""
    try:
        return load(text)
    except (KeyError, TypeError, ValueError):
        return None
