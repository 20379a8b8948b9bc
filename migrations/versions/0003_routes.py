"""Ways outside the program: the office's settings, people's addresses, marks of the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HANDED_BY = "fk_outbox_message_handed_by_id_app_user"


def _kind() -> sa.Column[str]:
    kinds = ("email", "sms", "wecom", "dingtalk", "feishu", "webhook", "by_hand")
    coded = sa.Enum(*kinds, name="route", native_enum=False, create_constraint=True, length=40)
    return sa.Column("kind", coded, nullable=False)


def upgrade() -> None:
    """Add the two tables and three columns."""
    op.create_table(
        "office_route",
        _kind(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("settings_enc", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=120), nullable=False),
        sa.Column("last_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_office_route")),
    )
    op.create_table(
        "person_route",
        sa.Column("user_id", sa.Integer(), nullable=False),
        _kind(),
        sa.Column("address_enc", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_person_route_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_person_route")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("handed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f(HANDED_BY), "app_user", ["handed_by_id"], ["id"])


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(HANDED_BY), type_="foreignkey")
        batch_op.drop_column("handed_by_id")
        batch_op.drop_column("told_at")
        batch_op.drop_column("digest")
    op.drop_table("person_route")
    op.drop_table("office_route")
