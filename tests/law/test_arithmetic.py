"""Periods: units, rolls, adjustments and what is not yet certain (statutes §1.1-1.6)."""

from datetime import date, datetime

import pytest

from worker_legal.errors import BadInput
from worker_legal.law.arithmetic import (
    Adjustment,
    Direction,
    Extend,
    Period,
    Restart,
    Result,
    Roll,
    Suspend,
    Unit,
    add_months,
    compute_period,
    merge_suspensions,
)
from worker_legal.law.calendar import WorkCalendar

CALENDAR = WorkCalendar()
BACK = Direction.BACKWARD


def day(text: str) -> date:
    return date.fromisoformat(text)


def ends(
    start: str,
    length: int,
    unit: Unit = Unit.DAY,
    roll: Roll = Roll.FORWARD,
    *adjust: Adjustment,
) -> Result:
    return compute_period(Period(day(start), length, unit, roll=roll, adjust=adjust), CALENDAR)


@pytest.mark.parametrize(
    ("start", "length", "unit", "due"),
    [
        ("2026-03-02", 15, Unit.DAY, "2026-03-17"),
        ("2026-02-02", 15, Unit.DAY, "2026-02-24"),
        ("2026-02-13", 15, Unit.DAY, "2026-02-28"),
        ("2026-09-05", 15, Unit.DAY, "2026-09-20"),
        ("2026-09-18", 15, Unit.DAY, "2026-10-08"),
        ("2025-08-31", 6, Unit.MONTH, "2026-02-28"),
        ("2026-06-30", 3, Unit.MONTH, "2026-09-30"),
        ("2024-02-29", 1, Unit.YEAR, "2025-02-28"),
        ("2026-02-13", 5, Unit.WORKING_DAY, "2026-02-27"),
        ("2026-01-31", 1, Unit.MONTH, "2026-02-28"),
    ],
)
def test_the_last_day(start: str, length: int, unit: Unit, due: str) -> None:
    assert ends(start, length, unit).due == day(due)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2100-01-31", 1, "2100-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-07-31", 1, "2026-08-31"),
        ("2026-06-30", 6, "2026-12-30"),
        ("2027-02-28", 12, "2028-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_end_on_the_corresponding_day(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_a_period_that_does_not_roll_ends_on_a_rest_day() -> None:
    assert ends("2026-02-02", 15, roll=Roll.NONE).due == day("2026-02-17")


def test_rolling_back_pays_before_the_holiday() -> None:
    assert ends("2026-10-03", 0, roll=Roll.BACK).due == day("2026-09-30")


def test_the_raw_day_is_kept_beside_the_rolled_one() -> None:
    result = ends("2026-02-02", 15)
    assert (result.raw, result.due) == (day("2026-02-17"), day("2026-02-24"))


def test_hours_run_through_holidays() -> None:
    start = datetime(2026, 2, 14, 22, 30)  # noqa: DTZ001 - office time
    result = compute_period(Period(start, 48, Unit.HOUR), CALENDAR)
    assert result.due == datetime(2026, 2, 16, 22, 30)  # noqa: DTZ001 - office time


def test_hours_from_a_day_start_at_midnight() -> None:
    assert ends("2026-02-14", 24, Unit.HOUR).due == datetime(2026, 2, 15)  # noqa: DTZ001


def test_days_from_a_moment_forget_the_hour() -> None:
    start = datetime(2026, 3, 2, 17, 0)  # noqa: DTZ001 - office time
    assert compute_period(Period(start, 1), CALENDAR).due == day("2026-03-03")


# Adjustments


def test_an_extension_counts_from_the_start() -> None:
    result = ends("2025-11-30", 3, Unit.MONTH, Roll.FORWARD, Extend(1, Unit.MONTH))
    assert result.due == day("2026-03-30")


def test_an_extension_in_another_unit_is_added_to_the_end_before_the_roll() -> None:
    result = ends("2026-01-17", 1, Unit.MONTH, Roll.FORWARD, Extend(10, Unit.DAY))
    assert result.due == day("2026-02-27")


def test_extensions_of_the_same_other_unit_make_one_length() -> None:
    twice = (Extend(10, Unit.DAY), Extend(5, Unit.DAY))
    assert ends("2026-01-17", 1, Unit.MONTH, Roll.NONE, *twice).due == day("2026-03-04")


def test_suspended_days_count_first_and_last() -> None:
    span = Suspend(day("2026-03-11"), day("2026-04-09"))
    assert ends("2026-03-02", 45, Unit.DAY, Roll.NONE, span).due == day("2026-05-16")


def test_overlapping_suspensions_count_each_day_once() -> None:
    spans = (
        Suspend(day("2026-03-11"), day("2026-03-20")),
        Suspend(day("2026-03-15"), day("2026-03-25")),
    )
    assert ends("2026-03-02", 45, Unit.DAY, Roll.NONE, *spans).due == day("2026-05-01")


def test_suspensions_that_touch_become_one() -> None:
    spans = [
        Suspend(day("2026-03-21"), day("2026-03-25")),
        Suspend(day("2026-03-11"), day("2026-03-20")),
    ]
    assert merge_suspensions(spans) == (Suspend(day("2026-03-11"), day("2026-03-25")),)


def test_a_restart_before_the_end_starts_anew() -> None:
    assert ends("2026-03-02", 45, Unit.DAY, Roll.NONE, Restart(day("2026-03-10"))).due == day(
        "2026-04-24"
    )


def test_a_restart_on_the_rolled_last_day_still_counts() -> None:
    moved = ends("2026-02-02", 15, Unit.DAY, Roll.FORWARD, Restart(day("2026-02-24")))
    assert moved.due == day("2026-03-11")


def test_a_restart_after_the_end_does_not_revive() -> None:
    late = ends("2026-02-02", 15, Unit.DAY, Roll.FORWARD, Restart(day("2026-02-25")))
    assert late.due == day("2026-02-24")


def test_a_restart_before_the_start_changes_nothing() -> None:
    early = ends("2026-03-02", 15, Unit.DAY, Roll.FORWARD, Restart(day("2026-02-25")))
    assert early.due == day("2026-03-17")


def test_restarts_chain() -> None:
    chain = (Restart(day("2026-12-01")), Restart(day("2025-12-05")))
    assert ends("2025-03-10", 1, Unit.YEAR, Roll.NONE, *chain).due == day("2027-12-01")


def test_a_suspension_keeps_a_restart_in_time() -> None:
    adjust = (Suspend(day("2026-03-03"), day("2026-03-12")), Restart(day("2026-03-25")))
    result = ends("2026-03-02", 15, Unit.DAY, Roll.NONE, *adjust)
    assert [step.kind for step in result.steps].count("restart") == 1


def test_hours_can_start_anew() -> None:
    again = Restart(datetime(2026, 2, 15, 8, 0))  # noqa: DTZ001 - office time
    start = datetime(2026, 2, 14, 22, 30)  # noqa: DTZ001 - office time
    result = compute_period(Period(start, 48, Unit.HOUR, adjust=(again,)), CALENDAR)
    assert result.due == datetime(2026, 2, 17, 8, 0)  # noqa: DTZ001 - office time


def test_the_order_in_which_adjustments_are_given_does_not_matter() -> None:
    adjust = (
        Extend(15, Unit.DAY),
        Suspend(day("2026-03-11"), day("2026-04-09")),
        Restart(day("2026-03-10")),
    )
    forward = ends("2026-03-02", 45, Unit.DAY, Roll.FORWARD, *adjust)
    backward = ends("2026-03-02", 45, Unit.DAY, Roll.FORWARD, *adjust[::-1])
    assert forward.due == backward.due == day("2026-06-08")


# Counting back


@pytest.mark.parametrize(
    ("start", "length", "unit", "roll", "due"),
    [
        ("2026-03-20", 5, Unit.DAY, Roll.NONE, "2026-03-15"),
        ("2026-02-24", 5, Unit.DAY, Roll.FORWARD, "2026-02-19"),
        ("2026-02-24", 5, Unit.DAY, Roll.BACK, "2026-02-14"),
        ("2026-10-12", 7, Unit.WORKING_DAY, Roll.NONE, "2026-09-24"),
        ("2026-03-31", 1, Unit.MONTH, Roll.NONE, "2026-02-28"),
        ("2026-03-20", 0, Unit.DAY, Roll.NONE, "2026-03-20"),
    ],
)
def test_counting_back(start: str, length: int, unit: Unit, roll: Roll, due: str) -> None:
    period = Period(day(start), length, unit, BACK, roll)
    assert compute_period(period, CALENDAR).due == day(due)


def test_counting_back_names_the_working_day_before_a_holiday() -> None:
    steps = compute_period(Period(day("2026-02-24"), 5, direction=BACK), CALENDAR).steps
    assert [s.params["end"] for s in steps if s.kind == "act_before"] == [day("2026-02-14")]


def test_counting_hours_back() -> None:
    start = datetime(2026, 3, 20, 9, 0)  # noqa: DTZ001 - office time
    result = compute_period(Period(start, 24, Unit.HOUR, BACK), CALENDAR)
    assert result.due == datetime(2026, 3, 19, 9, 0)  # noqa: DTZ001 - office time


def test_a_moved_event_moves_the_backward_count() -> None:
    period = Period(
        day("2026-03-20"), 5, direction=BACK, adjust=(Restart(day("2026-03-27")),), roll=Roll.NONE
    )
    assert compute_period(period, CALENDAR).due == day("2026-03-22")


def test_a_backward_count_cannot_be_extended() -> None:
    period = Period(day("2026-03-20"), 5, direction=BACK, adjust=(Extend(1, Unit.DAY),))
    with pytest.raises(BadInput, match="倒数"):
        compute_period(period, CALENDAR)


# Beyond the published notices


@pytest.mark.parametrize(
    ("start", "length", "unit", "roll", "provisional"),
    [
        ("2026-12-01", 30, Unit.DAY, Roll.FORWARD, False),
        ("2026-12-01", 31, Unit.DAY, Roll.NONE, True),
        ("2026-12-20", 15, Unit.DAY, Roll.FORWARD, True),
        ("2003-12-31", 5, Unit.DAY, Roll.FORWARD, False),
        ("2003-12-30", 5, Unit.DAY, Roll.FORWARD, True),
        ("2027-03-01", 0, Unit.DAY, Roll.FORWARD, True),
        ("2026-12-31", 24, Unit.HOUR, Roll.NONE, True),
    ],
)
def test_what_is_provisional(
    start: str, length: int, unit: Unit, roll: Roll, provisional: bool
) -> None:
    assert ends(start, length, unit, roll).provisional is provisional


def test_new_year_2027_is_known_before_the_notice() -> None:
    assert ends("2026-12-17", 15).due == day("2027-01-04")


def test_a_published_result_has_no_range() -> None:
    result = ends("2026-03-02", 15)
    assert (result.earliest, result.latest) == (result.due, result.due)


def test_a_working_day_count_into_the_unknown_has_a_range() -> None:
    result = ends("2026-12-10", 60, Unit.WORKING_DAY)
    assert (result.earliest, result.due, result.latest) == (
        day("2027-03-03"),
        day("2027-03-05"),
        day("2027-03-16"),
    )


def test_zero_working_days_into_the_unknown() -> None:
    result = ends("2027-03-01", 0, Unit.WORKING_DAY)
    assert (result.earliest, result.latest) == (day("2027-03-01"), day("2027-03-01"))


def test_a_range_survives_an_extension_and_a_suspension() -> None:
    adjust = (Extend(10, Unit.WORKING_DAY), Suspend(day("2027-01-11"), day("2027-01-20")))
    result = ends("2026-12-10", 1, Unit.MONTH, Roll.FORWARD, *adjust)
    assert result.earliest <= result.due <= result.latest


def test_a_suspended_working_day_count_rolls_to_a_working_day() -> None:
    span = Suspend(day("2027-01-11"), day("2027-01-12"))
    result = ends("2027-01-04", 4, Unit.WORKING_DAY, Roll.FORWARD, span)
    assert CALENDAR.is_working(result.due)


def test_an_uncertain_count_goes_on_from_both_ends() -> None:
    adjust = (Extend(1, Unit.MONTH), Extend(20, Unit.WORKING_DAY))
    result = ends("2026-12-10", 10, Unit.WORKING_DAY, Roll.FORWARD, adjust[0])
    assert result.earliest <= result.due <= result.latest


def test_a_month_then_working_days_has_a_range() -> None:
    adjust = (Suspend(day("2027-01-04"), day("2027-01-05")), Extend(20, Unit.WORKING_DAY))
    result = ends("2026-12-28", 10, Unit.WORKING_DAY, Roll.BACK, *adjust)
    assert result.earliest <= result.due <= result.latest


def test_working_days_after_an_uncertain_day() -> None:
    adjust = (Extend(1, Unit.MONTH), Extend(5, Unit.WORKING_DAY))
    result = ends("2027-01-20", 3, Unit.DAY, Roll.FORWARD, *adjust)
    assert result.earliest <= result.due <= result.latest


@pytest.mark.parametrize(
    ("unit", "roll"),
    [(Unit.WORKING_DAY, Roll.NONE), (Unit.DAY, Roll.BACK), (Unit.DAY, Roll.NONE)],
)
def test_a_backward_count_into_the_unknown_is_provisional(unit: Unit, roll: Roll) -> None:
    result = compute_period(Period(day("2027-02-25"), 7, unit, BACK, roll), CALENDAR)
    assert result.provisional
    assert result.earliest <= result.due <= result.latest


def test_a_backward_count_from_the_unknown_names_the_unknown_year() -> None:
    result = compute_period(Period(day("2027-01-04"), 6, direction=BACK), CALENDAR)
    assert [s.params["year"] for s in result.steps if s.kind == "provisional"] == [2027]


@pytest.mark.parametrize(
    ("start", "length", "unit"),
    [
        ("9999-12-30", 10, Unit.DAY),
        ("9999-12-30", 10, Unit.WORKING_DAY),
        ("9999-12-30", 1, Unit.MONTH),
        ("9999-12-30", 1, Unit.YEAR),
        ("9999-12-30", 100, Unit.HOUR),
    ],
)
def test_a_date_outside_the_calendar_is_refused(start: str, length: int, unit: Unit) -> None:
    with pytest.raises(BadInput, match="超出"):
        ends(start, length, unit)


def test_counting_back_before_the_calendar_is_refused() -> None:
    with pytest.raises(BadInput, match="超出"):
        compute_period(Period(day("0001-01-03"), 10, Unit.WORKING_DAY, BACK), CALENDAR)
