"""The bell: a person's reminders, how many are unread, and that somebody took note of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.cases.sight import may_see
from worker_legal.domain.permissions import Actor
from worker_legal.domain.reminders import plan, texts
from worker_legal.domain.reminders.models import (
    INBOX,
    InboxMessage,
    OutboxMessage,
    OutboxState,
)
from worker_legal.domain.reminders.undelivered import UNDELIVERED
from worker_legal.domain.reminders.untold import UNTOLD
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import DeadlineState

PAGE = 20
# two rounds of the timetable
SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Notice:
    """One line of the inbox, with what has become of the date since."""

    id: int
    deadline_id: int
    what: str
    legal_date: date
    is_late: bool
    # the notice says that the date moved, not that it is near
    is_move: bool
    # the notice says that a reminder of this date is not getting through outside
    is_undelivered: bool
    # the notice says that the workers of this hearing have not been told
    is_untold: bool
    created_at: datetime
    read_at: datetime | None
    ack_at: datetime | None
    case_id: int
    case_no: str
    worker: str
    employer: str
    is_over: bool
    moved_to: date | None


@dataclass(frozen=True)
class Health:
    """Whether reminders can be relied on now; `trouble` says why planning stands still."""

    last_tick: datetime | None
    is_silent: bool
    trouble: str
    waiting: int
    parked: int

    @property
    def is_well(self) -> bool:
        """Nothing for the administrator to look at."""
        return not (self.is_silent or self.trouble or self.parked)


def unread_count(actor: Actor) -> int:
    """How many dates the person was reminded of and has not looked at yet."""
    query = _of(actor).where(InboxMessage.read_at.is_(None))
    counted = query.with_only_columns(sa.func.count(InboxMessage.id)).order_by(None)
    return int(db.session.scalar(counted) or 0)


def notices(actor: Actor, unread_only: bool = False, before: int | None = None) -> list[Notice]:
    """A page of the inbox, newest first; one more than a page when there is another."""
    query = _of(actor)
    if unread_only:
        query = query.where(InboxMessage.read_at.is_(None))
    if before is not None:
        query = query.where(InboxMessage.id < before)
    rows = db.session.scalars(query.order_by(InboxMessage.id.desc()).limit(PAGE + 1)).all()
    cases, dates = _cases(rows), _dates(rows)
    return [_notice(row, cases[row.case_id], dates.get(row.deadline_id)) for row in rows]


def acknowledge(actor: Actor, message_id: int) -> None:
    """Take note of one reminder.

    Raises NotFound for one of another person.
    """
    row = db.session.scalar(_of(actor).where(InboxMessage.id == message_id))
    if row is None:
        raise NotFound(N_("没有这条提醒"))
    now = clock.now()
    row.read_at, row.ack_at = row.read_at or now, row.ack_at or now
    db.session.flush()


def mark_all_read(actor: Actor) -> int:
    """Mark the whole inbox as read; gives how many were not."""
    unread = (
        sa.update(InboxMessage)
        .where(InboxMessage.addressee_id == actor.user_id, InboxMessage.read_at.is_(None))
        .values(read_at=clock.now())
    )
    done = db.session.execute(unread.execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))


def _of(actor: Actor) -> sa.Select[tuple[InboxMessage]]:
    """The person's own reminders of cases still in sight, each date once."""
    return (
        sa.select(InboxMessage)
        .join(Case, Case.id == InboxMessage.case_id)
        .where(InboxMessage.addressee_id == actor.user_id, InboxMessage.is_replaced.is_(False))
        .where(may_see(actor))
    )


def _cases(rows: Any) -> dict[int, Case]:
    query = sa.select(Case).where(Case.id.in_({row.case_id for row in rows}))
    loaded = query.options(joinedload(Case.lead_worker), joinedload(Case.lead_employer))
    return {case.id: case for case in db.session.scalars(loaded)}


def _dates(rows: Any) -> dict[int, Deadline]:
    query = sa.select(Deadline).where(Deadline.id.in_({row.deadline_id for row in rows}))
    return {date_row.id: date_row for date_row in db.session.scalars(query)}


def _notice(row: InboxMessage, case: Case, now: Deadline | None) -> Notice:
    is_over = now is None or now.state is not DeadlineState.OPEN
    moved = None if now is None or now.due_on == row.legal_date else now.due_on
    return Notice(
        id=row.id,
        deadline_id=row.deadline_id,
        what=texts.what(row.rule_code),
        legal_date=row.legal_date,
        is_late=row.is_late,
        is_move=row.step == plan.MOVED,
        is_undelivered=row.step == UNDELIVERED,
        is_untold=row.step == UNTOLD,
        created_at=row.created_at,
        read_at=row.read_at,
        ack_at=row.ack_at,
        case_id=case.id,
        case_no=case.case_no,
        worker=case.lead_worker.name if case.lead_worker else "",
        employer=case.lead_employer.name if case.lead_employer else "",
        is_over=is_over,
        moved_to=None if is_over else moved,
    )


# --- signs of life ------------------------------------------------------------------------


def health() -> Health:
    """The state of the timetable: for the red sign, the jobs page and the health check."""
    beat = plan.last_sign_of_life()
    # the inbox only: what happens outside is told under 送达情况
    query = (
        sa.select(OutboxMessage.state, sa.func.count())
        .where(OutboxMessage.channel == INBOX)
        .group_by(OutboxMessage.state)
    )
    counts = {state: int(number) for state, number in db.session.execute(query)}
    return Health(
        last_tick=beat.at if beat else None,
        is_silent=beat is None or clock.now() - beat.at > SILENCE,
        trouble=beat.trouble if beat else "",
        waiting=counts.get(OutboxState.READY, 0),
        parked=counts.get(OutboxState.PARKED, 0),
    )


def unannounced() -> int:
    """Dates that should have been announced and have no row in the outbox; must be 0."""
    return len(plan.owed())
