"""Months, years and part months: both ends count."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.compensation.counting import (
    add_months,
    full_months,
    service_months,
    stretch,
    years_begun,
)

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
lengths = st.integers(min_value=0, max_value=12_000)


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2031, 3, 1), -60, date(2026, 3, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_adds_months_down_to_the_last_day(day: date, months: int, reached: date) -> None:
    assert add_months(day, months) == reached


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 3, 1), date(2026, 8, 31), 6),
        (date(2026, 3, 1), date(2026, 8, 30), 5),
        (date(2025, 8, 31), date(2026, 2, 27), 6),
        (date(2025, 8, 31), date(2026, 2, 26), 5),
        (date(2023, 8, 31), date(2024, 2, 28), 6),
        (date(2026, 1, 1), date(2026, 12, 31), 12),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
        (date(2026, 1, 31), date(2026, 3, 30), 2),
    ],
)
def test_counts_full_months(first: date, last: date, months: int) -> None:
    assert full_months(first, last) == months


@given(days, lengths)
def test_full_months_are_the_most_that_fit(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    months = full_months(first, last)
    after = last + timedelta(days=1)
    assert add_months(first, months) <= after < add_months(first, months + 1)


@given(days, lengths)
def test_a_longer_service_is_never_worth_less(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert service_months(first, last) <= service_months(first, last + timedelta(days=1))


@given(days, st.integers(min_value=1, max_value=600))
def test_whole_years_of_service_are_worth_their_number(first: date, months: int) -> None:
    last = add_months(first, months) - timedelta(days=1)
    years, rest = divmod(months, 12)
    part = Fraction(0) if not rest else Fraction(1, 2) if rest < 6 else Fraction(1)
    assert service_months(first, last) == years + part


@pytest.mark.parametrize(
    ("first", "years"),
    [
        (date(2007, 12, 31), 1),
        (date(2007, 1, 1), 1),
        (date(2006, 12, 31), 2),
        (date(2006, 6, 1), 2),
        (date(2006, 1, 1), 2),
    ],
)
def test_a_part_year_counts_as_a_year(first: date, years: int) -> None:
    assert years_begun(first, date(2007, 12, 31)) == years


@given(days, st.integers(min_value=0, max_value=12), lengths)
def test_a_stretch_has_a_month_at_most_beyond_its_full_months(
    anchor: date, skip: int, length: int
) -> None:
    time = stretch(anchor, skip, add_months(anchor, skip) + timedelta(days=length), WorkCalendar())
    assert time is not None
    assert time.full <= time.months <= time.full + 1


@given(st.dates(date(2008, 1, 1), date(2025, 1, 1)))
def test_an_unbroken_window_is_eleven_months_for_every_hire_date(hired: date) -> None:
    time = stretch(hired, 1, add_months(hired, 12) - timedelta(days=1), WorkCalendar())
    assert time is not None
    assert time.months == 11


def test_there_is_no_stretch_before_its_first_day() -> None:
    assert stretch(date(2026, 3, 1), 1, date(2026, 3, 31), WorkCalendar()) is None
