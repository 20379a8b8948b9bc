"""The report sentence in the office's wording, and the figures as the command prints them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.measures import Change, Figures, Period, find_series
from worker_legal.domain.statistics.models import ComparisonSeries
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.money import format_wan, round_half_up

LEAST_SOURCE = 2


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; a number carries the name of the figure it links to."""

    text: str
    params: dict[str, Any]
    figure: str = ""


def sentence(period: Period, found: Figures) -> list[Part]:
    """The report sentence, its numbers apart so that each can be a link (features J3)."""
    parts = [
        Part(N_("%(period)s，园区职工法律服务一体化平台共受理劳动争议"), _period_words(period)),
        Part(N_("%(n)s起"), {"n": f"{found.cases:,}"}, "cases"),
        Part(N_("，涉及职工"), {}),
        Part(N_("%(n)s人"), {"n": f"{found.people:,}"}, "people"),
        Part(N_("（"), {}),
        Part(N_("%(n)s人次"), {"n": f"{found.person_times:,}"}, "person_times"),
        Part(N_("），涉案金额"), {}),
        Part(N_("%(n)s万元"), {"n": format_wan(found.amount_fen)}, "amount"),
        Part(N_("，协助职工申请工伤认定"), {}),
        Part(N_("%(n)s人"), {"n": f"{found.work_injury_people:,}"}, "work_injury_people"),
    ]
    return [*parts, *_change_words(found.change), Part(N_("。"), {})]


def _period_words(period: Period) -> dict[str, Any]:
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return {"period": Words(N_("%(year)s年"), {"year": first.year})}
    days = {"first": _day(first), "last": _day(last)}
    return {"period": Words(N_("%(first)s至%(last)s"), days)}


@dataclass(frozen=True)
class Words:
    """A phrase inside a phrase: translated on its own."""

    text: str
    params: dict[str, Any]


def phrase(part: Part | Words, gettext: Callable[[str], str] = str) -> str:
    """A piece of the sentence in words, the phrases inside it too."""
    params = {
        name: phrase(value, gettext) if isinstance(value, Words) else value
        for name, value in part.params.items()
    }
    text = gettext(part.text)
    return text % params if params else text


def _day(day: date) -> Words:
    names = {"year": day.year, "month": day.month, "day": day.day}
    return Words(N_("%(year)s年%(month)s月%(day)s日"), names)


def _change_words(change: Change) -> list[Part]:
    if change.permille is None:
        return []
    number = round_half_up(Fraction(abs(change.permille), 10))
    if change.permille == 0:
        return [Part(N_("，案件数与上年同期"), {}), Part(N_("持平"), {}, "change")]
    text = N_("下降约%(n)s%%") if change.permille < 0 else N_("上升约%(n)s%%")
    return [Part(N_("，案件数同比"), {}), Part(text, {"n": number}, "change")]


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
