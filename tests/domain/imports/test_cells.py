"""Cells of a ledger: dates in many spellings, amounts, counts, numbers that Excel destroyed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_legal.domain.imports import cells
from worker_legal.errors import BadInput

DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))
SPELLINGS = [
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: datetime(day.year, day.month, day.day, 9, 30),  # noqa: DTZ001 - as Excel gives it
    lambda day: float((day - date(1899, 12, 30)).days),
]


@given(DAYS, st.sampled_from(SPELLINGS))
def test_a_day_reads_the_same_in_every_spelling(day: date, spelling: Any) -> None:
    assert cells.date_of(spelling(day)) == day


@pytest.mark.parametrize("cell", ["2022-02-30", "2022年13月1日", "去年三月", "03-04", "2022-1"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        cells.date_of(cell)


def test_a_blank_day_is_none() -> None:
    assert cells.date_of("\u3000") is None


@given(st.integers(0, 10**11))
def test_an_amount_reads_the_same_as_number_and_as_text(fen: int) -> None:
    yuan = f"{fen // 100:,}.{fen % 100:02d}"
    assert cells.fen_of(yuan) == fen
    assert cells.fen_of(float(yuan.replace(",", ""))) == fen


@pytest.mark.parametrize("cell", ["", "-", "—", "/", "无", None])
def test_a_blank_amount_is_none(cell: Any) -> None:
    assert cells.fen_of(cell) is None


@pytest.mark.parametrize("cell", ["-5", "很多", "1e400", float("nan"), float("inf"), True])
def test_what_is_no_amount_is_refused(cell: Any) -> None:
    with pytest.raises(BadInput):
        cells.fen_of(cell)


@pytest.mark.parametrize("cell", ["0", "-3", "两人", "１２", "1.5", "1000000"])
def test_what_is_no_number_of_people_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        cells.count_of(cell)


@pytest.mark.parametrize(("cell", "people"), [(12.0, 12), ("12", 12), ("12人", 12), ("", None)])
def test_a_number_of_people_is_read(cell: Any, people: int | None) -> None:
    assert cells.count_of(cell) == people


def test_an_identity_number_that_excel_rounded_is_named_as_such() -> None:
    with pytest.raises(BadInput, match="Excel"):
        cells.id_number_of(999020198001283000.0)


@pytest.mark.parametrize("cell", ["钟\u3000华秀", "钟 华秀", "钟华秀"])
def test_spaces_that_widen_a_name_go(cell: str) -> None:
    assert cells.name_of(cell) == "钟华秀"


def test_a_phone_kept_as_a_number_stays_whole() -> None:
    assert cells.phone_of(15689756031.0) == "15689756031"


@given(DAYS)
def test_a_serial_day_is_one_more_than_the_day_before(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    assert cells.date_of(serial + 1) == day + timedelta(days=1)
