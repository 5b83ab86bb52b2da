"""Stores for tests: opened like any other, but what stays the same from one to the next is made once in a run."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from storage import Store, open_store
from storage.migrate import upgrade

_FIRST: dict[str, Engine] = {}  # by the kind of database


def opened(place: str) -> Store:
    """Open a store that shares what the first one of its kind knows: how each statement is said in SQL."""
    store = open_store(place)
    engine = store.engine
    first = _FIRST.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # so that its dialect has learned what its database can do
        engine._compiled_cache.capacity = 5000
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return store


def new(folder: Path) -> Store:
    """Open a new SQLite store in a folder, with its tables made."""
    return opened(str(shutil.copy(template(), folder / "halqa.db")))


def made(place: str) -> None:
    """Make the tables of a database."""
    store = open_store(place)
    upgrade(store)
    store.close()


def template() -> Path:
    """Give an SQLite file with its tables made, to copy."""
    return Path(_folder().name) / "halqa.db"


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory()
    made(str(Path(folder.name) / "halqa.db"))
    return folder
