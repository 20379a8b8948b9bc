"""Receipts: issued by POST, printed from its answer, one sheet per worker."""

from typing import Any

import pytest
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.domain import cases, org, portal
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db
from worker_legal.law.enums import EventKind, Flag, Stage

SYSTEM = Actor.system("tests")


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office()


@pytest.fixture
def clerk(centre: org.OrgUnit, client: PageClient) -> PageClient:
    client.sign_in(make.make_user(centre, Role.INTAKE, name="陈可"))
    return client


@pytest.fixture
def case(centre: org.OrgUnit) -> Case:
    return make.make_case(
        centre, SYSTEM, workers=make.make_group(3), flags=(Flag.PREGNANT,), oral_application=True
    )


def _print(client: PageClient, case: Case, **values: Any) -> Page:
    return client.submit(client.page(f"/cases/{case.id}/receipts"), values)


def _codes(page: Page) -> list[str]:
    return [words.replace(" ", "") for words in page.texts(".sheet-code")]


def test_everybody_without_a_receipt_is_chosen(clerk: PageClient, case: Case) -> None:
    page = clerk.page(f"/cases/{case.id}/receipts")
    assert len(page.soup.select("input[name=parties][checked]")) == 3


def test_each_worker_gets_a_sheet_with_an_own_code(clerk: PageClient, case: Case) -> None:
    codes = _codes(_print(clerk, case))
    assert len(set(codes)) == 3
    assert all(len(code) == 18 for code in codes)


def test_twenty_workers_get_twenty_sheets(clerk: PageClient, centre: org.OrgUnit) -> None:
    case = make.make_case(centre, SYSTEM, workers=make.make_group(20))
    assert len(_print(clerk, case).soup.select(".sheet-a5")) == 20


def test_a_printed_code_opens_the_status(
    clerk: PageClient, case: Case, portal_client: PageClient
) -> None:
    [code, *_] = _codes(_print(clerk, case))
    entered = portal_client.submit(portal_client.page("/s"), {"code": code})
    assert entered.url == "/s/status"


def test_the_sheet_shows_who_what_and_the_flags(clerk: PageClient, case: Case) -> None:
    text = _print(clerk, case).text
    wanted = ("接访回执", case.case_no, "陈可", "孕期或哺乳期", "口头申请", "1,000.00元")
    assert all(word in text for word in wanted)


def test_the_sheet_has_a_square_of_paths_only(clerk: PageClient, case: Case) -> None:
    page = _print(clerk, case)
    assert len(page.soup.select(".qr svg path[d]")) == 3


def test_looking_at_the_page_issues_nothing(clerk: PageClient, case: Case) -> None:
    clerk.page(f"/cases/{case.id}/receipts")
    assert portal.grants_of(case) == {}


def test_the_printed_page_may_not_be_stored(clerk: PageClient, case: Case) -> None:
    assert _print(clerk, case).response.headers["Cache-Control"] == "no-store"


def test_a_second_print_asks_for_a_look_at_the_person(clerk: PageClient, case: Case) -> None:
    _print(clerk, case)
    again = _print(clerk, case, parties=[_parties(case)[0]])
    assert again.status == 422
    assert "核对" in again.error_of("identity_checked")


def test_a_refused_reissue_leaves_the_old_code_alive(
    clerk: PageClient, case: Case, portal_client: PageClient
) -> None:
    [code, *_] = _codes(_print(clerk, case))
    _print(clerk, case, parties=[_parties(case)[0]])
    entered = portal_client.submit(portal_client.page("/s"), {"code": code})
    assert entered.url == "/s/status"


def test_a_reissue_kills_the_old_code(
    clerk: PageClient, case: Case, portal_client: PageClient
) -> None:
    [old, *_] = _codes(_print(clerk, case))
    [new] = _codes(_print(clerk, case, parties=[_parties(case)[0]], identity_checked="y"))
    assert new != old
    refused = portal_client.submit(portal_client.page("/s"), {"code": old})
    assert refused.status == 422


def test_a_reissue_stands_on_the_timeline(clerk: PageClient, case: Case) -> None:
    _print(clerk, case)
    _print(clerk, case, parties=[_parties(case)[0]], identity_checked="y")
    db.session.rollback()
    issued = [e for e in cases.all_events(case) if e.kind is EventKind.RECEIPT_ISSUED]
    assert [event.payload["reissued"] for event in issued] == [False, False, False, True]


def test_one_worker_can_be_chosen_by_the_address(clerk: PageClient, case: Case) -> None:
    second = _parties(case)[1]
    page = clerk.page(f"/cases/{case.id}/receipts?party={second}")
    chosen = [box["value"] for box in page.soup.select("input[name=parties][checked]")]
    assert chosen == [str(second)]


def test_nobody_chosen_is_told(clerk: PageClient, case: Case) -> None:
    assert _print(clerk, case, parties=[]).status == 422


def test_a_party_of_another_case_is_refused(
    clerk: PageClient, case: Case, centre: org.OrgUnit
) -> None:
    other = make.make_case(centre, SYSTEM)
    assert _print(clerk, case, parties=_parties(other)).status == 422


def test_a_case_of_another_site_does_not_exist(
    clerk: PageClient, centre: org.OrgUnit, case: Case, app: Flask
) -> None:
    station = make.make_site(parent=centre)
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)
    stranger.sign_in(make.make_user(station, Role.INTAKE))
    assert stranger.get(f"/cases/{case.id}/receipts").status_code == 404


def test_the_next_appointment_is_printed(clerk: PageClient, case: Case, clock: TestClock) -> None:
    new = cases.NewProceeding(Stage.MEDIATION, clock.today)
    proceeding = cases.open_proceeding(SYSTEM, case, new)
    planned = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼调解室"}
    event = cases.NewEvent(EventKind.HEARING_SCHEDULED, clock.today, proceeding.id, planned)
    cases.record_event(SYSTEM, case, event)
    page = _print(clerk, case)
    assert "2026-11-26 周四" in page.text
    assert "下午2:30" in page.text


def _parties(case: Case) -> list[int]:
    return [party.id for party in cases.active_workers(case)]


def test_the_timeline_says_for_whom_a_receipt_was_printed(clerk: PageClient, case: Case) -> None:
    _print(clerk, case, parties=[_parties(case)[0]])
    name = cases.names_of(case)[_parties(case)[0]]
    assert f"职工：{name}" in clerk.page(f"/cases/{case.id}").texts(".tl-item")[0]
