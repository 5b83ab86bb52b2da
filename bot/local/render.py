"""Messages and forms as the local page reads them: JSON that a browser sets as text, never as markup."""

import re
from datetime import datetime
from html import escape
from typing import Any

from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Command,
    Emphasis,
    Facts,
    File,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    Picture,
    Quote,
    Span,
    Strong,
    Text,
    When,
)

_WORDS: dict[type, str] = {Strong: "strong", Emphasis: "emphasis", Code: "code", Command: "command"}
_UNDRAWABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CELL, _GAP, _LETTER = 18, 3, 6.2
_LONGEST_LABEL = 36  # letters
_INK = ("#8882", "#c9a46a66", "#c9a46acc", "#a8612f")


def instant(at: datetime) -> str:
    """Write an instant as the page reads it."""
    return at.isoformat().replace("+00:00", "Z")


def content(message: Message) -> dict[str, Any]:
    """Render a message."""
    return {"blocks": [_block(block) for block in message.blocks], "summary": message.summary}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Text():
            return {"kind": "text", "spans": _spans(block.spans)}
        case Heading():
            return {"kind": "heading", "text": block.text}
        case Bullets():
            return {"kind": "list", "items": [_spans(item) for item in block.items]}
        case Facts():
            rows = [{"label": row.label, "spans": _spans(row.spans)} for row in block.rows]
            return {"kind": "facts", "rows": rows}
        case Quote():
            return {"kind": "quote", "spans": _spans(block.spans)}
        case Buttons():
            return {"kind": "buttons", "buttons": [_button(button) for button in block.buttons]}
        case File():
            return {"kind": "file", "name": block.name, "title": block.title, "text": block.text}
        case Picture():
            return {"kind": "picture", "title": block.title, "alt": block.alt, "svg": drawing(block)}


def _button(button: Button) -> dict[str, Any]:
    return {"label": button.label, "call": button.call, "style": button.style}


def _spans(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [_span(span) for span in spans]


def _span(span: Span) -> dict[str, Any]:
    match span:
        case Mention():
            return {"kind": "mention", "person": span.person, "text": span.text}
        case When():
            return {"kind": "when", "at": instant(span.at), "text": span.text}
        case Link():
            # Only addresses that a browser opens as pages; anything else is shown as words.
            if span.url.startswith(("https://", "http://")):
                return {"kind": "link", "url": span.url, "text": span.text}
            return {"kind": "plain", "text": span.plain()}
        case _:
            return {"kind": _WORDS.get(type(span), "plain"), "text": span.text}


def form(asked: Form) -> dict[str, Any]:
    """Render a form."""
    return {
        "title": asked.title,
        "call": asked.call,
        "submit": asked.submit,
        "intro": _spans(asked.intro),
        "fields": [
            {
                "name": field.name,
                "label": field.label,
                "kind": field.kind,
                "required": field.required,
                "hint": field.hint,
                "initial": field.initial,
                "options": [{"value": option.value, "label": option.label} for option in field.options],
                "max_length": field.max_length,
                "error": field.error,
            }
            for field in asked.fields
        ],
    }


def _drawn(words: str) -> str:
    """Give words as a drawing can hold them: no markup, and none of the characters that XML has no place for."""
    return escape(_UNDRAWABLE.sub("", words))


def drawing(picture: Picture) -> str:
    """Draw a picture's squares as SVG."""
    labels = [row.label[:_LONGEST_LABEL] for row in picture.rows]
    left = round(12 + _LETTER * max((len(label) for label in labels), default=0))
    width = left + len(picture.columns) * (_CELL + _GAP) + _GAP
    height = 24 + len(picture.rows) * (_CELL + _GAP) + _GAP
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    look = 'role="img" font-family="sans-serif" font-size="11" fill="#777"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look}><title>{_drawn(picture.alt)}</title>']
    for column, name in enumerate(picture.columns):
        x = left + column * (_CELL + _GAP) + _CELL / 2
        parts.append(f'<text x="{x}" y="15" text-anchor="middle">{_drawn(name[:3])}</text>')
    for line, row in enumerate(picture.rows):
        y = 24 + line * (_CELL + _GAP)
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{_drawn(labels[line])}</text>')
        for column, level in enumerate(row.levels):
            x = left + column * (_CELL + _GAP)
            ink = _INK[min(max(level, 0), 3)]
            parts.append(f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" rx="4" fill="{ink}"/>')
    return "".join([*parts, "</svg>"])
