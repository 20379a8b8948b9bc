"""Remember what the words in the cells of an office's ledgers mean."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "ledger_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["app_user.id"], name=op.f("fk_ledger_word_saved_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_word")),
        sa.UniqueConstraint("field", "stage", "word", name=op.f("uq_ledger_word_field_stage_word")),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("ledger_word")
