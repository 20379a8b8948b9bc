"""Wrong inputs: each is refused in one sentence that names the field."""

from typing import Any

import pytest

from worker_legal.errors import BadInput
from worker_legal.law.compensation import calculate, compensation

PARAMETERS = {
    "average_wage_fen": 500000,
    "minimum_wage_fen": 200000,
    "life_expectancy_years": "75.81",
}
SOUND: dict[str, dict[str, Any]] = {
    "unpaid_wages": {"months": [{"month": "2026-01", "due_fen": 500000}]},
    "overtime": {"monthly_base_fen": 348000, "entries": [{"date": "2026-03-04", "hours": "2"}]},
    "double_wage": {
        "hire_date": "2026-03-01",
        "end_date": "2026-06-30",
        "monthly_wage_fen": 400000,
    },
    "severance": {
        "variant": "N",
        "hire_date": "2024-01-01",
        "end_date": "2025-12-31",
        "average_monthly_wage_fen": 500000,
    },
    "annual_leave": {
        "year": 2025,
        "hire_date": "2020-01-01",
        "service_years": 5,
        "average_monthly_wage_fen": 500000,
    },
    "injury_benefits": {
        "grade": 7,
        "average_contribution_wage_fen": 500000,
        "leaves": True,
        "birth_date": "1980-01-01",
        "end_date": "2026-01-01",
        "parameters": PARAMETERS,
    },
    "withheld_pay_order": {
        "ordered_fen": 100000,
        "order_deadline": "2026-03-31",
        "payments": [{"date": "2026-03-30", "amount_fen": 1}],
        "as_of": "2026-04-30",
    },
    "illegal_probation": {
        "contract_start": "2026-01-01",
        "contract_end": "2026-12-31",
        "probation_start": "2026-01-01",
        "probation_end": "2026-07-31",
        "monthly_wage_fen": 500000,
    },
}
GONE = object()


def changed(kind: str, **changes: object) -> dict[str, Any]:
    fields = {**SOUND[kind], **changes}
    return {key: value for key, value in fields.items() if value is not GONE}


def refusal(kind: str, fields: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as refused:
        calculate(kind, fields)
    return refused.value


def month(**fields: object) -> dict[str, Any]:
    return changed("unpaid_wages", months=[{"month": "2026-01", **fields}])


def entry(**fields: object) -> dict[str, Any]:
    return changed("overtime", entries=[{"date": "2026-03-04", "hours": "2", **fields}])


def standards(**fields: object) -> dict[str, Any]:
    return changed("severance", parameters={**PARAMETERS, **fields})


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_input_is_accepted(kind: str) -> None:
    assert calculate(kind, SOUND[kind]).lines


REQUIRED = [
    ("unpaid_wages", "months"),
    ("overtime", "monthly_base_fen"),
    ("overtime", "entries"),
    ("double_wage", "hire_date"),
    ("double_wage", "end_date"),
    ("double_wage", "monthly_wage_fen"),
    ("severance", "variant"),
    ("severance", "hire_date"),
    ("severance", "end_date"),
    ("annual_leave", "year"),
    ("annual_leave", "hire_date"),
    ("annual_leave", "service_years"),
    ("injury_benefits", "grade"),
    ("injury_benefits", "birth_date"),
    ("injury_benefits", "end_date"),
    ("withheld_pay_order", "ordered_fen"),
    ("withheld_pay_order", "as_of"),
    ("illegal_probation", "contract_start"),
    ("illegal_probation", "probation_start"),
    ("illegal_probation", "probation_end"),
    ("illegal_probation", "monthly_wage_fen"),
]


@pytest.mark.parametrize(("kind", "field"), REQUIRED)
@pytest.mark.parametrize("value", [GONE, None], ids=["left out", "null"])
def test_a_missing_field_is_named(kind: str, field: str, value: object) -> None:
    refused = refusal(kind, changed(kind, **{field: value}))
    assert (refused.field, field in str(refused)) == (field, True)


@pytest.mark.parametrize("kind", SOUND)
def test_an_unknown_field_is_named(kind: str) -> None:
    assert "mispelt-key" in str(refusal(kind, {**SOUND[kind], "mispelt-key": 1}))


@pytest.mark.parametrize("kind", SOUND)
def test_null_is_the_same_as_leaving_out(kind: str) -> None:
    given = {**SOUND[kind], "parameters": SOUND[kind].get("parameters")}
    assert calculate(kind, given) == calculate(kind, SOUND[kind])


@pytest.mark.parametrize("value", [1.0, "1", True, -1, 1_000_000_000_001, [1]])
def test_an_amount_is_whole_fen(value: object) -> None:
    refused = refusal("double_wage", changed("double_wage", monthly_wage_fen=value))
    assert refused.field == "monthly_wage_fen"


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-2-3", "20260203", "1949-12-31", "2101-01-01", "2026-W10-1", 20260203],
)
def test_a_date_is_a_real_day_in_range(value: object) -> None:
    assert refusal("double_wage", changed("double_wage", end_date=value)).field == "end_date"


