"""Messages to workers about their hearings."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    routes = ("email", "sms", "wecom", "dingtalk", "feishu", "webhook", "by_hand")
    states = ("ready", "sent", "cancelled", "parked")
    coded = {"native_enum": False, "create_constraint": True, "length": 40}
    op.create_table(
        "worker_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("route", sa.Enum(*routes, name="route", **coded), nullable=False),
        sa.Column("state", sa.Enum(*states, name="outboxstate", **coded), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=120), nullable=False),
        sa.Column("provider_ref", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["legal_case.id"], name=op.f("fk_worker_message_case_id_legal_case")
        ),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["app_user.id"], name=op.f("fk_worker_message_handed_by_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_worker_message_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_worker_message_dedupe_key")),
    )
    with op.batch_alter_table("worker_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worker_message_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_worker_message_state_available_at"),
            ["state", "available_at"],
            unique=False,
        )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("worker_message")
