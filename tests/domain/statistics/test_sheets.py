"""The further tables on paper say what the pages say: numbers as numbers, with their charts."""

from datetime import date

import pytest

from tests import builders as make
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import official, patterns, rates, sheets
from worker_legal.domain.statistics.measures import Period
from worker_legal.domain.statistics.sheets import Sheet
from worker_legal.infra import pictures
from worker_legal.infra.documents import Grid, Paragraph, Picture
from worker_legal.law.enums import EventKind, Outcome, Stage

SYSTEM = Actor.system("tests")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def told(centre: OrgUnit) -> dict[str, Sheet]:
    """The tables of a year with a mediation that went on to arbitration."""
    case = make.make_case(centre, first_stage=Stage.MEDIATION)
    first = make.first_proceeding(case)
    make.record(case, EventKind.ACCEPTED, first)
    make.record(case, EventKind.CONCLUDED, first, outcome=Outcome.FAILED.value)
    make.open_stage(case, Stage.ARBITRATION, reason="直接申请仲裁", follows_id=first.id)
    return {sheet.title: sheet for sheet in sheets.sheets(SYSTEM, YEAR, None)}


def test_the_rates_stand_with_both_their_numbers(told: dict[str, Sheet]) -> None:
    found = rates.rates(SYSTEM, YEAR, None)
    rows = told["各项比例"].rows
    assert [row[2:4] for row in rows] == [(rate.part, rate.whole) for rate in found]
    success = rows[0]
    assert success[1:4] == (0.0, 0, 1)
    assert rows[-1][1] is None


def test_the_official_table_is_the_one_of_the_page(told: dict[str, Sheet]) -> None:
    found = official.official(SYSTEM, YEAR, None)
    rows = told["处理情况（各月）"].rows
    assert len(rows) == len(found.by_month) + 1
    assert rows[-1][1:] == tuple(found.whole.figures[name] for name in official.HEADS)
    assert set(official.HEADS) == set(found.whole.figures)


def test_the_visits_add_up_on_paper(told: dict[str, Sheet]) -> None:
    *hours, whole = told["来访时间"].rows
    for column in range(1, len(whole)):
        assert sum(int(row[column] or 0) for row in hours) == whole[column]
    assert whole[-1] == patterns.heat(SYSTEM, YEAR, None).count() == 1


def test_the_ways_are_told_by_both_ends(told: dict[str, Sheet]) -> None:
    assert told["程序流转"].rows == [("调解 → 仲裁", 1)]


def test_every_table_has_a_row_of_numbers_under_each_head(told: dict[str, Sheet]) -> None:
    for sheet in told.values():
        assert {len(row) for row in sheet.as_table().rows} <= {len(sheet.head)}


@pytest.mark.parametrize("title", ["来访时间", "程序流转"])
def test_a_chart_is_drawn_in_front_of_its_table(told: dict[str, Sheet], title: str) -> None:
    _, picture, grid, note = told[title].as_blocks(str, pictures.chinese_font())
    assert isinstance(picture, Picture)
    assert picture.content.startswith(b"\x89PNG")
    assert (isinstance(grid, Grid), isinstance(note, Paragraph)) == (True, True)


def test_what_nobody_knows_is_a_dash_on_paper_and_empty_in_a_workbook(centre: OrgUnit) -> None:
    empty = {sheet.title: sheet for sheet in sheets.sheets(SYSTEM, YEAR, None)}
    shares = empty["各项比例"]
    assert {row[1] for row in shares.as_table().rows} == {None}
    grid = shares.as_blocks(str, None)[1]
    assert isinstance(grid, Grid)
    assert {row[1] for row in grid.rows} == {"—"}


def test_an_empty_year_draws_nothing(centre: OrgUnit) -> None:
    for sheet in sheets.sheets(SYSTEM, YEAR, None):
        assert sheet.drawn is None