@pytest.mark.parametrize("value", ["2026-13", "2026-1", "1949-12", "2101-01", "2026-01-01", 202601])
def test_a_month_is_a_month_in_range(value: object) -> None:
    assert refusal("unpaid_wages", month(month=value, due_fen=1)).field == "months-0-month"


@pytest.mark.parametrize("value", [3, 3.5, "3.555", "3.", ".5", "-1", "１", "1e1", "", " 3", True])
def test_a_decimal_is_text_with_two_decimals_at_most(value: object) -> None:
    assert refusal("overtime", entry(hours=value)).field == "entries-0-hours"


@pytest.mark.parametrize("value", [1, "true", 0, []])
def test_a_flag_is_true_or_false(value: object) -> None:
    refused = refusal("double_wage", changed("double_wage", employer_defence=value))
    assert refused.field == "employer_defence"


@pytest.mark.parametrize("value", [1.0, "7", True, 0, 11])
def test_a_grade_is_a_whole_number_from_one_to_ten(value: object) -> None:
    assert refusal("injury_benefits", changed("injury_benefits", grade=value)).field == "grade"


WRONG = [
    ("unpaid_wages", changed("unpaid_wages", months=[]), "months"),
    ("unpaid_wages", changed("unpaid_wages", months={}), "months"),
    ("unpaid_wages", changed("unpaid_wages", months=["x"]), "months-0"),
    ("unpaid_wages", month(), "months-0-due_fen"),
    ("unpaid_wages", month(due_fen=1, monthly_wage_fen=1, paid_days="1"), "months-0-due_fen"),
    ("unpaid_wages", month(monthly_wage_fen=1), "months-0-due_fen"),
    ("unpaid_wages", month(paid_days="1"), "months-0-due_fen"),
    ("unpaid_wages", month(due_fen=1, paid_days="1"), "months-0-due_fen"),
    ("unpaid_wages", month(monthly_wage_fen=1, paid_days="31.01"), "months-0-paid_days"),
    ("unpaid_wages", month(due_fen=1, paid_fen=-1), "months-0-paid_fen"),
    ("unpaid_wages", month(due_fen=1, paid=1), "months-0-paid"),
    (
        "unpaid_wages",
        {"months": [{"month": "2026-01", "due_fen": 1}, {"month": "2026-01", "due_fen": 1}]},
        "months-1-month",
    ),
    ("overtime", changed("overtime", monthly_base_fen=0), "monthly_base_fen"),
    ("overtime", changed("overtime", entries=[]), "entries"),
    ("overtime", entry(date=GONE and None), "entries-0-date"),
    ("overtime", entry(hours="0"), "entries-0-hours"),
    ("overtime", entry(hours="24.01"), "entries-0-hours"),
    ("overtime", entry(type="holiday"), "entries-0-type"),
    ("overtime", entry(type=1), "entries-0-type"),
    ("overtime", entry(time_off_hours="2.01"), "entries-0-time_off_hours"),
    ("overtime", entry(date="2007-12-31"), "entries-0-type"),
    ("double_wage", changed("double_wage", hire_date="2007-12-31"), "hire_date"),
    ("double_wage", changed("double_wage", end_date="2026-02-28"), "end_date"),
    ("double_wage", changed("double_wage", monthly_wage_fen=0), "monthly_wage_fen"),
    ("double_wage", changed("double_wage", claim_date="soon"), "claim_date"),
    ("severance", changed("severance", end_date="2023-12-31"), "end_date"),
    (
        "severance",
        changed("severance", hire_date="2000-01-01", end_date="2007-12-31", ground="mutual"),
        "end_date",
    ),
    ("severance", changed("severance", variant="3N"), "variant"),
    ("severance", changed("severance", variant="N+1"), "previous_month_wage_fen"),
    (
        "severance",
        changed("severance", variant="N+1", previous_month_wage_fen=1, ground="mutual"),
        "ground",
    ),
    ("severance", changed("severance", hire_date="2007-12-31"), "ground"),
    (
        "severance",
        changed("severance", variant="N+1", previous_month_wage_fen=1, hire_date="2007-12-31"),
        "ground",
    ),
    ("severance", changed("severance", average_monthly_wage_fen=GONE), "wages_fen"),
    ("severance", changed("severance", wages_fen=[1]), "wages_fen"),
    (
        "severance",
        changed("severance", average_monthly_wage_fen=GONE, wages_fen=[]),
        "wages_fen",
    ),
    (
        "severance",
        changed("severance", average_monthly_wage_fen=GONE, wages_fen=[1] * 13),
        "wages_fen",
    ),
    (
        "severance",
        changed("severance", average_monthly_wage_fen=GONE, wages_fen=[1, 2.0]),
        "wages_fen",
    ),
    ("severance", changed("severance", parameters=[]), "parameters"),
    ("severance", standards(average_wage_fen=0), "parameters-average_wage_fen"),
    ("severance", standards(ending_average_wage_fen=0), "parameters-ending_average_wage_fen"),
    ("severance", standards(minimum_wage_fen="1"), "parameters-minimum_wage_fen"),
    ("severance", standards(life_expectancy_years=75), "parameters-life_expectancy_years"),
    ("severance", standards(fujian_floor_months=1), "parameters-fujian_floor_months"),
    ("severance", standards(confirmed=1), "parameters-confirmed"),
    ("severance", standards(source=1), "parameters-source"),
    ("severance", standards(minimum_wage=1), "parameters-minimum_wage"),
    ("annual_leave", changed("annual_leave", year=2007), "year"),
    ("annual_leave", changed("annual_leave", year=2101), "year"),
    ("annual_leave", changed("annual_leave", hire_date="2026-01-01"), "hire_date"),
    (
        "annual_leave",
        changed("annual_leave", hire_date="2025-06-01", end_date="2025-05-31"),
        "end_date",
    ),
    ("annual_leave", changed("annual_leave", end_date="2024-12-31"), "end_date"),
    ("annual_leave", changed("annual_leave", service_years=-1), "service_years"),
    ("annual_leave", changed("annual_leave", taken_days="0.25"), "taken_days"),
    ("annual_leave", changed("annual_leave", average_monthly_wage_fen=GONE), "wages_fen"),
    ("injury_benefits", changed("injury_benefits", grade=4), "leaves"),
    ("injury_benefits", changed("injury_benefits", birth_date="2026-01-01"), "end_date"),
    ("injury_benefits", changed("injury_benefits", allowance_months=601), "allowance_months"),
    (
        "injury_benefits",
        changed("injury_benefits", average_contribution_wage_fen=GONE),
        "contribution_wages_fen",
    ),
    (
        "injury_benefits",
        changed("injury_benefits", parameters=GONE),
        "parameters-average_wage_fen",
    ),
    (
        "injury_benefits",
        changed("injury_benefits", parameters={"average_wage_fen": 1}),
        "parameters-life_expectancy_years",
    ),
    (
        "injury_benefits",
        changed(
            "injury_benefits",
            grade=6,
            no_suitable_job=True,
            leaves=False,
            parameters={"average_wage_fen": 1},
        ),
        "parameters-minimum_wage_fen",
    ),
    ("withheld_pay_order", changed("withheld_pay_order", ordered_fen=0), "ordered_fen"),
    ("withheld_pay_order", changed("withheld_pay_order", rate_percent=49), "rate_percent"),
    ("withheld_pay_order", changed("withheld_pay_order", rate_percent=101), "rate_percent"),
    ("withheld_pay_order", changed("withheld_pay_order", as_of="2026-03-29"), "payments-0-date"),
    (
        "withheld_pay_order",
        changed("withheld_pay_order", payments=[{"date": "2026-03-30"}]),
        "payments-0-amount_fen",
    ),
    ("illegal_probation", changed("illegal_probation", contract_end="2025-12-31"), "contract_end"),
    (
        "illegal_probation",
        changed("illegal_probation", probation_end="2025-12-31"),
        "probation_end",
    ),
]


