"""Messages as Discord shows them: content, embeds, rows of buttons, files; pure, and within every limit.

Content with embeds is used, and not the newer layouts ("Components V2"), for four reasons: content is the only text
that a notification shows, and so says no more than the summary; mentions call people from there; an answer may take
the place of any older message, while a layout can never be turned back; and older clients and every stand-in know it.
On a phone both are one column, and buttons below their message are where the thumb is. What no message can hold is
attached as a text file, so nothing is lost and one message stays one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import discord

from bot.discord import attached, calls, markdown
from circles.calendar import Appointment
from circles.language import _
from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Facts,
    File,
    Heading,
    Mention,
    Message,
    Picture,
    Quote,
    Span,
    Style,
    Text,
)

Where = Literal["reply", "private", "room"]
CONTENT, DESCRIPTION, EMBEDS = 2000, 4096, 6000
_LABEL, _CALLED, _ROWS, _ROW = 80, 100, 5, 5
_STYLES: Mapping[Style, discord.ButtonStyle] = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A message as Discord takes it: buttons with their ``custom_id``s, and the only people whom it calls."""

    content: str
    descriptions: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[Button, str], ...], ...] = ()
    called: tuple[int, ...] = ()
    attachments: tuple[attached.Attachment, ...] = ()

    def embeds(self) -> list[discord.Embed]:
        """Give its embeds."""
        return [discord.Embed(description=text) for text in self.descriptions]

    def allowed_mentions(self) -> discord.AllowedMentions:
        """Give who may be called: the people it mentions, and nobody else."""
        people = [discord.Object(person) for person in self.called]
        return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=people)

    def view(self) -> discord.ui.View | None:
        """Give its buttons; the library is told not to keep them, since each says by itself what it does."""
        if not self.rows:
            return None
        view = discord.ui.View(timeout=None)
        for number, row in enumerate(self.rows):
            for button, custom_id in row:
                label = markdown.line(button.label, _LABEL) or "…"
                style = _STYLES[button.style]
                view.add_item(discord.ui.Button(label=label, custom_id=custom_id, style=style, row=number))
        view.stop()
        return view

    def sending(self) -> dict[str, Any]:
        """Give the arguments for every ``send`` and ``send_message`` of discord.py."""
        given: dict[str, Any] = {"allowed_mentions": self.allowed_mentions()}
        if self.content:
            given["content"] = self.content
        if self.descriptions:
            given["embeds"] = self.embeds()
        else:
            given["suppress_embeds"] = True  # it would hide embeds of our own, too
        if (view := self.view()) is not None:
            given["view"] = view
        if self.attachments:
            given["files"] = [attachment.file() for attachment in self.attachments]
        return given

    def editing(self) -> dict[str, Any]:
        """Give the arguments for every ``edit`` and ``edit_message``: nothing of the older message stays."""
        return {
            "content": self.content or None,
            "embeds": self.embeds(),
            "suppress_embeds": not self.descriptions,  # or they would stay hidden as they were
            "view": self.view(),
            "attachments": [attachment.file() for attachment in self.attachments],
            "allowed_mentions": self.allowed_mentions(),
        }


