"""Charts on paper: drawn with a Chinese font, or not at all."""

import struct
import zlib
from pathlib import Path

import pytest

from worker_legal.infra import charts, pictures
from worker_legal.infra.charts import Bar, Column
from worker_legal.infra.pictures import Font

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def font() -> Font:
    """The Chinese font of this machine."""
    found = pictures.chinese_font()
    assert found is not None, "the tests need fonts-noto-cjk"
    return found


def _size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _chunks(content: bytes) -> bytes:
    """The packed pixels of a PNG, unpacked."""
    place, data = len(PNG), b""
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] == b"IDAT":
            data += content[place + 8 : place + 8 + length]
        place += length + 12
    return zlib.decompress(data)


def test_the_best_known_font_is_found_wherever_it_lies(tmp_path: Path) -> None:
    deep = tmp_path / "opentype" / "noto"
    deep.mkdir(parents=True)
    (deep / "simsun.ttc").touch()
    (deep / "NotoSansCJK-Regular.ttc").touch()
    assert pictures.find_font([tmp_path]) == Font(
        deep / "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"
    )


def test_without_a_known_font_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "DejaVuSans.ttf").touch()
    assert pictures.find_font([tmp_path, tmp_path / "nowhere"]) is None


def test_a_chart_of_the_pages_becomes_a_picture(font: Font) -> None:
    drawn = charts.columns([Column("1", 3, 5, url="/cases?a=1&b=2")], "每月受理", "月")
    made = pictures.png(str(drawn), 720, 230, font)
    assert made.startswith(PNG)
    assert _size(made) == (1800, 575)


def test_words_are_drawn_and_not_only_bars(font: Font) -> None:
    # with a font that is not there the words vanish without a sound
    def drawn(word: str) -> bytes:
        svg, height = pictures.ranking([Bar(word, 1)], "")
        return _chunks(pictures.png(svg, 720, height, font))

    assert len({drawn(""), drawn("劳动报酬"), drawn("工伤待遇")}) == 3


def test_the_longest_bar_leaves_room_for_its_number() -> None:
    svg, height = pictures.ranking([Bar("甲", 10**6), Bar("乙 <&>", 1), Bar("丙", 0)], "因为什么")
    assert height == 98
    assert "1,000,000" in svg
    assert "乙 &lt;&amp;&gt;" in svg
    assert 'x="90.80%"' in svg
