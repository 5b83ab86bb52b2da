"""What somebody reads on her screen, as plain text in the same form as a message's own plain text."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Names = Callable[[str], str]


def plain_mrkdwn(text: str, name_of: Names) -> str:
    """Read Slack's markup: mentions as names, dates as their fallback, links as words and address."""
    text = re.sub(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", lambda m: name_of(m[1]), text)
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<#([A-Z0-9]+)(?:\|([^>]*))?>", lambda m: f"#{m[2] or m[1]}", text)
    text = re.sub(r"<!(\w+)(?:\^[^|>]*)?(?:\|[^>]*)?>", r"@\1", text)
    text = re.sub(r"<([a-z]+:[^|>]+)\|([^>]*)>", r"\2 (\1)", text)
    text = re.sub(r"<([a-z]+:[^|>]+)>", r"\1", text)
    for mark in (r"\*", "_", "~", "`"):
        text = re.sub(rf"(?<!\w){mark}(?=\S)(.+?)(?<=\S){mark}(?!\w)", r"\1", text)
    text = re.sub(r"^&gt; ?(.*)$", r"“\1”", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*)• ", r"\1- ", text, flags=re.MULTILINE)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain_text(thing: dict[str, Any] | None, name_of: Names) -> str:
    """Read a text object of either kind."""
    if not thing:
        return ""
    return plain_mrkdwn(thing["text"], name_of) if thing["type"] == "mrkdwn" else str(thing["text"])


def _rich(element: dict[str, Any], name_of: Names) -> str:
    match element["type"]:
        case "text":
            return str(element["text"])
        case "link":
            return f"{element['text']} ({element['url']})" if element.get("text") else str(element["url"])
        case "user":
            return name_of(element["user_id"])
        case "date":
            return str(element.get("fallback", ""))
        case "channel":
            return f"#{element['channel_id']}"
        case "broadcast":
            return f"@{element['range']}"
        case "emoji":
            return f":{element['name']}:"
        case _:
            return ""


def _rich_part(part: dict[str, Any], name_of: Names) -> str:
    if part["type"] == "rich_text_list":
        dash = "  " * part.get("indent", 0) + "- "
        return "\n".join(dash + _rich_part(item, name_of) for item in part["elements"])
    words = "".join(_rich(element, name_of) for element in part["elements"]).removesuffix("\n")
    return f"“{words}”" if part["type"] == "rich_text_quote" else words


def _element(element: dict[str, Any], name_of: Names) -> str:
    if element["type"] in {"plain_text", "mrkdwn"}:
        return plain_text(element, name_of)
    if element["type"] == "image":
        return str(element.get("alt_text", ""))
    words = plain_text(element.get("text"), name_of) or plain_text(element.get("placeholder"), name_of)
    options = [plain_text(option["text"], name_of) for option in options_of(element)]
    return "\n".join(f"[{one}]" for one in (words, *options) if one)


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Every option that an element offers, also in groups."""
    groups = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *groups]


def block_words(block: dict[str, Any], name_of: Names) -> str:
    """Read one block."""
    kind = block["type"]
    if kind == "rich_text":
        return "\n".join(_rich_part(part, name_of) for part in block["elements"])
    parts: list[str] = []
    if kind == "markdown":
        parts = [block["text"]]
    elif kind == "input":
        parts = [plain_text(block["label"], name_of), plain_text(block.get("hint"), name_of)]
        parts.append(_element(block["element"], name_of))
    elif kind == "image":
        parts = [plain_text(block.get("title"), name_of), block["alt_text"]]
    elif kind in {"actions", "context"}:
        parts = [_element(element, name_of) for element in block["elements"]]
    elif kind in {"header", "section"}:
        parts = [plain_text(block.get("text"), name_of)]
        parts += [plain_text(one, name_of) for one in block.get("fields", ())]
        parts += [_element(block["accessory"], name_of)] if "accessory" in block else []
    return "\n".join(part for part in parts if part)


def words_of(blocks: Iterable[dict[str, Any]], name_of: Names) -> str:
    """Read blocks one after another, a blank line apart."""
    return "\n\n".join(words for block in blocks if (words := block_words(block, name_of)))


def elements_of(blocks: Iterable[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """Each block with each element in it that one can press, choose or fill."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif "element" in block:
            yield block, block["element"]
        elif block.get("accessory", {}).get("type", "image") != "image":
            yield block, block["accessory"]


def with_ids(blocks: Iterable[dict[str, Any]], number: Callable[[], int]) -> list[dict[str, Any]]:
    """Blocks as Slack keeps them: each has a block_id, and each element that one can use an action_id."""

    def named(element: dict[str, Any]) -> dict[str, Any]:
        return element if element["type"] == "image" else {"action_id": f"a{number()}", **element}

    out = []
    for block in blocks:
        found = {"block_id": f"b{number()}", **block}
        for key in ("element", "accessory"):
            if key in found:
                found[key] = named(found[key])
        if found["type"] == "actions":
            found["elements"] = [named(one) for one in found["elements"]]
        out.append(found)
    return out
