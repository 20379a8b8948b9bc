"""Every page can be used by people with disabilities, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.browser import (
    NARROW,
    WIDE,
    Navigator,
    OpenPage,
    serious_violations,
    sideways_overflow,
)
from tests.support.demo import Account, demo_office
from tests.support.tour import enter_with_code, print_receipt, shape, walk
from worker_legal.domain.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, list[Account]]]:
    with demo_office() as office:
        yield office


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Kinds of pages that an earlier role has shown already."""
    return set()


def _faults_here(page: Page) -> set[str]:
    """Name what is wrong on the page that is open, wide and narrow."""
    faults = set()
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        where = f"{shape(page.url)} at {size['width']}"
        faults |= {f"{where}: {fault}" for fault in serious_violations(page)}
        if sideways_overflow(page) > 0:
            faults.add(f"{where}: {sideways_overflow(page)} px wider than the window")
    page.set_viewport_size(WIDE)
    return faults


def _faults_from(page: Page, starts: list[str], seen: set[str]) -> list[str]:
    """Name what is wrong on every page reached from the first addresses."""
    return sorted(set().union(*(_faults_here(page) for _ in walk(page, starts, seen))))


def _of(accounts: list[Account], role: Role) -> Account:
    return next(account for account in accounts if account.role == role.value)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_is_accessible(
    demo: tuple[str, list[Account]], page: Page, role: Role, seen: set[str]
) -> None:
    home, accounts = demo
    account = _of(accounts, role)
    Navigator(page, home).sign_in(account.username, account.password)
    assert _faults_from(page, [f"{home}/"], seen) == []


@pytest.mark.parametrize("path", ["/sign-in", "/s", "/no-such-page"])
def test_every_page_for_strangers_is_accessible(
    demo: tuple[str, list[Account]], page: Page, path: str
) -> None:
    home, _ = demo
    assert _faults_from(page, [home + path], set()) == []


def test_the_receipt_and_the_worker_s_pages_are_accessible(
    demo: tuple[str, list[Account]], open_page: OpenPage
) -> None:
    home, accounts = demo
    clerk, worker = open_page(), open_page()
    account = _of(accounts, Role.INTAKE)
    Navigator(clerk, home).sign_in(account.username, account.password)
    code = print_receipt(clerk, home)
    assert _faults_here(clerk) == set()
    enter_with_code(worker, home, code)
    assert _faults_from(worker, [f"{home}/s/status"], set()) == []
