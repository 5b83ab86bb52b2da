"""Words inside a Discord message: spans as Markdown in which nothing that somebody wrote is read as Markdown.

Discord reads a backslash before any sign as "this sign, as it is", so everything typed looks as it was typed. The
server looks for mentions without minding backslashes; there, the allowed mentions of the message keep it from pinging.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.discord import leaves
from circles.messages import Code, Command, Emphasis, Link, Mention, Plain, Span, Strong, When

_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_HALF = re.compile("[\ud800-\udfff]")
# What begins a heading, small print, a list or a quote where a line begins.
_AT_LINE_START = re.compile(r"^([ \t]*)(?:(#{1,3}|-#|[-+•]|>{1,3})(?=\s|$)|(\d{1,9})([.)])(?=\s|$))", re.MULTILINE)
_SIGNS = re.compile(
    r"[\\*_~|`<\[]"
    r"|(?<=<)@|@(?=everyone|here)"  # so that no mention stands there whole, backslash or not
    r"|:(?=[\w+-]+:|//)"  # :smile:, and an address that is none
    r"|(?<=discord)\.(?=gg|com)|(?<=discordapp)\.(?=com)",  # an invite shows its card even between < and >
    re.IGNORECASE,
)
_PAGE = re.compile(r"https?://[^\s<>]*[^\s<>.,:;!?\"')\]*_~|`\\]", re.IGNORECASE)
_INVITE = re.compile(r"discord(?:app)?\.(?:gg|com)\b", re.IGNORECASE)
_UNSAFE_IN_LINK = re.compile(r"[*`\\|]|~~")
_PERSON = re.compile(r"[0-9]{1,20}")
_UNSAFE_IN_CODE = re.compile(r"<[@#]|@everyone|@here")
_APART = "\u200b"  # between a Markdown sign and another that would join it


def clean(text: str) -> str:
    """Give text without what no chat can show: control characters, and halves of characters."""
    return _HALF.sub("\ufffd", _UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def size(text: str) -> int:
    """Measure text at Discord's strictest, in UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def within(text: str, longest: int) -> str:
    """Give as much of the beginning of a text as fits into ``longest``, and no half of a character."""
    return text.encode("utf-16-le", "replace")[: 2 * longest].decode("utf-16-le", "ignore")


def clip(text: str, longest: int) -> str:
    """Shorten plain text to ``longest``, between words where that is possible, and show with … that it was."""
    if size(text) <= longest:
        return text
    shorter = within(text, longest - 1)
    words = shorter if text[len(shorter)].isspace() else shorter.rpartition(" ")[0]
    return (words if len(words) * 2 > longest else shorter).rstrip() + "…"


def line(text: str, longest: int) -> str:
    """Give text as one plain line of at most ``longest``, for places where Discord reads no Markdown."""
    return clip(" ".join(clean(text).split()), longest)


def escape(text: str) -> str:
    """Give what somebody wrote so that it is shown as she wrote it; its addresses stay links, without a preview."""
    text = clean(text)
    parts, end = [], 0
    for page in _PAGE.finditer(text):
        parts += [_escaped(text[end : page.start()], begins=end == 0), address(page[0])]
        end = page.end()
    return "".join([*parts, _escaped(text[end:], begins=end == 0)])


def address(url: str) -> str:
    """Give an address as a link without a preview; as mere words where Markdown would read on inside, or for an invite.

    An invite shows its card whatever stands around it.
    """
    if _INVITE.search(url) or _UNSAFE_IN_LINK.search(url):
        return _SIGNS.sub(lambda sign: "\\" + sign[0], url)
    return f"<{url}>"


def _escaped(text: str, *, begins: bool) -> str:
    def at_line_start(found: re.Match[str]) -> str:
        if found.start() == 0 and not begins:  # what follows an address on its line
            return found[0]
        if found[2]:
            return f"{found[1]}\x00{found[2]}"
        return f"{found[1]}{found[3]}\x00{found[4]}"

    marked = _AT_LINE_START.sub(at_line_start, text)
    return _SIGNS.sub(lambda sign: "\\" + sign[0], marked).replace("\x00", "\\")


def code(text: str) -> str:
    """Give a short literal as code; what can't stand in code as it is, as plain words; several lines as a block."""
    text = clean(text)
    if "\n" in text.strip("\n") and "```" not in text and not _UNSAFE_IN_CODE.search(text):
        return f"\n```\n{text.strip(chr(10))}\n```\n"
    text = " ".join(text.split("\n"))
    if not text.strip() or "``" in text or _UNSAFE_IN_CODE.search(text):
        return escape(text)
    if "`" not in text:
        return f"`{text}`"
    return f"``{' ' * text.startswith('`')}{text}{' ' * text.endswith('`')}``"


def command(text: str, command_ids: Mapping[str, int]) -> str:
    """Name a command: to be clicked where its id is known, with what is typed behind it as code."""
    named = leaves.named(text)
    if named is None:
        return code(text)
    path, rest = named
    rest = re.sub(r"(?:^|(?<=\s))in:([a-z0-9-]+)", rf"{leaves.PROGRAMME}:\1", rest)
    number = command_ids.get(path.split()[0])
    if number is None:
        return code(f"/{path} {rest}".rstrip())
    return f"</{path}:{number}>" + (f" {code(rest)}" if rest else "")


def is_person(person: str) -> bool:
    """Say whether this is the id of a person on Discord."""
    return _PERSON.fullmatch(person) is not None


def _wrapped(text: str, sign: str) -> str:
    """Put ``sign`` around each line's words, and not around the blanks at their ends."""
    lines = []
    for one in escape(text).split("\n"):
        words = one.strip()
        lines.append(one.replace(words, f"{sign}{words}{sign}") if words else one)
    return "\n".join(lines)


def _when(span: When, *, counts_down: bool) -> str:
    unix = int(span.at.timestamp())
    return f"<t:{unix}:F> (<t:{unix}:R>)" if counts_down else f"<t:{unix}:F>"


def _link(span: Link) -> str:
    if not _PAGE.fullmatch(clean(span.url)):
        return escape(span.plain())
    words = escape(span.text)
    return f"{words} ({address(clean(span.url))})" if words and span.text != span.url else address(clean(span.url))


def spans(said: Iterable[Span], command_ids: Mapping[str, int] | None = None, *, counts_down: bool = True) -> str:
    """Write spans as Markdown; ``counts_down`` lets an instant say how far away it is, too."""
    kinds: Mapping[type, Callable[..., str]] = {
        Strong: lambda span: _wrapped(span.text, "**"),
        Emphasis: lambda span: _wrapped(span.text, "*"),
        Code: lambda span: code(span.text),
        Command: lambda span: command(span.text, command_ids or {}),
        Mention: lambda span: f"<@{span.person}>" if is_person(span.person) else escape(span.text),
        When: lambda span: _when(span, counts_down=counts_down),
        Link: _link,
        Plain: lambda span: escape(span.text),
    }
    out = ""
    for span in _joined(said):
        part = kinds[type(span)](span)
        if out[-1:] == part[:1] and part[:1] in {"*", "`"} and not out.endswith("\\" + part[:1]):
            out += _APART
        out += part
    return out


def _joined(said: Iterable[Span]) -> list[Span]:
    """Put neighbouring plain words together, so that where a line begins is seen across them."""
    out: list[Span] = []
    for span in said:
        if type(span) is Plain and out and type(out[-1]) is Plain:
            out[-1] = Plain(out[-1].text + span.text)
        else:
            out.append(span)
    return out


def quote(text: str) -> str:
    """Put every line into a quotation."""
    return "\n".join(f"> {one}" for one in text.split("\n"))
