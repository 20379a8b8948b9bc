"""The hours in which reminders leave the program."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; while it is empty the usual hours hold."""
    op.create_table(
        "sending_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sending_hours_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_hours")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("sending_hours")
