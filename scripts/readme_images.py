"""The two pictures of the README, from a fresh demo office: `python -m scripts.readme_images`."""

import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.support.browser import CHROMIUM, FLAGS, Navigator
from tests.support.demo import demo_office

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE: ViewportSize = {"width": 1280, "height": 860}
PICTURES = (
    ("mediator", "/workbench", "workbench.png"),
    ("director", "/statistics?from=2022-01-01&to=2022-12-31", "statistics.png"),
)


def main() -> int:
    """Shoot both and say where they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo_office() as (address, accounts), sync_playwright() as playwright:
        passwords = {account.username: account.password for account in accounts}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for username, path, name in PICTURES:
            page = browser.new_page(viewport=SIZE, locale="zh-CN")
            person = Navigator(page, address)
            person.sign_in(username, passwords[username])
            person.go(path)
            page.screenshot(path=FOLDER / name)
            page.close()
        browser.close()
    sys.stdout.write(f"{len(PICTURES)} pictures in docs/images/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
