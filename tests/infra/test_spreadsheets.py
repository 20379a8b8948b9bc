"""Workbooks: bombs are refused before unpacking, text never becomes a formula or a link."""

import csv
import io
import random
import time
import zipfile
from datetime import date
from typing import Any

import pytest
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
