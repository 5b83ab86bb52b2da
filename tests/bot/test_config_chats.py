"""Slack and Discord in the configuration: what each way of connecting needs, and where secrets come from."""

import pytest

from bot.config import ConfigProblems, Settings, load
from bot.discord.settings import Discord
from bot.slack.settings import Slack

BOT = "xoxb-123456789012-canarycanary"
FILED = "xoxb-of-the-file"
APP = "xapp-1-A0123-456-canarycanary"
SIGNING = "8f742231b10e8888abcd99canary85a5"
CLIENT = "canary-of-a-client-secret"
KEY = "u4dTqKUWqDzeGcHQ5QoEOgAZ1Ahfbgh2OCwSRbUbbVY="
OTHER_KEY = "5jHzq3Ns1xUAeKGOzcOyTMdBAbpWpqmTFAChVHTUBWU="
DISCORD = "a-token-of-discord.canary"
SOCKET = {"HALQA_SLACK_BOT_TOKEN": BOT, "HALQA_SLACK_APP_TOKEN": APP}
SIGNED = {"HALQA_SLACK_BOT_TOKEN": BOT, "HALQA_SLACK_SIGNING_SECRET": SIGNING}
MANY = {
    "HALQA_SLACK_SIGNING_SECRET": SIGNING,
    "HALQA_SLACK_CLIENT_SECRET": CLIENT,
    "HALQA_SLACK_CLIENT_ID": "12.34",
    "HALQA_KEYS": f"{KEY}, {OTHER_KEY}",
}
SECRETS = (BOT, APP, SIGNING, CLIENT, KEY, OTHER_KEY, DISCORD)


def read(folder, words: str, env: dict[str, str] | None = None, **more) -> Settings:
    (folder / "config.toml").write_text(words, "utf-8")
    return load(folder / "config.toml", env or {}, **more)


def problems(folder, words: str, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigProblems) as caught:
        read(folder, words, env)
    assert not any(secret in str(caught.value) for secret in SECRETS)
    return list(caught.value.problems)


def test_socket_mode_needs_two_tokens_and_nothing_else(tmp_path):
    settings = read(tmp_path, "[slack]\n", SOCKET)
    assert settings.slack == Slack(bot_token=BOT, app_token=APP)
    assert settings.slack.api == "https://slack.com/api/"
    assert (settings.local, settings.discord) == (None, None)


def test_signed_requests_of_one_workspace_need_its_token_and_the_signing_secret(tmp_path):
    words = "[slack]\nconnect = 'http'\napi = 'http://127.0.0.1:9000/api'\nlisten = '0.0.0.0'\nport = 8080\n"
    assert read(tmp_path, words, SIGNED).slack == Slack(
        connect="http",
        api="http://127.0.0.1:9000/api/",
        bot_token=BOT,
        signing_secret=SIGNING,
        listen="0.0.0.0",  # noqa: S104 - read, not listened on
        port=8080,
    )


def test_many_workspaces_need_a_client_keys_and_an_address(tmp_path):
    words = "[slack]\nconnect = 'http'\naddress = 'https://halqa.example.org/'\n"
    slack = read(tmp_path, words, MANY).slack
    assert slack.keys == (KEY, OTHER_KEY)
    assert (slack.client_id, slack.client_secret, slack.signing_secret) == ("12.34", CLIENT, SIGNING)
    assert slack.address == "https://halqa.example.org"
    assert slack.serves_many


def test_secrets_come_from_files_too_and_the_environment_comes_first(tmp_path):
    for name, secret in {"bot": FILED, "app": APP, "discord": DISCORD}.items():
        (tmp_path / name).write_text(f"{secret}\n", "utf-8")
    words = "[slack]\nbot_token_file = 'bot'\napp_token_file = 'app'\n[discord]\ntoken_file = 'discord'\n"
    settings = read(tmp_path, words)
    assert settings.slack == Slack(bot_token=FILED, app_token=APP)
    assert settings.discord == Discord(token=DISCORD)
    assert read(tmp_path, words, {"HALQA_SLACK_BOT_TOKEN": BOT}).slack.bot_token == BOT
    # A name that any other program may have set is less than a file that was named for us.
    assert read(tmp_path, words, {"SLACK_BOT_TOKEN": BOT}).slack.bot_token == FILED


