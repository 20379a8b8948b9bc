"""My account: saying that I am away, and who stands in."""

from datetime import date

import pytest
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Role

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)
TAKE_BACK = "form[action$='/take-back']"


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office("开发区职工法律服务中心")


@pytest.fixture
def clerk(centre: org.OrgUnit) -> access.User:
    return make.make_user(centre, Role.INTAKE, name="林晓舟")


@pytest.fixture
def colleague(centre: org.OrgUnit) -> access.User:
    return make.make_user(centre, Role.MEDIATOR, name="周以宁")


def _enter(client: PageClient, deputy: access.User, **changes: object) -> Page:
    page = client.page(client.page("/account").link("登记不在的日子"))
    values = {"first_on": str(FIRST), "last_on": "2026年12月4日", "deputy_id": str(deputy.id)}
    return client.submit(page, {**values, **changes})


def test_an_absence_is_entered_listed_and_taken_back(
    client: PageClient, clerk: access.User, colleague: access.User
) -> None:
    client.sign_in(clerk)
    assert "没有登记" in client.page("/account").text
    page = _enter(client, colleague)
    assert page.url == "/account"
    assert "已登记" in page.text
    assert "由周以宁代班" in page.text
    assert "2026-12-01" in page.text
    page = client.submit(page, form=TAKE_BACK)
    assert "已取消" in page.text
    assert "由周以宁代班" not in page.text


def test_who_stands_in_reads_it_on_the_workbench_until_it_is_over(
    client: PageClient, clerk: access.User, colleague: access.User, clock: TestClock
) -> None:
    client.sign_in(clerk)
    _enter(client, colleague)
    assert "代班" not in client.page("/workbench").text
    client.sign_in(colleague)
    assert "您替林晓舟代班：2026-12-01 至 2026-12-04" in client.page("/workbench").text
    clock.move_to(LAST)
    client.sign_in(colleague)
    assert "您替林晓舟代班" in client.page("/workbench").text
    clock.advance(days=1)
    client.sign_in(colleague)
    assert "代班" not in client.page("/workbench").text


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    client: PageClient, clerk: access.User, colleague: access.User
) -> None:
    client.sign_in(clerk)
    page = _enter(client, colleague, last_on="2026-11-30")
    assert page.status == 422
    assert "不能早于第一天" in page.error_of("last_on")
    assert page.one("[name=first_on]")["value"] == str(FIRST)
    assert "请填写" in _enter(client, colleague, first_on="").error_of("first_on")


def test_a_clerk_enters_only_the_own_absence(
    client: PageClient, clerk: access.User, colleague: access.User
) -> None:
    client.sign_in(clerk)
    page = client.page("/account/leave")
    assert page.soup.select("[name=user_id]") == []
    offered = [str(option.text) for option in page.soup.select("[name=deputy_id] option")]
    assert offered == ["周以宁"]
    page = _enter(client, clerk, user_id=str(colleague.id))
    assert page.status == 422


def test_a_director_enters_it_for_others_and_the_deputy_sees_it(
    client: PageClient, centre: org.OrgUnit, clerk: access.User, colleague: access.User
) -> None:
    client.sign_in(make.make_user(centre, Role.DIRECTOR))
    page = _enter(client, colleague, user_id=str(clerk.id))
    assert "林晓舟不在，由周以宁代班" in page.text
    client.sign_in(colleague)
    page = client.page("/account")
    assert "林晓舟不在，由周以宁代班" in page.text
    assert page.soup.select(TAKE_BACK) == []


def test_a_stranger_cannot_take_it_back(
    client: PageClient, clerk: access.User, colleague: access.User
) -> None:
    client.sign_in(clerk)
    address = str(_enter(client, colleague).form(TAKE_BACK)["action"])
    client.sign_in(colleague)
    assert client.post(address, data=_token(client)).status_code == 404
    client.sign_in(clerk)
    assert "由周以宁代班" in client.page("/account").text


def test_where_nobody_can_stand_in_the_page_says_so(client: PageClient, clerk: access.User) -> None:
    client.sign_in(clerk)
    assert "还没有能看到这些案件的同事" in client.page("/account/leave").text


def _token(client: PageClient) -> dict[str, str]:
    field = client.page("/account/leave").form().select_one("[name=csrf_token]")
    return {"csrf_token": str(field["value"]) if field else ""}
