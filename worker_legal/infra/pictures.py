"""Charts as pictures for paper: the SVG of the pages drawn with a Chinese font of this machine."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resvg_py
from markupsafe import Markup

from worker_legal.infra.charts import Bar
from worker_legal.infra.svg import percent, tag

# the file, and the name by which it is asked for; the first that is found is taken
FONTS = (
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
    ("NotoSansCJKsc-Regular.otf", "Noto Sans CJK SC"),
    ("NotoSansSC-Regular.otf", "Noto Sans SC"),
    ("NotoSansSC-Regular.ttf", "Noto Sans SC"),
    ("SourceHanSansSC-Regular.otf", "Source Han Sans SC"),
    ("SourceHanSansCN-Regular.otf", "Source Han Sans CN"),
    ("msyh.ttc", "Microsoft YaHei"),
    ("simhei.ttf", "SimHei"),
    ("simsun.ttc", "SimSun"),
    ("PingFang.ttc", "PingFang SC"),
    ("Hiragino Sans GB.ttc", "Hiragino Sans GB"),
    ("wqy-microhei.ttc", "WenQuanYi Micro Hei"),
    ("wqy-zenhei.ttc", "WenQuanYi Zen Hei"),
)
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
# paper is white and has no theme: the colours of base.css by day
INK = (
    "text { fill: #556270; font-size: 13px; font-family: sans-serif; } "
    ".c-num { fill: #17212b; } "
    ".c-now { fill: #14597a; } .c-prev { fill: #a9c6d3; } "
    ".c-heat, .c-band { fill: #14597a; } .c-band { fill-opacity: .22; } "
    ".c-heat-0 { fill-opacity: .04; } .c-heat-1 { fill-opacity: .14; } "
    ".c-heat-2 { fill-opacity: .28; } .c-heat-3 { fill-opacity: .42; } "
    ".c-heat-4 { fill-opacity: .85; } .c-cell-light { fill: #ffffff; } "
    ".c-grid { stroke: #dfe3e6; stroke-width: 1; }"
)
# enough for a printer at the width of a page
ZOOM = 2.5
ROW = 30


@dataclass(frozen=True)
class Font:
    """A font that has the Chinese characters."""

    path: Path
    family: str


def find_font(folders: Iterable[Path]) -> Font | None:
    """The best known Chinese font in these folders, or None."""
    there = {path.name: path for folder in folders for path in _files(folder)}
    return next((Font(there[name], family) for name, family in FONTS if name in there), None)


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)


@cache
def chinese_font() -> Font | None:
    """The Chinese font of this machine; looked for once."""
    windows = Path(os.environ.get("WINDIR", "/nowhere")) / "Fonts"
    return find_font([windows, *(Path(folder).expanduser() for folder in FOLDERS)])


def ranking(rows: Sequence[Bar], label: str) -> tuple[str, int]:
    """A ranking as one drawing, words to the left and numbers behind the bars; and its height."""
    highest = max((row.value for row in rows), default=0) or 1
    body = [_line(row, number, highest) for number, row in enumerate(rows)]
    return str(tag("svg", *body, role="img", aria_label=label)), ROW * len(rows) + 8


def _line(row: Bar, number: int, highest: int) -> Markup:
    top, length = ROW * number, 62 * max(row.value, 0) / highest
    word, bar, text = str(top + 19), str(top + 6), row.text or f"{row.value:,}"
    return Markup("").join(
        (
            tag("text", row.label, x="27%", y=word, text_anchor="end"),
            tag("rect", class_="c-now", x="28%", y=bar, width=percent(length), height="18"),
            tag("text", text, class_="c-num", x=percent(28.8 + length), y=word),
        )
    )


def png(svg: str, width: int, height: int, font: Font) -> bytes:
    """A chart as PNG, drawn as on a page of this width."""
    sized = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
    plain = svg.replace(f' height="{height}"', "", 1)
    drawn = resvg_py.svg_to_bytes(
        svg_string=plain.replace("<svg ", sized, 1),
        style_sheet=INK,
        zoom=ZOOM,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(font.path)],
        sans_serif_family=font.family,
    )
    return bytes(drawn)
