"""Fewer indexes for the planner to keep: open dates and parked reminders have their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GONE = (
    ("ix_deadline_state_due_on", "deadline", ["state", "due_on"]),
    ("ix_outbox_message_case_id", "outbox_message", ["case_id"]),
    (
        "ix_outbox_message_deadline_id_deadline_version",
        "outbox_message",
        ["deadline_id", "deadline_version"],
    ),
)


def upgrade() -> None:
    """Take those away that nobody asks by."""
    for name, table, _ in GONE:
        op.drop_index(name, table_name=table)
    parked = sa.text("state = 'parked'")
    op.create_index(
        "ix_outbox_message_parked",
        "outbox_message",
        ["deadline_id"],
        sqlite_where=parked,
        postgresql_where=parked,
    )


def downgrade() -> None:
    """Make them again."""
    op.drop_index("ix_outbox_message_parked", table_name="outbox_message")
    for name, table, columns in GONE:
        op.create_index(name, table, columns)
