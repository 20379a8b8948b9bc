"""The worker's pages as a browser gets them."""

import gzip
import logging
import re
from datetime import date
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.domain import cases, org, portal
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor, Role
from worker_legal.law.enums import EventKind, Stage

SIZE_LIMIT = 60 * 1024
EMPLOYER = re.compile("示例第.*公司")


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    centre = make.make_office("开发区职工法律服务中心")
    org.get_office().phone = "0595-0000 1234"
    return centre


@pytest.fixture
def clerk(centre: org.OrgUnit) -> Actor:
    return make.make_actor(centre, Role.INTAKE)


@pytest.fixture
def case(centre: org.OrgUnit, clerk: Actor) -> Case:
    return make.make_case(centre, clerk, workers=make.make_group(2), first_stage=Stage.MEDIATION)


@pytest.fixture
def code(clerk: Actor, case: Case) -> str:
    return portal.issue_code(clerk, case, case.lead_worker_id or 0)


def _enter(client: PageClient, code: str) -> Page:
    return client.submit(client.page("/s"), {"code": code})


def _body(client: PageClient, url: str) -> bytes:
    with client.get(url) as answer:
        return answer.data


def _cookie(response: TestResponse, name: str) -> SimpleCookie:
    cookie: SimpleCookie = SimpleCookie()
    for header in response.headers.getlist("Set-Cookie"):
        if header.startswith(f"{name}="):
            cookie.load(header)
    return cookie


def test_the_typed_code_opens_the_status(portal_client: PageClient, code: str) -> None:
    assert _enter(portal_client, code).url == "/s/status"


def test_the_printed_groups_open_it_too(portal_client: PageClient, code: str) -> None:
    assert _enter(portal_client, " ".join(portal.groups(code))).url == "/s/status"


def test_the_page_says_the_stage_in_one_sentence(portal_client: PageClient, code: str) -> None:
    assert _enter(portal_client, code).heading == "调解员正在帮您和单位商量。"


def test_the_telephone_is_a_call_link(portal_client: PageClient, code: str) -> None:
    assert _enter(portal_client, code).link("打电话") == "tel:0595-00001234"


def test_the_session_has_a_cookie_of_its_own_that_scripts_cannot_read(
    portal_client: PageClient, code: str
) -> None:
    page = portal_client.page("/s")
    data = {"csrf_token": page.one("main input[name=csrf_token]")["value"], "code": code}
    cookie = _cookie(portal_client.post("/s", data=data), "wl_portal")["wl_portal"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_without_a_session_the_status_asks_for_the_code(portal_client: PageClient) -> None:
    assert portal_client.page("/s/status").url == "/s"


def test_a_made_up_cookie_is_worth_nothing(portal_client: PageClient, centre: org.OrgUnit) -> None:
    portal_client.set_cookie("wl_portal", "x" * 43)
    assert portal_client.page("/s/status").url == "/s"


def test_a_staff_session_does_not_open_it(portal_client: PageClient, centre: org.OrgUnit) -> None:
    portal_client.sign_in(make.make_user(centre, Role.INTAKE))
    assert portal_client.page("/s/status").url == "/s"


def test_a_worker_session_does_not_open_staff_pages(
    portal_client: PageClient, code: str, case: Case
) -> None:
    _enter(portal_client, code)
    answer = portal_client.get(f"/cases/{case.id}/receipts")
    assert "/sign-in" in answer.headers["Location"]


def test_leaving_makes_a_copied_cookie_worthless(portal_client: PageClient, code: str) -> None:
    inside = _enter(portal_client, code)
    kept = portal_client.get_cookie("wl_portal")
    assert kept is not None
    portal_client.submit(inside, form="footer form")
    portal_client.set_cookie("wl_portal", kept.value)
    assert portal_client.page("/s/status").url == "/s"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请输入"),
        ("刘春生", "请输入"),
        ("12345", "现在是5位"),
        ("1" * 19, "现在是19位"),
        ("<b>" + "1" * 18 + "</b>" * 30, "现在是18位"),
    ],
    ids=["empty", "a name", "too short", "too long", "markup"],
)
def test_a_code_of_the_wrong_shape_is_told_at_the_field(
    portal_client: PageClient, centre: org.OrgUnit, typed: str, sentence: str
) -> None:
    page = _enter(portal_client, typed)
    assert page.status == 422
    assert sentence in page.error_of("code")


def test_a_wrong_code_is_kept_for_correction(
    portal_client: PageClient, centre: org.OrgUnit
) -> None:
    page = _enter(portal_client, "4" * 18)
    assert (page.status, page.one("input[name=code]")["value"]) == (422, "4" * 18)


