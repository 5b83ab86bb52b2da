"""Messages as Slack blocks: pure, within Slack's limits, and nothing that people wrote is ever parsed."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from bot import drawing
from bot.slack import spans
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
    Message,
    Picture,
    Plain,
    Quote,
    Span,
    Strong,
    Text,
)

SlackBlock = dict[str, Any]
MOST_BLOCKS = 50  # of a message; a view may have 100
HEAVIEST_MESSAGE = 12_000  # characters of JSON: above some 13,000 Slack answers msg_blocks_too_long
HEAVIEST_VIEW = 100_000  # of the 250 kB that Slack allows
_LONGEST_HEADING = 150
_LONGEST_LABEL = 75
_LONGEST_VALUE = 2000
_BUTTONS_IN_A_ROW = 5
_NOTE_WEIGHT = 300  # kept free on each page for the line that says how it goes on


def pages(message: Message, most: int = MOST_BLOCKS) -> list[list[SlackBlock]]:
    """Render a message as one or more lists of blocks, each to be sent as a message of its own, in this order.

    Buttons stay with what stands above them, and a heading with what follows; each page but the last says that it
    goes on.
    """
    parts = _parts(message)
    if _fits(parts, most, HEAVIEST_MESSAGE):
        return [parts]
    paged = list(_paged(parts, most - 1, HEAVIEST_MESSAGE - _NOTE_WEIGHT))
    for number, page in enumerate(paged[:-1], start=1):
        words = _("This goes on in the next message ({page} of {pages}).")
        page.append(small(words.format(page=number, pages=len(paged))))
    return paged


def blocks(message: Message, *, most: int = MOST_BLOCKS, heaviest: int = HEAVIEST_MESSAGE) -> list[SlackBlock]:
    """Render a message as one list of blocks, for places where only one can be shown.

    What does not fit is left out and a line says so; the buttons at the end are kept.
    """
    parts = _parts(message)
    if _fits(parts, most, heaviest):
        return parts
    first_button = len(parts)
    while first_button and parts[first_button - 1]["type"] == "actions" and len(parts) - first_button < most // 5:
        first_button -= 1
    tail = parts[first_button:]
    free = heaviest - _NOTE_WEIGHT - sum(map(spans.weight, tail))
    head = next(_paged(parts[:first_button], most - 1 - len(tail), free), [])
    return [*head, small(_("There is more than can be shown here.")), *tail]


def words(message: Message) -> str:
    """Give the text that a notification and a screen reader may show: the summary, or that there is a message."""
    summary = message.summary if message.summary.strip() else _("A message from Halqa")
    return _joined(spans.voiced((Plain(summary),)))


def spoken(message: Message) -> str:
    """Give the whole message as mrkdwn, at most 3,000 characters, for answers that no notification shows."""
    return _joined(_spoken(message))


def small(text: str) -> SlackBlock:
    """Make a line of small, quiet words."""
    return {"type": "context", "elements": [plain_text(text, spans.LONGEST_TEXT)]}


def plain_text(text: str, longest: int) -> SlackBlock:
    """Make a text object in which nothing is parsed, not even an emoji's name."""
    return {"type": "plain_text", "text": spans.clip(text, longest), "emoji": False}


def paragraph(said: Iterable[Span]) -> list[SlackBlock]:
    """Render spans as a paragraph: one block, or more where it is long, or none where it is empty."""
    return _rich("rich_text_section", spans.elements(said))


def _parts(message: Message) -> list[SlackBlock]:
    numbers = count(1)
    parts = [part for block in message.blocks for part in _block(block, numbers)]
    return parts or paragraph((Plain(_("A message from Halqa")),))


def _block(block: Block, numbers: Iterator[int]) -> list[SlackBlock]:
    match block:
        case Text():
            return paragraph(block.spans)
        case Heading():
            return _heading(block.text)
        case Bullets():
            return _list(block.items)
        case Facts():
            return paragraph(_facts(block))
        case Quote(spans=(Code(text),)):
            return _rich("rich_text_preformatted", spans.elements((Plain(text),)))
        case Quote():
            return _rich("rich_text_quote", spans.elements(block.spans))
        case Buttons():
            return _actions(block.buttons, numbers)
        case Picture():
            return _picture(block)
        case File():
            return paragraph(_file(block))


def _rich(kind: str, made: list[spans.Element]) -> list[SlackBlock]:
    groups = spans.gathered(made)
    return [{"type": "rich_text", "elements": [{"type": kind, "elements": group}]} for group in groups]


