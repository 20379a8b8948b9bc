"""The figures of a period: the report sentence first, every number a link to its rows."""

from dataclasses import dataclass, replace
from typing import Any

from flask import (
    Blueprint,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from worker_legal.domain import org
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import exporting, locks, measures, report
from worker_legal.domain.statistics import rows as figure_rows
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import Change, Period
from worker_legal.domain.statistics.models import AnnualSnapshot
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.web import forms, language
from worker_legal.web.fields import LegalDateField, TextField, TypedField, needed
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_download, statistics_scope, statistics_view
from worker_legal.web.staff.list_form import FilterForm, filter_of_request
from worker_legal.web.staff.statistics_scope import PeriodForm, Scope

bp = Blueprint("statistics", __name__)


class CountField(TypedField):
    """A whole number of cases."""

    def read(self, text: str) -> int:
        """The number that was typed, with or without thousands marks."""
        plain = text.replace(",", "").replace("，", "")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 9):
            raise ValueError(gettext("请填写整数，例如 407"))
        return int(plain)


class ComparisonForm(forms.BaseForm):
    """The number of cases of an earlier period, and where it comes from."""

    first = LegalDateField(lazy_gettext("从哪天"), [needed()])
    last = LegalDateField(lazy_gettext("到哪天"), [needed()])
    cases = CountField(lazy_gettext("案件数（起）"), [needed()])
    source = TextField(lazy_gettext("数据来源"), length=200, needs=True)


@bp.get("/statistics")
@requires(Action.VIEW_STATISTICS)
def overview() -> tuple[str, int]:
    """The report sentence, five figures, and the pictures with their tables."""
    actor, form = current_actor(), PeriodForm.of_request()
    if form.status != 200:
        return forms.page("staff/statistics/overview.html", form, **_frame(actor, None))
    scope = _scope(actor, form)
    by_times = request.args.get("count") == "times"
    figures = _figures(actor, scope, by_times, language.choose(), _around(actor, scope))
    return forms.page(
        "staff/statistics/overview.html", form, **_frame(actor, scope), figures=figures
    )


@dataclass(frozen=True)
class Around:
    """What stands between the figures and does not follow from the books alone."""

    change: Change
    sentence: tuple[statistics_view.Number, ...]
    change_words: str
    locked_id: int | None
    can_lock: bool
    can_compare: bool
    can_word: bool


def _around(actor: Actor, scope: Scope) -> Around:
    found = measures.figures(actor, scope.period, scope.site_ids)
    locked = _lock_of(scope)
    return Around(
        found.change,
        tuple(statistics_view.sentence(scope, found)),
        statistics_view.change_words(found),
        locked.id if locked else None,
        _can_lock(actor, scope),
        actor.can(Action.SET_COMPARISON),
        actor.can(Action.EDIT_WORDING, org.centre().id),
    )


@kept
def _figures(actor: Actor, scope: Scope, by_times: bool, locale: str, around: Around) -> Markup:
    """The page below its filters, as it is in one language."""
    alone = measures.figures_alone(actor, scope.period, scope.site_ids)
    found = replace(alone, change=around.change)
    before = measures.figures_alone(actor, scope.before.period, scope.site_ids)
    draw = get_template_attribute("staff/statistics/_overview.html", "figures")
    part: Markup = draw(
        scope=scope,
        around=around,
        counting=statistics_scope.counting_chips(scope, by_times),
        tiles=statistics_view.tiles(actor, scope, found, before, by_times),
        panels=statistics_view.panels(actor, scope),
        books=statistics_view.books(actor, scope),
        lesser=statistics_view.lesser(scope, found),
        definitions=statistics_view.definitions(),
        definitions_version=measures.DEFINITIONS_VERSION,
    )
    return part


def _lock_of(scope: Scope) -> AnnualSnapshot | None:
    latest = locks.find_latest(scope.period, scope.top_id)
    return latest if latest is not None and latest.is_lock else None


def _can_lock(actor: Actor, scope: Scope) -> bool:
    is_over = scope.period.last < clock.today()
    return is_over and actor.can(Action.LOCK_FIGURES, scope.top_id)


def _frame(actor: Actor, scope: Scope | None) -> dict[str, Any]:
    shown = scope or statistics_scope.scope_of(actor, measures.whole_year(2022))
    return {
        "scope": scope,
        "chips": statistics_scope.period_chips(shown),
        "sites": statistics_scope.site_options(actor),
        "can_export": actor.can(Action.EXPORT_CASES, shown.top_id),
        "exports_waiting": _exports_waiting(actor),
        "year_words": statistics_view.year_words,
    }


