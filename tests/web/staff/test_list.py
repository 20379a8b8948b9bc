"""The case list and the search box: conditions as chips, figures, and no number in an address."""

import re
from datetime import date, timedelta

import pytest

from tests.builders import make_case, make_id_number, make_party, make_site, make_user
from tests.support.pages import Page, PageClient
from worker_legal.domain import cases, parties
from worker_legal.domain.access import User
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.law.enums import Flag, Stage

NUMBER = make_id_number(serial=321)
PHONE = "13800004321"


@pytest.fixture
def director(centre: OrgUnit, client: PageClient) -> User:
    """The director of the centre, signed in."""
    user = make_user(centre, Role.DIRECTOR)
    client.sign_in(user)
    return user


def _numbers(page: Page) -> list[str]:
    return page.texts("main td.cell-lead a")


def _search(client: PageClient, text: str, follow: bool = True) -> Page:
    return client.submit(client.page("/cases"), {"q": text}, form="form.find", follow=follow)


@pytest.mark.usefixtures("director")
class TestConditions:
    """What narrows the list stands in the address and on the page."""

    def test_the_list_opens_with_the_running_cases(
        self, client: PageClient, centre: OrgUnit, actor: Actor
    ) -> None:
        running, gone = make_case(centre), make_case(centre)
        cases.void(actor, gone, "误登")
        page = client.page("/cases")
        assert _numbers(page) == [running.case_no]
        assert page.texts(".chip-on")[0].startswith("在办")

    def test_a_chip_takes_its_condition_away(self, client: PageClient, centre: OrgUnit) -> None:
        make_case(centre, first_stage=Stage.MEDIATION)
        make_case(centre)
        page = client.page("/cases?status=open&stage=mediation")
        assert len(_numbers(page)) == 1
        chip = next(a for a in page.soup.select("a.chip-on") if "调解" in a.text)
        assert len(_numbers(client.page(str(chip["href"])))) == 2

    def test_the_last_chip_shows_everything(
        self, client: PageClient, centre: OrgUnit, actor: Actor
    ) -> None:
        case = make_case(centre)
        for proceeding in cases.proceedings_of(case):
            assert proceeding.stage is Stage.CONSULTATION
        page = client.page("/cases")
        without = client.page(str(page.one("a.chip-on")["href"]))
        assert without.texts(".chip-on") == []
        assert _numbers(without) == [case.case_no]

    def test_the_figures_equal_the_rows(self, client: PageClient, centre: OrgUnit) -> None:
        for n in range(1, 4):
            group = [make_party(claimed_fen=100_000 * n) for _ in range(n)]
            make_case(centre, workers=group)
        assert client.page("/cases").one(".page-sub").text == "3件·6人次·1.40万元"

    def test_a_year_is_one_chip(self, client: PageClient) -> None:
        page = client.page("/cases?registered_from=2026-01-01&registered_to=2026-12-31")
        assert page.texts(".chip-on")[0].startswith("2026年登记")

    def test_the_site_with_those_below_it(self, client: PageClient, centre: OrgUnit) -> None:
        station = make_site(parent=centre)
        make_case(centre)
        case = make_case(station)
        page = client.page(f"/cases?site={station.id}")
        assert _numbers(page) == [case.case_no]

    def test_my_running_cases_are_one_click(
        self, client: PageClient, centre: OrgUnit, director: User
    ) -> None:
        mine = make_case(centre, handler_id=director.id)
        make_case(centre)
        page = client.page(client.page("/cases").link("我的在办"))
        assert _numbers(page) == [mine.case_no]

    def test_imported_cases_without_dates_lead_to_where_they_are_filled(
        self, client: PageClient, centre: OrgUnit
    ) -> None:
        case = make_case(centre, source="ledger")
        page = client.page(client.page("/cases").link("缺日期"))
        assert page.link("补日期") == f"/cases/{case.id}/facts"

    def test_a_void_number_stays_listed(
        self, client: PageClient, centre: OrgUnit, actor: Actor
    ) -> None:
        case = make_case(centre)
        cases.void(actor, case, "误登")
        page = client.page(client.page("/cases").link("作废"))
        assert _numbers(page) == [case.case_no]

    def test_a_flag_comes_first_and_says_why(self, client: PageClient, centre: OrgUnit) -> None:
        urgent = make_case(centre, flags=(Flag.ELDERLY,))
        make_case(centre, first_stage=Stage.MEDIATION)
        page = client.page("/cases")
        assert _numbers(page)[0] == urgent.case_no
        assert page.texts(".tag-strong") == ["优先·超过60岁"]

    def test_nothing_found_says_what_to_do(self, client: PageClient) -> None:
        page = client.page("/cases?q=没有这个名字")
        assert "没有符合这些条件的案件" in page.text
        assert page.link("去掉全部条件")


