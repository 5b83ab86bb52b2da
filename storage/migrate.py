"""How a database grows up: look at it, copy it, bring its tables up to date, or leave it untouched and say why."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError

from storage.engine import BUSY_MILLISECONDS, Store, StoreUnusable

State = Literal["new", "current", "behind", "newer"]

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_SQLITE = (3, 37)  # the first with STRICT tables
WAIT_MILLISECONDS = 15_000
_TURN = int.from_bytes(b"halqa")  # the number of the advisory lock on PostgreSQL, the same for every replica
_FIRST_BYTES = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What an upgrade did; ``backup`` is the copy of the database from before, where one was needed."""

    from_revision: str | None
    to_revision: str
    backup: Path | None


def configured(connection: Connection | None, more: Path | None = None) -> Config:
    """Give Alembic's configuration; ``more`` is a second folder of revisions, to rehearse one that is not shipped."""
    config = Config(attributes={"connection": connection})
    folders = [MIGRATIONS / "versions", *([more] if more else [])]
    for name, value in {
        "script_location": str(MIGRATIONS),
        "version_locations": "\n".join(str(folder) for folder in folders),
        "path_separator": "newline",
        "file_template": "%(rev)s_%(slug)s",
    }.items():
        config.set_main_option(name, value.replace("%", "%%"))
    return config


def state(store: Store, *, more: Path | None = None) -> State:
    """Say how a database stands, without changing it.

    new: nothing in it yet · current: ready · behind: waits for :func:`upgrade` · newer: written by a later Halqa.
    Raises StoreUnusable when it cannot be opened, cannot be written, or belongs to something else.
    """
    if store.engine.dialect.name == "sqlite" and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnusable(f"Halqa needs SQLite 3.37 or later, and found {sqlite3.sqlite_version}.")
    if store.file and not _is_filled(store.file):
        return "new"
    with _explained(store, "cannot be opened"), _looking(store) as connection:
        return _judged(store, connection, more)[0]


def upgrade(store: Store, backups: Path | None = None, *, more: Path | None = None) -> Migrated:
    """Bring the tables up to date, in one transaction that holds or falls whole; a second call changes nothing.

    An SQLite file that already holds something is first copied into the folder ``backups`` (default: beside it).
    Raises StoreUnusable, with nothing changed, for a database that :func:`state` refuses, one from a later Halqa,
    and one whose rows would not survive.
    """
    head = _head(more)
    found = state(store, more=more)
    if found == "current":
        return Migrated(head, head, None)
    if found == "newer":
        raise StoreUnusable(_too_new(store))
    if store.file:
        store.file.touch(mode=0o600)  # what people confide belongs to the bot's own account
    with _explained(store, "could not be brought up to date, and nothing was changed"), _alone(store) as connection:
        # Looked at once more, because another replica may have been faster.
        found, revision = _judged(store, connection, more)
        if found == "current":
            return Migrated(head, head, None)
        if found == "newer":
            raise StoreUnusable(_too_new(store))
        backup = _backup_before(store.file, backups, revision) if store.file and revision else None
        command.upgrade(configured(connection, more), "head")
        _check_references(connection)
    return Migrated(revision, head, backup)


def back_up(file: Path, copy: Path) -> None:
    """Copy an SQLite database, in use or not, to the new file ``copy``, readable by its owner alone, and check it.

    Raises StoreUnusable when there is no room, the copy exists already, or the copy does not pass the check.
    """
    part = copy.with_name(f"{copy.name}.part")
    try:
        if copy.exists():
            raise FileExistsError(f"{copy} exists already")
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as source:
                source.execute("VACUUM INTO ?", (str(part),))
            with closing(sqlite3.connect(part, isolation_level=None)) as made:
                found = made.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
            _sync(part)
            part.rename(copy)
            _sync(copy.parent)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnusable(
            f"No backup of {file} could be made in {copy.parent} ({error}), so nothing was changed. "
            "Make room there, or choose another folder for backups."
        ) from error


def _head(more: Path | None) -> str:
    return str(ScriptDirectory.from_config(configured(None, more)).get_current_head())


