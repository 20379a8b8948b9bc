"""The report sentence in the office's wording, and the figures as the command prints them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import wording
from worker_legal.domain.statistics.measures import Figures, Period, find_series
from worker_legal.domain.statistics.models import ComparisonSeries
from worker_legal.domain.statistics.wording import Part
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db

LEAST_SOURCE = 2


def sentence(
    period: Period, found: Figures, language: str = "zh", gettext: Callable[[str], str] = str
) -> list[Part]:
    """The report sentence in the office's wording, its numbers apart from its words."""
    text = wording.text_for(language, period.last, gettext)
    return wording.fill_in(text, period, found, gettext)


def as_json(period: Period, found: Figures) -> dict[str, Any]:
    """The figures as integrators read them; amounts in fen, the change in percent or null."""
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "cases": found.cases,
        "people": found.people,
        "person_times": found.person_times,
        "amount_fen": found.amount_fen,
        "agreed_fen": found.agreed_fen,
        "received_fen": found.received_fen,
        "work_injury_people": found.work_injury_people,
        "closed": found.closed,
        "open": found.open,
        "collective": found.collective,
        "change_percent": found.change.percent,
        "change_basis": found.change.basis,
        "change_before": found.change.before,
        "change_source": found.change.source,
        "change_entered_by": found.change.entered_by,
    }


def set_comparison(actor: Actor, period: Period, cases: int, source: str) -> ComparisonSeries:
    """Type in the number of cases of an earlier period, with its source (features J1)."""
    actor.require(Action.SET_COMPARISON)
    if cases < 0 or cases > 10_000_000:
        raise BadInput(N_("案件数要在0到1000万之间"), field="cases")
    if len(source.strip()) < LEAST_SOURCE:
        raise BadInput(N_("请写明这个数从哪里来"), field="source")
    row = find_series(period)
    if row is None:
        row = ComparisonSeries(period_from=period.first, period_to=period.last)
        db.session.add(row)
    row.cases, row.source = cases, source.strip()[:200]
    row.entered_by, row.entered_at = actor.label, clock.now()
    audit.record(actor, "set_comparison", "comparison_series", None, cases=cases)
    db.session.flush()
    return row


def comparison_period(first: date, last: date) -> Period:
    """The period of a typed-in figure; it has to be over.

    Raises BadInput.
    """
    if last < first:
        raise BadInput(N_("结束日期不能早于开始日期"), field="last")
    if last > clock.today():
        raise BadInput(N_("对比数只能填已经过去的期间"), field="last")
    return Period(first, last)


def all_series() -> list[ComparisonSeries]:
    """Every typed-in figure, the latest period first."""
    query = sa.select(ComparisonSeries).order_by(ComparisonSeries.period_from.desc())
    return list(db.session.scalars(query))
