"""Locking a year on screen, reading its differences, unlocking it with a reason."""

from datetime import date

import pytest
from flask import Flask

from tests import builders as make
from tests.support.pages import Page, PageClient
from worker_legal.domain import org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import transaction

YEAR = "from=2025-01-01&to=2025-12-31"


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with one case of last year."""
    with transaction():
        centre = make.make_office("示例中心")
        make.make_case(centre, registered_on=date(2025, 5, 5), source="ledger")
        user = make.make_user(centre, Role.DIRECTOR)
    client.sign_in(user)
    return client


def _lock(client: PageClient) -> Page:
    return client.submit(client.page(f"/statistics/lock?{YEAR}"))


def test_the_page_of_figures_leads_to_locking(director: PageClient) -> None:
    assert "/statistics/lock?" in director.page(f"/statistics?{YEAR}").link("锁定本期")


def test_a_lock_shows_its_figures_and_no_difference(director: PageClient) -> None:
    page = _lock(director)
    assert page.heading == "锁定与差异"
    assert "锁定以后没有一起案件变过" in page.text


def test_a_locked_period_says_so(director: PageClient) -> None:
    _lock(director)
    page = director.page(f"/statistics?{YEAR}")
    assert page.link("本期已锁定").startswith("/statistics/locks/")


def test_a_case_that_came_later_is_listed(director: PageClient) -> None:
    page = _lock(director)
    with transaction():
        make.make_case(org.centre(), registered_on=date(2025, 6, 6), source="ledger")
    again = director.page(page.url)
    assert len(again.soup.select("[data-moved]")) == 1
    assert "2025-06-06" in again.text


def test_a_period_that_runs_is_refused_in_words(director: PageClient) -> None:
    page = director.submit(director.page("/statistics/lock"))
    assert page.status == 422
    assert "还没有结束" in page.text


def test_unlocking_asks_why(director: PageClient) -> None:
    page = director.submit(_lock(director), {"reason": ""})
    assert page.status == 422
    assert page.error_of("reason")


def test_unlocking_is_listed_with_the_lock(director: PageClient) -> None:
    page = director.submit(_lock(director), {"reason": "上级要求更正"})
    assert page.heading == "锁定与差异"
    assert len(page.soup.select("tbody tr")) == 2


def test_the_reason_is_read_later(director: PageClient) -> None:
    page = director.submit(_lock(director), {"reason": "上级要求更正"})
    latest = str(page.soup.select("tbody tr a")[0]["href"])
    assert "上级要求更正" in director.page(latest).text


def test_an_auditor_reads_but_does_not_lock(director: PageClient) -> None:
    page = _lock(director)
    with transaction():
        user = make.make_user(org.centre(), Role.AUDITOR)
    director.sign_in(user)
    assert "锁定的数" in director.page(page.url).text
    assert director.page(page.url).soup.select("textarea") == []
    assert director.get("/statistics/lock").status_code == 403
