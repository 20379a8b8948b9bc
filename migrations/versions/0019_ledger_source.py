"""Let an office have several ledgers with the same numbers in one year."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _source() -> sa.Column[str]:
    return sa.Column("source", sa.String(length=30), server_default="", nullable=False)


def upgrade() -> None:
    """Say of each file and row whose ledger it is."""
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(_source())
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.add_column(_source())
        batch_op.drop_constraint(batch_op.f("uq_import_row_prefix_year_serial"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_import_row_prefix_source_year_serial"),
            ["prefix", "source", "year", "serial"],
        )


def downgrade() -> None:
    """Go back to one ledger a year."""
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_import_row_prefix_source_year_serial"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_import_row_prefix_year_serial"), ["prefix", "year", "serial"]
        )
        batch_op.drop_column("source")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_column("source")
