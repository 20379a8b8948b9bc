"""The record of dates, which the databases let nobody change."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHANGES = ("created", "moved", "met", "cancelled", "reopened", "dropped")


def upgrade() -> None:
    """Add the table and its triggers."""
    coded = sa.Enum(
        *CHANGES, name="datechange", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "deadline_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.Column("rule_code", sa.String(length=60), nullable=False),
        sa.Column("change", coded, nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("by_label", sa.String(length=80), nullable=False),
        sa.Column("org_path", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["legal_case.id"], name=op.f("fk_deadline_log_case_id_legal_case")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name=op.f("fk_deadline_log_event_id_case_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_log")),
    )
    op.create_index(op.f("ix_deadline_log_at"), "deadline_log", ["at"])
    op.create_index(op.f("ix_deadline_log_case_id"), "deadline_log", ["case_id"])
    for verb in ("UPDATE", "DELETE"):
        head = f"CREATE TRIGGER deadline_log_no_{verb.lower()} BEFORE {verb} ON deadline_log "
        if op.get_bind().dialect.name == "sqlite":
            op.execute(head + "BEGIN SELECT RAISE(ABORT, 'deadline_log is append-only'); END")
        else:
            op.execute(head + "FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    """Take it away; its triggers go with it."""
    op.drop_table("deadline_log")
