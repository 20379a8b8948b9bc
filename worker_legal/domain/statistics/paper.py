"""The report of a period on paper: sentence, figures with what they count, every table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker_legal.domain.statistics import export, report
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import (
    DEFINITIONS,
    DEFINITIONS_VERSION,
    Figures,
    Period,
)
from worker_legal.domain.statistics.sheets import Sheet
from worker_legal.domain.statistics.trends import Balance
from worker_legal.i18n import N_
from worker_legal.infra import charts, pictures
from worker_legal.infra.documents import Block, Grid, Heading, Paragraph, Picture
from worker_legal.infra.pictures import Font
from worker_legal.law.money import format_wan

Gettext = Callable[[str], str]


NO_FONT = N_("这台服务器上没有中文字体，图没有画出来，数字见下表。请管理员安装一种中文字体。")
WIDTH = 720
MONTHS_HEIGHT = 230
MOST_BARS = 12


@dataclass(frozen=True)
class Content:
    """What a report is made of: the period, whose figures they are, and the tables."""

    period: Period
    office: str
    found: Figures
    tables: Sequence[Breakdown]
    months_before: Breakdown
    books: Balance
    further: Sequence[Sheet] = ()


def blocks(
    content: Content,
    language: str = "zh",
    gettext: Gettext = str,
    font: Font | None = None,
) -> list[Block]:
    """The pieces of the document, in the order in which they are read.

    Without a Chinese font a sentence stands in place of the pictures.
    """
    period, found = content.period, content.found
    words = "".join(part.text for part in report.sentence(period, found, language, gettext))
    span = gettext(N_("%(office)s，%(first)s至%(last)s")) % {
        "office": content.office,
        "first": period.first,
        "last": period.last,
    }
    made: list[Block] = [
        Heading(gettext(N_("劳动争议处理情况")), 0),
        Paragraph(span),
        Paragraph(words),
        Heading(gettext(N_("主要数字"))),
        _headlines(found, gettext),
        Heading(gettext(N_("结转与未结"))),
        _books(content, gettext),
    ]
    if font is None:
        made.append(Paragraph(gettext(NO_FONT), is_small=True))
    for table in content.tables:
        drawn = [_picture(table, content, gettext, font)] if font and table.cells else []
        made += [Heading(gettext(table.title)), *drawn, _table(table, gettext)]
    for sheet in content.further:
        made += sheet.as_blocks(gettext, font)
    note = gettext(N_("口径第%(n)s版。")) % {"n": DEFINITIONS_VERSION}
    definitions = (f"{gettext(name)}：{gettext(DEFINITIONS[key])}" for key, name, *_ in _ROWS)
    return [*made, Paragraph(note + "；".join(dict.fromkeys(definitions)), is_small=True)]


def _picture(table: Breakdown, content: Content, gettext: Gettext, font: Font) -> Picture:
    title = gettext(table.title)
    if table.code == "month":
        drawn, height = _months(table, content, gettext), MONTHS_HEIGHT
        alt = gettext(N_("%(title)s，与上年同期对比，数字见下表")) % {"title": title}
    else:
        cells = sorted(table.cells, key=lambda cell: -cell.cases)[:MOST_BARS]
        rows = [charts.Bar(gettext(cell.label), cell.cases) for cell in cells]
        drawn, height = pictures.ranking(rows, title)
        alt = gettext(N_("%(title)s，数字见下表")) % {"title": title}
    return Picture(pictures.png(drawn, WIDTH, height, font), WIDTH, height, alt)


def _months(table: Breakdown, content: Content, gettext: Gettext) -> str:
    """The period dark, the year before light; without a case the year before is left out."""
    earlier: list[int | None] = [cell.cases for cell in content.months_before.cells]
    if not any(earlier):
        earlier = []
    lacking: list[int | None] = [None if not earlier else 0] * len(table.cells)
    points = [
        charts.Column(cell.key[-2:].lstrip("0"), cell.cases, before)
        for cell, before in zip(table.cells, [*earlier, *lacking], strict=False)
    ]
    return str(charts.columns(points, gettext(table.title), gettext(N_("月"))))


_ROWS = (
    ("cases", N_("受理案件"), N_("起")),
    ("people", N_("涉及职工（人）"), N_("人")),
    ("person_times", N_("涉及职工（人次）"), N_("人次")),
    ("amount", N_("涉案金额"), N_("万元")),
    ("agreed", N_("协议金额"), N_("万元")),
    ("received", N_("实际到账"), N_("万元")),
    ("work_injury_people", N_("工伤认定申请"), N_("人")),
    ("closed", N_("其中至今已结"), N_("起")),
    ("open", N_("其中至今未结"), N_("起")),
    ("collective", N_("集体争议"), N_("起")),
    ("change", N_("案件数同比"), "%"),
)


def _headlines(found: Figures, gettext: Gettext) -> Grid:
    rows = [(gettext(name), _value(found, key), gettext(unit)) for key, name, unit in _ROWS]
    return Grid([gettext(word) for word in (N_("指标"), N_("数值"), N_("单位"))], rows)


def _books(content: Content, gettext: Gettext) -> Grid:
    rows = export.books_rows(content.books, content.found.collective)
    return Grid(
        [gettext(word) for word in (N_("指标"), N_("案件（起）"))],
        [(gettext(name), f"{number:,}") for name, number in rows],
    )


def _value(found: Figures, key: str) -> str:
    if key == "change":
        return "—" if found.change.percent is None else f"{found.change.percent:+.1f}"
    if key in {"amount", "agreed", "received"}:
        return format_wan(getattr(found, f"{key}_fen"))
    return f"{getattr(found, key):,}"


def _table(table: Breakdown, gettext: Gettext) -> Grid:
    head = (N_("项目"), N_("案件（起）"), N_("人次"), N_("涉案金额（万元）"))
    rows = [
        (
            gettext(cell.label),
            f"{cell.cases:,}",
            f"{cell.person_times:,}",
            format_wan(cell.amount_fen),
        )
        for cell in table.cells
    ]
    return Grid([gettext(word) for word in head], rows)
