"""What the lines and warnings say besides their amounts."""

from datetime import date
from typing import Any

import pytest

from worker_legal.law.calendar import WorkCalendar, YearNotice
from worker_legal.law.compensation import Line, Result, calculate
from worker_legal.law.compensation.fields import FIELDS, FieldType, Kind

INJURY: dict[str, Any] = {
    "grade": 5,
    "average_contribution_wage_fen": 500000,
    "no_suitable_job": True,
    "leaves": True,
    "birth_date": "1980-01-01",
    "end_date": "2026-01-01",
    "parameters": {
        "average_wage_fen": 500000,
        "minimum_wage_fen": 200000,
        "life_expectancy_years": "75.81",
        "source": "闽人社办〔2022〕63号",
    },
}


def payers(result: Result) -> list[object]:
    return [line.parameters["payer"] for line in result.lines]


def severance(**changes: object) -> Result:
    fields: dict[str, object] = {
        "variant": "N+1",
        "hire_date": "2024-01-01",
        "end_date": "2025-12-31",
        "average_monthly_wage_fen": 500000,
        "previous_month_wage_fen": 510000,
        "ground": "illness",
        **changes,
    }
    return calculate("severance", fields)


def confirmed(result: Result) -> list[bool]:
    return [line.confirmed for line in result.lines]


def test_the_fund_pays_insured_workers_and_the_employer_his_share() -> None:
    assert payers(calculate("injury_benefits", INJURY)) == ["fund", "employer", "fund", "employer"]


def test_the_employer_pays_everything_for_the_uninsured() -> None:
    paid = payers(calculate("injury_benefits", {**INJURY, "insured": False}))
    assert paid == ["employer"] * 4


def test_the_fund_pays_the_allowance_of_grade_four() -> None:
    kept = {**INJURY, "grade": 4, "leaves": False}
    assert payers(calculate("injury_benefits", kept)) == ["fund", "fund"]


def test_a_suitable_job_brings_no_allowance() -> None:
    kept = {**INJURY, "no_suitable_job": False, "leaves": False}
    assert len(calculate("injury_benefits", kept).lines) == 1


def test_no_suitable_job_means_nothing_for_grade_seven() -> None:
    kept = {**INJURY, "grade": 7, "leaves": False}
    assert len(calculate("injury_benefits", kept).lines) == 1


def test_no_months_of_allowance_still_print_the_line() -> None:
    result = calculate("injury_benefits", {**INJURY, "allowance_months": 0})
    assert result.lines[1].amount_fen == 0


def test_the_source_is_copied_to_each_line_that_uses_a_standard() -> None:
    lines = calculate("injury_benefits", INJURY).lines
    assert {line.parameters["source"] for line in lines} == {"闽人社办〔2022〕63号"}


def test_a_floor_below_the_months_changes_nothing() -> None:
    floored = {**INJURY["parameters"], "fujian_floor_months": "1"}
    result = calculate("injury_benefits", {**INJURY, "parameters": floored})
    assert result.total_fen == calculate("injury_benefits", INJURY).total_fen


@pytest.mark.parametrize(
    ("retires", "codes"),
    [
        ("2031-01-02", set()),
        ("2031-01-01", {"near_retirement"}),
        ("2026-01-02", {"near_retirement"}),
        ("2026-01-01", {"retirement_reached"}),
    ],
)
def test_nearness_of_retirement_is_said(retires: str, codes: set[str]) -> None:
    result = calculate("injury_benefits", {**INJURY, "retirement_date": retires})
    said = {notice.value for notice, _ in result.warnings}
    assert said & {"near_retirement", "retirement_reached"} == codes


def test_severance_with_checked_standards_is_confirmed() -> None:
    local = {"average_wage_fen": 900000, "minimum_wage_fen": 200000, "confirmed": True}
    assert confirmed(severance(parameters=local)) == [True, True]


def test_severance_with_unchecked_standards_is_not_confirmed() -> None:
    local = {"average_wage_fen": 900000, "minimum_wage_fen": 200000}
    assert confirmed(severance(parameters=local)) == [False, True]


def test_one_warning_names_all_missing_standards() -> None:
    said = [str(sentence) for _, sentence in severance().warnings]
    assert said == ["缺少当地标准 average_wage_fen、minimum_wage_fen，相应步骤未计算"]


def test_a_single_missing_standard_is_named_alone() -> None:
    local = {"minimum_wage_fen": 200000, "confirmed": True}
    result = severance(parameters=local)
    assert (confirmed(result), str(result.warnings[0][1])) == (
        [False, True],
        "缺少当地标准 average_wage_fen，相应步骤未计算",
    )


def test_a_formula_shows_every_step() -> None:
    result = severance(variant="N", wages_fen=[500000] * 11, average_monthly_wage_fen=None)
    assert "；".join(map(str, result.lines[0].formula)) == (
        "月平均 = 55,000.00元 ÷ 所填11个月 = 5,000.00元；"
        "工作年限2024-01-01至2025-12-31（首尾均计入）；5,000.00元 × 2个月；合计10,000.00元"
    )


def test_an_inexact_average_is_kept_as_a_fraction() -> None:
    result = severance(wages_fen=[500000, 500000, 500001], average_monthly_wage_fen=None)
    assert result.lines[0].parameters["base_fen"] == "1500001/3"


def test_annual_leave_with_few_wage_months_is_said() -> None:
    fields = {"year": 2025, "hire_date": "2024-01-01", "service_years": 3, "wages_fen": [217500]}
    said = [notice.value for notice, _ in calculate("annual_leave", fields).warnings]
    assert said == ["fewer_wage_months"]


def test_an_imported_notice_makes_next_year_known() -> None:
    notice = YearNotice(2027, {date(2027, 2, 8): "春节"}, frozenset({date(2027, 2, 13)}))
    fields = {"monthly_base_fen": 348000, "entries": [{"date": "2027-02-13", "hours": "2"}]}
    line: Line = calculate("overtime", fields, WorkCalendar([notice])).lines[0]
    assert (str(line.label), line.confirmed) == ("工作日加班费", True)


def test_every_line_has_an_article() -> None:
    assert all(line.article for line in calculate("injury_benefits", INJURY).lines)


@pytest.mark.parametrize("kind", Kind)
def test_every_choice_has_its_words(kind: Kind) -> None:
    fields = [field for top in FIELDS[kind] for field in (top, *top.inner)]
    choices = [field for field in fields if field.type is FieldType.CHOICE]
    assert all(option.label for field in choices for option in field.choices or ())
