"""How texts from people are tidied, compared and said back; it knows alphabets and no concept."""

import re
import unicodedata
from collections.abc import Collection

_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # invisible, and able to disguise a name
_BREAKS = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, line and paragraph separators


def tidy(text: str) -> str:
    """Give the text on one line, composed (NFC), with single spaces and without characters that cannot be seen."""
    seen = "".join(" " if unicodedata.category(c) in _BREAKS else c for c in _HIDDEN.sub("", text))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def key(text: str) -> str:
    """Give the form in which two spellings of a topic or an institution are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold(text: str) -> str:
    """Fold case, accents and spaces away, to compare what people type with names."""
    marked = unicodedata.normalize("NFKD", tidy(text).casefold())
    return " ".join("".join(c for c in marked if not unicodedata.combining(c)).replace("’", "'").split())


def clip(text: str) -> str:
    """Give at most forty characters of what was typed, to say it back."""
    shown = tidy(text)
    return shown if len(shown) <= 40 else shown[:39].rstrip() + "…"


def shared(offers: Collection[str], wants: Collection[str]) -> tuple[str, ...]:
    """Name the wanted topics that are offered, in the words of the one who wants them."""
    offered = {key(topic) for topic in offers}
    return tuple(topic for topic in wants if key(topic) in offered)
