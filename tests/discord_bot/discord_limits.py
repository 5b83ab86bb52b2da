"""Discord's published limits, counted by hand, and its own OpenAPI document, by the parts that one message needs."""

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path

import jsonschema


def size(text):
    """Count as strictly as anybody might: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@cache
def _document():
    file = Path(os.environ.get("HALQA_DISCORD_OPENAPI") or Path(__file__).with_name("discord-openapi.json.gz"))
    raw = file.read_bytes()
    return json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw)["components"]


def judge(schema, payload):
    """Hold a payload against a schema of Discord's own document."""
    asked = {"$ref": f"#/components/schemas/{schema}", "components": _document()}
    jsonschema.Draft202012Validator(asked).validate(_with_ids(payload))


def _with_ids(payload, at=""):
    """Give ids as strings: the document knows no others, discord.py writes numbers, and Discord takes both."""
    if isinstance(payload, dict):
        return {key: _with_ids(value, f"{at}.{key}") for key, value in payload.items()}
    if isinstance(payload, list):
        return [_with_ids(value, at) for value in payload]
    return str(payload) if at.endswith(("attachments.id", "default_values.id", "mentions.users")) else payload


def payload_of(page):
    """Give a page as the JSON that a message is created with; the files' bytes go beside it."""
    view = page.view()
    return {
        "content": page.content,
        "embeds": [embed.to_dict() for embed in page.embeds()],
        "components": view.to_components() if view else [],
        "allowed_mentions": page.allowed_mentions().to_dict(),
        "attachments": [
            {"id": number, "filename": a.name, "description": a.alt} if a.alt else {"id": number, "filename": a.name}
            for number, a in enumerate(page.attachments)
        ],
    }


def check_message(payload):
    """Assert that a message keeps to every limit."""
    assert size(payload["content"]) <= 2000
    assert payload["content"].strip() or payload["embeds"] or payload["attachments"] or payload["components"]
    assert len(payload["embeds"]) <= 10
    assert all(0 < size(embed["description"]) <= 4096 for embed in payload["embeds"])
    assert sum(size(embed["description"]) for embed in payload["embeds"]) <= 6000
    assert len(payload["components"]) <= 5
    buttons = [button for row in payload["components"] for button in row["components"]]
    assert all(1 <= len(row["components"]) <= 5 for row in payload["components"])
    assert all(1 <= size(button["label"]) <= 80 for button in buttons)
    assert all(1 <= size(button["custom_id"]) <= 100 for button in buttons)
    assert len({button["custom_id"] for button in buttons}) == len(buttons)
    mentions = payload["allowed_mentions"]
    assert mentions["parse"] == []
    assert "roles" not in mentions
    assert len(mentions.get("users", [])) <= 100
    assert len(payload["attachments"]) <= 10
    assert len({a["filename"] for a in payload["attachments"]}) == len(payload["attachments"])
    assert all(size(a.get("description", "")) <= 1024 for a in payload["attachments"])


def check_modal(payload):
    """Assert that a modal keeps to every limit."""
    assert 1 <= size(payload["title"]) <= 45
    assert 1 <= size(payload["custom_id"]) <= 100
    assert 1 <= len(payload["components"]) <= 5
    names = []
    for component in payload["components"]:
        if component["type"] == 10:
            assert 1 <= size(component["content"]) <= 4000
            continue
        assert component["type"] == 18
        assert 1 <= size(component["label"]) <= 45
        assert 0 <= size(component.get("description", "")) <= 100
        names.append(component["component"]["custom_id"])
        _check_input(component["component"])
    assert len(set(names)) == len(names)


def _check_input(given):
    assert 1 <= size(given["custom_id"]) <= 100
    if given["type"] == 4:
        assert 1 <= given["max_length"] <= 4000
        assert size(given.get("value") or "") <= given["max_length"]
        assert size(given.get("placeholder") or "") <= 100
        return
    assert given["min_values"] <= given["max_values"] <= 25
    assert given["required"] is bool(given["min_values"])
    if given["type"] == 3:
        assert 1 <= len(given["options"]) <= 25
        assert all(1 <= size(option["label"]) <= 100 for option in given["options"])
        assert all(1 <= size(option["value"]) <= 100 for option in given["options"])
        assert len({option["value"] for option in given["options"]}) == len(given["options"])
        assert sum(option["default"] for option in given["options"]) <= given["max_values"]


def check_command(command):
    """Assert that a root command keeps to every limit, and to 8,000 characters in all."""
    assert _weight(command) <= 8000
    _check_option(command, deep=0)


def _check_option(option, deep):
    assert re.fullmatch(r"[-_'\w]{1,32}", option["name"])
    assert option["name"] == option["name"].lower()
    assert 1 <= len(option["description"]) <= 100
    inside = option.get("options", [])
    assert len(inside) <= 25
    assert len({entry["name"] for entry in inside}) == len(inside)
    needed = [entry.get("required", False) for entry in inside]
    assert needed == sorted(needed, reverse=True)
    assert len(option.get("choices") or []) <= 25
    assert not (option.get("choices") and option.get("autocomplete"))
    for choice in option.get("choices") or []:
        assert 1 <= len(choice["name"]) <= 100
        assert 1 <= len(choice["value"]) <= 100
    for entry in inside:
        assert deep < 2 or entry["type"] > 2
        _check_option(entry, deep + 1)


def _weight(option):
    own = len(option["name"]) + len(option["description"])
    own += sum(len(choice["name"]) + len(choice["value"]) for choice in option.get("choices") or [])
    return own + sum(_weight(entry) for entry in option.get("options") or [])
