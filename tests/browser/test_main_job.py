"""The main job, end to end, in a real browser: one door in, the yearly report out."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.builders import PASSWORD, make_id_number, make_office, make_user
from tests.support.browser import Navigator, OpenPage, sideways_overflow
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import transaction

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AMOUNTS = ("12,000", "8,500.50", "6400")
TOTAL = "26,900.50"
CASE = re.compile(r"/cases/(\d+)")


@pytest.fixture
def people(app: Flask, live_server: str) -> dict[Role, str]:
    """A clerk, a mediator and a director of one centre, who can sign in."""
    roles = (Role.INTAKE, Role.MEDIATOR, Role.DIRECTOR)
    with transaction():
        centre = make_office()
        return {role: make_user(centre, role, password=PASSWORD).username for role in roles}


class Office(Navigator):
    """What clerk, mediator and director do at their screens."""

    def register_three(self) -> int:
        """Register three workers against one employer; gives the case."""
        self.go("/cases/new")
        for place, amount in enumerate(AMOUNTS):
            if place:
                self.press("加一行")
            self.page.locator(f"[name=workers-{place}-name]").fill("王李张"[place] + "小桃")
            self.page.locator(f"[name=workers-{place}-id_no]").fill(make_id_number())
            self.page.locator(f"[name=workers-{place}-phone]").fill(f"1380000000{place}")
            self.page.locator(f"[name=workers-{place}-claimed]").fill(amount)
        self.page.locator("[name=respondents-0-name]").fill("晋江示例鞋业有限公司")
        self.page.locator("[name=first_stage]").select_option("mediation")
        self.page.locator("[name=story]").fill("停产三个月，工资没有发。")
        self.page.locator("button[name=print]").first.click()
        self.page.wait_for_url(re.compile(r"/receipts"))
        found = CASE.search(self.page.url)
        assert found is not None
        return int(found[1])

    def print_receipts(self) -> str:
        """Print the sheet of the first worker; gives the address behind its QR."""
        self.press("打印所选回执")
        sheet = self.page.locator(".sheet").first
        expect(sheet).to_be_visible()
        digits = re.findall(r"\d{6}", self.page.locator(".sheet").first.inner_text())
        code = "".join(digits[-3:])
        assert len(code) == 18
        return code

    def record(self, case_id: int, kind: str) -> None:
        """Choose a step in the box of the case page and send it."""
        self.go(f"/cases/{case_id}")
        option = self.page.locator(f"select[name=what] option[value$=':{kind}']")
        self.page.locator("select[name=what]").select_option(option.get_attribute("value"))
        self.press("记下来")

    def conclude_mediation(self, case_id: int) -> None:
        """Accept, hold the meeting, and write down the agreement as the outcome."""
        self.record(case_id, "accepted")
        self.sees("调解已受理")
        self.record(case_id, "hearing_held")
        self.record(case_id, "concluded")
        self.page.locator("[name=outcome][value=agreed], select[name=outcome]").first.wait_for()
        chosen = self.page.locator("select[name=outcome]")
        if chosen.count():
            chosen.select_option("agreed")
        else:
            self.page.locator("[name=outcome][value=agreed]").check()
        self.page.locator("[name=agreed_fen]").fill("20000")
        self.press("记下来")
        self.sees("达成协议")


def test_one_door_in_the_report_out(
    people: dict[Role, str], live_server: str, open_page: OpenPage, tmp_path: Path
) -> None:
    clerk = Office(open_page(), live_server)
    clerk.sign_in(people[Role.INTAKE], PASSWORD)
    case_id = clerk.register_three()
    code = clerk.print_receipts()

    mediator = Office(open_page(), live_server)
    mediator.sign_in(people[Role.MEDIATOR], PASSWORD)
    mediator.conclude_mediation(case_id)

    for typed in (False, True):
        _worker_looks(open_page(narrow=True), live_server, code, typed)

    director = Office(open_page(), live_server)
    director.sign_in(people[Role.DIRECTOR], PASSWORD)
    director.enrol()
    _every_number_opens_its_rows(director)
    _workbook_adds_up(director, tmp_path)


def _worker_looks(phone: Page, address: str, code: str, typed: bool) -> None:
    """By the QR's address, or by typing the code: the same page, and nothing it should not say."""
    phone.goto(f"{address}/s" if typed else f"{address}/s#{code}")
    if typed:
        phone.locator("[name=code]").fill(f"{code[:6]} {code[6:12]} {code[12:]}")
        phone.locator("main form button[type=submit], main form button").first.click()
    phone.wait_for_url(re.compile(r"/s/status$"))
    body = phone.locator("body").inner_text()
    assert code not in phone.content()
    assert "停产三个月" not in body
    assert sideways_overflow(phone) == 0


def _every_number_opens_its_rows(director: Office) -> None:
    director.go("/statistics")
    sentence = director.page.locator(".sentence")
    expect(sentence).to_contain_text("1起")
    expect(sentence).to_contain_text("3人")
    links = [link.get_attribute("href") or "" for link in sentence.locator("a").all()]
    assert len(links) >= 5
    for link in links:
        answer = director.page.request.get(director.base_url + link.split("#")[0])
        assert answer.status == 200, link
    director.go(links[0])
    director.sees("1件")
    director.sees("3人次")


def _workbook_adds_up(director: Office, folder: Path) -> None:
    director.go("/statistics")
    with director.page.expect_download() as waiting:
        director.follow("导出Excel")
    path = folder / "report.xlsx"
    waiting.value.save_as(path)
    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    rows = book.get_sheet_by_name("案件清单").to_python()
    amount = next(row for row in rows if "涉案金额（元）" in row).index("涉案金额（元）")
    people = next(row for row in rows if "人数" in row).index("人数")
    body = [row for row in rows if isinstance(row[amount], float)]
    assert sum(row[amount] for row in body) == 26900.5
    assert sum(row[people] for row in body) == 3
