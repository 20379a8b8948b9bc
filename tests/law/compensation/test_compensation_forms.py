"""From the texts of a form to a calculation, and from keys to words."""

import pytest

from worker_legal.errors import BadInput
from worker_legal.law.compensation import Kind, calculate, from_form, label_of, labelled


def test_reads_the_texts_of_a_form() -> None:
    values = {
        "monthly_base_fen": "3,480.00",
        "entries-0-date": "2026-03-07",
        "entries-0-hours": " ８ ",
        "entries-0-type": "",
        "entries-2-date": "2026-03-08",
        "entries-2-hours": "2.5",
        "entries-5-hours": " ",
        "parameters-minimum_wage_fen": "0.2万",
        "parameters-confirmed": "on",
    }
    assert from_form(Kind.OVERTIME, values) == {
        "monthly_base_fen": 348000,
        "entries": [
            {"date": "2026-03-07", "hours": "8"},
            {"date": "2026-03-08", "hours": "2.5"},
        ],
        "parameters": {"minimum_wage_fen": 200000, "confirmed": True},
    }


def test_reads_a_list_of_amounts_one_to_a_line() -> None:
    fields = from_form(Kind.SEVERANCE, {"wages_fen": "5,000.00\r\n5100\n 5,200.5 "})
    assert fields["wages_fen"] == [500000, 510000, 520050]


def test_a_box_not_ticked_is_false_whatever_its_default() -> None:
    assert from_form(Kind.INJURY_BENEFITS, {"grade": "7"})["insured"] is False


def test_what_a_form_gives_can_be_calculated() -> None:
    values = {"months-0-month": "2026-01", "months-0-due_fen": "5000", "months-0-paid_fen": "2000"}
    assert calculate("unpaid_wages", from_form(Kind.UNPAID_WAGES, values)).total_fen == 300000


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (Kind.DOUBLE_WAGE, {"monthly_wage_fen": "很多"}, "monthly_wage_fen"),
        (Kind.SEVERANCE, {"wages_fen": "5000\n-1"}, "wages_fen"),
        (Kind.UNPAID_WAGES, {"months-0-due_fen": "1.234"}, "months-0-due_fen"),
        (Kind.INJURY_BENEFITS, {"grade": "七级"}, "grade"),
        (Kind.UNPAID_WAGES, {"months-0-month": ""}, "months"),
    ],
)
def test_a_wrong_text_is_refused_at_its_field(
    kind: Kind, values: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        calculate(kind.value, from_form(kind, values))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        (Kind.UNPAID_WAGES, "months", "被拖欠的月份"),
        (Kind.UNPAID_WAGES, "months-0-due_fen", "应得工资"),
        (Kind.UNPAID_WAGES, "parameters-average_wage_fen", "上年度职工月平均工资"),
        (Kind.UNPAID_WAGES, "paid_days", "计薪天数"),
        (Kind.OVERTIME, "paid_fen", "已付加班费"),
        (Kind.UNPAID_WAGES, "mystery", "mystery"),
    ],
)
def test_every_field_has_a_label(kind: Kind, name: str, label: str) -> None:
    assert label_of(kind, name) == label


def refused_params(kind: Kind, fields: dict[str, object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(BadInput) as refused:
        calculate(kind.value, fields)
    return refused.value.text, refused.value.params


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        (
            Kind.UNPAID_WAGES,
            {"months": [{"month": "2026-01"}]},
            "应得工资 1 与 月工资、计薪天数 应填且只填一种，后两项须同时填写",
        ),
        (Kind.OVERTIME, {"monthly_base_fen": 0}, "正常工作时间的月工资 不能小于 1"),
        (
            Kind.INJURY_BENEFITS,
            {"grade": 7, "average_contribution_wage_fen": 1},
            "缺少 上年度职工月平均工资",
        ),
        (Kind.SEVERANCE, {"variant": "3N"}, "主张 应为以下之一：N、N+1、2N"),
    ],
)
def test_a_refusal_can_be_read_by_people(
    kind: Kind, fields: dict[str, object], sentence: str
) -> None:
    text, params = refused_params(kind, fields)
    assert text % labelled(kind, params) == sentence


def test_labels_are_translated_on_the_way() -> None:
    _, params = refused_params(Kind.OVERTIME, {"monthly_base_fen": 0})
    assert labelled(Kind.OVERTIME, params, lambda text: f"<{text}>")["name"] == (
        "<正常工作时间的月工资>"
    )
