"""What became of each message outside: for the director, with a second try for what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.sight import may_see
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders import plan, texts
from worker_legal.domain.reminders.models import INBOX, OutboxMessage, OutboxState
from worker_legal.domain.reminders.routes import OfficeRoute, Route
from worker_legal.errors import NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import LabelledEnum

PAGE = 50


class Standing(LabelledEnum):
    """How far a message has come."""

    WAITING = "waiting", N_("等着送")
    SENDING = "sending", N_("正在送")
    ACCEPTED = "accepted", N_("已接收")
    FAILED = "failed", N_("没送到，会再试")
    PARKED = "parked", N_("没送到，已停")
    CANCELLED = "cancelled", N_("不用送了")


@dataclass(frozen=True)
class Message:
    """One reminder by one way, as the list shows it."""

    id: int
    addressee: str
    route: Route
    standing: Standing
    reason: str
    attempts: int
    what: str
    legal_date: date
    case_id: int
    case_no: str
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    waits_until: datetime | None
    may_retry: bool


def messages(actor: Actor, trouble_only: bool, before: int | None = None) -> list[Message]:
    """A page of messages of cases in sight, newest first; one more when there is another page."""
    query = _visible(actor)
    if trouble_only:
        query = query.where(_in_trouble())
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    rows = db.session.execute(query.order_by(OutboxMessage.id.desc()).limit(PAGE + 1)).all()
    return [_message(*row) for row in rows]


def trouble_count(actor: Actor) -> int:
    """How many messages are not getting through."""
    query = _visible(actor).where(_in_trouble())
    counted = query.with_only_columns(sa.func.count(OutboxMessage.id))
    return int(db.session.scalar(counted) or 0)


def retry(actor: Actor, message_id: int) -> None:
    """Send one message anew, as if it had never been tried.

    Raises NotFound outside the actor's sight, RuleBroken for one that needs no second try.
    """
    row = db.session.scalar(
        _visible(actor).with_only_columns(OutboxMessage).where(OutboxMessage.id == message_id)
    )
    if row is None:
        raise NotFound(N_("没有这条消息"))
    if not _may_retry(row):
        raise RuleBroken(N_("这条消息不用再试"))
    _again(actor, [row])


def retry_all(actor: Actor) -> int:
    """Send everything anew that is not getting through; gives how many."""
    query = _visible(actor).with_only_columns(OutboxMessage).where(_in_trouble())
    rows = list(db.session.scalars(query))
    _again(actor, rows)
    return len(rows)


def standing_of(row: OutboxMessage) -> Standing:
    """How far a message has come, from what the outbox keeps."""
    if row.state is OutboxState.SENT:
        return Standing.ACCEPTED
    if row.state is not OutboxState.READY:
        return Standing.PARKED if row.state is OutboxState.PARKED else Standing.CANCELLED
    if row.lease_owner and row.available_at > clock.now():
        return Standing.SENDING
    return Standing.FAILED if row.last_error else Standing.WAITING


def _again(actor: Actor, rows: Sequence[OutboxMessage]) -> None:
    now = clock.now()
    for row in rows:
        row.state, row.attempts, row.available_at = OutboxState.READY, 0, now
        row.lease_owner = ""
    kinds = {Route(row.channel) for row in rows}
    rested = sa.update(OfficeRoute).where(OfficeRoute.kind.in_(kinds)).values(rests_until=None)
    db.session.execute(rested.execution_options(synchronize_session=False))
    db.session.flush()
    audit.record(actor, "retry_delivery", "message", None, "", count=len(rows))


def _visible(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(OutboxMessage, User.display_name, Case.case_no)
        .join(Case, Case.id == OutboxMessage.case_id)
        .join(User, User.id == OutboxMessage.addressee_id)
        .where(OutboxMessage.channel != INBOX, may_see(actor, Action.WATCH_DELIVERY))
    )


def _in_trouble() -> sa.ColumnElement[bool]:
    failing = sa.and_(OutboxMessage.state == OutboxState.READY, OutboxMessage.last_error != "")
    return sa.and_(sa.or_(failing, OutboxMessage.state == OutboxState.PARKED), plan.still_valid())


def _may_retry(row: OutboxMessage) -> bool:
    return standing_of(row) in {Standing.FAILED, Standing.PARKED}


def _message(row: OutboxMessage, addressee: str, case_no: str) -> Message:
    standing = standing_of(row)
    waits = standing is Standing.WAITING and row.available_at > clock.now()
    return Message(
        id=row.id,
        addressee=addressee,
        route=Route(row.channel),
        standing=standing,
        reason=row.last_error,
        attempts=row.attempts,
        what=texts.what(row.rule_code),
        legal_date=row.legal_date,
        case_id=row.case_id,
        case_no=case_no,
        created_at=row.created_at,
        sent_at=row.sent_at,
        next_try_at=row.available_at if standing is Standing.FAILED else None,
        waits_until=row.available_at if waits else None,
        may_retry=_may_retry(row),
    )
