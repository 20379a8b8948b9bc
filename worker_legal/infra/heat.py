"""A picture of how often something happens: days across, hours down, the more the darker."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from worker_legal.infra.svg import link, percent, tag

ROW, TOP = 26, 24
LEFT = 20.0
TONES = 4


@dataclass(frozen=True)
class Spot:
    """One cell: how often, where a click leads, and its title; a plain one has no tone."""

    value: int
    url: str = ""
    title: str = ""
    is_plain: bool = False


def heat(
    heads: Sequence[str], rows: Sequence[tuple[str, Sequence[Spot]]], label: str
) -> tuple[Markup, int]:
    """The picture and its height; the number stands in each cell, so no tone has to be read."""
    highest = max(
        (spot.value for _, spots in rows for spot in spots if not spot.is_plain), default=0
    )
    width = (100 - LEFT) / max(len(heads), 1)
    body = [
        tag("text", head, class_="c-text", x=percent(_middle(at, width)), y="14", **_CENTRED)
        for at, head in enumerate(heads)
    ]
    for number, (word, spots) in enumerate(rows):
        top = TOP + ROW * number
        body.append(tag("text", word, class_="c-text", x="0", y=str(top + 17)))
        body += [_spot(spot, at, width, top, highest) for at, spot in enumerate(spots)]
    height = TOP + ROW * len(rows) + 2
    drawn = tag(
        "svg", *body, class_="chart chart-heat", height=height, role="group", aria_label=label
    )
    return drawn, height


_CENTRED = {"text_anchor": "middle"}


def _middle(at: int, width: float) -> float:
    return LEFT + width * (at + 0.5)


def _spot(spot: Spot, at: int, width: float, top: int, highest: int) -> Markup:
    tone = -(-spot.value * TONES // highest) if highest and not spot.is_plain else 0
    cell = tag(
        "rect",
        class_=f"c-heat c-heat-{tone}",
        x=percent(LEFT + width * at + 0.3),
        y=str(top),
        width=percent(width - 0.6),
        height=str(ROW - 3),
        rx="3",
    )
    if not spot.value:
        return cell
    ink = "c-num c-cell c-cell-light" if tone > 3 else "c-num c-cell"
    place = percent(_middle(at, width))
    number = tag("text", f"{spot.value:,}", class_=ink, x=place, y=str(top + 16), **_CENTRED)
    return link(spot.url, spot.title, cell, number)
