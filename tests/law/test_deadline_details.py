"""Events with dates and details of their own, and the version of the rule they meet."""

from datetime import date, datetime

import pytest

from tests.support.law import CALENDAR, dues, on, only
from worker_legal.law.deadlines import Facts, compute
from worker_legal.law.enums import DeadlineState, Stage
from worker_legal.law.enums import EventKind as E
from worker_legal.law.rules import RULES

OPEN, MET = DeadlineState.OPEN, DeadlineState.MET


@pytest.mark.parametrize(
    "at",
    [
        "2026-03-19T16:30:00+00:00",
        "2026-03-20T09:00",
        "2026-03-20",
        date(2026, 3, 20),
        datetime(2026, 3, 20, 9, 0),  # noqa: DTZ001 - as a form gives it
    ],
)
def test_the_hearing_counts_from_its_own_day_in_china(at: object) -> None:
    due = only("arbitration.hearing_notice", on(E.HEARING_SCHEDULED, "2026-03-02", at=at))
    assert due.due_on == date(2026, 3, 15)


def test_a_hearing_without_its_day_counts_from_the_event() -> None:
    due = only("arbitration.hearing_notice", on(E.HEARING_SCHEDULED, "2026-03-20", at=None))
    assert due.due_on == date(2026, 3, 15)


def test_an_adjournment_replaces_the_notice() -> None:
    found = dues(
        on(E.HEARING_SCHEDULED, "2026-03-02", at="2026-03-20"),
        on(E.HEARING_ADJOURNED, "2026-03-10", at="2026-04-10"),
    )["arbitration.hearing_notice"]
    assert [(d.state, d.due_on) for d in found] == [
        (DeadlineState.CANCELLED, date(2026, 3, 15)),
        (OPEN, date(2026, 4, 5)),
    ]


def test_the_notice_given_in_time_meets_the_backward_count() -> None:
    due = only(
        "arbitration.hearing_notice",
        on(E.HEARING_SCHEDULED, "2026-03-02", at="2026-03-20"),
        on(E.HEARING_NOTICED, "2026-03-10"),
    )
    assert due.state is MET


def test_a_hearing_known_only_as_a_fact_is_met_by_any_notice() -> None:
    due = only(
        "arbitration.hearing_notice", on(E.HEARING_NOTICED, "2026-03-10"), hearing_on="2026-03-20"
    )
    assert due.state is MET


def test_a_backward_count_on_a_holiday_is_done_before_it() -> None:
    due = only("arbitration.hearing_notice", hearing_on="2026-02-24")
    assert (due.due_on, due.act_by) == (date(2026, 2, 19), date(2026, 2, 14))


def test_the_procedure_told_at_filing_is_known_at_docketing() -> None:
    found = dues(
        on(E.APPLIED, "2026-03-02", Stage.LITIGATION, procedure="summary"),
        on(E.ACCEPTED, "2026-03-04", Stage.LITIGATION),
    )
    assert "court.summary" in found
    assert "court.first_instance" not in found


def test_a_small_claims_judgment_cannot_be_appealed() -> None:
    found = dues(
        on(E.APPLIED, "2026-03-02", Stage.LITIGATION, procedure="small_claims"),
        on(E.JUDGMENT_SERVED, "2026-04-01", Stage.LITIGATION),
    )
    assert "court.appeal_judgment" not in found


def test_a_clear_injury_is_decided_in_fifteen_days() -> None:
    found = dues(on(E.ACCEPTED, "2026-03-02", Stage.WORK_INJURY, clear=True))
    assert list(found) == ["work_injury.decide_clear"]


def test_working_days_for_the_answer_are_a_switch() -> None:
    found = dues(on(E.COPY_SERVED, "2026-03-02"), flags={"answer_working_days": "yes"})
    assert "arbitration.answer" not in found
    assert found["arbitration.answer_working"][0].due_on == date(2026, 3, 16)


def test_an_event_without_stage_or_proceeding_serves_every_stage() -> None:
    found = dues(on(E.ACCEPTED, "2026-03-02", None, None))
    assert {"arbitration.decide", "work_injury.decide", "court.first_instance"} <= set(found)


def test_hours_keep_the_minute() -> None:
    start = datetime(2026, 2, 14, 22, 30)  # noqa: DTZ001 - office time
    (due,) = [
        d
        for d in compute(Facts({"first_treated_at": start}), CALENDAR)
        if d.rule_code == "work_injury.rescue"
    ]
    assert (due.due_on, due.due_at) == (
        date(2026, 2, 16),
        datetime(2026, 2, 16, 22, 30),  # noqa: DTZ001 - office time
    )


@pytest.mark.parametrize(
    ("day", "version", "due"), [("2025-06-10", 1, "2025-06-30"), ("2025-07-01", 2, "2025-07-16")]
)
def test_the_version_of_a_rule_follows_the_day_it_starts(day: str, version: int, due: str) -> None:
    found = only("appraisal.deliver", on(E.APPRAISAL_CONCLUDED, day, Stage.WORK_INJURY))
    assert (found.rule_version, found.due_on) == (version, date.fromisoformat(due))


def test_a_date_beyond_the_notices_is_acted_on_from_the_earliest() -> None:
    due = only("inspection.investigate", on(E.ACCEPTED, "2026-12-10", Stage.INSPECTION))
    assert due.provisional
    assert due.act_by is not None
    assert due.act_by <= due.due_on  # type: ignore[operator]


def test_every_rule_can_be_computed_alone() -> None:
    facts = Facts({"injured_on": date(2026, 3, 2)})
    counts = [len(compute(facts, CALENDAR, [rule])) for rule in RULES]
    assert sum(counts) == len(compute(facts, CALENDAR))
