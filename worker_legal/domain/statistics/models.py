"""Rows behind the figures that do not come from cases."""

from datetime import date, datetime

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
