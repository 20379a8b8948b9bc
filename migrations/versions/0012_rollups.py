"""Figures added up ahead of time, and the triggers that mark which of them a change has touched."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COUNTED = (
    "org_unit_id, status, dispute_kind, channel, registered_on, closed_on, close_outcome, "
    "worker_count, claimed_fen, agreed_fen, recovered_fen"
)
SUMS = ("amount_fen", "agreed_fen", "received_fen")
COUNTS = ("cases", "person_times", "closed", "collective")
VERBS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
INTO = "INSERT INTO figure_mark (kind, org_unit_id, month)"


def upgrade() -> None:
    """Add both tables and the triggers; everything there is counts as touched."""
    op.create_table(
        "figure_rollup",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(
            ["org_unit_id"], ["org_unit.id"], name=op.f("fk_figure_rollup_org_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint(
            "kind", "dimension", "month", "org_unit_id", "key", name=op.f("pk_figure_rollup")
        ),
    )
    op.create_table(
        "figure_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_mark")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_figure_mark_kind_month"), "figure_mark", ["kind", "month"])
    for kind, column in (("registered", "registered_on"), ("closed", "closed_on")):
        op.execute(
            f"{INTO} SELECT DISTINCT '{kind}', org_unit_id, {_month(column)} "
            f"FROM legal_case WHERE {column} IS NOT NULL"
        )
    for verb, rows in VERBS.items():
        _trigger("legal_case", verb, f"UPDATE OF {COUNTED}", [_of_case(row) for row in rows])
        _trigger(
            "proceeding", verb, "UPDATE OF case_id, stage", [_of_proceeding(row) for row in rows]
        )


def downgrade() -> None:
    """Take the triggers and the tables away."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("legal_case", "proceeding"):
        for verb in VERBS:
            name = f"{table}_marks_{verb.lower()}"
            op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                op.execute(f"DROP FUNCTION {name}()")
    op.drop_index(op.f("ix_figure_mark_kind_month"), table_name="figure_mark")
    op.drop_table("figure_mark")
    op.drop_table("figure_rollup")


def _month(column: str) -> str:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return f"substr({column}, 1, 7)" if is_sqlite else f"to_char({column}, 'YYYY-MM')"


def _of_case(row: str) -> str:
    """The marks of a case as it was or is: where it was registered, and where it was closed."""
    registered, closed = _month(f"{row}.registered_on"), _month(f"{row}.closed_on")
    return (
        f"{INTO} VALUES ('registered', {row}.org_unit_id, {registered}); "
        f"{INTO} SELECT 'closed', {row}.org_unit_id, {closed} "
        f"WHERE {row}.closed_on IS NOT NULL;"
    )


def _of_proceeding(row: str) -> str:
    """The marks of a case that a proceeding belongs to."""
    return (
        f"{INTO} SELECT 'registered', org_unit_id, {_month('registered_on')} "
        f"FROM legal_case WHERE id = {row}.case_id; "
        f"{INTO} SELECT 'closed', org_unit_id, {_month('closed_on')} "
        f"FROM legal_case WHERE id = {row}.case_id AND closed_on IS NOT NULL;"
    )


def _trigger(table: str, verb: str, update_of: str, statements: list[str]) -> None:
    name = f"{table}_marks_{verb.lower()}"
    when = update_of if verb == "UPDATE" else verb
    body = " ".join(statements)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