def _exports_waiting(actor: Actor) -> int:
    return len(exporting.waiting_for(actor)) if actor.can(Action.APPROVE_EXPORT) else 0


def _scope(actor: Actor, form: PeriodForm) -> Scope:
    return statistics_scope.scope_of(actor, form.period)


@bp.get("/statistics/rows/<string:figure>")
@requires(Action.VIEW_STATISTICS)
def rows(figure: str) -> str:
    """The rows that add up to a figure: cases with their share, persons, applications."""
    actor, form = current_actor(), filter_of_request(current_actor())
    found = _rows_of(actor, figure, form.to_filter(), request.args.get("after", ""))
    kept: dict[str, Any] = {**form.kept(), "figure": figure}
    following = url_for("statistics.rows", **kept, after=found.next_key)
    return render_template(
        "staff/statistics/rows.html",
        figure=figure,
        found=found,
        definition=gettext(measures.DEFINITIONS[figure_rows.DEFINED_AS[figure]]),
        chips=form.chips(actor),
        first_url="" if found.is_first else url_for("statistics.rows", **kept),
        next_url=following if found.next_key else "",
        cases_url=url_for("cases.listing", **dict[str, Any](form.kept())),
        person_url=lambda row: _person_url(form, row),
    )


def _person_url(form: FilterForm, row: figure_rows.Row) -> str:
    kept: dict[str, Any] = {**form.kept(), "person": str(row.worker.id if row.worker else 0)}
    return url_for("cases.listing", **kept)


def _rows_of(actor: Actor, figure: str, wanted: CaseFilter, after: str) -> figure_rows.Rows:
    if figure == "people":
        return figure_rows.person_rows(actor, wanted, after)
    if figure == "work-injury":
        if wanted.injury_from is None or wanted.injury_to is None:
            raise NotFound(N_("没有这个数"))
        period = Period(wanted.injury_from, wanted.injury_to)
        return figure_rows.injured_rows(actor, period, wanted.site_ids, after)
    dated = {"visits": figure_rows.visit_rows, "matters": figure_rows.matter_rows}.get(figure)
    if dated is not None:
        return dated(actor, wanted, after)
    return figure_rows.summed_rows(actor, wanted, figure, after)


@bp.get("/statistics/change")
@requires(Action.VIEW_STATISTICS)
def change() -> tuple[str, int]:
    """What the change of the number of cases is measured against."""
    actor, form = current_actor(), PeriodForm.of_request()
    scope = _scope(actor, form)
    found = measures.figures(actor, scope.period, scope.site_ids)
    earlier = scope.before
    whole = scope.site_ids is None
    return forms.page(
        "staff/statistics/change.html",
        form,
        scope=scope,
        earlier=earlier,
        found=found,
        change_words=statistics_view.change_words(found),
        now=statistics_view.cases_number(scope, found.cases, scope.wanted),
        before_url=scope.cases_url(earlier.wanted),
        series=measures.find_series(earlier.period) if whole else None,
        in_system=measures.case_count(actor, earlier.wanted),
        definition=gettext(measures.DEFINITIONS["change"]),
        can_compare=actor.can(Action.SET_COMPARISON),
    )


@bp.route("/statistics/comparison", methods=["GET", "POST"])
@requires(Action.SET_COMPARISON)
def comparison() -> Response | tuple[str, int]:
    """Type in the number of cases of an earlier period, with its source."""
    actor, form = current_actor(), ComparisonForm(request.form or None)
    if request.method == "GET":
        asked = PeriodForm.of_request()
        form.first.data, form.last.data = asked.first.data, asked.last.data
    if forms.submit(form, lambda: _set_comparison(actor, form)):
        flash(gettext("对比数已保存"))
        return redirect(url_for("statistics.comparison"))
    return forms.page("staff/statistics/comparison.html", form, series=report.all_series())


def _set_comparison(actor: Actor, form: Any) -> Any:
    period = report.comparison_period(form.first.data, form.last.data)
    return report.set_comparison(actor, period, form.cases.data, form.source.data)


@bp.get("/statistics/export")
@requires(Action.EXPORT_CASES)
def export() -> Response:
    """A period as workbook or report, its case list as csv, or the case list of any filter."""
    actor, kind = current_actor(), request.args.get("format", "xlsx")
    if not {"from", "to"} & set(request.args):
        wanted = filter_of_request(actor).to_filter()
        return statistics_download.list_of(actor, wanted, kind == "csv")
    make = {
        "csv": statistics_download.csv_of,
        "docx": statistics_download.docx_of,
        "figures": statistics_download.figures_csv_of,
    }
    download = make.get(kind, statistics_download.xlsx_of)
    return download(actor, _scope(actor, PeriodForm.of_request()))
