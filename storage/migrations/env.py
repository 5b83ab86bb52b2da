"""Alembic's way in, called with a connection that is already inside the one transaction of an upgrade."""

from typing import Any, Literal

from alembic import context

from storage.tables import metadata


def _rendered(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    if kind == "type" and type(thing).__module__ == "storage.types":
        autogen.imports.add("import storage.types")
        return f"storage.types.{type(thing).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_rendered,
    compare_type=True,
    # SQLite's tables can be made and unmade in a transaction as soon as the driver does not commit by itself.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
