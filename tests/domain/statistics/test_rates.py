"""Rates, time to close and trips against counts written separately."""

from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests import builders as make
from worker_legal.domain import cases
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import locks, rates
from worker_legal.domain.statistics import rows as figure_rows
from worker_legal.domain.statistics.definitions import BY_VERSION, DEFINITIONS_VERSION
from worker_legal.domain.statistics.measures import Period
from worker_legal.domain.statistics.rates import Rate
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, Channel, EventKind, Outcome, Stage

SYSTEM = Actor.system("tests")
YEAR = Period(date(2026, 1, 1), date(2026, 11, 22))
START = date(2026, 3, 2)
SPAN = {"a": YEAR.first, "b": YEAR.last}
CLOSED = "c.status <> 'void' AND c.registered_on <= :b AND c.closed_on BETWEEN :a AND :b"


def _sql(text: str) -> int:
    return int(db.session.execute(sa.text(text), SPAN).scalar() or 0)


def _rate(code: str) -> Rate:
    return next(rate for rate in rates.rates(SYSTEM, YEAR, None) if rate.code == code)


def _case(
    site: OrgUnit,
    stage: Stage = Stage.MEDIATION,
    outcome: Outcome | None = Outcome.AGREED,
    days: int = 10,
    **changes: Any,
) -> cases.Case:
    """A case with one proceeding, concluded and closed after some days unless without outcome."""
    case = make.make_case(site, registered_on=START, **changes)
    own = next((p for p in cases.proceedings_of(case) if p.stage is stage), None)
    proceeding = own or make.open_stage(case, stage, START)
    if proceeding.stage in {Stage.MEDIATION, Stage.ARBITRATION}:
        make.record(case, EventKind.ACCEPTED, proceeding, START)
    if outcome is not None:
        ended = START + timedelta(days=days)
        make.record(case, EventKind.CONCLUDED, proceeding, ended, outcome=outcome.value)
    return case


def _close(case: cases.Case, days: int, outcome: Outcome) -> None:
    for proceeding in cases.proceedings_of(case):
        if proceeding.concluded_on is None:
            make.record(
                case, EventKind.WITHDRAWN, proceeding, START + timedelta(days=days), reason="已解决"
            )
    case.status = CaseStatus.CLOSED
    case.closed_on = START + timedelta(days=days)
    case.close_outcome = outcome
    db.session.flush()


def test_mediation_succeeds_by_agreement_and_settlement(centre: OrgUnit) -> None:
    for outcome in (Outcome.AGREED, Outcome.RECONCILED, Outcome.FAILED, None):
        _case(centre, outcome=outcome)
    found = _rate("mediation_success")
    assert (found.part, found.whole, found.permille) == (2, 3, 667)
    ended = "stage = 'mediation' AND status IN ('concluded', 'withdrawn')"
    days = "concluded_on BETWEEN :a AND :b"
    whole = f"SELECT count(DISTINCT case_id) FROM proceeding WHERE {ended} AND {days}"
    assert found.whole == _sql(whole)
    assert found.part == _sql(f"{whole} AND outcome IN ('agreed', 'reconciled')")


def test_a_mediation_that_runs_is_not_closed(centre: OrgUnit) -> None:
    _case(centre, outcome=None)
    found = _rate("mediation_success")
    assert (found.part, found.whole, found.permille) == (0, 0, None)


def test_the_closing_rate_is_of_what_was_on_the_books(centre: OrgUnit) -> None:
    _close(_case(centre), 10, Outcome.AGREED)
    _case(centre, outcome=None)
    make.make_case(centre, registered_on=date(2025, 6, 1))
    found = _rate("closing")
    assert (found.part, found.whole) == (1, 3)
    assert found.part == _sql(f"SELECT count(*) FROM legal_case c WHERE {CLOSED}")


def test_in_the_park_means_no_proceeding_outside_and_no_referral(centre: OrgUnit) -> None:
    _close(_case(centre), 10, Outcome.AGREED)
    _close(_case(centre, Stage.ARBITRATION, Outcome.AWARDED), 30, Outcome.AWARDED)
    _close(_case(centre), 10, Outcome.REFERRED)
    found = _rate("in_park")
    assert (found.part, found.whole) == (1, 3)
    assert found.part == _sql(
        f"SELECT count(*) FROM legal_case c WHERE {CLOSED} AND c.close_outcome <> 'referred' "
        "AND NOT EXISTS (SELECT 1 FROM proceeding p WHERE p.case_id = c.id "
        "AND p.stage NOT IN ('consultation', 'legal_aid', 'mediation'))"
    )


