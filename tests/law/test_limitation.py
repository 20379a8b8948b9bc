"""The radar: how long each right still lasts, and when it is urgent."""

from datetime import date
from typing import Any

import pytest

from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Due, Facts, Happening, compute
from worker_legal.law.enums import DeadlineState, Stage
from worker_legal.law.enums import EventKind as E
from worker_legal.law.limitation import Right, radar, urgent_aid

CALENDAR = WorkCalendar()
TODAY = date(2026, 11, 23)


def rights(*happenings: Happening, today: date = TODAY, **dates: str) -> dict[str, Right]:
    facts = Facts({k: date.fromisoformat(v) for k, v in dates.items()}, {}, happenings)
    return {right.code: right for right in radar(facts, CALENDAR, today)}


def dues(today: date, *happenings: Happening, **dates: str) -> list[Due]:
    facts = Facts({k: date.fromisoformat(v) for k, v in dates.items()}, {}, happenings)
    return compute(facts, CALENDAR, as_of=today)


def on(kind: E, day: str, stage: Stage | None = None, **data: Any) -> Happening:
    return Happening(kind, date.fromisoformat(day), stage, "event:1", None, data)


def test_the_four_rights_stand_in_order() -> None:
    assert list(rights()) == ["work_injury", "arbitration", "inspection", "enforcement"]


def test_an_injury_eleven_months_ago_is_hot() -> None:
    right = rights(injured_on="2025-12-15")["work_injury"]
    assert (right.last_day, right.days_left, right.hot) == (date(2026, 12, 15), 22, True)


@pytest.mark.parametrize(
    ("injured", "left", "hot"), [("2025-12-22", 29, True), ("2025-12-23", 30, False)]
)
def test_hot_means_fewer_than_thirty_days(injured: str, left: int, hot: bool) -> None:
    right = rights(injured_on=injured)["work_injury"]
    assert (right.days_left, right.hot) == (left, hot)


def test_leaving_starts_the_arbitration_year() -> None:
    right = rights(left_on="2026-10-31", unpaid_from="2026-09-10")["arbitration"]
    assert (right.last_day, right.provisional, right.hot) == (date(2027, 11, 1), True, False)


def test_an_uncertain_right_counts_to_its_earliest_day() -> None:
    right = rights(left_on="2026-10-09")["arbitration"]
    assert right.last_day == date(2027, 10, 11)
    assert right.days_left == (date(2027, 10, 9) - TODAY).days


def test_wages_while_employed_have_no_last_day() -> None:
    right = rights(unpaid_from="2025-01-10")["arbitration"]
    assert (right.last_day, right.unlimited, right.hot) == (None, True, False)


def test_the_reason_for_no_last_day_is_told() -> None:
    assert "不受1年时效" in rights(unpaid_from="2025-01-10")["arbitration"].sum_text()


def test_another_dispute_of_an_employed_worker_is_still_limited() -> None:
    right = rights(unpaid_from="2025-01-10", dispute_known_on="2026-01-05")["arbitration"]
    assert right.last_day == date(2027, 1, 5)


def test_inspection_looks_back_two_years_from_the_first_arrears() -> None:
    right = rights(unpaid_from="2026-09-10")["inspection"]
    assert (right.last_day, right.days_left) == (date(2028, 9, 10), 657)


def test_a_right_not_started_says_when_it_will() -> None:
    right = rights()["enforcement"]
    assert (right.last_day, right.due) == (None, None)
    assert right.sum_text() == "有了裁决书、调解书或者判决书，从履行期最后一天起算。"


def test_the_sum_in_one_line() -> None:
    right = rights(left_on="2026-10-31")["arbitration"]
    assert right.sum_text() == "2026-10-31 离职 + 1年 = 2027-10-31 周日 → 2027-11-01 周一"


def test_the_sum_shows_interruption_and_pause() -> None:
    right = rights(
        on(E.INTERRUPTED, "2026-05-11"),
        on(E.SUSPENDED, "2026-06-01"),
        on(E.RESUMED, "2026-06-10"),
        dispute_known_on="2026-01-05",
    )["arbitration"]
    assert right.sum_text() == (
        "2026-01-05 知道或者应当知道权利被侵害 → 2026-05-11 时效中断 "
        "+ 1年 = 2027-05-11 周二 + 10日，自然日 = 2027-05-21 周五"
    )


def test_a_right_carries_its_article() -> None:
    assert rights()["work_injury"].law_text() == "《工伤保险条例》第17条第2款"


def test_a_right_used_is_not_hot() -> None:
    right = rights(on(E.APPLIED, "2026-11-20", Stage.WORK_INJURY), injured_on="2025-12-15")
    assert (right["work_injury"].state, right["work_injury"].hot) == (DeadlineState.MET, False)


def test_a_right_lost_stays_hot() -> None:
    right = rights(injured_on="2025-10-15")["work_injury"]
    assert (right.state, right.hot) == (DeadlineState.LAPSED, True)


def test_a_paused_right_says_so() -> None:
    right = rights(on(E.SUSPENDED, "2026-06-01"), dispute_known_on="2026-01-05")["arbitration"]
    assert (right.last_day, right.sum_text()) == (None, "时效中止，障碍消除后接着计算。")


def test_of_two_documents_the_first_to_lapse_is_shown() -> None:
    early = Happening(E.DOCUMENT_EFFECTIVE, date(2025, 3, 10), Stage.ARBITRATION, "a", 1)
    late = Happening(E.DOCUMENT_EFFECTIVE, date(2026, 3, 10), Stage.LITIGATION, "b", 2)
    assert rights(late, early)["enforcement"].last_day == date(2027, 3, 10)


@pytest.mark.parametrize(
    ("today", "urgent"),
    [
        ("2026-12-08", False),
        ("2026-12-09", True),
        ("2026-12-15", True),
        ("2026-12-16", False),
    ],
)
def test_aid_may_come_first_with_under_seven_days_left(today: str, urgent: bool) -> None:
    now = date.fromisoformat(today)
    assert urgent_aid(dues(now, injured_on="2025-12-15"), now) is urgent


def test_a_right_already_used_is_not_urgent() -> None:
    applied = on(E.APPLIED, "2026-12-10", Stage.WORK_INJURY)
    now = date(2026, 12, 12)
    assert not urgent_aid(dues(now, applied, injured_on="2025-12-15"), now)


@pytest.mark.parametrize(("recipient", "urgent"), [("worker", True), ("employer", False)])
def test_the_days_to_sue_make_aid_urgent_for_the_worker_only(recipient: str, urgent: bool) -> None:
    award = on(E.AWARD_SERVED, "2026-11-12", Stage.ARBITRATION, recipient=recipient)
    assert urgent_aid(dues(TODAY, award), TODAY) is urgent


def test_a_date_of_somebody_else_does_not_make_aid_urgent() -> None:
    accepted = on(E.ACCEPTED, "2026-11-20", Stage.ARBITRATION)
    assert not urgent_aid(dues(TODAY, accepted), TODAY)


def test_a_right_without_a_last_day_is_not_urgent() -> None:
    assert not urgent_aid(dues(TODAY, unpaid_to="2026-09-30"), TODAY)


@pytest.mark.parametrize(
    ("procedure", "last_day"),
    [("payment_order", "2026-06-10"), ("administrative", "2026-03-10")],
)
def test_a_payment_order_starts_the_year_afresh(procedure: str, last_day: str) -> None:
    applied = on(E.APPLIED, "2025-06-10", Stage.LITIGATION, procedure=procedure)
    right = rights(applied, dispute_known_on="2025-03-10")["arbitration"]
    assert str(right.due and right.due.due_on) == last_day
