"""Meeting groups find an hour.

There is no way down: on SQLite the backup that was made before the upgrade is the way back.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", storage.types.Instant(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_shared", storage.types.Flag(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'set', 'off')", name=op.f("ck_meeting_time_state")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["meeting_group.id"], name=op.f("fk_meeting_time_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_meeting_time_member_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_time")),
        sa.UniqueConstraint("group_id", "starts_at", name=op.f("uq_meeting_time_group_id_starts_at")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("meeting_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_time_member_id"), ["member_id"], unique=False)

    op.create_table(
        "time_answer",
        sa.Column("time_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("can", storage.types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_time_answer_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["time_id"], ["meeting_time.id"], name=op.f("fk_time_answer_time_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("time_id", "member_id", name=op.f("pk_time_answer")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("time_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_answer_member_id"), ["member_id"], unique=False)
