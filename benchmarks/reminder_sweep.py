"""Time the planning of 50,000 due reminders among 3,000,000 dates against one plain statement.

Run: python -m benchmarks.reminder_sweep [--dates N] [--database sqlite|postgresql]

The floor is one INSERT … SELECT … NOT EXISTS … ON CONFLICT DO NOTHING: into a table of two columns,
the least a database can do, and into the outbox itself, whose rows say to whom, by which way, of
which step, and what became of it. Exit 1 when the plan takes more than LIMIT of the second floor,
or holds another writer longer than HELD.
"""

import argparse
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path
from time import perf_counter, sleep

from flask import Flask

import worker_legal
from tests import builders as make
from tests.faults.reminders import fresh, templates
from tests.support.clocks import MORNING
from tests.support.settings import make_settings
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders.deliver import plan_owed
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction

DATES, PER_DUE, PER_CASE = 3_000_000, 60, 3
ROUNDS = 3
LIMIT, HELD = 3.0, 0.200
TODAY = date(2026, 11, 23)

NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})"
    " SELECT i FROM n) numbers",
    "postgresql": "(SELECT generate_series(1, {n}) AS i) numbers",
}
CASES = """INSERT INTO legal_case (id, version, uid, case_no, org_unit_id, handler_id, status,
 dispute_kind, channel, source, registered_on, close_reason, worker_count, claimed_fen, agreed_fen,
 recovered_fen, flags, has_flags, oral_application, quiet_contact, consent_version)
 SELECT i + 100, 1, 'u' || i, 'n' || i, {site}, {handler}, 'open', 'pay', 'walk_in', 'bench',
 '2026-01-06', '', 1, 0, 0, 0, '[]', false, false, false, '' FROM {numbers}"""
# one date in sixty is due, one in seventeen lies far ahead, all the others are met
DATES_IN = """INSERT INTO deadline (version, case_id, rule_code, rule_version, trigger_ref, due_on,
 remind_on, who, state, provisional, optional, confirmed, quiet, known_on)
 SELECT 1, 101 + (i - 1) / {per_case}, 'mediation.end', '1', 'event:' || i, {day}, {day}, 'office',
 CASE WHEN i % {per_due} = 0 OR i % 17 = 1 THEN 'open' ELSE 'met' END,
 false, false, true, false, '2026-01-06' FROM {numbers}"""
FLOOR_TABLE = """CREATE TABLE bench_notification (id {serial}, deadline_id BIGINT NOT NULL,
 for_date DATE NOT NULL, UNIQUE (deadline_id, for_date))"""
FLOOR = """INSERT INTO bench_notification (deadline_id, for_date)
 SELECT d.id, '2026-11-23' FROM deadline d WHERE state = 'open' AND remind_on >= '2026-11-23'
 AND remind_on <= '2027-01-07' AND NOT EXISTS (SELECT 1 FROM bench_notification x
 WHERE x.deadline_id = d.id AND x.for_date = '2026-11-23') ON CONFLICT DO NOTHING"""
SAME_TABLE = """INSERT INTO outbox_message (dedupe_key, deadline_id, deadline_version, case_id,
 rule_code, step, addressee_id, channel, legal_date, due_at, created_at, is_late, state,
 available_at, lease_owner, fence, attempts, last_error)
 SELECT d.id || ':1:mediation.end:day-7:{handler}:inbox', d.id, d.version, d.case_id, d.rule_code,
 'day-7', {handler}, 'inbox', d.due_on, '{at}', '{at}', false, 'ready', '{at}', '', 0, 0, ''
 FROM deadline d WHERE state = 'open' AND remind_on >= '2026-11-23' AND remind_on <= '2027-01-07'
 AND NOT EXISTS (SELECT 1 FROM outbox_message x
 WHERE x.dedupe_key = d.id || ':1:mediation.end:day-7:{handler}:inbox') ON CONFLICT DO NOTHING"""


class Probe:
    """Another writer, who saves a row again and again and notes the longest wait."""

    def __init__(self, app: Flask) -> None:
        self.app, self.longest, self.saves = app, 0.0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Probe":
        self._thread.start()
        sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        with self.app.app_context():
            while not self._stop.is_set():
                begun = perf_counter()
                with transaction():
                    run("UPDATE bench_probe SET n = n + 1")
                self.longest = max(self.longest, perf_counter() - begun)
                self.saves += 1
                sleep(0.005)
            db.session.remove()


