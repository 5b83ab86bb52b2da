"""What Slack refuses and slack_sdk lets pass: shapes, counts and lengths, from Slack's own reference pages."""

import re
from collections import Counter

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

SECTION_PARTS = {"text", "user", "date", "link"}
SHAPES = {
    "text": ({"type", "text"}, {"style"}),
    "user": ({"type", "user_id"}, {"style"}),
    "date": ({"type", "timestamp", "format"}, {"fallback", "style", "url"}),
    "link": ({"type", "url"}, {"text", "style"}),
    "header": ({"type", "text"}, {"block_id"}),
    "context": ({"type", "elements"}, {"block_id"}),
    "actions": ({"type", "elements"}, {"block_id"}),
    "rich_text": ({"type", "elements"}, {"block_id"}),
    "rich_text_section": ({"type", "elements"}, set()),
    "rich_text_quote": ({"type", "elements"}, set()),
    "rich_text_preformatted": ({"type", "elements"}, set()),
    "rich_text_list": ({"type", "elements", "style"}, set()),
    "button": ({"type", "text", "action_id", "value"}, {"style"}),
    "input": ({"type", "label", "element", "block_id", "optional"}, {"hint"}),
    "plain_text_input": ({"type", "action_id", "multiline", "max_length"}, {"initial_value"}),
    "number_input": ({"type", "action_id", "is_decimal_allowed"}, {"initial_value"}),
    "datepicker": ({"type", "action_id"}, {"initial_date"}),
    "users_select": ({"type", "action_id"}, {"initial_user"}),
    "radio_buttons": ({"type", "action_id", "options"}, {"initial_option"}),
    "static_select": ({"type", "action_id", "options"}, {"initial_option"}),
    "checkboxes": ({"type", "action_id", "options"}, {"initial_options"}),
    "multi_static_select": ({"type", "action_id", "options"}, {"initial_options"}),
    "plain_text": ({"type", "text", "emoji"}, set()),
    "modal": (
        {"type", "callback_id", "title", "close", "blocks", "private_metadata"},
        {"submit", "notify_on_close"},
    ),
    "home": ({"type", "callback_id", "blocks"}, set()),
}
TOKENS = re.compile(r"\{(date_long_pretty|time)\}")
USER = re.compile(r"[UW][A-Z0-9]+")
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def units(text):
    """Characters as JavaScript counts them."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def texts(node):
    """Every string anywhere in blocks."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def check(shown):
    """Give what Slack would refuse in a view (a dict) or a message's blocks (a list), as sentences."""
    view = shown if isinstance(shown, dict) else None
    blocks = view["blocks"] if view else shown
    found = list(_counted(blocks, 100 if view else 50))
    if view:
        found += _shape(view) + _view(view)
        View(**view).validate_json()
    for block in blocks:
        found += _block(block, is_form=bool(view) and view["type"] == "modal")
    for block in Block.parse_all(blocks):
        block.validate_json()
        assert type(block) is not Block, "slack_sdk does not know this block"
    return found


def _counted(blocks, most):
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name!r} is there {n} times" for name, n in ids.items() if n > 1)
    buttons = [button for block in blocks if block["type"] == "actions" for button in block["elements"]]
    actions = Counter(button["action_id"] for button in buttons)
    yield from (f"action_id {name!r} is there {n} times" for name, n in actions.items() if n > 1)


def _shape(node):
    if node.get("type") not in SHAPES:
        return [f"unknown type {node.get('type')!r}"]
    needed, allowed = SHAPES[node["type"]]
    found = [f"{node['type']} lacks {key}" for key in sorted(needed - node.keys())]
    return found + [f"{node['type']} has an unknown {key}" for key in sorted(node.keys() - needed - allowed)]


def _length(node, longest, what):
    found = _shape(node)
    if node.get("type") != "plain_text":
        found.append(f"{what} is no plain text")
    if not 1 <= units(node["text"]) <= longest:
        found.append(f"{what} of {units(node['text'])} characters")
    if not node["text"].strip():
        found.append(f"{what} shows nothing")
    return found + ([f"{what} has control characters"] if NEVER.search(node["text"]) else [])


def _view(view):
    if view["type"] == "home":
        return []
    found = _length(view["title"], 24, "title") + _length(view["close"], 24, "close")
    found += _length(view["submit"], 24, "submit") if "submit" in view else []
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        found.append("inputs without a button to send them")
    return found + (["private_metadata too long"] if len(view["private_metadata"]) > 3000 else [])


