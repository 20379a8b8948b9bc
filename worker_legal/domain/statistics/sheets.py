"""The further tables of a period for paper: rates, averages, the official table, visits, ways."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from worker_legal.domain.cases.visits import UNKNOWN_HOUR, Weekday
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import official, patterns, rates
from worker_legal.domain.statistics.definitions import DEFINITIONS
from worker_legal.domain.statistics.export import amounts
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.domain.statistics.official import Line
from worker_legal.domain.statistics.patterns import Heat, Way
from worker_legal.domain.statistics.rates import Average, Rate
from worker_legal.i18n import N_
from worker_legal.infra import flows, pictures
from worker_legal.infra.documents import Block, Grid, Heading, Paragraph, Picture
from worker_legal.infra.heat import Spot, heat
from worker_legal.infra.pictures import Font
from worker_legal.infra.spreadsheets import Table

Gettext = Callable[[str], str]
Value = str | int | float | None
WIDTH = 720
AVERAGES = {
    "days": N_("结案用时（天，每起结案）"),
    "trips": N_("跑动次数（次，每起结案）"),
    "trips_per_worker": N_("跑动次数（次，每名职工）"),
}
SHARE_HEAD = (N_("指标"), N_("比例（%）"), N_("分子"), N_("分母"), N_("上年同期（%）"))
MEAN_HEAD = (N_("指标"), N_("平均"), N_("中位数"), N_("合计"), N_("除以"), N_("上年同期"))


@dataclass(frozen=True)
class Drawn:
    """A chart of the pages, and how high it is."""

    svg: str
    height: int


@dataclass(frozen=True)
class Sheet:
    """One table with what it counts; a missing value is an empty cell, never a nought."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]
    note: str = ""
    drawn: Drawn | None = None

    def as_table(self) -> Table:
        """The table as a sheet of a workbook, numbers as numbers."""
        widths = (24, *(13 for _ in self.head[1:]))
        return Table(name=self.title, head=self.head, rows=self.rows, widths=widths)

    def as_blocks(self, gettext: Gettext, font: Font | None) -> list[Block]:
        """The table as a part of the report, behind its chart where it has one."""
        made: list[Block] = [Heading(self.title)]
        if font is not None and self.drawn is not None:
            alt = gettext(N_("%(title)s，数字见下表")) % {"title": self.title}
            content = pictures.png(self.drawn.svg, WIDTH, self.drawn.height, font)
            made.append(Picture(content, WIDTH, self.drawn.height, alt))
        made.append(Grid(self.head, [[_printed(value) for value in row] for row in self.rows]))
        return [*made, Paragraph(self.note, is_small=True)] if self.note else made


def _printed(value: Value) -> str:
    if value is None:
        return "—"
    return value if isinstance(value, str) else f"{value:,}"


def sheets(
    actor: Actor, period: Period, site_ids: frozenset[int] | None, gettext: Gettext = str
) -> list[Sheet]:
    """Every further table of a period, in the order in which the pages show them."""
    now, then = (actor, period, site_ids), (actor, period.year_before(), site_ids)
    table = official.official(*now)
    return [
        _shares(N_("各项比例"), rates.rates(*now), rates.rates(*then), gettext),
        _means(
            _averages(*now),
            _averages(*then),
            gettext,
        ),
        _shares(N_("处理方式"), rates.manners(*now), rates.manners(*then), gettext, "manner"),
        _shares(N_("处理结果"), rates.results(*now), rates.results(*then), gettext, "result"),
        _awarded(rates.awarded(*now), gettext),
        _lines(N_("处理情况（各月）"), N_("月份"), table.by_month, table.whole, gettext),
        _lines(N_("处理情况（各站点）"), N_("站点"), table.by_site, table.whole, gettext),
        _visits(patterns.heat(*now), gettext),
        _ways(patterns.ways(actor, registered_in(period, site_ids)), gettext),
    ]


