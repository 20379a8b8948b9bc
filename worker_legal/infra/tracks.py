"""The tracks picture of the case page: one lane per proceeding on a common time line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from markupsafe import Markup

from worker_legal.infra.svg import link, percent, tag

MONTH_WORD = 12
"""Per cent of the width that the word of a month needs beside the next one."""


@dataclass(frozen=True)
class Mark:
    """One day on a lane. Kinds: event, optional, ok, soon, late; label is shown, title is read."""

    on: date
    kind: str
    label: str = ""
    url: str = ""
    title: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch of a lane. Kinds: done (under way), past (finished), todo (still to come)."""

    start: date
    end: date
    kind: str


@dataclass(frozen=True)
class Lane:
    """One proceeding on the common time line.

    state: open, wait, done or stop with its words; next_html: the line under it, already markup.
    """

    label: str
    state: str = "open"
    state_text: str = ""
    url: str = ""
    next_html: Markup = Markup("")
    spans: Sequence[Span] = field(default_factory=tuple)
    marks: Sequence[Mark] = field(default_factory=tuple)


@dataclass(frozen=True)
class MonthTick:
    """The first day of a month on the axis with its long and short word."""

    on: date
    long: str
    short: str


@dataclass(frozen=True)
class _Scale:
    """Days to per cent of the width; the earliest and the latest day keep a margin."""

    first: date
    days: int

    def x(self, day: date) -> float:
        return (day - self.first).days / self.days * 100

    def at(self, day: date) -> str:
        return percent(self.x(day))


