"""What is not getting through outside is told inside, to the person and to who leads the site."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.reminders import plan
from worker_legal.domain.reminders.models import (
    INBOX,
    DeliveryAttempt,
    OutboxMessage,
    OutboxState,
)
from worker_legal.domain.reminders.routes import Route
from worker_legal.domain.reminders.staff import Staff, staff
from worker_legal.infra import clock
from worker_legal.infra.db import db

UNDELIVERED = "undelivered"
TOLD_AFTER = timedelta(minutes=15)
# In the tray a message waits for a person, who may be out.
TOLD_AFTER_IN_TRAY = timedelta(days=1)


def tell() -> int:
    """Owe an inbox notice for each reminder that is set aside or long on its way, once.

    Gives how many reminders it was about. The notices are delivered like every other.
    """
    now = clock.now()
    query = (
        sa.select(OutboxMessage, OrgUnit.path)
        .join(Case, Case.id == OutboxMessage.case_id)
        .join(OrgUnit, OrgUnit.id == Case.org_unit_id)
        .where(
            OutboxMessage.told_at.is_(None), OutboxMessage.step != UNDELIVERED, plan.still_valid()
        )
        .where(_is_stuck(now))
        .order_by(OutboxMessage.id)
    )
    stuck = db.session.execute(query).all()
    if not stuck:
        return 0
    people = staff(clock.local(now).date())
    plan.write([row for message, path in stuck for row in _notices(message, path, people, now)])
    for message, _ in stuck:
        message.told_at = now
    db.session.flush()
    return len(stuck)


def _is_stuck(now: datetime) -> sa.ColumnElement[bool]:
    """Set aside; or outside, ready or tried for a quarter of an hour; or a day in the tray."""
    is_tray = OutboxMessage.channel == Route.BY_HAND.value
    tried = sa.select(DeliveryAttempt.id).where(
        DeliveryAttempt.outbox_id == OutboxMessage.id,
        DeliveryAttempt.started_at <= now - TOLD_AFTER,
    )
    waits = sa.or_(
        OutboxMessage.available_at <= now - TOLD_AFTER, tried.correlate(OutboxMessage).exists()
    )
    in_tray = sa.and_(is_tray, OutboxMessage.available_at <= now - TOLD_AFTER_IN_TRAY)
    on_its_way = sa.and_(~is_tray, OutboxMessage.channel != INBOX, waits)
    is_ready = OutboxMessage.state == OutboxState.READY
    return sa.or_(
        OutboxMessage.state == OutboxState.PARKED,
        sa.and_(is_ready, sa.or_(in_tray, on_its_way)),
    )


def _notices(
    message: OutboxMessage, path: str, people: Staff, now: datetime
) -> Iterator[dict[str, Any]]:
    own = [] if message.channel == INBOX else [message.addressee_id]
    about = plan.About(*(getattr(message, name) for name in plan.About._fields))
    for person in dict.fromkeys([*own, *people.directors_of(path)]):
        yield plan.notice(about, UNDELIVERED, person, now)
