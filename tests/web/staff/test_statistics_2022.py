"""The year 2022 of the office's own ledger reads the same on screen, in json and in the files."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import builders as make
from tests.support import documents, ledgers
from tests.support.pages import PageClient
from worker_legal.domain import imports, org
from worker_legal.domain.imports import Result
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import measures, report
from worker_legal.domain.statistics.measures import Period
from worker_legal.infra.db import transaction
from worker_legal.infra.spreadsheets import Sheet, read_workbook

SYSTEM = Actor.system("tests")
YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
DAYS = "from=2022-01-01&to=2022-12-31"
SENTENCE = (
    "2022年，园区职工法律服务一体化平台共受理劳动争议313起，涉及职工1,105人（1,129人次），"
    "涉案金额1,416.33万元，协助职工申请工伤认定97人，案件数同比下降约23%。"
)


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of the office that kept the ledger; its books hold nothing else."""
    with transaction():
        imports.commit(SYSTEM, ledgers.original(), "ledger-2022.xlsx")
        report.set_comparison(SYSTEM, YEAR.year_before(), 407, "园区2021年总结")
        user = make.make_user(org.centre(), Role.DIRECTOR)
    client.sign_in(user)
    return client


def _bring_in(content: bytes) -> Result:
    with transaction():
        return imports.commit(SYSTEM, content, "again.xlsx")


def _column(rows: list[list[Any]], name: str) -> list[Any]:
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


def _sheet(sheets: list[Sheet], name: str) -> list[list[Any]]:
    [sheet] = [sheet for sheet in sheets if sheet.name == name]
    return sheet.rows


@pytest.mark.both_databases
def test_the_year_2022_reads_the_same_everywhere(director: PageClient) -> None:
    found = report.as_json(YEAR, measures.figures(SYSTEM, YEAR))
    assert (found["cases"], found["people"], found["person_times"]) == (313, 1105, 1129)
    assert (found["amount_fen"], found["work_injury_people"]) == (1_416_330_000, 97)
    assert (found["change_percent"], found["change_basis"]) == (-23.1, "series")

    assert director.page(f"/statistics?{DAYS}").one("#sentence").get_text() == SENTENCE

    book = read_workbook(director.get(f"/statistics/export?{DAYS}").data)
    cases = _sheet(book, "案件清单")
    assert len(cases) == 314
    assert sum(_column(cases, "人数")) == 1129
    assert round(sum(_column(cases, "涉案金额（元）")) * 100) == 1_416_330_000
    totals = {(row[0], row[2]): row[1] for row in _sheet(book, "总数")[2:]}
    assert totals["涉及职工", "人"] == 1105
    assert totals["工伤认定申请", "人"] == 97
    assert totals["案件数同比", "%"] == -23.1

    text = director.get(f"/statistics/export?{DAYS}&format=csv", buffered=True).data.decode(
        "utf-8-sig"
    )
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 314
    assert sum(int(value) for value in _column(lines, "人数")) == 1129
    assert round(sum(float(v) for v in _column(lines, "涉案金额（元）")) * 100) == 1_416_330_000

    paper = director.get(f"/statistics/export?{DAYS}&format=docx").data
    assert SENTENCE in documents.paragraphs(paper)
    headlines, _books, *tables = documents.tables(paper)
    assert ["涉案金额", "1,416.33", "万元"] in headlines
    assert [sum(int(row[1]) for row in table[1:]) for table in (tables[0], tables[4])] == [313, 313]

    assert _bring_in(ledgers.original()) == Result(added=0, unchanged=313)
    assert _bring_in(ledgers.changed({})) == Result(added=0, unchanged=313)
    assert measures.figures(SYSTEM, YEAR).cases == 313
