"""A reader of Discord's Markdown: what a person sees of a text, and which marks in it the client would act on.

The rules are those that Discord's clients are known to follow, in their order, and written here anew.
"""

import re

_BLOCKS = (
    ("heading", re.compile(r" *#{1,3}[ \t]+(?=\S)")),
    ("small print", re.compile(r" *-#[ \t]+(?=\S)")),
    ("quote", re.compile(r" *>{3}[ \t]|[ ]*>[ \t]")),
    ("list", re.compile(r" *(?:[*+-]|\d+[.)])[ \t]+")),
)
_INLINE = (
    ("code block", re.compile(r"```(?:\w*\n)?([\s\S]+?)```")),
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("person", re.compile(r"<@!?(\d+)>")),
    ("role", re.compile(r"<@&(\d+)>")),
    ("channel", re.compile(r"<#(\d+)>")),
    ("everybody", re.compile(r"@(everyone|here)")),
    ("time", re.compile(r"<t:-?\d{1,17}(?::[tTdDfFRsS])?>")),
    ("command", re.compile(r"</[-_'\w ]+:\d+>")),
    ("custom emoji", re.compile(r"<a?:\w+:\d+>")),
    ("guide", re.compile(r"<id:\w+>")),
    ("link", re.compile(r"<((?:https?|steam|mailto|tel):[^ >]+)>", re.IGNORECASE)),
    ("previewed link", re.compile(r"((?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s])", re.IGNORECASE)),
    ("invite", re.compile(r"(discord(?:app)?\.(?:gg|com/invite)/\w+)", re.IGNORECASE)),
    ("masked link", re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(<?\S+>?\)")),
    ("strong", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    ("emphasis", re.compile(r"_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)")),
    ("emphasis", re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)")),
    ("struck", re.compile(r"~~((?:\\[\s\S]|[^\\])+?)~~")),
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
    ("code", re.compile(r"(?:(`+)([\s\S]*?[^`])\1(?!`))")),
    ("emoji", re.compile(r":([\w+-]+):")),
)
_NESTED = {"strong", "underline", "emphasis", "struck", "spoiler", "masked link"}


def seen(text):
    """Give the words that are seen, and the list of marks with what each holds."""
    words, marks, at = "", [], 0
    while at < len(text):
        if at == 0 or text[at - 1] == "\n":
            block = next(((kind, m) for kind, rule in _BLOCKS if (m := rule.match(text, at))), None)
            if block:
                marks.append((block[0], ""))
                at = block[1].end()
                continue
        kind, found = next(((kind, m) for kind, rule in _INLINE if (m := rule.match(text, at))), ("", None))
        if found is None:
            words, at = words + text[at], at + 1
            continue
        inside = found.group(found.lastindex) if found.lastindex else found.group()
        if kind in _NESTED:
            inside, more = seen(inside)
            marks += more
        words, at = words + inside, found.end()
        if kind != "escape":
            marks.append((kind, inside))
    return words, marks


def kinds(text):
    """Give the kinds of marks in a text."""
    return {kind for kind, _inside in seen(text)[1]}
