"""Pay for annual leave not taken (年休假条例 3, 5; 实施办法 5, 10-12)."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import PAID_DAYS, full_months
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, decimal, say, yuan
from worker_legal.law.compensation.sheet import Sheet, average_of

ARTICLE = N_(
    "《职工带薪年休假条例》第3条、第5条；《企业职工带薪年休假实施办法》第5条、第10条至第12条"
)
STEPS = ((20, 15), (10, 10), (1, 5))
DAYS_OF_YEAR = 365


def annual_leave(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """The extra pay for the days of leave of one year that were not taken."""
    first, last = _time_in_year(given)
    average = average_of(given, "wages_fen", "average_monthly_wage_fen")
    few = given["wages_fen"] is not None and len(given["wages_fen"]) < 12
    worked_a_year = full_months(given["hire_date"], last) >= 12
    sheet.notices.add_if(few and worked_a_year, Notice.FEWER_WAGE_MONTHS)
    entitled = _entitlement(given["service_years"], sheet)
    converted = _converted(entitled, first, last, sheet)
    left = converted - given["taken_days"]
    sheet.notices.add_if(left < 0, Notice.OVER_TAKEN)
    days, rate = max(left, Fraction(0)), _rate(given, sheet)
    base = sheet.floored(average)
    counted = say(
        N_(
            "%(first)s至%(last)s应休%(converted)s天（全年%(entitled)s天，折算舍去零头），已休%(taken)s天"
        ),
        first=first.isoformat(),
        last=last.isoformat(),
        converted=converted,
        entitled=entitled,
        taken=decimal(given["taken_days"]),
    )
    step = say(
        N_("%(base)s元 ÷ 21.75 × %(days)s天 × %(rate)s%%"),
        base=yuan(base.fen),
        days=decimal(days),
        rate=rate,
    )
    pay = base.then(base.fen, counted, entitlement_days=entitled, converted_days=converted).then(
        base.fen / PAID_DAYS * days * rate / 100,
        step,
        taken_days=decimal(given["taken_days"]),
        days=decimal(days),
        rate_percent=rate,
        monthly_paid_days=decimal(PAID_DAYS),
    )
    sheet.add(say(N_("未休年休假工资")), pay, ARTICLE)
    return sheet.result()


def _time_in_year(given: Mapping[str, Any]) -> tuple[date, date]:
    new_year, old_year = date(given["year"], 1, 1), date(given["year"], 12, 31)
    hired, ended = given["hire_date"], given["end_date"]
    if hired > old_year:
        raise wrong("hire_date", N_("%(name)s 不能晚于该年度12月31日"))
    if ended is not None and ended < hired:
        raise wrong("end_date", N_("%(name)s 不能早于入职日期"))
    if ended is not None and ended < new_year:
        raise wrong("end_date", N_("%(name)s 不能早于该年度1月1日"))
    return max(hired, new_year), min(ended or old_year, old_year)


def _entitlement(years: int, sheet: Sheet) -> int:
    entitled = next((days for least, days in STEPS if years >= least), 0)
    sheet.notices.add_if(entitled == 0, Notice.NO_ENTITLEMENT)
    return entitled


def _converted(entitled: int, first: date, last: date, sheet: Sheet) -> int:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return entitled
    exact = Fraction(((last - first).days + 1) * entitled, DAYS_OF_YEAR)
    sheet.notices.add_if(exact.denominator != 1, Notice.FRACTION_DROPPED)
    return floor(exact)


def _rate(given: Mapping[str, Any], sheet: Sheet) -> int:
    sheet.notices.add_if(given["worker_waiver"], Notice.WORKER_WAIVER)
    whole = 100 if given["worker_waiver"] else 300
    return whole - 100 if given["normal_pay_paid"] else whole
