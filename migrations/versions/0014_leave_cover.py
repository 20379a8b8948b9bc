"""Days on which a person is away, and who stands in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "leave_cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_leave_cover_order")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["app_user.id"], name=op.f("fk_leave_cover_deputy_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_leave_cover_entered_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_leave_cover_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_cover")),
    )
    op.create_index(op.f("ix_leave_cover_user_id"), "leave_cover", ["user_id"])
    op.create_index(op.f("ix_leave_cover_deputy_id"), "leave_cover", ["deputy_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f("ix_leave_cover_deputy_id"), table_name="leave_cover")
    op.drop_index(op.f("ix_leave_cover_user_id"), table_name="leave_cover")
    op.drop_table("leave_cover")
