"""Journey JF, the director in December: every number leads to its rows, and a lock holds."""

import csv
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import expect

from tests.support import documents
from tests.support.browser import Navigator, OpenPage
from worker_legal import demo
from worker_legal.config import Settings
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import read_workbook
from worker_legal.law.enums import Channel, DisputeKind

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DIGITS = re.compile(r"-?[\d,]+(?:\.\d+)?")
PERCENT = re.compile(r"([\d.]+)%")
THIS_YEAR = ("2026-01-01", "2026-11-23")
OVER = ("2026-01-01", "2026-10-31")
COUNTED = "registered_on BETWEEN :first AND :last AND status <> 'void'"


@pytest.fixture
def passwords(app: Flask, settings: Settings) -> dict[str, str]:
    """The demonstration office with its cases; the passwords of its people."""
    accounts = demo.accounts(settings.instance_dir)
    with transaction():
        demo.set_up(accounts)
        demo.load()
    return {account.username: account.password for account in accounts}


def _value(text: str) -> float:
    found = DIGITS.search(text)
    assert found is not None, text
    return float(found[0].replace(",", ""))


def _sql(query: str, days: tuple[str, str], **more: object) -> int:
    """A count written apart from the program's own."""
    values = {"first": days[0], "last": days[1], **more}
    with db.engine.connect() as connection:
        return int(connection.execute(sa.text(query), values).scalar() or 0)


class Director(Navigator):
    """What the director does with the figures."""

    def count(self, first: str, last: str, more: str = "") -> None:
        """Open the figures of a period."""
        self.go(f"/statistics?from={first}&to={last}{more}")

    @property
    def sentence(self) -> str:
        """The sentence of the report."""
        return self.page.locator("#sentence").inner_text()

    def numbers(self) -> list[tuple[float, str]]:
        """The numbers of the sentence, and where each leads."""
        links = self.page.locator("#sentence a").all()
        return [(_value(link.inner_text()), link.get_attribute("href") or "") for link in links]

    def soup(self, address: str) -> BeautifulSoup:
        """A page read without looking at it."""
        answer = self.page.request.get(self.base_url + address)
        assert answer.status == 200, address
        return BeautifulSoup(answer.text(), "html.parser")

    def tiles(self) -> dict[str, str]:
        """The figures under the sentence, by name."""
        found = {}
        for tile in self.page.locator(".stat").all():
            name = tile.locator(".stat-name").inner_text()
            found[name] = tile.locator(".stat-num").inner_text()
        return found

    def save(self, words: str, folder: Path) -> bytes:
        """Follow a link that gives a file."""
        with self.page.expect_download() as waiting:
            self.follow(words)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path.read_bytes()


def test_the_director_in_december(
    passwords: dict[str, str], live_server: str, open_page: OpenPage, tmp_path: Path
) -> None:
    director = Director(open_page(), live_server)
    director.sign_in("director", passwords["director"])
    director.enrol()
    _each_number_of_the_sentence_opens_its_rows(director)
    _people_or_person_times(director)
    _any_period(director)
    _the_year_2022(director)
    _files_read_back(director, tmp_path)
    _every_cell_equals_a_count_of_its_own(director)
    _every_month_balances(director)

    locked = _lock(director)
    clerk = Navigator(open_page(), live_server)
    clerk.sign_in("clerk", passwords["clerk"])
    case_no = _correct_one_amount(clerk)
    _the_lock_holds(director, locked, case_no)


def _each_number_of_the_sentence_opens_its_rows(director: Director) -> None:
    director.go("/statistics")
    assert "2026年1月1日至2026年11月23日" in director.sentence
    numbers = director.numbers()
    assert len(numbers) >= 5
    for place, (number, _) in enumerate(numbers):
        director.go("/statistics")
        director.page.locator("#sentence a").nth(place).click()
        address = director.page.url
        if "/statistics/change" in address:
            exact = PERCENT.search(director.page.locator("main").inner_text())
            assert exact is not None
            assert int(float(exact[1]) + 0.5) == number
        elif "/statistics/rows/amount" in address:
            head = director.page.locator("[data-total]").inner_text()
            assert abs(_value(head) / 10_000 - number) <= 0.005
        elif "/statistics/rows/" in address:
            assert _value(director.page.locator("[data-total]").inner_text()) == number
        else:
            assert _listed(director) == number


def _listed(director: Director) -> int:
    """The rows of the list, counted page by page."""
    rows, following = 0, director.page.url.removeprefix(director.base_url)
    while following:
        soup = director.soup(following)
        rows += len(soup.select("main table.tbl tbody tr"))
        after = soup.select("a[rel=next]")
        following = str(after[0]["href"]) if after else ""
    return rows


def _people_or_person_times(director: Director) -> None:
    director.count("2022-01-01", "2022-12-31")
    people, sentence = director.tiles(), director.sentence
    director.follow("按人次")
    times = director.tiles()
    assert people["涉及职工"].endswith("人")
    assert times["涉及职工"].endswith("人次")
    assert (_value(people["涉及职工"]), _value(times["涉及职工"])) == (1105, 1129)
    assert {**times, "涉及职工": ""} == {**people, "涉及职工": ""}
    assert director.sentence == sentence
    director.follow("按人")
    assert director.tiles() == people


