"""What holds for every period; WL_LONG=1 tries 10,000 examples of each."""

import os
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker_legal.law.arithmetic import (
    Adjustment,
    Direction,
    Extend,
    Period,
    Restart,
    Roll,
    Suspend,
    Unit,
    compute_period,
)
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.explain import explain, plain

EXAMPLES = 10_000 if os.environ.get("WL_LONG") == "1" else 200
often = settings(max_examples=EXAMPLES, deadline=None)
CALENDAR = WorkCalendar()

days = st.dates(date(2004, 1, 1), date(2044, 12, 31))
published = st.dates(date(2004, 2, 1), date(2024, 12, 31))
lengths = st.integers(0, 400)
units = st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR])
small = {Unit.DAY: 400, Unit.WORKING_DAY: 300, Unit.MONTH: 36, Unit.YEAR: 5, Unit.HOUR: 500}
rolls = st.sampled_from(list(Roll))


@st.composite
def suspensions(draw: st.DrawFn) -> Suspend:
    first = draw(days)
    return Suspend(first, first + timedelta(draw(st.integers(0, 90))))


adjustments: st.SearchStrategy[Adjustment] = st.one_of(
    st.builds(Extend, st.integers(0, 40), units), suspensions(), st.builds(Restart, days)
)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    unit = draw(units)
    length = draw(st.integers(0, small[unit]))
    adjust = tuple(draw(st.lists(adjustments, max_size=3)))
    return Period(draw(days), length, unit, Direction.FORWARD, draw(rolls), adjust)


def due(period: Period) -> date:
    return compute_period(period, CALENDAR).due


@often
@given(days, units)
def test_adding_nothing_stays_on_the_day(start: date, unit: Unit) -> None:
    assert due(Period(start, 0, unit, roll=Roll.NONE)) == start


@often
@given(days, lengths, units, rolls)
def test_a_longer_period_never_ends_earlier(
    start: date, length: int, unit: Unit, roll: Roll
) -> None:
    length = length % (small[unit] + 1)
    shorter = Period(start, length, unit, roll=roll)
    assert due(shorter) <= due(shorter._replace(length=length + 1))


@often
@given(periods())
def test_a_rolled_date_is_a_working_day(period: Period) -> None:
    assert CALENDAR.is_working(due(period._replace(roll=Roll.FORWARD)))


@often
@given(periods())
def test_rolling_never_shortens_and_rolling_back_never_lengthens(period: Period) -> None:
    plain_period = period._replace(adjust=())
    ends = [due(plain_period._replace(roll=r)) for r in (Roll.BACK, Roll.NONE, Roll.FORWARD)]
    assert ends == sorted(ends)


@often
@given(periods(), st.integers(0, 40), units)
def test_an_extension_never_ends_earlier(period: Period, more: int, unit: Unit) -> None:
    kept = tuple(a for a in period.adjust if not isinstance(a, Restart))
    shorter = period._replace(adjust=kept)
    assert due(shorter) <= due(shorter._replace(adjust=(*kept, Extend(more, unit))))


@often
@given(periods())
def test_the_explanation_ends_in_the_date(period: Period) -> None:
    result = compute_period(period, CALENDAR)
    assert explain(result)[-1].endswith(plain(result.due))


@often
@given(days, st.integers(1, 300))
def test_counting_working_days_has_an_inverse(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, end) == count


@often
@given(days, st.integers(1, 300))
def test_counting_forward_and_back_meets_the_first_day(start: date, count: int) -> None:
    first = CALENDAR.roll_forward(start)
    end = CALENDAR.add_working_days(first, count)
    assert CALENDAR.subtract_working_days(end, count) == first


@often
@given(periods())
def test_the_date_lies_in_its_range(period: Period) -> None:
    result = compute_period(period, CALENDAR)
    assert result.earliest <= result.due <= result.latest


@often
@given(periods())
def test_only_unpublished_years_are_uncertain(period: Period) -> None:
    result = compute_period(period, CALENDAR)
    assert result.provisional or result.earliest == result.due == result.latest


@often
@given(published, st.integers(0, 60))
def test_a_published_count_is_never_provisional(start: date, length: int) -> None:
    assert not compute_period(Period(start, length, Unit.WORKING_DAY), CALENDAR).provisional


@often
@given(periods())
def test_the_order_of_restarts_and_suspensions_does_not_matter(period: Period) -> None:
    kept = tuple(a for a in period.adjust if not isinstance(a, Extend))
    assert due(period._replace(adjust=kept)) == due(period._replace(adjust=kept[::-1]))


@often
@given(days, st.integers(0, 300), st.sampled_from([Unit.DAY, Unit.WORKING_DAY]))
def test_a_backward_count_never_ends_after_its_event(start: date, length: int, unit: Unit) -> None:
    period = Period(start, length, unit, Direction.BACKWARD, Roll.BACK)
    assert due(period) <= start
