"""Wrong and doubtful cells of a ledger are named by sheet, row and column; nothing is written."""

import time
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support import ledgers
from tests.support.ledgers import INJURIES, LEDGER, ROSTER, Place
from worker_legal.domain import imports
from worker_legal.domain.cases import Case
from worker_legal.domain.imports import Finding, books, check
from worker_legal.domain.permissions import Actor
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import read_workbook

SYSTEM = Actor.system("tests")
SPOILED: dict[str, tuple[Place, Any]] = {
    "serial-missing": ((LEDGER, 4, "A"), ""),
    "serial-repeated": ((LEDGER, 5, "A"), 1.0),
    "serial-in-words": ((LEDGER, 5, "A"), "第一号"),
    "day-missing": ((LEDGER, 4, "B"), ""),
    "day-impossible": ((LEDGER, 6, "B"), "2022-02-30"),
    "day-in-words": ((LEDGER, 6, "B"), "年初"),
    "day-to-come": ((LEDGER, 6, "B"), "2031-01-01"),
    "day-of-another-century": ((LEDGER, 6, "B"), "1022-01-07"),
    "channel-unknown": ((LEDGER, 7, "C"), "飞鸽"),
    "id-rounded": ((LEDGER, 4, "G"), 999020198001283000.0),
    "people-negative": ((LEDGER, 4, "I"), -1.0),
    "people-in-words": ((LEDGER, 4, "I"), "若干"),
    "employer-missing": ((LEDGER, 4, "J"), ""),
    "kind-unknown": ((LEDGER, 4, "L"), "天气"),
    "amount-in-words": ((LEDGER, 4, "N"), "一大笔"),
    "amount-negative": ((LEDGER, 4, "N"), -5.0),
    "method-unknown": ((LEDGER, 4, "O"), "占卜"),
    "result-of-another-method": ((LEDGER, 4, "P"), "执行完毕"),
    "closed-before-registered": ((LEDGER, 4, "R"), "2021-12-31"),
    "people-against-roster": ((LEDGER, 9, "I"), 99.0),
    "amount-against-roster": ((LEDGER, 9, "N"), 1.0),
    "total-people": ((LEDGER, 317, "I"), 1130.0),
    "total-amount": ((LEDGER, 317, "N"), 14163301.0),
    "roster-serial-unknown": ((ROSTER, 2, "A"), 999.0),
    "roster-number-twice": ((ROSTER, 3, "D"), "999703197311157491"),
    "roster-amount-in-words": ((ROSTER, 2, "F"), "多"),
    "injury-person-unknown": ((INJURIES, 2, "C"), "999020198001283401"),
    "injury-filed-missing": ((INJURIES, 2, "E"), ""),
    "injury-before-the-accident": ((INJURIES, 2, "D"), date(2022, 6, 1)),
    "injury-conclusion-unknown": ((INJURIES, 2, "H"), "再看看"),
    "injury-grade-in-words": ((INJURIES, 2, "J"), "九级左右"),
}


def _places(findings: list[Finding], severity: str) -> set[Place]:
    return {(f.sheet, f.row, f.column) for f in findings if f.severity == severity}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_cell_is_named(app: Flask, name: str) -> None:
    place, value = SPOILED[name]
    found = imports.preview(SYSTEM, ledgers.changed({place: value}))
    assert place in _places(found.findings, "error")


def test_a_spoiled_ledger_writes_nothing(app: Flask) -> None:
    content = ledgers.changed({(LEDGER, 200, "B"): "2022-02-30"})
    with pytest.raises(RuleBroken), transaction():
        imports.commit(SYSTEM, content, "ledger.xlsx")
    assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 0


def test_several_spoiled_cells_are_all_named(app: Flask) -> None:
    spoiled = {(LEDGER, 4, "B"): "x", (LEDGER, 8, "N"): "y", (ROSTER, 2, "F"): "z"}
    found = imports.preview(SYSTEM, ledgers.changed(spoiled))
    assert set(spoiled) <= _places(found.findings, "error")


def test_the_ledger_as_it_came_has_no_error(app: Flask) -> None:
    assert not imports.preview(SYSTEM, ledgers.original()).has_errors


def test_short_names_without_code_are_doubtful(app: Flask) -> None:
    found = imports.preview(SYSTEM, ledgers.original())
    assert {column for _, _, column in _places(found.findings, "warning")} == {"J"}


def test_a_wrong_check_digit_is_doubtful_not_wrong(app: Flask) -> None:
    found = imports.preview(SYSTEM, ledgers.small({"身份证号码": "999020198001283402"}))
    assert (LEDGER, 2, "F") in _places(found.findings, "warning")
    assert not found.has_errors


def test_unnamed_people_are_counted_and_told(app: Flask) -> None:
    found = imports.preview(SYSTEM, ledgers.small({"涉及人数": 5}))
    assert (found.people, found.person_times) == (5, 5)
    assert (LEDGER, 2, "G") in _places(found.findings, "warning")


def test_a_blank_number_of_people_is_one(app: Flask) -> None:
    assert imports.preview(SYSTEM, ledgers.small({"涉及人数": ""})).person_times == 1


def test_a_blank_amount_is_none(app: Flask) -> None:
    assert imports.preview(SYSTEM, ledgers.small({"涉及金额（元）": ""})).amount_fen == 0


def test_a_dry_run_gives_the_totals_of_the_run(app: Flask) -> None:
    found = imports.preview(SYSTEM, ledgers.original())
    totals = (found.cases, found.people, found.person_times, found.amount_fen)
    assert totals == (313, 1105, 1129, 1_416_330_000)
    assert found.work_injury_people == 97


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"name,day\n1,2\n", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_workbook_is_refused_with_a_sentence(app: Flask, content: bytes) -> None:
    with pytest.raises(BadInput):
        imports.preview(SYSTEM, content)


def test_a_workbook_without_a_ledger_is_refused_with_its_columns(app: Flask) -> None:
    from worker_legal.infra.spreadsheets import Sheet

    with pytest.raises(BadInput, match="用人单位"):
        imports.preview(SYSTEM, ledgers.saved([Sheet("一", [["甲", "乙"], [1, 2]])]))


def _seconds_for(wrong_rows: int) -> float:
    wrong = {"接访日期": "2022-02-30", "办理结果": "什么", "涉及金额（元）": "一大笔"}
    [sheet] = read_workbook(ledgers.small(wrong))
    first = sheet.rows[1]
    sheet.rows.extend([number, *first[1:]] for number in range(2, wrong_rows + 1))
    book = books.read_book([sheet])
    begun = time.process_time()
    _, findings = check.check(book)
    assert len(findings) >= 3 * wrong_rows
    return time.process_time() - begun


def test_checking_takes_as_long_per_row_however_many_are_wrong(app: Flask) -> None:
    _seconds_for(10)
    few, many = (min(_seconds_for(size) for _ in range(3)) for size in (400, 4_000))
    assert many < 25 * few
