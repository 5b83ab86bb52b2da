"""The revisions lead to the tables that the code speaks of, on both databases."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, TextClause, inspect

from storage import Store
from storage.tables import metadata


def shape(connection: Connection) -> dict[str, Any]:
    """Everything that the database itself says about its tables, in an order that does not matter."""
    seen = inspect(connection)

    def plain(value: object) -> str:
        if isinstance(value, dict):
            return str(sorted((key, plain(inner)) for key, inner in value.items()))
        return str(value) if isinstance(value, TextClause) else repr(value)

    def each(rows: Any) -> list[str]:
        return sorted(map(plain, rows))

    return {
        table: [
            each(seen.get_columns(table)),
            plain(seen.get_pk_constraint(table)),
            each(seen.get_foreign_keys(table)),
            each(seen.get_unique_constraints(table)),
            each(seen.get_check_constraints(table)),
            each(seen.get_indexes(table)),
            plain(seen.get_table_options(table)),
        ]
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def test_the_revisions_make_what_the_tables_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_revisions_make_the_same_constraints_and_indexes_as_the_tables(store: Store) -> None:
    with store.engine.begin() as connection:
        migrated = shape(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        made = shape(connection)
    assert migrated == made
    assert len(made) == len(metadata.tables)
