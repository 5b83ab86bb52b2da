"""A place that cannot hold Halqa's database is refused with a sentence that says what to do."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage import Store, StoreUnusable, open_store
from storage.migrate import back_up, state, upgrade


def a_folder(place: Path) -> Path:
    return place


def a_file_in_no_folder(place: Path) -> Path:
    return place / "missing" / "halqa.db"


def a_file_in_a_file(place: Path) -> Path:
    (place / "notes.txt").write_text("notes", "utf-8")
    return place / "notes.txt" / "halqa.db"


def a_text(place: Path) -> Path:
    (place / "notes.txt").write_text("These are notes, and no database at all.", "utf-8")
    return place / "notes.txt"


def a_few_bytes(place: Path) -> Path:
    (place / "short").write_bytes(b"SQLite")
    return place / "short"


def a_damaged_database(place: Path) -> Path:
    (place / "damaged.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    return place / "damaged.db"


def a_pipe(place: Path) -> Path:
    os.mkfifo(place / "pipe")
    return place / "pipe"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_folder, "is a folder. Give the path of a file in it, such as .*halqa.db"),
        (a_file_in_no_folder, "There is no folder .*missing. Make it, or choose another place"),
        (a_file_in_a_file, "There is no folder .*notes.txt. Make it, or choose another place"),
        (a_text, "notes.txt is not a database. Choose another file, or move this one away"),
        (a_few_bytes, "short is not a database. Choose another file, or move this one away"),
        (a_damaged_database, "cannot be opened: file is not a database.*go back to a backup"),
        (a_pipe, "pipe is not a file. Choose another place"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_place_that_cannot_hold_a_database_is_refused_with_advice(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    store = open_store(str(path))
    for ask in (state, upgrade):
        with pytest.raises(StoreUnusable, match=sentence):
            ask(store)
    store.close()
    assert sorted(tmp_path.rglob("*")) == before


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may write everywhere, so for a moment the tests are nobody."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "sentence"),
    [
        (0o555, 0o666, "may not write in the folder .*Let this account write there"),
        (0o777, 0o444, "may not read and write .*halqa.db \\(Permission denied\\). Give it to this account"),
        (0o666, 0o666, "may not read and write .*halqa.db \\(Permission denied\\). Give it to this account"),
    ],
    ids=["the folder", "the file", "the way to the file"],
)
def test_what_may_not_be_written_is_refused_with_advice(
    sqlite_template: Path, folder_mode: int, file_mode: int, sentence: str
) -> None:
    folder = Path(tempfile.mkdtemp())
    file = Path(shutil.copy(sqlite_template, folder / "halqa.db"))
    file.chmod(file_mode)
    folder.chmod(folder_mode)
    store = open_store(str(file))
    with as_somebody_else(), pytest.raises(StoreUnusable, match=sentence):
        state(store)
    store.close()
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    store = open_store("postgresql://ada:secret@127.0.0.1:1/halqa")
    with pytest.raises(StoreUnusable, match=r"Check that PostgreSQL runs there") as refused:
        state(store)
    assert "ada:***@127.0.0.1:1/halqa cannot be opened: " in str(refused.value)
    assert "secret" not in str(refused.value)
    store.close()


def test_a_file_that_another_one_is_writing_is_refused_with_advice(sqlite_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "halqa.db"))
    store = open_store(str(file))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM heartbeat")
        with pytest.raises(StoreUnusable, match=r"database is locked. If another Halqa uses it, stop that one first"):
            state(store)
    store.close()


def test_a_copy_never_replaces_another_one(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("keep me", "utf-8")
    assert sqlite_store.file is not None
    with pytest.raises(StoreUnusable, match=r"exists already"):
        back_up(sqlite_store.file, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text("utf-8") == "keep me"
    assert not (tmp_path / "copy.db.part").exists()
