"""Who opened a file: one line in the log, which the worker is told of by role."""

from datetime import timedelta

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.audit import AuditEntry
from worker_legal.domain.cases.sight import get_case
from worker_legal.domain.permissions import Actor
from worker_legal.infra import clock
from worker_legal.infra.db import db

VIEW = "view"
ONE_LOOK = timedelta(minutes=10)


def has_just_seen(actor: Actor, case_id: int) -> bool:
    """Whether the person opened this file within the last ten minutes."""
    query = sa.select(AuditEntry.id).where(
        AuditEntry.object == "case",
        AuditEntry.object_id == case_id,
        AuditEntry.action == VIEW,
        AuditEntry.actor_id == actor.user_id,
        AuditEntry.at > clock.now() - ONE_LOOK,
    )
    return db.session.scalar(query.limit(1)) is not None


def note_view(actor: Actor, case_id: int) -> None:
    """Log that a person opened a file in sight; turning its pages counts as one look.

    Raises NotFound for a case out of sight.
    """
    case = get_case(actor, case_id)
    audit.record(actor, VIEW, "case", case.id, case.site.path or "")
