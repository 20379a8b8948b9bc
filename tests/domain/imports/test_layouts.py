"""Ledgers of other offices: columns proposed, confirmed once, remembered by the head."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support import ledgers
from tests.support.office_ledgers import ALL, Made, months_as_sheets, two_line_heads
from worker_legal.domain import imports
from worker_legal.domain.cases import Case
from worker_legal.domain.imports import Layout, heads, layouts
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import measures
from worker_legal.errors import BadInput
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import Sheet, read_workbook

SYSTEM = Actor.system("tests")
LABELS = ("序号", "接访日期", "职工姓名", "用人单位", "纠纷类型", "办理方式", "办理结果", "金额")
ROW = ["1", "2022-03-01", "李一", "示例第一制造有限公司", "工伤", "咨询", "已答复", "1000"]


def _corrected(made: Made) -> dict[str, Layout]:
    """What a person confirms on screen: the proposal, mended where the words are strange."""
    chosen = {}
    for found in imports.sketches(SYSTEM, made.content):
        free = {
            label: name
            for label, name in found.layout.columns.items()
            if name not in made.corrections.values()
        }
        columns = {**free, **made.corrections}
        chosen[found.head.signature] = replace(
            found.layout, kind="cases", columns=columns, rows=made.rows
        )
    return chosen


@pytest.fixture(params=ALL)
def made(request: pytest.FixtureRequest) -> Made:
    """Each of the three ledgers."""
    make: Callable[[], Made] = ALL[request.param]
    return make()


def test_another_ledger_comes_in_with_its_totals(app: Flask, made: Made) -> None:
    with transaction():
        imports.confirm(SYSTEM, made.content, _corrected(made))
    with transaction():
        done = imports.commit(SYSTEM, made.content, "ledger.xlsx")
    assert done.added == made.cases
    found = measures.figures(SYSTEM, measures.whole_year(made.year), None)
    assert (found.cases, found.person_times, found.amount_fen) == made.totals


def test_its_dry_run_says_the_same(app: Flask, made: Made) -> None:
    found = imports.preview(SYSTEM, made.content, _corrected(made))
    assert not found.has_errors
    assert (found.cases, found.person_times, found.amount_fen) == made.totals


def test_it_changes_nothing_the_second_time(app: Flask, made: Made) -> None:
    chosen = _corrected(made)
    with transaction():
        imports.commit(SYSTEM, made.content, "ledger.xlsx", given=chosen)
    again = ledgers.saved(read_workbook(made.content))
    with transaction():
        done = imports.commit(SYSTEM, again, "saved-again.xlsx")
    assert (done.added, done.unchanged) == (0, made.cases)
    assert db.session.scalar(sa.select(sa.func.count(Case.id))) == made.cases


def test_strange_words_are_asked_for_before_anything_is_read(app: Flask) -> None:
    with pytest.raises(BadInput, match="用人单位"):
        imports.preview(SYSTEM, two_line_heads().content)


def test_month_sheets_need_no_question(app: Flask) -> None:
    assert all(found.is_settled for found in imports.sketches(SYSTEM, months_as_sheets().content))


def test_a_wrong_total_of_a_month_is_named(app: Flask) -> None:
    sheets = read_workbook(months_as_sheets().content)
    sheets[1].rows[10][4] = 99.0
    found = imports.preview(SYSTEM, ledgers.saved(sheets))
    errors = [(f.sheet, f.row, f.column) for f in found.findings if f.severity == "error"]
    assert errors == [("2月", 11, "E")]


def test_the_first_month_alone_stays_the_same_when_the_year_follows(app: Flask) -> None:
    whole = months_as_sheets()
    first = ledgers.saved(read_workbook(whole.content)[:1])
    with transaction():
        imports.commit(SYSTEM, first, "january.xlsx")
    with transaction():
        done = imports.commit(SYSTEM, whole.content, "year.xlsx")
    assert (done.added, done.unchanged) == (whole.cases - 7, 7)


def test_a_confirmed_head_is_known_in_any_order_of_columns(app: Flask) -> None:
    labels = [*LABELS[:3], "雇主", *LABELS[4:]]
    first = ledgers.saved([Sheet("一", [labels, ROW])])
    [found] = imports.sketches(SYSTEM, first)
    assert not found.is_settled
    layout = replace(found.layout, columns={**found.layout.columns, "雇主": "employer"})
    with transaction():
        imports.confirm(SYSTEM, first, {found.head.signature: layout})
    turned = ledgers.saved([Sheet("二", [labels[::-1], ROW[::-1]])])
    read = imports.preview(SYSTEM, turned)
    assert (read.cases, read.entries[0].employer) == (1, "示例第一制造有限公司")


def test_a_mapping_without_a_needed_field_is_refused_by_name(app: Flask) -> None:
    made = two_line_heads()
    chosen = _corrected(made)
    [(word, layout)] = chosen.items()
    columns = {label: name for label, name in layout.columns.items() if name != "employer"}
    with pytest.raises(BadInput, match="用人单位"), transaction():
        imports.confirm(SYSTEM, made.content, {word: replace(layout, columns=columns)})


def test_two_columns_for_one_field_are_refused_by_name(app: Flask) -> None:
    content = ledgers.saved([Sheet("一", [[*LABELS, "甲"], [*ROW, "x"]])])
    [found] = imports.sketches(SYSTEM, content)
    layout = replace(found.layout, columns={**found.layout.columns, "甲": "employer"})
    with pytest.raises(BadInput, match="用人单位"), transaction():
        imports.confirm(SYSTEM, content, {found.head.signature: layout})


def test_a_mapping_file_says_what_the_screen_says(app: Flask, made: Made) -> None:
    chosen = _corrected(made)
    text = imports.mapping_file(imports.sketches(SYSTEM, made.content, chosen))
    assert imports.read_mapping(text.encode()).layouts == chosen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 9, "sheets": []}',
        '{"version": 1, "sheets": [{"kind": "cases"}]}',
        '{"version": 1, "sheets": [{"kind": "x", "columns": []}]}',
        '{"version": 1, "sheets": [{"kind": "cases", "columns": [{"head": "a", "field": "b"}]}]}',
    ],
)
def test_what_is_no_mapping_file_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        imports.read_mapping(text.encode())


@pytest.mark.parametrize(
    ("rows", "top", "depth"),
    [
        ([list(LABELS), ROW], 0, 1),
        ([["2022年台账"], ["制表：甲"], list(LABELS), ROW], 2, 1),
        ([["", ""], list(LABELS)], 1, 1),
        (
            [["序号", "职工", "", "单位"], ["", "姓名", "性别", "名称"], ["1", "甲", "男", "乙"]],
            0,
            2,
        ),
        ([["甲", "乙", "丙"], ["a", "b", "c"]], 0, 1),
    ],
)
def test_the_head_is_found_by_itself(rows: list[list[str]], top: int, depth: int) -> None:
    head = heads.find_head(Sheet("一", rows))
    assert head is not None
    assert (head.top, head.depth) == (top, depth)


def test_amounts_above_the_head_in_ten_thousands_are_read_so(app: Flask) -> None:
    rows = [["单位：万元"], list(LABELS), [*ROW[:-1], 1.25]]
    assert imports.preview(SYSTEM, ledgers.saved([Sheet("一", rows)])).amount_fen == 1_250_000


def test_a_ledger_without_closing_days_says_so_once(app: Flask) -> None:
    rows = [list(LABELS), ROW, ["2", *ROW[1:]]]
    found = imports.preview(SYSTEM, ledgers.saved([Sheet("一", rows)]))
    told = [finding for finding in found.findings if "结案日期" in finding.text]
    assert len(told) == 1


def test_a_ledger_without_channel_says_what_it_takes_for_granted(app: Flask) -> None:
    found = imports.preview(SYSTEM, ledgers.saved([Sheet("一", [list(LABELS), ROW])]))
    assert not found.has_errors
    assert any("来访方式" in finding.params.values() for finding in found.findings)


def test_a_unit_over_two_columns_is_the_unit_of_both() -> None:
    rows = [
        ["序号", "日期", "姓名", "用人单位", "金额（万元）", ""],
        ["", "", "", "", "申请金额", "结案金额"],
        ["1", "2022-03-01", "甲", "乙厂", 1.5, 1],
    ]
    head = heads.find_head(Sheet("一", rows))
    assert head is not None
    assert layouts.propose(head).wan == {"amount", "settled"}


def test_what_is_missing_is_not_asked_where_no_column_is_left_for_it(app: Flask) -> None:
    head = ["登记日期", "受援人", "对方当事人", "案由", "调解结果"]
    row = ["2022-03-01", "甲", "示例第一制造有限公司", "欠薪", "调解成功"]
    assert imports.is_settled(imports.sketches(SYSTEM, ledgers.saved([Sheet("一", [head, row])])))
    strange = [[*head, "归口"], [*row, "调"]]
    assert not imports.is_settled(imports.sketches(SYSTEM, ledgers.saved([Sheet("一", strange)])))


def _sheets(*names: str, year: int = 2022, same: bool = False) -> bytes:
    """Sheets that each begin at 1, with two cases each."""
    pages = []
    for place, name in enumerate(names):
        day = f"{year + place}" if name.endswith("年") else f"{year}"
        rows = [
            [str(number), f"{day}-03-0{number}", f"甲{number}{'' if same else name}", *ROW[3:]]
            for number in (1, 2)
        ]
        pages.append(Sheet(name, [list(LABELS), *rows]))
    return ledgers.saved(pages)


def test_sheets_of_places_that_each_begin_at_one_are_told_apart(app: Flask) -> None:
    content = _sheets("东园服务点", "西园工作站")
    assert imports.commit(SYSTEM, content, "l.xlsx").added == 4
    assert imports.preview(SYSTEM, content).unchanged == 4
    sites = {entry.site for entry in imports.preview(SYSTEM, content).entries}
    assert sites == {"东园服务点", "西园工作站"}


def test_sheets_of_years_that_each_begin_at_one_are_one_ledger(app: Flask) -> None:
    content = _sheets("2022年", "2023年")
    assert imports.commit(SYSTEM, content, "l.xlsx").added == 4
    assert {entry.series for entry in imports.preview(SYSTEM, content).entries} == {""}


def test_a_sheet_that_is_a_copy_is_refused(app: Flask) -> None:
    found = imports.preview(SYSTEM, _sheets("台账", "台账备份", same=True))
    assert [finding.sheet for finding in found.findings if finding.severity == "error"] == [
        "台账备份",
        "台账备份",
    ]
