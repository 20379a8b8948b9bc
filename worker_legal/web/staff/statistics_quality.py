"""How well cases are handled: every rate with both its numbers, each a link to its cases."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import measures, rates
from worker_legal.domain.statistics.definitions import DEFINITIONS
from worker_legal.domain.statistics.rates import Average, Rate
from worker_legal.domain.statistics.sheets import AVERAGES
from worker_legal.law.money import format_wan
from worker_legal.web import forms
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope
from worker_legal.web.staff.statistics import bp
from worker_legal.web.staff.statistics_scope import PeriodForm, Scope
from worker_legal.web.staff.statistics_view import Number, cases_number

PAGE = "statistics.quality"


@dataclass(frozen=True)
class ShareRow:
    """A rate as printed: the share, both its numbers, and the share a year earlier."""

    word: str
    share: str
    share_before: str
    part: Number
    whole: Number
    definition: str


@dataclass(frozen=True)
class AverageRow:
    """An average as printed, with the sum and the number of cases it comes from."""

    word: str
    mean: str
    mean_before: str
    median: str
    total: Number
    cases: Number
    definition: str


@bp.get("/statistics/quality")
@requires(Action.VIEW_STATISTICS)
def quality() -> tuple[str, int]:
    """Rates, time to close, trips, manner of handling and awards of a period."""
    actor, form = current_actor(), PeriodForm.of_request()
    asked = form.period if form.status == 200 else measures.whole_year(2022)
    scope = statistics_scope.scope_of(actor, asked)
    shown = form.status == 200
    return forms.page(
        "staff/statistics/quality.html",
        form,
        scope=scope if shown else None,
        chips=statistics_scope.period_chips(scope, PAGE),
        sites=statistics_scope.site_options(actor),
        **(_figures(actor, scope) if shown else {}),
    )


def _figures(actor: Actor, scope: Scope) -> dict[str, Any]:
    now = (actor, scope.period, scope.site_ids)
    then = (actor, scope.before.period, scope.site_ids)
    return {
        "rates": _shares(scope, rates.rates(*now), rates.rates(*then)),
        "manners": _shares(scope, rates.manners(*now), rates.manners(*then)),
        "averages": [
            _average(scope, "days", rates.time_to_close(*now), rates.time_to_close(*then)),
            _average(scope, "trips", rates.trips_taken(*now), rates.trips_taken(*then)),
            _average(
                scope,
                "trips_per_worker",
                rates.trips_per_worker(*now),
                rates.trips_per_worker(*then),
            ),
        ],
        "awarded": _awarded(scope, rates.awarded(*now)),
        "awarded_definition": _definition("awarded"),
        "manner_definition": _definition("manner"),
    }


def _shares(scope: Scope, now: list[Rate], then: list[Rate]) -> list[ShareRow]:
    return [
        ShareRow(
            gettext(rate.title),
            _percent(rate.permille),
            _percent(before.permille),
            _counted(scope, rate.part, rate.part_behind, rate.rows),
            _counted(scope, rate.whole, rate.whole_behind, rate.rows),
            _definition(rate.code),
        )
        for rate, before in zip(now, then, strict=True)
    ]


def _counted(scope: Scope, count: int, behind: CaseFilter, rows: str) -> Number:
    """A number of cases, or of what the rows of a figure list."""
    if not rows:
        return cases_number(scope, count, behind)
    return Number(f"{count:,}", scope.rows_url(rows, behind) if count else "")


def _definition(figure: str) -> str:
    text = DEFINITIONS.get(figure, "")
    return gettext(text) if text else ""


def _percent(permille: int | None) -> str:
    return "—" if permille is None else f"{permille // 10}.{permille % 10}%"


def _average(scope: Scope, figure: str, now: Average, then: Average) -> AverageRow:
    listed = "days" if figure == "days" else "trips"
    url = scope.rows_url(listed, now.behind) if now.total else ""
    return AverageRow(
        gettext(AVERAGES[figure]),
        _tenths(now.mean_tenths),
        _tenths(then.mean_tenths),
        "—" if now.median_twice is None else _tenths(now.median_twice * 5),
        Number(f"{now.total:,}", url),
        _counted(scope, now.cases, now.behind, now.rows),
        _definition(figure),
    )


def _tenths(value: int | None) -> str:
    return "—" if value is None else f"{value // 10:,}.{value % 10}"


def _awarded(scope: Scope, fen: int) -> Number:
    return Number(format_wan(fen), scope.rows_url("awarded", scope.wanted) if fen else "")
