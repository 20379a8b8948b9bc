"""Take away one guard of the reminders at a time, in a copy, and see the fault suite go red.

`python -m tests.faults.mutants`; the exit code is 0 when the suite is green as it stands and red
for every mutant.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("worker_legal", "migrations", "templates", "tests", "setup.cfg", "pyproject.toml")
DELIVER = "worker_legal/domain/reminders/deliver.py"
PLAN = "worker_legal/domain/reminders/plan.py"
SWEEP = "worker_legal/domain/reminders/sweep.py"
NOTEPAD = "worker_legal/domain/reminders/notepad.py"
TABLES = "migrations/versions/0001_tables.py"
ON_CONFLICT = r'\.on_conflict_do_nothing\(index_elements=\["dedupe_key"\]\)'
SECONDS = 200


@dataclass(frozen=True)
class Cut:
    """One replacement, which must be found exactly once."""

    file: str
    pattern: str
    instead: str = ""


MUTANTS: dict[str, tuple[Cut, ...]] = {
    "as it stands": (),
    "without the unique key": (
        Cut(TABLES, r'sa\.UniqueConstraint\("dedupe_key", name=op\.f\("uq_outbox_[^)]*\)\),'),
        Cut(TABLES, r'sa\.UniqueConstraint\("dedupe_key", name=op\.f\("uq_inbox_[^)]*\)\),'),
        Cut(PLAN, ON_CONFLICT),
        Cut(SWEEP, ON_CONFLICT),
        Cut(NOTEPAD, ON_CONFLICT),
        Cut(DELIVER, ON_CONFLICT),
    ),
    "without the fence": (
        Cut(DELIVER, r"\n *OutboxMessage\.fence == claimed\.fence,(?=\n *OutboxMessage\.state)"),
    ),
    "without the lease": (Cut(DELIVER, r"available_at=now \+ LEASE,", "available_at=now,"),),
    "without the same transaction": (
        Cut(
            DELIVER,
            r"\n        message = db\.session\.get_one\(OutboxMessage",
            "\n    with transaction():\\g<0>",
        ),
    ),
}


def main() -> int:
    """Run every mutant; 0 when only the unchanged copy is green."""
    wrong = 0
    for name, cuts in MUTANTS.items():
        with tempfile.TemporaryDirectory(prefix="wl-mutant-", ignore_cleanup_errors=True) as where:
            red, said = run(Path(where), cuts)
        wrong += red is not bool(cuts)
        print(f"{name}: {'red' if red else 'green'}", flush=True)
        for line in said:
            print(f"    {line[:160]}", flush=True)
    print(f"mutants={len(MUTANTS) - 1} wrong={wrong}")
    return int(wrong > 0)


def run(copy: Path, cuts: tuple[Cut, ...]) -> tuple[bool, list[str]]:
    """Whether the suite is red for a copy with these cuts, and how it said so."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for cut in cuts:
        path = copy / cut.file
        changed, found = re.subn(cut.pattern, cut.instead, path.read_text(encoding="utf-8"))
        if found != 1:
            raise ValueError(f"{cut.pattern!r} is {found} times in {cut.file}")
        path.write_text(changed, encoding="utf-8")
    command = [sys.executable, "-m", "tests.faults.reminders", "--kills", "40", "--brief"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=SECONDS)
    told = re.compile(r"^(FAILED|ERROR|sqlite:|postgresql:|\d+ failed|\d+ passed)")
    lines = [line for line in done.stdout.splitlines() if told.match(line)]
    return done.returncode != 0, lines or done.stderr.splitlines()[-3:]


if __name__ == "__main__":
    sys.exit(main())
