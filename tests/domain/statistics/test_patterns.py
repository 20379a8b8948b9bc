"""Visits by hour, ways between proceedings, and employers, against counts written separately."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from worker_legal.domain import cases, parties
from worker_legal.domain.cases.visits import UNKNOWN_HOUR, Weekday
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import patterns, rates
from worker_legal.domain.statistics import rows as figure_rows
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DisputeKind,
    EnterpriseSize,
    EventKind,
    Industry,
    Outcome,
    Stage,
)

SYSTEM = Actor.system("tests")
# 2026-11-23, the day of the tests, is a Monday
TODAY = date(2026, 11, 23)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def _at(hour: int, minute: int = 0) -> datetime:
    """An hour of the day of the tests on the wall clock of the office."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=clock.SHANGHAI).astimezone(UTC)


def _heat() -> patterns.Heat:
    return patterns.heat(SYSTEM, YEAR, None)


def _came(site: OrgUnit, hour: int, **changes: object) -> cases.Case:
    with clock.frozen(_at(hour, 59)):
        return make.make_case(site, registered_on=TODAY, channel=Channel.WALK_IN, **changes)


@pytest.mark.parametrize("hour", [0, 7, 8, 9, 17, 23])
def test_a_first_visit_has_the_hour_of_the_wall_clock(centre: OrgUnit, hour: int) -> None:
    _came(centre, hour)
    assert _heat().counts == {(Weekday.MONDAY, f"{hour:02}"): 1}


def test_who_did_not_come_in_person_is_no_visit(centre: OrgUnit) -> None:
    make.make_case(centre, registered_on=TODAY, channel=Channel.PHONE)
    assert _heat().counts == {}


def test_a_day_put_down_later_has_no_hour(centre: OrgUnit) -> None:
    make.make_case(centre, registered_on=TODAY - timedelta(days=1), channel=Channel.WALK_IN)
    assert _heat().counts == {(Weekday.SUNDAY, UNKNOWN_HOUR): 1}


def test_a_line_of_a_ledger_has_no_hour(centre: OrgUnit) -> None:
    _came(centre, 9, source="ledger")
    assert _heat().counts == {(Weekday.MONDAY, UNKNOWN_HOUR): 1}


def test_every_later_visit_counts_and_a_corrected_one_once(centre: OrgUnit) -> None:
    case = _came(centre, 9)
    with clock.frozen(_at(15)):
        make.record(case, EventKind.VISIT, on=TODAY)
        wrong = make.record(case, EventKind.VISIT, on=TODAY)
        new = cases.NewEvent(EventKind.VISIT, TODAY - timedelta(days=3), None, {}, "")
        cases.correct_event(SYSTEM, case, wrong.id, new, "日子记错了")
    assert _heat().counts == {
        (Weekday.MONDAY, "09"): 1,
        (Weekday.MONDAY, "15"): 1,
        (Weekday.FRIDAY, UNKNOWN_HOUR): 1,
    }


def test_the_hours_of_an_office_day_are_shown_and_those_beyond_when_somebody_came(
    centre: OrgUnit,
) -> None:
    assert _heat().hours == (UNKNOWN_HOUR,)
    _came(centre, 10)
    assert (_heat().hours[0], _heat().hours[-2]) == ("08", "17")
    _came(centre, 19)
    assert _heat().hours[-3:] == ("18", "19", UNKNOWN_HOUR)


def test_the_visits_are_those_the_trips_count(centre: OrgUnit) -> None:
    for hour in (9, 10):
        case = _came(centre, hour)
        make.record(case, EventKind.VISIT, on=TODAY)
        case.status, case.closed_on, case.close_outcome = CaseStatus.CLOSED, TODAY, Outcome.ADVISED
    db.session.flush()
    found = _heat()
    assert found.count() == 4
    closed = rates.trips_taken(SYSTEM, YEAR, None)
    separate = sa.text(
        "SELECT (SELECT count(*) FROM legal_case WHERE channel = 'walk_in' AND status <> 'void')"
        " + (SELECT count(*) FROM case_event WHERE kind = 'visit')"
    )
    assert found.count() == db.session.execute(separate).scalar()
    assert found.count() == closed.total


def test_every_cell_leads_to_its_visits(centre: OrgUnit) -> None:
    for hour in (9, 9, 14):
        make.record(_came(centre, hour), EventKind.VISIT, on=TODAY - timedelta(days=hour))
    found = _heat()
    for weekday in (None, *Weekday):
        for hour in (None, *found.hours):
            wanted = found.behind_of(weekday, hour)
            rows = figure_rows.visit_rows(SYSTEM, wanted)
            assert (rows.total, len(rows.rows)) == (found.count(weekday, hour),) * 2


def test_the_visits_of_a_page_go_on_where_the_last_page_ended(
    centre: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_rows, "PAGE", 2)
    case = _came(centre, 9)
    for days in (0, 0, 1, 5):
        make.record(case, EventKind.VISIT, on=TODAY - timedelta(days=days))
    seen, after = [], ""
    while not seen or after:
        page = figure_rows.visit_rows(SYSTEM, _heat().behind, after)
        seen += [row.on for row in page.rows]
        after = page.next_key
    assert seen == [TODAY, TODAY, TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=5)]


