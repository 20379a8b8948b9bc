"""The end of a case: closed with an outcome, opened again, set aside."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import builders
from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, RuleBroken
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Outcome, Stage

SYSTEM = Actor.system("tests")
TODAY = date(2026, 11, 23)


@pytest.fixture
def case(app: Flask) -> cases.Case:
    """A dispute whose only proceeding, a mediation, has failed today."""
    case = builders.make_case(
        builders.make_office(), first_stage=Stage.MEDIATION, registered_on=date(2026, 11, 16)
    )
    mediation = builders.first_proceeding(case)
    builders.record(case, EventKind.ACCEPTED, mediation)
    builders.record(case, EventKind.CONCLUDED, mediation, outcome="failed")
    return case


def test_a_case_closes_with_the_outcome_of_its_proceeding(case: cases.Case) -> None:
    cases.close(SYSTEM, case, TODAY, Outcome.FAILED)
    assert (case.status, case.closed_on) == (CaseStatus.CLOSED, TODAY)


def test_a_case_with_a_proceeding_under_way_does_not_close(case: cases.Case) -> None:
    builders.open_stage(case, Stage.ARBITRATION)
    with pytest.raises(RuleBroken, match="还有程序没有办结：仲裁"):
        cases.close(SYSTEM, case, TODAY, Outcome.FAILED)


@pytest.fixture
def advised(app: Flask) -> cases.Case:
    """A plain consultation answered today; the injury it is about was added only later."""
    case = builders.make_case(builders.make_office(), registered_on=date(2026, 11, 16))
    consultation = builders.first_proceeding(case)
    builders.record(case, EventKind.ACCEPTED, consultation)
    builders.record(case, EventKind.CONCLUDED, consultation, outcome="advised")
    case.injured_on = date(2025, 12, 15)
    return case


def test_a_consultation_with_days_left_needs_a_reason_to_close(advised: cases.Case) -> None:
    with pytest.raises(RuleBroken) as refused:
        cases.close(SYSTEM, advised, TODAY, Outcome.ADVISED)
    assert refused.value.field == "reason"


def test_with_a_reason_a_consultation_closes(advised: cases.Case) -> None:
    cases.close(SYSTEM, advised, TODAY, Outcome.ADVISED, reason="职工已自行申请认定")
    assert advised.status is CaseStatus.CLOSED


def test_a_consultation_without_pressing_dates_closes(advised: cases.Case) -> None:
    advised.injured_on = None
    cases.close(SYSTEM, advised, TODAY, Outcome.ADVISED)
    assert advised.status is CaseStatus.CLOSED


def test_an_outcome_no_proceeding_had_is_refused(case: cases.Case) -> None:
    with pytest.raises(BadInput) as refused:
        cases.close(SYSTEM, case, TODAY, Outcome.AWARDED)
    assert refused.value.field == "outcome"


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_day_of_closing_that_cannot_be_is_refused(case: cases.Case, day: date) -> None:
    with pytest.raises(BadInput) as refused:
        cases.close(SYSTEM, case, day, Outcome.FAILED)
    assert refused.value.field == "on"


def test_closing_twice_by_one_form_closes_once(case: cases.Case) -> None:
    for _ in range(2):
        cases.close(SYSTEM, case, TODAY, Outcome.FAILED, token="one-form")
    closings = [e for e in cases.all_events(case) if e.kind is EventKind.CLOSED]
    assert len(closings) == 1


def test_the_dates_of_a_closed_case_rest(case: cases.Case) -> None:
    builders.open_stage(case, Stage.ENFORCEMENT, reason="已有调解书")
    enforcement = cases.proceedings_of(case)[-1]
    builders.record(case, EventKind.WITHDRAWN, enforcement, reason="不申请了")
    cases.close(SYSTEM, case, TODAY, Outcome.FAILED)
    states = {dated.row.state for dated in cases.dated_of(case)}
    assert DeadlineState.OPEN not in states


def test_nothing_moves_in_a_closed_case_but_notes_are_taken(case: cases.Case) -> None:
    cases.close(SYSTEM, case, TODAY, Outcome.FAILED)
    builders.record(case, EventKind.NOTE, note="来电道谢")
    with pytest.raises(RuleBroken, match="先复立"):
        builders.open_stage(case, Stage.ARBITRATION)


def test_a_reopened_case_keeps_its_first_closing_on_the_timeline(case: cases.Case) -> None:
    cases.close(SYSTEM, case, TODAY, Outcome.FAILED)
    cases.reopen(SYSTEM, case, "职工补来新证据")
    reopened = cases.timeline(case)[0]
    assert (case.status, case.closed_on) == (CaseStatus.OPEN, None)
    assert reopened.payload["closed_on"] == "2026-11-23"


@pytest.mark.parametrize("verb", [cases.reopen, cases.void])
def test_reopening_and_voiding_need_a_reason(case: cases.Case, verb: object) -> None:
    cases.close(SYSTEM, case, TODAY, Outcome.FAILED)
    with pytest.raises(BadInput):
        verb(SYSTEM, case, " ")  # type: ignore[operator]


def test_only_a_closed_case_is_reopened(case: cases.Case) -> None:
    with pytest.raises(RuleBroken):
        cases.reopen(SYSTEM, case, "理由")


def test_a_void_case_keeps_its_number_and_takes_nothing_more(case: cases.Case) -> None:
    number = case.case_no
    cases.void(SYSTEM, case, "重复登记")
    assert (case.status, case.case_no) == (CaseStatus.VOID, number)
    with pytest.raises(RuleBroken, match="已经作废"):
        builders.record(case, EventKind.NOTE)


def test_a_mediator_neither_reopens_nor_voids(case: cases.Case) -> None:
    mediator = builders.make_actor(org.get_unit(case.org_unit_id), Role.MEDIATOR)
    with pytest.raises(NotAllowed):
        cases.void(mediator, case, "误登")
