"""Local standards on screen: entered, corrected, marked until checked."""

import pytest
from flask import Flask

from tests import builders as make
from tests.support.pages import Page, PageClient
from worker_legal.domain import org, parameters
from worker_legal.domain.permissions import Role
from worker_legal.law.parameters import ParameterCode

NEW = {
    "code": "average_wage",
    "place": "福建泉州",
    "valid_from": "2026-07-01",
    "value": "7550",
    "document": "泉州市2025年公报",
}


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office()


@pytest.fixture
def director(centre: org.OrgUnit, client: PageClient) -> PageClient:
    client.sign_in(make.make_user(centre, Role.DIRECTOR))
    return client


def add(client: PageClient, **changes: str) -> Page:
    page = client.page("/admin/parameters/new")
    return client.submit(page, {**NEW, **changes}, form="form.form-narrow")


def average() -> int:
    wanted = ParameterCode.AVERAGE_WAGE
    return next(figure.value for figure in parameters.known() if figure.code is wanted)


def edit_page(client: PageClient) -> Page:
    return client.page(f"/admin/parameters/{parameters.listing()[0].id}")


def test_the_figures_of_the_set_up_are_to_be_verified(director: PageClient) -> None:
    page = director.submit(director.page("/admin/parameters"), form="main form.actions")
    assert "闽人社办〔2022〕63号" in page.text
    assert "有4条标准还没有与公布的文件核对" in page.text


def test_looking_at_the_standards_writes_nothing(director: PageClient) -> None:
    director.page("/admin/parameters")
    assert parameters.listing() == []


def test_what_is_missing_is_named(director: PageClient) -> None:
    add(director)
    page = director.page("/admin/parameters")
    assert "月最低工资标准" in page.texts(".linelist .grow")
    assert "上年度职工月平均工资" not in page.texts(".linelist .grow")


def test_an_added_figure_is_listed_with_its_document(director: PageClient) -> None:
    page = add(director, confirmed="y")
    assert page.url == "/admin/parameters"
    assert "7,550.00 元/月 泉州市2025年公报 已核对" in page.text


def test_a_yearly_wage_is_divided_by_twelve(director: PageClient) -> None:
    add(director, value="90,600", yearly="y")
    assert average() == 755_000


def test_years_of_life_are_not_divided(director: PageClient) -> None:
    page = add(director, code="life_expectancy_all", value="79", yearly="y")
    assert page.error_of("yearly") == "只有工资可以按全年的数折算"


@pytest.mark.parametrize("field", ["place", "valid_from", "value", "document"])
def test_a_figure_needs_its_particulars(director: PageClient, field: str) -> None:
    page = add(director, **{field: ""})
    assert page.status == 422
    assert "请填写这一项" in page.error_of(field)


def test_a_second_figure_of_one_day_is_refused(director: PageClient) -> None:
    add(director)
    page = add(director, value="8000")
    assert "福建泉州从2026-07-01起的“上年度职工月平均工资”已经有了" in page.error_of("valid_from")


def test_a_correction_changes_the_figure(director: PageClient) -> None:
    add(director)
    director.submit(edit_page(director), {"value": "7600"}, form="form.form-narrow")
    assert average() == 760_000


def test_a_correction_on_an_old_page_is_refused(director: PageClient) -> None:
    add(director)
    old = edit_page(director)
    director.submit(old, {"value": "7600"}, form="form.form-narrow")
    page = director.submit(old, {"value": "7700"}, form="form.form-narrow")
    assert page.status == 409
    assert average() == 760_000


def test_a_figure_can_be_removed(director: PageClient) -> None:
    add(director)
    page = director.submit(edit_page(director), form="form[action$=remove]")
    assert "泉州市2025年公报" not in page.text


def test_the_clerk_does_not_see_the_standards(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make.make_user(centre, Role.INTAKE))
    assert client.get("/admin/parameters").status_code == 403
