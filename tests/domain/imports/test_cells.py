"""Cells of a ledger: dates in many spellings, amounts, counts, numbers that Excel destroyed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_legal.domain.imports import cells
from worker_legal.errors import BadInput
from worker_legal.law.enums import IdType
from worker_legal.law.identifiers import check_id

TODAY = date(2026, 1, 1)
DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))
SPELLINGS = [
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: datetime(day.year, day.month, day.day, 9, 30),  # noqa: DTZ001 - as Excel gives it
    lambda day: float((day - date(1899, 12, 30)).days),
    lambda day: str((day - date(1899, 12, 30)).days),
    lambda day: (day - date(1899, 12, 30)).days + 0.375,
    lambda day: float(f"{day:%Y%m%d}"),
    lambda day: f" {day.year} 年 {day.month} 月 {day.day} 号 ",
    lambda day: f"{day.year}．{day.month}．{day.day}".translate(WIDE),
    lambda day: f"{day:%Y-%m-%d} 09:30:00",
    lambda day: f"{day:%Y/%m/%d}（星期三）",
]
WIDE = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


@given(DAYS, st.sampled_from(SPELLINGS))
def test_a_day_reads_the_same_in_every_spelling(day: date, spelling: Any) -> None:
    assert cells.date_of(spelling(day)) == day


@pytest.mark.parametrize("cell", ["2022-02-30", "2022年13月1日", "去年三月", "03-04", "2022-1"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        cells.date_of(cell)


@pytest.mark.parametrize(
    ("cell", "year", "day"),
    [
        ("22/3/5", None, date(2022, 3, 5)),
        ("22.03.05", None, date(2022, 3, 5)),
        ("3月5日", 2021, date(2021, 3, 5)),
        ("１２月３１号", 2021, date(2021, 12, 31)),
        ("2022年3月5日", 2021, date(2022, 3, 5)),
    ],
)
def test_a_day_with_half_a_year_is_read(cell: str, year: int | None, day: date) -> None:
    assert cells.date_of(cell, year) == day


def test_a_day_without_any_year_is_refused() -> None:
    with pytest.raises(BadInput):
        cells.date_of("3月5日")


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


@pytest.mark.parametrize("cell", ["0", "-3", "两人", "1.5", "1000000"])
def test_what_is_no_number_of_people_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        cells.count_of(cell)


@pytest.mark.parametrize(("cell", "people"), [(12.0, 12), ("12", 12), ("１２名", 12), ("", None)])
def test_a_number_of_people_is_read(cell: Any, people: int | None) -> None:
    assert cells.count_of(cell) == people


@pytest.mark.parametrize(
    "cell", [999020198001283000.0, "1.1010519491231E+17", "9.9902e17", "999020198001283000"]
)
def test_an_identity_number_that_excel_rounded_is_named_as_such(cell: Any) -> None:
    with pytest.raises(BadInput, match="Excel"):
        cells.id_number_of(cell)


def test_a_true_number_that_ends_in_zeros_is_no_damage() -> None:
    number = next(n for n in numbers_ending_in_zeros() if not check_id(IdType.RESIDENT, n, TODAY))
    assert cells.id_number_of(number) == number


def numbers_ending_in_zeros() -> Iterator[str]:
    """Numbers of made-up people whose last three digits happen to be zeros."""
    for day in range(1, 29):
        for order in range(10):
            yield f"999020198001{day:02d}{order}000"


@pytest.mark.parametrize("cell", ["钟\u3000华秀", "钟 华秀", "钟华秀"])
def test_spaces_that_widen_a_name_go(cell: str) -> None:
    assert cells.name_of(cell) == "钟华秀"


def test_a_phone_kept_as_a_number_stays_whole() -> None:
    assert cells.phone_of(15689756031.0) == "15689756031"


@given(DAYS)
def test_a_serial_day_is_one_more_than_the_day_before(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    assert cells.date_of(serial + 1) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("2022-015", 15),
        ("2022015", 15),
        (2022001.0, 1),
        ("第15号", 15),
        ("SY20220007", 7),
        (12.0, 12),
    ],
)
def test_a_serial_is_read_out_of_the_numbers_offices_give(cell: object, number: int) -> None:
    assert cells.serial_of(cell) == number


@pytest.mark.parametrize(
    "spelling",
    [
        *(
            "2022-3-5 下午2:30",
            "2022.03.05.",
            "2022 3 5",
            "2022、3、5",
            "'2022-03-05",
            "3.5",
            "3/5",
        ),
        *(
            "二〇二二年三月五日",
            "2022年三月五日",
            "2022\\3\\5",
            "2022年3月5日上午9时",
            "2022--03-05",
        ),
        *(
            "2022年3月5日9时30分",
            "2022-03-05 9点",
            "2022年3月5日（星期六）下午",
            "三月五日",
            "2022,3,5",
        ),
    ],
)
def test_a_day_is_read_in_the_spellings_people_type(spelling: str) -> None:
    assert cells.date_of(spelling, year=2022) == date(2022, 3, 5)


@pytest.mark.parametrize(
    "cell",
    ["5/3/2022", "2022年3月", "2022.3", "2022.3.5-3.8", "2022年3月5日至3月8日", 3.5, 3.1, "十"],
)
def test_what_may_be_two_days_or_none_is_refused(cell: object) -> None:
    with pytest.raises(BadInput):
        cells.date_of(cell, year=2022)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        *(("1200元整", 120_000), ("￥ 1,200.00", 120_000), ("12万元整", 12_000_000)),
        *(("１．５ 万", 1_500_000), ("不详", None), (" - ", None), ("待定", None)),
    ],
)
def test_amounts_as_people_type_them(cell: object, fen: int | None) -> None:
    assert cells.fen_of(cell) == fen


@pytest.mark.parametrize("cell", ["5000 8000", "5000-8000", "约5000", "3000/月", "壹万"])
def test_what_is_not_one_amount_is_refused(cell: object) -> None:
    with pytest.raises(BadInput):
        cells.fen_of(cell)


@given(DAYS)
def test_numerals_are_read_as_digits(day: date) -> None:
    signs = "〇一二三四五六七八九"

    def word(number: int) -> str:
        tens, ones = divmod(number, 10)
        ten = ("" if tens < 2 else signs[tens]) + "十" if tens else ""
        return ten + (signs[ones] if ones else "")

    year = "".join(signs[int(digit)] for digit in f"{day.year}")
    assert cells.date_of(f"{year}年{word(day.month)}月{word(day.day)}日") == day
