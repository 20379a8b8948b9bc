"""A message to a worker that is not getting through is told inside, while somebody can still call.

It goes a day before the hearing at most, so it never waits for the office to open.
"""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case, Deadline, Proceeding
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.reminders import plan
from worker_legal.domain.reminders.ladder import DIRECTOR
from worker_legal.domain.reminders.models import OutboxState
from worker_legal.domain.reminders.routes import Route
from worker_legal.domain.reminders.staff import staff
from worker_legal.domain.reminders.summons import WorkerMessage
from worker_legal.infra import clock
from worker_legal.infra.db import db

UNTOLD = "untold"
HEARING = "agreed.hearing"
# So long in the tray without being ticked off, or so near the hearing.
TOLD_AFTER = timedelta(hours=3)
LAST_CALL = timedelta(hours=4)


def tell_of_workers() -> int:
    """Owe the handler and the director a notice for each hearing whose workers are not told.

    One notice a hearing, however many workers and however often it is asked; gives how many.
    """
    now = clock.now()
    hearings = _hearings(now)
    if not hearings:
        return 0
    people = staff(clock.local(now).date())
    rows = [
        plan.notice(plan.About(*about), UNTOLD, person, now)
        for *about, handler_id, path in hearings
        for person in people.told(handler_id, path, DIRECTOR)
    ]
    return plan.write(rows)


def in_trouble() -> sa.ColumnElement[bool]:
    """The condition that a message was tried in vain and the hearing is still ahead."""
    return sa.and_(
        WorkerMessage.state == OutboxState.READY,
        WorkerMessage.last_error != "",
        WorkerMessage.held_at > clock.now(),
    )


def _hearings(now: datetime) -> list[sa.Row[Any]]:
    """What a notice is about, handler and place of the hearings whose workers are not told."""
    days = _days_of_stuck(now)
    if not days:
        return []
    query = (
        sa.select(
            Deadline.id,
            Deadline.version,
            Deadline.case_id,
            Deadline.rule_code,
            Deadline.due_on,
            sa.func.coalesce(Proceeding.handler_id, Case.handler_id),
            OrgUnit.path,
        )
        .join(Case, Case.id == Deadline.case_id)
        .join(OrgUnit, OrgUnit.id == Case.org_unit_id)
        .outerjoin(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .where(Deadline.case_id.in_({case_id for case_id, _ in days}), *plan.is_open())
        .where(Deadline.rule_code == HEARING)
    )
    found = db.session.execute(query).all()
    return [row for row in found if (row.case_id, row.due_on) in days]


def _days_of_stuck(now: datetime) -> set[tuple[int, date]]:
    """Case and day of each message in the tray that failed, is old or urgent."""
    is_urgent = sa.or_(
        WorkerMessage.last_error != "",
        WorkerMessage.created_at <= now - TOLD_AFTER,
        WorkerMessage.held_at <= now + LAST_CALL,
    )
    query = sa.select(WorkerMessage.case_id, WorkerMessage.held_at).where(
        WorkerMessage.state == OutboxState.READY,
        WorkerMessage.route == Route.BY_HAND,
        WorkerMessage.held_at > now,
        is_urgent,
    )
    return {(case_id, clock.local(at).date()) for case_id, at in db.session.execute(query)}
