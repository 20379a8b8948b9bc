"""Work that takes longer than a page: one thread per job, its progress kept in memory."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from worker_legal.errors import NotFound, WorkerLegalError
from worker_legal.i18n import N_
from worker_legal.infra.db import transaction

log = logging.getLogger("worker_legal")
MOST = 200


@dataclass
class Job:
    """One piece of work: how far it is, and how it ended."""

    owner: int | None
    done: int = 0
    total: int = 0
    result: Any = None
    refusal: WorkerLegalError | None = None
    has_failed: bool = False
    has_ended: threading.Event = field(default_factory=threading.Event)

    def step(self, done: int, total: int) -> None:
        """Say how far the work is."""
        self.done, self.total = done, total

    @property
    def percent(self) -> int:
        """How far the work is, in per cent."""
        return 100 * self.done // self.total if self.total else 0


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def start(app: Flask, word: str, owner: int | None, work: Callable[[Job], Any]) -> Job:
    """Run the work in one transaction beside the pages; what runs already is not run twice."""
    with _lock:
        if word in _jobs:
            return _jobs[word]
        for old in [key for key, job in _jobs.items() if job.has_ended.is_set()][:-MOST]:
            del _jobs[old]
        job = _jobs[word] = Job(owner)
    name = f"job-{word[:6]}"
    threading.Thread(target=_run, args=(app, job, work), name=name, daemon=True).start()
    return job


def find(word: str, owner: int | None) -> Job:
    """The work under this word, for the person who started it.

    Raises NotFound, also after a restart of the server.
    """
    job = _jobs.get(word)
    if job is None or job.owner != owner:
        raise NotFound(N_("这项工作没有在进行，请看导入记录"))
    return job


def _run(app: Flask, job: Job, work: Callable[[Job], Any]) -> None:
    try:
        with app.app_context(), transaction():
            job.result = work(job)
    except WorkerLegalError as refused:
        job.refusal = refused
    except Exception:
        log.exception("background work failed")
        job.has_failed = True
    finally:
        job.has_ended.set()
