"""What a reader of Discord sees: the words of a message without its marks, and the things she can press."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"\\(?P<escaped>[^a-zA-Z0-9\s])"
    r"|`(?P<code>[^`]+)`"
    r"|<@!?(?P<person>\d+)>"
    r"|</(?P<command>[^:>]+):\d+>"
    r"|\[(?P<label>[^\]\n]+)\]\(<?(?P<url>[^)>\s]+)>?\)"
    r"|(?P<line>^(?:> |#{1,3} |-# ))"
    r"|(?P<mark>\*\*\*|\*\*|__|~~|\|\||\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w))",
    re.MULTILINE,
)


def read(text: str, names: Mapping[str, str]) -> str:
    """Give Discord's Markdown as a reader sees it: without marks, with names for mentions."""

    def shown(found: re.Match[str]) -> str:
        if found["escaped"]:
            return found["escaped"]
        if found["code"]:
            return found["code"]
        if found["person"]:
            return f"@{names.get(found['person'], found['person'])}"
        if found["command"]:
            return f"/{found['command']}"
        return f"{found['label']} ({found['url']})" if found["label"] else ""

    return TOKEN.sub(shown, text)


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, the nested ones too, in reading order."""
    for part in components:
        yield part
        yield from parts(part.get("components") or [])
        yield from parts([part[key] for key in ("component", "accessory") if part.get(key)])


@dataclass(frozen=True)
class Seen:
    """A message as somebody sees it."""

    raw: Mapping[str, Any]
    names: Mapping[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel(self) -> str:
        """The id of the channel or thread."""
        return str(self.raw["channel"])

    @property
    def place(self) -> str:
        """The channel's name; "dm" for a direct message."""
        return str(self.raw["place"])

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.raw["ephemeral"])

    @property
    def pings(self) -> tuple[str, ...]:
        """The names of everybody it notifies; "everyone" and "here" too, and the ids of roles."""
        return tuple(self.names.get(who, who) for who in self.raw["pings"])

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(a["filename"] for a in self.raw["attachments"])

    @property
    def words(self) -> str:
        """All its words, top to bottom: content, embeds, texts, buttons in brackets, files."""
        lines = [self.raw["content"]]
        for embed in self.raw["embeds"]:
            lines += [(embed.get("author") or {}).get("name", ""), embed.get("title", ""), embed.get("description", "")]
            lines += [f"{f['name']}: {f['value']}" for f in embed.get("fields") or []]
            lines.append((embed.get("footer") or {}).get("text", ""))
        for part in parts(self.raw["components"]):
            lines.append(_of(part))
        lines += [f"({a['filename']}) {a.get('description', '')}".strip() for a in self.raw["attachments"]]
        return "\n".join(read(line, self.names) for line in lines if line)

    def buttons(self) -> list[dict[str, Any]]:
        return [p for p in parts(self.raw["components"]) if p["type"] == 2]

    def selects(self) -> list[dict[str, Any]]:
        return [p for p in parts(self.raw["components"]) if p["type"] in {3, 5}]


def _of(part: dict[str, Any]) -> str:
    if part["type"] == 2:
        return f"[{part.get('label') or (part.get('emoji') or {}).get('name', '')}]"
    if part["type"] == 3:
        return f"[{part.get('placeholder') or 'Choose'}: {', '.join(o['label'] for o in part['options'])}]"
    return str(part.get("content") or part.get("placeholder") or "")
