"""Let the databases themselves refuse changes to append-only tables."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "case_event",
    "audit_entry",
    "audit_seal",
    "annual_snapshot",
    "annual_figure",
    "annual_case",
)
VERBS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Add one trigger per table and verb."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        for verb in VERBS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    """Take the triggers away."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for verb in VERBS:
            where = "" if sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}{where}")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
