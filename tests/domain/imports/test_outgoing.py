"""A ledger that goes out has the office's own form, and is the same when it comes back."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers, office_ledgers
from tests.support.office_ledgers import Made
from worker_legal.domain import imports
from worker_legal.domain.cases import changes
from worker_legal.domain.cases.models import Case
from worker_legal.domain.imports import layouts
from worker_legal.domain.imports.heads import find_head
from worker_legal.domain.permissions import Actor
from worker_legal.errors import RuleBroken
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import FORMULA_LEADS, read_workbook, write_xlsx
from worker_legal.law.enums import DisputeKind
from worker_legal.law.money import format_yuan

SYSTEM = Actor.system("tests")


def _given(made: Made) -> dict[str, layouts.Layout]:
    """What the office confirms of a ledger in words of its own."""
    chosen = {}
    for one in imports.sketches(SYSTEM, made.content):
        columns = {**one.layout.columns, **made.corrections}
        kind = one.layout.kind
        chosen[one.head.signature] = layouts.Layout(kind, columns, made.rows, one.layout.wan)
    return chosen


def _import(content: bytes, given: Any = None) -> None:
    with transaction():
        imports.commit(SYSTEM, content, "ledger.xlsx", given=given)


def _export(in_clear: bool = True, mark: str = "") -> bytes:
    ids = list(db.session.scalars(sa.select(Case.id).order_by(Case.registered_on, Case.id)))
    made = imports.ledger_tables(SYSTEM, imports.pages(), ids, in_clear=in_clear, mark=mark)
    return write_xlsx(made)


def _heads(content: bytes) -> dict[str, tuple[str, ...]]:
    found = {sheet.name: find_head(sheet) for sheet in read_workbook(content)}
    return {name: head.labels for name, head in found.items() if head}


MADE = [
    office_ledgers.two_line_heads,
    office_ledgers.one_row_per_worker,
    office_ledgers.months_as_sheets,
]


@pytest.fixture(params=[None, *MADE], ids=["2022", "two lines", "per worker", "months"])
def ledger(app: Flask, request: pytest.FixtureRequest) -> bytes:
    """An office's ledger, read in and given as the form."""
    make_it: Callable[[], Made] | None = request.param
    made = make_it() if make_it else Made(ledgers.original())
    given = _given(made) if make_it else None
    _import(made.content, given)
    with transaction():
        imports.save_template(SYSTEM, made.content, "form.xlsx", given)
    return made.content


def test_sheets_columns_and_order_are_those_of_the_form(ledger: bytes) -> None:
    theirs, ours = _heads(ledger), _heads(_export())
    assert list(ours) == list(theirs)
    for name, labels in ours.items():
        width = len(theirs[name])
        assert labels[:width] == theirs[name]
        assert labels[width:] in {(), ("案号",)}


def test_what_goes_out_adds_up_to_what_came_in(ledger: bytes) -> None:
    before = imports.preview(SYSTEM, ledger)
    after = imports.preview(SYSTEM, _export())
    assert (after.cases, after.people, after.person_times) == (
        before.cases,
        before.people,
        before.person_times,
    )
    assert (after.amount_fen, after.work_injury_people) == (
        before.amount_fen,
        before.work_injury_people,
    )
    assert not after.has_errors


def test_a_ledger_that_comes_back_changes_nothing(ledger: bytes) -> None:
    whole = db.session.scalar(sa.select(sa.func.count(Case.id)))
    found = imports.preview(SYSTEM, _export())
    assert (found.cases, found.unchanged) == (whole, whole)
    with transaction():
        assert imports.commit(SYSTEM, _export(), "again.xlsx").added == 0


# --- masks, marks and formulas ------------------------------------------------------------


@pytest.fixture
def original(app: Flask) -> bytes:
    """The ledger of 2022, read in; no form was given."""
    _import(ledgers.original())
    return ledgers.original()


def _cells(content: bytes) -> list[Any]:
    return [cell for sheet in read_workbook(content) for row in sheet.rows for cell in row]


def test_without_a_form_the_usual_columns_go_out(original: bytes) -> None:
    heads = _heads(_export())
    assert list(heads) == ["接访台账", "职工名册", "工伤认定申请"]
    assert {"接访日期", "用人单位", "办理结果", "案号"} <= set(heads["接访台账"])
    after = imports.preview(SYSTEM, _export())
    assert (after.cases, after.people, after.person_times) == (313, 1105, 1129)
    assert (format_yuan(after.amount_fen), after.work_injury_people) == ("14,163,300.00", 97)


