"""Keep the form of the ledger an office uses."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of one row."""
    op.create_table(
        "ledger_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_template_single")),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["app_user.id"], name=op.f("fk_ledger_template_saved_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_template")),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("ledger_template")
