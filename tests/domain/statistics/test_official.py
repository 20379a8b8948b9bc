"""劳动争议处理情况: every line closes, and every cell is what its list would count."""

import random
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.web.staff.test_statistics import random_ledger
from worker_legal.domain import imports, org
from worker_legal.domain.cases.queries import CaseFilter, figures, search
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import official, trends
from worker_legal.domain.statistics.measures import Period
from worker_legal.infra.db import db, transaction

SYSTEM = Actor.system("tests")
PERIODS = (
    Period(date(2022, 1, 1), date(2022, 12, 31)),
    Period(date(2021, 7, 15), date(2022, 8, 20)),
    Period(date(2022, 3, 5), date(2022, 3, 25)),
)


@pytest.fixture
def ledger(centre: org.OrgUnit) -> None:
    """Two years of cases at three sites."""
    with transaction():
        imports.commit(SYSTEM, random_ledger(random.Random(7), 28), "ledger.xlsx")  # noqa: S311


def _lines(period: Period) -> list[official.Line]:
    found = official.official(SYSTEM, period, None)
    return [found.whole, *found.by_month, *found.by_site]


def _listed(name: str, wanted: CaseFilter) -> int:
    found = figures(search(SYSTEM, wanted))
    return found.person_times if name == "collective_people" else found.cases


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("period", PERIODS)
def test_every_line_closes(period: Period) -> None:
    for line in _lines(period):
        told = line.figures
        assert told["carried"] + told["received"] == told["closed"] + told["open"]
        assert told["by_mediation"] + told["by_award"] + told["by_other"] == told["closed"]


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("period", PERIODS)
def test_every_cell_is_what_its_list_counts(period: Period) -> None:
    lines = _lines(period)
    for line in lines:
        assert line.figures == {name: _listed(name, line.behind[name]) for name in line.figures}
    assert lines[0].figures["received"] > 0


@pytest.mark.usefixtures("ledger")
def test_the_sites_add_up_to_the_whole(app: Flask) -> None:
    found = official.official(SYSTEM, PERIODS[0], None)
    for name, whole in found.whole.figures.items():
        assert sum(line.figures[name] for line in found.by_site) == whole


@pytest.mark.usefixtures("ledger")
def test_the_whole_is_what_the_books_and_a_separate_count_say(app: Flask) -> None:
    told = official.official(SYSTEM, PERIODS[0], None).whole.figures
    books = trends.balance(SYSTEM, PERIODS[0], None)
    assert (told["carried"], told["open"]) == (books.carried, books.open)
    closed = sa.text(
        "SELECT count(*) FROM legal_case WHERE closed_on BETWEEN :a AND :b AND status <> 'void' "
        "AND close_outcome IN ('agreed', 'reconciled', 'mediated')"
    )
    span = {"a": PERIODS[0].first, "b": PERIODS[0].last}
    assert told["by_mediation"] == db.session.execute(closed, span).scalar()
