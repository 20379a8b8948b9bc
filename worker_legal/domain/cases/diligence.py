"""The record of every date that arose, moved or ended, by whom and from what (期限登记日志).

Written in the transaction of the change and never altered: the office's proof of diligence
(features D13). That a date was missed follows from the dates themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain.cases.models import Case, CaseEvent, Deadline
from worker_legal.domain.org import OrgUnit, get_unit
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, coded, db
from worker_legal.law.enums import DeadlineState, EventKind, LabelledEnum

SYSTEM = "system:calendar"
PART = 200


class DateChange(LabelledEnum):
    """What became of a date."""

    CREATED = "created", N_("产生")
    MOVED = "moved", N_("日期变动")
    MET = "met", N_("已办")
    CANCELLED = "cancelled", N_("取消")
    REOPENED = "reopened", N_("恢复")
    DROPPED = "dropped", N_("不再适用")


class DeadlineLog(Base):
    """One line of the record; append-only."""

    __tablename__ = "deadline_log"
    __table_args__ = (sa.Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    # no foreign key: dates are thrown away and recomputed, the record stays
    deadline_id: Mapped[int]
    deadline_version: Mapped[int]
    rule_code: Mapped[str] = mapped_column(sa.String(60))
    change: Mapped[DateChange] = mapped_column(coded(DateChange))
    old_due_on: Mapped[date | None]
    new_due_on: Mapped[date | None]
    # what was written down last in the case; none when the calendar or the law changed
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("case_event.id"))
    by_label: Mapped[str] = mapped_column(sa.String(80))
    org_path: Mapped[str] = mapped_column(sa.String(120), default="")


@dataclass(frozen=True)
class Noted:
    """A change of a date that is still to be written down."""

    row: Deadline
    change: DateChange
    old_due_on: date | None = None


def change_of(row: Deadline, state: DeadlineState, due_on: date | None) -> DateChange | None:
    """What a recomputation makes of a date; None when it stays as it is."""
    if row.state is not state:
        ends = {DeadlineState.MET: DateChange.MET, DeadlineState.OPEN: DateChange.REOPENED}
        return ends.get(state, DateChange.CANCELLED)
    return DateChange.MOVED if row.due_on != due_on else None


def write(case: Case, changes: Sequence[Noted], cause: CaseEvent | None) -> None:
    """Write changes down with who caused them; the dates must have their numbers."""
    if not changes:
        return
    path = get_unit(case.org_unit_id).path or ""
    for noted in changes:
        row, dropped = noted.row, noted.change is DateChange.DROPPED
        db.session.add(
            DeadlineLog(
                at=clock.now(),
                case_id=case.id,
                deadline_id=row.id,
                deadline_version=row.version,
                rule_code=row.rule_code,
                change=noted.change,
                old_due_on=noted.old_due_on,
                new_due_on=None if dropped else row.due_on,
                event_id=cause.id if cause else None,
                by_label=cause.recorded_label if cause else SYSTEM,
                org_path=path,
            )
        )
    db.session.flush()


@dataclass(frozen=True)
class LogLine:
    """One line of a day as the page shows it."""

    at: datetime
    case_no: str
    rule_code: str
    change: DateChange
    old_due_on: date | None
    new_due_on: date | None
    event: EventKind | None
    by_label: str


def day_log(paths: Iterable[str], day: date, part: int = 1) -> list[LogLine]:
    """What became of dates on a day, at these sites and below, in the order it happened.

    A day of imports fills many sheets, so it is read in parts of `PART` lines.
    """
    query = (
        sa.select(
            DeadlineLog.at,
            Case.case_no,
            DeadlineLog.rule_code,
            DeadlineLog.change,
            DeadlineLog.old_due_on,
            DeadlineLog.new_due_on,
            CaseEvent.kind,
            DeadlineLog.by_label,
        )
        .join(Case, Case.id == DeadlineLog.case_id)
        .outerjoin(CaseEvent, CaseEvent.id == DeadlineLog.event_id)
        .where(*_of_day(paths, day))
        .order_by(DeadlineLog.id)
        .limit(PART)
        .offset((part - 1) * PART)
    )
    return [LogLine(*row) for row in db.session.execute(query)]


def day_parts(paths: Iterable[str], day: date) -> int:
    """How many parts the record of a day has, at least one."""
    lines = sa.select(sa.func.count(DeadlineLog.id)).where(*_of_day(paths, day))
    return max(1, -(-int(db.session.scalar(lines) or 0) // PART))


def _of_day(paths: Iterable[str], day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        DeadlineLog.at >= clock.start_of(day),
        DeadlineLog.at < clock.start_of(day + timedelta(days=1)),
        _within(paths, DeadlineLog.org_path),
    )


def missed_on(paths: Iterable[str], day: date) -> list[tuple[str, str, date | None]]:
    """The dates of a finished day that were not met on it: case number, rule, met when."""
    if day >= clock.today():
        return []
    late = sa.and_(Deadline.state == DeadlineState.MET, Deadline.met_on > day)
    query = (
        sa.select(Case.case_no, Deadline.rule_code, Deadline.met_on)
        .join(Case, Case.id == Deadline.case_id)
        .join(OrgUnit, OrgUnit.id == Case.org_unit_id)
        .where(Deadline.due_on == day, Deadline.quiet.is_(False), Deadline.optional.is_(False))
        .where(sa.or_(Deadline.state.in_((DeadlineState.OPEN, DeadlineState.LAPSED)), late))
        .where(_within(paths, OrgUnit.path))
        .order_by(Case.id, Deadline.id)
    )
    return [(row.case_no, row.rule_code, row.met_on) for row in db.session.execute(query)]


def _within(
    paths: Iterable[str], column: sa.SQLColumnExpression[str | None]
) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(column.startswith(path) for path in paths))
