"""What the migrations build is what the models say, on both databases."""

import re

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from tests.support.source import ROOT
from worker_legal.infra.db import Base, db

APPEND_ONLY = {
    *("case_event", "audit_entry", "audit_seal"),
    *("annual_snapshot", "annual_figure", "annual_case", "report_template"),
    "deadline_log",
}
MIGRATIONS = ROOT / "migrations"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _triggers(connection: sa.Connection) -> set[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        return {
            (table, verb)
            for table, source in connection.execute(sa.text(query))
            for verb in re.findall(r"BEFORE (UPDATE|DELETE)", source)
        }
    query = "SELECT event_object_table, event_manipulation FROM information_schema.triggers"
    return {(table, verb) for table, verb in connection.execute(sa.text(query))}


def test_there_is_one_newest_migration_and_the_file_head_names_it() -> None:
    assert _scripts().get_heads() == [(MIGRATIONS / "HEAD").read_text().strip()]


def test_migrations_are_numbered_in_one_row() -> None:
    revisions = sorted(script.revision for script in _scripts().walk_revisions())
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


@pytest.mark.both_databases
def test_the_migrated_schema_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.both_databases
def test_append_only_tables_refuse_change(app: Flask) -> None:
    there = APPEND_ONLY & set(Base.metadata.tables)
    wanted = {(table, verb) for table in there for verb in ("UPDATE", "DELETE")}
    with db.engine.connect() as connection:
        assert wanted - _triggers(connection) == set()


@pytest.mark.both_databases
def test_the_newest_migration_can_be_taken_back_and_done_again(app: Flask) -> None:
    before = set(sa.inspect(db.engine).get_table_names())
    flask_migrate.downgrade()
    flask_migrate.upgrade()
    assert set(sa.inspect(db.engine).get_table_names()) == before


@pytest.mark.both_databases
def test_every_constraint_has_a_name(app: Flask) -> None:
    inspector = sa.inspect(db.engine)
    nameless = [
        (table, key["referred_table"])
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
        if not key["name"]
    ]
    assert nameless == []
