"""The people of a case: masked, corrected, revealed with a reason; employers and their merge."""

import pytest
import sqlalchemy as sa

from tests.builders import make_case, make_group, make_id_number, make_party, make_site, make_user
from tests.support.pages import PageClient
from worker_legal.domain import audit, cases, parties
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db

NUMBER, PHONE = make_id_number(serial=555), "13800005555"


@pytest.fixture
def case(centre: OrgUnit, client: PageClient) -> cases.Case:
    """A case of one worker, at whose site a clerk is signed in."""
    client.sign_in(make_user(centre, Role.INTAKE))
    worker = make_party("张三", id_no=NUMBER, phone=PHONE, address="示例路1号", claimed_fen=100)
    made = make_case(centre, workers=[worker, make_party("李四", claimed_fen=200)])
    db.session.commit()
    return made


def _path(case: cases.Case, verb: str, place: int = 0) -> str:
    return f"/cases/{case.id}/people/{cases.parties_of(case)[place].id}/{verb}"


def test_lists_show_numbers_masked(client: PageClient, case: cases.Case) -> None:
    text = client.page(f"/cases/{case.id}/people").text
    assert f"999***********{NUMBER[-4:]}" in text
    assert "138****5555" in text


def test_clear_values_are_shown_once_with_a_reason(client: PageClient, case: cases.Case) -> None:
    page = client.page(_path(case, "reveal"))
    with client.personal_data_allowed():
        shown = client.submit(page, {"reason": "核对送达地址"}, follow=False)
    assert shown.status == 200
    assert all(value in shown.text for value in (NUMBER, PHONE, "示例路1号"))
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert NUMBER not in client.page(_path(case, "reveal")).text


def test_the_log_knows_who_looked_and_why(client: PageClient, case: cases.Case) -> None:
    page = client.page(_path(case, "reveal"))
    with client.personal_data_allowed():
        client.submit(page, {"reason": "核对送达地址"})
    line = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="reveal")).one()
    assert (line.object_id, line.detail["reason"]) == (case.lead_worker_id, "核对送达地址")


def test_no_clear_value_without_a_reason(client: PageClient, case: cases.Case) -> None:
    answer = client.submit(client.page(_path(case, "reveal")), {"reason": ""})
    assert answer.status == 422
    assert "请填写" in answer.error_of("reason")


def test_an_auditor_looks_but_changes_nothing(
    client: PageClient, centre: OrgUnit, case: cases.Case
) -> None:
    client.sign_in(make_user(centre, Role.AUDITOR))
    page = client.page(f"/cases/{case.id}/people")
    assert "更正" not in page.text
    assert "看完整信息" not in page.text
    for verb in ("change", "remove", "reveal"):
        assert client.get(_path(case, verb)).status_code == 403


def test_a_new_phone_shows_in_every_case(
    client: PageClient, centre: OrgUnit, case: cases.Case
) -> None:
    other = make_case(centre, workers=[make_party("张三", id_no=NUMBER)])
    client.submit(client.page(_path(case, "change")), {"phone": "13900006666"})
    assert "139****6666" in client.page(f"/cases/{other.id}/people").text


def test_a_doubtful_phone_can_be_kept_as_told(client: PageClient, case: cases.Case) -> None:
    refused = client.submit(client.page(_path(case, "change")), {"phone": "138000"})
    assert refused.status == 422
    assert client.submit(refused, {"as_told": "y"}).status == 200


def test_the_claim_has_a_form_of_its_own(client: PageClient, case: cases.Case) -> None:
    page = client.page(_path(case, "change"))
    client.submit(page, {"claimed_fen": "5,000"}, form=".claim-panel")
    db.session.expire_all()
    assert case.claimed_fen == 500_200


