"""The workbench: counts that are links and equal their lists, my cases, hearings, free cases."""

from datetime import date

import pytest
from flask import Flask

from tests import builders
from tests.support.pages import PageClient
from worker_legal.domain import access, cases, org
from worker_legal.domain.permissions import Role
from worker_legal.law.enums import EventKind, Flag, Stage


@pytest.fixture
def site(app: Flask) -> org.OrgUnit:
    """The office's centre."""
    return builders.make_office()


@pytest.fixture
def mediator(site: org.OrgUnit, client: PageClient) -> access.User:
    """A mediator with mediations ending last Friday, today, on Thursday and next week."""
    user = builders.make_user(site, Role.MEDIATOR, name="林晓舟")
    for day in (5, 8, 11, 16):
        builders.make_case(
            site,
            first_stage=Stage.MEDIATION,
            registered_on=date(2026, 11, day),
            handler_id=user.id,
        )
    client.sign_in(user)
    return user


def test_three_counts_lead_to_lists_of_that_length(
    client: PageClient, mediator: access.User
) -> None:
    page = client.page("/workbench")
    links = [str(link["href"]) for link in page.soup.select("a.count")]
    numbers = [int(text) for text in page.texts(".count-num")]
    assert numbers == [1, 1, 2]
    assert [len(client.page(link).soup.select(".dueitem")) for link in links] == numbers


def test_my_dates_are_grouped_by_day(client: PageClient, mediator: access.User) -> None:
    assert client.page("/workbench").texts(".daygroup .day") == ["逾期", "今天 11-23", "周四 11-26"]


def test_a_date_leads_to_its_sum_on_the_case_page(
    client: PageClient, mediator: access.User
) -> None:
    address = str(client.page("/workbench").soup.select(".dueitem a")[0]["href"])
    path, anchor = address.split("#")
    assert client.page(path).one(f"#{anchor}").name == "details"


def test_my_open_cases_show_the_flagged_first(
    client: PageClient, mediator: access.User, site: org.OrgUnit
) -> None:
    flagged = builders.make_case(site, handler_id=mediator.id, flags=(Flag.MINOR,))
    page = client.page("/workbench")
    assert page.texts(".tbl .caseno")[0] == flagged.case_no
    assert "优先·未成年" in page.texts(".tbl .tag-strong")


def test_a_case_without_a_handler_is_taken_from_the_workbench(
    client: PageClient, mediator: access.User, site: org.OrgUnit
) -> None:
    case = builders.make_case(site)
    page = client.submit(client.page("/workbench"), form="form[action$='/take']")
    assert case.case_no in page.text
    assert "登记的案件都有人在办" in client.page("/workbench").text


def test_the_hearings_of_today_are_listed(client: PageClient, mediator: access.User) -> None:
    case = cases.open_cases_of(access.actor_for(mediator))[0][0]
    builders.record(
        case,
        EventKind.HEARING_SCHEDULED,
        builders.first_proceeding(case),
        at="2026-11-23T14:30:00+08:00",
        place="调解室1",
    )
    assert "14:30 调解室1" in client.page("/workbench").text


def test_a_director_sees_the_dates_of_everybody(
    client: PageClient, mediator: access.User, site: org.OrgUnit
) -> None:
    client.sign_in(builders.make_user(site, Role.DIRECTOR))
    assert client.page("/workbench").texts(".count-num") == ["1", "1", "2"]
    mine = client.page("/workbench?scope=mine")
    assert mine.texts(".count-num") == ["0", "0", "0"]


def test_another_station_sees_no_date_and_no_count(
    client: PageClient, mediator: access.User, site: org.OrgUnit
) -> None:
    client.sign_in(builders.make_user(builders.make_site(parent=site), Role.DIRECTOR))
    page = client.page("/workbench?scope=all")
    assert page.texts(".count-num") == ["0", "0", "0"]
    assert page.soup.select(".dueitem, .tbl tr") == []


def test_an_administrator_has_a_workbench_without_cases(
    client: PageClient, site: org.OrgUnit
) -> None:
    client.sign_in(builders.make_user(site, Role.ADMINISTRATOR))
    page = client.page("/workbench")
    assert page.status == 200
    assert page.soup.select("a.count") == []


def test_a_long_list_of_dates_goes_on_on_a_second_page(
    client: PageClient, mediator: access.User, site: org.OrgUnit
) -> None:
    for _ in range(30):
        builders.make_case(site, first_stage=Stage.MEDIATION, handler_id=mediator.id)
    first = client.page("/dates?span=all")
    second = client.page(first.link("下一页"))
    assert len(first.soup.select(".dueitem")) == 30
    assert len(second.soup.select(".dueitem")) == 4


@pytest.mark.parametrize("query", ["span=yesterday", "span=all&after=x"])
def test_an_invented_list_is_not_found(
    client: PageClient, mediator: access.User, query: str
) -> None:
    assert client.page(f"/dates?{query}").status == 404
