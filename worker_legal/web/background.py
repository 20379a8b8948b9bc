"""Work that takes longer than a page: one thread per job, its progress seen by every process."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from worker_legal.errors import NotFound, RuleBroken, WorkerLegalError
from worker_legal.i18n import N_
from worker_legal.infra import progress
from worker_legal.infra.db import transaction

log = logging.getLogger("worker_legal")
MOST = 200
BEAT = 0.5
# a work without a sign of life for so long was cut off by a restart
SILENCE = timedelta(minutes=2)
CUT_OFF = N_("导入中断了（服务器可能重新启动过），什么都没有写入，请重新上传")


@dataclass
class Job:
    """One piece of work: how far it is, and how it ended; its result is plain data."""

    owner: int | None
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = None
    refusal: WorkerLegalError | None = None
    has_failed: bool = False
    has_ended: threading.Event = field(default_factory=threading.Event)
    keep: Callable[["Job"], None] = lambda _job: None
    kept_at: float = 0.0

    def step(self, done: int, total: int) -> None:
        """Say how far the work is."""
        self.done, self.total = done, total
        if time.monotonic() - self.kept_at > BEAT:
            self.kept_at = time.monotonic()
            self.keep(self)

    @property
    def percent(self) -> int:
        """How far the work is, in per cent."""
        return 100 * self.done // self.total if self.total else 0

    def state(self) -> dict[str, Any]:
        """The job as plain data, for the other processes."""
        refusal = self.refusal
        return {
            "owner": self.owner,
            "done": self.done,
            "total": self.total,
            "result": self.result,
            "refusal": [refusal.text, dict(refusal.params)] if refusal else None,
            "failed": self.has_failed,
            "ended": self.result is not None or refusal is not None or self.has_failed,
        }


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def start(
    app: Flask,
    folder: Path,
    word: str,
    owner: int | None,
    work: Callable[[Job], dict[str, Any]],
) -> None:
    """Run the work in one transaction beside the pages; what runs already is not run twice."""
    job = Job(owner, keep=lambda job: progress.write(folder, word, job.state()))
    if not progress.claim(folder, word, job.state()):
        return
    with _lock:
        for old in [key for key, job in _jobs.items() if job.has_ended.is_set()][:-MOST]:
            del _jobs[old]
        _jobs[word] = job
    name = f"job-{word[:6]}"
    threading.Thread(target=_run, args=(app, job, work), name=name, daemon=True).start()


def find(folder: Path, word: str, owner: int | None) -> Job:
    """The work under this word, in whichever process, for the person who started it.

    Raises NotFound.
    """
    found = progress.read(folder, word)
    if found is None or found[0]["owner"] != owner:
        raise NotFound(N_("这项工作没有在进行，请看导入记录"))
    own = _jobs.get(word)
    return own if own is not None else _job_of(*found)


def _job_of(state: dict[str, Any], age: timedelta) -> Job:
    job = Job(state["owner"], state["done"], state["total"], state["result"])
    job.has_failed = bool(state["failed"])
    if state["refusal"]:
        text, params = state["refusal"]
        job.refusal = RuleBroken(text, **params)
    if state["ended"]:
        job.has_ended.set()
    elif age > SILENCE:
        job.refusal = RuleBroken(CUT_OFF)
        job.has_ended.set()
    return job


def _run(app: Flask, job: Job, work: Callable[[Job], dict[str, Any]]) -> None:
    try:
        with app.app_context(), transaction():
            done = work(job)
        job.result = done
    except WorkerLegalError as refused:
        job.refusal = refused
    except Exception:
        log.exception("background work failed")
        job.has_failed = True
    finally:
        try:
            job.keep(job)
        finally:
            job.has_ended.set()