def test_a_claim_saved_by_somebody_else_meanwhile_is_not_overwritten(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(_path(case, "change"))
    client.submit(page, {"claimed_fen": "300"}, "main form.claim-panel")
    late = client.submit(page, {"claimed_fen": "400"}, "main form.claim-panel")
    assert late.status == 409
    assert "现在是300.00元" in late.text
    assert "您填的还在" not in late.text  # the particulars of the person are not stale
    assert late.one("#claimed_fen")["value"] == "400"
    again = client.submit(late, {"claimed_fen": "400"}, "main form.claim-panel")
    assert "金额已更正" in again.text


def test_the_timeline_says_whose_particulars_were_corrected_and_how(
    client: PageClient, case: cases.Case
) -> None:
    client.submit(client.page(_path(case, "change")), {"name": "张山", "phone": "13900006666"})
    shown = client.page(f"/cases/{case.id}").texts(".tl-item")[0]
    assert "更正了当事人信息：张山" in shown
    assert "姓名：张三改为张山" in shown
    assert "手机：138****5555改为139****6666" in shown


def test_the_timeline_still_names_who_was_taken_out(client: PageClient, case: cases.Case) -> None:
    client.submit(client.page(_path(case, "remove", 1)), {"reason": "误登"})
    assert "移除了误登的当事人：李四" in client.page(f"/cases/{case.id}").texts(".tl-item")[0]


def test_a_worker_can_join(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}/people/add")
    client.submit(page, {"name": "王五", "claimed": "3"})
    db.session.expire_all()
    assert (case.worker_count, case.claimed_fen) == (3, 600)


def test_a_worker_entered_by_mistake_goes(client: PageClient, case: cases.Case) -> None:
    client.submit(client.page(_path(case, "remove")), {"reason": "登记错了人"})
    db.session.expire_all()
    assert (case.worker_count, case.claimed_fen) == (1, 200)
    assert "张三" not in client.page(f"/cases/{case.id}/people").text


def test_a_contractor_can_stand_beside_the_employer(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}/people/add-respondent")
    values = {"name": "包工头老王", "capacity": "individual_contractor"}
    shown = client.submit(page, values)
    assert "包工头老王" in shown.text
    assert "包工头" in shown.texts("td[data-label=身份]")


def test_representatives_are_ticked(client: PageClient, centre: OrgUnit, case: cases.Case) -> None:
    group = make_case(centre, workers=make_group(11))
    chosen = [str(party.id) for party in cases.parties_of(group)[:3]]
    page = client.page(f"/cases/{group.id}/people")
    shown = client.submit(page, {"chosen": chosen}, form="#reps")
    assert shown.texts("main .tag").count("代表") == 3


def test_six_representatives_stay_ticked_but_unsaved(
    client: PageClient, centre: OrgUnit, case: cases.Case
) -> None:
    group = make_case(centre, workers=make_group(11))
    chosen = [str(party.id) for party in cases.parties_of(group)[:6]]
    page = client.page(f"/cases/{group.id}/people")
    answer = client.submit(page, {"chosen": chosen}, form="#reps")
    assert answer.status == 422
    assert len(answer.soup.select("#representatives input[checked]")) == 6
    assert answer.texts("main td .tag") == []


class TestEmployers:
    """The employers' own pages."""

    def _firm(self, name: str, code: str = "") -> parties.Employer:
        made = parties.find_or_add_employer(parties.EmployerInput(name=name, uscc=code))
        db.session.commit()
        return made

    def _case(self, site: OrgUnit, firm: parties.Employer) -> cases.Case:
        new = cases.NewRespondent(parties.EmployerInput(employer_id=firm.id))
        made = make_case(site, respondents=[new])
        db.session.commit()
        return made

    def test_the_list_counts_the_cases_in_sight(self, client: PageClient, centre: OrgUnit) -> None:
        firm = self._firm("示例鞋业有限公司")
        for site in (centre, make_site(parent=centre)):
            self._case(site, firm)
        client.sign_in(make_user(centre, Role.DIRECTOR))
        page = client.page("/employers?q=鞋业")
        assert page.texts("td.num a") == ["2", "2"]

    def test_only_employers_in_sight_are_listed(self, client: PageClient, centre: OrgUnit) -> None:
        one, other = make_site(parent=centre), make_site(parent=centre)
        firm = self._firm("外站示例公司")
        self._case(one, firm)
        client.sign_in(make_user(other, Role.INTAKE))
        assert "外站示例公司" not in client.page("/employers").text
        assert client.get(f"/employers/{firm.id}").status_code == 404

    def test_a_director_merges_and_the_cases_follow(
        self, client: PageClient, centre: OrgUnit
    ) -> None:
        stays, gone = self._firm("示例鞋业有限公司"), self._firm("示例鞋厂")
        case = self._case(centre, gone)
        client.sign_in(make_user(centre, Role.DIRECTOR))
        page = client.page(f"/employers/{stays.id}/merge")
        shown = client.submit(page, {"gone_name": "示例鞋厂"})
        assert case.case_no in shown.text
        assert "示例鞋厂" in shown.text
        assert client.get(f"/employers/{gone.id}").location == f"/employers/{stays.id}"

    def test_different_codes_are_not_merged(self, client: PageClient, centre: OrgUnit) -> None:
        stays = self._firm("甲有限公司", "91999900MA0000A012")
        self._firm("乙有限公司", "91999900MA0000B032")
        client.sign_in(make_user(centre, Role.DIRECTOR))
        page = client.page(f"/employers/{stays.id}/merge")
        answer = client.submit(page, {"gone_name": "乙有限公司"})
        assert answer.status == 422
        assert "信用代码不同" in answer.text

    def test_a_clerk_cannot_merge(self, client: PageClient, centre: OrgUnit) -> None:
        firm = self._firm("示例鞋业有限公司")
        self._case(centre, firm)
        client.sign_in(make_user(centre, Role.INTAKE))
        assert "合并" not in client.page(f"/employers/{firm.id}").text
        assert client.get(f"/employers/{firm.id}/merge").status_code == 403


def test_industry_and_size_are_put_down_and_taken_back(
    client: PageClient, case: cases.Case
) -> None:
    address = f"/employers/{case.lead_employer_id}"
    saved = client.submit(client.page(f"{address}/class"), {"industry": "C", "size": "small"})
    assert "行业和规模已保存" in saved.text
    assert "制造业" in saved.text
    assert "小型" in saved.text
    client.submit(client.page(f"{address}/class"), {"industry": "", "size": ""})
    assert client.page(address).text.count("未填") == 2


@pytest.mark.parametrize(("field", "typed"), [("industry", "Z"), ("size", "huge")])
def test_a_code_nobody_gave_is_refused(
    client: PageClient, case: cases.Case, field: str, typed: str
) -> None:
    page = client.page(f"/employers/{case.lead_employer_id}/class")
    refused = client.submit(page, {field: typed})
    assert (refused.status, bool(refused.error_of(field))) == (422, True)


def test_an_employer_out_of_sight_cannot_be_classed(
    client: PageClient, case: cases.Case, centre: OrgUnit
) -> None:
    other = make_site(parent=centre)
    client.sign_in(make_user(other, Role.INTAKE))
    assert client.get(f"/employers/{case.lead_employer_id}/class").status_code == 404
