"""Holiday years the administrator imported; they override the library (features D4)."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.infra.db import Base, db
from worker_legal.law.calendar import WorkCalendar, YearNotice


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
