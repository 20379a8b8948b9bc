"""When workers came in person: the first time, and every visit since, with the day and the hour."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.endings import stands
from worker_legal.domain.cases.models import Case, CaseEvent
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, EventKind, LabelledEnum

# the hour of a visit that was written down on another day, or came from a ledger
UNKNOWN_HOUR = "none"
HOURS = tuple(f"{hour:02}" for hour in range(24))


class Weekday(LabelledEnum):
    """The day of the week on which a worker came."""

    MONDAY = "1", N_("周一")
    TUESDAY = "2", N_("周二")
    WEDNESDAY = "3", N_("周三")
    THURSDAY = "4", N_("周四")
    FRIDAY = "5", N_("周五")
    SATURDAY = "6", N_("周六")
    SUNDAY = "7", N_("周日")


def visits() -> sa.Subquery:
    """Every visit as `endings.trips` counts them: case, day, weekday, hour, place in the order."""
    return sa.union_all(_first_times(), _later_ones()).subquery("visit")


def _first_times() -> sa.Select[tuple[int, date, str, str, int]]:
    written = (
        sa.select(sa.func.min(CaseEvent.recorded_at))
        .where(CaseEvent.case_id == Case.id, CaseEvent.kind == EventKind.REGISTERED)
        .correlate(Case)
        .scalar_subquery()
    )
    at_once = sa.and_(Case.source != "ledger", _local_day(written) == Case.registered_on)
    return sa.select(
        Case.id.label("case_id"),
        Case.registered_on.label("on_day"),
        _weekday(Case.registered_on).label("weekday"),
        sa.case((at_once, _hour(written)), else_=UNKNOWN_HOUR).label("hour"),
        (Case.id * 2).label("place"),
    ).where(Case.channel == Channel.WALK_IN)


def _later_ones() -> sa.Select[tuple[int, date, str, str, int]]:
    at_once = sa.and_(
        CaseEvent.corrects_id.is_(None), _local_day(CaseEvent.recorded_at) == CaseEvent.happened_on
    )
    return sa.select(
        CaseEvent.case_id,
        CaseEvent.happened_on,
        _weekday(CaseEvent.happened_on),
        sa.case((at_once, _hour(CaseEvent.recorded_at)), else_=UNKNOWN_HOUR),
        CaseEvent.id * 2 + 1,
    ).where(CaseEvent.kind == EventKind.VISIT, stands(CaseEvent))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _weekday(day: Any) -> sa.ColumnElement[str]:
    if _is_sqlite():
        number = sa.func.strftime("%w", day)
        return sa.case((number == "0", Weekday.SUNDAY.value), else_=number)
    return sa.func.to_char(day, "ID")


def _local_day(instant: Any) -> sa.ColumnElement[date]:
    if _is_sqlite():
        return sa.func.date(instant, "+8 hours", type_=sa.Date)
    return sa.cast(sa.func.timezone("Asia/Shanghai", instant), sa.Date)


def _hour(instant: Any) -> sa.ColumnElement[str]:
    if _is_sqlite():
        return sa.func.strftime("%H", instant, "+8 hours")
    return sa.func.to_char(sa.func.timezone("Asia/Shanghai", instant), "HH24")


def wanted_visits(
    first: date | None, last: date | None, weekday: Weekday | None, hour: str | None
) -> sa.Select[tuple[int, date, int]]:
    """The visits of a span, of a weekday and an hour: case, day, and place in the order."""
    visit = visits().c
    query = sa.select(visit.case_id, visit.on_day, visit.place)
    query = query.where(visit.on_day >= first) if first else query
    query = query.where(visit.on_day <= last) if last else query
    query = query.where(visit.weekday == weekday.value) if weekday else query
    return query.where(visit.hour == hour) if hour else query