def _heading(text: str) -> list[SlackBlock]:
    text = " ".join(spans.clean(text).split())
    if spans.size(text) > _LONGEST_HEADING:
        return paragraph((Strong(text),))  # in bold, so that nothing is cut
    return [{"type": "header", "text": plain_text(text, _LONGEST_HEADING)}] if text else []


def _list(items: Iterable[tuple[Span, ...]]) -> list[SlackBlock]:
    made: list[SlackBlock] = []
    used = spans.HEAVIEST
    for item in items:
        for number, group in enumerate(spans.gathered(spans.elements(item), spans.HEAVIEST - 300)):
            section: spans.Element = {"type": "rich_text_section", "elements": group}
            if number:  # the rest of an item too long for one block
                made.append({"type": "rich_text", "elements": [section]})
                used = spans.HEAVIEST
                continue
            heavy = spans.weight(section) + 2
            if used + heavy > spans.HEAVIEST - 100:
                bullets = {"type": "rich_text_list", "style": "bullet", "elements": []}
                made.append({"type": "rich_text", "elements": [bullets]})
                used = 0
            made[-1]["elements"][0]["elements"].append(section)
            used += heavy
    return made


def _facts(block: Facts) -> Iterator[Span]:
    for number, row in enumerate(block.rows):
        if number:
            yield Plain("\n")
        yield Strong(f"{row.label}:")
        yield Plain(" ")
        yield from row.spans


def _actions(buttons: Iterable[Button], numbers: Iterator[int]) -> list[SlackBlock]:
    made = [_button(button, next(numbers)) for button in buttons if can_press(button)]
    rows = range(0, len(made), _BUTTONS_IN_A_ROW)
    return [{"type": "actions", "elements": made[row : row + _BUTTONS_IN_A_ROW]} for row in rows]


def can_press(button: Button) -> bool:
    """Say whether a button can carry its command; one that is cut or mended would be another command."""
    call = button.call
    return bool(call.strip()) and spans.size(call) <= _LONGEST_VALUE and call == spans.clean(call)


def _button(button: Button, number: int) -> SlackBlock:
    label = " ".join(spans.clean(button.label).split()) or f"/{button.call}"
    style = {} if button.style == "plain" else {"style": button.style}
    text = plain_text(label, _LONGEST_LABEL)
    return {"type": "button", "action_id": f"call:{number}", "text": text, "value": button.call, **style}


def _picture(block: Picture) -> list[SlackBlock]:
    said = f"{block.title}: {block.alt}" if block.title.strip() else block.alt
    key = drawing.legend(block)
    return [small(part) for part in (said, key) if spans.clean(part).strip()]


def _file(block: File) -> Iterator[Span]:
    if block.title.strip():
        yield Strong(block.title)
        yield Plain(" ")
    yield Code(block.name)


def _fits(parts: list[SlackBlock], most: int, heaviest: int) -> bool:
    return len(parts) <= most and sum(map(spans.weight, parts)) <= heaviest


def _paged(parts: list[SlackBlock], most: int, heaviest: int) -> Iterator[list[SlackBlock]]:
    """Fill pages with blocks that stay together; what is larger than a page is divided."""
    page: list[SlackBlock] = []
    for group in _together(parts):
        if page and not _fits([*page, *group], most, heaviest):
            yield page
            page = []
        for part in group:
            if page and not _fits([*page, part], most, heaviest):
                yield page
                page = []
            page.append(part)
    if page:
        yield page


def _together(parts: list[SlackBlock]) -> Iterator[list[SlackBlock]]:
    group: list[SlackBlock] = []
    for part in parts:
        if group and part["type"] != "actions" and group[-1]["type"] != "header":
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _joined(parts: Iterable[str]) -> str:
    said, used = "", 0
    for part in parts:
        used += len(part) + sum(letter > "\uffff" for letter in part)
        if used >= spans.LONGEST_TEXT:
            return said.rstrip() + "…"
        said += part
    return said.strip()


def _spoken(message: Message) -> Iterator[str]:
    for block in message.blocks:
        yield from spans.voiced(_said(block))
        yield "\n\n"


def _said(block: Block) -> Iterator[Span]:
    match block:
        case Text():
            yield from block.spans
        case Bullets():
            for item in block.items:
                yield from (Plain("• "), *item, Plain("\n"))
        case Facts():
            yield from _facts(block)
        case Quote():
            yield from (Plain("“"), *block.spans, Plain("”"))
        case File():
            yield from _file(block)
        case _:
            yield Plain(block.plain())
