"""The engine: one store for SQLite and PostgreSQL, and transactions that hold or fall whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlmodel import Session, create_engine

BUSY_MILLISECONDS = 2000


class StoreUnusable(Exception):
    """The database cannot be used as it is; the message says what to do."""


class Store:
    """A database that has been opened: ``writing()`` gives a session in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL and in memory."""
        url = self.engine.url
        has_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        return Path(str(url.database)) if has_file else None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or all undone when anything is raised."""
        with Session(self.engine, expire_on_commit=False, autoflush=True) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def url_of(place: str) -> URL:
    """Read a database address: a file path, or a sqlite: or postgresql: URL (driver psycopg 3)."""
    if "://" not in place:
        return URL.create("sqlite", database=place)
    url = make_url(place)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise StoreUnusable(f"Halqa keeps its data in SQLite or PostgreSQL; {url.get_backend_name()} is neither.")
    return url


def _careful_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # A power cut must not forget a committed "sent": WAL with FULL syncs every commit.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # Readers that later write would fail with BUSY under a plain BEGIN; writers queue for the lock instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_store(place: str) -> Store:
    """Open the database at ``place`` (see :func:`url_of`); the tables are made by storage.migrate.

    Raises StoreUnusable when the address is neither SQLite nor PostgreSQL.
    """
    url = url_of(place)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _careful_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    else:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    return Store(engine)
