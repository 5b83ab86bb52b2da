"""A database is brought up to date whole or not at all, after a copy was made, and only if it is ours."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from postgres import Server
from sqlalchemy import MetaData, inspect, text
from sqlmodel import col, select

from storage import Store, StoreUnusable, open_store
from storage.migrate import back_up, configured, state, upgrade
from storage.tables import Member, Person, Placement, Programme, Workspace, metadata

NOW = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "rehearsal", "{head}", None, None

def upgrade() -> None:
    {body}
"""
REBUILD_PERSON = """
    with op.batch_alter_table("person") as person:
        person.alter_column("locale", server_default="en")
        person.add_column(sa.Column("pronoun", sa.Text(), nullable=False, server_default=""))
"""
BREAK_OFF = """
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
PERSON = {
    "workspace_id": 1,
    "locale": "en",
    "weekend": "[5, 6]",
    "quiet_from": 1200,
    "quiet_until": 480,
    "is_active": 1,
}
MEMBER = {
    "programme_id": 1,
    "state": "seated",
    "stance": "both",
    "offers": "[]",
    "wants": "[]",
    "languages": "[]",
    "institution": "",
    "stage": "other",
    "capacity": 2,
    "ring": "local",
    "about": "",
    "queued_at": 0,
    "pause_reason": "",
    "silences": 0,
    "wants_reminders": 1,
    "next_wish": "",
}
FIRST_ROUND = (
    ("workspace", {"id": 1, "platform": "local", "outside_id": "w1", "name": "", "locale": "en"}),
    *(("person", {"id": number, "outside_id": who, "name": who, **PERSON}) for number, who in ((1, "ada"), (2, "bob"))),
    (
        "programme",
        {"id": 1, "workspace_id": 1, "slug": "first", "name": "First", "state": "running", "settings": "{}", "seed": 1}
        | {"created_at": 0},
    ),
    *(("member", {"id": number, "person_id": number, **MEMBER}) for number in (1, 2)),
    (
        "circle",
        {"id": 1, "programme_id": 1, "name": "Olive", "ring": "local", "language": "en", "state": "running", "seed": 1}
        | {"formed_at": 0},
    ),
    (
        "round",
        {"id": 1, "circle_id": 1, "number": 1, "opens_on": "2027-03-08", "closes_on": "2027-03-22", "state": "open"}
        | {"seed": 1},
    ),
    ("meeting_group", {"id": 1, "round_id": 1, "prompt": ""}),
    ("placement", {"round_id": 1, "member_id": 1, "group_id": 1, "sits_out": "", "answer": "yes"}),
    ("placement", {"round_id": 1, "member_id": 2, "group_id": None, "sits_out": "skipped", "answer": ""}),
)
ORPHAN = 'op.execute("DELETE FROM workspace")'


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store in which nothing was made yet."""
    if request.param == "sqlite":
        store = open_store(str(tmp_path / "halqa.db"))
        yield store
        store.close()
        return
    server: Server = request.getfixturevalue("postgres_server")
    with server.database() as address:
        store = open_store(address)
        yield store
        store.close()


@pytest.fixture
def head(sqlite_template: Path) -> str:
    with closing(sqlite3.connect(sqlite_template)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    folder = tmp_path / "revisions"
    folder.mkdir()
    return folder


def rehearse(revisions: Path, head: str, body: str) -> None:
    (revisions / "rehearsal.py").write_text(NEXT.format(head=head, body=body.strip()), "utf-8")


def fill(store: Store) -> None:
    for record in (
        Workspace(platform="local", outside_id="w1"),
        Person(workspace_id=1, outside_id="ada", name="ada"),
        Person(workspace_id=1, outside_id="bob", name="bob"),
        Programme(workspace_id=1, slug="first", name="First", created_at=NOW),
        Member(programme_id=1, person_id=1, stance="both", queued_at=NOW),
        Member(programme_id=1, person_id=2, stance="both", queued_at=NOW),
    ):
        with store.writing() as session:
            session.add(record)


def members(store: Store) -> int:
    with store.writing() as session:
        return len(session.exec(select(Member)).all())


def tables(store: Store) -> set[str]:
    with store.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def copies(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if ".bak" in path.name)


def written_by_a_later_halqa(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_an_empty_place_gets_every_table_and_no_backup(empty: Store, head: str, tmp_path: Path) -> None:
    assert state(empty) == "new"
    done = upgrade(empty)
    assert (done.from_revision, done.to_revision, done.backup) == (None, head, None)
    assert tables(empty) == {*metadata.tables, "alembic_version"}
    assert state(empty) == "current"
    assert copies(tmp_path) == []


def test_looking_at_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "halqa.db"))
    assert state(store) == "new"
    assert list(tmp_path.iterdir()) == []
    store.close()


