"""Remember which site printed its dates in which week."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "paper_list",
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_unit_id"], ["org_unit.id"], name=op.f("fk_paper_list_org_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("org_unit_id", "week", name=op.f("pk_paper_list")),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("paper_list")
