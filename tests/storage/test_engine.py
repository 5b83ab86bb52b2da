"""The engine keeps what was committed, undoes what was not, and lets writers queue."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage import Store, StoreUnusable, open_store
from storage.engine import url_of
from storage.tables import Person, Workspace, metadata


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_every_sqlite_connection_is_careful(sqlite_store: Store, pragma: str, value: object) -> None:
    with sqlite_store.engine.connect() as one, sqlite_store.engine.connect() as another:
        # Asked of the driver, because a transaction on each would make the second wait for the first.
        for connection in (one, another):
            driver = connection.connection.driver_connection
            assert driver is not None
            assert driver.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_every_sqlite_table_is_strict(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, strict FROM pragma_table_list")).all()
    assert {name for name, is_strict in rows if is_strict} == set(metadata.tables)


def test_text_in_a_column_of_numbers_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER column"), sqlite_store.writing() as it:
        it.execute(text("INSERT INTO heartbeat (name, at) VALUES ('clock', 'tomorrow')"))


def test_a_row_without_what_it_belongs_to_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(Person(workspace_id=404, outside_id="u1", name="ada"))


def test_two_threads_that_read_and_then_write_lose_no_update_and_never_find_the_database_busy(
    sqlite_store: Store,
) -> None:
    with sqlite_store.writing() as session:
        session.add(Workspace(platform="local", outside_id="w1", name="0"))

    def count_up() -> None:
        for _ in range(100):
            with sqlite_store.writing() as session:
                workspace = session.exec(select(Workspace)).one()
                workspace.name = str(int(workspace.name) + 1)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(count_up), threads.submit(count_up)]:
            done.result()
    with sqlite_store.writing() as session:
        assert session.exec(select(Workspace.name)).one() == "200"


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.writing() as session:
            session.add(Workspace(platform="local", outside_id="w1"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    with store.writing() as session:
        assert session.exec(select(Workspace)).all() == []


def test_records_can_be_read_after_their_transaction(store: Store) -> None:
    with store.writing() as session:
        workspace = Workspace(platform="local", outside_id="w1", name="Lab")
        session.add(workspace)
    assert (workspace.id, workspace.name) == (1, "Lab")


def test_the_file_is_known_on_sqlite_alone(sqlite_store: Store, tmp_path: Path) -> None:
    memory, server = open_store(":memory:"), open_store("postgresql://127.0.0.1/halqa")
    assert (sqlite_store.file, memory.file, server.file) == (tmp_path / "halqa.db", None, None)
    memory.close()


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("halqa.db", "sqlite:///halqa.db"),
        ("/srv/halqa/halqa.db", "sqlite:////srv/halqa/halqa.db"),
        ("sqlite:///halqa.db", "sqlite:///halqa.db"),
        ("postgresql://ada:secret@db/halqa", "postgresql+psycopg://ada:secret@db/halqa"),
        ("postgresql+psycopg://db/halqa", "postgresql+psycopg://db/halqa"),
    ],
)
def test_an_address_is_a_file_or_a_url(place: str, url: str) -> None:
    assert url_of(place).render_as_string(hide_password=False) == url


def test_an_address_of_another_kind_of_database_is_refused() -> None:
    with pytest.raises(StoreUnusable, match="SQLite or PostgreSQL; mysql is neither"):
        open_store("mysql://db/halqa")
