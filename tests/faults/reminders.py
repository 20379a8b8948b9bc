"""The fault suite of the reminders: `python -m tests.faults.reminders [--long]`.

Fails at every step, then kills workers at random on both databases; the long form also holds
many random sequences of events against a model of the rules. The last line for each
database is `kills=… due=… lost=… doubled=…`; the exit code is 1 when anything was found.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from tests.faults.killing import Round, play
from tests.support.databases import TEMPLATE, execute, in_database, migrate, start_postgres

SHORT, LONG = 200, 2_000
KILLS_PER_ROUND = 100
DATES_PER_KILL = 3
WORKERS = (3, 10)
STEPS = "tests/faults/test_reminder_steps.py"
OUTAGES = "tests/faults/test_outage.py"
MACHINE = "tests/faults/test_reminder_machine.py"
LONG_SEQUENCES = "150"


def main() -> int:
    """Run what the command line asks for; 0 when nothing was lost, doubled or found wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help=f"{LONG} kills per database")
    parser.add_argument("--kills", type=int, default=0, help="so many kills per database")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--template", default="", help="only kills, on copies of this database")
    parser.add_argument(
        "--brief", action="store_true", help="steps on SQLite, without the slow and the outages"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # workers and server end with us
    kills = given.kills or (LONG if given.long else SHORT)
    with tempfile.TemporaryDirectory(prefix="wl-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if given.template:
            return int(not suite(given.template, folder, kills, given.seed))
        chosen = ["-m", "not postgres and not slow"] if given.brief else [OUTAGES]
        steps = subprocess.call([sys.executable, "-m", "pytest", "-q", STEPS, *chosen])
        if given.long:
            many = {**os.environ, "WL_SEQUENCES": LONG_SEQUENCES}
            # hours of work are no hang: a test that takes long need not show where it stands
            patient = ["-o", "faulthandler_timeout=0"]
            command = [sys.executable, "-m", "pytest", "-q", MACHINE, *patient]
            steps |= subprocess.call(command, env=many)
        with templates(folder) as both:
            results = [suite(template, folder, kills, given.seed) for template in both]
    return int(bool(steps) or not all(results))


def suite(template: str, folder: Path, kills: int, seed: int) -> bool:
    """All rounds on one kind of database; prints its line and gives whether all is well."""
    draw, begun = Random(seed), time.monotonic()
    kind = "sqlite" if template.startswith("sqlite") else "postgresql"
    rounds = [Round(seed, WORKERS[1], 0, 120)]  # ten tickers at once, none of them killed
    for start in range(0, kills, KILLS_PER_ROUND):
        number = min(KILLS_PER_ROUND, kills - start)
        workers = draw.randint(*WORKERS)
        rounds.append(Round(draw.randrange(10**6), workers, number, number * DATES_PER_KILL))
    total = due = lost = doubled = repeated = 0
    faults: list[str] = []
    for plan in rounds:
        with fresh(template, folder) as url:
            killed, verdict = play(url, folder / "instance", plan)
        total, due = total + killed, due + verdict.due
        lost, doubled = lost + verdict.lost, doubled + verdict.doubled
        repeated += verdict.repeated
        faults += [f"{plan}: {fault}" for fault in verdict.faults]
    for fault in faults:
        print(f"{kind}: {fault}")
    seconds = time.monotonic() - begun
    print(f"{kind}: {len(rounds)} rounds, {len(faults)} faults, {seconds:.0f} s")
    print(f"{kind}: {repeated} messages came outside more than once")
    print(f"{kind}: kills={total} due={due} lost={lost} doubled={doubled}", flush=True)
    return not faults and total == kills


@contextmanager
def templates(folder: Path) -> Iterator[tuple[str, str]]:
    """A migrated database of each kind; ours end with the block."""
    path = folder / "template.db"
    migrate(f"sqlite:///{path}")
    given = os.environ.get("WL_TEST_DATABASE_URL", "").replace("postgresql+psycopg:", "postgresql:")
    data = Path(tempfile.mkdtemp(prefix="wl-pg-"))
    try:
        server = given or start_postgres(data, folder)
        if not given:
            execute(server, "ALTER SYSTEM SET fsync = off")
            execute(server, "SELECT pg_reload_conf()")
        execute(server, f"DROP DATABASE IF EXISTS {TEMPLATE}")
        execute(server, f"CREATE DATABASE {TEMPLATE}")
        migrate(in_database(server, TEMPLATE))
        yield f"sqlite:///{path}", server
    finally:
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def fresh(template: str, folder: Path) -> Iterator[str]:
    """A copy of the migrated database for one round."""
    if template.startswith("sqlite"):
        path = folder / "round.db"
        shutil.copy(template.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        for left in folder.glob("round.db*"):
            left.unlink()
        return
    name = f"wl_faults_{os.getpid()}"
    execute(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    try:
        yield in_database(template, name)
    finally:
        execute(template, f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
