"""Workbooks: bombs are refused before unpacking, text never becomes a formula or a link."""

import contextlib
import csv
import io
import random
import resource
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from worker_legal.errors import BadInput
from worker_legal.infra import spreadsheets
from worker_legal.infra.spreadsheets import Table, read_workbook, write_csv, write_xlsx

LEADS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=20)


def _reloaded(*rows: list[Any], **changes: Any) -> list[list[Any]]:
    table = Table("一", ["甲", "乙"], rows, **changes)
    return read_workbook(write_xlsx([table]))[0].rows


def _zip(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


NOISE = random.Random(7).randbytes(400_000)


def _forged(content: bytes, true: int, told: int) -> bytes:
    """A zip whose directory says that an entry is smaller than it is."""
    return content.replace(true.to_bytes(4, "little"), told.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"name,day\n1,2\n", "改了名字"),
        (spreadsheets.OLD_BOX + b"\0" * 600, "xls"),
        (spreadsheets.OLD_BOX + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
    ids=["empty", "csv", "xls", "encrypted"],
)
def test_a_file_of_another_kind_is_told_what_it_is(content: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        read_workbook(content)


@pytest.mark.parametrize("lead", LEADS)
def test_text_that_could_be_a_formula_is_neutralised(lead: str) -> None:
    assert str(spreadsheets.safe_text(f"{lead}1+1")).startswith("'")


def test_a_workbook_holds_no_formula() -> None:
    content = write_xlsx([Table("一", ["甲"], [[f"{lead}1+1"] for lead in LEADS])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_a_workbook_holds_no_link() -> None:
    content = write_xlsx([Table("一", ["甲"], [["https://example.org/"]])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"hyperlink" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers_and_days_stay_days() -> None:
    assert _reloaded([12.5, date(2022, 1, 7)])[1] == [12.5, date(2022, 1, 7)]


def test_digits_in_text_stay_text() -> None:
    assert _reloaded(["00123", "999020198001283401"])[1] == ["00123", "999020198001283401"]


def test_a_title_stands_above_the_head() -> None:
    assert [row[0] for row in _reloaded(["x", "y"], title="2022")] == ["2022", "甲", "x"]


@given(st.lists(st.tuples(TEXT, st.integers(-(10**9), 10**9)), max_size=5))
def test_csv_comes_back_as_it_went(rows: list[tuple[str, int]]) -> None:
    content = b"".join(write_csv(["甲", "乙"], rows)).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert [row[1] for row in back] == [str(number) for _, number in rows]
    assert [row[0].removeprefix("'") for row in back] == [
        text.removeprefix("'") for text, _ in rows
    ]


def test_csv_says_that_it_is_utf8() -> None:
    assert next(iter(write_csv(["甲"], []))) == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        _zip(("a.txt", b"x")),
        _zip(("xl/workbook.xml", b"<workbook")),
        _zip(("bomb", b"\0" * 50_000_000)),
        _zip(*((f"f{number}", b"") for number in range(2_001))),
        _zip(*((f"f{n}", NOISE + b"\0" * 45_000_000) for n in range(5))),
        _zip(("large", NOISE + b"\0" * 52_500_000)),
        _forged(_zip(("xl/workbook.xml", b"\0" * 40_000_000)), 40_000_000, 1_000_000),
        _forged(_zip(("a", NOISE)), len(NOISE), 10),
    ],
    ids=[
        *("empty", "text", "zip", "torn", "ratio", "entries", "total", "one", "forged"),
        "forged-small",
    ],
)
def test_what_is_no_workbook_is_refused_at_once(content: bytes) -> None:
    before = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        read_workbook(content)
    assert refused.value.field == "file"
    assert time.perf_counter() - before < 1


def test_more_rows_than_a_person_can_check_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    content = write_xlsx([Table("一", ["甲"], [[n] for n in range(5)])])
    with pytest.raises(BadInput):
        read_workbook(content)


def _book(write: Callable[[Any, Any], None]) -> bytes:
    """A workbook of one sheet, written cell by cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        write(book, book.add_worksheet())
    return out.getvalue()


def test_every_kind_of_cell_comes_through() -> None:
    day = datetime.fromisoformat("2022-01-07T09:30")

    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["字", 1.5, True])
        sheet.write_datetime(0, 3, day, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_datetime(0, 4, day.date(), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(0, 5, 1.5, book.add_format({"num_format": "[h]:mm:ss"}))
        sheet.write_number(0, 6, 0.25, book.add_format({"num_format": "hh:mm"}))

    row = read_workbook(_book(write))[0].rows[0]
    assert row[:4] == ["字", 1.5, True, day]
    assert row[4] == day.date()
    assert row[5] == timedelta(hours=36)
    assert row[6] == time_of_day(6, 0)


def test_one_cell_at_the_far_end_does_not_fill_the_memory() -> None:
    content = _book(lambda _book, sheet: sheet.write(1_048_575, 16_383, "x"))
    assert len(content) < 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput):
        read_workbook(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize("limit", [("CHILD_MEMORY", 20 * 1024 * 1024), ("CHILD_SECONDS", 0)])
def test_a_reader_that_is_stopped_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, limit: tuple[str, int]
) -> None:
    monkeypatch.setattr(spreadsheets, *limit)
    with pytest.raises(BadInput) as refused:
        read_workbook(write_xlsx([Table("一", ["甲"], [[f"{n} 字"] for n in range(40_000)])]))
    assert refused.value.field == "file"


@pytest.mark.parametrize("seed", range(40))
def test_a_spoiled_workbook_is_read_or_refused(seed: int) -> None:
    """Bytes of one part are changed at random and packed again: no other error comes out."""
    spoiler = random.Random(seed)
    content = write_xlsx([Table("一", ["甲", "乙"], [["x", n] for n in range(30)])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, bytearray(archive.read(name))) for name in archive.namelist()]
    _, part = spoiler.choice(parts)
    for _ in range(spoiler.randrange(1, 30)):
        part[spoiler.randrange(len(part))] = spoiler.choice(b'<>&\0\xff09"=/')
    with contextlib.suppress(BadInput):
        assert isinstance(read_workbook(_zip(*((n, bytes(p)) for n, p in parts))), list)


def test_the_reader_is_given_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import json, os; print(json.dumps([[name, []] for name in os.environ]))")
    monkeypatch.setattr(spreadsheets, "CHILD", child)
    monkeypatch.setenv("WL_SECRET_KEY", "s" * 40)
    names = [sheet.name for sheet in read_workbook(write_xlsx([Table("一", ["甲"], [])]))]
    assert [name for name in names if name.startswith("WL_")] == []