def test_wrong_and_replaced_codes_get_the_same_page(
    portal_client: PageClient, clerk: Actor, case: Case, code: str
) -> None:
    portal.issue_code(clerk, case, case.lead_worker_id or 0, identity_checked=True)
    pages = [_enter(portal_client, tried).text for tried in ("0" * 18, code)]
    assert pages[0] == pages[1]


def test_five_wrong_codes_ask_to_wait_and_to_telephone(
    portal_client: PageClient, centre: org.OrgUnit
) -> None:
    for number in range(5):
        page = _enter(portal_client, f"{number:018d}")
    assert page.status == 429
    assert "请等15分钟再试" in page.text
    assert "0595-0000 1234" in page.text


def test_failures_are_kept_although_nobody_entered(
    portal_client: PageClient, code: str, clock: TestClock
) -> None:
    for number in range(5):
        _enter(portal_client, f"{number:018d}")
    assert _enter(portal_client, code).status == 429
    clock.advance(minutes=16)
    assert _enter(portal_client, code).status == 200


def test_before_the_code_nothing_of_a_case_is_known(portal_client: PageClient, case: Case) -> None:
    html = portal_client.get("/s").text
    assert not EMPLOYER.search(html)
    assert case.case_no not in html


def test_after_the_code_the_employer_is_still_not_named(
    portal_client: PageClient, code: str
) -> None:
    assert not EMPLOYER.search(_enter(portal_client, code).text)


def test_the_code_is_in_no_address_and_no_log(
    portal_client: PageClient, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    inside = _enter(portal_client, code)
    assert code not in caplog.text
    assert code not in str(inside.soup)
    assert "?" not in inside.response.request.url


@pytest.mark.parametrize("path", ["/s", "/s/status"])
def test_the_first_load_is_small(portal_client: PageClient, code: str, path: str) -> None:
    _enter(portal_client, code)
    page = portal_client.page(path)
    linked = [tag["href"] for tag in page.soup.select("link[rel=stylesheet]")]
    linked += [tag["src"] for tag in page.soup.select("script[src]")]
    bodies = [page.response.data, *(_body(portal_client, str(url)) for url in linked)]
    assert sum(len(gzip.compress(body)) for body in bodies) <= SIZE_LIMIT


def test_no_answer_may_be_stored(portal_client: PageClient, code: str) -> None:
    assert _enter(portal_client, code).response.headers["Cache-Control"] == "no-store"


def test_the_other_language_is_kept(portal_client: PageClient, centre: org.OrgUnit) -> None:
    page = portal_client.submit(portal_client.page("/s"), {"lang": "en"}, form=".w-tools form")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    assert portal_client.get_cookie("wl_lang") is not None


def test_an_unknown_language_changes_nothing(
    portal_client: PageClient, centre: org.OrgUnit
) -> None:
    page = portal_client.submit(portal_client.page("/s"), {"lang": "xx"}, form=".w-tools form")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "zh-CN"


def test_large_letters_are_kept_without_a_script(
    portal_client: PageClient, centre: org.OrgUnit
) -> None:
    portal_client.get("/s?big=1")
    assert "big" in (portal_client.page("/s").soup.html or {}).get("class", [])


def test_reading_aloud_is_offered_only_by_a_browser_that_can(
    portal_client: PageClient, code: str
) -> None:
    assert _enter(portal_client, code).one("[data-read]").has_attr("hidden")


def test_the_visit_is_shown_with_place_and_things(
    portal_client: PageClient, case: Case, code: str, clock: TestClock
) -> None:
    proceeding = cases.proceedings_of(case)[0]
    planned = {"at": "2026-11-26T14:30:00+08:00", "place": "二楼调解室"}
    new = cases.NewEvent(EventKind.HEARING_SCHEDULED, clock.today, proceeding.id, planned)
    cases.record_event(Actor.system("tests"), case, new)
    text = _enter(portal_client, code).text
    assert all(word in text for word in ("11月26日 周四", "下午2:30", "二楼调解室", "身份证"))


def test_a_last_day_that_comes_near_is_shown_first(
    portal_client: PageClient, centre: org.OrgUnit, clerk: Actor
) -> None:
    facts = cases.FactDates(left_on=date(2025, 12, 1))
    near = make.make_case(centre, clerk, facts=facts, plain_reason="本人决定先等等")
    page = _enter(portal_client, portal.issue_code(clerk, near, near.lead_worker_id or 0))
    assert "快到的日子" in page.texts(".w-next h2")
    assert "最晚 12月1日 周二" in page.text


def test_without_visit_or_near_day_nobody_needs_to_come(
    portal_client: PageClient, code: str
) -> None:
    assert "现在不用来" in _enter(portal_client, code).text
