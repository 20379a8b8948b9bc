"""Public calculators: open to everybody, light, without scripts, and nothing is kept."""

import gzip

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.pages import Page, PageClient
from worker_legal.domain import audit, org
from worker_legal.infra.db import db
from worker_legal.law.compensation import Kind

SIZE_LIMIT = 60 * 1024
MONTH = {"months-0-month": "202608", "months-0-due_fen": "6800", "months-0-paid_fen": "2000"}


@pytest.fixture(autouse=True)
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office("开发区职工法律服务中心")


def calculate(client: PageClient, **changes: str) -> Page:
    values = {**MONTH, **{name.replace("__", "-"): text for name, text in changes.items()}}
    page = client.page("/s/calculators/unpaid_wages")
    return client.submit(page, values, form="main form")


def test_the_first_page_leads_to_the_calculators(portal_client: PageClient) -> None:
    assert portal_client.page("/s").link("打开计算器") == "/s/calculators"


def test_the_sign_in_of_staff_leads_to_the_calculators(client: PageClient) -> None:
    assert client.page("/sign-in").link("自己算一算") == "/s/calculators"


@pytest.mark.parametrize("kind", Kind)
def test_everything_can_be_calculated_without_a_case(portal_client: PageClient, kind: Kind) -> None:
    listing = portal_client.page("/s/calculators")
    address = next(a["href"] for a in listing.soup.select("a") if str(a["href"]).endswith(kind))
    assert portal_client.page(str(address)).status == 200


def test_a_worker_gets_the_sum_with_its_article(portal_client: PageClient) -> None:
    page = calculate(portal_client)
    assert page.texts(".calc-total b") == ["4,800.00"]
    assert "《劳动法》第50条" in page.text


def test_a_wrong_input_is_shown_at_its_field_and_kept(portal_client: PageClient) -> None:
    page = calculate(portal_client, months__0__due_fen="很多")
    assert page.status == 422
    assert "金额应为数字" in page.error_of("months-0-due_fen")
    assert page.one("[name=months-0-due_fen]")["value"] == "很多"


def test_a_refusal_leads_to_its_field(portal_client: PageClient) -> None:
    page = calculate(portal_client, months__0__due_fen="很多")
    assert page.one(".w-errors a")["href"] == "#months-0-due_fen"


def test_another_month_is_added_without_scripts(portal_client: PageClient) -> None:
    page = calculate(portal_client, add__months="1")
    assert len(page.soup.select("fieldset")) == 2
    assert page.one("[name=months-0-due_fen]")["value"] == "6800"


def test_nothing_typed_is_kept(portal_client: PageClient) -> None:
    calculate(portal_client)
    query = sa.select(audit.AuditEntry.action).where(audit.AuditEntry.actor_id.is_not(None))
    assert list(db.session.scalars(query)) == []


def test_the_language_changes_where_one_is(portal_client: PageClient) -> None:
    page = portal_client.page("/s/calculators/overtime")
    answer = portal_client.submit(page, {"lang": "en"}, form="header form")
    assert answer.url == "/s/calculators/overtime"


def test_the_page_is_light(portal_client: PageClient) -> None:
    page = portal_client.page("/s/calculators/injury_benefits")
    linked = page.soup.select("link[rel=stylesheet], script[src]")
    bodies = [page.response.data]
    for element in linked:
        with portal_client.get(str(element.get("href") or element.get("src"))) as answer:
            bodies.append(answer.data)
    assert sum(len(gzip.compress(body)) for body in bodies) < SIZE_LIMIT


def test_an_unknown_calculation_is_not_there(portal_client: PageClient) -> None:
    assert portal_client.get("/s/calculators/lottery").status_code == 404
