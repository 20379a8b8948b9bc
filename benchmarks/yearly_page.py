"""The yearly page at 10,000, 100,000 and more cases: what a look costs, with and without buckets.

    python -m benchmarks.yearly_page [SIZE ...]

Builds an office of made-up cases by bulk statements in a database of its own (SQLite, in a
temporary folder), adds the figures up, and prints the time of the additive part of the page for
the whole office, as a ratio to the smallest size; after one change; and counted live.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import flask_migrate
import sqlalchemy as sa

import worker_legal
from worker_legal.config import Settings
from worker_legal.domain import org
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import breakdowns, measures, recount, rollup, trends
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import CaseStatus, Channel, DisputeKind, OrgKind, Outcome, Stage

SYSTEM = Actor.system("benchmark")
YEAR = measures.whole_year(2025)
FIRST, DAYS = date(2022, 1, 1), 1786
SITES, BATCH, ROUNDS = 30, 10_000, 7
PROCEEDINGS = (
    "INSERT INTO proceeding (version, case_id, stage, seq, status, forum, docket_no, filed_on, "
    "claimed_fen, awarded_fen, facts) SELECT 1, id, :stage, 1, 'applied', '', '', registered_on, "
    "0, 0, '{}' FROM legal_case WHERE id > :start"
)


def main(sizes: list[int]) -> None:
    """Measure each size and print one line for it."""
    print("cases      page ms  ratio   after a change ms  ratio   live ms  add up s")
    base: tuple[float, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            page, touched, live, built = _measure(Path(folder), size)
        base = base or (page, touched)
        print(
            f"{size:<10} {page:7.1f}  {page / base[0]:5.2f}   {touched:17.1f}  "
            f"{touched / base[1]:5.2f}   {live:7.1f}  {built:8.1f}",
            flush=True,
        )


def _measure(folder: Path, size: int) -> tuple[float, float, float, float]:
    keys = {"secret_key": "b" * 40, "index_key": "c" * 40, "portal_key": "d" * 40}
    settings = Settings(
        instance_dir=folder, database_url=f"sqlite:///{folder / 'bench.db'}", field_keys=(), **keys
    )
    with worker_legal.create_app(settings).app_context():
        flask_migrate.upgrade()
        _fill(size)
        with transaction():
            began = time.perf_counter()
            recount.rebuild()
        built = time.perf_counter() - began
        page = _median(_page)
        with transaction():
            db.session.execute(sa.update(Case).where(Case.id == size // 2).values(claimed_fen=7))
        found = page, _median(_page), _median(_live), built
        db.engine.dispose()
    return found


def _page() -> None:
    """What the page adds up: the figures, their course, the books, and every table."""
    wanted = measures.registered_in(YEAR, None)
    measures.case_count(SYSTEM, wanted)
    rollup.by(SYSTEM, wanted, rollup.MONTH)
    trends.balance(SYSTEM, YEAR, None)
    breakdowns.breakdowns(SYSTEM, wanted, YEAR)


def _live() -> None:
    wanted = measures.registered_in(YEAR, None)
    for dimension in (rollup.WHOLE, rollup.MONTH, rollup.SITE, *rollup.COLUMNS, rollup.STAGE):
        rollup.live(SYSTEM, wanted, dimension)


def _median(work: Callable[[], object]) -> float:
    """The median of some rounds in milliseconds, after one that is not counted."""
    times = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
        db.session.rollback()
    return median(times[1:])


def _fill(size: int) -> None:
    random = Random(42)  # noqa: S311 - made-up data
    with transaction():
        sites = _sites()
    for start in range(0, size, BATCH):
        with transaction():
            rows = [
                _row(random, sites, number) for number in range(start, min(start + BATCH, size))
            ]
            db.session.execute(sa.insert(Case), rows)
            db.session.execute(sa.text(PROCEEDINGS), {"start": start, "stage": "mediation"})


def _sites() -> list[int]:
    org.set_up_office(SYSTEM, "示例中心", "示援", public_url="http://localhost")
    centre = org.add_unit(SYSTEM, OrgKind.CENTRE, "示例中心", "C", None, tuple(Stage))
    more = [
        org.add_unit(SYSTEM, OrgKind.STATION, f"第{n}站", f"S{n}", centre, ())
        for n in range(SITES - 1)
    ]
    return [centre.id, *(unit.id for unit in more)]


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
