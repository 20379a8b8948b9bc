"""What the jobs of the timetable did, and when each of them last ran; nothing rests on it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain.reminders.models import JobClock, JobRun
from worker_legal.infra import clock
from worker_legal.infra.db import db


def runs(limit: int = 50) -> list[JobRun]:
    """The last runs of the jobs that did something or failed, newest first."""
    query = sa.select(JobRun).order_by(JobRun.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def log_run(job: str, started_at: datetime, result: str, is_failure: bool = False) -> None:
    """Write one line of the timetable's log."""
    db.session.add(
        JobRun(
            job=job,
            started_at=started_at,
            finished_at=clock.now(),
            result=result[:200],
            is_failure=is_failure,
        )
    )


def note_clock(job: str, started_at: datetime, result: str = "", is_failure: bool = False) -> None:
    """Note when a job last ran, and what it did."""
    values = {
        "started_at": started_at,
        "finished_at": clock.now(),
        "result": result[:200],
        "is_failure": is_failure,
    }
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = insert(JobClock).values(job=job, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["job"], set_=values))


def job_clocks() -> dict[str, JobClock]:
    """The last run of each job that has run, by its name."""
    query = sa.select(JobClock).execution_options(populate_existing=True)
    return {row.job: row for row in db.session.scalars(query)}
