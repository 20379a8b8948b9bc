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
    waiting, visited = list(starts), 0
    while waiting and visited < MOST_PAGES:
        address = waiting.pop(0)
        if shape(address) in seen:
            continue
        seen.add(shape(address))
        if not _open(page, address):
            continue
        visited += 1
        waiting += _links(page)
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
