"""Who may commit, who may read the clock, who may know which library."""

import ast
from pathlib import Path

from tests.support.source import calls, imports, named, parsed, python_files

DELIVERY = "worker_legal/domain/reminders/deliver.py"
CLOCK = "worker_legal/infra/clock.py"
CLOCK_READERS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
    "func.now",
    "sa.func.now",
    "sa.func.current_timestamp",
}


def _product() -> tuple[Path, ...]:
    return python_files("worker_legal")


def _is_door(name: str) -> bool:
    doors = ("worker_legal/web/", "worker_legal/jobs/", "worker_legal/cli")
    return name.startswith(doors) or name in {DELIVERY, "worker_legal/infra/db.py"}


def test_only_the_transaction_commits() -> None:
    committing = {
        named(path)
        for path in _product()
        for name, call in calls(path)
        if name.endswith(".commit") and not call.args
    }
    assert committing - {"worker_legal/infra/db.py"} == set()


def test_only_doors_open_a_transaction() -> None:
    opening = {
        named(path)
        for path in _product()
        for name, _ in calls(path)
        if name.split(".")[-1] == "transaction"
    }
    assert {name for name in opening if not _is_door(name)} == set()


def test_only_the_clock_reads_the_time() -> None:
    reading = {
        f"{named(path)}:{call.lineno} {name}"
        for path in _product()
        for name, call in calls(path)
        if name in CLOCK_READERS and named(path) != CLOCK
    }
    assert reading == set()


def test_law_is_told_the_day() -> None:
    reading = [
        named(p) for p in python_files("worker_legal/law") if "clock" in str(set(imports(p)))
    ]
    assert reading == []


def test_only_the_database_module_knows_the_flask_extension() -> None:
    knowing = {named(path) for path in _product() if "flask_sqlalchemy" in set(imports(path))}
    assert knowing <= {"worker_legal/infra/db.py"}


def test_views_leave_errors_to_the_error_pages() -> None:
    faces = python_files(
        "worker_legal/web/staff", "worker_legal/web/admin", "worker_legal/web/portal"
    )
    trying = [
        f"{named(path)}:{node.lineno}"
        for path in faces
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Try)
    ]
    assert trying == []


def test_money_is_never_a_float_column() -> None:
    found = {
        f"{named(path)}:{call.lineno}"
        for path in python_files("worker_legal/domain")
        for name, call in calls(path)
        if name in {"sa.Float", "sa.Numeric", "sa.Double"}
    }
    assert found == set()
