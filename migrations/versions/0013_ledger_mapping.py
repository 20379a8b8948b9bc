"""Remember what the columns of an office's ledger mean."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of confirmed mappings, one row per kind of head."""
    op.create_table(
        "ledger_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["app_user.id"], name=op.f("fk_ledger_mapping_saved_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_mapping")),
        sa.UniqueConstraint("signature", name=op.f("uq_ledger_mapping_signature")),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("ledger_mapping")
