"""Published figures against counts written separately, and what each of them means."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import builders as make
from tests.support import ledgers
from worker_legal.domain import cases, imports
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import measures, report, trends
from worker_legal.domain.statistics.measures import Period
from worker_legal.errors import BadInput
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import Stage

SYSTEM = Actor.system("tests")
YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def _case(site: OrgUnit, day: date, *claims: int) -> cases.Case:
    workers = [make.make_party(claimed_fen=fen) for fen in claims or (100,)]
    return make.make_case(site, registered_on=day, workers=workers, source="ledger")


# --- the period ---------------------------------------------------------------------


@given(DAYS, DAYS)
def test_the_year_before_is_a_period_a_year_earlier(first: date, last: date) -> None:
    period = Period(min(first, last), max(first, last))
    before = period.year_before()
    assert before.first.year == period.first.year - 1
    assert before.last.year == period.last.year - 1
    assert before.first <= before.last


@given(DAYS)
def test_a_day_keeps_its_month_a_year_earlier(day: date) -> None:
    before = Period(day, day).year_before().first
    assert before.month == day.month
    assert before.day == day.day or (day.month, day.day, before.day) == (2, 29, 28)


@given(DAYS, DAYS)
def test_the_lengths_of_two_years_differ_by_a_leap_day_at_most(first: date, last: date) -> None:
    period = Period(min(first, last), max(first, last))
    before = period.year_before()
    lengths = (period.last - period.first).days - (before.last - before.first).days
    assert abs(lengths) <= 1


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(BadInput):
        Period(date(2022, 2, 1), date(2022, 1, 31))


@pytest.mark.parametrize("year", [0, 1989, 2101, 20222])
def test_a_year_that_cannot_be_meant_is_refused(year: int) -> None:
    with pytest.raises(BadInput):
        measures.whole_year(year)


# --- what is counted ------------------------------------------------------------------


def _sql(text: str, **values: object) -> int:
    return int(db.session.execute(sa.text(text), values).scalar() or 0)


def test_figures_equal_counts_written_separately(centre: OrgUnit) -> None:
    for day in (date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)):
        _case(centre, day, 100, 250)
    db.session.flush()
    found = measures.figures(SYSTEM, YEAR)
    span = {"a": date(2022, 1, 1), "b": date(2022, 12, 31)}
    where = "registered_on BETWEEN :a AND :b AND status <> 'void'"
    assert found.cases == _sql(f"SELECT count(*) FROM legal_case WHERE {where}", **span)
    assert found.person_times == _sql(
        "SELECT count(*) FROM case_party p JOIN legal_case c ON c.id = p.case_id "
        f"WHERE p.worker_id IS NOT NULL AND p.removed_at IS NULL AND {where}",
        **span,
    )
    assert found.amount_fen == _sql(
        f"SELECT sum(claimed_fen) FROM legal_case WHERE {where}", **span
    )
    assert found.people == _sql(
        "SELECT count(DISTINCT p.worker_id) FROM case_party p JOIN legal_case c "
        f"ON c.id = p.case_id WHERE p.worker_id IS NOT NULL AND {where}",
        **span,
    )


def test_both_days_of_a_period_count(centre: OrgUnit) -> None:
    _case(centre, YEAR.first)
    _case(centre, YEAR.last)
    assert measures.figures(SYSTEM, YEAR).cases == 2


def test_a_person_in_two_cases_is_one_person_and_two_person_times(centre: OrgUnit) -> None:
    number = make.make_id_number()
    for day in (date(2022, 3, 1), date(2022, 9, 1)):
        worker = make.make_party("张三", id_no=number)
        make.make_case(centre, registered_on=day, workers=[worker], source="ledger")
    found = measures.figures(SYSTEM, YEAR)
    assert (found.people, found.person_times) == (1, 2)


def test_people_without_a_number_count_each_time(centre: OrgUnit) -> None:
    for day in (date(2022, 3, 1), date(2022, 9, 1)):
        nameless = make.make_party("待补", id_no="")
        make.make_case(centre, registered_on=day, workers=[nameless], source="ledger")
    assert measures.figures(SYSTEM, YEAR).people == 2


def test_a_void_case_counts_nowhere(centre: OrgUnit) -> None:
    case = _case(centre, date(2022, 5, 5), 700)
    cases.void(SYSTEM, case, "误登")
    found = measures.figures(SYSTEM, YEAR)
    assert (found.cases, found.people, found.person_times, found.amount_fen) == (0, 0, 0, 0)


def test_ten_workers_make_a_collective_dispute(centre: OrgUnit) -> None:
    _case(centre, date(2022, 5, 5), *[100] * 9)
    _case(centre, date(2022, 5, 6), *[100] * 10)
    assert measures.figures(SYSTEM, YEAR).collective == 1


def test_work_injury_counts_by_the_day_of_filing(centre: OrgUnit) -> None:
    case = _case(centre, date(2021, 11, 1))
    _apply(case, date(2022, 1, 5))
    assert measures.figures(SYSTEM, YEAR).work_injury_people == 1


def test_a_person_who_applies_twice_is_counted_once(centre: OrgUnit) -> None:
    number = make.make_id_number()
    for day in (date(2022, 3, 1), date(2022, 9, 1)):
        worker = make.make_party("张三", id_no=number)
        case = make.make_case(centre, registered_on=day, workers=[worker], source="ledger")
        _apply(case, day)
    assert measures.figures(SYSTEM, YEAR).work_injury_people == 1


def _apply(case: cases.Case, day: date) -> None:
    parties: Sequence[cases.CaseParty] = cases.active_workers(case)
    new = cases.NewProceeding(
        stage=Stage.WORK_INJURY, filed_on=day, party_ids=[parties[0].id], facts={}
    )
    cases.open_proceeding(SYSTEM, case, new)


def test_a_site_counts_with_all_below_it(centre: OrgUnit) -> None:
    station = make.make_site(parent=centre)
    _case(station, date(2022, 1, 1))
    _case(centre, date(2022, 1, 2))
    assert measures.figures(SYSTEM, YEAR, frozenset({station.id})).cases == 1


def test_an_actor_counts_only_what_is_in_sight(centre: OrgUnit) -> None:
    station = make.make_site(parent=centre)
    _case(station, date(2022, 1, 1))
    _case(centre, date(2022, 1, 2))
    director = make.make_actor(station, Role.DIRECTOR)
    assert measures.figures(director, YEAR).cases == 1


# --- the change -------------------------------------------------------------------------


def test_without_a_year_before_there_is_no_change(centre: OrgUnit) -> None:
    _case(centre, date(2022, 1, 1))
    change = measures.figures(SYSTEM, YEAR).change
    assert (change.percent, change.basis) == (None, "none")


def test_the_change_is_against_the_same_period_of_the_year_before(centre: OrgUnit) -> None:
    for day in (date(2021, 2, 1), date(2021, 3, 1), date(2022, 2, 1)):
        _case(centre, day)
    change = measures.figures(SYSTEM, YEAR).change
    assert (change.percent, change.basis, change.before) == (-50.0, "system", 2)


def test_a_typed_in_figure_goes_before_the_system(app: Flask, actor: Actor) -> None:
    report.set_comparison(actor, YEAR.year_before(), 407, "园区2021年总结")
    change = measures.change(SYSTEM, YEAR, None, 313)
    assert (change.percent, change.basis, change.source) == (-23.1, "series", "园区2021年总结")


def test_a_typed_in_figure_says_nothing_about_one_site(centre: OrgUnit, actor: Actor) -> None:
    report.set_comparison(actor, YEAR.year_before(), 407, "园区2021年总结")
    assert measures.change(SYSTEM, YEAR, frozenset({centre.id}), 313).basis == "none"


def test_typing_in_again_replaces_the_figure(app: Flask, actor: Actor) -> None:
    for number in (400, 407):
        with transaction():
            report.set_comparison(actor, YEAR.year_before(), number, "园区2021年总结")
    assert [row.cases for row in report.all_series()] == [407]


@pytest.mark.parametrize(("number", "source"), [(-1, "总结"), (10_000_001, "总结"), (407, " ")])
def test_a_figure_needs_a_number_and_a_source(
    app: Flask, actor: Actor, number: int, source: str
) -> None:
    with pytest.raises(BadInput):
        report.set_comparison(actor, YEAR.year_before(), number, source)


# --- the books ----------------------------------------------------------------------------


@pytest.fixture
def six_cases(app: Flask) -> None:
    """Every second month a case, every second one of them still open."""
    days = [date(2021, 11, 3), date(2022, 1, 3), date(2022, 3, 3), date(2022, 5, 3)]
    days += [date(2022, 7, 3), date(2022, 12, 31)]
    still = {"办理结果": "办理中", "结案日期": ""}
    rows = [
        {"接访日期": day, "结案日期": day + timedelta(days=70), **(still if place % 2 else {})}
        for place, day in enumerate(days)
    ]
    with transaction():
        imports.commit(SYSTEM, ledgers.small(*rows), "ledger.xlsx")


@pytest.mark.usefixtures("six_cases")
def test_the_books_of_a_year(app: Flask) -> None:
    books = trends.balance(SYSTEM, YEAR, None)
    assert (books.carried, books.received, books.closed, books.open) == (1, 5, 3, 3)


@pytest.mark.usefixtures("six_cases")
def test_the_books_close_in_every_period(app: Flask) -> None:
    ends = [date(2022, month, day) for month in range(1, 13) for day in (1, 15, 28)]
    for first, last in combinations(ends, 2):
        books = trends.balance(SYSTEM, Period(first, last), None)
        assert books.carried + books.received == books.closed + books.open


@pytest.mark.usefixtures("six_cases")
def test_the_course_of_a_figure_adds_up_to_it(app: Flask) -> None:
    course, found = trends.trends(SYSTEM, YEAR, None), measures.figures(SYSTEM, YEAR)
    assert (sum(course.cases), sum(course.amount_fen)) == (found.cases, found.amount_fen)
    assert len(course.people) == 12
