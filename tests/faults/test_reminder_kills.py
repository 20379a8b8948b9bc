"""kill -9 and pauses of reminding workers, 200 per database: nothing lost, nothing doubled.

The suite runs in a process of its own, because workers are forked from a small warmed parent.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_killed_workers_lose_and_double_nothing_on_sqlite(sqlite_template: Path) -> None:
    check_last_line(f"sqlite:///{sqlite_template}")


@pytest.mark.slow
@pytest.mark.postgres
def test_killed_workers_lose_and_double_nothing_on_postgresql(postgres_template: str) -> None:
    check_last_line(postgres_template)


def check_last_line(template: str) -> None:
    command = [sys.executable, "-m", "tests.faults.reminders", "--template", template]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert "kills=200 " in last
    assert last.endswith("lost=0 doubled=0")
