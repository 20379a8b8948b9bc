"""The hours in which reminders leave the program: those of the office, on its working days.

Only what can wait does. A reminder whose date is today or past, or would come before the office
opens again, leaves at once; the inbox and the tray, which wake nobody, never wait.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.holidays import work_calendar
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders import outbox
from worker_legal.domain.reminders.models import INBOX, OutboxMessage, OutboxState, SendingHours
from worker_legal.domain.reminders.routes import Route
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import UtcDateTime, db, expect_version
from worker_legal.law.calendar import WorkCalendar

NEVER_WAITS = (INBOX, Route.BY_HAND.value)


@dataclass(frozen=True)
class Hours:
    """From when until when messages leave on a working day, by the clock in China."""

    opens: time = time(8, 30)
    closes: time = time(18)


def opening(now: datetime, hours: Hours, calendar: WorkCalendar) -> datetime:
    """The first instant from now on that lies in the hours of a working day."""
    here = clock.local(now)
    day = here.date()
    if not calendar.is_working(day) or here.time() >= hours.closes:
        day = calendar.roll_forward(day + timedelta(days=1))
    return max(now, _instant(day, hours.opens))


def may_go_from(now: datetime, legal_date: date, hours: Hours, calendar: WorkCalendar) -> datetime:
    """When a reminder may leave: in the hours, but at once if its date would come before them."""
    starts = opening(now, hours, calendar)
    return starts if clock.local(starts).date() < legal_date else now


def next_opening() -> datetime:
    """The first instant from now on at which everything may leave."""
    return opening(clock.now(), sending_hours(), work_calendar())


def can_wait(channel: Any, legal_date: Any, starts: datetime) -> sa.ColumnElement[bool]:
    """The condition that a reminder may wait until the hours begin."""
    day = sa.literal(clock.local(starts).date(), sa.Date)
    return sa.and_(channel.not_in(NEVER_WAITS), legal_date > day)


def settle() -> None:
    """Let what has not left yet wait by the hours and the calendar as they are now.

    What failed and is to be tried again waits too; what waits longer than it needs waits less.
    """
    now, starts = clock.now(), next_opening()
    waits = can_wait(OutboxMessage.channel, OutboxMessage.legal_date, starts)
    soonest = sa.case((waits, _at(starts)), else_=_at(now))
    is_free = (OutboxMessage.lease_owner == "") | (OutboxMessage.available_at <= now)
    too_early = sa.and_(waits, is_free, OutboxMessage.available_at < starts)
    too_late = sa.and_(OutboxMessage.attempts == 0, OutboxMessage.available_at > soonest)
    outbox.change(
        OutboxMessage.state == OutboxState.READY,
        OutboxMessage.channel.not_in(NEVER_WAITS),
        sa.or_(too_early, too_late) if starts > now else too_late,
        available_at=soonest,
        lease_owner="",
    )


def _at(instant: datetime) -> sa.ColumnElement[Any]:
    return sa.literal(instant, UtcDateTime)


def _instant(day: date, at: time) -> datetime:
    return clock.start_of(day) + timedelta(hours=at.hour, minutes=at.minute)


# --- what the office set --------------------------------------------------------------------


def sending_hours() -> Hours:
    """The hours of the office, the usual ones before anybody has changed them."""
    row = sending_hours_row()
    return Hours() if row is None else Hours(row.opens, row.closes)


def sending_hours_row() -> SendingHours | None:
    """The hours as they were saved, if they were."""
    return db.session.get(SendingHours, 1, populate_existing=True)


def set_sending_hours(actor: Actor, wanted: Hours, version: int = 0) -> SendingHours:
    """Change the hours; they hold at once, also for what waits already.

    Raises BadInput when they do not begin before they end.
    """
    actor.require(Action.MANAGE_REMINDERS)
    if wanted.opens >= wanted.closes:
        raise BadInput(N_("结束的时间要晚于开始的时间"), field="closes")
    row = sending_hours_row()
    if row is None:
        row = SendingHours(id=1)
    else:
        expect_version(row, version)
    row.opens, row.closes = wanted.opens, wanted.closes
    db.session.add(row)
    db.session.flush()
    settle()
    new = f"{wanted.opens:%H:%M}-{wanted.closes:%H:%M}"
    audit.record(actor, "set_sending_hours", "sending_hours", 1, new=new)
    return row