def test_the_names_of_the_platforms_own_guides_are_understood(tmp_path):
    env = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "DISCORD_TOKEN": DISCORD}
    settings = read(tmp_path, "[slack]\n[discord]\n", env)
    assert (settings.slack, settings.discord) == (Slack(bot_token=BOT, app_token=APP), Discord(token=DISCORD))
    env = {"SLACK_SIGNING_SECRET": SIGNING, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": CLIENT, "HALQA_KEYS": KEY}
    slack = read(tmp_path, "[slack]\nconnect = 'http'\naddress = 'https://h.example.org'\n", env).slack
    assert (slack.signing_secret, slack.client_id, slack.client_secret) == (SIGNING, "1.2", CLIENT)


def test_a_token_that_lies_about_does_not_turn_a_chat_on(tmp_path):
    env = {**SOCKET, "SLACK_BOT_TOKEN": BOT, "DISCORD_TOKEN": DISCORD}
    settings = read(tmp_path, "[local]\n", env)
    assert (settings.slack, settings.discord) == (None, None)
    off = read(tmp_path, "[local]\n[slack]\nenabled = false\nport = 3000\n[discord]\nenabled = false\n", env)
    assert (off.slack, off.discord) == (None, None)


def test_a_page_slack_and_discord_go_together(tmp_path):
    settings = read(tmp_path, "[local]\n[slack]\n[discord]\n", {**SOCKET, "HALQA_DISCORD_TOKEN": DISCORD})
    assert None not in (settings.local, settings.slack, settings.discord)


def test_discord_says_where_it_is_and_how_many_connections_it_takes(tmp_path):
    words = "[discord]\napi = 'http://127.0.0.1:7000/api/v10/'\ngateway = 'ws://127.0.0.1:7000/gateway'\nshards = 2\n"
    words += "application_id = '42'\nsync = false\n"
    assert read(tmp_path, words, {"HALQA_DISCORD_TOKEN": DISCORD}).discord == Discord(
        DISCORD, "http://127.0.0.1:7000/api/v10", "ws://127.0.0.1:7000/gateway", 2, "42", sync=False
    )


def test_the_environment_alone_is_enough_where_there_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(None, {**SOCKET, "HALQA_DATABASE": "kept/halqa.db", "HALQA_SLACK_API": "http://127.0.0.1:9/api"})
    assert settings.slack == Slack(bot_token=BOT, app_token=APP, api="http://127.0.0.1:9/api/")
    assert settings.database == str(tmp_path / "kept/halqa.db")
    assert (settings.local, settings.discord) == (None, None)
    assert load(None, {"DISCORD_TOKEN": DISCORD, "HALQA_DISCORD_SHARDS": "3"}).discord == Discord(DISCORD, shards=3)
    many = load(None, {**MANY, "HALQA_SLACK_CONNECT": "http", "HALQA_SLACK_ADDRESS": "https://h.example.org"}).slack
    assert many.serves_many
    with pytest.raises(ConfigProblems, match="there is no such file"):
        load(None, {})
    with pytest.raises(ConfigProblems, match="there is no such file"):
        load(tmp_path / "confog.toml", SOCKET)


def test_a_file_that_is_there_is_read_also_when_none_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[local]\nport = 9000\n", "utf-8")
    settings = load(None, SOCKET)
    assert settings.local.port == 9000
    assert settings.slack is None


def test_who_only_looks_at_the_database_needs_no_tokens(tmp_path, monkeypatch):
    settings = read(tmp_path, "[store]\ndatabase = 'a.db'\n[slack]\n", is_speaking=False)
    assert settings.database == str(tmp_path / "a.db")
    assert read(tmp_path, "", is_speaking=False).local is None
    with pytest.raises(ConfigProblems, match=r"\[slack\] connect"):
        read(tmp_path, "[slack]\nconnect = 'pigeon'\n", is_speaking=False)
    monkeypatch.chdir(tmp_path / "..")
    assert load(None, {"HALQA_DATABASE": "b.db"}, is_speaking=False).database.endswith("b.db")


def test_no_secret_is_in_the_words_for_settings(tmp_path):
    words = "[slack]\nconnect = 'http'\naddress = 'https://halqa.example.org'\n[discord]\n"
    settings = read(tmp_path, words, {**SOCKET, **MANY, "HALQA_DISCORD_TOKEN": DISCORD})
    assert settings.slack.bot_token == BOT
    assert not any(secret in repr(settings) for secret in SECRETS)


HTTP = "[slack]\nconnect = 'http'\n"
AT = "address = 'https://halqa.example.org'\n"
REFUSED = [
    ("[slack]\n", {}, ["[slack] bot_token: it is missing", "[slack] app_token: it is missing"]),
    (HTTP, {}, ["[slack] bot_token: it is missing", "[slack] signing_secret: it is missing"]),
    (
        f"{HTTP}client_id = '1.2'",
        {},
        [
            "[slack] address: it is missing; people install from there",
            "[slack] client_secret: it is missing; put the Client Secret, from Basic Information, into HALQA_SLACK_CL",
            "[slack] signing_secret: it is missing",
            "[slack] keys: it is missing; put a key of your own, which `halqa key` makes, into HALQA_KEYS",
        ],
    ),
    (
        HTTP + AT,
        {**MANY, "HALQA_SLACK_CLIENT_ID": " "},
        ["client_id (HALQA_SLACK_CLIENT_ID): it is empty", "client_id"],
    ),
    ("[slack]\nclient_id = '1.2'", SOCKET, ['[slack] client_id: installing it in many workspaces needs connect = "ht']),
    ("[slack]\nconnect = 'sockets'", SOCKET, ["[slack] connect: it is one of socket, http; did you mean socket?"]),
    (
        "[slack]\n",
        {"HALQA_SLACK_BOT_TOKEN": APP, "HALQA_SLACK_APP_TOKEN": BOT},
        [
            "& Permissions. Are the two swapped?",
            "[slack] app_token: this is a bot token; here belongs an app-level token",
        ],
    ),
    (
        "[slack]\n",
        {**SOCKET, "HALQA_SLACK_BOT_TOKEN": "xoxp-1-canary"},
        ["bot_token: this is a user token; it acts in"],
    ),
    ("[slack]\n", {**SOCKET, "HALQA_SLACK_BOT_TOKEN": "xoxe-1-canary"}, ["bot_token: this is a refresh token"]),
    ("[slack]\n", {**SOCKET, "HALQA_SLACK_BOT_TOKEN": "canary"}, ["bot_token: this is no such token"]),
    ("[slack]\n", {**SOCKET, "HALQA_SLACK_BOT_TOKEN": "xoxb-1 2"}, ["bot_token: a token has no spaces"]),
    ("[slack]\n", {**SOCKET, "HALQA_SLACK_BOT_TOKEN": "xoxb-é"}, ["bot_token: a token has no spaces and no accents"]),
    (
        "[slack]\n",
        {**SOCKET, "HALQA_SLACK_BOT_TOKEN": " "},
        ["the environment variable HALQA_SLACK_BOT_TOKEN is empty"],
    ),
    ("[slack]\nbot_token_file = 'no'", {"SLACK_APP_TOKEN": APP}, ["[slack] bot_token_file: the file"]),
    ("[slack]\nbottoken_file = 'no'", SOCKET, ["bottoken_file: there is no such key; did you mean bot_token_file?"]),
    (f"[slack]\nbot_token = '{BOT}'", SOCKET, ["[slack] bot_token: a secret does not belong in this file"]),
    (f"[slack]\nkeys = '{KEY}'", SOCKET, ["[slack] keys: a secret does not belong in this file"]),
    (f"[slack]\nsigning_secret = '{SIGNING}'", SOCKET, ["[slack] signing_secret: a secret does not belong"]),
    (f"[discord]\ntoken = '{DISCORD}'", {"DISCORD_TOKEN": DISCORD}, ["[discord] token: a secret does not belong"]),
    (
        HTTP,
        {**SIGNED, "HALQA_SLACK_SIGNING_SECRET": BOT},
        ["[slack] signing_secret: this is a token; here belongs the"],
    ),
    (
        f"{HTTP}client_id = '{BOT}'\n{AT}",
        {k: v for k, v in MANY.items() if "ID" not in k},
        ["client_id: this is a tok"],
    ),
    (HTTP + AT, {**MANY, "HALQA_KEYS": f"{KEY},canary"}, ["[slack] keys: keys are needed, with a comma between, and"]),
    (
        HTTP + AT,
        {**MANY, "HALQA_KEYS": ","},
        ["[slack] keys: keys are needed, with a comma between, and there is none"],
    ),
    ("[slack]\napi = 'slack.com/api'", SOCKET, ["[slack] api: an address that begins with https:// or http:// is nee"]),
    ("[slack]\napi = 'ftp://slack.com/'", SOCKET, ["[slack] api: an address that begins with"]),
    ("[slack]\napi = 'https://'", SOCKET, ["[slack] api: an address"]),
    ("[slack]\napi = 'https://slack.com:x/'", SOCKET, ["[slack] api: an address"]),
    ("[slack]\napi = 'https://[slack/'", SOCKET, ["[slack] api: an address"]),
    ("[slack]\napi = 'https://slack.com/api/?a=b'", SOCKET, ["[slack] api: an address"]),
    ("[slack]\napi = 'https://ada:canary@slack.com/'", SOCKET, ["[slack] api: a name or a password does not belong"]),
    (f"{HTTP}address = 'http://halqa.example.org'", SIGNED, ["[slack] address: an address that begins with https://"]),
    ("[slack]\nauthorize = 'slack'", SOCKET, ["[slack] authorize: an address"]),
    ("[slack]\nlisten = 'this machine'", SOCKET, ["[slack] listen: the name or number of this machine is needed"]),
    (f"{HTTP}port = 0", SIGNED, ["[slack] port: 0 is no port"]),
    (f"{HTTP}port = '80'", SIGNED, ["[slack] port: a whole number is needed here"]),
    (f"{HTTP}port = 8765\n[local]", SIGNED, ["[slack] port: 8765 is the port of [local] already; write another one"]),
    (
        "[slack]\n",
        {**SOCKET, "HALQA_SLACK_PORT": "many"},
        ["[slack] port (HALQA_SLACK_PORT): a whole number is needed"],
    ),
    ("[slack]\n", {**SOCKET, "HALQA_SLACK_API": "canary"}, ["[slack] api: an address"]),
    ("[discord]\n", {"HALQA_DISCORD_TOKEN": f"Bot {DISCORD}"}, ["[discord] token: leave the first word out"]),
    ("[discord]\n", {"HALQA_DISCORD_TOKEN": BOT}, ["[discord] token: this is a token of Slack"]),
    ("[discord]\n", {"HALQA_DISCORD_TOKEN": "can ary"}, ["[discord] token: a token has no spaces"]),
    ("[discord]\nshards = -1", {"DISCORD_TOKEN": DISCORD}, ["[discord] shards: a number from 0 to 1000"]),
    ("[discord]\napplication_id = 'me'", {"DISCORD_TOKEN": DISCORD}, ["[discord] application_id: it has digits only"]),
    (
        "[discord]\ngateway = 'https://x'",
        {"DISCORD_TOKEN": DISCORD},
        ["[discord] gateway: an address that begins with w"],
    ),
    ("[discord]\nsync = 1", {"DISCORD_TOKEN": DISCORD}, ["[discord] sync: true or false is needed here"]),
    (
        "[discord]\n",
        {"DISCORD_TOKEN": DISCORD, "HALQA_DISCORD_SYNC": "maybe"},
        ["[discord] sync (HALQA_DISCORD_SYNC): tr"],
    ),
]


@pytest.mark.parametrize(("words", "env", "said"), REFUSED)
def test_what_a_chat_lacks_is_said_at_once_and_no_secret_is_repeated(tmp_path, words, env, said):
    found = problems(tmp_path, words, env)
    assert len(found) == len(said), found
    for problem, expected in zip(found, said, strict=True):
        assert expected in problem, found
    assert not any("canary" in problem for problem in found)