def _block(block, *, is_form):
    found = _shape(block)
    match block["type"]:
        case "header":
            return found + _length(block["text"], 150, "header")
        case "context":
            found += [] if 1 <= len(block["elements"]) <= 10 else ["context elements"]
            return found + [line for element in block["elements"] for line in _length(element, 3000, "context")]
        case "actions":
            found += [] if 1 <= len(block["elements"]) <= 5 else [f"{len(block['elements'])} buttons in a row"]
            return found + [line for button in block["elements"] for line in _button(button)]
        case "rich_text":
            found += [] if block["elements"] else ["an empty rich_text"]
            return found + [line for element in block["elements"] for line in _rich(element)]
        case "input":
            return found + ([] if is_form else ["an input outside a form"]) + _input(block)
        case _:
            return [*found, f"unexpected block {block['type']}"]


def _button(button):
    found = _shape(button) + _length(button["text"], 75, "button")
    found += [] if 1 <= units(button["value"]) <= 2000 else ["value of a button"]
    found += [] if button.get("style", "primary") in {"primary", "danger"} else ["style of a button"]
    return found + ([] if 1 <= len(button["action_id"]) <= 255 else ["action_id"])


def _rich(element):
    found = _shape(element)
    match element["type"]:
        case "rich_text_list":
            found += [] if element["style"] in {"bullet", "ordered"} else ["style of a list"]
            found += [] if element["elements"] else ["an empty list"]
            found += [f"a {e['type']} in a list" for e in element["elements"] if e["type"] != "rich_text_section"]
            return found + [line for section in element["elements"] for line in _rich(section)]
        case "rich_text_section" | "rich_text_quote":
            allowed = SECTION_PARTS
        case "rich_text_preformatted":
            allowed = {"text", "link"}
        case _:
            return [*found, f"unknown rich text {element['type']}"]
    found += [] if element["elements"] else ["an empty section"]
    found += [f"a {e['type']} in a {element['type']}" for e in element["elements"] if e["type"] not in allowed]
    return found + [line for part in element["elements"] for line in _part(part)]


def _part(part):
    found = _shape(part)
    match part["type"]:
        case "text":
            found += [] if 1 <= units(part["text"]) <= 3000 else [f"text of {units(part['text'])} characters"]
            found += ["control characters in text"] if NEVER.search(part["text"]) else []
        case "user":
            found += [] if USER.fullmatch(part["user_id"]) else ["a user_id that is none"]
        case "date":
            found += [] if TOKENS.search(part["format"]) else ["a date without a token"]
            found += [] if type(part["timestamp"]) is int and part["timestamp"] >= 0 else ["a timestamp"]
        case "link":
            found += [] if part["url"].startswith(("http://", "https://")) else ["an address that is no page"]
            found += [] if len(part["url"]) <= 3000 and part.get("text", "x") else ["a link's length"]
    style = part.get("style", {})
    bad = not style.keys() <= {"bold", "italic", "code", "strike"} or ("style" in part and not style)
    return found + (["style of a span"] if bad or any(on is not True for on in style.values()) else [])


def _input(block):
    found = _length(block["label"], 2000, "label") + (_length(block["hint"], 2000, "hint") if "hint" in block else [])
    found += [] if 1 <= len(block["block_id"]) <= 255 else ["block_id of an input"]
    element = block["element"]
    found += _shape(element)
    match element["type"]:
        case "plain_text_input":
            found += [] if 1 <= element["max_length"] <= 3000 else ["max_length"]
            initial = element.get("initial_value")
            if initial is not None and not 1 <= units(initial) <= element["max_length"]:
                found.append("an initial value longer than what may be typed")
        case "number_input":
            found += [] if re.fullmatch(r"-?\d+", element.get("initial_value", "0")) else ["an initial number"]
        case "datepicker":
            found += [] if re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2027-01-01")) else ["a date"]
        case "users_select":
            found += [] if USER.fullmatch(element.get("initial_user", "U1")) else ["an initial person"]
        case _:
            found += _options(element)
    return found


def _options(element):
    most = 10 if element["type"] in {"radio_buttons", "checkboxes"} else 100
    options, found = element["options"], []
    if not 1 <= len(options) <= most:
        found.append(f"{len(options)} options in {element['type']}")
    for option in options:
        found += _length(option["text"], 75, "option")
        found += [] if 1 <= units(option["value"]) <= 150 else ["value of an option"]
        found += [] if option.keys() == {"text", "value"} else ["keys of an option"]
    if len({option["value"] for option in options}) < len(options):
        found.append("two options with one value")
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", options)
    return found + ([] if chosen and all(option in options for option in chosen) else ["an initial option"])
