"""Changing several rows of the outbox at once, so that nobody waits for one another."""

from typing import Any

import sqlalchemy as sa

from worker_legal.domain.reminders.models import OutboxMessage
from worker_legal.infra.db import db


def change(*which: sa.ColumnElement[bool], **values: Any) -> int:
    """Change the rows that meet conditions; gives how many.

    They are locked in the order of their numbers, as by everybody who changes several: on
    PostgreSQL two that lock the same rows in different orders wait for one another for ever.
    """
    in_order = sa.select(OutboxMessage.id).where(*which).order_by(OutboxMessage.id)
    locked = in_order.with_for_update(of=OutboxMessage).cte("locked")
    changed = sa.update(OutboxMessage).where(OutboxMessage.id.in_(sa.select(locked.c.id)))
    done = db.session.execute(changed.values(**values).execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))
