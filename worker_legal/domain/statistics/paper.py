"""The report of a period on paper: sentence, figures with what they count, every table."""

from collections.abc import Callable, Sequence

from worker_legal.domain.statistics import report
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import (
    DEFINITIONS,
    DEFINITIONS_VERSION,
    Figures,
    Period,
)
from worker_legal.i18n import N_
from worker_legal.infra.documents import Block, Grid, Heading, Paragraph
from worker_legal.law.money import format_wan

Gettext = Callable[[str], str]


def blocks(
    period: Period,
    office: str,
    found: Figures,
    tables: Sequence[Breakdown],
    language: str = "zh",
    gettext: Gettext = str,
) -> list[Block]:
    """The pieces of the document, in the order in which they are read."""
    words = "".join(part.text for part in report.sentence(period, found, language, gettext))
    span = gettext(N_("%(office)s，%(first)s至%(last)s")) % {
        "office": office,
        "first": period.first,
        "last": period.last,
    }
    made: list[Block] = [
        Heading(gettext(N_("劳动争议处理情况")), 0),
        Paragraph(span),
        Paragraph(words),
        Heading(gettext(N_("主要数字"))),
        _headlines(found, gettext),
    ]
    for table in tables:
        made += [Heading(gettext(table.title)), _table(table, gettext)]
    note = gettext(N_("口径第%(n)s版。")) % {"n": DEFINITIONS_VERSION}
    definitions = (f"{gettext(name)}：{gettext(DEFINITIONS[key])}" for key, name, *_ in _ROWS)
    return [*made, Paragraph(note + "；".join(dict.fromkeys(definitions)), is_small=True)]


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
