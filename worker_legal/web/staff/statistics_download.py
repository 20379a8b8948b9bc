"""Files: a period as a workbook of totals, tables and cases; any case list as xlsx or csv."""

from urllib.parse import quote

from flask import Response, stream_with_context
from flask_babel import gettext

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import breakdowns, export, measures, paper
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.infra.documents import DOCX, write_docx
from worker_legal.infra.spreadsheets import XLSX, write_csv, write_xlsx
from worker_legal.web import language
from worker_legal.web.staff.statistics_scope import Scope


def xlsx_of(actor: Actor, scope: Scope) -> Response:
    """The workbook of a period: totals, one sheet per table, the case list."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    wanted = _recorded(actor, "statistics_xlsx", scope.wanted)
    found = measures.figures(actor, scope.period, scope.site_ids)
    tables = [export.totals_table(scope.period, found, _words)]
    for table in breakdowns.breakdowns(actor, scope.wanted, scope.period):
        tables.append(export.breakdown_table(table, _words))
    tables.append(export.case_table(actor, wanted, _words))
    answer = Response(write_xlsx(tables), mimetype=XLSX)
    return _named(answer, gettext("统计"), "statistics", _days(scope), "xlsx")


def docx_of(actor: Actor, scope: Scope) -> Response:
    """The yearly report as a document: the sentence, the figures, every table."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    _recorded(actor, "statistics_docx", scope.wanted)
    found = measures.figures(actor, scope.period, scope.site_ids)
    tables = breakdowns.breakdowns(actor, scope.wanted, scope.period)
    blocks = paper.blocks(scope.period, scope.site_name, found, tables, language.choose(), _words)
    answer = Response(write_docx(blocks, scope.site_name), mimetype=DOCX)
    return _named(answer, gettext("统计报告"), "report", _days(scope), "docx")


def csv_of(actor: Actor, scope: Scope) -> Response:
    """The case list of a period, line by line."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    wanted = _recorded(actor, "cases_csv", scope.wanted)
    return _named(_csv(actor, wanted), gettext("案件清单"), "cases", _days(scope), "csv")


def list_of(actor: Actor, wanted: CaseFilter, as_csv: bool) -> Response:
    """The case list of any filter."""
    kind = "csv" if as_csv else "xlsx"
    wanted = _recorded(actor, f"cases_{kind}", wanted)
    if as_csv:
        answer = _csv(actor, wanted)
    else:
        answer = Response(write_xlsx([export.case_table(actor, wanted, _words)]), mimetype=XLSX)
    return _named(answer, gettext("案件清单"), "cases", f"{clock.today():%Y%m%d}", kind)


def _recorded(actor: Actor, what: str, wanted: CaseFilter) -> CaseFilter:
    allowed = export.exportable(actor, wanted)
    with transaction():
        export.record_export(actor, what, allowed)
    return allowed


def _csv(actor: Actor, wanted: CaseFilter) -> Response:
    head = [_words(name) for name in export.CASE_HEAD]
    lines = write_csv(head, export.case_rows(actor, wanted, _words))
    return Response(stream_with_context(lines), mimetype="text/csv")


def _words(text: str) -> str:
    return gettext(text) if text else ""


def _named(answer: Response, word: str, plain: str, days: str, kind: str) -> Response:
    full = quote(f"{word}{days}.{kind}")
    name = f"attachment; filename=\"{plain}-{days}.{kind}\"; filename*=UTF-8''{full}"
    answer.headers["Content-Disposition"] = name
    return answer


def _days(scope: Scope) -> str:
    return f"{scope.period.first:%Y%m%d}-{scope.period.last:%Y%m%d}"