@pytest.mark.parametrize(("kind", "fields", "field"), WRONG)
def test_a_wrong_field_is_named(kind: str, fields: dict[str, Any], field: str) -> None:
    refused = refusal(kind, fields)
    innermost = [part for part in field.split("-") if not part.isdigit()][-1]
    assert (refused.field, innermost in str(refused)) == (field, True)


def test_a_wrong_item_does_not_disturb_the_others() -> None:
    sound = {"kind": "overtime", **SOUND["overtime"]}
    answers = compensation([sound, {"kind": "overtime"}, sound])
    assert answers[0] == answers[2]
    assert answers[1] == {"error": "缺少 monthly_base_fen"}


@pytest.mark.parametrize("item", [{}, {"kind": None}, {"kind": ["N"]}, {"kind": "bonus"}])
def test_an_unknown_kind_is_named(item: dict[str, Any]) -> None:
    assert "kind" in str(compensation([item])[0]["error"])


@pytest.mark.parametrize("item", [5, None, "overtime", [], 1.5])
def test_an_item_that_is_no_object_is_an_error(item: object) -> None:
    assert list(compensation([item])[0]) == ["error"]


def test_an_empty_list_has_an_empty_answer() -> None:
    assert compensation([]) == []


def test_a_row_is_named_with_its_place() -> None:
    refused = refusal("overtime", entry(hours="0"))
    assert str(refused) == "entries[0].hours 应大于 0"


def test_broken_characters_can_be_printed() -> None:
    broken = {"kind": "overtime", "\ud800": 1}
    assert compensation([broken])[0]["error"] == "\\ud800 不是这项计算的输入项"


def test_a_source_with_broken_characters_can_be_printed() -> None:
    parameters = {"minimum_wage_fen": 1, "source": "文件\ud800"}
    item = {"kind": "overtime", **SOUND["overtime"], "parameters": parameters}
    assert "文件\\ud800" in str(compensation([item])[0]).replace("\\\\", "\\")
