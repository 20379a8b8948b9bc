"""The nationwide holidays themselves, year by year (statutes §1.5).

These are the days paid at 300 %, not the longer breaks that each notice arranges around them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from worker_legal.i18n import N_

NEW_YEAR = N_("元旦")
SPRING = N_("春节")
QINGMING = N_("清明节")
LABOUR = N_("劳动节")
DRAGON_BOAT = N_("端午节")
MID_AUTUMN = N_("中秋节")
NATIONAL = N_("国庆节")

# First day of the lunar year, 5th of the 5th and 15th of the 8th month, as month-day.
_LUNAR = """
2004 0122 0622 0928  2005 0209 0611 0918  2006 0129 0531 1006  2007 0218 0619 0925
2008 0207 0608 0914  2009 0126 0528 1003  2010 0214 0616 0922  2011 0203 0606 0912
2012 0123 0623 0930  2013 0210 0612 0919  2014 0131 0602 0908  2015 0219 0620 0927
2016 0208 0609 0915  2017 0128 0530 1004  2018 0216 0618 0924  2019 0205 0607 0913
2020 0125 0625 1001  2021 0212 0614 0921  2022 0201 0603 0910  2023 0122 0622 0929
2024 0210 0610 0917  2025 0129 0531 1006  2026 0217 0619 0925  2027 0206 0609 0915
2028 0126 0528 1003  2029 0213 0616 0922  2030 0203 0605 0912  2031 0123 0624 1001
2032 0211 0612 0919  2033 0131 0601 0908  2034 0219 0620 0927  2035 0208 0610 0916
2036 0128 0530 1004  2037 0215 0618 0924  2038 0204 0607 0913  2039 0124 0527 1002
2040 0212 0614 0920  2041 0201 0603 0910  2042 0122 0622 0928  2043 0210 0611 0917
2044 0130 0531 1005  2045 0217 0619 0925
"""


class Festival(NamedTuple):
    """One holiday of one year, and how far breaks and make-up days around it have ever reached."""

    name: str
    day: date
    first: int
    last: int


def _lunar_table() -> dict[int, tuple[date, date, date]]:
    words = _LUNAR.split()
    return {
        int(words[i]): (
            _on(int(words[i]), words[i + 1]),
            _on(int(words[i]), words[i + 2]),
            _on(int(words[i]), words[i + 3]),
        )
        for i in range(0, len(words), 4)
    }


def _on(year: int, month_day: str) -> date:
    return date(year, int(month_day[:2]), int(month_day[2:]))


LUNAR: Mapping[int, tuple[date, date, date]] = MappingProxyType(_lunar_table())


def qingming(year: int) -> date:
    """Tomb-sweeping day of a year of this century (4 or 5 April)."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


@lru_cache(maxsize=256)
def festivals(year: int) -> tuple[Festival, ...]:
    """The seven holidays of a year with the widest break in days around each (first, last).

    Outside the table of lunar dates (2004-2045) only the three with a fixed date are known.
    """
    fixed = (
        Festival(NEW_YEAR, date(year, 1, 1), -2, 2),
        Festival(LABOUR, date(year, 5, 1), -2, 6),
        Festival(NATIONAL, date(year, 10, 1), -2, 7),
    )
    if year not in LUNAR:
        return fixed
    spring, dragon_boat, mid_autumn = LUNAR[year]
    return (
        *fixed,
        Festival(SPRING, spring, -2, 8),
        Festival(QINGMING, qingming(year), -3, 3),
        Festival(DRAGON_BOAT, dragon_boat, -3, 3),
        Festival(MID_AUTUMN, mid_autumn, -3, 3),
    )


def fixed_days(year: int) -> dict[date, str]:
    """The statutory days whose date is the same every year: New Year, Labour Day, National Day."""
    labour = 3 if year < 2008 else 2 if year >= 2025 else 1
    return {
        date(year, 1, 1): NEW_YEAR,
        **{date(year, 5, k): LABOUR for k in range(1, labour + 1)},
        **{date(year, 10, k): NATIONAL for k in range(1, 4)},
    }


@lru_cache(maxsize=256)
def statutory_days(year: int) -> Mapping[date, str]:
    """The statutory holidays of a year with their names; 13 since 2025 (放假办法 2)."""
    days = fixed_days(year)
    if year in LUNAR:
        spring, dragon_boat, mid_autumn = LUNAR[year]
        eve = year >= 2025 or 2008 <= year <= 2013
        length = 4 if year >= 2025 else 3
        first = spring - timedelta(days=1 if eve else 0)
        lunar = {first + timedelta(days=k): SPRING for k in range(length)}
        if year >= 2008:
            lunar |= {qingming(year): QINGMING, dragon_boat: DRAGON_BOAT, mid_autumn: MID_AUTUMN}
        days = {**lunar, **days}
    return MappingProxyType(dict(sorted(days.items())))


def is_statutory(day: date) -> bool:
    """Whether work on this day is paid at 300 % (劳动法 44; 放假办法 2)."""
    return day in statutory_days(day.year)
