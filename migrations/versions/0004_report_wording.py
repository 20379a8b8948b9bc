"""Keep the wording of the report sentence, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "report_template"
VERBS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Add the table and let the database refuse changes to it."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_report_template_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_template")),
        sa.UniqueConstraint(
            "language", "version", name=op.f("uq_report_template_language_version")
        ),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in VERBS:
        done = (
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} {done}")


def downgrade() -> None:
    """Take the table away, its triggers with it."""
    op.drop_table(TABLE)
