"""QR squares as plain SVG paths: sharp on paper, no style attribute, no foreign markup."""

from itertools import groupby

import segno
from markupsafe import Markup

from worker_legal.infra.svg import tag

QUIET = 2


def square(text: str, title: str) -> Markup:
    """The square that says a text; error correction M survives a folded or stained paper."""
    rows = [[bool(dark) for dark in row] for row in segno.make(text, error="m", micro=False).matrix]
    side = len(rows) + 2 * QUIET
    path = "".join(_runs(row, y + QUIET) for y, row in enumerate(rows))
    return tag(
        "svg",
        tag("title", title),
        tag("path", d=path, fill="#000", stroke="none"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {side} {side}",
        shape_rendering="crispEdges",
        role="img",
    )


def _runs(row: list[bool], y: int) -> str:
    parts, x = [], QUIET
    for dark, cells in groupby(row):
        width = len(list(cells))
        if dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)
