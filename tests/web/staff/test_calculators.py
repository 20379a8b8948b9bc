"""The calculators at the counter: eight forms from one template, results kept with a case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import builders as make
from tests.support.pages import Page, PageClient
from worker_legal.domain import cases, org, parameters
from worker_legal.domain.permissions import Actor, Role
from worker_legal.law.compensation import Kind
from worker_legal.law.enums import Gender
from worker_legal.law.parameters import Parameter, ParameterCode, unit_of

SYSTEM = Actor.system("tests")
CITY = "福建泉州"
FILLED: Mapping[Kind, Mapping[str, str]] = {
    Kind.UNPAID_WAGES: {
        "months-0-month": "2026年8月",
        "months-0-due_fen": "6,800",
        "months-0-paid_fen": "2000",
    },
    Kind.OVERTIME: {
        "monthly_base_fen": "1740",
        "entries-0-date": "20260302",
        "entries-0-hours": "1",
    },
    Kind.DOUBLE_WAGE: {
        "hire_date": "2026-03-01",
        "end_date": "2026-04-30",
        "monthly_wage_fen": "4000",
    },
    Kind.SEVERANCE: {
        "variant": "N",
        "hire_date": "2025-01-01",
        "end_date": "2025-12-31",
        "wages_fen": "4000\n6000",
    },
    Kind.ANNUAL_LEAVE: {
        "year": "2025",
        "hire_date": "2024-01-01",
        "service_years": "1",
        "average_monthly_wage_fen": "2175",
    },
    Kind.INJURY_BENEFITS: {
        "grade": "9",
        "average_contribution_wage_fen": "5800",
        "parameters-average_wage_fen": "5000",
    },
    Kind.WITHHELD_PAY_ORDER: {
        "ordered_fen": "10000",
        "order_deadline": "2026-10-01",
        "as_of": "2026-11-01",
    },
    Kind.ILLEGAL_PROBATION: {
        "contract_start": "2026-01-01",
        "contract_end": "2026-12-31",
        "probation_start": "2026-01-01",
        "probation_end": "2026-03-31",
        "monthly_wage_fen": "4000",
    },
}
TOTALS = {
    Kind.UNPAID_WAGES: "4,800.00",
    Kind.OVERTIME: "15.00",
    Kind.DOUBLE_WAGE: "4,000.00",
    Kind.SEVERANCE: "5,000.00",
    Kind.ANNUAL_LEAVE: "1,000.00",
    Kind.INJURY_BENEFITS: "52,200.00",
    Kind.WITHHELD_PAY_ORDER: "5,000.00",
    Kind.ILLEGAL_PROBATION: "4,000.00",
}


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office()


@pytest.fixture
def clerk(centre: org.OrgUnit, client: PageClient) -> PageClient:
    client.sign_in(make.make_user(centre, Role.INTAKE, name="陈可"))
    return client


@pytest.fixture
def case(centre: org.OrgUnit) -> cases.Case:
    facts = cases.FactDates(
        hired_on=date(2023, 3, 1),
        left_on=date(2026, 10, 31),
        injured_on=date(2026, 5, 6),
        unpaid_from=date(2026, 8, 1),
        unpaid_to=date(2026, 10, 31),
    )
    worker = make.make_party(gender=Gender.FEMALE)
    return make.make_case(centre, SYSTEM, facts=facts, workers=[worker])


def add_wage(value: int, since: date, confirmed: bool = True) -> None:
    code = ParameterCode.MINIMUM_WAGE
    row = Parameter(code, CITY, since, value, unit_of(code), f"{since.year}年通知", confirmed)
    parameters.add(SYSTEM, row)


def calculate(client: PageClient, kind: Kind, query: str = "", **changes: str) -> Page:
    page = client.page(f"/calculators/{kind.value}{query}")
    values = {**FILLED[kind], **{name.replace("__", "-"): text for name, text in changes.items()}}
    return client.submit(page, values, form="main form.stack")


def attach(client: PageClient, page: Page, **values: Any) -> Page:
    return client.submit(page, values, form="form.calc-attach")


def test_everything_that_can_be_calculated_is_listed(clerk: PageClient) -> None:
    assert len(clerk.page("/calculators").soup.select(".calc-kinds a")) == len(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_each_calculator_gives_its_sum(clerk: PageClient, kind: Kind) -> None:
    page = calculate(clerk, kind)
    assert page.status == 200
    assert page.texts(".calc-total b") == [TOTALS[kind]]


def test_every_line_shows_its_sum_and_its_article(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.SEVERANCE)
    assert "5,000.00元 × 1个月" in page.text
    assert "《劳动合同法》第46条" in page.text


def test_the_total_stands_in_capital_figures(clerk: PageClient) -> None:
    assert "肆仟捌佰元整" in calculate(clerk, Kind.UNPAID_WAGES).text


def test_a_missing_standard_is_named_in_words(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.SEVERANCE)
    assert "缺少当地标准 上年度职工月平均工资、月最低工资标准" in page.text or (
        "缺少当地标准 月最低工资标准、上年度职工月平均工资" in page.text
    )


def test_a_case_of_2024_takes_the_standard_of_2024(clerk: PageClient) -> None:
    add_wage(203_000, date(2024, 1, 1))
    add_wage(219_500, date(2026, 1, 1))
    dates = {"entries__0__date": "2024-06-03"}
    page = calculate(clerk, Kind.OVERTIME, **dates)
    assert "2,030.00 元/月" in page.text
    assert "2024年通知" in page.text
    assert "2,195.00" not in page.text


def test_a_standard_that_nobody_checked_is_marked(clerk: PageClient) -> None:
    add_wage(203_000, date(2024, 1, 1), confirmed=False)
    assert "待核实" in calculate(clerk, Kind.OVERTIME).texts(".calc-about .tag")


def test_a_checked_standard_bears_no_mark(clerk: PageClient) -> None:
    add_wage(203_000, date(2024, 1, 1))
    assert calculate(clerk, Kind.OVERTIME).texts(".calc-lines .tag") == []


def test_a_typed_standard_goes_before_the_known_one(clerk: PageClient) -> None:
    add_wage(203_000, date(2024, 1, 1))
    typed = {"parameters__minimum_wage_fen": "2500", "parameters__source": "园区通知"}
    page = calculate(clerk, Kind.OVERTIME, **typed)
    assert "2,500.00（ 园区通知 ）" in page.text.replace("（园区通知）", "（ 园区通知 ）")
    assert "2024年通知" not in page.text


def test_the_day_of_the_standards_can_be_chosen(clerk: PageClient) -> None:
    add_wage(203_000, date(2024, 1, 1))
    add_wage(219_500, date(2026, 1, 1))
    assert "2024年通知" in calculate(clerk, Kind.OVERTIME, standard_on="2025-01-01").text


def test_a_wrong_input_is_refused_at_its_field(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.UNPAID_WAGES, months__0__due_fen="很多")
    assert page.status == 422
    assert "金额应为数字" in page.error_of("months-0-due_fen")


def test_the_law_speaks_of_fields_by_their_labels(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.DOUBLE_WAGE, end_date="2026-02-01")
    assert "离职日期 不能早于入职日期" in page.error_of("end_date")


def test_everything_typed_is_kept_after_a_refusal(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.UNPAID_WAGES, months__0__due_fen="很多")
    assert page.one("[name=months-0-due_fen]")["value"] == "很多"
    assert page.one("[name=months-0-month]")["value"] == "2026年8月"


def test_what_must_be_filled_in_says_so(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.DOUBLE_WAGE, hire_date="")
    assert "请填写这一项" in page.error_of("hire_date")


def test_rows_without_a_word_are_left_out(clerk: PageClient) -> None:
    later = {"months-0-month": "", "months-0-due_fen": "", "months-0-paid_fen": ""}
    page = clerk.page("/calculators/unpaid_wages")
    values = {**later, "months-2-month": "2026-08", "months-2-due_fen": "坏"}
    answer = clerk.submit(page, values, form="main form.stack")
    assert "金额" in answer.error_of("months-0-due_fen")


def test_no_row_at_all_is_refused_at_the_first(clerk: PageClient) -> None:
    page = clerk.submit(clerk.page("/calculators/unpaid_wages"), {}, form="main form.stack")
    assert page.status == 422
    assert "被拖欠的月份" in page.error_of("months-0-month")


def test_more_rows_can_be_had_without_scripts(clerk: PageClient) -> None:
    page = calculate(clerk, Kind.UNPAID_WAGES, **{"add__months": "1"})
    assert page.status == 200
    assert len(page.soup.select("tr[data-row]")) == 4
    assert page.one("[name=months-0-due_fen]")["value"] == "6,800"


def test_too_many_rows_are_refused(clerk: PageClient) -> None:
    many = {f"months__{n}__due_fen": "1" for n in range(401)}
    page = calculate(clerk, Kind.UNPAID_WAGES, **many)
    assert page.status == 422
    assert "最多400行" in page.text


def test_an_unknown_calculation_is_not_there(clerk: PageClient) -> None:
    assert clerk.get("/calculators/lottery").status_code == 404


def test_a_case_fills_in_its_dates(clerk: PageClient, case: cases.Case) -> None:
    page = clerk.page(f"/calculators/severance?case={case.id}")
    assert page.one("[name=hire_date]")["value"] == "2023-03-01"
    assert page.one("[name=end_date]")["value"] == "2026-10-31"


def test_a_case_fills_in_its_unpaid_months(clerk: PageClient, case: cases.Case) -> None:
    page = clerk.page(f"/calculators/unpaid_wages?case={case.id}")
    months = [str(field["value"]) for field in page.soup.select("[name$=-month]")]
    assert months == ["2026-08", "2026-09", "2026-10"]


def test_a_case_fills_in_the_day_of_the_injury(clerk: PageClient, case: cases.Case) -> None:
    page = clerk.page(f"/calculators/injury_benefits?case={case.id}")
    assert page.one("[name=standard_on]")["value"] == "2026-05-06"
    assert page.one("[name=gender] option[selected]")["value"] == "female"


def test_a_case_of_another_station_fills_in_nothing(
    client: PageClient, centre: org.OrgUnit, case: cases.Case
) -> None:
    client.sign_in(make.make_user(make.make_site(parent=centre), Role.MEDIATOR))
    assert client.get(f"/calculators/severance?case={case.id}").status_code == 404


def test_a_result_is_attached_to_its_case(clerk: PageClient, case: cases.Case) -> None:
    result = calculate(clerk, Kind.OVERTIME, f"?case={case.id}")
    page = attach(clerk, result)
    assert page.url == f"/cases/{case.id}"
    assert "加班费，合计15.00元" in page.text


def test_an_attached_result_opens_on_paper(clerk: PageClient, case: cases.Case) -> None:
    page = attach(clerk, calculate(clerk, Kind.UNPAID_WAGES), case_no=case.case_no)
    paper = clerk.page(page.link("看算法"))
    assert "6,800.00元 − 已付2,000.00元" in paper.text
    assert "应得工资 6,800.00" in paper.text


def test_an_attached_result_outlives_its_standards(clerk: PageClient, case: cases.Case) -> None:
    add_wage(203_000, date(2024, 1, 1))
    address = attach(clerk, calculate(clerk, Kind.OVERTIME, f"?case={case.id}")).link("看算法")
    before = clerk.page(address).text
    add_wage(300_000, date(2026, 1, 1))
    assert clerk.page(address).text == before


def test_an_attached_result_can_be_read_in_english(clerk: PageClient, case: cases.Case) -> None:
    address = attach(clerk, calculate(clerk, Kind.OVERTIME, f"?case={case.id}")).link("看算法")
    clerk.submit(clerk.page("/calculators"), {"lang": "en"}, form="form[action='/language']")
    assert clerk.get(address).status_code == 200


def test_a_result_goes_to_any_case_by_its_number(clerk: PageClient, case: cases.Case) -> None:
    page = attach(clerk, calculate(clerk, Kind.OVERTIME), case_no=case.case_no)
    assert page.url == f"/cases/{case.id}"


def test_an_unknown_number_keeps_the_result_on_the_page(clerk: PageClient) -> None:
    page = attach(clerk, calculate(clerk, Kind.OVERTIME), case_no="示援〔2026〕99号")
    assert page.status == 422
    assert "没有这个案号" in page.error_of("case_no")
    assert page.texts(".calc-total b") == ["15.00"]


def test_who_records_nothing_is_not_offered_a_case(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make.make_user(centre, Role.AUDITOR))
    assert calculate(client, Kind.OVERTIME).soup.select("form.calc-attach") == []


def test_a_kept_result_of_another_station_is_not_there(
    clerk: PageClient, centre: org.OrgUnit, case: cases.Case, portal_client: PageClient
) -> None:
    address = attach(clerk, calculate(clerk, Kind.OVERTIME, f"?case={case.id}")).link("看算法")
    portal_client.sign_in(make.make_user(make.make_site(parent=centre), Role.MEDIATOR))
    assert portal_client.get(address).status_code == 404
