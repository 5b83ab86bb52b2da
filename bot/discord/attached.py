"""Files that go with a message on Discord: pictures as PNG, tables and calendars, and what no message holds."""

import io
import re
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import discord

from bot.discord import markdown
from circles.messages import File, Message, Picture

MOST = 10
_ALT = 1024
_UNNAMED = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; ``alt`` describes a picture to those who don't see it."""

    name: str
    data: bytes
    alt: str = ""

    def file(self) -> discord.File:
        """Give it as discord.py takes it, new for each try of sending."""
        return discord.File(io.BytesIO(self.data), self.name, description=self.alt or None)


def of(message: Message) -> tuple[tuple[Attachment, ...], list[str]]:
    """Give the files of a message, and the words of those that find no place."""
    blocks = [block for block in message.blocks if isinstance(block, Picture | File)]
    files: list[Attachment] = []
    for block in blocks[:MOST]:
        number = f"{len(files) + 1}"
        if isinstance(block, File):
            name = _UNNAMED.sub("-", markdown.line(block.name, 100)).lstrip(".-") or f"file-{number}.txt"
            name = f"{number}-{name}" if name in {file.name for file in files} else name
            files.append(Attachment(name, markdown.clean(block.text).encode()))
        else:
            files.append(Attachment(f"picture-{number}.png", _drawing().png(block), markdown.line(block.alt, _ALT)))
    return tuple(files), [markdown.escape(block.plain()[:500]) for block in blocks[MOST:]]


def whole(message: Message) -> Attachment:
    """Give a message as a text file, for one that is too long to be shown whole."""
    return Attachment("message.txt", markdown.clean(message.plain()).encode())


def legend(block: Picture | File) -> str:
    """Say what the numbers in a picture stand for, where there are any."""
    return markdown.escape(_drawing().legend(block)) if isinstance(block, Picture) else ""


def _drawing() -> ModuleType:
    """Give the room that draws; Pillow is loaded when the first picture comes."""
    return import_module("bot.drawing")
