"""What the page of figures shows: each number with the address of its rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import breakdowns, measures, report, trends
from worker_legal.domain.statistics.breakdowns import Breakdown, Cell
from worker_legal.domain.statistics.definitions import BY_VERSION, DEFINITIONS_VERSION
from worker_legal.domain.statistics.measures import Figures
from worker_legal.domain.statistics.wording import Part
from worker_legal.infra import charts
from worker_legal.law.money import format_wan, round_half_up
from worker_legal.web import language
from worker_legal.web.staff.statistics_scope import Scope


@dataclass(frozen=True)
class Number:
    """A number as printed, and where its rows are."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class TableRow:
    """One row of a table: the word, this period, the year before, and the shares."""

    word: str
    cases: Number
    before: Number
    person_times: Number
    amount: Number
    share: str


@dataclass(frozen=True)
class TablePanel:
    """One breakdown: its picture and the table behind the toggle."""

    code: str
    title: str
    picture: Markup
    rows: list[TableRow]
    total: TableRow | None
    note: str
    compared: bool


def sentence(scope: Scope, found: Figures) -> list[Number]:
    """The report sentence in pieces, its numbers with their addresses."""
    return numbers(scope, report.sentence(scope.period, found, language.choose(), gettext))


def numbers(scope: Scope, parts: list[Part]) -> list[Number]:
    """The pieces of a sentence, each figure with the address of its rows."""
    urls = figure_urls(scope)
    return [Number(part.text, urls.get(part.figure, "")) for part in parts]


def figure_urls(scope: Scope) -> dict[str, str]:
    """Where the rows of each headline figure are."""
    wanted = scope.wanted
    return {
        "cases": scope.cases_url(wanted),
        "people": scope.rows_url("people", wanted),
        "person_times": scope.rows_url("person-times", wanted),
        "amount": scope.rows_url("amount", wanted),
        "agreed": scope.rows_url("agreed", wanted),
        "received": scope.rows_url("received", wanted),
        "work_injury_people": scope.rows_url("work-injury", injury_filter(scope)),
        "change": url_for("statistics.change", **scope.arguments),
    }


def injury_filter(scope: Scope) -> CaseFilter:
    """The cases with an application for recognition in the period."""
    first, last = scope.period.first, scope.period.last
    return CaseFilter(injury_from=first, injury_to=last, site_ids=scope.site_ids)


# --- the five figures -----------------------------------------------------------------


def tiles(
    actor: Actor, scope: Scope, found: Figures, before: Figures, by_times: bool = False
) -> list[dict[str, Any]]:
    """The five figures with change, note and course; workers as persons or as person-times."""
    urls = figure_urls(scope)
    course = trends.trends(actor, scope.period, scope.site_ids)
    return [
        {
            "name": name,
            "num": format_wan(value) if kept.endswith("_fen") else f"{value:,}",
            "unit": unit,
            "change": _change(kept, found, before),
            "note": note,
            "url": urls[figure],
            "spark": _spark(name, getattr(course, kept, ())),
            "definition": gettext(measures.DEFINITIONS[figure]),
        }
        for figure, kept, name, unit, note in _five(found, before, by_times)
        for value in (getattr(found, kept),)
    ]


def _five(found: Figures, before: Figures, by_times: bool) -> list[tuple[str, str, str, str, str]]:
    agreed, wan, persons = format_wan(found.agreed_fen), gettext("万元"), gettext("人")
    return [
        ("cases", "cases", gettext("受理案件"), gettext("起"), _cases_note(found)),
        _workers(found, by_times),
        ("amount", "amount_fen", gettext("涉案金额"), wan, gettext("协议%(n)s万元", n=agreed)),
        ("received", "received_fen", gettext("实际到账"), wan, _received_note(found)),
        (
            "work_injury_people",
            "work_injury_people",
            gettext("工伤认定申请"),
            persons,
            _injury_note(before),
        ),
    ]


def _workers(found: Figures, by_times: bool) -> tuple[str, str, str, str, str]:
    people, times = f"{found.people:,}", f"{found.person_times:,}"
    word = gettext("涉及职工")
    if by_times:
        return "person_times", "person_times", word, gettext("人次"), gettext("%(n)s人", n=people)
    return "people", "people", word, gettext("人"), gettext("%(n)s人次", n=times)


def _change(kept: str, found: Figures, before: Figures) -> float | None:
    if kept == "cases":
        return found.change.percent
    return _percent(getattr(found, kept), getattr(before, kept))


def _cases_note(found: Figures) -> str:
    before = found.change.before
    return "" if before is None else gettext("去年同期%(n)s起", n=f"{before:,}")


def _received_note(found: Figures) -> str:
    if not found.agreed_fen:
        return ""
    share = Fraction(found.received_fen * 1000, found.agreed_fen)
    return gettext("占协议%(n)s%%", n=_one_place(round_half_up(share)))


def _injury_note(before: Figures) -> str:
    number = before.work_injury_people
    return gettext("去年同期%(n)s人", n=f"{number:,}") if number else ""


