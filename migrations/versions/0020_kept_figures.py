"""Notice every change of what figures are counted from; count persons by an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# what figures are counted from; a star stands for every column
WATCHED = {
    "legal_case": (
        "org_unit_id, status, dispute_kind, channel, registered_on, closed_on, close_outcome, "
        "worker_count, claimed_fen, agreed_fen, recovered_fen, handler_id, lead_employer_id, source"
    ),
    "proceeding": (
        "case_id, stage, status, outcome, filed_on, concluded_on, follows_id, awarded_fen, "
        "handler_id"
    ),
    "proceeding_party": "*",
    "case_party": "*",
    "case_event": "*",
    "deadline": "proceeding_id, rule_code, due_on, met_on",
    "worker": "id_no_hash",
    "employer": "name, industry, size, is_individual",
    "org_unit": "*",
}
IN_CASE = sa.text("removed_at IS NULL AND worker_id IS NOT NULL")
VERBS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    """Add both tables, the triggers and the index."""
    for table in ("figure_change", "figure_state"):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("nonce", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
    op.execute(f"INSERT INTO figure_state (id, nonce) VALUES (1, {_random()})")
    if not _is_sqlite():
        op.execute(
            "CREATE FUNCTION note_figure_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_note()} RETURN NULL; END $$"
        )
    for table, columns in WATCHED.items():
        for verb in VERBS:
            when = verb if verb != "UPDATE" or columns == "*" else f"UPDATE OF {columns}"
            _trigger(table, verb, when)
    op.create_index(
        "ix_case_party_in_case",
        "case_party",
        ["case_id", "worker_id", "id"],
        sqlite_where=IN_CASE,
        postgresql_where=IN_CASE,
    )


def downgrade() -> None:
    """Take the index, the triggers and the tables away."""
    op.drop_index("ix_case_party_in_case", table_name="case_party")
    for table in WATCHED:
        for verb in VERBS:
            op.execute(f"DROP TRIGGER {_name(table, verb)}" + _on(table))
    if not _is_sqlite():
        op.execute("DROP FUNCTION note_figure_change()")
    op.drop_table("figure_state")
    op.drop_table("figure_change")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _random() -> str:
    return "random()" if _is_sqlite() else "(random() * 9007199254740991)::bigint"


def _note() -> str:
    return f"INSERT INTO figure_change (nonce) VALUES ({_random()});"


def _name(table: str, verb: str) -> str:
    return f"{table}_notes_{verb.lower()}"


def _on(table: str) -> str:
    return "" if _is_sqlite() else f" ON {table}"


def _trigger(table: str, verb: str, when: str) -> None:
    """On PostgreSQL once for a statement; SQLite knows only triggers for each row."""
    how = (
        f"BEGIN {_note()} END"
        if _is_sqlite()
        else "FOR EACH STATEMENT EXECUTE FUNCTION note_figure_change()"
    )
    op.execute(f"CREATE TRIGGER {_name(table, verb)} AFTER {when} ON {table} {how}")
