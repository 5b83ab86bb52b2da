"""The configuration is read whole or refused whole, with a sentence for everything to mend."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import KEYS, ConfigProblems, Local, Settings, load
from bot.reading import SecretUnreadable, secret

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
PASSWORD = "correct-horse-battery"  # noqa: S105 - a canary
SLACK = "xoxb-123456789012-canarycanary"
APP = "xapp-1-A0123-456-canarycanary"
KEY = "u4dTqKUWqDzeGcHQ5QoEOgAZ1Ahfbgh2OCwSRbUbbVY="
# What no file holds, for an example in which everything is taken in.
SECRETS = {
    "HALQA_SLACK_BOT_TOKEN": SLACK,
    "HALQA_SLACK_APP_TOKEN": APP,
    "HALQA_SLACK_SIGNING_SECRET": PASSWORD,
    "HALQA_SLACK_CLIENT_SECRET": PASSWORD,
    "HALQA_KEYS": KEY,
    "HALQA_DISCORD_TOKEN": PASSWORD,
}


def written(folder: Path, words: str | bytes) -> Path:
    file = folder / "config.toml"
    file.write_bytes(words if isinstance(words, bytes) else words.encode())
    return file


def problems(folder: Path, words: str | bytes, env: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigProblems) as caught:
        load(written(folder, words), env or {})
    return caught.value.problems


def test_the_example_is_in_order_and_its_paths_are_beside_it():
    folder = EXAMPLE.parent
    assert load(EXAMPLE, {}) == Settings(
        database=str(folder / "halqa.db"),
        backups=None,
        local=Local(8765, "local", "local", folder / "local.jsonl"),
        log_level="info",
    )


def test_every_line_of_the_example_that_is_commented_out_can_be_taken_in(tmp_path):
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and " = " in line.partition("#")[2].split('"')[0] else line
        for line in EXAMPLE.read_text("utf-8").splitlines()
        if "_file =" not in line
    ]
    words = "\n".join(lines).replace("enabled = false", "enabled = true")
    settings = load(written(tmp_path, words), SECRETS)
    assert settings.backups == tmp_path / "backups"
    assert settings.local == Local(8765, "local", "local", tmp_path / "local.jsonl")
    assert settings.slack.connect == "http"
    assert settings.slack.address == "https://halqa.example.org"
    assert settings.discord.application_id == "123456789012345678"
    for keys in KEYS.values():
        for key in keys:
            assert f"{key} = " in EXAMPLE.read_text("utf-8")


def test_everything_that_can_be_said_is_taken(tmp_path):
    words = """
        [store]
        database = "data/circle.db"
        backups = "/var/backups/halqa"
        [local]
        enabled = true
        port = 9000
        workspace = "lab-1"
        name = "Our lab"
        journal = "said.jsonl"
        [log]
        level = "DEBUG"
    """
    assert load(written(tmp_path, words), {}) == Settings(
        database=str(tmp_path / "data/circle.db"),
        backups=Path("/var/backups/halqa"),
        local=Local(9000, "lab-1", "Our lab", tmp_path / "said.jsonl"),
        log_level="debug",
    )


def test_a_byte_order_mark_from_an_editor_does_no_harm(tmp_path):
    assert load(written(tmp_path, b"\xef\xbb\xbf[local]\nenabled = true\n"), {}).local is not None


def test_the_environment_names_the_database_before_the_file_does(tmp_path):
    address = f"postgresql://ada:{PASSWORD}@db.example.org/halqa"
    settings = load(written(tmp_path, '[store]\ndatabase = "a.db"\n[local]\n'), {"HALQA_DATABASE": address})
    assert settings.database == address
    assert PASSWORD not in repr(settings)


def test_a_file_may_hold_the_database_address(tmp_path):
    (tmp_path / "address").write_text(f"postgresql://ada:{PASSWORD}@/halqa\n", "utf-8")
    settings = load(written(tmp_path, '[store]\ndatabase_file = "address"\n[local]\n'), {})
    assert settings.database == f"postgresql://ada:{PASSWORD}@/halqa"


def test_a_home_folder_is_found(tmp_path):
    settings = load(written(tmp_path, '[store]\ndatabase = "~/halqa.db"\n[local]\n'), {})
    assert settings.database == str(Path.home() / "halqa.db")


BROKEN = [
    ("", "[local] enabled: there is no chat to speak on; write enabled = true under [local]"),
    ("[local]\nenabled = false", "[local] enabled: there is no chat"),
    (
        "[slack]\nenabled = false",
        "[local] enabled: there is no chat to speak on; write enabled = true under [local], or",
    ),
    ("[local]\nprot = 8765", "[local] prot: there is no such key; did you mean port?"),
    ("[local]\nzzz = 1", "[local] zzz: there is no such key; there are enabled, port, workspace, name, journal"),
    ("[local]\ndatabase = 'a.db'", "[local] database: this key belongs under [store]"),
    ("[locla]\nport = 1", "[locla]: there is no such section; did you mean local?"),
    ("[weather]\nrain = 1", "[weather]: there is no such section; there are store, local, slack, discord, log"),
    ("port = 8765", "port: it stands outside of every section; write it below a line [local]"),
    (
        "databse = 'a.db'\n[local]",
        "databse: it stands outside of every section; did you mean database? Write that below a line [store]",
    ),
    ("colour = 'red'", "colour: it stands outside of every section; there is no such key"),
    ("store = 'a.db'\n[local]", "[store]: this is a section; write [store] on a line of its own"),
    ("[[local]]\nport = 1", "[local]: this is a section"),
    ("[local]\nport = '8765'", "[local] port: a whole number is needed here; write port = 8765"),
    ("[local]\nport = true", "[local] port: a whole number is needed here"),
    ("[local]\nport = 8765.0", "[local] port: a whole number is needed here"),
    ("[local]\nport = 0", "[local] port: 0 is no port; write a number from 1 to 65535"),
    ("[local]\nport = 65536", "[local] port: 65536 is no port"),
    ("[local]\nport = -1", "[local] port: -1 is no port"),
    ("[local]\nenabled = 'yes'", "[local] enabled: true or false is needed here; write enabled = true"),
    ("[local]\nenabled = 1", "[local] enabled: true or false is needed here"),
    ("[local]\nworkspace = 'Our lab'", "[local] workspace: small letters, digits, - and _ only"),
    ("[local]\nworkspace = ''", "[local] workspace: it is empty"),
    (f"[local]\nname = '{'n' * 81}'", "[local] name: a name has at most 80 characters"),
    ("[local]\njournal = ['a']", "[local] journal: text in quotes is needed here"),
    ("[local]\n[store]\ndatabase = 5", "[store] database: text in quotes is needed here"),
    ("[local]\n[store]\ndatabase = ''", "[store] database: it is empty"),
    ("[local]\n[store]\ndatabase = ':memory:'", "[store] database: Halqa keeps its data in a file"),
    ("[local]\n[store]\ndatabase = 'mysql://h/d'", "[store] database: Halqa keeps its data in a file"),
    ("[local]\n[store]\ndatabase = 'postgres://h/d'", '"postgresql://user@host/database"'),
    ("[local]\n[store]\ndatabase = 'postgresql://h'", "[store] database: Halqa keeps its data in a file"),
    ("[local]\n[store]\ndatabase = 'postgresql://h:x/d'", "[store] database: Halqa keeps its data in a file"),
    (f"[local]\n[store]\ndatabase = 'postgresql://ada:{PASSWORD}@h/d'", "a password does not belong in this file"),
    (f"[local]\n[store]\ndatabase = 'postgresql://h/d?password={PASSWORD}'", "a password does not belong in this file"),
    ("[local]\n[store]\ndatabase = 'a'\ndatabase_file = 'b'", "the database is named twice"),
    ("[local]\n[store]\ndatabase_file = 'missing'", "[store] database_file: the file"),
    ("[local]\n[log]\nlevel = 'inof'", "[log] level: it is one of debug, info, warning, error; did you mean info?"),
    ("[local]\n[log]\nlevel = 3", "[log] level: text in quotes is needed here"),
    (f"[local]\n[log]\nlevel = '{SLACK}'", "[log] level: it is one of"),
    (f"[local]\n['{SLACK}']", "there is no such section"),
    ("[local]\n[slack]\n", "[slack] bot_token: it is missing; put the Bot User OAuth Token (xoxb-), from OAuth"),
    ("[local]\n[slack]\n", "[slack] app_token: it is missing; put an app-level token (xapp-) with connections:write"),
    ("[local]\n[discord]\n", "[discord] token: it is missing; put the bot's token, from the page Bot of"),
    ("[local]\n[discord]\nguild = '1'", "[discord] guild: there is no such key"),
    ("slack = true\n[local]", "[slack]: this is a section; write [slack] on a line of its own"),
    (f"[local]\napi_key = '{PASSWORD}'", "[local] api_key: a secret does not belong in this file"),
    ("[local]\nport = 1\nport = 2", "this is not TOML: Cannot overwrite a value (at "),
    ("[local]\nport = \n", "(at line 2"),
    ("[local\n", "(at line 1"),
    (b"[local]\nname = 'caf\xe9'", "line 2 is not UTF-8; save the file with the encoding UTF-8"),
    ("[local]\n".encode("utf-16"), "line 1 is not UTF-8"),
]


@pytest.mark.parametrize(("words", "said"), BROKEN)
def test_a_broken_configuration_is_answered_with_what_to_write_instead(tmp_path, words, said):
    found = problems(tmp_path, words)
    assert any(said in problem for problem in found), found
    assert len(found) <= 2
    assert PASSWORD not in str(found)
    assert SLACK not in str(found)


def test_all_problems_come_at_once_and_the_database_is_still_known(tmp_path):
    words = "[store]\ndatabase = 'a.db'\n[local]\nport = 0\nnaem = 'x'\n[log]\nlevel = 'loud'\n[slack]\n[discord]\n"
    with pytest.raises(ConfigProblems) as caught:
        load(written(tmp_path, words), {})
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "[local] naem",
        "[local] port",
        "[slack] bot_token",
        "[slack] app_token",
        "[discord] token",
        "[log] level",
    ]
    assert caught.value.database == str(tmp_path / "a.db")
    assert str(caught.value).count("\n") == 5


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(ConfigProblems, match=r"there is no such file; copy config\.example\.toml there"):
        load(tmp_path / "config.toml", {})


def test_a_folder_is_not_a_configuration(tmp_path):
    with pytest.raises(ConfigProblems, match="this is a folder"):
        load(tmp_path, {})


def test_a_file_below_a_file_can_not_be_read(tmp_path):
    file = written(tmp_path, "[local]\n")
    with pytest.raises(ConfigProblems, match="it can't be read"):
        load(file / "config.toml", {})


def test_an_empty_address_in_the_environment_is_a_problem_and_not_a_new_database(tmp_path):
    assert "HALQA_DATABASE is empty" in problems(tmp_path, "[local]\n", {"HALQA_DATABASE": " "})[0]


def test_a_bad_address_in_the_environment_is_laid_to_the_environment(tmp_path):
    found = problems(tmp_path, "[local]\n", {"HALQA_DATABASE": f"mysql://ada:{PASSWORD}@h/d"})
    assert found[0].startswith("[store] database (HALQA_DATABASE): ")
    assert PASSWORD not in found[0]


values = st.one_of(st.text(max_size=12), st.integers(), st.booleans(), st.floats(), st.just([]), st.just({}))
TOML_KEYS = st.text("abcdefghijklmnopqrstuvwxyz_-", min_size=1, max_size=10)


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08X}" for c in value) + '"'
    return "{}" if value == {} else repr(value)


@given(
    st.dictionaries(
        st.sampled_from([*KEYS]) | TOML_KEYS,
        st.dictionaries(st.sampled_from([k for keys in KEYS.values() for k in keys]) | TOML_KEYS, values, max_size=4),
        max_size=4,
    )
)
def test_whatever_is_written_ends_as_settings_or_as_sentences(tmp_path_factory, body):
    lines = [
        line for name, keys in body.items() for line in (f"[{name}]", *(f"{k} = {as_toml(v)}" for k, v in keys.items()))
    ]
    file = written(tmp_path_factory.mktemp("any"), "\n".join(lines))
    try:
        settings, refused = load(file, {}), ()
    except ConfigProblems as problems:
        settings, refused = None, problems.problems
    assert all(len(problem) > 20 for problem in refused)
    assert refused or (settings.local and 1 <= settings.local.port <= 65535)


def test_a_secret_comes_from_the_environment_first(tmp_path):
    (tmp_path / "token").write_text("from-file\n", "utf-8")
    assert secret("HALQA_TOKEN", {"HALQA_TOKEN": " from-env\n"}, tmp_path / "token") == "from-env"
    assert secret("HALQA_TOKEN", {}, tmp_path / "token") == "from-file"
    assert secret("HALQA_TOKEN", {}, None) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "must hold the secret alone, on one line"),
        (b" \n", "must hold the secret alone"),
        (b"one\ntwo\n", "must hold the secret alone"),
        (b"x" * 4097, "must hold the secret alone"),
        (b"\xff\xfe\x00", "is not text"),
        (None, "can't be read"),
    ],
)
def test_a_secret_file_that_can_not_be_used_is_named_without_its_content(tmp_path, content, said):
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(SecretUnreadable, match=said) as caught:
        secret("HALQA_TOKEN", {}, tmp_path / "token")
    assert "two" not in str(caught.value)
    assert "xxxx" not in str(caught.value)


def test_an_empty_variable_is_not_taken_for_no_secret():
    with pytest.raises(SecretUnreadable, match="HALQA_TOKEN is empty"):
        secret("HALQA_TOKEN", {"HALQA_TOKEN": ""}, None)