def _percent(now: int, before: int) -> float | None:
    if not before:
        return None
    return round_half_up(Fraction((now - before) * 1000, before)) / 10


def _spark(name: str, course: tuple[int, ...]) -> Markup | None:
    if len(course) < 2:
        return None
    return charts.spark(course, gettext("%(name)s，各月走势", name=name))


def _one_place(permille: int) -> str:
    return f"{permille // 10}.{permille % 10}"


# --- charts and tables ------------------------------------------------------------------


def panels(actor: Actor, scope: Scope) -> dict[str, TablePanel]:
    """Every breakdown beside the same one a year earlier."""
    now = breakdowns.breakdowns(actor, scope.wanted, scope.period)
    earlier = scope.before
    then = breakdowns.breakdowns(actor, earlier.wanted, earlier.period)
    made = [panel(scope, a, b) for a, b in zip(now, then, strict=True)]
    return {panel.code: panel for panel in made}


def panel(scope: Scope, now: Breakdown, then: Breakdown) -> TablePanel:
    """One breakdown as picture and table, beside the year before."""
    pairs = _pairs(now, then)
    total = sum(cell.cases for cell in now.cells) if now.adds_up else 0
    named = {"employer": _named_bars, "warned": _named_bars}
    draw = {"month": _columns, **named}.get(now.code, _bars)
    return TablePanel(
        now.code,
        gettext(now.title),
        draw(scope, gettext(now.title), pairs),
        [_row(scope, cell, before, total) for cell, before in pairs],
        _total_row(scope, now, then) if now.adds_up else None,
        "" if now.adds_up else gettext("一起案件可以在几行里，各行不相加"),
        any(before.cases for _, before in pairs),
    )


def _pairs(now: Breakdown, then: Breakdown) -> list[tuple[Cell, Cell]]:
    """Each row beside the one of the year before; months go together by their order."""
    if now.code == "month":
        nothing = (_nothing(cell) for cell in now.cells[len(then.cells) :])
        return list(zip(now.cells, [*then.cells[: len(now.cells)], *nothing], strict=True))
    here = {cell.key: cell for cell in now.cells}
    there = {cell.key: cell for cell in then.cells}
    cells = [*now.cells, *(_nothing(cell) for key, cell in there.items() if key not in here)]
    return [(cell, there.get(cell.key) or _nothing(cell)) for cell in cells]


def _nothing(cell: Cell) -> Cell:
    return replace(cell, cases=0, person_times=0, amount_fen=0)


def _row(scope: Scope, cell: Cell, before: Cell, total: int) -> TableRow:
    share = _one_place(round_half_up(Fraction(cell.cases * 1000, total))) + "%" if total else ""
    return TableRow(
        word(cell),
        cases_number(scope, cell.cases, cell.behind),
        cases_number(scope, before.cases, before.behind),
        *_sums(scope, cell.person_times, cell.amount_fen, cell.behind),
        share,
    )


def word(cell: Cell) -> str:
    """The word of a row; months are written as months."""
    year, dash, month = cell.key.partition("-")
    if dash and len(year) == 4 and month.isdigit():
        return gettext("%(year)s年%(month)s月", year=year, month=int(month))
    return gettext(cell.label)


def cases_number(scope: Scope, cases: int, behind: CaseFilter) -> Number:
    """A number of cases; a zero leads nowhere."""
    return Number(f"{cases:,}", scope.cases_url(behind) if cases else "")


def _sums(
    scope: Scope, person_times: int, amount: int, behind: CaseFilter
) -> tuple[Number, Number]:
    people_url = scope.rows_url("person-times", behind) if person_times else ""
    amount_url = scope.rows_url("amount", behind) if amount else ""
    return Number(f"{person_times:,}", people_url), Number(format_wan(amount), amount_url)


def _total_row(scope: Scope, now: Breakdown, then: Breakdown) -> TableRow:
    cells, earlier = now.cells, scope.before
    return TableRow(
        gettext("合计"),
        cases_number(scope, sum(cell.cases for cell in cells), scope.wanted),
        cases_number(scope, sum(cell.cases for cell in then.cells), earlier.wanted),
        *_sums(
            scope,
            sum(cell.person_times for cell in cells),
            sum(cell.amount_fen for cell in cells),
            scope.wanted,
        ),
        "100.0%" if cells and any(cell.cases for cell in cells) else "",
    )


def _columns(scope: Scope, title: str, pairs: list[tuple[Cell, Cell]]) -> Markup:
    several = len({cell.key[:4] for cell, _ in pairs}) > 1
    whole = scope.period.first.month == 1 and not several
    compared = any(before.cases for _, before in pairs)
    points = [_column(scope, cell, before, several, compared) for cell, before in pairs]
    label = gettext("%(title)s，与上年同期对比，数字见下表", title=title)
    return charts.columns(points, label, "" if several else gettext("月"), 12 if whole else None)


