"""Making an export beside the pages: its progress in its row, its file sealed for its owner."""

import logging
import threading
from collections.abc import Iterable

from flask import Flask
from flask_babel import force_locale, gettext

from worker_legal.domain import imports
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import exporting
from worker_legal.domain.statistics.export import Step
from worker_legal.domain.statistics.exporting import ExportJob
from worker_legal.infra import waiting
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import Table, write_csv, write_xlsx
from worker_legal.web.security import settings

# the kind of export that is the office's own ledger
LEDGER = "ledger"
log = logging.getLogger("worker_legal")


def start(app: Flask, actor: Actor, job_id: int, spoken: str) -> None:
    """Let a thread of its own make the export, in this language."""
    work = threading.Thread(
        target=_run, args=(app, actor, job_id, spoken), name=f"export-{job_id}", daemon=True
    )
    work.start()


def file_of(actor: Actor, job: ExportJob) -> bytes:
    """The finished file, opened for its owner.

    Raises NotFound when it is gone.
    """
    return waiting.get(settings().export_dir, job.file, _owner(actor))


def _run(app: Flask, actor: Actor, job_id: int, spoken: str) -> None:
    with app.app_context(), force_locale(spoken):
        try:
            word = waiting.put(settings().export_dir, _made(actor, job_id), _owner(actor))
            with transaction():
                exporting.finish(job_id, word)
        except Exception:
            # whatever it was, the page has to tell that nothing came of it
            log.exception("export failed")
            with transaction():
                exporting.fail(job_id)


def _made(actor: Actor, job_id: int) -> bytes:
    job = exporting.get_mine(actor, job_id)
    kind, last_line = job.kind, [exporting.watermark(job, _words)] if job.has_identifiers else []

    def step(done: int) -> None:
        with transaction():
            exporting.step(job_id, done)

    if kind == LEDGER:
        return write_xlsx(_ledger(actor, job, step))
    tables = exporting.sheets(actor, job, step, _words)
    db.session.rollback()
    return write_xlsx(tables) if kind == "xlsx" else _csv(tables[-1], last_line)


def _ledger(actor: Actor, job: ExportJob, step: Step) -> list[Table]:
    """The books in the office's own form; a ledger is Chinese in every language."""
    mark = exporting.watermark(job, _words) if job.has_identifiers else ""
    return imports.ledger_tables(
        actor, imports.pages(), job.case_ids, step, job.has_identifiers, mark
    )


def _csv(table: Table, last_line: list[str]) -> bytes:
    def rows() -> Iterable[list[str]]:
        yield from table.rows  # type: ignore[misc]
        if last_line:
            yield last_line

    return b"".join(write_csv(table.head, rows()))


def _words(text: str) -> str:
    return gettext(text) if text else ""


def _owner(actor: Actor) -> str:
    return f"user:{actor.user_id}"
