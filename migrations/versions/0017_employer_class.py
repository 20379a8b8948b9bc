"""Keep the industry and the size of an employer as codes."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDUSTRIES = "ABCDEFGHIJKLMNOPQRST"
SIZES = ("large", "medium", "small", "micro")


def _add(column: str, name: str, codes: str | tuple[str, ...]) -> None:
    """Add in place: a copy of the table would break the rows of other tables that point to it."""
    known = ", ".join(f"'{code}'" for code in codes)
    check = f"CONSTRAINT ck_employer_{name} CHECK ({column} IN ({known}))"
    op.execute(f"ALTER TABLE employer ADD COLUMN {column} VARCHAR(40) {check}")


def upgrade() -> None:
    """Replace the free text that no page ever wrote, and add the size."""
    op.execute("ALTER TABLE employer DROP COLUMN industry")
    _add("industry", "industry", INDUSTRIES)
    _add("size", "enterprisesize", SIZES)


def downgrade() -> None:
    """Bring the free text back, empty."""
    op.execute("ALTER TABLE employer DROP COLUMN size")
    op.execute("ALTER TABLE employer DROP COLUMN industry")
    op.execute("ALTER TABLE employer ADD COLUMN industry VARCHAR(40) NOT NULL DEFAULT ''")
