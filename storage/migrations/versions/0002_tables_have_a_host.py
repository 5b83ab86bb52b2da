"""Tables have a host.

There is no way down: on SQLite the backup that was made before the upgrade is the way back.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rounds from before had no hosts. The value is written rather than left as a default, which the tables have not.
    with op.batch_alter_table("placement") as batch_op:
        batch_op.add_column(sa.Column("is_host", storage.types.Flag(), nullable=True))
    op.execute("UPDATE placement SET is_host = 0")
    with op.batch_alter_table("placement") as batch_op:
        batch_op.alter_column("is_host", existing_type=storage.types.Flag(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_placement_host"), "is_host = 0 OR group_id IS NOT NULL")
        batch_op.create_index(
            "uq_placement_host",
            ["group_id"],
            unique=True,
            sqlite_where=sa.text("is_host = 1"),
            postgresql_where=sa.text("is_host = 1"),
        )