def _is_filled(file: Path) -> bool:
    """Tell a database from a file that is yet to be filled; raises StoreUnusable for a path that cannot be used."""
    try:
        if file.is_dir():
            raise StoreUnusable(f"{file} is a folder. Give the path of a file in it, such as {file / 'halqa.db'}.")
        if not file.parent.is_dir():
            raise StoreUnusable(f"There is no folder {file.parent}. Make it, or choose another place for the database.")
        if file.exists() and not file.is_file():
            raise StoreUnusable(f"{file} is not a file. Choose another place for the database.")
        if not os.access(file.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            raise StoreUnusable(
                f"Halqa may not write in the folder {file.parent}, where SQLite keeps a journal beside the database. "
                "Let this account write there, or choose another place."
            )
        if not file.exists():
            return False
        with file.open("r+b") as opened:
            start = opened.read(len(_FIRST_BYTES))
    except OSError as error:
        raise StoreUnusable(
            f"Halqa may not read and write {file} ({error.strerror}). Give it to this account, or choose another file."
        ) from error
    if start and start != _FIRST_BYTES:
        raise StoreUnusable(f"{file} is not a database. Choose another file, or move this one away.")
    return bool(start)


@contextmanager
def _looking(store: Store) -> Iterator[Connection]:
    """Give a connection that leaves a file as it is: the store's own would turn any database it meets to WAL."""
    if store.file is None:
        with store.engine.connect() as connection:
            yield connection
        return
    waiting = {"timeout": BUSY_MILLISECONDS / 1000}
    engine = create_engine(store.engine.url, poolclass=NullPool, hide_parameters=True, connect_args=waiting)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _alone(store: Store) -> Iterator[Connection]:
    """Give a connection in a transaction that no other upgrade can enter at the same time."""
    with store.engine.connect() as connection:
        if store.engine.dialect.name != "sqlite":
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
                yield connection
            return
        # With foreign keys on, the DROP TABLE of a batch copy deletes every child row, silently. SQLite hears this
        # PRAGMA only outside a transaction, so it goes to the driver before SQLAlchemy begins one.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
            driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _judged(store: Store, connection: Connection, more: Path | None) -> tuple[State, str | None]:
    scripts = ScriptDirectory.from_config(configured(None, more))
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads:
        others = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        if others:
            raise StoreUnusable(
                f"{_named(store)} holds tables of something else ({others[0]}). Give Halqa a database of its own."
            )
        return "new", None
    if not set(heads) <= {script.revision for script in scripts.walk_revisions()}:
        return "newer", heads[0]
    return ("current" if heads[0] == scripts.get_current_head() else "behind"), heads[0]


def _too_new(store: Store) -> str:
    return (
        f"{_named(store)} was written by a later Halqa than this one, and was left untouched. "
        "Install that Halqa again, or go back to a backup from before."
    )


def _backup_before(file: Path, folder: Path | None, revision: str) -> Path:
    # The upgrade holds the write lock already, so that no row can slip in between the copy and the change.
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    copy = (folder or file.parent) / f"{file.name}.{stamp}-{revision}.bak"
    back_up(file, copy)
    return copy


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL never stopped looking
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        table, row, parent, _ = broken[0]
        raise StoreUnusable(
            f"The upgrade would have left {len(broken)} rows without what they belong to (first: row {row} of {table}, "
            f"which needs {parent}), so nothing was changed. Please report this, and keep the Halqa you had."
        )


@contextmanager
def _explained(store: Store, what: str) -> Iterator[None]:
    """Turn what a driver says into a sentence that names the database and hides its password."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        if store.engine.dialect.name == "sqlite":
            advice = "If another Halqa uses it, stop that one first; if the file is damaged, go back to a backup."
        else:
            advice = "Check that PostgreSQL runs there, and that this user may connect and make tables."
        raise StoreUnusable(f"{_named(store)} {what}: {reason}. {advice}") from error


def _named(store: Store) -> str:
    return str(store.file or store.engine.url.render_as_string(hide_password=True))


def _sync(path: Path) -> None:
    # VACUUM INTO leaves its last pages to the system; a backup must outlive a power cut.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
