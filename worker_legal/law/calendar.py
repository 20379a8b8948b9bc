"""Which days the country works: published years, make-up days, and what lies beyond them.

A year is *published* when the State Council's notice for it is known, from the library (2004 on)
or imported. Elsewhere a result is provisional and has an earliest and a latest possible day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from chinese_calendar import constants

from worker_legal.i18n import N_
from worker_legal.law import festivals
from worker_legal.law.festivals import is_statutory, statutory_days

__all__ = [
    "MAKE_UP",
    "WEEKEND",
    "WorkCalendar",
    "YearNotice",
    "is_statutory",
    "library_years",
    "statutory_days",
]

WEEKEND = N_("周末")
ARRANGED = N_("放假")
MAKE_UP = N_("调休上班")

# Make-up days have never lain further than 11 days from their holiday, nor more than two of them.
_MAKE_UP_REACH = 14
_MAKE_UP_MOST = 2

_NAMES = {
    "New Year's Day": festivals.NEW_YEAR,
    "Spring Festival": festivals.SPRING,
    "Tomb-sweeping Day": festivals.QINGMING,
    "Labour Day": festivals.LABOUR,
    "Dragon Boat Festival": festivals.DRAGON_BOAT,
    "Mid-autumn Festival": festivals.MID_AUTUMN,
    "National Day": festivals.NATIONAL,
}


@dataclass(frozen=True, slots=True)
class YearNotice:
    """The holiday arrangement of one year as the State Council publishes it."""

    year: int
    rest: Mapping[date, str]
    work: frozenset[date]
    document: str = ""


class _Year(NamedTuple):
    """Working days of one year, ready for counting; ordinals as of date.toordinal()."""

    first: int
    counted: tuple[int, ...]  # working days up to and including each day of the year
    work: tuple[int, ...]  # ordinals of the working days


def library_years() -> range:
    """The years whose notice came with the program."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


_LIBRARY = library_years()


def _index(year: int, working: Iterable[bool]) -> _Year:
    first = date(year, 1, 1).toordinal()
    counted: list[int] = []
    work: list[int] = []
    for offset, works in enumerate(working):
        if works:
            work.append(first + offset)
        counted.append(len(work))
    return _Year(first, tuple(counted), tuple(work))


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1).toordinal()
    return map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))


@lru_cache(maxsize=64)
def _library_year(year: int) -> _Year:
    return _index(
        year,
        (
            day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)
            for day in _days(year)
        ),
    )


@lru_cache(maxsize=256)
def _expected_year(year: int) -> _Year:
    fixed = festivals.fixed_days(year)
    return _index(year, (day.weekday() < 5 and day not in fixed for day in _days(year)))


@lru_cache(maxsize=256)
def _soonest_year(year: int) -> _Year:
    """As many working days as a notice could make, each holiday's make-up days first of all."""
    off = statutory_days(year)
    weekends = {d.toordinal() for d in _days(year) if d.weekday() >= 5 and d not in off}
    extra: set[int] = set()
    for festival in _reaching(year):
        near = range(-_MAKE_UP_REACH, _MAKE_UP_REACH + 1)
        days = [festival.day.toordinal() + offset for offset in near]
        spare = [o for o in days if o in weekends and o not in extra]
        extra.update(spare[:_MAKE_UP_MOST])
    return _index(
        year,
        ((day.weekday() < 5 and day not in off) or day.toordinal() in extra for day in _days(year)),
    )


def _reaching(year: int) -> Iterable[festivals.Festival]:
    yield from festivals.festivals(year)
    if year < date.max.year:
        yield festivals.festivals(year + 1)[0]


@lru_cache(maxsize=256)
def _latest_year(year: int) -> _Year:
    """Only the days that no notice could turn into rest days."""
    return _index(year, (_surely_works(day) for day in _days(year)))


def _near(day: date) -> Iterable[tuple[festivals.Festival, int]]:
    for year in (day.year - 1, day.year, day.year + 1):
        if date.min.year <= year <= date.max.year:
            for festival in festivals.festivals(year):
                yield festival, (day - festival.day).days


