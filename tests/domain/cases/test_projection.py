"""Statuses, sums and dates follow from the events, whatever their order of entry."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.support.clocks import TestClock
from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Actor
from worker_legal.errors import NotFound, WorkerLegalError
from worker_legal.infra.db import db
from worker_legal.law.calendar import WorkCalendar, YearNotice
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Stage
from worker_legal.law.stages import ENDED, SPECS

K = EventKind
SYSTEM = Actor.system("tests")
TODAY = date(2026, 11, 23)


def _due(case: cases.Case, code: str) -> cases.Deadline:
    return next(each.row for each in cases.dated_of(case) if each.row.rule_code == code)


@pytest.fixture
def case(app: Flask) -> cases.Case:
    """A dispute registered for mediation today."""
    made = builders.make_case(builders.make_office(), first_stage=Stage.MEDIATION)
    db.session.commit()
    return made


# --- dates ----------------------------------------------------------------------


def test_an_application_for_mediation_starts_its_fifteen_days(case: cases.Case) -> None:
    assert _due(case, "mediation.end").due_on == date(2026, 12, 8)


def test_an_accepted_arbitration_is_decided_in_45_days_rolled_past_rest_days(
    case: cases.Case, clock: TestClock
) -> None:
    clock.move_to(date(2026, 12, 10))
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    row = _due(case, "arbitration.decide")
    assert (row.due_on, row.provisional) == (date(2027, 1, 25), True)


def test_an_extension_adds_fifteen_days_at_most(case: cases.Case, clock: TestClock) -> None:
    clock.move_to(date(2026, 12, 10))
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.EXTENDED, arbitration, approved_by="主任", reason="复杂", days=40)
    assert _due(case, "arbitration.decide").due_on == date(2027, 2, 8)


def test_ten_days_of_suspension_move_the_date_by_ten_days(
    case: cases.Case, clock: TestClock
) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.SUSPENDED, arbitration, reason="等工伤认定")
    assert _due(case, "arbitration.decide").due_on is None
    clock.advance(days=10)
    builders.record(case, K.RESUMED, arbitration)
    assert _due(case, "arbitration.decide").due_on == date(2027, 1, 18)


def test_a_signed_agreement_opens_two_choices(case: cases.Case) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.AGREEMENT_SIGNED, mediation, agreed_fen=500_000)
    days = [_due(case, f"ratification.{way}") for way in ("review", "court")]
    assert [(row.due_on, row.optional) for row in days] == [
        (date(2026, 12, 8), True),
        (date(2026, 12, 23), True),
    ]


def test_an_award_served_gives_fifteen_days_to_sue(case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.AWARD_SERVED, arbitration, final="no", recipient="worker")
    assert _due(case, "arbitration.sue").due_on == date(2026, 12, 8)


def test_a_date_is_met_by_what_was_due(case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    row = _due(case, "arbitration.accept")
    assert (row.state, row.met_on) == (DeadlineState.MET, TODAY)


def test_a_corrected_day_moves_the_date_and_keeps_the_row(
    case: cases.Case, clock: TestClock
) -> None:
    clock.advance(days=3)
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    accepted = builders.record(case, K.ACCEPTED, arbitration)
    before = _due(case, "arbitration.decide")
    kept, version = before.id, before.version
    clock.advance(days=2)
    later = cases.NewEvent(K.ACCEPTED, TODAY + timedelta(days=5))
    cases.correct_event(SYSTEM, case, accepted.id, later, "日期看错")
    after = _due(case, "arbitration.decide")
    assert (after.id, after.due_on) == (kept, date(2027, 1, 12))
    assert after.version == version + 1


def test_dates_of_an_event_taken_back_are_gone(case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    accepted = builders.record(case, K.ACCEPTED, arbitration)
    cases.correct_event(SYSTEM, case, accepted.id, None, "登错")
    assert "arbitration.decide" not in {each.row.rule_code for each in cases.dated_of(case)}


def test_fact_dates_start_the_workers_own_periods(case: cases.Case) -> None:
    facts = cases.FactDates(injured_on=date(2025, 12, 15))
    cases.change_facts(SYSTEM, case, facts, case.version)
    assert _due(case, "work_injury.worker_applies").due_on == date(2026, 12, 15)


def test_a_date_past_before_the_case_came_starts_no_reminder(case: cases.Case) -> None:
    facts = cases.FactDates(injured_on=date(2025, 12, 15))
    cases.change_facts(SYSTEM, case, facts, case.version)
    assert _due(case, "work_injury.employer_applies").quiet


def test_a_date_of_another_case_is_not_found(case: cases.Case) -> None:
    other = builders.make_case(org.get_unit(case.org_unit_id), first_stage=Stage.MEDIATION)
    with pytest.raises(NotFound):
        cases.get_dated(case, _due(other, "mediation.end").id)


# --- sums -----------------------------------------------------------------------


def test_payments_add_up_and_a_higher_total_at_the_end_counts(case: cases.Case) -> None:
    enforcement = builders.open_stage(case, Stage.ENFORCEMENT, reason="凭调解书")
    builders.record(case, K.ACCEPTED, enforcement)
    for amount in (100, 200):
        builders.record(case, K.PAID, enforcement, received_fen=amount)
    assert case.recovered_fen == 300
    builders.record(case, K.CONCLUDED, enforcement, outcome="performed", received_fen=1_000)
    assert case.recovered_fen == 1_000


def test_agreed_and_received_are_two_sums(case: cases.Case) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.AGREEMENT_SIGNED, mediation, agreed_fen=500)
    builders.record(case, K.CONCLUDED, mediation, outcome="agreed", agreed_fen=500)
    builders.record(case, K.PAID, mediation, received_fen=200)
    assert (case.agreed_fen, case.recovered_fen) == (500, 200)


# --- all cases at once ------------------------------------------------------------


def test_recomputing_changes_nothing_when_nothing_changed(case: cases.Case) -> None:
    assert cases.recompute_all() == 0


def test_a_new_holiday_year_moves_dates_after_a_preview(case: cases.Case, clock: TestClock) -> None:
    clock.move_to(date(2026, 12, 10))
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    notice = YearNotice(2027, {date(2027, 1, 25): "示例节"}, frozenset(), "示例〔2026〕1号")
    moves = cases.moves_under(WorkCalendar([notice]))
    decide = next(move for move in moves if move.label == "作出裁决")
    assert (decide.old, decide.new) == (date(2027, 1, 25), date(2027, 1, 26))


# --- any order of events ------------------------------------------------------------

PAYLOAD = {
    "reason": "理由",
    "approved_by": "主任",
    "missing": "工资条",
    "agreed_fen": 100,
    "received_fen": 10,
    "final": "no",
    "recipient": "worker",
    "lawyer": "许律师",
    "target": "信访局",
    "route": "court",
    "at": "2026-12-01T09:00:00+08:00",
    "place": "调解室",
    "evidence": "催款短信",
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(list(EventKind)), st.integers(0, 20), st.integers(0, 3), st.integers(0, 9)
    ),
    max_size=12,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_no_order_of_events_leaves_an_impossible_state(
    case: cases.Case, clock: TestClock, steps: list[tuple[EventKind, int, int, int]]
) -> None:
    clock.move_to(TODAY + timedelta(days=21))
    for kind, day, which, what in steps:
        outer = db.session.begin_nested()
        try:
            _step(case, kind, TODAY + timedelta(days=day), which, what)
            outer.commit()
        except WorkerLegalError:
            outer.rollback()
            db.session.expire_all()
    _assert_possible(case)
    db.session.rollback()


def _step(case: cases.Case, kind: EventKind, day: date, which: int, what: int) -> None:
    proceedings = cases.proceedings_of(case)
    if what == 0:
        builders.open_stage(case, list(Stage)[which + 3], day, reason="确有例外")
        return
    events = cases.effective(cases.all_events(case))
    if what == 1:
        cases.correct_event(SYSTEM, case, events[which % len(events)].id, None, "登错")
        return
    proceeding = proceedings[which % len(proceedings)]
    possible = cases.choices_of(proceedings, cases.all_events(case))[proceeding.id]
    if what > 3 and possible:
        kind = possible[(what + day.day) % len(possible)]
    outcome = SPECS[proceeding.stage].outcomes[0].value
    builders.record(case, kind, proceeding, day, **PAYLOAD, outcome=outcome)


def _assert_possible(case: cases.Case) -> None:
    for proceeding in cases.proceedings_of(case):
        ended = proceeding.status in ENDED
        assert ended == (proceeding.concluded_on is not None) == (proceeding.outcome is not None)
        assert proceeding.concluded_on is None or proceeding.filed_on <= proceeding.concluded_on
    stored = {(d.row.rule_code, d.row.trigger_ref, d.row.due_on) for d in cases.dated_of(case)}
    assert stored == {(d.rule_code, d.trigger_ref, d.due_on) for d in cases.dues_of(case)}
    rows = db.session.query(cases.Deadline).filter_by(case_id=case.id).count()
    assert rows == len(stored)
    assert case.status is CaseStatus.OPEN
