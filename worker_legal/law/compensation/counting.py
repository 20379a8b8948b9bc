"""Counting of time for sums of money: both ends count (compensation contract, section 4)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from worker_legal.law.calendar import WorkCalendar

PAID_DAYS = Fraction(2175, 100)
"""Paid days in a month, the only statutory divisor of a monthly wage."""

_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day number so many months on, or the month's last day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_months(first: date, last: date) -> int:
    """Full months from a first to a last day, both counted, on boundaries from the first."""
    after = last + _DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    return months - (add_months(first, months) > after)


def years_begun(first: date, last: date) -> int:
    """Years from a first to a last day, both counted, a part year as a year."""
    months = full_months(first, last)
    return -(-months // 12) if add_months(first, months) > last else months // 12 + 1


def service_months(first: date, last: date) -> Fraction:
    """Months of severance: one a year; six months or more one, anything less a half (47)."""
    months = full_months(first, last)
    years, rest = divmod(months, 12)
    if rest >= 6:
        return Fraction(years + 1)
    part = rest or add_months(first, months) <= last
    return years + (Fraction(1, 2) if part else Fraction(0))


@dataclass(frozen=True)
class Stretch:
    """A time paid by the month: full months, and the working days of the rest."""

    first: date
    last: date
    full: int
    rest_first: date | None
    working_days: int
    provisional: bool

    @property
    def months(self) -> Fraction:
        """Months to pay; the rest never counts for more than one."""
        return self.full + min(Fraction(self.working_days) / PAID_DAYS, Fraction(1))


def stretch(anchor: date, skip: int, last: date, calendar: WorkCalendar) -> Stretch | None:
    """The time from so many months after the anchor to a last day; None if no day is in it."""
    first = add_months(anchor, skip)
    if first > last:
        return None
    full = full_months(anchor, last)
    rest = add_months(anchor, full)
    if rest > last:
        return Stretch(first, last, full - skip, None, 0, provisional=False)
    days = calendar.working_days_between(rest - _DAY, last)
    known = calendar.published_between(rest, last)
    return Stretch(first, last, full - skip, rest, days, provisional=not known)
