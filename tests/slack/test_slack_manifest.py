"""The manifest of the app on Slack: from the table of commands, with the least scopes, the same in YAML and JSON."""

import json
from pathlib import Path

import pytest
import yaml

from bot.slack import server
from bot.slack.manifest import EVENTS_PATH, REDIRECT_PATH, as_json, as_yaml, manifest, roots, scopes_table
from bot.slack.scopes import EVENTS, SCOPES

GOLDEN = Path(__file__).parents[1] / "golden"
ADDRESS = "https://halqa.example.org"


def words_in(body: object) -> list[str]:
    """Every text anywhere in a manifest."""
    if isinstance(body, dict):
        return [word for inner in body.values() for word in words_in(inner)]
    if isinstance(body, list):
        return [word for inner in body for word in words_in(inner)]
    return [body] if isinstance(body, str) else []


def test_the_manifest_for_socket_mode_is_as_it_was_looked_at():
    assert as_yaml(manifest()) == (GOLDEN / "slack_manifest.yaml").read_text("utf-8")
    assert as_json(manifest()) == (GOLDEN / "slack_manifest.json").read_text("utf-8")


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_yaml_says_the_same_as_the_json(address):
    body = manifest(address)
    assert yaml.safe_load(as_yaml(body)) == json.loads(as_json(body)) == body


def test_socket_mode_names_no_address_and_signed_requests_name_it_wherever_slack_sends():
    assert not any("http" in word for word in words_in(manifest()))
    assert manifest()["settings"]["socket_mode_enabled"] is True
    body = manifest(f"{ADDRESS}/")
    assert body["settings"]["socket_mode_enabled"] is False
    assert {command["url"] for command in body["features"]["slash_commands"]} == {f"{ADDRESS}/slack/events"}
    assert body["settings"]["event_subscriptions"]["request_url"] == f"{ADDRESS}/slack/events"
    assert body["settings"]["interactivity"]["request_url"] == f"{ADDRESS}/slack/events"
    assert body["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]


def test_the_addresses_in_the_manifest_are_those_that_are_served():
    assert (EVENTS_PATH, REDIRECT_PATH) == (server.EVENTS, server.REDIRECT)


def test_every_root_of_the_table_of_commands_is_a_slash_command_with_people_as_ids():
    commands = manifest()["features"]["slash_commands"]
    assert [command["command"] for command in commands] == [f"/{root}" for root in roots()] == ["/circle", "/programme"]
    assert all(command["should_escape"] for command in commands)
    assert commands[0]["usage_hint"].startswith("[join, status, profile, ")
    assert "step" not in commands[0]["usage_hint"]  # what only a button reaches is not typed


def test_nothing_is_longer_than_slack_takes():
    body = manifest(ADDRESS)
    shown = body["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    for shortcut in body["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in body["features"]["slash_commands"]:
        assert len(command["description"]) <= 100
        assert len(command["usage_hint"]) <= 100


def test_no_scope_lets_it_read_what_people_write():
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    assert asked == list(SCOPES)
    assert "user" not in manifest()["oauth_config"]["scopes"]
    assert [scope for scope in asked if "history" in scope or "metadata" in scope or scope.startswith("channels")] == []
    assert [event for event in manifest()["settings"]["event_subscriptions"]["bot_events"] if "message" in event] == []


def test_each_scope_and_each_event_says_what_it_is_for():
    text = as_yaml(manifest())
    for name, why in {**SCOPES, **EVENTS}.items():
        assert f'- "{name}"  # {why}\n' in text
    rows = scopes_table().splitlines()
    assert rows[:3] == ["| scope | what for |", "| --- | --- |", f"| `commands` | {SCOPES['commands']} |"]
    assert len(rows) == 2 + len(SCOPES) + 1
    assert "connections:write" in rows[-1]


def test_text_that_yaml_would_take_for_something_else_stays_text():
    body = {
        "a": "yes",
        "b": ["no", "1.5", "# none", 'a "quoted" one\n', "é — ☕"],
        "c": True,
        "d": [{"e": "x", "f": ["y"]}],
    }
    assert yaml.safe_load(as_yaml(body)) == body