def test_a_database_in_memory_gets_every_table() -> None:
    store = open_store(":memory:")
    upgrade(store)
    assert state(store) == "current"
    store.close()


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "halqa.db"))
    upgrade(store)
    store.close()
    assert stat.S_IMODE((tmp_path / "halqa.db").stat().st_mode) == 0o600


def test_a_second_upgrade_changes_nothing(store: Store, head: str, tmp_path: Path) -> None:
    fill(store)
    done = upgrade(store)
    assert (done.from_revision, done.to_revision, done.backup) == (head, head, None)
    assert members(store) == 2
    assert copies(tmp_path) == []


def test_replicas_that_start_together_upgrade_once(empty: Store) -> None:
    place = empty.engine.url.render_as_string(hide_password=False)
    stores = [open_store(place) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(upgrade, stores))
    for store in stores:
        store.close()
    assert [one.from_revision for one in done].count(None) == 1
    assert state(empty) == "current"


def test_replicas_that_start_together_make_one_backup(
    sqlite_store: Store, revisions: Path, head: str, tmp_path: Path
) -> None:
    rehearse(revisions, head, REBUILD_PERSON)
    stores = [open_store(str(tmp_path / "halqa.db")) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda store: upgrade(store, more=revisions), stores))
    for store in stores:
        store.close()
    assert [one.backup for one in done if one.backup] == copies(tmp_path)
    assert len(copies(tmp_path)) == 1


def test_a_database_from_before_is_brought_up_to_date(store: Store, revisions: Path, head: str) -> None:
    fill(store)
    rehearse(revisions, head, REBUILD_PERSON)
    assert state(store, more=revisions) == "behind"
    done = upgrade(store, more=revisions)
    assert (done.from_revision, done.to_revision) == (head, "rehearsal")
    assert state(store, more=revisions) == "current"
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, pronoun FROM person ORDER BY id")).all()
    assert rows == [("ada", ""), ("bob", "")]


def test_rebuilding_a_table_keeps_the_rows_that_hang_on_it(store: Store, revisions: Path, head: str) -> None:
    fill(store)
    rehearse(revisions, head, REBUILD_PERSON)
    upgrade(store, more=revisions)
    assert members(store) == 2


def test_after_an_upgrade_foreign_keys_are_watched_again(sqlite_store: Store, revisions: Path, head: str) -> None:
    rehearse(revisions, head, REBUILD_PERSON)
    upgrade(sqlite_store, more=revisions)
    with sqlite_store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 2000


def test_an_upgrade_that_breaks_off_leaves_everything_as_it_was(store: Store, revisions: Path, head: str) -> None:
    fill(store)
    rehearse(revisions, head, BREAK_OFF)
    with pytest.raises(StoreUnusable, match=r"nothing was changed: .*nowhere"):
        upgrade(store, more=revisions)
    assert "half_done" not in tables(store)
    assert state(store) == "current"
    assert members(store) == 2


def test_an_upgrade_that_would_orphan_rows_is_undone(sqlite_store: Store, revisions: Path, head: str) -> None:
    fill(sqlite_store)
    rehearse(revisions, head, ORPHAN)
    with pytest.raises(StoreUnusable, match=r"3 rows without what they belong to .* which needs workspace"):
        upgrade(sqlite_store, more=revisions)
    assert state(sqlite_store) == "current"
    with sqlite_store.writing() as session:
        assert len(session.exec(select(Workspace)).all()) == 1


