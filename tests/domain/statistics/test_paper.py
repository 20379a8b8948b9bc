"""The report on paper: with charts where there is a Chinese font, else a sentence that says so."""

from datetime import date

import pytest

from tests import builders as make
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import breakdowns, measures, paper, trends
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.infra import pictures
from worker_legal.infra.db import transaction
from worker_legal.infra.documents import Grid, Heading, Paragraph, Picture

SYSTEM = Actor.system("tests")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def content(centre: OrgUnit) -> paper.Content:
    """A year with one case, the year before with none."""
    with transaction():
        make.make_case(centre)
    before = YEAR.year_before()
    return paper.Content(
        YEAR,
        centre.name,
        measures.figures(SYSTEM, YEAR),
        breakdowns.breakdowns(SYSTEM, registered_in(YEAR, None), YEAR),
        breakdowns.by_month(SYSTEM, registered_in(before, None), before),
        trends.balance(SYSTEM, YEAR, None),
    )


def test_every_table_has_its_chart_in_front(content: paper.Content) -> None:
    blocks = paper.blocks(content, font=pictures.chinese_font())
    for place, block in enumerate(blocks):
        if isinstance(block, Picture):
            heading = blocks[place - 1]
            assert isinstance(heading, Heading)
            assert block.alt.startswith(heading.text)
            assert isinstance(blocks[place + 1], Grid)
    assert sum(isinstance(block, Picture) for block in blocks) == len(content.tables)


def test_the_books_of_the_period_balance_on_paper(content: paper.Content) -> None:
    rows = [block.rows for block in paper.blocks(content) if isinstance(block, Grid)][1]
    carried, received, _, closed, still_open = (int(number) for _, number in rows)
    assert carried + received == closed + still_open == 1


def test_without_a_chinese_font_a_sentence_says_so_and_the_tables_stay(
    content: paper.Content,
) -> None:
    blocks = paper.blocks(content, font=None)
    assert Paragraph(paper.NO_FONT, is_small=True) in blocks
    assert not any(isinstance(block, Picture) for block in blocks)
    assert sum(isinstance(block, Grid) for block in blocks) == len(content.tables) + 2


def test_an_empty_period_has_a_report_too(centre: OrgUnit) -> None:
    wanted = registered_in(YEAR, None)
    months = breakdowns.by_month(SYSTEM, wanted, YEAR)
    tables = breakdowns.breakdowns(SYSTEM, wanted, YEAR)
    books = trends.balance(SYSTEM, YEAR, None)
    found = measures.figures(SYSTEM, YEAR)
    empty = paper.Content(YEAR, centre.name, found, tables, months, books)
    blocks = paper.blocks(empty, font=pictures.chinese_font())
    assert "0起" in "".join(block.text for block in blocks if isinstance(block, Paragraph))
