"""Words inside a Slack message: spans as rich_text elements, where nothing is parsed, or as escaped mrkdwn.

What people wrote goes into text elements as it is, so it can never ping or link. Only ``voiced`` and ``inert`` make
mrkdwn, which Slack does parse: there ``& < >`` are escaped, and a bare address is broken by an invisible joiner.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from circles.messages import Code, Command, Emphasis, Link, Mention, Span, Strong, When

Element = dict[str, Any]
LONGEST_TEXT = 3000  # Slack's limit for a text object; it names none for rich_text, so the same is kept there
HEAVIEST = 4000  # characters of JSON that one block may weigh, so that pages can break between blocks
WHEN = "{date_long_pretty}, {time}"
UNTIL = "{time}"
_LONGEST_URL = 2000
_LONGEST_WORDS = 1000  # of a link
_LONGEST_FALLBACK = 250
_ATOM = 100  # characters that are said together or not at all
_LATEST = 2**31 - 1  # seconds; a later instant is written in words

_STYLES: dict[type, str] = {Strong: "bold", Emphasis: "italic", Code: "code", Command: "code"}
_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
_PAGE = re.compile(r"https?://[^\s<>|\"`\\^{}]+", re.IGNORECASE)
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"(?<=\w)(?:\.(?=[^\W\d])|:(?=//))")
_JOINER = "\u2060"


def is_person(user: str) -> bool:
    """Say whether this is the id of a person on Slack."""
    return _PERSON.fullmatch(user) is not None


def clean(text: str) -> str:
    """Give text without what no chat can show: control characters, and halves of characters."""
    return _HALF.sub("\ufffd", _UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def size(text: str) -> int:
    """Measure text at Slack's strictest: in UTF-16 units, with ``& < >`` as the escapes that it keeps them in."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return units + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def weight(block: Element) -> int:
    """Measure a block or element with all that is around its words."""
    return size(json.dumps(block, ensure_ascii=False))


def clip(text: str, longest: int) -> str:
    """Shorten text to ``longest``, between words where that is possible, and show with … that it was."""
    text = clean(text)
    if size(text) <= longest:
        return text
    return divide(text, longest - 1)[0].rstrip() + "…"


def divide(text: str, longest: int) -> tuple[str, str]:
    """Cut text in two, the first part at most ``longest`` and not empty, between words where that is possible."""
    if size(text) <= longest:  # nearly always; to measure letter by letter takes a hundred times as long
        return text, ""
    used, end = 0, len(text)
    for index, letter in enumerate(text):
        used += size(letter)
        if used > longest:
            end = max(index, 1)
            break
    if end == len(text):
        return text, ""
    gap = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
    if gap > end * 2 // 3:
        return text[:gap], text[gap:]
    whole = end
    while whole > 1 and _belongs_to_the_letter_before(text, whole):
        whole -= 1
    end = whole if end - whole < 20 else end
    return text[:end], text[end:]


def _belongs_to_the_letter_before(text: str, index: int) -> bool:
    joins = {"\u200d", "\ufe0f"}
    return bool(unicodedata.combining(text[index])) or text[index] in joins or text[index - 1] == "\u200d"


def pieces(text: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """Cut text into parts of at most ``longest``; nothing is lost."""
    while text:
        piece, text = divide(text, longest)
        yield piece


def plain(text: str, style: str = "") -> Element:
    """Make a text element."""
    return {"type": "text", "text": text} | ({"style": {style: True}} if style else {})


def elements(spans: Iterable[Span]) -> list[Element]:
    """Render spans as the elements of a rich_text section, list item or quote."""
    made: list[Element] = []
    run, style = "", ""
    before: tuple[Span | None, Span | None] = (None, None)
    for span in spans:
        element = _element(span, is_until=_ends_a_stretch(span, *before))
        before = (before[1], span)
        if element["type"] == "text":
            new = next(iter(element.get("style", {})), "")
            if new != style:
                made += _texts(run, style)
                run, style = "", new
            run += element["text"]
        else:
            made += [*_texts(run, style), element]
            run = ""
    return made + _texts(run, style)


def _texts(run: str, style: str) -> list[Element]:
    return [plain(piece, style) for piece in pieces(run)]


def _ends_a_stretch(span: Span, first: Span | None, dash: Span | None) -> bool:
    """Say whether this is the end of "from – until", whose day need not be said twice."""
    if not isinstance(span, When) or not isinstance(first, When) or dash is None:
        return False
    return dash.plain().strip() in {"–", "-", "—"} and 0 <= (span.at - first.at).total_seconds() < 12 * 3600


def _element(span: Span, *, is_until: bool) -> Element:
    match span:
        case Mention() if is_person(span.person):
            return {"type": "user", "user_id": span.person}
        case When() if 0 < span.at.timestamp() < _LATEST:
            element = {"type": "date", "timestamp": int(span.at.timestamp()), "format": UNTIL if is_until else WHEN}
            words = clip(span.text, _LONGEST_FALLBACK)
            return element | ({"fallback": words} if words.strip() else {})
        case Link() if _PAGE.fullmatch(span.url) and size(span.url) <= _LONGEST_URL:
            words = clip(span.text, _LONGEST_WORDS)
            return {"type": "link", "url": span.url} | ({"text": words} if words.strip() else {})
        case _:
            return plain(clean(span.plain()), _STYLES.get(type(span), ""))


def is_shown(made: Iterable[Element]) -> bool:
    """Say whether there is anything to see in these elements."""
    return any(element["type"] != "text" or element["text"].strip() for element in made)


def gathered(made: Iterable[Element], heaviest: int = HEAVIEST - 200) -> list[list[Element]]:
    """Gather elements into lists of at most this weight, to be a block each; what shows nothing is left out."""
    groups: list[list[Element]] = [[]]
    used = 0
    for element in made:
        heavy = weight(element) + 2
        if groups[-1] and used + heavy > heaviest:
            groups.append([])
            used = 0
        groups[-1].append(element)
        used += heavy
    return [group for group in groups if is_shown(group)]


def inert(text: str) -> str:
    """Escape text for a field that Slack parses as mrkdwn, so that it neither pings nor links."""
    return escape(_broken(clean(text)), quote=False)


def _broken(text: str) -> str:
    return _ADDRESS.sub(lambda found: found.group() + _JOINER, text)


def voiced(spans: Iterable[Span]) -> Iterator[str]:
    """Say spans as mrkdwn, in parts that are said whole or not at all."""
    for element in elements(spans):
        match element["type"]:
            case "user":
                yield f"<@{element['user_id']}>"
            case "date":
                fallback = inert(str(element.get("fallback", "…"))).replace("|", "/")
                yield f"<!date^{element['timestamp']}^{element['format']}|{fallback}>"
            case "link":
                words = str(element.get("text", element["url"])).replace("|", "/")
                yield f"<{escape(element['url'], quote=False)}|{escape(words, quote=False)}>"
            case _:
                for piece in pieces(_broken(element["text"]), _ATOM):
                    yield escape(piece, quote=False)
