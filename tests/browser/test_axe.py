"""Every page can be used by people with disabilities, on a desk and on a phone."""

from collections.abc import Iterator

import pytest

from tests.support.browser import (
    NARROW,
    WIDE,
    Navigator,
    OpenPage,
    serious_violations,
    sideways_overflow,
)
from tests.support.demo import Account, demo_office
from tests.support.tour import shape, walk
from worker_legal.domain.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.long]
FEWEST_PAGES = 3


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, list[Account]]]:
    with demo_office() as office:
        yield office


def _faults(open_page: OpenPage, starts: list[str], account: Account | None, home: str) -> set[str]:
    """Name what is wrong on the pages reached from the first addresses, wide and narrow."""
    page = open_page()
    if account:
        Navigator(page, home).sign_in(account.username, account.password)
    faults, visited = set(), 0
    for address in walk(page, starts, seen=set()):
        visited += 1
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            where = f"{shape(address)} at {size['width']}"
            faults |= {f"{where}: {fault}" for fault in serious_violations(page)}
            if sideways_overflow(page) > 0:
                faults.add(f"{where}: {sideways_overflow(page)} px wider than the window")
        page.set_viewport_size(WIDE)
    assert visited >= (FEWEST_PAGES if account else 1)
    return faults


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_is_accessible(
    demo: tuple[str, list[Account]], open_page: OpenPage, role: Role
) -> None:
    home, accounts = demo
    account = next(account for account in accounts if account.role == role.value)
    assert sorted(_faults(open_page, [f"{home}/"], account, home)) == []


@pytest.mark.parametrize("path", ["/sign-in", "/portal", "/no-such-page"])
def test_every_page_for_strangers_is_accessible(
    demo: tuple[str, list[Account]], open_page: OpenPage, path: str
) -> None:
    home, _ = demo
    assert sorted(_faults(open_page, [home + path], None, home)) == []
