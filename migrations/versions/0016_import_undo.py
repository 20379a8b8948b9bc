"""Let an import be taken back while nothing has touched its cases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where an import ended, and who took it back when."""
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_event_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_import_batch_undone_by_app_user"), "app_user", ["undone_by"], ["id"]
        )


def downgrade() -> None:
    """Take the columns away."""
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_import_batch_undone_by_app_user"), type_="foreignkey"
        )
        batch_op.drop_column("undone_by")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("last_event_id")
