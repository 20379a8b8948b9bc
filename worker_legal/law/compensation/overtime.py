"""Overtime under standard hours: 150, 200 and 300 percent (劳动法 44)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.calendar import is_statutory
from worker_legal.law.compensation.counting import PAID_DAYS
from worker_legal.law.compensation.fields import DayType
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, decimal, say
from worker_legal.law.compensation.sheet import Basis, Sheet, monthly
from worker_legal.law.festivals import fixed_days

ARTICLE = N_("《劳动法》第44条")
RATES = {DayType.WEEKDAY: 150, DayType.REST_DAY: 200, DayType.STATUTORY_HOLIDAY: 300}
LABELS = {
    DayType.WEEKDAY: N_("工作日加班费"),
    DayType.REST_DAY: N_("休息日加班费"),
    DayType.STATUTORY_HOLIDAY: N_("法定节假日加班费"),
}
HOURS_A_DAY = 8
MOST_HOURS_A_MONTH = 36
FIRST_KNOWN = date(2008, 1, 1)
# The statutory days of 2008 to 2013 were not read in the official text.
UNREAD_YEARS = range(2008, 2014)


def overtime(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """Pay for the hours of each class of day, less what was paid for them."""
    base = sheet.floored(monthly(given["monthly_base_fen"]))
    hours: dict[DayType, Fraction] = {}
    unsure: set[DayType] = set()
    by_month: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for index, entry in enumerate(given["entries"]):
        kind, sure = _class_of(entry, f"entries-{index}-type", sheet)
        paid = _paid_hours(entry, f"entries-{index}-time_off_hours", kind, sheet)
        hours[kind] = hours.get(kind, Fraction(0)) + paid
        by_month[entry["date"].year, entry["date"].month] += paid
        if not sure:
            unsure.add(kind)
    sheet.notices.add_if(max(by_month.values()) > MOST_HOURS_A_MONTH, Notice.OVER_36_HOURS)
    for kind in RATES:
        if kind in hours:
            _add_line(sheet, base, kind, hours[kind], sure=kind not in unsure)
    _subtract_paid(sheet, given["paid_fen"])
    result = sheet.result()
    sheet.notices.add_if(result.total_fen < 0, Notice.OVERPAID)
    return replace(sheet.result(), total_fen=max(result.total_fen, 0))


def _class_of(entry: Mapping[str, Any], name: str, sheet: Sheet) -> tuple[DayType, bool]:
    day, given = entry["date"], entry["type"]
    if day < FIRST_KNOWN:
        if given is None:
            raise wrong(name, N_("2008年以前的加班须填写 %(name)s"))
        return given, True
    if not sheet.calendar.published(day.year):
        sheet.notices.add(Notice.PROVISIONAL_CALENDAR)
        fixed = DayType.STATUTORY_HOLIDAY if day in fixed_days(day.year) else None
        return given or fixed or _worked_or_not(day, sheet), False
    statutory = is_statutory(day)
    if given is not None and statutory != (given is DayType.STATUTORY_HOLIDAY):
        sheet.notices.add(Notice.TYPE_DIFFERS)
        given = None
    if statutory:
        return DayType.STATUTORY_HOLIDAY, day.year not in UNREAD_YEARS
    return given or _worked_or_not(day, sheet), True


def _worked_or_not(day: date, sheet: Sheet) -> DayType:
    return DayType.WEEKDAY if sheet.calendar.is_working(day) else DayType.REST_DAY


def _paid_hours(entry: Mapping[str, Any], name: str, kind: DayType, sheet: Sheet) -> Fraction:
    hours: Fraction = entry["hours"]
    off: Fraction = entry["time_off_hours"]
    if off > hours:
        raise wrong(name, N_("%(name)s 不能多于 %(other)s"), other="hours")
    if kind is DayType.REST_DAY:
        return hours - off
    sheet.notices.add_if(off > 0, Notice.TIME_OFF_NOT_REPLACING)
    return hours


def _add_line(sheet: Sheet, base: Basis, kind: DayType, hours: Fraction, *, sure: bool) -> None:
    rate = RATES[kind]
    formula = say(
        N_("月工资 ÷ 21.75 ÷ 8 × %(rate)s%% × %(hours)s小时"), rate=rate, hours=decimal(hours)
    )
    basis = base.then(
        base.fen / PAID_DAYS / HOURS_A_DAY * rate / 100 * hours,
        formula,
        hours=decimal(hours),
        rate_percent=rate,
        monthly_paid_days=decimal(PAID_DAYS),
    )
    sheet.add(say(LABELS[kind]), basis, ARTICLE, sure=sure)


def _subtract_paid(sheet: Sheet, paid: int) -> None:
    if paid:
        sheet.add(
            say(N_("已付加班费")),
            Basis(Fraction(-paid), (say(N_("扣除已付的加班费")),), {"paid_fen": paid}),
            ARTICLE,
        )
