"""The ladder of reminding, and the indexes by which the planner asks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = "state = 'open'"


def upgrade() -> None:
    """Add the table and the indexes; a date without a day to remind from takes its own day."""
    op.create_table(
        "reminder_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("director_before", sa.Integer(), nullable=False),
        sa.Column("centre_before", sa.Integer(), nullable=False),
        sa.Column("owner_after", sa.Integer(), nullable=False),
        sa.Column("director_after", sa.Integer(), nullable=False),
        sa.Column("centre_after", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reminder_ladder_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_ladder")),
    )
    op.execute("UPDATE deadline SET remind_on = due_on WHERE remind_on IS NULL")
    _index("ix_deadline_open_remind", "deadline", ["remind_on", "id"], OPEN)
    _index("ix_deadline_open_moved", "deadline", ["id"], f"{OPEN} AND version > 1")
    _index("ix_inbox_message_answered", "inbox_message", ["deadline_id"], "ack_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_inbox_message_answered", table_name="inbox_message")
    op.drop_index("ix_deadline_open_moved", table_name="deadline")
    op.drop_index("ix_deadline_open_remind", table_name="deadline")
    op.drop_table("reminder_ladder")
