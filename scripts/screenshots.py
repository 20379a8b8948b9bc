"""A picture of every page of a fresh demo office, wide and narrow, into screenshots/."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import CHROMIUM, FLAGS, NARROW, WIDE, Navigator
from tests.support.demo import Account, demo_office
from tests.support.tour import enter_with_code, name_of, print_receipt, walk

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"


def main() -> int:
    """Shoot everything and say how many pictures there are."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with demo_office() as (address, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        shoot_strangers(browser, address)
        for account in accounts:
            shoot_role(browser, address, account)
        shoot_worker(browser, address, accounts[0])
        browser.close()
    pictures = len(list(FOLDER.glob("*.png")))
    sys.stdout.write(f"{pictures} pictures in {FOLDER.name}/\n")
    return 0 if pictures else 1


def shoot_strangers(browser: Browser, address: str) -> None:
    """The pages that need no account: both sign-ins and a page that is not there."""
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    starts = [f"{address}{path}" for path in ("/sign-in", "/s", "/no-such-page")]
    for stop in walk(page, starts, seen=set()):
        shoot(page, f"stranger-{name_of(stop)}")
    page.close()


def shoot_role(browser: Browser, address: str, account: Account) -> None:
    """Every page that a role reaches by links."""
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    Navigator(page, address).sign_in(account.username, account.password)
    for stop in walk(page, [address + "/"], seen=set()):
        shoot(page, f"{account.role}-{name_of(stop)}")
    page.close()


def shoot_worker(browser: Browser, address: str, clerk: Account) -> None:
    """A receipt, and what its worker sees with the code on it."""
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    Navigator(page, address).sign_in(clerk.username, clerk.password)
    code = print_receipt(page, address)
    shoot(page, "paper-receipt")
    page.close()
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    enter_with_code(page, address, code)
    for stop in walk(page, [page.url], seen=set()):
        shoot(page, f"worker-{name_of(stop)}")
    page.close()


def shoot(page: Page, name: str) -> None:
    """One page, wide and narrow, in its full length."""
    for suffix, size in (("1280", WIDE), ("360", NARROW)):
        page.set_viewport_size(size)
        page.screenshot(path=FOLDER / f"{name}-{suffix}.png", full_page=True)
    page.set_viewport_size(WIDE)


if __name__ == "__main__":
    sys.exit(main())