def page(message: Message, where: Where = "reply", command_ids: Mapping[str, int] | None = None) -> Page:
    """Render a message: an answer for the asker's eyes, a private message, or a post in a room.

    ``command_ids`` gives Discord's ids of the root commands, so that commands can be clicked.
    In private and in rooms a notification shows the summary only; in a room the people who are mentioned are called.
    """
    ids = command_ids or {}
    rows, unpressed = _rows([pressed for block in message.blocks if (pressed := _pressed(block))])
    pieces = [piece for piece in (_piece(block, ids) for block in message.blocks) if piece]
    attachments, unattached = attached.of(message)
    pieces += unattached + [f"{markdown.escape(b.label)}: {markdown.code('/' + b.call)}" for b in unpressed]
    called = _called(message)
    head = markdown.escape(message.summary.strip()) if where != "reply" else ""
    if markdown.size(head) > CONTENT:
        head = markdown.escape(markdown.line(message.summary, CONTENT // 2 - 1))
    if where == "room" and head:
        head = _calling(head, called)
    body = _put_together(pieces)
    shown = Page(head, rows=rows, called=called, attachments=attachments)
    if not body:
        return (
            shown
            if head or attachments
            else replace(shown, content=markdown.escape(message.summary[:500].strip()) or "…")
        )
    if not head and markdown.size(body) <= CONTENT:
        return replace(shown, content=body)
    descriptions, is_whole = _shared_out(body)
    if not is_whole:
        full = attached.whole(message)
        shown = replace(shown, attachments=(*attachments[: attached.MOST - 1], full))
    content = head or (_calling("", called) if where == "room" else "")
    return replace(shown, content=content, descriptions=descriptions)


def call_of(custom_id: str) -> str:
    """Give the command line that a pressed button carries."""
    return calls.line_of(custom_id)


def _pressed(block: Block) -> tuple[Button, ...]:
    """Give what can be pressed in a block: a server has events, so a meeting can be shown there."""
    if isinstance(block, Appointment) and block.share is not None:
        return (block.share,)
    return block.buttons if isinstance(block, Buttons) else ()


def _piece(block: Block, ids: Mapping[str, int]) -> str:
    match block:
        case Heading():
            return f"### {markdown.escape(' '.join(block.text.split()))}" if block.text.strip() else ""
        case Text():
            return markdown.spans(block.spans, ids)
        case Bullets():
            items = (markdown.spans(item, ids, counts_down=False) for item in block.items)
            return "\n".join("- " + item.strip("\n").replace("\n", "\n  ") for item in items if item.strip())
        case Facts():
            return "\n".join(_fact(row.label, row.spans, ids) for row in block.rows)
        case Quote():
            said = markdown.spans(block.spans, ids)
            is_table = len(block.spans) == 1 and isinstance(block.spans[0], Code) and said.startswith("\n```")
            return said.strip("\n") if is_table else markdown.quote(said) if said.strip() else ""
        case Picture() | File():
            title = f"**{markdown.escape(' '.join(block.title.split()))}**" if block.title.strip() else ""
            return "\n".join(words for words in (title, attached.legend(block)) if words)
        case Buttons():
            return ""


def _fact(label: str, value: Sequence[Span], ids: Mapping[str, int]) -> str:
    named = f"**{markdown.escape(' '.join(label.split()))}:** " if label.strip() else ""
    return f"{named}{markdown.spans(value, ids)}"


def _put_together(pieces: Sequence[str]) -> str:
    """Put pieces below each other, apart by a blank line except below a heading."""
    body = ""
    for piece in pieces:
        if body:
            body += "\n" if body.rpartition("\n")[2].startswith("### ") else "\n\n"
        body += piece.strip("\n")
    return body


def _shared_out(body: str) -> tuple[tuple[str, ...], bool]:
    """Share a text out over embeds, between lines; gives them, and whether everything found its place."""
    out, is_whole = [""], True
    left = EMBEDS - 200
    for line in body.split("\n"):
        room = min(DESCRIPTION - 100 - markdown.size(out[-1]), left)
        need = markdown.size(line) + 1
        if need > room and need <= min(left, DESCRIPTION - 100) and out[-1].strip():
            out[-1], reopened = _fenced(out[-1])
            out.append(reopened)
        elif need > room:
            out[-1] = f"{out[-1].rstrip()}\n{_begun(line, room - 10)}\n{_more()}"
            is_whole = False
            break
        out[-1] += line + "\n"
        left -= need
    out[-1], _reopened = _fenced(out[-1])
    return tuple(text.strip("\n") for text in out if text.strip()), is_whole


def _begun(line: str, longest: int) -> str:
    """Give whole words from the beginning of a line of Markdown, none of them cut."""
    out = ""
    for word in line.split(" "):
        if markdown.size(out) + markdown.size(word) + 2 > longest:
            break
        out += word + " "
    return out + "…"


def _fenced(text: str) -> tuple[str, str]:
    """Close a block of code that is still open; gives the text, and what opens the block again behind it."""
    return (text.rstrip() + "\n```", "```\n") if text.count("```") % 2 else (text, "")


def _more() -> str:
    return "*" + markdown.escape(_("The whole of it is in the file below.")) + "*"


def _rows(
    blocks: Sequence[Sequence[Button]],
) -> tuple[tuple[tuple[tuple[Button, str], ...], ...], list[Button]]:
    """Give rows of at most five buttons, packed closer where there are many, and the buttons with no place."""
    ids = iter(calls.carried(button.call for block in blocks for button in block))
    paired = [[(button, next(ids)) for button in block] for block in blocks]
    lost = [button for block in paired for button, custom_id in block if custom_id is None and button.call.strip()]
    carried = [[(button, custom_id) for button, custom_id in block if custom_id] for block in paired]
    rows = [row for block in carried for row in _in_fives(block)]
    if len(rows) > _ROWS:
        rows = _in_fives([pair for block in carried for pair in block])
    return tuple(rows[:_ROWS]), lost + [button for row in rows[_ROWS:] for button, _custom_id in row]


def _in_fives(buttons: Sequence[tuple[Button, str]]) -> list[tuple[tuple[Button, str], ...]]:
    return [tuple(buttons[first : first + _ROW]) for first in range(0, len(buttons), _ROW)]


def _called(message: Message) -> tuple[int, ...]:
    people = (span.person for span in _spans(message.blocks) if isinstance(span, Mention))
    return tuple(dict.fromkeys(int(person) for person in people if markdown.is_person(person)))[:_CALLED]


def _spans(blocks: Iterable[Block]) -> Iterator[Span]:
    for block in blocks:
        match block:
            case Text() | Quote():
                yield from block.spans
            case Bullets():
                yield from (span for item in block.items for span in item)
            case Facts():
                yield from (span for row in block.rows for span in row.spans)


def _calling(head: str, people: Sequence[int]) -> str:
    """Put the people who are called below the summary: a mention in an embed calls nobody."""
    out = head
    for person in people:
        mention = f"<@{person}>"
        if markdown.size(out) + len(mention) + 1 <= CONTENT:
            out += ("\n" if out == head else " ") * bool(out) + mention
    return out
