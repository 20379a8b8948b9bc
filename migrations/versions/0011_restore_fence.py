"""Restores that were noticed, and who confirmed them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "restore_fence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["app_user.id"], name=op.f("fk_restore_fence_confirmed_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_fence")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("restore_fence")
