"""Which local standards a calculation takes by itself, and how typed ones override them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from worker_legal.law.compensation import Kind
from worker_legal.law.compensation.standards import (
    day_of_standards,
    own_fields,
    pick_standards,
    standard_fields,
    with_standards,
)
from worker_legal.law.enums import Gender
from worker_legal.law.parameters import (
    INITIAL,
    Parameter,
    ParameterCode,
    Situation,
    nearest_first,
    unit_of,
)

CITY = "福建泉州"


def figure(code: ParameterCode, year: int, value: int, confirmed: bool = True) -> Parameter:
    return Parameter(code, CITY, date(year, 1, 1), value, unit_of(code), f"{year}年公报", confirmed)


WAGE_2024 = figure(ParameterCode.MINIMUM_WAGE, 2024, 203000)
WAGE_2026 = figure(ParameterCode.MINIMUM_WAGE, 2026, 219500)
AVERAGE_2025 = figure(ParameterCode.AVERAGE_WAGE, 2025, 700000)
AVERAGE_2026 = figure(ParameterCode.AVERAGE_WAGE, 2026, 755000, confirmed=False)
ROWS = (WAGE_2024, WAGE_2026, AVERAGE_2025, AVERAGE_2026, *INITIAL)
THEN = Situation((CITY, "福建"), date(2025, 6, 1), Gender.MALE, 7)


@pytest.mark.parametrize(
    ("kind", "given", "day"),
    [
        (Kind.UNPAID_WAGES, {"months": [{"month": "2026-08"}, {"month": "2026-10"}]}, "2026-10-01"),
        (Kind.UNPAID_WAGES, {"months": [{"month": "八月"}, {}]}, None),
        (
            Kind.OVERTIME,
            {"entries": [{"date": "2026-05-01"}, {"date": "2026-03-01"}]},
            "2026-05-01",
        ),
        (Kind.DOUBLE_WAGE, {"end_date": "2026-02-28"}, "2026-02-28"),
        (Kind.SEVERANCE, {"end_date": "二月"}, None),
        (Kind.ANNUAL_LEAVE, {"year": 2025}, "2025-12-31"),
        (Kind.ANNUAL_LEAVE, {"year": 2025, "end_date": "2025-07-31"}, "2025-07-31"),
        (Kind.ANNUAL_LEAVE, {"year": 2025, "end_date": "2026-07-31"}, "2025-12-31"),
        (Kind.ANNUAL_LEAVE, {"year": "去年"}, None),
        (Kind.ANNUAL_LEAVE, {"year": 9999}, None),
        (Kind.ILLEGAL_PROBATION, {"probation_start": "2024-05-06"}, "2024-05-06"),
        (Kind.INJURY_BENEFITS, {"end_date": "2026-02-28"}, None),
    ],
)
def test_the_day_of_the_standards_follows_what_was_entered(
    kind: Kind, given: dict[str, Any], day: str | None
) -> None:
    assert day_of_standards(kind, given) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(("year", "row"), [(2024, WAGE_2024), (2025, WAGE_2024), (2026, WAGE_2026)])
def test_a_case_takes_the_standards_of_its_own_time(year: int, row: Parameter) -> None:
    on = replace(THEN, on=date(year, 12, 1))
    assert pick_standards(Kind.OVERTIME, {}, ROWS, on) == {"minimum_wage_fen": row}


def test_a_calculation_takes_only_what_it_can_use() -> None:
    assert set(pick_standards(Kind.SEVERANCE, {"leaves": True}, ROWS, THEN)) == {
        "minimum_wage_fen",
        "average_wage_fen",
    }


def test_a_pay_order_needs_no_standard() -> None:
    assert pick_standards(Kind.WITHHELD_PAY_ORDER, {}, ROWS, THEN) == {}
    assert standard_fields(Kind.WITHHELD_PAY_ORDER) == ()


def test_an_injured_worker_who_stays_needs_no_life_expectancy() -> None:
    picked = pick_standards(Kind.INJURY_BENEFITS, {"end_date": "2026-06-30"}, ROWS, THEN)
    assert picked == {"minimum_wage_fen": WAGE_2024, "average_wage_fen": AVERAGE_2025}


def test_on_leaving_after_an_injury_the_standards_of_that_day_are_taken() -> None:
    given = {"leaves": True, "end_date": "2026-06-30"}
    picked = pick_standards(Kind.INJURY_BENEFITS, given, ROWS, THEN)
    assert picked["average_wage_fen"] is AVERAGE_2025
    assert picked["ending_average_wage_fen"] is AVERAGE_2026
    assert picked["life_expectancy_years"].value == 7581
    assert picked["fujian_floor_months"].value == 1000


def test_without_an_average_wage_on_leaving_none_is_made_up() -> None:
    given = {"leaves": True, "end_date": "2023-06-30"}
    picked = pick_standards(Kind.INJURY_BENEFITS, given, ROWS, replace(THEN, on=date(2023, 1, 1)))
    assert "ending_average_wage_fen" not in picked


def test_picked_standards_come_with_their_documents() -> None:
    given, used = with_standards({"year": 2025}, {"minimum_wage_fen": WAGE_2024})
    assert used == {"minimum_wage_fen": WAGE_2024}
    assert given == {
        "year": 2025,
        "parameters": {
            "minimum_wage_fen": 203000,
            "confirmed": True,
            "source": "福建泉州 2024-01-01 2024年公报",
        },
    }


@pytest.mark.parametrize(
    ("typed", "confirmed"), [({"confirmed": False}, False), ({"confirmed": True}, True)]
)
def test_a_typed_standard_overrides_the_picked_one(typed: dict[str, Any], confirmed: bool) -> None:
    own = {"minimum_wage_fen": 250000, "source": "通知", **typed}
    picked = {"minimum_wage_fen": WAGE_2024, "average_wage_fen": AVERAGE_2025}
    given, used = with_standards({"parameters": own}, picked)
    assert used == {"average_wage_fen": AVERAGE_2025}
    assert given["parameters"]["minimum_wage_fen"] == 250000
    assert given["parameters"]["confirmed"] is confirmed
    assert given["parameters"]["source"] == "通知；福建泉州 2025-01-01 2025年公报"


def test_a_checked_typed_standard_does_not_confirm_a_picked_one() -> None:
    own = {"minimum_wage_fen": 250000, "confirmed": True}
    given, _ = with_standards({"parameters": own}, {"average_wage_fen": AVERAGE_2026})
    assert given["parameters"]["confirmed"] is False


def test_the_form_asks_for_the_standards_that_are_used() -> None:
    names = [field.name for field in standard_fields(Kind.OVERTIME)]
    assert names == ["minimum_wage_fen", "confirmed", "source"]


@pytest.mark.parametrize("kind", Kind)
def test_the_standards_are_asked_for_apart(kind: Kind) -> None:
    assert "parameters" not in [field.name for field in own_fields(kind)]


def test_a_place_lies_in_those_its_name_begins_with() -> None:
    places = ["福建", "福建泉州", "浙江", "福建厦门"]
    assert nearest_first("福建泉州晋江", places) == ("福建泉州晋江", "福建泉州", "福建")
