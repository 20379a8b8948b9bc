"""Pictures of figures as SVG: every mark a link; with tracks.py the whole set of the pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from worker_legal.infra.svg import link, percent, tag
from worker_legal.infra.tracks import Lane, Mark, MonthTick, Span, month_starts, tracks

__all__ = [
    "Bar",
    "Column",
    "Lane",
    "Mark",
    "MonthTick",
    "Span",
    "bars",
    "columns",
    "month_starts",
    "spark",
    "tracks",
]

COLUMN_TOP, COLUMN_FLOOR = 24, 196
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Column:
    """One month (or other step): its word, this period, the period before, where a click leads."""

    label: str
    now: int
    before: int | None = None
    url: str = ""
    title: str = ""


@dataclass(frozen=True)
class Bar:
    """One line of a ranking: word, number as counted and as printed, where a click leads."""

    label: str
    value: int
    url: str = ""
    text: str = ""


def top_of_scale(highest: int) -> tuple[int, int]:
    """The top of a scale and the distance of its lines, at most five lines, for whole numbers."""
    if highest <= 0:
        return 1, 1
    size = 1
    while True:
        for step in STEPS:
            distance = step * size
            if distance * 4 >= highest:
                lines = -(-highest // distance)
                return distance * lines, distance
        size *= 10


def columns(
    points: Sequence[Column], label: str, suffix: str = "", slots: int | None = None
) -> Markup:
    """Columns by month with the year before in a lighter tone; slots keeps room for months to come.

    suffix is the word after the month number, hidden on phones.
    """
    highest = max((max(point.now, point.before or 0) for point in points), default=0)
    top, distance = top_of_scale(highest)
    body = [_grid_lines(top, distance)]
    width = 96 / max(slots or 0, len(points), 1)
    for index, point in enumerate(points):
        body.append(_column(point, 4 + width * index, width, top, suffix))
    return tag("svg", *body, class_="chart chart-months", role="group", aria_label=label)


def _height(value: int, top: int) -> float:
    return value / top * (COLUMN_FLOOR - COLUMN_TOP)


def _grid_lines(top: int, distance: int) -> Markup:
    lines = []
    for value in range(0, top + 1, distance):
        y = f"{COLUMN_FLOOR - _height(value, top):.0f}"
        lines.append(tag("line", class_="c-grid", x1="4%", x2="100%", y1=y, y2=y))
        lines.append(tag("text", f"{value:,}", class_="c-text", x="0", y=str(int(y) + 4)))
    return Markup("").join(lines)


def _column(point: Column, left: float, width: float, top: int, suffix: str) -> Markup:
    column = width * 0.325
    start = left + (width - 2 * column) / 2
    if point.before is None:
        start, column = left + width * 0.25, width * 0.5
    marks = []
    if point.before is not None:
        marks.append(_upright("c-prev", start, column, point.before, top))
        start += column
    marks.append(_upright("c-now", start, column, point.now, top))
    number_y = f"{COLUMN_FLOOR - _height(point.now, top) - 6:.1f}"
    marks.append(_centred("c-num", start + column / 2, number_y, f"{point.now:,}"))
    word = tag("tspan", suffix, class_="c-yue") if suffix else ""
    caption = _centred("c-text", left + width / 2, "218", point.label, word)
    title = point.title or f"{point.label}{suffix} {point.now:,}"
    return link(point.url, title, *marks) + caption


def _centred(class_: str, x: float, y: str, *inside: object) -> Markup:
    return tag("text", *inside, class_=class_, x=percent(x), y=y, text_anchor="middle")


def _upright(class_: str, x: float, width: float, value: int, top: int) -> Markup:
    height = _height(value, top)
    return tag(
        "rect",
        class_=class_,
        x=percent(x),
        y=f"{COLUMN_FLOOR - height:.1f}",
        width=percent(width),
        height=f"{height:.1f}",
    )


def bars(
    rows: Sequence[Bar], caption: str, head: tuple[str, str, str], has_names: bool = False
) -> Markup:
    """A ranking as a table whose middle cell is drawn; head names the three columns for readers.

    Names of companies need more room than the words of a code list.
    """
    highest = max((row.value for row in rows), default=0) or 1
    heads = tag("tr", *(tag("th", word, scope="col") for word in head))
    return tag(
        "table",
        tag("caption", caption, class_="visually-hidden"),
        tag("thead", heads),
        tag("tbody", *(_bar(row, highest) for row in rows), ""),
        class_="bars bars-names" if has_names else "bars",
    )


def _bar(row: Bar, highest: int) -> Markup:
    width = max(row.value, 0) / highest * 100
    drawn = tag("rect", class_="c-now", x="0", y="1", width=percent(width), height="12")
    number = row.text or f"{row.value:,}"
    linked = tag("a", number, class_="plain", href=row.url) if row.url else escape(number)
    return tag(
        "tr",
        tag("th", row.label, scope="row"),
        tag("td", tag("svg", drawn, aria_hidden="true")),
        tag("td", linked, class_="num"),
    )


def spark(values: Sequence[int], label: str) -> Markup:
    """The course of one figure as a small line without axes."""
    low, high = min(values, default=0), max(values, default=0)
    stretch = (high - low) or 1
    step = 100 / max(len(values) - 1, 1)
    points = " ".join(
        f"{index * step:.1f},{28 - (value - low) / stretch * 24:.1f}"
        for index, value in enumerate(values)
    )
    return tag(
        "svg",
        tag("polyline", class_="spark-line", points=points),
        class_="spark",
        viewBox="0 0 100 32",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )
