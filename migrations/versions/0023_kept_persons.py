"""Keep which persons each bucket holds; marks for whatever moves a person between buckets."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

VERBS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
INTO = "INSERT INTO figure_mark (kind, org_unit_id, month)"
# columns whose change moves persons, for each table; a case that comes or goes has no parties yet
MOVERS = {
    "case_party": "case_id, worker_id, removed_at",
    "proceeding_party": "proceeding_id, case_party_id",
    "proceeding": "case_id, stage, filed_on",
    "legal_case": "org_unit_id, status",
    "worker": "id_no_hash",
}
ONLY_UPDATES = ("legal_case", "worker")


def upgrade() -> None:
    """Add the table and the triggers; everything there is counts as touched."""
    op.create_table(
        "figure_persons",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=False),
        sa.Column("persons", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_unit_id"], ["org_unit.id"], name=op.f("fk_figure_persons_org_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("kind", "month", "org_unit_id", name=op.f("pk_figure_persons")),
    )
    for kind, column in (("registered", "registered_on"), ("closed", "closed_on")):
        op.execute(
            f"{INTO} SELECT DISTINCT '{kind}', org_unit_id, {_month(column)} "
            f"FROM legal_case WHERE {column} IS NOT NULL"
        )
    op.execute(_applications("c.org_unit_id", "TRUE").replace("SELECT", "SELECT DISTINCT", 1))
    for table, verb in _triggers():
        _trigger(table, verb, " ".join(_marks(table, row) for row in VERBS[verb]))


def downgrade() -> None:
    """Take the triggers and the table away."""
    is_sqlite = _is_sqlite()
    for table, verb in _triggers():
        name = _name(table, verb)
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("figure_persons")


def _triggers() -> list[tuple[str, str]]:
    return [
        (table, verb)
        for table in MOVERS
        for verb in VERBS
        if verb == "UPDATE" or table not in ONLY_UPDATES
    ]


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _month(column: str) -> str:
    return f"substr({column}, 1, 7)" if _is_sqlite() else f"to_char({column}, 'YYYY-MM')"


def _applications(site: str, condition: str) -> str:
    """The marks of applications for recognition, by their filing, at the site of the case."""
    return (
        f"{INTO} SELECT 'injury', {site}, {_month('p.filed_on')} FROM proceeding p "
        "JOIN legal_case c ON c.id = p.case_id "
        f"WHERE p.stage = 'work_injury' AND {condition};"
    )


def _of_cases(condition: str) -> str:
    """The marks of some cases: where they were registered and closed, and of their applications."""
    return (
        f"{INTO} SELECT 'registered', c.org_unit_id, {_month('c.registered_on')} "
        f"FROM legal_case c WHERE {condition}; "
        f"{INTO} SELECT 'closed', c.org_unit_id, {_month('c.closed_on')} "
        f"FROM legal_case c WHERE c.closed_on IS NOT NULL AND {condition}; "
        + _applications("c.org_unit_id", condition)
    )


def _marks(table: str, row: str) -> str:
    """The marks of what a row was or is."""
    if table == "case_party":
        return _of_cases(f"{row}.worker_id IS NOT NULL AND c.id = {row}.case_id")
    if table == "worker":
        party = f"SELECT q.case_id FROM case_party q WHERE q.worker_id = {row}.id"
        return _of_cases(f"c.id IN ({party})")
    if table == "legal_case":
        return _applications(f"{row}.org_unit_id", f"c.id = {row}.id")
    if table == "proceeding_party":
        return _applications("c.org_unit_id", f"p.id = {row}.proceeding_id")
    return (
        f"{INTO} SELECT 'injury', c.org_unit_id, {_month(f'{row}.filed_on')} FROM legal_case c "
        f"WHERE c.id = {row}.case_id AND {row}.stage = 'work_injury';"
    )


def _name(table: str, verb: str) -> str:
    return f"{table}_persons_{verb.lower()}"


def _trigger(table: str, verb: str, body: str) -> None:
    name = _name(table, verb)
    when = f"UPDATE OF {MOVERS[table]}" if verb == "UPDATE" else verb
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
