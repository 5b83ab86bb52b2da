"""The only rooms that know SQL: tables, queries by concept, migrations and the engine."""

from sqlmodel import Session

from storage.engine import Store, StoreUnusable, open_store

__all__ = ["Session", "Store", "StoreUnusable", "open_store"]
