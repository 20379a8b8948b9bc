"""The yearly page at 10,000, 100,000 and a million cases: what a look at it costs.

    python -m benchmarks.yearly_page [SIZE ...]

Builds an office of made-up cases by bulk statements in a database of its own (SQLite, in a
temporary folder), signs a director in, and prints the time of the whole page: again when nothing
has changed; the first look after a change; and what the same figures cost counted live.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import worker_legal
from worker_legal.config import Settings
from worker_legal.domain import access, org
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import kept, measures, recount, rollup
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import CaseStatus, Channel, DisputeKind, OrgKind, Outcome, Stage

SYSTEM = Actor.system("benchmark")
YEAR = measures.whole_year(2025)
FIRST, DAYS = date(2022, 1, 1), 1786
SITES, BATCH, ROUNDS = 30, 10_000, 7
PAGE = "/statistics?from=2025-01-01&to=2025-12-31"
# every third case has an application for recognition; one person in twenty-five comes again
PEOPLE = (
    "INSERT INTO worker (id, version, uid, name, initials, gender, id_type, id_no_hash, "
    "id_no_last4, phone_last4) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < :most) SELECT i, 1, printf('%032x', i), '张三', 'zs', 'unknown', 'none', "
    "printf('%064x', i), '', '' FROM n",
    "INSERT OR IGNORE INTO case_party (case_id, side, worker_id, capacity, claimed_fen, "
    "claim_note, is_representative) WITH RECURSIVE k(j) AS (SELECT 0 UNION ALL SELECT j + 1 "
    "FROM k WHERE j < 5) SELECT c.id, 'applicant', CASE WHEN (c.id * 31 + j * 97) % 25 = 0 "
    "THEN 1 + (c.id * 40503 + j * 7919) % :most ELSE (c.id - 1) * 6 + j + 1 END, 'worker', 0, "
    "'', 0 FROM legal_case c JOIN k ON j < c.worker_count",
    "INSERT INTO proceeding (version, case_id, stage, seq, status, forum, docket_no, filed_on, "
    "claimed_fen, awarded_fen, facts) SELECT 1, id, 'mediation', 1, 'applied', '', '', "
    "registered_on, 0, 0, '{}' FROM legal_case",
    "INSERT INTO proceeding (version, case_id, stage, seq, status, forum, docket_no, filed_on, "
    "claimed_fen, awarded_fen, facts) SELECT 1, id, 'work_injury', 1, 'applied', '', '', "
    "registered_on, 0, 0, '{}' FROM legal_case WHERE id % 3 = 0",
    "INSERT INTO proceeding_party (proceeding_id, case_party_id) SELECT p.id, q.id "
    "FROM proceeding p JOIN case_party q ON q.case_id = p.case_id WHERE p.stage = 'work_injury'",
)
HEADS = ("cases", "kept ms", "ratio", "after a change ms", "ratio", "live ms", "add up s")


class Found(NamedTuple):
    """What one size costs: milliseconds, and seconds to add everything up once."""

    kept: float
    changed: float
    live: float
    built: float


def main(sizes: list[int]) -> None:
    """Measure each size and print one line for it."""
    print("{:<10}{:>10}{:>8}{:>20}{:>8}{:>10}{:>11}".format(*HEADS))
    base: Found | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found = _measure(Path(folder), size)
        base = base or found
        ratios = found.kept / base.kept, found.changed / base.changed
        print(
            f"{size:<10}{found.kept:10.1f}{ratios[0]:8.2f}{found.changed:20.1f}{ratios[1]:8.2f}"
            f"{found.live:10.1f}{found.built:11.1f}",
            flush=True,
        )


def _measure(folder: Path, size: int) -> Found:
    keys = {"secret_key": "b" * 40, "index_key": "c" * 40, "portal_key": "d" * 40}
    settings = Settings(
        instance_dir=folder, database_url=f"sqlite:///{folder / 'bench.db'}", field_keys=(), **keys
    )
    app = worker_legal.create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        client = _fill(app, size)
        began = time.perf_counter()
        with transaction():
            recount.rebuild()
            kept.clear_changes()
        built = time.perf_counter() - began
    look = partial(_look, client)
    found = _median(look), _median(look, partial(_change, app, size))
    with app.app_context():
        live = _median(_live)
        db.engine.dispose()
    return Found(*found, live, built)


def _look(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200, answer.status  # noqa: S101 - a benchmark checks what it times


def _change(app: Flask, size: int) -> None:
    with app.app_context(), transaction():
        changed = sa.update(Case).where(Case.id == size // 2)
        db.session.execute(changed.values(claimed_fen=Case.claimed_fen + 7))


def _live() -> None:
    """What the page shows, counted from the cases."""
    wanted = measures.registered_in(YEAR, None)
    for dimension in (rollup.WHOLE, rollup.MONTH, rollup.SITE, *rollup.COLUMNS, rollup.STAGE):
        rollup.live(SYSTEM, wanted, dimension)
    db.session.rollback()


def _median(work: Callable[[], object], before: Callable[[], object] | None = None) -> float:
    """The median of some rounds in milliseconds, after one that is not counted."""
    times = []
    for _ in range(ROUNDS + 1):
        if before is not None:
            before()
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times[1:])


def _fill(app: Flask, size: int) -> FlaskClient:
    """Put the office there, and give a browser in which its director is signed in."""
    random = Random(42)  # noqa: S311 - made-up data
    with transaction():
        sites, token = _office()
    for start in range(0, size, BATCH):
        with transaction():
            rows = [
                _row(random, sites, number) for number in range(start, min(start + BATCH, size))
            ]
            db.session.execute(sa.insert(Case), rows)
    with transaction():
        for statement in PEOPLE:
            db.session.execute(sa.text(statement), {"most": size * 6})
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _office() -> tuple[list[int], str]:
    """Thirty sites, and a session of the director."""
    org.set_up_office(SYSTEM, "示例中心", "示援", public_url="http://localhost")
    centre = org.add_unit(SYSTEM, OrgKind.CENTRE, "示例中心", "C", None, tuple(Stage))
    more = [
        org.add_unit(SYSTEM, OrgKind.STATION, f"第{n}站", f"S{n}", centre, ())
        for n in range(SITES - 1)
    ]
    director = access.add_user(
        SYSTEM, access.NewUser("director", "主任", centre.id, (Role.DIRECTOR,))
    )
    token = access.open_session(director, second_factor=True)
    return [centre.id, *(unit.id for unit in more)], token


def _row(random: Random, sites: list[int], number: int) -> dict[str, Any]:
    day = FIRST + timedelta(days=random.randrange(DAYS))
    closed = day + timedelta(days=random.randrange(90)) if random.random() < 0.9 else None
    return {
        "id": number + 1,
        "uid": f"{number:032x}",
        "case_no": f"示援〔{day.year}〕{number}号",
        "org_unit_id": random.choice(sites),
        "status": CaseStatus.CLOSED if closed else CaseStatus.OPEN,
        "closed_on": closed,
        "close_outcome": random.choice((Outcome.AGREED, Outcome.FAILED)) if closed else None,
        "dispute_kind": random.choice(list(DisputeKind)),
        "channel": random.choice(list(Channel)),
        "registered_on": day,
        "worker_count": 1 + random.randrange(6),
        "claimed_fen": random.randrange(10_000_000),
    }


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
