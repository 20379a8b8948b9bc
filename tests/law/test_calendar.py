"""Working days, statutory days, and what can be said beyond the published notices."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from worker_legal.law.calendar import (
    WorkCalendar,
    YearNotice,
    is_statutory,
    library_years,
    statutory_days,
)

CALENDAR = WorkCalendar()
ONE_DAY = timedelta(days=1)


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(k) for k in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", library_years())
def test_published_years_agree_with_the_library(year: int) -> None:
    wrong = [d for d in days(year) if CALENDAR.is_working(d) != chinese_calendar.is_workday(d)]
    assert wrong == []


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-01-04", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-07", False),
        ("2027-01-01", False),
        ("2027-10-04", True),
        ("2027-01-23", False),
    ],
)
def test_working_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-17", "春节"),
        ("2026-10-03", "国庆节"),
        ("2026-03-07", "周末"),
        ("2026-02-14", ""),
        ("2027-01-01", "元旦"),
        ("2027-01-02", "周末"),
        ("2015-09-03", "放假"),
    ],
)
def test_rest_days_have_a_name(day: str, name: str) -> None:
    assert CALENDAR.rest_name(date.fromisoformat(day)) == name


def test_thirteen_statutory_days_since_2025() -> None:
    assert [str(d) for d in statutory_days(2026)] == [
        "2026-01-01",
        "2026-02-16",
        "2026-02-17",
        "2026-02-18",
        "2026-02-19",
        "2026-04-05",
        "2026-05-01",
        "2026-05-02",
        "2026-06-19",
        "2026-09-25",
        "2026-10-01",
        "2026-10-02",
        "2026-10-03",
    ]


@pytest.mark.parametrize(
    ("year", "count"), [(2007, 10), (2013, 11), (2014, 11), (2024, 11), (2025, 13), (2027, 13)]
)
def test_the_number_of_statutory_days(year: int, count: int) -> None:
    assert len(statutory_days(year)) == count


@pytest.mark.parametrize(
    ("day", "statutory"),
    [
        ("2025-01-28", True),
        ("2024-02-09", False),
        ("2024-02-10", True),
        ("2013-02-09", True),
        ("2026-02-20", False),
        ("2026-05-02", True),
        ("2024-05-02", False),
        ("2060-10-01", True),
    ],
)
def test_statutory_days_by_the_rule_of_the_year(day: str, statutory: bool) -> None:
    assert is_statutory(date.fromisoformat(day)) is statutory


@pytest.mark.parametrize("year", range(2008, 2027))
def test_offices_rest_on_every_statutory_day(year: int) -> None:
    assert [d for d in statutory_days(year) if CALENDAR.is_working(d)] == []


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-17", 5, "2026-02-28"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-03-04", 0, "2026-03-04"),
        ("2026-03-07", 0, "2026-03-07"),
    ],
)
def test_counting_working_days(start: str, count: int, end: str) -> None:
    found = CALENDAR.add_working_days(date.fromisoformat(start), count)
    assert found == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-02-24", 1, "2026-02-14"),
        ("2026-01-05", 1, "2026-01-04"),
        ("2026-01-04", 1, "2025-12-31"),
        ("2026-01-04", 300, "2024-10-21"),
        ("2026-03-07", 0, "2026-03-07"),
    ],
)
def test_counting_working_days_back(start: str, count: int, end: str) -> None:
    found = CALENDAR.subtract_working_days(date.fromisoformat(start), count)
    assert found == date.fromisoformat(end)


def test_working_days_between_two_days() -> None:
    assert CALENDAR.working_days_between(date(2026, 2, 14), date(2026, 2, 28)) == 5


def test_working_days_between_are_negative_backwards() -> None:
    assert CALENDAR.working_days_between(date(2026, 2, 28), date(2026, 2, 14)) == -5


def test_working_days_between_across_years() -> None:
    first, last = date(2024, 11, 20), date(2026, 2, 3)
    counted = sum(
        CALENDAR.is_working(first + timedelta(k)) for k in range(1, (last - first).days + 1)
    )
    assert CALENDAR.working_days_between(first, last) == counted


def test_rolling_forward_over_spring_festival() -> None:
    assert CALENDAR.roll_forward(date(2026, 2, 15)) == date(2026, 2, 24)


def test_rolling_back_lands_on_a_make_up_saturday() -> None:
    assert CALENDAR.roll_back(date(2026, 2, 15)) == date(2026, 2, 14)


def test_a_working_day_does_not_roll() -> None:
    day = date(2026, 3, 4)
    assert (CALENDAR.roll_forward(day), CALENDAR.roll_back(day)) == (day, day)


# Notices and single days


NOTICE_2027 = YearNotice(
    2027,
    {
        **{date(2027, 1, k): "元旦" for k in (1, 2, 3)},
        **{date(2027, 2, k): "春节" for k in range(5, 13)},
        date(2026, 12, 31): "元旦",
    },
    frozenset({date(2027, 1, 30), date(2027, 2, 20), date(2026, 12, 27)}),
)
WITH_2027 = WorkCalendar([NOTICE_2027])


def test_a_year_is_published_once_its_notice_is_imported() -> None:
    assert (CALENDAR.published(2027), WITH_2027.published(2027)) == (False, True)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2027-01-30", True),
        ("2027-02-12", False),
        ("2026-12-31", False),
        ("2026-12-27", True),
        ("2027-10-01", True),
        ("2027-03-06", False),
    ],
)
def test_a_notice_overrides_library_and_weekend(day: str, working: bool) -> None:
    assert WITH_2027.is_working(date.fromisoformat(day)) is working


def test_the_name_of_a_rest_day_comes_from_the_notice() -> None:
    assert WITH_2027.rest_name(date(2027, 2, 9)) == "春节"


def test_a_notice_replaces_the_whole_year() -> None:
    calendar = WorkCalendar([YearNotice(2026, {}, frozenset())])
    assert calendar.is_working(date(2026, 10, 1))


def test_single_days_can_be_set() -> None:
    calendar = WorkCalendar(patches={date(2026, 7, 29): False, date(2027, 1, 2): True})
    assert (calendar.is_working(date(2026, 7, 29)), calendar.is_working(date(2027, 1, 2))) == (
        False,
        True,
    )


def test_a_single_day_off_is_named() -> None:
    calendar = WorkCalendar(patches={date(2026, 7, 29): False})
    assert calendar.rest_name(date(2026, 7, 29)) == "放假"


def test_overrides_as_a_table_of_years() -> None:
    calendar = WorkCalendar.from_overrides(
        {2027: {date(2027, 1, 1): False, date(2027, 1, 9): True}}
    )
    assert [calendar.is_working(date(2027, 1, k)) for k in (1, 9, 10)] == [False, True, False]


def test_a_rest_day_without_a_name_in_the_notice() -> None:
    calendar = WorkCalendar.from_overrides({2027: {date(2027, 1, 1): False}})
    assert calendar.rest_name(date(2027, 1, 1)) == "放假"


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        ("2026-12-01", "2026-12-31", 0),
        ("2026-12-01", "2027-01-01", 2027),
        ("2003-12-31", "2004-01-05", 2003),
        ("2028-01-01", "2029-01-01", 2028),
    ],
)
def test_the_first_year_without_a_notice(first: str, last: str, year: int) -> None:
    span = date.fromisoformat(first), date.fromisoformat(last)
    assert CALENDAR.first_unpublished(*span) == year
    assert CALENDAR.published_between(*span) is (year == 0)


# Beyond the notices: every published year is treated as if its notice were not yet known.


def _odd(day: date) -> bool:
    """The one break nobody could foresee: the parade of September 2015."""
    return date(2015, 6, 1) <= day <= date(2015, 9, 30)


@pytest.mark.parametrize("year", range(2008, 2027))
def test_a_rolled_date_lies_in_the_range_told_before_the_notice(year: int) -> None:
    before = WorkCalendar(library=range(2004, year))
    wrong = [
        day
        for day in days(year)[:355]
        if not _odd(day)
        and not before.roll_range(day)[0] <= CALENDAR.roll_forward(day) <= before.roll_range(day)[1]
    ]
    assert wrong == []


@pytest.mark.parametrize("count", [1, 3, 5, 7, 10, 15, 30, 60, 90])
@pytest.mark.parametrize("year", range(2008, 2027))
def test_a_counted_date_lies_in_the_range_told_before_the_notice(year: int, count: int) -> None:
    before = WorkCalendar(library=range(2004, year))
    starts = [day for day in days(year)[::5] if not _odd(day)]
    starts = [s for s in starts if CALENDAR.add_working_days(s, count).year < 2027]
    wrong = []
    for start in starts:
        low, high = before.working_day_range(start, count)
        if not low <= CALENDAR.add_working_days(start, count) <= high:
            wrong.append(start)
    assert wrong == []


@pytest.mark.parametrize("year", range(2009, 2027))
def test_a_date_counted_back_lies_in_the_range(year: int) -> None:
    before = WorkCalendar(library=range(2004, year))
    wrong = []
    for start in days(year)[20::5]:
        low, high = before.working_day_back_range(start, 7)
        rolled = before.roll_back_range(start)
        if not low <= CALENDAR.subtract_working_days(start, 7) <= high:
            wrong.append(start)
        if not rolled[0] <= CALENDAR.roll_back(start) <= rolled[1]:
            wrong.append(start)
    assert [day for day in wrong if not _odd(day)] == []


def test_a_published_count_back_has_no_range() -> None:
    day = CALENDAR.subtract_working_days(date(2026, 10, 12), 7)
    assert CALENDAR.working_day_back_range(date(2026, 10, 12), 7) == (day, day)


def test_a_published_roll_back_has_no_range() -> None:
    day = date(2026, 2, 14)
    assert CALENDAR.roll_back_range(date(2026, 2, 15)) == (day, day)


def test_a_published_count_has_no_range() -> None:
    day = date(2026, 3, 10)
    assert CALENDAR.working_day_range(date(2026, 3, 3), 5) == (day, day)


def test_a_roll_out_of_the_unknown_lands_in_a_known_year() -> None:
    calendar = WorkCalendar(library=range(2005, 2027))
    assert calendar.roll_range(date(2004, 12, 31)) == (date(2004, 12, 31), date(2005, 1, 4))


def test_a_count_out_of_the_unknown_ends_on_a_known_working_day() -> None:
    low, high = CALENDAR.working_day_range(date(2003, 12, 25), 10)
    assert CALENDAR.is_working(low)
    assert low <= CALENDAR.add_working_days(date(2003, 12, 25), 10) <= high


@pytest.mark.parametrize("day", [date(9999, 12, 20), date(1, 1, 8)])
def test_the_ends_of_the_calendar_do_not_crash(day: date) -> None:
    low, high = CALENDAR.roll_range(day)
    assert low <= CALENDAR.roll_forward(day) <= high


def test_the_soonest_count_at_the_end_of_the_calendar() -> None:
    low, high = CALENDAR.working_day_range(date(9999, 3, 1), 10)
    assert low <= CALENDAR.add_working_days(date(9999, 3, 1), 10) <= high


def test_outside_the_lunar_table_only_fixed_days_are_known() -> None:
    assert len(statutory_days(2100)) == 6
