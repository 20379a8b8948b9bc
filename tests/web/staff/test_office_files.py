"""Every file that leaves the office opens in LibreOffice, and its figures read back equal."""

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests import builders as make
from tests.support import ledgers, office
from tests.support.pages import PageClient
from tests.web.staff.test_exports import wait_for_exports
from worker_legal.domain import imports, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import report
from worker_legal.domain.statistics.measures import Period
from worker_legal.infra.db import transaction

pytestmark = pytest.mark.slow

SYSTEM = Actor.system("tests")
DAYS = "from=2022-01-01&to=2022-12-31"
FORMULA = "=1+1"


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of the office that kept the ledger of 2022, and a case named like a formula."""
    with transaction():
        imports.commit(SYSTEM, ledgers.original(), "ledger-2022.xlsx")
        year = Period(date(2021, 1, 1), date(2021, 12, 31))
        report.set_comparison(SYSTEM, year, 407, "园区2021年总结")
        make.make_case(org.centre(), workers=[make.make_party(FORMULA, 100)])
        user = make.make_user(org.centre(), Role.DIRECTOR)
    client.sign_in(user)
    return client


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _amount(rows: list[list[str]]) -> float:
    column = rows[0].index("涉案金额（元）")
    return round(sum(float(row[column].replace(",", "")) for row in rows[1:]), 2)


def test_workbooks_open_and_read_back_equal(director: PageClient, tmp_path: Path) -> None:
    book, people = tmp_path / "year.xlsx", tmp_path / "people.xlsx"
    book.write_bytes(director.get(f"/statistics/export?{DAYS}").data)
    page = director.page("/exports/new?registered_from=2026-01-01")
    asked = {"kind": "xlsx", "has_identifiers": "y", "reason": "演示用的事由"}
    made = director.submit(page, asked)
    wait_for_exports()
    people.write_bytes(director.get(f"/exports/{made.url.rsplit('/', 1)[-1]}/file").data)

    office.convert(office.CSV, tmp_path, book, people)
    totals = {(row[0], row[2]): row[1] for row in _rows(tmp_path / "year-总数.csv")[2:]}
    assert totals["受理案件", "起"] == "313"
    assert totals["涉及职工", "人"] == "1105"
    assert totals["涉及职工", "人次"] == "1129"
    assert totals["涉案金额", "万元"] == "1416.33"
    assert totals["工伤认定申请", "人"] == "97"
    assert totals["案件数同比", "%"] == "-23.1"
    cases = _rows(tmp_path / "year-案件清单.csv")
    assert (len(cases), _amount(cases)) == (314, 14_163_300)
    months = _rows(tmp_path / "year-每月受理.csv")
    assert (sum(int(row[1]) for row in months[1:]), _amount(months)) == (313, 14_163_300)
    books = {row[0]: int(row[1]) for row in _rows(tmp_path / "year-结转与未结.csv")[1:]}
    assert books["本期受理"] == 313
    assert books["期初未结"] + 313 == books["本期结案"] + books["期末未结"]
    official = {row[0]: row[1:] for row in _rows(tmp_path / "year-处理情况（各月）.csv")[1:]}
    assert official["合计"][1] == "313"
    assert sum(int(row[1]) for key, row in official.items() if key != "合计") == 313
    shares = {row[0]: row for row in _rows(tmp_path / "year-各项比例.csv")[1:]}
    page = director.page(f"/statistics/quality?{DAYS}")
    shown = page.texts("[data-table=rates] [data-label='比例']")
    assert [f"{float(row[1]):.1f}%" if row[1] else "—" for row in shares.values()] == shown
    visits = _rows(tmp_path / "year-来访时间.csv")
    assert sum(int(row[-1]) for row in visits[1:-1]) == int(visits[-1][-1])
    for name in ("哪个行业的单位", "多大的单位"):
        assert sum(int(row[1]) for row in _rows(tmp_path / f"year-{name}.csv")[1:]) == 313
    assert len(list(tmp_path.glob("year-*.csv"))) == 22
    # a formula would have been computed here
    named = _rows(tmp_path / "people-职工名单.csv")
    assert named[2][3] == f"'{FORMULA}"


def test_the_report_opens_and_reads_back_equal(director: PageClient, tmp_path: Path) -> None:
    paper = tmp_path / "report.docx"
    paper.write_bytes(director.get(f"/statistics/export?{DAYS}&format=docx").data)
    office.convert(office.TEXT, tmp_path, paper)
    text = (tmp_path / "report.txt").read_text("utf-8-sig")
    assert "共受理劳动争议313起，涉及职工1,105人（1,129人次），涉案金额1,416.33万元" in text
    assert "工伤认定97人，案件数同比下降约23%。" in text
    assert "中文字体" not in text
    for title in ("各项比例", "处理情况（各月）", "来访时间", "案件最多的单位"):
        assert title in text


def test_the_ledger_that_goes_out_reads_back_equal(director: PageClient, tmp_path: Path) -> None:
    book = tmp_path / "ledger.xlsx"
    made = director.submit(director.page(f"/exports/new?{DAYS}"), {"kind": "ledger"})
    wait_for_exports()
    answer = director.get(f"/exports/{made.url.rsplit('/', 1)[-1]}/file")
    assert "ledger-" in answer.headers["Content-Disposition"]
    book.write_bytes(answer.data)
    office.convert(office.CSV, tmp_path, book)
    rows = _rows(tmp_path / "ledger-接访台账.csv")
    amounts = [row[rows[0].index("涉及金额（元）")].replace(",", "") for row in rows[1:]]
    people = [int(row[rows[0].index("涉及人数")]) for row in rows[1:]]
    assert (len(rows) - 1, sum(map(float, amounts)), sum(people)) == (313, 14_163_300, 1129)
    assert len(_rows(tmp_path / "ledger-工伤认定申请.csv")) == 98
