"""劳动争议处理情况 in the official layout: every cell a link to its cases."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import breakdowns, measures, official, rates
from worker_legal.domain.statistics.definitions import DEFINITIONS
from worker_legal.domain.statistics.official import Line
from worker_legal.domain.statistics.rates import Rate
from worker_legal.i18n import N_
from worker_legal.web import forms
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope
from worker_legal.web.staff.statistics import bp
from worker_legal.web.staff.statistics_scope import PeriodForm, Scope
from worker_legal.web.staff.statistics_view import Number, cases_number

PAGE = "statistics.official_table"


@dataclass(frozen=True)
class OfficialRow:
    """One line as printed: the word in front and the cells."""

    word: str
    cells: list[tuple[str, Number]]


@bp.get("/statistics/official")
@requires(Action.VIEW_STATISTICS)
def official_table() -> tuple[str, int]:
    """The books of a period by month, by site and by cause."""
    actor, form = current_actor(), PeriodForm.of_request()
    shown = form.status == 200
    asked = form.period if shown else measures.whole_year(2022)
    scope = statistics_scope.scope_of(actor, asked)
    return forms.page(
        "staff/statistics/official.html",
        form,
        scope=scope if shown else None,
        chips=statistics_scope.period_chips(scope, PAGE),
        sites=statistics_scope.site_options(actor),
        **(_tables(actor, scope) if shown else {}),
    )


def _tables(actor: Actor, scope: Scope) -> dict[str, Any]:
    found = official.official(actor, scope.period, scope.site_ids)
    return {
        "heads": [gettext(head) for head in official.HEADS.values()],
        "whole": _row(scope, gettext("合计"), found.whole),
        "by_month": [_row(scope, _month_word(line.key), line) for line in found.by_month],
        "by_site": [_row(scope, line.word, line) for line in found.by_site],
        "results": _results(scope, rates.results(actor, scope.period, scope.site_ids)),
        "result_definition": _defined("result"),
        "causes": [
            OfficialRow(
                gettext(cell.label),
                [
                    (gettext("案件（起）"), cases_number(scope, cell.cases, cell.behind)),
                    (gettext("人次"), _people(scope, cell.person_times, cell.behind)),
                ],
            )
            for cell in breakdowns.by_cause(actor, scope.wanted).cells
        ],
    }


def _defined(figure: str) -> str:
    return gettext(DEFINITIONS[figure])


def _results(scope: Scope, found: list[Rate]) -> list[OfficialRow]:
    """The cases closed by award or judgment by who prevailed, and all of them; none is none."""
    head = gettext("案件（起）")
    if not found[0].whole:
        return []
    lines = [(rate.title, rate.part, rate.part_behind) for rate in found]
    lines.append((N_("合计"), found[0].whole, found[0].whole_behind))
    return [
        OfficialRow(gettext(word), [(head, cases_number(scope, cases, behind))])
        for word, cases, behind in lines
    ]


def _row(scope: Scope, word: str, line: Line) -> OfficialRow:
    cells = []
    for name, head in official.HEADS.items():
        make = _people if name == "collective_people" else cases_number
        cells.append((gettext(head), make(scope, line.figures[name], line.behind[name])))
    return OfficialRow(word, cells)


def _people(scope: Scope, workers: int, behind: Any) -> Number:
    return Number(f"{workers:,}", scope.rows_url("person-times", behind) if workers else "")


def _month_word(key: str) -> str:
    year, _, month = key.partition("-")
    return gettext("%(year)s年%(month)s月", year=year, month=int(month))