# --- ways -------------------------------------------------------------------------------


def _went(site: OrgUnit, *stages: Stage, named: bool = True) -> cases.Case:
    """A case that went through these stages, one after the other."""
    case = make.make_case(site, registered_on=TODAY, first_stage=stages[0])
    before = cases.proceedings_of(case)[0]
    for stage in stages[1:]:
        _conclude(case, before)
        more = {"follows_id": before.id} if named else {}
        before = make.open_stage(case, stage, TODAY, reason="当事人直接申请", **more)
    return case


def _conclude(case: cases.Case, proceeding: cases.Proceeding) -> None:
    outcome = {Stage.CONSULTATION: Outcome.ADVISED}.get(proceeding.stage, Outcome.FAILED)
    make.record(case, EventKind.ACCEPTED, proceeding, TODAY)
    make.record(case, EventKind.CONCLUDED, proceeding, TODAY, outcome=outcome.value)


def _ways() -> dict[tuple[str, str], int]:
    found = patterns.ways(SYSTEM, registered_in(YEAR, None))
    return {(way.came_from.value, way.went_to.value): way.cases for way in found}


@pytest.mark.parametrize("named", [True, False])
def test_a_case_goes_from_one_proceeding_to_the_next(centre: OrgUnit, named: bool) -> None:
    _went(centre, Stage.MEDIATION, Stage.ARBITRATION, named=named)
    _went(centre, Stage.CONSULTATION, Stage.MEDIATION, Stage.ARBITRATION, named=named)
    _went(centre, Stage.CONSULTATION)
    assert _ways() == {("consultation", "mediation"): 1, ("mediation", "arbitration"): 2}


def test_a_proceeding_beside_another_does_not_follow_it(centre: OrgUnit) -> None:
    case = make.make_case(centre, registered_on=TODAY, first_stage=Stage.MEDIATION)
    make.open_stage(case, Stage.INSPECTION, TODAY)
    assert _ways() == {}


def test_a_way_gone_twice_in_a_case_counts_once(centre: OrgUnit) -> None:
    case = _went(centre, Stage.CONSULTATION, Stage.MEDIATION)
    first, second = cases.proceedings_of(case)
    _conclude(case, second)
    make.open_stage(case, Stage.MEDIATION, TODAY, follows_id=first.id)
    assert _ways() == {("consultation", "mediation"): 1}


def test_every_way_leads_to_its_cases_and_a_separate_count_agrees(centre: OrgUnit) -> None:
    _went(centre, Stage.MEDIATION, Stage.ARBITRATION)
    _went(centre, Stage.CONSULTATION, Stage.ARBITRATION)
    _went(centre, Stage.CONSULTATION, Stage.MEDIATION)
    separate = Counter(
        tuple(row)
        for row in db.session.execute(
            sa.text(
                "SELECT a.stage, b.stage FROM proceeding a JOIN proceeding b ON b.follows_id = a.id"
            )
        )
    )
    for way in patterns.ways(SYSTEM, registered_in(YEAR, None)):
        listed = cases.figures(cases.search(SYSTEM, way.behind)).cases
        assert way.cases == listed == separate.pop((way.came_from.value, way.went_to.value))
    assert separate == {}


# --- employers --------------------------------------------------------------------------


def _against(site: OrgUnit, employer: parties.EmployerInput, number: int) -> None:
    for _ in range(number):
        against = [cases.NewRespondent(employer)]
        case = make.make_case(site, registered_on=TODAY, respondents=against)
        employer = parties.EmployerInput(employer_id=case.lead_employer_id)


def test_at_most_ten_companies_are_listed(centre: OrgUnit) -> None:
    for _ in range(12):
        make.make_case(centre, registered_on=TODAY)
    assert len(patterns.by_employer(SYSTEM, registered_in(YEAR, None)).cells) == 10


def test_the_companies_with_most_cases_come_first_and_lead_to_them(centre: OrgUnit) -> None:
    for name, number in (("甲公司", 1), ("乙公司", 3), ("丙公司", 2)):
        _against(centre, parties.EmployerInput(name=name), number)
    _against(centre, parties.EmployerInput(name="王某", is_individual=True), 4)
    cells = patterns.by_employer(SYSTEM, registered_in(YEAR, None)).cells
    assert [(cell.label, cell.cases) for cell in cells] == [
        ("乙公司", 3),
        ("丙公司", 2),
        ("甲公司", 1),
    ]
    for cell in cells:
        listed = cases.figures(cases.search(SYSTEM, cell.behind))
        assert (cell.cases, cell.person_times, cell.amount_fen) == (
            listed.cases,
            listed.person_times,
            listed.claimed_fen,
        )
        separate = sa.text("SELECT count(*) FROM case_party WHERE employer_id = :key")
        assert cell.cases == db.session.execute(separate, {"key": int(cell.key)}).scalar()