@pytest.mark.parametrize(("days", "on_time"), [(10, 1), (120, 0)])
def test_on_time_is_within_the_legal_period(centre: OrgUnit, days: int, on_time: int) -> None:
    _close(_case(centre, Stage.ARBITRATION, Outcome.AWARDED, days), days + 5, Outcome.AWARDED)
    found = _rate("on_time")
    assert (found.part, found.whole) == (on_time, 1)
    decided = (
        "SELECT count(DISTINCT p.id) FROM proceeding p JOIN deadline d ON d.proceeding_id = p.id "
        "WHERE p.concluded_on BETWEEN :a AND :b AND d.rule_code = 'arbitration.decide'"
    )
    assert found.whole == _sql(decided)
    assert found.part == _sql(f"{decided} AND d.met_on <= d.due_on")


def test_each_proceeding_of_a_case_is_on_time_or_late_for_itself(centre: OrgUnit) -> None:
    case = _case(centre, Stage.MEDIATION, Outcome.FAILED, 5)
    late = make.open_stage(case, Stage.ARBITRATION, START + timedelta(days=6))
    make.record(case, EventKind.ACCEPTED, late, START + timedelta(days=7))
    ended = START + timedelta(days=150)
    make.record(case, EventKind.CONCLUDED, late, ended, outcome=Outcome.AWARDED.value)
    found = _rate("on_time")
    assert (found.part, found.whole, found.rows) == (1, 2, "matters")
    listed = figure_rows.matter_rows(SYSTEM, found.whole_behind)
    assert [row.on for row in listed.rows] == [ended, START + timedelta(days=5)]
    kept = figure_rows.matter_rows(SYSTEM, found.part_behind)
    assert [row.matter and row.matter.stage for row in kept.rows] == [Stage.MEDIATION]


def test_a_case_need_not_be_closed_for_its_proceeding_to_count(centre: OrgUnit) -> None:
    _case(centre, Stage.MEDIATION, Outcome.AGREED, 5)
    _case(centre, Stage.MEDIATION, None)
    found = _rate("on_time")
    assert (found.part, found.whole) == (1, 1)


def test_a_final_award_is_told_by_its_service(centre: OrgUnit) -> None:
    for final in ("yes", "no"):
        case = _case(centre, Stage.ARBITRATION, Outcome.AWARDED)
        served = next(p for p in cases.proceedings_of(case) if p.stage is Stage.ARBITRATION)
        on = START + timedelta(days=12)
        make.record(case, EventKind.AWARD_SERVED, served, on, final=final, recipient="worker")
    found = _rate("final_award")
    assert (found.part, found.whole) == (1, 2)
    awards = (
        "SELECT count(DISTINCT p.case_id) FROM proceeding p "
        "JOIN case_event e ON e.proceeding_id = p.id AND e.kind = 'award_served' "
        "WHERE p.outcome = 'awarded' AND p.concluded_on BETWEEN :a AND :b"
    )
    assert found.whole == _sql(awards)
    final = "replace(CAST(e.payload AS text), ' ', '') LIKE '%\"final\"\\:\"yes\"%'"
    assert found.part == _sql(f"{awards} AND {final}")


def test_a_visit_is_a_trip_and_so_is_coming_in_person(centre: OrgUnit) -> None:
    for channel, visits in ((Channel.PHONE, 0), (Channel.PHONE, 1), (Channel.WALK_IN, 2)):
        case = _case(centre, channel=channel)
        for _ in range(visits):
            make.record(case, EventKind.VISIT, on=START)
        wrong = make.record(case, EventKind.VISIT, on=START)
        cases.correct_event(SYSTEM, case, wrong.id, None, "误记的到访")
        _close(case, 10, Outcome.AGREED)
        assert cases.visits_of(case, cases.all_events(case)) == visits + (visits == 2)
    found = rates.trips_taken(SYSTEM, YEAR, None)
    assert (found.total, found.cases, found.mean_tenths) == (4, 3, 13)
    in_person = f"SELECT count(*) FROM legal_case c WHERE {CLOSED} AND c.channel = 'walk_in'"
    came = (
        "FROM case_event e WHERE e.kind = 'visit' AND NOT e.is_retraction "
        "AND e.id NOT IN (SELECT corrects_id FROM case_event WHERE corrects_id IS NOT NULL)"
    )
    assert found.total == _sql(in_person) + _sql(f"SELECT count(*) {came}")
    each = rates.trips_per_worker(SYSTEM, YEAR, None)
    assert (each.total, each.cases) == (4, 3)
    one = _rate("one_trip")
    assert (one.part, one.whole) == (2, 3)
    assert one.part == _sql(
        f"SELECT count(*) FROM legal_case c WHERE {CLOSED} AND (SELECT count(*) {came} "
        "AND e.case_id = c.id) + CASE WHEN c.channel = 'walk_in' THEN 1 ELSE 0 END <= 1"
    )


