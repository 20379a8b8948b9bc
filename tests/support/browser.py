"""A real Chromium for tests: every page it opens is watched."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Response,
    ViewportSize,
    expect,
)

from worker_legal.infra import clock

CHROMIUM = os.environ.get("WL_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
# On a machine that has just installed everything, one commit to the disk can take many seconds.
PATIENCE_MS = 60_000
OpenPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS / 2)


class Watch:
    """Collects what a person with the developer tools open would be alarmed by."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.contexts: list[BrowserContext] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a browser context."""
        self.contexts.append(context)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser's own note about a 4xx form answer is no fault; _response judges statuses.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        parts = urlsplit(response.url)
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            self.problems.append(f"foreign origin: {response.url}")
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.problems.append(f"{response.status} {response.url}")

    def tell(self) -> None:
        """Print where each page stands, what it says and which forms are on their way."""
        for page in [page for context in self.contexts for page in context.pages]:
            print(f"\npage {page.url}")
            with suppress(Error):
                print("sent:", page.locator("form[data-sent]").count())
                print(page.locator("main, body").first.inner_text(timeout=2_000)[:1500])


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; without it the tests fail in CI and are skipped elsewhere."""
    if not os.path.exists(CHROMIUM):
        pytest.skip("Chromium is not installed")
    return {"executable_path": CHROMIUM, "args": list(FLAGS), "headless": True}


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Fails the test at its end when a page logged an error or broke the content policy."""
    watching = Watch()
    failed_before = request.session.testsfailed
    yield watching
    if request.session.testsfailed > failed_before:
        watching.tell()
    assert not watching.problems, "\n".join(watching.problems)


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], watch: Watch) -> OpenPage:
    """Open a page in a browser profile of its own: `open_page(narrow=True)` for a phone."""

    def open_one(narrow: bool = False, **options: Any) -> Page:
        viewport = NARROW if narrow else WIDE
        context = new_context(viewport=viewport, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        return context.new_page()

    return open_one


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One wide page."""
    return open_page()


class Navigator:
    """A person at the screen: says what is clicked and read, not how."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url

    def go(self, address: str) -> None:
        """Open an address of the system."""
        self.page.goto(address if "://" in address else self.base_url + address)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in as a member of staff."""
        self.go("/sign-in")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit], main form button").first.click()
        expect(self.page.locator("input[name=password]")).to_have_count(0)

    def enrol(self) -> None:
        """Set up the second factor that directors and administrators must have."""
        self.page.locator("details summary").first.click()
        secret = self.page.locator(".secret code").inner_text().replace(" ", "")
        moment = int(clock.now().timestamp())
        self.page.locator("[name=code]").fill(pyotp.TOTP(secret).at(moment))
        self.press("设好了")

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose an option by its words."""
        self.page.get_by_label(label).first.select_option(label=option)

    def press(self, words: str) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=words).first.click()

    def follow(self, words: str) -> None:
        """Click the link with these words."""
        self.page.get_by_role("link", name=words).first.click()

    def sees(self, words: str) -> None:
        """Wait until the page shows these words."""
        expect(self.page.locator("body")).to_contain_text(words)

    @property
    def heading(self) -> str:
        """The main heading of the page."""
        return self.page.locator("h1").first.inner_text().strip()


def serious_violations(page: Page) -> list[str]:
    """Name what keeps people with disabilities from using the page (axe: serious, critical)."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def sideways_overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
