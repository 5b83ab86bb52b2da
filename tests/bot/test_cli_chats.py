"""The operator's command line for Slack and Discord: the manifest, a key, and looking before leaping."""

import json

import pytest
import yaml
from operator_desk import ROSTER, start
from test_cli import PASSWORD

from bot.slack.scopes import SCOPES

BOT = "xoxb-1-canary"
APP = "xapp-1-A1-canary"


def test_the_manifest_of_slack_is_printed_without_any_configuration(halqa):
    code, shown, err = halqa("manifest", "slack")
    assert (code, err) == (0, "")
    assert halqa("manifest", "slack", "--yaml")[1] == shown
    body = json.loads(halqa("manifest", "slack", "--json")[1])
    assert yaml.safe_load(shown) == body
    assert body["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    signed = halqa("manifest", "slack", "--address", "https://halqa.example.org/")[1]
    assert (
        yaml.safe_load(signed)["settings"]["interactivity"]["request_url"] == "https://halqa.example.org/slack/events"
    )
    assert "| `groups:write` | " in halqa("manifest", "slack", "--scopes")[1]


def test_the_invitation_to_discord_is_printed_with_and_without_a_configuration(halqa, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    code, shown, err = halqa("manifest", "discord")
    assert (code, err) == (0, "")
    assert "https://discord.com/oauth2/authorize" in shown
    assert "client_id=42&" in halqa("manifest", "discord", "--application", "42")[1]
    (folder / "config.toml").write_text("[discord]\napplication_id = '43'\n", "utf-8")
    assert "client_id=43&" in halqa("manifest", "discord", "--config", str(folder / "config.toml"))[1]
    assert halqa("manifest", "discord", "--config", str(folder / "none.toml"))[0] == 1
    assert halqa("manifest", "discord", "--application", "me")[0] == 2


def test_each_key_is_a_new_one_and_is_taken(halqa, folder, monkeypatch):
    keys = [halqa("key")[1].strip() for _ in range(2)]
    assert keys[0] != keys[1]
    words = "[slack]\nconnect = 'http'\nclient_id = '1.2'\naddress = 'https://halqa.example.org'\n"
    (folder / "config.toml").write_text(words, "utf-8")
    monkeypatch.setenv("HALQA_KEYS", ",".join(keys))
    _code, _out, err = halqa("check")
    assert "[slack] client_secret" in err
    assert "[slack] keys" not in err


@pytest.fixture
def closed_port(unused_tcp_port):
    return f"http://127.0.0.1:{unused_tcp_port}/api/"


def test_check_goes_on_to_slack_and_says_everything_else_too(halqa, folder, monkeypatch, closed_port):
    (folder / "config.toml").write_text(f"[local]\n[slack]\napi = '{closed_port}'\n", "utf-8")
    monkeypatch.setenv("HALQA_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("HALQA_SLACK_APP_TOKEN", APP)
    code, out, err = halqa("check")
    assert code == 1
    for said in ("in order", "up to date", "prompts: ", "time zones: known"):
        assert said in out
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "  !!  Slack, app-level token",
        "  !!  Slack, bot token",
    ]
    assert "canary" not in out + err


@pytest.mark.parametrize(("place", "said"), [("bad.db", "is not a database"), ("none/a.db", "There is no folder")])
def test_check_looks_at_slack_also_where_the_database_can_not_be_used(
    halqa, folder, monkeypatch, closed_port, place, said
):
    words = f"[store]\ndatabase = '{place}'\n[slack]\napi = '{closed_port}'\n"
    (folder / "config.toml").write_text(words, "utf-8")
    (folder / "bad.db").write_bytes(b"PNG and so on, for long enough")
    monkeypatch.setenv("HALQA_SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("HALQA_SLACK_APP_TOKEN", APP)
    code, _out, err = halqa("check")
    assert code == 1
    assert said in err
    assert "Slack, bot token: Slack can't be reached" in err


def test_the_database_is_looked_after_without_tokens_at_hand(halqa, folder):
    (folder / "config.toml").write_text("[slack]\n[discord]\n", "utf-8")
    (folder / "roster.csv").write_bytes(ROSTER)
    assert halqa("migrate")[0] == 0
    assert "There is no programme yet" in halqa("schedule")[2]
    to_physics = ("--programme", "physics", "--platform", "slack", "--workspace", "T1")
    assert (
        "There is no programme physics in the workspace T1 (slack)"
        in halqa("import", str(folder / "roster.csv"), *to_physics)[2]
    )
    code, _out, err = halqa("run")
    assert code == 1
    assert "[slack] bot_token: it is missing" in err
    assert "[discord] token: it is missing" in err


def test_without_a_file_the_environment_says_what_to_do(tmp_path):
    quiet = {"HALQA_SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN": "", "HALQA_DATABASE": "kept.db"}
    process = start("run", folder=tmp_path, **quiet)
    out, _err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "config.toml: there is no such file" in out
    process = start("migrate", folder=tmp_path, **quiet)
    out, _err = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert (tmp_path / "kept.db").exists()
    process = start(
        "run", folder=tmp_path, **{**quiet, "HALQA_SLACK_BOT_TOKEN": BOT, "HALQA_SLACK_SIGNING_SECRET": PASSWORD}
    )
    out, _err = process.communicate(timeout=60)
    assert "[slack] app_token: it is missing" in out
    assert BOT not in out
    assert PASSWORD not in out
