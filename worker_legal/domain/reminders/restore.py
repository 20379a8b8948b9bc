"""After a restore nothing is sent until a person says so (threats R7, 4.2.13).

A database from a backup has forgotten what was sent since. It is told by a mark beside it: the
folder of the installation remembers the last round, the database remembers an older one.
"""

import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders import plan
from worker_legal.domain.reminders.models import RestoreFence
from worker_legal.infra import clock
from worker_legal.infra.db import db

RESTORED = "restored"
MARK = "last-round"


def is_fenced() -> bool:
    """Whether a restore waits for a person's word."""
    query = sa.select(RestoreFence.id).where(RestoreFence.confirmed_at.is_(None)).limit(1)
    return db.session.scalar(query) is not None


def raise_fence() -> None:
    """Stop planning and sending until somebody confirms; raising it twice changes nothing."""
    if not is_fenced():
        db.session.add(RestoreFence(noticed_at=clock.now()))
        db.session.flush()


def confirm_restore(actor: Actor) -> None:
    """Let reminders go out again: what the database knows as unsent, and nothing else."""
    actor.require(Action.VIEW_JOBS)
    waiting = sa.select(RestoreFence).where(RestoreFence.confirmed_at.is_(None))
    for fence in db.session.scalars(waiting):
        fence.confirmed_at, fence.confirmed_by = clock.now(), actor.user_id
        audit.record(actor, "confirm_restore", "restore", fence.id)
    db.session.flush()


def went_back(folder: Path) -> bool:
    """Whether the database remembers an older last round than the folder beside it."""
    mark, beat = _read(folder / MARK), plan.last_sign_of_life()
    return mark is not None and beat is not None and mark - beat.at > plan.LATE_AFTER


def keep_mark(folder: Path) -> None:
    """Note the last round beside the database; a half-written note is never seen.

    Each process writes a file of its own first, so that ten of them are in nobody's way.
    """
    beat = plan.last_sign_of_life()
    if beat is None:
        return
    fresh = folder / f"{MARK}.{os.getpid()}"
    fresh.write_text(beat.at.isoformat(), encoding="ascii")
    fresh.replace(folder / MARK)


def _read(path: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
