"""The one screen of intake: everything in one submit, with and without scripts."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import make_case, make_id_number, make_party, make_site, make_user
from tests.support.pages import Page, PageClient
from worker_legal.domain import cases, parties
from worker_legal.domain.access import User
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, Flag, Stage

RIGHT = make_id_number(serial=500)
WRONG_DIGIT = RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2")
LEAST = {"workers-0-name": "张三", "respondents-0-name": "示例制造厂", "save": "1"}


@pytest.fixture
def clerk(centre: OrgUnit, client: PageClient) -> User:
    """The clerk of the centre, signed in."""
    user = make_user(centre, Role.INTAKE)
    client.sign_in(user)
    return user


def _cases() -> list[cases.Case]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(cases.Case).order_by(cases.Case.id)))


def _people(case: cases.Case) -> list[cases.CaseParty]:
    return [party for party in cases.parties_of(case) if party.worker is not None]


def _send(client: PageClient, **values: Any) -> Page:
    page = client.page("/cases/new")
    named = {name.replace("__", "-"): value for name, value in values.items()}
    return client.submit(page, {**LEAST, **named}, follow=False)


@pytest.mark.usefixtures("clerk")
class TestSaving:
    """What one submit leaves behind."""

    def test_a_name_and_an_employer_are_enough(self, client: PageClient) -> None:
        answer = _send(client)
        assert answer.status == 302
        assert answer.response.location == f"/cases/{_cases()[0].id}"

    def test_saving_and_printing_leads_to_the_receipts(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        values = {name: value for name, value in LEAST.items() if name != "save"}
        answer = client.submit(page, {**values, "print": "1"}, follow=False)
        assert answer.response.location == f"/cases/{_cases()[0].id}/receipts"

    def test_everything_on_the_screen_is_kept(self, client: PageClient) -> None:
        _send(
            client,
            channel="hotline_12345",
            dispute_kind="termination",
            first_stage="mediation",
            left_on="2026.10.31",
            unpaid_from="2026-08",
            unpaid_to="202610",
            flags=["minor", "urgent"],
            oral_application="y",
            quiet_contact="y",
            consent="y",
            workers__0__claimed="1.2万",
            workers__0__claim_note="8、9月",
        )
        case = _cases()[0]
        assert (case.channel, case.flags) == (Channel.CITY_HOTLINE, ["minor", "urgent"])
        assert (str(case.left_on), str(case.unpaid_from)) == ("2026-10-31", "2026-08-01")
        assert (str(case.unpaid_to), case.claimed_fen) == ("2026-10-31", 1_200_000)
        assert (case.oral_application, case.quiet_contact) == (True, True)
        assert (case.consent_version, _people(case)[0].claim_note) == ("3", "8、9月")
        assert cases.proceedings_of(case)[0].stage is Stage.MEDIATION

    def test_the_story_is_sealed(self, client: PageClient) -> None:
        _send(client, story="八月起没有发工资")
        row = db.session.scalars(sa.select(cases.EventNote)).one()
        assert "八月" not in row.text_enc
        assert "八月起没有发工资" in cases.notes_of(cases.all_events(_cases()[0])).values()

    def test_several_workers_have_claims_of_their_own(self, client: PageClient) -> None:
        rows = {f"workers-{n}-name": f"职工{n}" for n in range(3)}
        amounts = {f"workers-{n}-claimed": f"{n + 1},000.50" for n in range(3)}
        page = client.page("/cases/new")
        client.submit(page, {**LEAST, **rows, **amounts}, follow=False)
        case = _cases()[0]
        assert [p.claimed_fen for p in _people(case)] == [100_050, 200_050, 300_050]
        assert case.claimed_fen == 600_150

    def test_an_anonymous_caller_can_be_registered(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        values = {**LEAST, "workers-0-name": "", "workers-0-anonymous": "y", "channel": "phone"}
        client.submit(page, values, follow=False)
        worker = _people(_cases()[0])[0].worker
        assert worker is not None
        assert (worker.name, worker.is_identified) == (parties.UNIDENTIFIED, False)

    def test_a_picked_employer_is_the_one_on_file(self, client: PageClient) -> None:
        firm = parties.find_or_add_employer(parties.EmployerInput(name="示例鞋业有限公司"))
        parties.add_alias(firm, "示例鞋厂")
        _send(client, respondents__0__name="示例鞋厂")
        assert _cases()[0].lead_employer_id == firm.id

    def test_a_code_in_place_of_the_name_finds_the_employer(self, client: PageClient) -> None:
        new = parties.EmployerInput(name="示例鞋业有限公司", uscc="91999900MA0000A012")
        firm = parties.find_or_add_employer(new)
        _send(client, respondents__0__name="91999900ma0000a012")
        assert _cases()[0].lead_employer_id == firm.id

    def test_two_submits_of_one_page_make_one_case(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        first = client.submit(page, LEAST, follow=False)
        second = client.submit(page, LEAST, follow=False)
        assert first.response.location == second.response.location
        assert len(_cases()) == 1

    def test_ten_flags_none_lost(self, client: PageClient) -> None:
        _send(client, flags=[flag.value for flag in Flag])
        assert len(_cases()[0].flags) == len(Flag)

    def test_the_page_names_the_new_number(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        shown = client.submit(page, LEAST)
        assert _cases()[0].case_no in shown.text


@pytest.mark.usefixtures("clerk")
class TestWithoutScripts:
    """Small buttons bring the page back with everything that was typed."""

    def test_another_row_keeps_what_stands(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        values = {**LEAST, "story": "经过", "add_row": "1"}
        again = client.submit(page, values)
        assert again.status == 200
        assert len(again.soup.select("[data-row]")) == 2
        assert again.one("#story").text.strip() == "经过"
        assert again.one("#workers-0-name")["value"] == "张三"
        assert not _cases()

    def test_another_respondent_keeps_what_stands(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        again = client.submit(page, {**LEAST, "add_respondent": "1"})
        values = {"respondents-1-name": "示例派遣公司", "respondents-1-capacity": "dispatch_agency"}
        client.submit(again, {**values, "save": "1"}, follow=False)
        assert len(cases.parties_of(_cases()[0])) == 3

    def test_a_pasted_list_becomes_rows(self, client: PageClient) -> None:
        rows = [f"职工{n}\t{make_id_number()}\t1380000{n:04d}\t{n},000.00" for n in range(1, 21)]
        rows[6] = rows[6].replace(rows[6].split("\t")[1], WRONG_DIGIT)
        rows[12] = rows[12].replace(rows[12].split("\t")[1], "99900019850615")
        page = client.page("/cases/new")
        values = {"roster": "\n".join(rows), "read_roster": "1", "respondents-0-name": "示例厂"}
        with client.personal_data_allowed():
            again = client.submit(page, values)
        marked = [row.select_one(".seq").text for row in again.soup.select("tr.rowbad")]
        assert marked == ["7", "13"]
        assert "有2行要改，其余18行可以保存" in again.text
        assert "集体争议" in again.text
        assert not _cases()

    def test_what_was_told_can_be_kept(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        values = {**LEAST, "workers-0-id_no": WRONG_DIGIT}
        refused = client.submit(page, values)
        assert refused.status == 422
        with client.personal_data_allowed():
            told = client.submit(refused, {"tell": "workers-0"})
        saved = client.submit(told, {"save": "1"}, follow=False)
        assert saved.status == 302
        assert len(_cases()) == 1

    def test_another_number_has_to_be_confirmed_anew(self, client: PageClient) -> None:
        page = client.page("/cases/new")
        refused = client.submit(page, {**LEAST, "workers-0-id_no": WRONG_DIGIT})
        with client.personal_data_allowed():
            told = client.submit(refused, {"tell": "workers-0"})
        again = client.submit(told, {"workers-0-id_no": "12", "save": "1"})
        assert again.status == 422
        assert not _cases()

    def test_four_representatives_of_twelve(self, client: PageClient) -> None:
        rows = {f"workers-{n}-name": f"职工{n}" for n in range(12)}
        chosen = {f"workers-{n}-is_representative": "y" for n in range(4)}
        page = client.page("/cases/new")
        client.submit(page, {**LEAST, **rows, **chosen}, follow=False)
        assert sum(p.is_representative for p in _people(_cases()[0])) == 4


@pytest.mark.usefixtures("clerk")
class TestLimitation:
    """The strip fills while typing and asks why when time is short."""

    def test_days_typed_so_far_give_the_last_days(self, client: PageClient) -> None:
        client.checks_pages = False
        part = client.get("/intake/radar?injured_on=2025-12-15&left_on=2026-10-31")
        text = part.get_data(as_text=True)
        assert "2026-12-15" in text
        assert "2027-11-01" in text
        assert "right-hot" in text

    @pytest.mark.parametrize(("injured", "urgent"), [("2025-11-27", True), ("2025-12-15", False)])
    def test_urgent_legal_aid_is_pointed_out(
        self, client: PageClient, injured: str, urgent: bool
    ) -> None:
        client.checks_pages = False
        part = client.get(f"/intake/radar?injured_on={injured}").get_data(as_text=True)
        assert ("aid-first" in part) is urgent

    def test_the_day_a_dispute_was_known_is_kept(self, client: PageClient) -> None:
        _send(client, dispute_known_on="2026-03-10", diagnosed_on="2026-04-09")
        case = _cases()[0]
        assert (case.dispute_known_on, case.diagnosed_on) == (date(2026, 3, 10), date(2026, 4, 9))

    def test_half_typed_days_do_no_harm(self, client: PageClient) -> None:
        client.checks_pages = False
        part = client.get("/intake/radar?injured_on=2025-1&dispute_kind=zzz&unpaid_from=2026-13")
        assert part.status_code == 200

    def test_a_plain_consultation_asks_why(self, client: PageClient) -> None:
        answer = _send(client, injured_on="2025-12-15")
        assert answer.status == 422
        assert "只剩22天" in answer.error_of("plain_reason")
        assert not _cases()

    def test_the_reason_is_on_the_timeline(self, client: PageClient) -> None:
        _send(client, injured_on="2025-12-15", plain_reason="本人已自行申请")
        payloads = [event.payload for event in cases.all_events(_cases()[0])]
        assert {"reason": "本人已自行申请"} in payloads


class TestEarlierCases:
    """Who was here before is shown, never more than the clerk may see."""

    def _ask(self, client: PageClient, **values: str) -> str:
        client.checks_pages = True
        token = client.page("/cases/new").one("#intake input[name=csrf_token]")["value"]
        client.checks_pages = False
        answer = client.post("/intake/earlier", data={**values, "csrf_token": token})
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    @pytest.mark.usefixtures("clerk")
    def test_the_same_number_shows_the_earlier_case(
        self, client: PageClient, centre: OrgUnit
    ) -> None:
        number = make_id_number()
        case = make_case(centre, workers=[make_party("张三", id_no=number)])
        assert case.case_no in self._ask(client, id_no=number)

    @pytest.mark.usefixtures("clerk")
    def test_an_earlier_case_never_blocks(self, client: PageClient, centre: OrgUnit) -> None:
        number = make_id_number()
        make_case(centre, workers=[make_party("张三", id_no=number)])
        assert _send(client, workers__0__id_no=number).status == 302

    def test_another_station_shows_nothing_of_it(self, client: PageClient, centre: OrgUnit) -> None:
        one, other = make_site(parent=centre), make_site(parent=centre)
        number = make_id_number()
        case = make_case(one, workers=[make_party("外站人", id_no=number)])
        client.sign_in(make_user(other, Role.INTAKE))
        text = self._ask(client, id_no=number)
        assert case.case_no not in text
        assert "/cases/" not in text
        assert "别的站点" in text

    @pytest.mark.usefixtures("clerk")
    def test_an_unknown_person_shows_nothing(self, client: PageClient) -> None:
        assert self._ask(client, id_no=make_id_number()).strip() == ""


class TestEmployers:
    """Suggestions while the employer is typed."""

    @pytest.mark.usefixtures("clerk")
    def test_an_old_name_offers_the_company(self, client: PageClient) -> None:
        firm = parties.find_or_add_employer(parties.EmployerInput(name="示例鞋业有限公司"))
        parties.add_alias(firm, "示例鞋厂")
        rows = client.get("/intake/employers?q=鞋厂").get_json()
        assert [(row["value"], row["label"]) for row in rows] == [(firm.id, firm.name)]

    @pytest.mark.usefixtures("clerk")
    def test_the_card_counts_pay_cases_in_sight(self, client: PageClient, centre: OrgUnit) -> None:
        firm = parties.find_or_add_employer(parties.EmployerInput(name="示例鞋业有限公司"))
        respondent = cases.NewRespondent(parties.EmployerInput(employer_id=firm.id))
        for _ in range(2):
            make_case(centre, respondents=[respondent])
        client.checks_pages = False
        text = client.get(f"/intake/employer?respondents-0-employer_id={firm.id}").get_data(
            as_text=True
        )
        assert "90天内已有2起欠薪案" in text

    def test_auditors_register_nothing(self, client: PageClient, centre: OrgUnit) -> None:
        client.sign_in(make_user(centre, Role.AUDITOR))
        assert client.get("/cases/new").status_code == 403


def test_the_own_site_and_today_stand_already(
    client: PageClient, centre: OrgUnit, actor: Actor
) -> None:
    below = make_site(parent=centre)
    client.sign_in(make_user(below, Role.INTAKE))
    page = client.page("/cases/new")
    assert [option["value"] for option in page.soup.select("#site_id option")] == [str(below.id)]
    assert page.one("#registered_on")["value"] == "2026-11-23"