def _any_period(director: Director) -> None:
    director.count("2021-09-01", "2022-07-18")
    assert director.sentence.startswith("2021年9月1日至2022年7月18日，")
    cases = _sql(f"SELECT count(*) FROM legal_case WHERE {COUNTED}", ("2021-09-01", "2022-07-18"))
    assert director.numbers()[0][0] == cases


def _the_year_2022(director: Director) -> None:
    director.count("2022-01-01", "2022-12-31")
    assert director.sentence == (
        "2022年，园区职工法律服务一体化平台共受理劳动争议313起，涉及职工1,105人（1,129人次），"
        "涉案金额1,416.33万元，协助职工申请工伤认定97人，案件数同比下降约23%。"
    )
    director.follow("下降约23%")
    for words in ("407", "园区2021年度工作总结（演示）", "system:demo"):
        director.sees(words)


def _files_read_back(director: Director, folder: Path) -> None:
    director.count("2022-01-01", "2022-12-31")
    paper = director.save("生成报告（Word）", folder)
    assert director.sentence in documents.paragraphs(paper)
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(director.save("导出Excel", folder))}
    totals = {(row[0], row[2]): row[1] for row in sheets["总数"][2:]}
    assert (totals["受理案件", "起"], totals["涉及职工", "人"]) == (313, 1105)
    assert (totals["涉案金额", "万元"], totals["案件数同比", "%"]) == (1416.33, -23.1)
    listed = sheets["案件清单"]
    amount = listed[0].index("涉案金额（元）")
    assert round(sum(row[amount] for row in listed[1:]) * 100) == 1_416_330_000
    lines = director.save("清单CSV", folder).decode("utf-8-sig").splitlines()
    assert len(list(csv.reader(lines))) == 314


def _every_cell_equals_a_count_of_its_own(director: Director) -> None:
    soup = director.soup(f"/statistics?from={THIS_YEAR[0]}&to={THIS_YEAR[1]}")
    for table, column, kind in (
        ("cause", "dispute_kind", DisputeKind),
        ("channel", "channel", Channel),
    ):
        for word, cases in _cells(soup, table):
            code = next(member.value for member in kind if member.label == word)
            assert cases == _count(f"{column} = :code", code), word
    for word, cases in _cells(soup, "site"):
        at = "org_unit_id IN (SELECT id FROM org_unit WHERE name = :code)"
        assert cases == _count(at, word), word
    months = dict(_cells(soup, "month"))
    assert len(months) == 11
    assert sum(months.values()) == _count("'' = :code", "")


def _cells(soup: BeautifulSoup, table: str) -> list[tuple[str, float]]:
    rows = soup.select(f"[data-table={table}] tbody tr")
    assert rows
    return [
        (row.select("th")[0].get_text(strip=True), _value(row.select("td")[0].get_text()))
        for row in rows
    ]


def _count(condition: str, code: str) -> int:
    query = f"SELECT count(*) FROM legal_case WHERE {COUNTED} AND {condition}"
    return _sql(query, THIS_YEAR, code=code)


def _every_month_balances(director: Director) -> None:
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31)
    carried_on: float | None = None
    for month, last in enumerate(days, start=1):
        address = f"/statistics?from=2026-{month:02d}-01&to=2026-{month:02d}-{last}"
        sums = director.soup(address).select(".balance [data-sum]")
        carried, received, closed, still_open = (_value(part.get_text()) for part in sums)
        assert carried + received == closed + still_open, address
        assert carried_on in {None, carried}, address
        carried_on = still_open


def _lock(director: Director) -> str:
    director.count(*OVER)
    director.follow("锁定本期")
    director.press("锁定")
    director.sees("锁定以后没有一起案件变过")
    return director.page.url


def _correct_one_amount(clerk: Navigator) -> str:
    """The clerk makes the claim of one worker a hundred yuan larger."""
    query = (
        "SELECT c.id, p.id, c.case_no, p.claimed_fen FROM legal_case c "
        "JOIN case_party p ON p.case_id = c.id AND p.worker_id IS NOT NULL "
        "JOIN org_unit o ON o.id = c.org_unit_id AND o.code = 'ZX' "
        "WHERE c.registered_on BETWEEN :first AND :last AND c.status = 'open' "
        "AND p.removed_at IS NULL AND p.claimed_fen > 0 ORDER BY c.id LIMIT 1"
    )
    with db.engine.connect() as connection:
        found = connection.execute(sa.text(query), {"first": OVER[0], "last": OVER[1]}).one()
    case_id, party_id, case_no, fen = found
    clerk.go(f"/cases/{case_id}/people/{party_id}/change")
    clerk.page.locator("[name=claimed_fen]").fill(f"{fen / 100 + 100:.2f}")
    clerk.press("保存金额")
    clerk.sees("金额已更正")
    return str(case_no)


def _the_lock_holds(director: Director, locked: str, case_no: str) -> None:
    before = director.page.locator("[aria-labelledby=h-kept] .facts-list").inner_text()
    director.go(locked)
    expect(director.page.locator("[data-moved]")).to_have_count(1)
    assert case_no in director.page.locator("[data-moved]").inner_text()
    assert director.page.locator("[aria-labelledby=h-kept] .facts-list").inner_text() == before
    moved = director.page.locator("[aria-labelledby=h-moved] tbody tr")
    expect(moved).to_have_count(1)
    expect(moved).to_contain_text("涉案金额（元）")