# --- several disputes about pay at once -------------------------------------------------


def _about_pay(site: OrgUnit, firm: parties.EmployerInput, *days: int, **more: object) -> int:
    """A dispute of the company on each of these days of the year; gives its number."""
    for day in days:
        against = [cases.NewRespondent(firm)]
        on = date(2026, 1, 1) + timedelta(days=day)
        case = make.make_case(site, registered_on=on, respondents=against, **more)
        firm = parties.EmployerInput(employer_id=case.lead_employer_id)
    return firm.employer_id or 0


def _warned() -> list[int]:
    cells = patterns.by_warning(SYSTEM, registered_in(YEAR, None)).cells
    for cell in cells:
        assert cell.cases == cases.figures(cases.search(SYSTEM, cell.behind)).cases
    return [int(cell.key) for cell in cells]


@pytest.mark.parametrize(
    ("days", "is_warned"),
    [((0, 40, 89), True), ((0, 40, 90), False), ((0, 0), False), ((5, 5, 5), True)],
)
def test_the_third_dispute_about_pay_within_ninety_days_warns(
    centre: OrgUnit, days: tuple[int, ...], is_warned: bool
) -> None:
    firm = _about_pay(centre, parties.EmployerInput(name="甲公司"), *days)
    assert _warned() == ([firm] if is_warned else [])


def test_disputes_of_another_kind_of_others_and_against_persons_do_not_warn(
    centre: OrgUnit,
) -> None:
    first = parties.EmployerInput(name="甲公司")
    _about_pay(centre, first, 0, 1, 2, dispute_kind=DisputeKind.WORK_INJURY)
    _about_pay(centre, parties.EmployerInput(name="乙公司"), 0, 1)
    _about_pay(centre, parties.EmployerInput(name="丙公司"), 2)
    _about_pay(centre, parties.EmployerInput(name="王某", is_individual=True), 0, 1, 2)
    assert _warned() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_warned_are_those_a_loop_over_the_days_finds(centre: OrgUnit, seed: int) -> None:
    draw = Random(seed)
    wanted = set()
    for number in range(8):
        days = sorted(draw.randrange(300) for _ in range(draw.randrange(1, 7)))
        firm = _about_pay(centre, parties.EmployerInput(name=f"示例第{number}公司"), *days)
        if any(sum(first <= day < first + 90 for day in days) >= 3 for first in days):
            wanted.add(firm)
    assert set(_warned()) == wanted


# --- industry and size ------------------------------------------------------------------


CLASSES = (
    (Industry.MANUFACTURING, EnterpriseSize.SMALL),
    (Industry.MANUFACTURING, None),
    (Industry.TRANSPORT, EnterpriseSize.LARGE),
    (None, None),
)


@pytest.fixture
def classed(centre: OrgUnit) -> None:
    """One case for each employer of CLASSES, and one without any employer."""
    for number, (industry, size) in enumerate(CLASSES):
        firm = parties.EmployerInput(name=f"示例{number}公司", industry=industry, size=size)
        against = [cases.NewRespondent(firm)]
        make.make_case(centre, registered_on=TODAY, respondents=against)
    # an imported line without an employer
    make.make_case(centre, registered_on=TODAY).lead_employer_id = None
    db.session.flush()


@pytest.mark.usefixtures("classed")
@pytest.mark.parametrize(
    ("tell", "rows"),
    [
        (patterns.by_industry, {"C": 2, "G": 1, "none": 2}),
        (patterns.by_size, {"small": 1, "large": 1, "none": 3}),
    ],
)
def test_industries_and_sizes_add_up_and_each_leads_to_its_cases(
    tell: Callable[..., Breakdown], rows: dict[str, int]
) -> None:
    cells = tell(SYSTEM, registered_in(YEAR, None)).cells
    assert {cell.key: cell.cases for cell in cells} == rows
    assert cells[-1].key == "none"
    for cell in cells:
        listed = cases.figures(cases.search(SYSTEM, cell.behind))
        assert (cell.cases, cell.person_times, cell.amount_fen) == (
            listed.cases,
            listed.person_times,
            listed.claimed_fen,
        )


@pytest.mark.usefixtures("classed")
def test_a_separate_count_of_an_industry_agrees(app: Flask) -> None:
    separate = sa.text(
        "SELECT count(*) FROM legal_case c JOIN employer e ON e.id = c.lead_employer_id "
        "WHERE e.industry = 'C'"
    )
    assert db.session.execute(separate).scalar() == 2


def test_a_merged_record_fills_in_what_the_other_lacks(centre: OrgUnit) -> None:
    firms = [
        parties.find_or_add_employer(parties.EmployerInput(name=name, industry=industry, size=size))
        for name, industry, size in (
            ("甲公司", Industry.TRADE, None),
            ("乙公司", Industry.MINING, EnterpriseSize.MICRO),
        )
    ]
    cases.merge_employers(SYSTEM, firms[0].id, firms[1].id)
    assert (firms[0].industry, firms[0].size) == (Industry.TRADE, EnterpriseSize.MICRO)