def _column(scope: Scope, cell: Cell, before: Cell, several: bool, compared: bool) -> charts.Column:
    month = cell.key[5:]
    told = {"month": word(cell), "now": cell.cases, "before": before.cases}
    return charts.Column(
        f"{cell.key[2:4]}-{month}" if several else str(int(month)),
        cell.cases,
        before.cases if compared else None,
        scope.cases_url(cell.behind) if cell.cases else "",
        gettext("%(month)s %(now)s起，上年同期%(before)s起", **told),
    )


def _named_bars(scope: Scope, title: str, pairs: list[tuple[Cell, Cell]]) -> Markup:
    return _bars(scope, title, pairs, has_names=True)


def _bars(
    scope: Scope, title: str, pairs: list[tuple[Cell, Cell]], has_names: bool = False
) -> Markup:
    cells = [cell for cell, _ in pairs if cell.cases]
    rows = [charts.Bar(word(c), c.cases, scope.cases_url(c.behind)) for c in cells]
    head = (gettext("类别"), gettext("图"), gettext("件数"))
    return charts.bars(rows, title, head, has_names)


# --- the books, the change and the definitions ------------------------------------------


def books(actor: Actor, scope: Scope) -> dict[str, Number]:
    """Carried over, received, closed and open, and the sum of either side."""
    found = trends.balance(actor, scope.period, scope.site_ids)
    numbers = {
        name: cases_number(scope, getattr(found, name), wanted)
        for name, wanted in found.behind.items()
    }
    return {**numbers, "both": Number(f"{found.both_sides:,}")}


def lesser(scope: Scope, found: Figures) -> list[tuple[str, Number, str, str]]:
    """Figures below the five: word, number, unit and definition."""
    urls = figure_urls(scope)
    collective = replace(scope.wanted, collective=True)
    return [
        (
            gettext("协议金额"),
            Number(format_wan(found.agreed_fen), urls["agreed"]),
            gettext("万元"),
            gettext(measures.DEFINITIONS["agreed"]),
        ),
        (
            gettext("集体争议"),
            cases_number(scope, found.collective, collective),
            gettext("起"),
            gettext(measures.DEFINITIONS["collective"]),
        ),
    ]


DEFINED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("cases", lambda: gettext("受理案件")),
    ("people", lambda: gettext("涉及职工（人）")),
    ("person_times", lambda: gettext("涉及职工（人次）")),
    ("amount", lambda: gettext("涉案金额")),
    ("agreed", lambda: gettext("协议金额")),
    ("received", lambda: gettext("实际到账")),
    ("work_injury_people", lambda: gettext("工伤认定申请")),
    ("collective", lambda: gettext("集体争议")),
    ("balance", lambda: gettext("结转与未结")),
    ("change", lambda: gettext("同比")),
    ("awarded", lambda: gettext("裁决金额")),
    ("mediation_success", lambda: gettext("调解成功率")),
    ("closing", lambda: gettext("结案率")),
    ("on_time", lambda: gettext("按期结案率")),
    ("in_park", lambda: gettext("不出园区化解率")),
    ("final_award", lambda: gettext("终局裁决率")),
    ("one_trip", lambda: gettext("最多跑一次的比例")),
    ("trips", lambda: gettext("平均跑动次数")),
    ("trips_per_worker", lambda: gettext("每名职工跑动次数")),
    ("days", lambda: gettext("结案用时")),
    ("manner", lambda: gettext("处理方式")),
    ("result", lambda: gettext("处理结果")),
    ("visits", lambda: gettext("来访")),
    ("ways", lambda: gettext("程序流转")),
    ("employer_class", lambda: gettext("行业和规模")),
    ("employers", lambda: gettext("案件最多的单位")),
    ("warned", lambda: gettext("90天内3起以上欠薪争议的单位")),
)


def definitions(version: int = DEFINITIONS_VERSION) -> list[tuple[str, str]]:
    """Each figure with what it counts, as one version of the definitions has it."""
    known = BY_VERSION[version]
    return [(name(), gettext(known[key])) for key, name in DEFINED if key in known]


def change_words(found: Figures) -> str:
    """How the change came about, as a sum people can check."""
    change = found.change
    if change.permille is None or change.before is None:
        return gettext("上年同期没有案件，也没有填写对比数，所以不算同比。")
    size = _one_place(abs(change.permille))
    told = {"n": size, "now": found.cases, "before": change.before, "source": change.source}
    if change.permille < 0:
        total = gettext("下降%(n)s%% = (%(now)s − %(before)s) ÷ %(before)s", **told)
    else:
        total = gettext("上升%(n)s%% = (%(now)s − %(before)s) ÷ %(before)s", **told)
    if change.basis == "series":
        why = gettext("上年同期的数是填写的，来源：%(source)s", **told)
    else:
        why = gettext("两个数都来自本平台案件")
    return gettext("%(total)s。%(why)s。", total=total, why=why)


def year_words(day: date) -> str:
    """2026年 for a legend."""
    return gettext("%(year)s年", year=day.year)
