"""Which published figure of a place holds on a day."""

from datetime import date
from typing import Any

import pytest

from worker_legal.law.compensation import calculate
from worker_legal.law.enums import Gender
from worker_legal.law.parameters import (
    INITIAL,
    Parameter,
    ParameterCode,
    ParameterUnit,
    Situation,
    inputs_for,
    monthly_from_yearly,
    pick,
    unit_of,
)

TODAY = date(2026, 11, 23)


def row(
    code: ParameterCode, valid_from: date, value: int, place: str = "泉州", **rest: Any
) -> Parameter:
    fields = {"document": "文件1号", "confirmed": True, **rest}
    return Parameter(code, place, valid_from, value, unit_of(code), **fields)


LOW = ParameterCode.MINIMUM_WAGE
ROWS = [
    row(LOW, date(2022, 4, 1), 181000),
    row(LOW, date(2025, 1, 1), 200000),
    row(LOW, date(2027, 1, 1), 230000),
    row(LOW, date(2025, 1, 1), 210000, place="晋江", confirmed=False, document="文件2号"),
]


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (date(2022, 4, 1), 181000),
        (date(2024, 12, 31), 181000),
        (date(2025, 1, 1), 200000),
        (TODAY, 200000),
        (date(2027, 1, 1), 230000),
    ],
)
def test_takes_the_latest_row_in_force(on: date, value: int) -> None:
    picked = pick(ROWS, LOW, "泉州", on)
    assert picked is not None
    assert picked.value == value


@pytest.mark.parametrize(
    ("place", "on"), [("泉州", date(2022, 3, 31)), ("福州", TODAY), ("", TODAY)]
)
def test_has_no_row_before_the_first_or_elsewhere(place: str, on: date) -> None:
    assert pick(ROWS, LOW, place, on) is None


def test_fills_in_from_the_nearest_place() -> None:
    near = inputs_for(ROWS, Situation(("晋江", "泉州", "福建"), TODAY))
    assert near == {
        "minimum_wage_fen": 210000,
        "confirmed": False,
        "source": "晋江 2025-01-01 文件2号",
    }


def test_fills_in_nothing_without_rows() -> None:
    assert inputs_for([], Situation(("晋江",), TODAY)) == {}


@pytest.mark.parametrize(
    ("gender", "years"),
    [(Gender.MALE, "75.81"), (Gender.FEMALE, "81.55"), (Gender.UNKNOWN, "78.49")],
)
def test_takes_the_life_expectancy_of_the_sex(gender: Gender, years: str) -> None:
    filled = inputs_for(INITIAL, Situation(("福建",), TODAY, gender))
    assert filled["life_expectancy_years"] == years


def test_takes_the_floor_of_the_grade() -> None:
    filled = inputs_for(INITIAL, Situation(("福建",), TODAY, grade=7))
    assert filled["fujian_floor_months"] == "10.00"


def test_knows_no_floor_for_another_grade() -> None:
    assert "fujian_floor_months" not in inputs_for(INITIAL, Situation(("福建",), TODAY, grade=8))


def test_what_is_filled_in_is_a_sound_input() -> None:
    rows = [*INITIAL, row(ParameterCode.AVERAGE_WAGE, date(2025, 7, 1), 700000, place="福建")]
    fields = {
        "grade": 7,
        "average_contribution_wage_fen": 500000,
        "leaves": True,
        "birth_date": "1980-01-01",
        "end_date": "2026-01-01",
        "parameters": inputs_for(rows, Situation(("福建",), TODAY, Gender.MALE, 7)),
    }
    assert len(calculate("injury_benefits", fields).lines) == 3


def test_nothing_known_at_the_start_is_confirmed() -> None:
    assert not any(parameter.confirmed for parameter in INITIAL)


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        (ParameterCode.AVERAGE_WAGE, ParameterUnit.YUAN),
        (ParameterCode.LIFE_EXPECTANCY_ALL, ParameterUnit.YEAR),
        (ParameterCode.FUJIAN_FLOOR_10, ParameterUnit.MONTH),
    ],
)
def test_each_figure_has_its_unit(code: ParameterCode, unit: ParameterUnit) -> None:
    assert unit_of(code) is unit


def test_a_yearly_wage_is_divided_by_twelve_half_up() -> None:
    assert monthly_from_yearly(9000006) == 750001
