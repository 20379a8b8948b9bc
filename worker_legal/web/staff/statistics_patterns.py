"""When workers come, which way cases go on, and whom they are against, as pictures with tables."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from worker_legal.domain.cases.visits import UNKNOWN_HOUR, Weekday
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import measures, patterns
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.definitions import DEFINITIONS
from worker_legal.domain.statistics.patterns import Heat, Way
from worker_legal.infra import flows
from worker_legal.infra.heat import Spot, heat
from worker_legal.law.enums import DisputeKind
from worker_legal.web import forms
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope, statistics_view
from worker_legal.web.staff.list_form import hour_word
from worker_legal.web.staff.statistics import bp
from worker_legal.web.staff.statistics_scope import PeriodForm, Scope
from worker_legal.web.staff.statistics_view import Number, cases_number

PAGE = "statistics.patterns_page"


@dataclass(frozen=True)
class GridRow:
    """One row of a grid as printed: its word and its cells, each with the word over it."""

    word: str
    cells: list[tuple[str, Number]]


@dataclass(frozen=True)
class Grid:
    """A picture with the table behind it; without rows there is neither."""

    picture: Markup
    heads: list[str]
    rows: list[GridRow]
    total: GridRow | None = None


@bp.get("/statistics/patterns")
@requires(Action.VIEW_STATISTICS)
def patterns_page() -> tuple[str, int]:
    """Visits by weekday and hour, the ways between proceedings, the employers with most cases."""
    actor, form = current_actor(), PeriodForm.of_request()
    shown = form.status == 200
    asked = form.period if shown else measures.whole_year(2022)
    scope = statistics_scope.scope_of(actor, asked)
    return forms.page(
        "staff/statistics/patterns.html",
        form,
        scope=scope if shown else None,
        chips=statistics_scope.period_chips(scope, PAGE),
        sites=statistics_scope.site_options(actor),
        **(_panels(actor, scope) if shown else {}),
    )


def _panels(actor: Actor, scope: Scope) -> dict[str, Any]:
    found = patterns.heat(actor, scope.period, scope.site_ids)
    now = patterns.by_employer(actor, scope.wanted)
    keys = tuple(cell.key for cell in now.cells)
    then = patterns.by_employer(actor, scope.before.wanted, keys) if keys else now
    warned = patterns.by_warning(actor, scope.wanted)
    return {
        "visits": _visits(scope, found),
        "visits_all": _visit_number(scope, found),
        "visits_unknown": _visit_number(scope, found, hour=UNKNOWN_HOUR),
        "ways": _ways(scope, patterns.ways(actor, scope.wanted)),
        "employers": statistics_view.panel(scope, now, then),
        "warned": statistics_view.panel(scope, warned, _earlier(actor, scope, warned)),
        "warned_count": len(warned.cells),
        "classes": [
            statistics_view.panel(
                scope, make(actor, scope.wanted), make(actor, scope.before.wanted)
            )
            for make in (patterns.by_industry, patterns.by_size)
        ],
        "definitions": {
            name: gettext(DEFINITIONS[name])
            for name in ("visits", "ways", "employers", "warned", "employer_class")
        },
    }


def _earlier(actor: Actor, scope: Scope, warned: Breakdown) -> Breakdown:
    """The same companies and their disputes about pay a year earlier."""
    keys = tuple(cell.key for cell in warned.cells)
    about_pay = measures.narrowed(scope.before.wanted, dispute_kind=DisputeKind.PAY)
    return patterns.by_employer(actor, about_pay, keys) if keys else warned


# --- visits -----------------------------------------------------------------------------


def _visits(scope: Scope, found: Heat) -> Grid:
    heads = [gettext(day.label) for day in Weekday]
    spots = [
        (_short(hour), [_spot(scope, found, day, hour) for day in Weekday]) for hour in found.hours
    ]
    label = gettext("来访时间，数字见下表")
    rows = [_visit_row(scope, found, hour) for hour in found.hours]
    picture, _ = heat(heads, spots, label)
    whole = gettext("合计")
    return Grid(picture, [*heads, whole], rows, _visit_row(scope, found, None))


def _short(hour: str) -> str:
    """The word in front of a row, as long as a phone has room for."""
    return gettext("不明") if hour == UNKNOWN_HOUR else hour_word(hour)


def _spot(scope: Scope, found: Heat, day: Weekday, hour: str) -> Spot:
    number = found.count(day, hour)
    told = {"day": gettext(day.label), "hour": hour_word(hour), "n": number}
    url = scope.rows_url("visits", found.behind_of(day, hour)) if number else ""
    # visits of all hours are no busy hour, unless there is nothing else to compare
    is_plain = hour == UNKNOWN_HOUR and len(found.hours) > 1
    return Spot(number, url, gettext("%(day)s%(hour)s，来访%(n)s次", **told), is_plain)


def _visit_row(scope: Scope, found: Heat, hour: str | None) -> GridRow:
    cells = [
        (gettext(day.label), _visit_number(scope, found, weekday=day, hour=hour)) for day in Weekday
    ]
    whole = (gettext("合计"), _visit_number(scope, found, hour=hour))
    return GridRow(hour_word(hour) if hour else whole[0], [*cells, whole])


def _visit_number(scope: Scope, found: Heat, **cell: Any) -> Number:
    number = found.count(**cell)
    url = scope.rows_url("visits", found.behind_of(**cell)) if number else ""
    return Number(f"{number:,}", url)


# --- ways from one proceeding to another ------------------------------------------------


def _ways(scope: Scope, found: list[Way]) -> Grid:
    bands = [
        flows.Band(
            gettext(way.came_from.label),
            gettext(way.went_to.label),
            way.cases,
            scope.cases_url(way.behind),
            gettext(
                "%(a)s后到%(b)s，%(n)s起",
                a=gettext(way.came_from.label),
                b=gettext(way.went_to.label),
                n=way.cases,
            ),
        )
        for way in found
    ]
    picture, _ = flows.flow(bands, gettext("程序之间的流转，数字见下表"))
    head = gettext("案件（起）")
    rows = [
        GridRow(
            gettext("%(a)s → %(b)s", a=band.came_from, b=band.went_to),
            [(head, cases_number(scope, way.cases, way.behind))],
        )
        for way, band in zip(found, bands, strict=True)
    ]
    return Grid(picture, [head], rows)
