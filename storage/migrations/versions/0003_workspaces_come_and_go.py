"""Workspaces come and go, and chats keep things in a safe.

There is no way down: on SQLite the backup that was made before the upgrade is the way back.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as batch_op:
        batch_op.add_column(sa.Column("left_at", storage.types.Instant(), nullable=True))
    op.create_table(
        "safe",
        sa.Column("drawer", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("drawer", "key", name=op.f("pk_safe")),
        sqlite_strict=True,
    )
