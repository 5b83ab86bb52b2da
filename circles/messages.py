"""What can be said: content, not layout. Every piece has a plain-text form, so every chat can show it."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Style = Literal["plain", "primary", "danger"]
FieldKind = Literal["line", "long", "choice", "choices", "date", "number", "person"]


@dataclass(frozen=True, slots=True)
class Plain:
    """Words as they are; user text goes here and can never ping anybody."""

    text: str

    def plain(self) -> str:
        """Give the words."""
        return self.text


@dataclass(frozen=True, slots=True)
class Strong(Plain):
    """Words that matter most."""


@dataclass(frozen=True, slots=True)
class Emphasis(Plain):
    """Words with a stress, such as a quoted topic."""


@dataclass(frozen=True, slots=True)
class Code(Plain):
    """A short literal: an id or a file name."""


@dataclass(frozen=True, slots=True)
class Command(Plain):
    """A slash command that the reader may type."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named by her platform id, with ``text`` for readers without mentions."""

    person: str
    text: str

    def plain(self) -> str:
        """Give her name."""
        return self.text


@dataclass(frozen=True, slots=True)
class When:
    """An instant that each reader sees in her own zone; ``text`` is the wall time in the writer's."""

    at: datetime
    text: str

    def plain(self) -> str:
        """Give the wall time in words."""
        return self.text


@dataclass(frozen=True, slots=True)
class Link:
    """An address with words for it."""

    url: str
    text: str

    def plain(self) -> str:
        """Give words and address."""
        return f"{self.text} ({self.url})"


Span = Plain | Strong | Emphasis | Code | Command | Mention | When | Link


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: tuple[Span, ...]

    def plain(self) -> str:
        """Give the paragraph as one line."""
        return words_of(self.spans)


@dataclass(frozen=True, slots=True)
class Heading:
    """A short title above what follows."""

    text: str

    def plain(self) -> str:
        """Give the title."""
        return self.text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[tuple[Span, ...], ...]

    def plain(self) -> str:
        """Give one dashed line for each item."""
        return "\n".join(f"- {words_of(item)}" for item in self.items)


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with values, read as a small table."""

    rows: tuple[Fact, ...]

    def plain(self) -> str:
        """Give one line for each label."""
        return "\n".join(f"{row.label}: {words_of(row.spans)}" for row in self.rows)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that stand by themselves: a prompt, or what somebody wrote."""

    spans: tuple[Span, ...]

    def plain(self) -> str:
        """Give the words between quotation marks."""
        return f"“{words_of(self.spans)}”"


@dataclass(frozen=True, slots=True)
class Button:
    """A command nobody needs to type: ``call`` is the command line that a press runs (at most 100 characters)."""

    label: str
    call: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons side by side, at most five."""

    buttons: tuple[Button, ...]

    def plain(self) -> str:
        """Name each button with the command it stands for."""
        return "\n".join(f"[{button.label}] /{button.call}" for button in self.buttons)


@dataclass(frozen=True, slots=True)
class Picture:
    """A grid of squares, such as who has met whom: ``rows[i].levels[j]`` from 0 (empty) to 3 (full)."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple["PictureRow", ...]

    def plain(self) -> str:
        """Give what the picture says, in words."""
        return f"{self.title}: {self.alt}"


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A line of squares with its label."""

    label: str
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A text file to keep, such as a table or a calendar; its ``name`` ends in what it is: .csv, .ics."""

    name: str
    title: str
    text: str

    def plain(self) -> str:
        """Give the title, the name, and what is in it."""
        return f"{self.title} ({self.name})\n{self.text}"


Block = Text | Heading | Bullets | Facts | Quote | Buttons | Picture | File


@dataclass(frozen=True, slots=True)
class Message:
    """What is said at once; ``summary`` is the only text that a notification may show, and holds nothing private."""

    blocks: tuple[Block, ...]
    summary: str = ""

    def plain(self) -> str:
        """Give the whole message as text, blocks apart by a blank line."""
        return "\n\n".join(block.plain() for block in self.blocks)

    def buttons(self) -> tuple[Button, ...]:
        """Every button, in reading order."""
        return tuple(b for block in self.blocks if isinstance(block, Buttons) for b in block.buttons)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: what is kept and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; ``error`` says what to mend when an answer was refused."""

    name: str
    label: str
    kind: FieldKind = "line"
    required: bool = False
    hint: str = ""
    initial: str = ""
    options: tuple[Option, ...] = ()
    max_length: int = 300
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that fill a command's missing arguments: sending it runs ``call`` with the answers."""

    title: str
    call: str
    fields: tuple[Field, ...]
    submit: str
    intro: tuple[Span, ...] = ()


def words_of(spans: Iterable[Span]) -> str:
    """Join spans as plain text."""
    return "".join(span.plain() for span in spans)


def sentence(template: str, /, **values: "Span | tuple[Span, ...] | str | int") -> tuple[Span, ...]:
    """Fill a translated ``template`` with spans, so that names stay mentions and user text stays plain.

    ``values`` may be spans, tuples of spans, or plain words and numbers. Raises KeyError for a missing value.
    """
    spans: list[Span] = []
    for literal, name, _spec, _conversion in string.Formatter().parse(template):
        if literal:
            spans.append(Plain(literal))
        if name is not None:
            value = values[name]
            if isinstance(value, tuple):
                spans += value
            else:
                spans.append(Plain(str(value)) if isinstance(value, str | int) else value)
    return tuple(spans)


def text(template: str, /, **values: "Span | tuple[Span, ...] | str | int") -> Text:
    """Make a paragraph from a translated ``template``; see :func:`sentence`."""
    return Text(sentence(template, **values))


def message(*parts: "Block | str | None", summary: str = "") -> Message:
    """Make a message from blocks and plain sentences; None is left out, so parts may be conditional."""
    blocks = tuple(Text((Plain(part),)) if isinstance(part, str) else part for part in parts if part is not None)
    return Message(blocks, summary)


def buttons(*choices: Button) -> Buttons:
    """Put buttons side by side."""
    return Buttons(choices)


def enumerate_spans(items: Iterable[Span], joint: str = ", ") -> tuple[Span, ...]:
    """Put ``joint`` between spans, to list people inside a sentence."""
    out: list[Span] = []
    for item in items:
        if out:
            out.append(Plain(joint))
        out.append(item)
    return tuple(out)
