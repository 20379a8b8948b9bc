"""A walk through every page a person can reach by links, one of each kind."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Error, Page

MOST_PAGES = 200
FILES = (".xlsx", ".csv", ".pdf", ".ics", ".zip", ".json", ".svg", ".png")
CHANGING = re.compile(r"\d+|[0-9a-f]{16,}|[A-Za-z0-9_-]{30,}")


def shape(address: str) -> str:
    """`/cases/12/print` and `/cases/7/print` are one kind of page."""
    return CHANGING.sub("N", urlsplit(address).path)


def name_of(address: str) -> str:
    """A file name for a kind of page."""
    return re.sub(r"[^A-Za-z0-9]+", "-", shape(address)).strip("-") or "home"


def walk(page: Page, starts: list[str], seen: set[str]) -> Iterator[str]:
    """Open one page of every kind not yet seen, from the first addresses on, and stop at each."""
    waiting, visited, opened = list(starts), 0, set[str]()
    while waiting and visited < MOST_PAGES:
        address = waiting.pop(0)
        is_new = shape(address) not in seen
        if shape(address) in opened or not (is_new or address in starts):
            continue
        seen.add(shape(address))
        opened.add(shape(address))
        if not _open(page, address):
            continue
        visited += 1
        waiting += _links(page)
        if is_new:
            yield address


def _open(page: Page, address: str) -> bool:
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    kind = answer.headers.get("content-type", "") if answer else ""
    return kind.startswith("text/html")


def _links(page: Page) -> list[str]:
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    addresses = [urljoin(page.url, link).split("#")[0] for link in found]
    home = urlsplit(page.url).netloc
    return [
        address
        for address in addresses
        if urlsplit(address).netloc == home and not urlsplit(address).path.endswith(FILES)
    ]


def print_receipt(page: Page, home: str) -> str:
    """Print the receipts of the newest case as a clerk; stay on the sheet and give its code."""
    page.goto(f"{home}/cases")
    address = page.locator("main a[href]").evaluate_all(
        "links => links.map(link => link.pathname).find(path => /^\\/cases\\/\\d+$/.test(path))"
    )
    page.goto(f"{home}{address}/receipts")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main form button").last.click()
    return "".join(page.locator(".sheet-code").first.inner_text().split())


def enter_with_code(page: Page, home: str, code: str) -> None:
    """Open the worker's status by typing the code of a receipt."""
    page.goto(f"{home}/s")
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    page.wait_for_url(f"{home}/s/status")