def test_names_and_numbers_are_masked_unless_asked_for(original: bytes) -> None:
    known = {
        value
        for entry in imports.preview(SYSTEM, original).entries
        for person in entry.people
        for value in (person.name, person.id_no, person.phone)
        if len(value) > 1
    }
    assert known.isdisjoint(map(str, _cells(_export(in_clear=False))))
    assert known <= {str(cell) for cell in _cells(_export(in_clear=True))} | {""}


def test_a_masked_ledger_that_comes_back_changes_nothing(original: bytes) -> None:
    found = imports.preview(SYSTEM, _export(in_clear=False))
    assert (found.unchanged, found.has_errors) == (313, False)


def test_who_took_it_out_and_why_stands_above_every_sheet(original: bytes) -> None:
    mark = "林主任于2026-11-25 09:00导出，第1号；事由：报市总工会"
    content = _export(mark=mark)
    assert [sheet.rows[0][0] for sheet in read_workbook(content)] == [mark] * 3
    assert imports.preview(SYSTEM, content).unchanged == 313


@pytest.mark.parametrize("lead", FORMULA_LEADS)
def test_no_cell_of_a_ledger_becomes_a_formula(app: Flask, lead: str) -> None:
    with transaction():
        centre = make.make_office()
        worker = make.make_party(f"{lead}HYPERLINK(1)")
        make.make_case(centre, workers=[worker], story=f"{lead}1+1")
    texts = [cell for cell in _cells(_export()) if isinstance(cell, str) and "HYPER" in cell]
    stories = [cell for cell in _cells(_export()) if isinstance(cell, str) and "1+1" in cell]
    assert texts
    assert stories
    assert not any(text.startswith(FORMULA_LEADS) for text in [*texts, *stories])


# --- what came back changed ---------------------------------------------------------------


def _changed(content: bytes, cells: dict[tuple[str, int, str], Any]) -> bytes:
    sheets = read_workbook(content)
    for (name, row, label), value in cells.items():
        [sheet] = [sheet for sheet in sheets if sheet.name == name]
        head = find_head(sheet)
        assert head is not None
        sheet.rows[head.below + row][head.labels.index(label)] = value
    return ledgers.saved(sheets)


def test_what_somebody_changed_in_the_file_is_listed_cell_by_cell(original: bytes) -> None:
    content = _changed(
        _export(),
        {
            ("接访台账", 0, "用人单位"): "另一家公司",
            ("接访台账", 4, "涉及金额（元）"): 1,
            ("接访台账", 7, "经办人"): "新来的",
        },
    )
    found = imports.preview(SYSTEM, content)
    errors = [each for each in found.findings if each.severity == "error"]
    assert found.unchanged == 310
    assert [(each.params["theirs"], each.row) for each in errors] == [
        ("另一家公司", 2),
        ("1.00元", 6),
        ("新来的", 9),
    ]
    assert all(each.params["ours"] not in {"", "—"} for each in errors)
    with pytest.raises(RuleBroken), transaction():
        imports.commit(SYSTEM, content, "again.xlsx")


def test_what_somebody_changed_in_the_system_is_listed_too(original: bytes) -> None:
    content = _export()
    with transaction():
        case = db.session.scalars(sa.select(Case).order_by(Case.registered_on, Case.id)).first()
        assert case is not None
        kind = next(kind for kind in DisputeKind if kind is not case.dispute_kind)
        changes.change_case(SYSTEM, case, kind, (), case.version)
    [conflict] = [
        each for each in imports.preview(SYSTEM, content).findings if each.severity == "error"
    ]
    assert conflict.params["ours"] == kind.label


def test_a_new_line_in_a_ledger_that_comes_back_is_registered(original: bytes) -> None:
    sheets = read_workbook(_export())
    head = find_head(sheets[0])
    assert head is not None
    new = list(sheets[0].rows[-1])
    for label, value in {"序号": 900, "案号": "", "身份证号码": "", "涉及人数": 1}.items():
        new[head.labels.index(label)] = value
    sheets[0].rows.append(new)
    with transaction():
        assert imports.commit(SYSTEM, ledgers.saved(sheets), "more.xlsx").added == 1


def test_the_number_of_a_case_out_of_sight_is_no_number(original: bytes) -> None:
    content = _export()
    with transaction():
        db.session.execute(sa.update(Case).values(case_no=sa.literal("X") + Case.case_no))
    assert imports.preview(SYSTEM, content).own == frozenset()
