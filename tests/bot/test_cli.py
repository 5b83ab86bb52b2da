"""The operator's command line: what she types, what she reads, and the code that her scripts go by."""

import socket
import sqlite3
from contextlib import closing

import pytest
from operator_desk import ROSTER, programme

from bot import check, cli

PASSWORD = "correct-horse-battery"  # noqa: S105 - a canary


def test_help_and_version_need_no_configuration(halqa):
    code, out, _err = halqa("--help")
    assert code == 0
    assert all(word in out for word in ("run", "demo", "check", "manifest", "key", "migrate", "import", "schedule"))
    assert halqa("--version")[:2] == (0, f"halqa {cli._version()}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "required: COMMAND"),
        (("rnu",), "invalid choice: 'rnu'"),
        (("run", "--colour"), "unrecognized arguments"),
        (("demo", "--port", "0"), "'0' is not a port; give a whole number from 1 to 65535"),
        (("demo", "--port", "65536"), "is not a port"),
        (("demo", "--port", "http"), "is not a port"),
        (("demo", "--port", "-1"), "is not a port"),
        (("schedule", "--days", "0"), "is not a number of days"),
        (("schedule", "--days", "²"), "is not a number of days"),
        (("import", "roster.csv"), "required: --programme"),
        (("import", "--programme", "physics"), "required: ROSTER.csv"),
        (("import", "r.csv", "--programme", "p", "--platform", "irc"), "invalid choice: 'irc'"),
        (("manifest",), "required: CHAT"),
        (("manifest", "irc"), "invalid choice: 'irc'"),
        (("manifest", "slack", "--json", "--yaml"), "not allowed with"),
        (("manifest", "slack", "--address", "http://halqa.example.org"), "an address like https://halqa.example.org"),
        (("manifest", "slack", "--address", "https://"), "an address like https://halqa.example.org is needed"),
        (
            ("manifest", "slack", "--address", "https://a.b/\n# x"),
            "an address like https://halqa.example.org is needed",
        ),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(halqa, words, said):
    code, out, err = halqa(*words)
    assert code == 2
    assert said in err
    assert out == ""


@pytest.mark.parametrize("job", ["run", "check", "migrate", "schedule"])
def test_a_missing_configuration_is_a_sentence(halqa, tmp_path, job):
    code, _out, err = halqa(job, "--config", str(tmp_path / "nowhere.toml"))
    assert code == 1
    assert "there is no such file; copy config.example.toml there" in err


@pytest.mark.parametrize("job", ["run", "migrate", "schedule"])
def test_all_problems_of_the_configuration_are_said_at_once(halqa, folder, job):
    (folder / "config.toml").write_text("[local]\nport = 0\nnaem = 'x'\n[slack]\nconnect = 'dove'\n", "utf-8")
    code, _out, err = halqa(job)
    assert code == 1
    found = [line.partition(":")[0] for line in err.splitlines()]
    assert found == ["[local] naem", "[local] port", "[slack] connect"]


BROKEN_STORES = {
    "a folder": (lambda db: db.mkdir(), "is a folder"),
    "no database": (lambda db: db.write_bytes(b"PNG and so on, for long enough"), "is not a database"),
    "someone else's": (lambda db: sqlite3.connect(db).execute("CREATE TABLE orders (id)").connection.close(), "orders"),
    "no folder": (lambda db: db.parent.rmdir(), "There is no folder"),
}


@pytest.mark.parametrize("what", BROKEN_STORES)
@pytest.mark.parametrize("job", ["run", "check", "migrate", "schedule"])
def test_a_database_that_can_not_be_used_is_a_sentence(halqa, tmp_path, what, job):
    breaking, said = BROKEN_STORES[what]
    (tmp_path / "kept").mkdir()
    (tmp_path / "config.toml").write_text("[store]\ndatabase = 'kept/halqa.db'\n[local]\n", "utf-8")
    breaking(tmp_path / "kept" / "halqa.db")
    code, _out, err = halqa(job)
    assert code == 1
    assert said in err


def write_a_newer_one(folder):
    with closing(sqlite3.connect(folder / "halqa.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize("job", ["run", "check", "migrate", "schedule"])
def test_a_database_of_a_later_halqa_is_left_alone_with_a_sentence(halqa, folder, job):
    write_a_newer_one(folder)
    code, _out, err = halqa(job)
    assert code == 1
    assert "later Halqa" in err


def test_a_password_of_the_database_is_in_no_complaint(halqa, monkeypatch):
    monkeypatch.setenv("HALQA_DATABASE", f"postgresql://ada:{PASSWORD}@127.0.0.1:1/halqa?connect_timeout=2")
    for job in ("check", "migrate", "schedule", "run"):
        code, out, err = halqa(job)
        assert code == 1
        assert "127.0.0.1:1" in err
        assert PASSWORD not in out + err


def test_check_finds_everything_in_order(halqa, folder):
    programme(folder)
    code, out, err = halqa("check")
    assert (code, err) == (0, "")
    for said in ("in order", "free", "up to date", "whole", "can be written", "prompts: ", "time zones: known"):
        assert said in out


def test_check_says_that_a_new_database_is_new_and_makes_none(halqa, folder):
    (folder / "halqa.db").unlink()
    assert halqa("check")[0] == 0
    assert not (folder / "halqa.db").exists()


@pytest.mark.parametrize("place", ["/proc/none/halqa.db", "none/halqa.db"])
def test_check_says_of_a_missing_folder_only_that_it_is_missing(halqa, folder, place):
    (folder / "config.toml").write_text(f"[store]\ndatabase = '{place}'\n[local]\n", "utf-8")
    code, out, err = halqa("check")
    assert code == 1
    (problem,) = err.splitlines()
    assert f"There is no folder {(folder / place).parent}." in problem
    assert "free" not in out


def test_check_names_programmes_with_too_few_organisers_but_lets_a_draft_be(halqa, folder):
    programme(folder, "physics", organisers=("rana",))
    programme(folder, "chemistry", organisers=())
    programme(folder, "biology", organisers=("rana",), state="draft")
    programme(folder, "history", organisers=(), state="closed")
    code, out, err = halqa("check")
    assert code == 1
    assert "programme physics: one organiser, and two are needed; one of them can type: /programme organisers" in err
    assert "programme chemistry: no organiser" in err
    assert "programme biology" in out
    assert "history" not in out + err


def test_check_goes_on_to_the_database_when_the_configuration_has_problems(halqa, folder):
    programme(folder, organisers=())
    (folder / "config.toml").write_text("[local]\nport = 0\n", "utf-8")
    code, _out, err = halqa("check")
    assert code == 1
    assert "[local] port" in err
    assert "programme physics: no organiser" in err


def test_check_names_a_time_zone_that_this_machine_does_not_know(halqa, folder):
    programme(folder, zone="Asia/Atlantis")
    code, _out, err = halqa("check")
    assert code == 1
    assert "unknown time zones: Asia/Atlantis" in err


def test_check_finds_damage(halqa, folder):
    programme(folder)
    with closing(sqlite3.connect(folder / "halqa.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with (folder / "halqa.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)
    code, _out, err = halqa("check")
    assert code == 1
    assert "damaged" in err
    assert "go back to a backup" in err


def test_check_says_when_another_program_holds_the_database(halqa, folder):
    with closing(sqlite3.connect(folder / "halqa.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        code, _out, err = halqa("check")
    assert code == 1
    assert "can't be written now (database is locked)" in err


def test_check_knows_that_zone_data_can_be_missing():
    assert check._zone_data(lambda zone: zone != "Africa/Cairo").is_problem
    assert not check._zone_data().is_problem


def test_migrate_makes_the_tables_and_the_second_time_does_nothing(halqa, folder):
    (folder / "halqa.db").unlink()
    code, out, _err = halqa("migrate")
    assert code == 0
    assert "went from nothing to " in out
    assert "nothing to back up" in out
    code, out, _err = halqa("migrate")
    assert code == 0
    assert "is up to date" in out
    assert not list(folder.glob("*.bak"))


def test_import_brings_everybody_in_and_a_second_time_nobody(halqa, folder):
    programme(folder)
    (folder / "roster.csv").write_bytes(ROSTER)
    code, out, err = halqa("import", str(folder / "roster.csv"), "--programme", "physics")
    assert (code, err) == (0, "")
    many = len(ROSTER.splitlines()) - 1
    assert out == f"{many} people are on the waiting list of physics. Nobody was messaged.\n"
    code, _out, err = halqa("import", str(folder / "roster.csv"), "--programme", "physics")
    assert code == 1
    assert "line 2, " in err


def enrolled(folder) -> int:
    with closing(sqlite3.connect(folder / "halqa.db")) as db:
        return db.execute("SELECT count(*) FROM member").fetchone()[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ROSTER + b"zoe,Zoe,neither" + b"," * 10 + b"\n", "line 28, stance: "),
        (b"", "The file is empty"),
        (b"caf\xe9;\xff\n", ""),
        (b"PK\x03\x04 a spreadsheet", ""),
        (b"colour,shape\nred,round\n", ""),
    ],
)
def test_a_roster_with_problems_brings_nobody_in_and_every_problem_is_named(halqa, folder, data, said):
    programme(folder)
    (folder / "roster.csv").write_bytes(data)
    code, out, err = halqa("import", str(folder / "roster.csv"), "--programme", "physics")
    assert (code, out) == (1, "")
    assert said in err
    assert err.endswith("Nobody was brought in.\n")
    assert len(err.splitlines()) >= 2
    assert enrolled(folder) == 0


def test_import_names_what_is_missing(halqa, folder):
    programme(folder)
    (folder / "roster.csv").write_bytes(ROSTER)
    cases = {
        ("import", str(folder / "roster.csv"), "--programme", "physisc"): "There are: physics.",
        ("import", str(folder / "no.csv"), "--programme", "physics"): "no.csv can't be read",
        ("import", str(folder), "--programme", "physics"): "can't be read (Is a directory)",
        (
            *("import", str(folder / "roster.csv"), "--programme", "physics", "--workspace", "elsewhere"),
        ): "There is no programme physics in the workspace elsewhere (local).",
        ("import", str(folder / "roster.csv"), "--programme", "physics", "--platform", "slack"): "--workspace ID",
    }
    for words, said in cases.items():
        code, _out, err = halqa(*words)
        assert code == 1
        assert said in err
    assert enrolled(folder) == 0


def test_import_and_schedule_wait_until_there_are_tables(halqa, folder):
    (folder / "halqa.db").unlink()
    (folder / "roster.csv").write_bytes(ROSTER)
    for words in (("schedule",), ("import", str(folder / "roster.csv"), "--programme", "physics")):
        code, _out, err = halqa(*words)
        assert (code, err) == (1, "The database is still empty. Begin with: halqa run\n")
    assert not (folder / "halqa.db").exists()


def test_a_port_that_was_asked_for_and_is_taken_is_a_sentence(halqa, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, _out, err = halqa("demo", "--no-browser", "--port", port, "--folder", str(tmp_path / "demo"))
        assert (code, err) == (1, f"Port {port} is in use. Give another one with --port, or leave it out.\n")
        (tmp_path / "config.toml").write_text(f"[local]\nport = {port}\n", "utf-8")
        code, _out, err = halqa("run")
    assert code == 1
    assert f"Port {port} can't be had (it is in use). Is Halqa running already?" in err


def test_a_demo_folder_that_is_a_file_is_a_sentence(halqa, folder):
    code, _out, err = halqa("demo", "--no-browser", "--folder", str(folder / "config.toml"))
    assert code == 1
    assert "The demo can't begin" in err


def test_a_damaged_journal_is_a_sentence(halqa, folder):
    (folder / "local.jsonl").write_text("no json\n", "utf-8")
    code, _out, err = halqa("run")
    assert code == 1
    assert "local.jsonl can't be read" in err


def test_prompts_are_imported_from_a_file_all_or_none(halqa, folder):
    programme(folder)
    good = "id,theme,phase,depth,minutes,life,text\ntea,celebrating,rapport,light,5,both,What went well today?\n"
    (folder / "prompts.csv").write_text(good)
    (folder / "bad.csv").write_text(good + "other,nonsense,rapport,light,5,both,What else?\n")
    to_physics = ("--prompts", "--programme", "physics")
    code, _out, err = halqa("import", str(folder / "bad.csv"), *to_physics)
    assert code == 1
    assert "line 3, theme" in err
    assert "Nothing was brought in." in err
    assert halqa("import", str(folder / "prompts.csv"), *to_physics)[:2] == (
        0,
        "1 prompt is on the shelf of physics.\n",
    )
