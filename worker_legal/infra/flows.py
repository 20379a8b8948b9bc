"""A picture of where things go on to: a band from each word on the left to one on the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from worker_legal.infra.svg import link, percent, tag

LEFT, RIGHT = 27.0, 73.0
TALLEST, LEAST, GAP = 96, 20, 14
# as many fill the tallest band at least, so that one case does not look like a stream
FULL = 8


@dataclass(frozen=True)
class Band:
    """How many went from one place to another, where a click leads, and its title."""

    came_from: str
    went_to: str
    value: int
    url: str = ""
    title: str = ""


@dataclass(frozen=True)
class _Side:
    """Where the bands stand on one side: the top of each, and the words with their middles."""

    tops: dict[int, float]
    words: list[tuple[str, float]]
    height: float


def flow(bands: Sequence[Band], label: str) -> tuple[Markup, int]:
    """The picture and its height; a band is as high as its share, but never too thin to click."""
    highest = max([FULL, *(band.value for band in bands)])
    heights = [max(LEAST, TALLEST * band.value / highest) for band in bands]
    left = _side([band.came_from for band in bands], heights)
    right = _side([band.went_to for band in bands], heights)
    height = round(max(left.height, right.height))
    body = [
        *(_words(left, LEFT - 1.5, "end")),
        *(_words(right, RIGHT + 1.5, "start")),
        *(
            _band(band, heights[at], left.tops[at], right.tops[at], height)
            for at, band in enumerate(bands)
        ),
    ]
    drawn = tag(
        "svg", *body, class_="chart chart-flow", height=height, role="group", aria_label=label
    )
    return drawn, height


def _side(places: Sequence[str], heights: Sequence[float]) -> _Side:
    """Bands of one place stand together, places in the order in which they first come."""
    tops: dict[int, float] = {}
    words, top = [], 4.0
    for place in dict.fromkeys(places):
        start = top
        for at in (number for number, word in enumerate(places) if word == place):
            tops[at] = top
            top += heights[at] + 2
        words.append((place, (start + top - 2) / 2))
        top += GAP
    return _Side(tops, words, top)


def _words(side: _Side, x: float, anchor: str) -> list[Markup]:
    return [
        tag("text", word, class_="c-text", x=percent(x), y=f"{middle + 5:.0f}", text_anchor=anchor)
        for word, middle in side.words
    ]


def _band(band: Band, high: float, left: float, right: float, height: int) -> Markup:
    """The band is stretched to the width of the page; its number is not."""
    path = (
        f"M0,{left:.1f} C50,{left:.1f} 50,{right:.1f} 100,{right:.1f} "
        f"V{right + high:.1f} C50,{right + high:.1f} 50,{left + high:.1f} 0,{left + high:.1f} Z"
    )
    drawn = tag(
        "svg",
        tag("path", class_="c-band", d=path),
        x=percent(LEFT),
        y="0",
        width=percent(RIGHT - LEFT),
        height=height,
        viewBox=f"0 0 100 {height}",
        preserveAspectRatio="none",
    )
    middle = f"{left + high / 2 + 5:.0f}"
    number = tag("text", f"{band.value:,}", class_="c-num c-cell", x=percent(LEFT + 1), y=middle)
    return link(band.url, band.title, drawn, number)
