"""Amounts as clerks type them and as documents print them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_legal.errors import BadInput
from worker_legal.law.money import (
    MAX_FEN,
    format_wan,
    format_yuan,
    in_words,
    parse_yuan,
    round_half_up,
    share,
)

fen_amounts = st.integers(min_value=0, max_value=MAX_FEN)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12,345.60", 1234560),
        ("12345.6", 1234560),
        ("1.2万", 1200000),
        ("1.23456万元", 1234560),
        ("0.5亿", 5000000000),
        ("１２３４５．６０", 1234560),
        ("¥800", 80000),
        ("￥ 800元", 80000),
        ("人民币 800.50 元", 80050),
        ("  0 ", 0),
        ("007", 700),
        ("5.500", 550),
        ("12，345", 1234500),
        ("10000000000", MAX_FEN),
    ],
)
def test_reads_amounts_as_typed(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写金额"),
        ("  ", "请填写金额"),
        ("-5", "金额不能为负数"),
        ("¥-5", "金额不能为负数"),
        ("－５", "金额不能为负数"),
        ("(500)", "金额不能为负数"),
        ("1.234", "金额最多保留两位小数"),
        ("1.234567891234", "金额最多保留两位小数"),
        ("1.1234567万", "金额最多保留两位小数"),
        ("1234567890123", "金额过大，请核对位数和单位"),
        ("10000000000.01", "金额过大，请核对位数和单位"),
        ("200亿", "金额过大，请核对位数和单位"),
        ("三千", "金额应为数字，例如 12,345.60 或 1.2万"),
        ("1,2345", "金额应为数字，例如 12,345.60 或 1.2万"),
        ("12,34", "金额应为数字，例如 12,345.60 或 1.2万"),
        ("1e5", "金额应为数字，例如 12,345.60 或 1.2万"),
        ("5.", "金额应为数字，例如 12,345.60 或 1.2万"),
        ("50 万人", "金额应为数字，例如 12,345.60 或 1.2万"),
    ],
)
def test_says_what_is_wrong_with_an_amount(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_yuan(text, field="claimed")
    assert (str(refusal.value), refusal.value.field) == (sentence, "claimed")


@given(fen_amounts)
def test_a_printed_amount_reads_back_as_itself(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (1234560, "12,345.60"), (-150, "-1.50")]
)
def test_prints_yuan(fen: int, text: str) -> None:
    assert format_yuan(fen) == text


@pytest.mark.parametrize(
    ("fen", "places", "text"),
    [
        (1416330000, 2, "1,416.33"),
        (1416335000, 2, "1,416.34"),
        (1416334999, 2, "1,416.33"),
        (1416500000, 0, "1,417"),
        (5000, 2, "0.01"),
        (-1416335000, 2, "-1,416.34"),
        (1000000, 4, "1.0000"),
    ],
)
def test_prints_ten_thousands_half_up(fen: int, places: int, text: str) -> None:
    assert format_wan(fen, places) == text


@pytest.mark.parametrize(
    ("exact", "fen"),
    [
        (Fraction(1, 2), 1),
        (Fraction(49, 100), 0),
        (Fraction(-1, 2), -1),
        (Decimal("2.5"), 3),
        (Decimal("-2.4"), -2),
        (7, 7),
    ],
)
def test_rounds_half_a_fen_away_from_zero(exact: int | Fraction | Decimal, fen: int) -> None:
    assert round_half_up(exact) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (46820000, "肆拾陆万捌仟贰佰元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (1050, "壹拾元伍角整"),
        (10001, "壹佰元零壹分"),
        (12345678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        (100500, "壹仟零伍元整"),
        (100050000, "壹佰万零伍佰元整"),
        (10000500000, "壹亿零伍仟元整"),
        (10500000000, "壹亿零伍佰万元整"),
        (12000000000, "壹亿贰仟万元整"),
        (1000000000000, "壹佰亿元整"),
        (100000000000000, "壹万亿元整"),
        (1010, "壹拾元壹角整"),
        (-300, "负叁元整"),
    ],
)
def test_writes_capital_numerals(fen: int, words: str) -> None:
    assert in_words(fen) == words


_WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=20).filter(any)


@given(fen_amounts, _WEIGHTS)
def test_shares_add_up_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(share(total, weights)) == total


@given(fen_amounts, _WEIGHTS)
def test_no_share_is_a_fen_away_from_its_exact_part(total: int, weights: list[int]) -> None:
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(a - b) < 1 for a, b in zip(share(total, weights), exact, strict=True))


def test_the_odd_fen_goes_to_the_first_of_equal_shares() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_refuses_weights_that_divide_nothing(weights: list[int]) -> None:
    with pytest.raises(BadInput, match="分配比例"):
        share(100, weights)
