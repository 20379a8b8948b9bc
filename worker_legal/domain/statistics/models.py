"""Rows behind the figures that do not come from cases."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.infra.db import Base, UtcDateTime


class ComparisonSeries(Base):
    """A figure typed in for an earlier period, with where it comes from and who entered it."""

    __tablename__ = "comparison_series"
    __table_args__ = (
        sa.UniqueConstraint("period_from", "period_to"),
        sa.CheckConstraint("cases >= 0", name="cases"),
        sa.CheckConstraint("period_from <= period_to", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_from: Mapped[date]
    period_to: Mapped[date]
    cases: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(200))
    entered_by: Mapped[str] = mapped_column(sa.String(80))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnnualSnapshot(Base):
    """The figures of a period as they were reported; append-only, undone by a later revision."""

    __tablename__ = "annual_snapshot"
    __table_args__ = (
        sa.UniqueConstraint("period_from", "period_to", "org_unit_id", "revision"),
        sa.CheckConstraint("period_from <= period_to", name="period"),
        sa.CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_from: Mapped[date]
    period_to: Mapped[date]
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    revision: Mapped[int]
    # a revision that takes the lock off holds no figures, only the reason
    is_lock: Mapped[bool]
    # number of the definitions the figures were made under
    definitions: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(sa.String(80))
    digest: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")


class AnnualFigure(Base):
    """One figure of a snapshot; the dimension is empty for the whole, else such as cause:pay."""

    __tablename__ = "annual_figure"

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_snapshot.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    dimension: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)


class AnnualCase(Base):
    """One case of a snapshot as it stood then: facts without personal data."""

    __tablename__ = "annual_case"

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_snapshot.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), primary_key=True)
    case_no: Mapped[str] = mapped_column(sa.String(40))
    stood: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class FigureRollup(Base):
    """Figures of one site in one month, added up ahead of time; what adds up adds up here.

    A bucket counts the cases registered (or closed) at a site in a month, whole and by a
    dimension such as cause. Buckets with a mark are out of date and are counted live.
    """

    __tablename__ = "figure_rollup"

    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    dimension: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    cases: Mapped[int]
    person_times: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(sa.BigInteger)
    agreed_fen: Mapped[int] = mapped_column(sa.BigInteger)
    received_fen: Mapped[int] = mapped_column(sa.BigInteger)
    closed: Mapped[int]
    collective: Mapped[int]


class FigurePersons(Base):
    """Which persons a bucket holds, each once; persons do not add up, so they are kept as sets.

    Buckets are those of FigureRollup, and by month of filing those of applications for recognition.
    """

    __tablename__ = "figure_persons"

    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    persons: Mapped[bytes] = mapped_column(sa.LargeBinary)


class FigureMark(Base):
    """A bucket that a change has touched; written by the database itself in that transaction.

    Marks are only ever added by changes, never updated, so that writers do not wait for one
    another; the refreshing job takes away exactly the marks it has read.
    """

    __tablename__ = "figure_mark"
    __table_args__ = (
        sa.Index(None, "kind", "month"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    org_unit_id: Mapped[int]
    month: Mapped[str] = mapped_column(sa.String(7))


class FigureChange(Base):
    """Something that figures are counted from has changed; written by the database itself."""

    __tablename__ = "figure_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[int] = mapped_column(sa.BigInteger)


class FigureState(Base):
    """The one row that names the books when no change is waiting to be cleared away."""

    __tablename__ = "figure_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[int] = mapped_column(sa.BigInteger)