def _surely_works(day: date) -> bool:
    return day.weekday() < 5 and not any(
        festival.first <= offset <= festival.last for festival, offset in _near(day)
    )


@lru_cache(maxsize=4096)
def _surely_rests(day: date) -> bool:
    if day in statutory_days(day.year):
        return True
    return day.weekday() >= 5 and not any(abs(offset) <= _MAKE_UP_REACH for _, offset in _near(day))


@lru_cache(maxsize=4096)
def _slack(day: date) -> int:
    """Make-up days that may still follow inside the reach of holidays around this day."""
    return sum(
        _MAKE_UP_MOST for _, offset in _near(day) if -_MAKE_UP_REACH <= offset < _MAKE_UP_REACH
    )


def _works(year: _Year, ordinal: int) -> bool:
    offset = ordinal - year.first
    before = year.counted[offset - 1] if offset else 0
    return year.counted[offset] > before


def _forward(year_of: Callable[[int], _Year], start: date, count: int) -> date:
    number = start.year
    year = year_of(number)
    target = year.counted[start.toordinal() - year.first] + count
    while target > len(year.work):
        target -= len(year.work)
        number += 1
        year = year_of(number)
    return date.fromordinal(year.work[target - 1])


def _backward(year_of: Callable[[int], _Year], start: date, count: int) -> date:
    number = start.year
    year = year_of(number)
    ordinal = start.toordinal()
    target = year.counted[ordinal - year.first] - int(_works(year, ordinal)) - count
    while target < 0:
        number -= 1
        year = year_of(number)
        target += len(year.work)
    return date.fromordinal(year.work[target])