def test_rounds_from_before_tables_had_hosts_keep_every_row_and_have_none(empty: Store) -> None:
    with empty.engine.connect() as connection, connection.begin():
        command.upgrade(configured(connection), "0001")
    with empty.engine.begin() as connection:
        before = MetaData()
        before.reflect(connection)
        for table, row in FIRST_ROUND:
            connection.execute(before.tables[table].insert(), row)
    assert state(empty) == "behind"
    assert upgrade(empty).from_revision == "0001"
    with empty.writing() as session:
        rows = session.exec(select(Placement).order_by(col(Placement.id))).all()
        assert [(row.member_id, row.group_id, row.sits_out, row.answer, row.is_host) for row in rows] == [
            (1, 1, "", "yes", False),
            (2, None, "skipped", "", False),
        ]


def test_the_backup_is_the_database_from_before_and_can_be_put_back(
    sqlite_store: Store, revisions: Path, head: str, tmp_path: Path
) -> None:
    fill(sqlite_store)
    rehearse(revisions, head, REBUILD_PERSON)
    backup = upgrade(sqlite_store, tmp_path / "kept" / "backups", more=revisions).backup
    sqlite_store.close()
    assert backup is not None
    assert copies(tmp_path / "kept" / "backups") == [backup]
    assert backup.match(f"halqa.db.20*Z-{head}.bak")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    shutil.copy(backup, tmp_path / "restored.db")
    restored = open_store(str(tmp_path / "restored.db"))
    assert state(restored) == "current"
    assert members(restored) == 2
    restored.close()


def test_the_backup_lies_beside_the_database_when_no_folder_is_named(
    sqlite_store: Store, revisions: Path, head: str, tmp_path: Path
) -> None:
    rehearse(revisions, head, REBUILD_PERSON)
    assert copies(tmp_path) == []
    backup = upgrade(sqlite_store, more=revisions).backup
    assert copies(tmp_path) == [backup]


def test_without_a_backup_nothing_is_changed(sqlite_store: Store, revisions: Path, head: str, tmp_path: Path) -> None:
    rehearse(revisions, head, REBUILD_PERSON)
    (tmp_path / "backups").write_text("a file where a folder should be", "utf-8")
    with pytest.raises(StoreUnusable, match=r"No backup of .* so nothing was changed. Make room there"):
        upgrade(sqlite_store, tmp_path / "backups", more=revisions)
    assert state(sqlite_store) == "current"


def test_a_copy_of_a_database_in_use_has_every_committed_row(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    assert sqlite_store.file is not None
    with sqlite_store.writing() as session:
        session.add(Person(workspace_id=1, outside_id="cleo", name="cleo"))
        session.flush()
        back_up(sqlite_store.file, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM person ORDER BY id").fetchall() == [("ada",), ("bob",)]


def test_a_database_of_a_later_halqa_is_refused(store: Store) -> None:
    fill(store)
    written_by_a_later_halqa(store)
    assert state(store) == "newer"
    with pytest.raises(StoreUnusable, match=r"was written by a later Halqa than this one, and was left untouched"):
        upgrade(store)
    assert state(store) == "newer"
    assert members(store) == 2


def test_a_file_of_a_later_halqa_is_left_as_it_is_to_the_last_byte(sqlite_store: Store, tmp_path: Path) -> None:
    written_by_a_later_halqa(sqlite_store)
    sqlite_store.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    store = open_store(str(tmp_path / "halqa.db"))
    with pytest.raises(StoreUnusable):
        upgrade(store)
    store.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_database_of_something_else_is_refused(empty: Store) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    with pytest.raises(StoreUnusable, match=r"holds tables of something else \(recipes\). Give Halqa a database of"):
        upgrade(empty)
    assert tables(empty) == {"recipes"}


def test_a_foreign_file_does_not_even_change_its_journal(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "recipes.db")) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    before = (tmp_path / "recipes.db").read_bytes()
    store = open_store(str(tmp_path / "recipes.db"))
    with pytest.raises(StoreUnusable):
        state(store)
    store.close()
    assert (tmp_path / "recipes.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["recipes.db"]