@pytest.mark.usefixtures("director")
class TestPages:
    """Forward and back without counting off."""

    def test_every_case_is_on_one_page(self, client: PageClient, centre: OrgUnit) -> None:
        made = {
            make_case(centre, registered_on=date(2026, 11, 20) - timedelta(days=n)).case_no
            for n in range(23)
        }
        first = client.page("/cases?status=open&sort=newest")
        second = client.page(first.link("下一页"))
        assert {*_numbers(first), *_numbers(second)} == made
        assert "第21–23条，共23条" in second.text
        assert _numbers(client.page(second.link("上一页"))) == _numbers(first)

    @pytest.mark.parametrize("sort", ["due", "newest", "amount", "nonsense"])
    def test_each_order_is_answered(self, client: PageClient, centre: OrgUnit, sort: str) -> None:
        make_case(centre)
        assert len(_numbers(client.page(f"/cases?status=open&sort={sort}"))) == 1


class TestSearch:
    """One box; numbers of people never stand in an address."""

    @pytest.mark.usefixtures("director")
    @pytest.mark.parametrize(
        "text", ["张三", "zs", "示例鞋", NUMBER, PHONE, "138 0000 4321", "4321"]
    )
    def test_the_box_finds_the_case(self, client: PageClient, centre: OrgUnit, text: str) -> None:
        firm = cases.NewRespondent(parties.EmployerInput(name="示例鞋业有限公司"))
        worker = make_party("张三", id_no=NUMBER, phone=PHONE)
        case = make_case(centre, workers=[worker], respondents=[firm])
        make_case(centre, workers=[make_party("李四")])
        assert _numbers(_search(client, text)) == [case.case_no]

    @pytest.mark.usefixtures("director")
    @pytest.mark.parametrize("text", [NUMBER, NUMBER.lower(), PHONE, f"+86{PHONE}", NUMBER[:-1]])
    def test_no_number_of_a_person_reaches_an_address(
        self, client: PageClient, centre: OrgUnit, text: str
    ) -> None:
        make_case(centre, workers=[make_party("张三", id_no=NUMBER, phone=PHONE)])
        answer = _search(client, text, follow=False)
        assert answer.status == 302
        assert not re.search(r"\d{6}", answer.response.location)

    @pytest.mark.usefixtures("director")
    def test_a_number_typed_into_the_address_is_sent_away(self, client: PageClient) -> None:
        answer = client.get(f"/cases?q={NUMBER}")
        assert answer.status_code == 302
        assert NUMBER not in answer.location

    @pytest.mark.usefixtures("director")
    def test_an_empty_box_shows_the_list(self, client: PageClient) -> None:
        assert _search(client, "  ").status == 200

    @pytest.mark.usefixtures("director")
    def test_a_reloaded_search_shows_the_list(self, client: PageClient) -> None:
        assert client.get("/search").location.startswith("/cases")

    @pytest.mark.parametrize(
        "text", ["外站人", "wzr", NUMBER, PHONE, "4321", "外站示例", "〔2026〕"]
    )
    def test_another_station_finds_nothing(
        self, client: PageClient, centre: OrgUnit, text: str
    ) -> None:
        one, other = make_site(parent=centre), make_site(parent=centre)
        firm = cases.NewRespondent(parties.EmployerInput(name="外站示例公司"))
        worker = make_party("外站人", id_no=NUMBER, phone=PHONE)
        make_case(one, workers=[worker], respondents=[firm])
        client.sign_in(make_user(other, Role.MEDIATOR))
        page = _search(client, text)
        assert _numbers(page) == []
        assert page.one(".page-sub").text.startswith("0件·0人次")
        assert "外站人" not in page.text or text == "外站人"

    def test_ids_of_another_station_find_nothing(self, client: PageClient, centre: OrgUnit) -> None:
        one, other = make_site(parent=centre), make_site(parent=centre)
        case = make_case(one, workers=[make_party("外站人", id_no=NUMBER)])
        client.sign_in(make_user(other, Role.MEDIATOR))
        page = client.page(f"/cases?person={case.lead_worker_id}")
        assert _numbers(page) == []
        assert "外站人" not in page.text

    def test_a_lawyer_sees_the_own_cases_only(self, client: PageClient, centre: OrgUnit) -> None:
        lawyer = make_user(centre, Role.LAWYER)
        mine = make_case(centre, handler_id=lawyer.id)
        make_case(centre)
        client.sign_in(lawyer)
        assert _numbers(client.page("/cases")) == [mine.case_no]