class WorkCalendar:
    """The working days of the country with the notices that this office has imported."""

    def __init__(
        self,
        notices: Iterable[YearNotice] = (),
        patches: Mapping[date, bool] = MappingProxyType({}),
        library: range = _LIBRARY,
    ) -> None:
        """`notices` replace whole years; `patches` set single days (True = worked).

        `library` are the years taken from the program's own table.
        """
        self._library = library
        self._notices = {notice.year: notice for notice in notices}
        self._patches = dict(patches)
        for notice in self._notices.values():
            for day in notice.rest:
                if day.year != notice.year:
                    self._patches.setdefault(day, False)
            for day in notice.work:
                if day.year != notice.year:
                    self._patches.setdefault(day, True)
        self._last = self._library.stop - 1
        while self._last + 1 in self._notices:
            self._last += 1
        self._own = self._notices.keys() | {day.year for day in self._patches}
        self._expected: dict[int, _Year] = {}
        self._soonest: dict[int, _Year] = {}
        self._latest: dict[int, _Year] = {}

    @classmethod
    def from_overrides(cls, overrides: Mapping[int, Mapping[date, bool]]) -> "WorkCalendar":
        """A calendar from year → day → worked?, each year standing for its whole notice."""
        return cls(
            YearNotice(
                year,
                {day: ARRANGED for day, works in days.items() if not works},
                frozenset(day for day, works in days.items() if works),
            )
            for year, days in overrides.items()
        )

    def published(self, year: int) -> bool:
        """Whether the holiday notice of a year is known."""
        return year in self._notices or year in self._library

    def published_between(self, first: date, last: date) -> bool:
        """Whether every year touched from one day to the other is published."""
        if first.year >= self._library.start and last.year <= self._last:
            return True
        return not self.first_unpublished(first, last)

    def is_working(self, day: date) -> bool:
        """Whether offices are open on a day; expected only, where the year is not published."""
        return _works(self._year(day.year), day.toordinal())

    def rest_name(self, day: date) -> str:
        """Why a day is a rest day: the name of the holiday, or the weekend; empty if worked."""
        if self.is_working(day):
            return ""
        notice = self._notices.get(day.year)
        if notice is not None and day in notice.rest:
            return notice.rest[day] or ARRANGED
        if notice is None and day.year in self._library and day in constants.holidays:
            return _NAMES.get(constants.holidays[day], ARRANGED)
        if not self.published(day.year) and day in festivals.fixed_days(day.year):
            return festivals.fixed_days(day.year)[day]
        return WEEKEND if day.weekday() >= 5 else ARRANGED

    def add_working_days(self, start: date, count: int) -> date:
        """The n-th working day after a day, the day itself not counted (natural if n is 0)."""
        return _forward(self._year, start, count) if count else start

    def subtract_working_days(self, start: date, count: int) -> date:
        """The n-th working day before a day, the day itself not counted."""
        return _backward(self._year, start, count) if count else start

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after the first day up to and including the last."""
        if last < first:
            return -self.working_days_between(last, first)
        total = 0
        for year in range(first.year, last.year):
            total += len(self._year(year).work)
        a, b = self._year(first.year), self._year(last.year)
        before = a.counted[first.toordinal() - a.first]
        return total + b.counted[last.toordinal() - b.first] - before

    def roll_forward(self, day: date) -> date:
        """The day itself if worked, else the next working day (民法典 203)."""
        return day if self.is_working(day) else _forward(self._year, day, 1)

    def roll_back(self, day: date) -> date:
        """The day itself if worked, else the working day before it."""
        return day if self.is_working(day) else _backward(self._year, day, 1)

    def roll_range(self, day: date) -> tuple[date, date]:
        """The earliest and latest working day a roll forward can end on, whatever the notice."""
        earliest = min(self._first_possible(day), self.roll_forward(day))
        works = _works(self._latest_index(day.year), day.toordinal())
        return earliest, day if works else _forward(self._latest_index, day, 1)

    def first_unpublished(self, first: date, last: date) -> int:
        """The first year without a notice from one day to the other; 0 if there is none."""
        for year in range(first.year, last.year + 1):
            if not self.published(year):
                return year
        return 0

    def working_day_range(self, start: date, count: int) -> tuple[date, date]:
        """The earliest and latest day the n-th working day can be, whatever the notices."""
        latest = _forward(self._latest_index, start, count)
        if latest.year <= self._last and start.year >= self._library.start:
            return latest, latest
        slack = 0 if self.published(start.year) else _slack(start)
        earliest = date.fromordinal(start.toordinal() + count)
        if count > slack:
            earliest = max(earliest, _forward(self._soonest_index, start, count - slack))
        expected = _forward(self._year, start, count)
        return min(self._first_possible(earliest), expected), latest

    def roll_back_range(self, day: date) -> tuple[date, date]:
        """The earliest and latest working day a roll back can end on, whatever the notice."""
        works = _works(self._latest_index(day.year), day.toordinal())
        earliest = day if works else _backward(self._latest_index, day, 1)
        return earliest, self.roll_back(day) if self.published(day.year) else day

    def working_day_back_range(self, start: date, count: int) -> tuple[date, date]:
        """The earliest and latest day the n-th working day before a day can be."""
        expected = self.subtract_working_days(start, count)
        if self.published_between(expected, start):
            return expected, expected
        earliest = _backward(self._latest_index, start, count)
        return earliest, date.fromordinal(start.toordinal() - count)

    def _first_possible(self, day: date) -> date:
        while not self.published(day.year):
            if not _surely_rests(day):
                return day
            day = date.fromordinal(day.toordinal() + 1)
        return self.roll_forward(day)

    def _build(self, year: int, unpublished: Callable[[int], _Year]) -> _Year:
        if year not in self._own:
            return _library_year(year) if year in self._library else unpublished(year)
        notice = self._notices.get(year)
        if notice is None:
            base = _library_year(year) if year in self._library else unpublished(year)
            works = {date.fromordinal(ordinal) for ordinal in base.work}
        else:
            works = {d for d in _days(year) if d.weekday() < 5 and d not in notice.rest}
            works |= notice.work
        return _index(year, (self._patches.get(day, day in works) for day in _days(year)))

    def _year(self, year: int) -> _Year:
        found = self._expected.get(year)
        if found is None:
            found = self._expected[year] = self._build(year, _expected_year)
        return found

    def _soonest_index(self, year: int) -> _Year:
        found = self._soonest.get(year)
        if found is None:
            found = self._soonest[year] = self._build(year, _soonest_year)
        return found

    def _latest_index(self, year: int) -> _Year:
        found = self._latest.get(year)
        if found is None:
            found = self._latest[year] = self._build(year, _latest_year)
        return found