def test_days_have_a_mean_and_a_median(centre: OrgUnit) -> None:
    for days in (10, 11, 30, 100):
        _close(_case(centre), days, Outcome.AGREED)
    found = rates.time_to_close(SYSTEM, YEAR, None)
    assert (found.total, found.cases, found.mean_tenths, found.median_twice) == (151, 4, 378, 41)
    spans = db.session.execute(
        sa.text(f"SELECT c.registered_on, c.closed_on FROM legal_case c WHERE {CLOSED}"),  # noqa: S608
        SPAN,
    )
    taken = [date.fromisoformat(str(b)) - date.fromisoformat(str(a)) for a, b in spans]
    assert sum(span.days for span in taken) == found.total
    assert median(span.days for span in taken) * 2 == found.median_twice


def test_awards_are_those_of_arbitration(centre: OrgUnit) -> None:
    case = make.make_case(centre, registered_on=START)
    for stage, outcome in (
        (Stage.ARBITRATION, Outcome.AWARDED),
        (Stage.LITIGATION, Outcome.JUDGMENT_FIRST),
    ):
        proceeding = make.open_stage(case, stage, START)
        make.record(case, EventKind.ACCEPTED, proceeding, START)
        make.record(
            case, EventKind.CONCLUDED, proceeding, START, outcome=outcome.value, awarded_fen=700
        )
    assert rates.awarded(SYSTEM, YEAR, None) == 700
    assert (
        _sql(
            "SELECT sum(p.awarded_fen) FROM proceeding p JOIN legal_case c ON c.id = p.case_id "
            "WHERE p.stage = 'arbitration' AND c.registered_on BETWEEN :a AND :b"
        )
        == 700
    )


@given(st.lists(st.integers(0, 400), max_size=30))
def test_the_median_lies_in_the_middle(days: list[int]) -> None:
    counts = [(day, days.count(day)) for day in sorted(set(days))]
    line = sorted(days)
    middle = line[(len(line) - 1) // 2] + line[len(line) // 2] if line else None
    assert rates._median_twice(counts) == middle  # noqa: SLF001 - the median itself is the point


def test_a_lock_keeps_the_rates_with_both_numbers(centre: OrgUnit) -> None:
    _close(_case(centre), 10, Outcome.AGREED)
    kept = locks.figures_of(locks.lock(SYSTEM, YEAR, centre.id))
    assert (kept["closing_part", ""], kept["closing_whole", ""], kept["days", ""]) == (1, 1, 10)


def test_a_version_of_the_definitions_stays_as_it_was() -> None:
    assert "awarded" not in BY_VERSION[1]
    assert set(BY_VERSION[1]) < set(BY_VERSION[DEFINITIONS_VERSION])


def _awarded(site: OrgUnit, *said: str | None) -> cases.Case:
    """A case closed by award, with these results on the awards that were served in turn."""
    case = _case(site, Stage.ARBITRATION, outcome=None)
    proceeding = next(p for p in cases.proceedings_of(case) if p.stage is Stage.ARBITRATION)
    for place, prevailed in enumerate(said):
        more = {} if prevailed is None else {"prevailed": prevailed}
        make.record(
            case,
            EventKind.AWARD_SERVED,
            proceeding,
            START + timedelta(days=5 + place),
            final="no",
            recipient="worker",
            **more,
        )
    _close(case, 20, Outcome.AWARDED)
    return case


def _results() -> dict[str, int]:
    return {rate.code: rate.part for rate in rates.results(SYSTEM, YEAR, None)}


def test_awards_are_told_by_who_prevailed(centre: OrgUnit) -> None:
    for said in (("worker",), ("worker",), ("both",), ("employer",), (None,), ()):
        _awarded(centre, *said)
    _close(_case(centre, outcome=None), 10, Outcome.AGREED)
    assert _results() == {
        "worker_prevailed": 2,
        "both_prevailed": 1,
        "employer_prevailed": 1,
        "result_not_recorded": 2,
    }


def test_the_last_award_that_stands_says_the_result(centre: OrgUnit) -> None:
    _awarded(centre, "employer", "worker")
    case = _awarded(centre, "worker", "employer")
    last = max(
        (event for event in cases.timeline(case) if event.kind is EventKind.AWARD_SERVED),
        key=lambda event: event.id,
    )
    cases.correct_event(SYSTEM, case, last.id, None, "记错案件")
    assert _results()["worker_prevailed"] == 2


def test_each_result_leads_to_its_cases_and_they_add_up(centre: OrgUnit) -> None:
    for said in (("worker",), ("both",), (None,)):
        _awarded(centre, *said)
    found = rates.results(SYSTEM, YEAR, None)
    by_award = _sql(
        f"SELECT count(*) FROM legal_case c WHERE {CLOSED} AND c.close_outcome = 'awarded'"
    )
    assert sum(rate.part for rate in found) == by_award == 3
    for rate in found:
        assert rate.part == cases.figures(cases.search(SYSTEM, rate.part_behind)).cases
        assert rate.whole == cases.figures(cases.search(SYSTEM, rate.whole_behind)).cases
