"""Files: a period as a workbook of totals, tables and cases; any case list as xlsx or csv."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, request, stream_with_context, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import (
    breakdowns,
    export,
    measures,
    paper,
    patterns,
    sheets,
    trends,
)
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.export import Line
from worker_legal.domain.statistics.sheets import Sheet
from worker_legal.infra import clock, pictures
from worker_legal.infra.db import transaction
from worker_legal.infra.documents import DOCX, write_docx
from worker_legal.infra.spreadsheets import XLSX, Table, write_csv, write_xlsx
from worker_legal.web import language
from worker_legal.web.staff.statistics_scope import Scope

# a longer list holds a worker of the server for more than a second
LONGEST_AT_ONCE = 2000


def xlsx_of(actor: Actor, scope: Scope) -> Response:
    """The workbook of a period: totals, one sheet per table, the case list."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    wanted = _recorded(actor, "statistics_xlsx", scope.wanted)
    tables = [*_tables(actor, scope), _list_sheet(actor, wanted)]
    answer = Response(write_xlsx(tables), mimetype=XLSX)
    return _named(answer, gettext("统计"), "statistics", _days(scope), "xlsx")


def figures_csv_of(actor: Actor, scope: Scope) -> Response:
    """Every number of the tables on a line of its own: table, row, column, value."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    _recorded(actor, "statistics_csv", scope.wanted)
    lines = (line for table in _tables(actor, scope) for line in _cells(table))
    head = [gettext("表"), gettext("项目"), gettext("列"), gettext("数值")]
    answer = Response(b"".join(write_csv(head, lines)), mimetype="text/csv")
    return _named(answer, gettext("统计"), "statistics", _days(scope), "csv")


def _cells(table: Table) -> Iterator[tuple[Any, ...]]:
    """Each number with the words of its row and column; a unit goes to the word of the row."""
    for word, *values in table.rows:
        unit = values[-1] if isinstance(values[-1], str) else ""
        told = gettext("%(word)s（%(unit)s）", word=word, unit=unit) if unit else word
        for head, value in zip(table.head[1:], values, strict=True):
            if value is not None and not isinstance(value, str):
                yield table.name, told, head, value


def _tables(actor: Actor, scope: Scope) -> list[Table]:
    """Every table of a period: totals and books, breakdowns, and the further ones."""
    found = measures.figures(actor, scope.period, scope.site_ids)
    books = trends.balance(actor, scope.period, scope.site_ids)
    return [
        export.totals_table(scope.period, found, _words),
        export.books_table(books, found.collective, _words),
        *(export.breakdown_table(table, _words) for table in _breakdowns(actor, scope)),
        *(sheet.as_table() for sheet in _sheets(actor, scope)),
    ]


def _breakdowns(actor: Actor, scope: Scope) -> list[Breakdown]:
    return [
        *breakdowns.breakdowns(actor, scope.wanted, scope.period),
        *patterns.by_employers(actor, scope.wanted),
    ]


def _sheets(actor: Actor, scope: Scope) -> list[Sheet]:
    return sheets.sheets(actor, scope.period, scope.site_ids, _words)


def docx_of(actor: Actor, scope: Scope) -> Response:
    """The yearly report as a document: the sentence, the figures, every table."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    _recorded(actor, "statistics_docx", scope.wanted)
    found = measures.figures(actor, scope.period, scope.site_ids)
    tables = _breakdowns(actor, scope)
    earlier = scope.before
    months = breakdowns.by_month(actor, earlier.wanted, earlier.period)
    books = trends.balance(actor, scope.period, scope.site_ids)
    further = _sheets(actor, scope)
    content = paper.Content(scope.period, scope.site_name, found, tables, months, books, further)
    blocks = paper.blocks(content, language.choose(), _words, pictures.chinese_font())
    answer = Response(write_docx(blocks, scope.site_name), mimetype=DOCX)
    return _named(answer, gettext("统计报告"), "report", _days(scope), "docx")


def csv_of(actor: Actor, scope: Scope) -> Answer:
    """The case list of a period, line by line."""
    actor.require(Action.EXPORT_CASES, scope.top_id)
    return list_of(actor, scope.wanted, as_csv=True, days=_days(scope))


def list_of(actor: Actor, wanted: CaseFilter, as_csv: bool, days: str = "") -> Answer:
    """The case list of any filter; a long one is made beside the pages."""
    kind = "csv" if as_csv else "xlsx"
    if _is_long(actor, wanted):
        return redirect(url_for("exports.new", **dict[str, Any](request.args)))
    wanted = _recorded(actor, f"cases_{kind}", wanted)
    cases = export.listed(actor, wanted)
    if as_csv:
        answer = _csv(cases)
    else:
        answer = Response(write_xlsx([export.case_table(cases, _words)]), mimetype=XLSX)
    return _named(answer, gettext("案件清单"), "cases", days or f"{clock.today():%Y%m%d}", kind)


def _is_long(actor: Actor, wanted: CaseFilter) -> bool:
    return export.length_of(actor, export.exportable(actor, wanted)) > LONGEST_AT_ONCE


def _list_sheet(actor: Actor, wanted: CaseFilter) -> Table:
    count = export.length_of(actor, wanted)
    if count > LONGEST_AT_ONCE:
        return export.no_list_table(count, _words)
    return export.case_table(export.listed(actor, wanted), _words)


def _recorded(actor: Actor, what: str, wanted: CaseFilter) -> CaseFilter:
    allowed = export.exportable(actor, wanted)
    with transaction():
        export.record_export(actor, what, allowed)
    return allowed


def _csv(lines: Iterator[Line]) -> Response:
    head = [_words(name) for name in export.CASE_HEAD]
    content = write_csv(head, export.case_rows(lines, _words))
    return Response(stream_with_context(content), mimetype="text/csv")


def _words(text: str) -> str:
    return gettext(text) if text else ""


def _named(answer: Response, word: str, plain: str, days: str, kind: str) -> Response:
    full = quote(f"{word}{days}.{kind}")
    name = f"attachment; filename=\"{plain}-{days}.{kind}\"; filename*=UTF-8''{full}"
    answer.headers["Content-Disposition"] = name
    return answer


def _days(scope: Scope) -> str:
    return f"{scope.period.first:%Y%m%d}-{scope.period.last:%Y%m%d}"
