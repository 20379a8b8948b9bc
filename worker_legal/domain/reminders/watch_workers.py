"""What became of each message to a worker about a hearing, with a second try for what failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.sight import may_see
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders.models import OutboxState
from worker_legal.domain.reminders.routes import OfficeRoute, Route, office_uses
from worker_legal.domain.reminders.summons import WorkerMessage
from worker_legal.domain.reminders.untold import in_trouble
from worker_legal.domain.reminders.watch import PAGE, Standing
from worker_legal.errors import NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db


@dataclass(frozen=True)
class WorkerLine:
    """One message to one worker, who is not named in the list."""

    id: int
    held_at: datetime
    route: Route
    standing: Standing
    reason: str
    attempts: int
    case_id: int
    case_no: str
    created_at: datetime
    sent_at: datetime | None
    may_retry: bool


def worker_messages(
    actor: Actor, trouble_only: bool, before: int | None = None
) -> list[WorkerLine]:
    """A page of messages to workers, newest first; one more when there is another page."""
    query = _visible(actor)
    if trouble_only:
        query = query.where(in_trouble())
    if before is not None:
        query = query.where(WorkerMessage.id < before)
    rows = db.session.execute(query.order_by(WorkerMessage.id.desc()).limit(PAGE + 1)).all()
    has_gateway = office_uses(Route.SMS)
    return [_line(message, case_no, has_gateway) for message, case_no in rows]


def worker_trouble_count(actor: Actor) -> int:
    """How many messages to workers are not getting through."""
    query = _visible(actor).where(in_trouble())
    return int(db.session.scalar(query.with_only_columns(sa.func.count(WorkerMessage.id))) or 0)


def retry_worker(actor: Actor, message_id: int) -> None:
    """Send one message by the gateway anew, as if it had never been tried.

    Raises NotFound outside the actor's sight, RuleBroken for one that needs no second try.
    """
    query = _visible(actor).where(WorkerMessage.id == message_id)
    row = db.session.scalar(query.with_only_columns(WorkerMessage))
    if row is None:
        raise NotFound(N_("没有这条消息"))
    if not (_is_failing(row) and office_uses(Route.SMS)):
        raise RuleBroken(N_("这条消息不用再试"))
    _again(actor, [row])


def retry_workers(actor: Actor) -> int:
    """Send anew by the gateway what is not getting through to workers; gives how many."""
    if not office_uses(Route.SMS):
        return 0
    query = _visible(actor).where(in_trouble())
    rows = list(db.session.scalars(query.with_only_columns(WorkerMessage)))
    if rows:
        _again(actor, rows)
    return len(rows)


def standing_of_worker(row: WorkerMessage) -> Standing:
    """How far a message to a worker has come."""
    if row.state is not OutboxState.READY:
        return Standing.ACCEPTED if row.state is OutboxState.SENT else Standing.CANCELLED
    if row.last_error:
        return Standing.PARKED if row.route is Route.BY_HAND else Standing.FAILED
    is_sending = row.attempts > 0 and row.available_at > clock.now()
    return Standing.SENDING if is_sending else Standing.WAITING


def _again(actor: Actor, rows: list[WorkerMessage]) -> None:
    now = clock.now()
    for row in rows:
        row.route, row.attempts, row.available_at = Route.SMS, 0, now
        row.last_error, row.created_at = "", now  # a new hour in which it may get through
    rested = sa.update(OfficeRoute).where(OfficeRoute.kind == Route.SMS).values(rests_until=None)
    db.session.execute(rested.execution_options(synchronize_session=False))
    db.session.flush()
    audit.record(actor, "retry_delivery", "message", None, "", count=len(rows))


def _is_failing(row: WorkerMessage) -> bool:
    is_open = row.state is OutboxState.READY and row.held_at > clock.now()
    return is_open and row.last_error != ""


def _visible(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(WorkerMessage, Case.case_no)
        .join(Case, Case.id == WorkerMessage.case_id)
        .where(may_see(actor, Action.WATCH_DELIVERY))
    )


def _line(row: WorkerMessage, case_no: str, has_gateway: bool) -> WorkerLine:
    return WorkerLine(
        id=row.id,
        held_at=row.held_at,
        route=row.route,
        standing=standing_of_worker(row),
        reason=row.last_error,
        attempts=row.attempts,
        case_id=row.case_id,
        case_no=case_no,
        created_at=row.created_at,
        sent_at=row.sent_at,
        may_retry=has_gateway and _is_failing(row),
    )
