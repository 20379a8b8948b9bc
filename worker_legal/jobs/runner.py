"""Running the timetable: inside the server, as a process of its own, or one job by hand."""

import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from worker_legal.domain import reminders
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.jobs.schedule import JOBS, Job

log = logging.getLogger("worker_legal.jobs")

NOTE_EVERY = timedelta(minutes=5)
_noted: dict[str, datetime] = {}

# A tick that was missed is not lost: every job asks what is due now.
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def run(name: str, app: Flask) -> str:
    """Run one job now and log what it did; gives its line.

    Raises NotFound for a job that is not in the timetable, and what the job itself raises.
    """
    job = get_job(name)
    with app.app_context():
        started = clock.now()
        try:
            result = job.work()
        except Exception as error:
            _note(name, started, type(error).__name__, is_failure=True)
            raise
        _note(name, started, result)
    return result


def _note(name: str, started: datetime, result: str, is_failure: bool = False) -> None:
    """Log what was done; that there was nothing to do is noted every few minutes only."""
    is_fresh = name in _noted and timedelta(0) <= started - _noted[name] < NOTE_EVERY
    if is_fresh and not result:
        return
    with transaction():
        reminders.note_clock(name, started, result, is_failure)
        if result:
            reminders.log_run(name, started, result, is_failure)
    _noted[name] = started


@dataclass(frozen=True)
class Outcome:
    """What a run did, or the kind of error that ended it."""

    result: str
    is_failure: bool = False


@dataclass(frozen=True)
class Timetable:
    """The jobs for who does not know them: the page that shows them and runs one now."""

    app: Flask

    def jobs(self) -> tuple[Job, ...]:
        """Every job, as the timetable has it."""
        return JOBS

    def run(self, name: str) -> Outcome:
        """Run one job now and say what came of it.

        Raises NotFound for a job that is not in the timetable.
        """
        get_job(name)
        with ThreadPoolExecutor(1) as apart:  # a job has a session of its own, as in its process
            try:
                return Outcome(apart.submit(run, name, self.app).result())
            except Exception as error:
                log.exception("job %s failed when it was asked for", name)
                return Outcome(type(error).__name__, is_failure=True)


def get_job(name: str) -> Job:
    """A job of the timetable by its name.

    Raises NotFound.
    """
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound(N_("没有叫“%(name)s”的任务"), name=name)


def start_background(app: Flask) -> BackgroundScheduler:
    """Start the timetable in a thread of this process; the first round runs at once."""
    scheduler = BackgroundScheduler(daemon=True, timezone=clock.SHANGHAI, job_defaults=DEFAULTS)
    for job in JOBS:
        at_once = {"next_run_time": clock.host_now()} if job.trigger == "interval" else {}
        scheduler.add_job(
            _run_quietly, job.trigger, args=(job.name, app), id=job.name, **job.when, **at_once
        )
    scheduler.start()
    return scheduler


def serve(app: Flask) -> None:
    """Run the timetable in this process until it is told to stop; a running job is finished.

    The main thread only waits: stopping from inside a signal handler can wait for itself.
    """
    ends = {signal.SIGTERM, signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    scheduler = start_background(app)
    try:
        signal.sigwait(ends)
    finally:
        scheduler.shutdown(wait=True)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_quietly(name: str, app: Flask) -> None:
    """A failing job is logged and tried again at its next time."""
    try:
        run(name, app)
    except Exception:
        log.exception("job %s failed", name)