def _averages(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> dict[str, Average]:
    asked = (actor, period, site_ids)
    return {
        "days": rates.time_to_close(*asked),
        "trips": rates.trips_taken(*asked),
        "trips_per_worker": rates.trips_per_worker(*asked),
    }


def _words(names: Iterable[str], gettext: Gettext) -> list[str]:
    return [gettext(name) for name in names]


def _defined(figure: str, gettext: Gettext) -> str:
    return gettext(DEFINITIONS[figure])


def _tenths(value: int | None) -> float | None:
    return None if value is None else value / 10


def _shares(
    title: str, now: list[Rate], then: list[Rate], gettext: Gettext, defined: str = ""
) -> Sheet:
    rows = [
        (
            gettext(rate.title),
            _tenths(rate.permille),
            rate.part,
            rate.whole,
            _tenths(before.permille),
        )
        for rate, before in zip(now, then, strict=True)
    ]
    told = (
        [_defined(defined, gettext)]
        if defined
        else [f"{gettext(rate.title)}：{_defined(rate.code, gettext)}" for rate in now]
    )
    return Sheet(gettext(title), _words(SHARE_HEAD, gettext), rows, "；".join(told))


def _means(now: dict[str, Average], then: dict[str, Average], gettext: Gettext) -> Sheet:
    rows = [
        (
            gettext(word),
            _tenths(now[code].mean_tenths),
            None if now[code].median_twice is None else (now[code].median_twice or 0) / 2,
            now[code].total,
            now[code].cases,
            _tenths(then[code].mean_tenths),
        )
        for code, word in AVERAGES.items()
    ]
    told = [f"{gettext(word)}：{_defined(code, gettext)}" for code, word in AVERAGES.items()]
    return Sheet(gettext(N_("平均数")), _words(MEAN_HEAD, gettext), rows, "；".join(told))


def _awarded(fen: int, gettext: Gettext) -> Sheet:
    word = N_("裁决金额")
    rows = [(gettext(name), value, gettext(unit)) for name, value, unit in amounts(word, fen)]
    head = _words((N_("指标"), N_("数值"), N_("单位")), gettext)
    return Sheet(gettext(word), head, rows, _defined("awarded", gettext))


def _lines(title: str, first: str, lines: Sequence[Line], whole: Line, gettext: Gettext) -> Sheet:
    named = [(line.word, line) for line in lines]
    rows: list[Sequence[Value]] = [
        (word, *(line.figures[name] for name in official.HEADS))
        for word, line in [*named, (gettext(N_("合计")), whole)]
    ]
    head = _words((first, *official.HEADS.values()), gettext)
    return Sheet(gettext(title), head, rows, _defined("balance", gettext))


def _visits(found: Heat, gettext: Gettext) -> Sheet:
    days = _words((day.label for day in Weekday), gettext)
    words = {hour: _hour(hour, gettext) for hour in found.hours}
    whole = gettext(N_("合计"))
    counts = {hour: [found.count(day, hour) for day in Weekday] for hour in found.hours}
    rows: list[Sequence[Value]] = [(words[hour], *line, sum(line)) for hour, line in counts.items()]
    sums = [found.count(day) for day in Weekday]
    title = gettext(N_("来访时间"))
    drawn = None
    if found.count():
        is_alone = len(found.hours) == 1
        spots = [
            (words[hour], [Spot(n, is_plain=hour == UNKNOWN_HOUR and not is_alone) for n in line])
            for hour, line in counts.items()
        ]
        svg, height = heat(days, spots, title)
        drawn = Drawn(str(svg), height)
    head = [gettext(N_("时间")), *days, whole]
    return Sheet(
        title, head, [*rows, (whole, *sums, sum(sums))], _defined("visits", gettext), drawn
    )


def _hour(hour: str, gettext: Gettext) -> str:
    if hour == UNKNOWN_HOUR:
        return gettext(N_("钟点不明"))
    return gettext(N_("%(n)s点")) % {"n": int(hour)}


def _ways(found: list[Way], gettext: Gettext) -> Sheet:
    bands = [
        flows.Band(gettext(way.came_from.label), gettext(way.went_to.label), way.cases)
        for way in found
    ]
    rows = [(f"{band.came_from} → {band.went_to}", band.value) for band in bands]
    title = gettext(N_("程序流转"))
    svg, height = flows.flow(bands, title)
    drawn = Drawn(str(svg), height) if bands else None
    head = _words((N_("从哪里到哪里"), N_("案件（起）")), gettext)
    return Sheet(title, head, rows, _defined("ways", gettext), drawn)