def _scale(lanes: Sequence[Lane], today: date) -> _Scale:
    known = [mark.on for lane in lanes for mark in lane.marks]
    known += [day for lane in lanes for span in lane.spans for day in (span.start, span.end)]
    first, last = min([*known, today]), max([*known, today])
    margin = max((last - first).days // 10, 7)
    first -= timedelta(days=margin)
    return _Scale(first, (last - first).days + margin)


def month_starts(lanes: Sequence[Lane], today: date, most: int = 8) -> list[date]:
    """The months on the time line of these lanes, at most so many: first days, led by its start."""
    scale = _scale(lanes, today)
    last = scale.first + timedelta(days=scale.days)
    day = date(scale.first.year, scale.first.month, 1)
    days: list[date] = []
    while day <= last:
        if day >= scale.first:
            days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    if not days or scale.x(days[0]) > MONTH_WORD:
        days.insert(0, scale.first)
    return days[:: max(1, -(-len(days) // most))]


def tracks(
    lanes: Sequence[Lane],
    today: date,
    ticks: Sequence[MonthTick],
    today_text: str,
    count_text: str = "",
) -> Markup:
    """One lane per proceeding on a common time line: the axis and the list, without the panel.

    ticks come from month_starts() with their words; today_text is the word over today's line.
    """
    scale = _scale(lanes, today)
    kept = [tick for tick in ticks if 0 <= scale.x(tick.on) <= 100]
    rows = [_lane(lane, scale, today, kept) for lane in lanes]
    axis = tag(
        "div",
        tag("span", count_text, class_="axis-space"),
        _axis(scale, today, kept, today_text),
        class_="axis",
        aria_hidden="true",
    )
    return axis + tag("ol", *rows, "")


def _axis(scale: _Scale, today: date, ticks: Sequence[MonthTick], today_text: str) -> Markup:
    parts = []
    for tick in ticks:
        x = scale.at(tick.on)
        words = (
            tag("tspan", tick.long, class_="m-long"),
            tag("tspan", tick.short, class_="m-short"),
        )
        starts = tick.on == scale.first
        if not starts:
            parts.append(tag("line", class_="t-grid", x1=x, x2=x, y1="30", y2="100%"))
        dx = "0" if starts else "6"
        parts.append(tag("text", *words, class_="t-text", x=x, y="34", dx=dx))
    now = scale.at(today)
    parts.append(tag("line", class_="t-now", x1=now, x2=now, y1="20", y2="100%"))
    parts.append(
        tag(
            "text",
            today_text,
            class_="t-nowtext",
            x=now,
            y="14",
            text_anchor=_anchor(scale.x(today)),
        )
    )
    return tag("svg", *parts)


def _anchor(x: float) -> str:
    if x < 8:
        return "start"
    return "end" if x > 92 else "middle"


def _lane(lane: Lane, scale: _Scale, today: date, ticks: Sequence[MonthTick]) -> Markup:
    name = tag("a", lane.label, class_="plain", href=lane.url) if lane.url else lane.label
    parts: list[object] = [tag("h3", name)]
    if lane.state_text:
        parts.append(tag("span", lane.state_text, class_=f"st st-{lane.state}"))
    if lane.next_html:
        parts.append(tag("span", lane.next_html, class_="next"))
    picture = tag(
        "svg",
        *_track(lane, scale, today, ticks),
        class_="lane-track",
        role="group",
        aria_label=lane.label,
    )
    return tag("li", tag("div", *parts, class_="lane-head"), picture, class_="lane")


def _track(lane: Lane, scale: _Scale, today: date, ticks: Sequence[MonthTick]) -> list[Markup]:
    parts = [_level("t-base", "0", "100%")]
    parts += [
        _upright_line("t-grid", scale.at(tick.on)) for tick in ticks if tick.on != scale.first
    ]
    parts += [
        _level(f"t-{span.kind}", scale.at(span.start), scale.at(span.end)) for span in lane.spans
    ]
    parts.append(_upright_line("t-now", scale.at(today)))
    labelled = fit_labels(lane.marks, scale.x, scale.x(today))
    parts += [_mark(mark, scale, labelled.get(index, "")) for index, mark in enumerate(lane.marks)]
    return parts


def _level(class_: str, x1: str, x2: str) -> Markup:
    return tag("line", class_=class_, x1=x1, x2=x2, y1="50%", y2="50%")


def _upright_line(class_: str, x: str) -> Markup:
    return tag("line", class_=class_, x1=x, x2=x, y1="0", y2="100%")


def _label_width(text: str) -> float:
    """Per cent of a track about 900 px wide that a label in 13 px takes."""
    return sum(13 if ord(letter) > 0x2E7F else 7.5 for letter in text) / 9 + 1


def fit_labels(
    marks: Sequence[Mark], place: Callable[[date], float], line: float = -50
) -> dict[int, str]:
    """Which marks carry their label, by index, with the side it hangs on: strong ones first.

    No label lies on another; only a strong one may cross the upright line of today.
    """
    taken: list[tuple[float, float]] = []
    sides: dict[int, str] = {}
    order = sorted(range(len(marks)), key=lambda index: (not marks[index].strong, marks[index].on))
    for index in order:
        mark = marks[index]
        free = [*taken, (line - 0.3, line + 0.3)]
        found = _side(mark, place(mark.on), free)
        if not found and mark.strong:
            found = _side(mark, place(mark.on), taken)
        if found:
            sides[index] = found
            taken.append(_extent(place(mark.on), _label_width(mark.label), found))
    return sides


def _side(mark: Mark, x: float, taken: Sequence[tuple[float, float]]) -> str:
    if not mark.label:
        return ""
    for side in ("middle", "end", "start"):
        left, right = _extent(x, _label_width(mark.label), side)
        if left < -1 or right > 101:
            continue
        if all(right <= before or left >= after for before, after in taken):
            return side
    return ""


def _extent(x: float, width: float, side: str) -> tuple[float, float]:
    left = {"middle": x - width / 2, "end": x - width, "start": x}[side]
    return left, left + width


def _mark(mark: Mark, scale: _Scale, side: str) -> Markup:
    x = scale.at(mark.on)
    inside = [tag("circle", class_="t-hit", cx=x, cy="50%", r="12"), _shape(mark.kind, x)]
    if side:
        strong = " t-text-strong" if mark.strong else ""
        dx = {"middle": "0", "end": "5", "start": "-5"}[side]
        inside.append(
            tag("text", mark.label, class_=f"t-text{strong}", x=x, dx=dx, y="26", text_anchor=side)
        )
    title = mark.title or f"{mark.on.isoformat()} {mark.label}"
    return link(mark.url, title, *inside)


def _shape(kind: str, x: str) -> Markup:
    if kind == "soon":
        return _placed(x, tag("path", class_="t-soon", d="M0-8 8 0 0 8-8 0z"))
    if kind == "late":
        return _placed(x, tag("path", class_="t-late", d="M0-9 9 7-9 7z"))
    if kind == "ok":
        return tag("circle", class_="t-ok", cx=x, cy="50%", r="7")
    class_ = "t-opt" if kind == "optional" else "t-mark"
    return tag("circle", class_=class_, cx=x, cy="50%", r="5.5")


def _placed(x: str, shape: Markup) -> Markup:
    return tag("svg", shape, class_="t-at", x=x, y="50%")