def main() -> int:
    """Print the ratios for each database; 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dates", type=int, default=DATES)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="")
    given = parser.parse_args()
    clock.fix(MORNING)
    exceeded = False
    with tempfile.TemporaryDirectory(prefix="wl-bench-") as name:
        folder = Path(name)
        with templates(folder) as both:
            for template in both:
                kind = "sqlite" if template.startswith("sqlite") else "postgresql"
                if given.database in ("", kind):
                    with fresh(template, folder) as url, office(url, folder) as app:
                        exceeded |= measure(app, kind, given.dates)
    return int(exceeded)


@contextmanager
def office(url: str, folder: Path) -> Iterator[Flask]:
    """The program on an empty database."""
    instance = folder / "instance"
    instance.mkdir(exist_ok=True)
    app = worker_legal.create_app(make_settings(url, instance))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def measure(app: Flask, kind: str, dates: int) -> bool:
    """Fill the database, plan it and run the floors in turn; gives whether a limit is exceeded."""
    begun = perf_counter()
    handler = fill(kind, dates)
    print(f"{kind}: {dates:,} dates made in {perf_counter() - begun:.0f} s", flush=True)
    same = SAME_TABLE.format(handler=handler, at=instant(kind))
    first: dict[str, list[float]] = {"floor": [], "same": [], "plan": []}
    again: dict[str, list[float]] = {"floor": [], "plan": []}
    held = []
    for _ in range(ROUNDS):
        empty(kind)
        first["floor"].append(timed(lambda: statement(FLOOR)))
        again["floor"].append(timed(lambda: statement(FLOOR)))
        first["same"].append(timed(lambda: statement(same)))
        empty(kind)
        first["plan"].append(plan())
        again["plan"].append(plan())
        empty(kind)
        with Probe(app) as probe:
            plan()
        held.append(probe.longest)
    return report(kind, first, again, statistics.median(held))


def report(
    kind: str,
    first: dict[str, list[float]],
    again: dict[str, list[float]],
    held: float,
) -> bool:
    """Print medians in milliseconds and the ratios."""
    one = {name: statistics.median(values) for name, values in first.items()}
    two = {name: statistics.median(values) for name, values in again.items()}
    ratio = one["plan"] / one["same"]
    for name, words in (("floor", "floor, two columns"), ("same", "floor, into the outbox")):
        print(f"{kind}: {words:<28}{one[name] * 1e3:8.0f} ms")
    print(f"{kind}: {'our planning':<28}{one['plan'] * 1e3:8.0f} ms")
    print(f"{kind}: planning / floor, two columns{one['plan'] / one['floor']:7.1f}x")
    print(f"{kind}: planning / floor into the outbox{ratio:4.1f}x   limit {LIMIT}")
    print(
        f"{kind}: again, nothing new: floor {two['floor'] * 1e3:.0f} ms,"
        f" planning {two['plan'] * 1e3:.0f} ms, without a lock"
    )
    print(
        f"{kind}: another writer waited at most {held * 1e3:.0f} ms   limit {HELD * 1e3:.0f}",
        flush=True,
    )
    return ratio > LIMIT or held > HELD


def fill(kind: str, dates: int) -> int:
    """An office with one handler, a third as many cases as dates, and the dates."""
    with transaction():
        centre = make.make_office()
        handler = make.make_user(centre, Role.MEDIATOR)
        cases = NUMBERS[kind].format(n=dates // PER_CASE + 1)
        values = {"site": centre.id, "handler": handler.id, "numbers": cases}
        run(CASES.format(**values))
        numbers = NUMBERS[kind].format(n=dates)
        parts = {"per_case": PER_CASE, "per_due": PER_DUE, "day": day_of(kind)}
        run(DATES_IN.format(numbers=numbers, **parts))
        serial = "INTEGER PRIMARY KEY"
        if kind == "postgresql":
            serial = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        run(FLOOR_TABLE.format(serial=serial))
        run("CREATE TABLE bench_probe (n INTEGER)")
        run("INSERT INTO bench_probe VALUES (0)")
        number = handler.id
    outside("ANALYZE")
    return number


def instant(kind: str) -> str:
    """This moment as the database keeps it."""
    return f"{MORNING.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" + ("" if kind == "sqlite" else "+00")


def day_of(kind: str) -> str:
    """Due in four to seven days, ten months or more ahead, or past: an expression of i."""
    ahead = f"CASE WHEN i % {PER_DUE} = 0 THEN 4 + i / {PER_DUE} % 4"
    ahead += " WHEN i % 17 = 1 THEN 300 + i % 300 ELSE -1 - i % 320 END"
    if kind == "sqlite":
        return f"date('{TODAY}', ({ahead}) || ' days')"
    return f"DATE '{TODAY}' + CAST({ahead} AS INTEGER)"


def statement(text: str) -> None:
    """One statement in one transaction."""
    with transaction():
        run(text)


def run(text: str) -> None:
    """A statement as it is written; there is nothing to bind."""
    db.session.connection().exec_driver_sql(text, None, {"no_parameters": True})


def plan() -> float:
    """Plan what is owed as a round does; gives the seconds it took."""
    begun = perf_counter()
    plan_owed()
    return perf_counter() - begun


def empty(kind: str) -> None:
    """Forget what was planned."""
    with transaction():
        run("DELETE FROM bench_notification")
        run("DELETE FROM outbox_message")
    if kind == "postgresql":
        outside("VACUUM ANALYZE bench_notification")
        outside("VACUUM ANALYZE outbox_message")
    if kind == "sqlite":
        outside("PRAGMA wal_checkpoint(TRUNCATE)")


def outside(text: str) -> None:
    """One statement that cannot stand in a transaction."""
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(text)


def timed(work: Callable[[], None]) -> float:
    """How long it took, in seconds."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
