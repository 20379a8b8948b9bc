"""Holiday years the administrator imported; they override the library (features D4)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.db import Base, db
from worker_legal.law import notices as law_notices
from worker_legal.law.calendar import WorkCalendar, YearNotice, statutory_days

OFF_WORDS = frozenset({"放假", "休", "休息", "off"})
WORK_WORDS = frozenset({"上班", "班", "调休上班", "work"})
REACH = timedelta(days=31)
LONGEST_REST = 20
NOTICE_MONTH = 11
_CELLS = re.compile(r"[,，\t]")
_RANGE = re.compile(r"\.\.|至|到|~|～")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Holiday(Base):
    """One day of an imported notice: rest (with the holiday's name) or make-up work."""

    __tablename__ = "holiday"
    __table_args__ = (sa.CheckConstraint("kind IN ('off', 'work')", name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    # the year of the notice; its make-up days may lie in the year before
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(40), default="")
    source: Mapped[str] = mapped_column(sa.String(120), default="")


def notices() -> list[YearNotice]:
    """The imported years, oldest first."""
    years: dict[int, list[Holiday]] = {}
    for row in db.session.scalars(sa.select(Holiday).order_by(Holiday.day)):
        years.setdefault(row.year, []).append(row)
    return [
        YearNotice(
            year=year,
            rest={row.day: row.name for row in rows if row.kind == "off"},
            work=frozenset(row.day for row in rows if row.kind == "work"),
            document=rows[0].source,
        )
        for year, rows in years.items()
    ]


def work_calendar() -> WorkCalendar:
    """The calendar the law engine counts with: the library and what was imported over it."""
    return WorkCalendar(notices())


def calendar_with(notice: YearNotice) -> WorkCalendar:
    """The calendar as it would be with one more notice, before anybody has confirmed it."""
    return WorkCalendar([*(known for known in notices() if known.year != notice.year), notice])


def missing_year(today: date) -> int | None:
    """The year whose notice should be imported now: this one, and from November the next."""
    calendar = work_calendar()
    wanted = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    return next((year for year in wanted if not calendar.published(year)), None)


def parse_notice(year: int, text: str, document: str = "") -> YearNotice:
    """A year's notice as typed or pasted: a day or a range, 放假 or 上班, and the holiday's name.

    The notice as published may be pasted too, from its text or as JSON.
    Raises BadInput naming the line, or what a notice of that year must contain.
    """
    if law_notices.is_published_text(text):
        return _published(year, law_notices.parse_notice(text), document)
    rest: dict[date, str] = {}
    work: set[date] = set()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = [cell.strip() for cell in _CELLS.split(line)]
        if not any(cells) or (number == 1 and not _DAY.match(cells[0])):
            continue
        kind, name = [*cells[1:], "", ""][:2]
        for day in _days_of(cells[0], number, year):
            if day in rest or day in work:
                raise _wrong(number, N_("第%(n)s行：%(day)s写了两次"), day=day.isoformat())
            if kind.lower() in OFF_WORDS:
                rest[day] = name[:40]
            elif kind.lower() in WORK_WORDS:
                work.add(day)
            else:
                raise _wrong(number, N_("第%(n)s行：第二列请写“放假”或“上班”"))
    _check_notice(year, rest, work)
    return YearNotice(year, rest, frozenset(work), document)


def _published(year: int, notice: YearNotice, document: str) -> YearNotice:
    if notice.year != year:
        text = N_("通知是%(found)s年的，不是%(year)s年的")
        raise BadInput(text, field="text", found=notice.year, year=year)
    return replace(notice, document=document or notice.document)


def _days_of(cell: str, number: int, year: int) -> Iterator[date]:
    parts = [_DAY.fullmatch(part.strip()) for part in _RANGE.split(cell)]
    wrong = _wrong(number, N_("第%(n)s行：日期请写成 2027-01-01 或 2027-02-05至2027-02-11"))
    try:
        days = [date(*map(int, part.groups())) for part in parts if part is not None]
    except ValueError:
        raise wrong from None
    if not days or len(days) != len(parts) or len(days) > 2 or days[0] > days[-1]:
        raise wrong
    first, last = days[0], days[-1]
    if first < date(year, 1, 1) - REACH or last > date(year, 12, 31) + REACH:
        raise _wrong(number, N_("第%(n)s行：日期不在%(year)s年前后"), year=year)
    if (last - first).days >= LONGEST_REST:
        raise wrong
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _check_notice(year: int, rest: dict[date, str], work: Iterable[date]) -> None:
    for day, name in statutory_days(year).items():
        if day not in rest:
            text = N_("缺少法定节假日：%(name)s %(day)s，请核对通知")
            raise BadInput(text, field="text", name=name, day=day.isoformat())
    for day in sorted(work):
        if day.weekday() < 5:
            text = N_("%(day)s不是周末，不会是调休上班日，请核对通知")
            raise BadInput(text, field="text", day=day.isoformat())


def _wrong(number: int, text: str, **params: Any) -> BadInput:
    return BadInput(text, field="text", n=number, **params)


def import_year(actor: Actor, notice: YearNotice) -> None:
    """Keep a year's notice in place of whatever was known of that year."""
    actor.require(Action.MANAGE_HOLIDAYS)
    db.session.execute(sa.delete(Holiday).where(Holiday.year == notice.year))
    for day, name in notice.rest.items():
        db.session.add(_row(notice, day, "off", name))
    for day in notice.work:
        db.session.add(_row(notice, day, "work"))
    audit.record(actor, "import_holidays", "holiday", notice.year)
    db.session.flush()


def _row(notice: YearNotice, day: date, kind: str, name: str = "") -> Holiday:
    return Holiday(day=day, year=notice.year, kind=kind, name=name, source=notice.document)
