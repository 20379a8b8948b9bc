"""Work-injury benefits by grade (工伤保险条例 35-37, 62, 64) and the Fujian lump sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import add_months
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, decimal, figure, say, yuan
from worker_legal.law.compensation.sheet import Basis, Sheet, average_of
from worker_legal.law.identifiers import age_on
from worker_legal.law.money import round_half_up

ARTICLE_LUMP = N_("《工伤保险条例》第35条至第37条、第64条")
ARTICLE_MONTHLY = N_("《工伤保险条例》第35条、第36条、第64条")
ARTICLE_FUJIAN = N_("福建省实施《工伤保险条例》办法（闽政〔2011〕80号）第27条")
FUND, EMPLOYER = "fund", "employer"
PAYERS = {FUND: N_("工伤保险基金支付"), EMPLOYER: N_("用人单位支付")}
LUMP_MONTHS = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)
ALLOWANCE_PERCENT = {1: 90, 2: 85, 3: 80, 4: 75, 5: 70, 6: 60}
COEFFICIENT_TENTHS = {5: 7, 6: 6, 7: 4, 8: 3, 9: 2, 10: 1}
LAST_KEPT_GRADE = 4
NEAR_MONTHS = 60


def injury_benefits(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """The lump sum of the grade, the monthly allowance, and what is due when the worker leaves."""
    _check(given, sheet)
    wage = _own_wage(given, sheet)
    grade, insured = given["grade"], given["insured"]
    months = LUMP_MONTHS[grade - 1]
    step = say(N_("%(base)s元 × %(months)s个月"), base=yuan(wage.fen), months=months)
    lump = _paid_by(wage.then(wage.fen * months, step, months=months), FUND, insured=insured)
    sheet.add(say(N_("一次性伤残补助金")), lump, ARTICLE_LUMP)
    if _allowance_due(given):
        _add_allowance(given, wage, sheet)
    if given["leaves"]:
        _add_fujian(given, sheet)
        _warn_of_retirement(given["end_date"], given["retirement_date"], sheet)
    return sheet.result()


def _check(given: Mapping[str, Any], sheet: Sheet) -> None:
    ended, born = given["end_date"], given["birth_date"]
    if given["leaves"]:
        _check_leaving(given)
    if ended is not None and born is not None and ended <= born:
        raise wrong("end_date", N_("%(name)s 应晚于出生日期"))
    sheet.standard("average_wage_fen")
    if _allowance_due(given):
        sheet.standard("minimum_wage_fen")
    if given["leaves"]:
        sheet.standard("life_expectancy_years")


def _check_leaving(given: Mapping[str, Any]) -> None:
    if given["grade"] <= LAST_KEPT_GRADE:
        raise wrong("leaves", N_("一级至四级保留劳动关系，%(name)s 不能为 true"))
    for name in ("end_date", "birth_date"):
        if given[name] is None:
            raise wrong(name, N_("解除或终止劳动关系的须填写 %(name)s"))


def _allowance_due(given: Mapping[str, Any]) -> bool:
    grade: int = given["grade"]
    return grade <= LAST_KEPT_GRADE or (grade in ALLOWANCE_PERCENT and given["no_suitable_job"])


def _own_wage(given: Mapping[str, Any], sheet: Sheet) -> Basis:
    wage = average_of(given, "contribution_wages_fen", "average_contribution_wage_fen")
    wage = wage.using("average_wage_fen")
    area = sheet.standard("average_wage_fen")
    least, most = Fraction(area * 60, 100), Fraction(area * 3)
    if wage.fen < least:
        sheet.notices.add(Notice.CONTRIBUTION_FLOOR_60)
        step = say(N_("低于平均工资的60%%，按%(limit)s元"), limit=yuan(least))
        return wage.then(least, step, base_fen=figure(least), clamp="60%")
    if wage.fen > most:
        sheet.notices.add(Notice.CONTRIBUTION_CAP_300)
        step = say(N_("高于平均工资的300%%，按%(limit)s元"), limit=yuan(most))
        return wage.then(most, step, base_fen=figure(most), clamp="300%")
    return wage


def _paid_by(basis: Basis, payer: str, *, insured: bool) -> Basis:
    """Who pays; an employer who did not insure pays everything (条例 62)."""
    who = payer if insured else EMPLOYER
    return basis.then(basis.fen, say(PAYERS[who]), payer=who)


def _add_allowance(given: Mapping[str, Any], wage: Basis, sheet: Sheet) -> None:
    grade, months = given["grade"], given["allowance_months"]
    percent = ALLOWANCE_PERCENT[grade]
    payment = Fraction(round_half_up(wage.fen * percent / 100))
    step = say(
        N_("每月%(base)s元 × %(percent)s%% = %(payment)s元"),
        base=yuan(wage.fen),
        percent=percent,
        payment=yuan(payment),
    )
    wage_fen = wage.figures["base_fen"]
    monthly = sheet.floored(wage.then(payment, step, rate_percent=percent))
    total = monthly.then(
        monthly.fen * months,
        say(N_("%(payment)s元 × %(months)s个月"), payment=yuan(monthly.fen), months=months),
        base_fen=wage_fen,
        payment_fen=figure(monthly.fen),
        months=months,
    )
    sheet.notices.add(Notice.MONTHLY_PAYMENT)
    payer = FUND if grade <= LAST_KEPT_GRADE else EMPLOYER
    paid = _paid_by(total, payer, insured=given["insured"])
    sheet.add(say(N_("伤残津贴")), paid, ARTICLE_MONTHLY)


@dataclass(frozen=True)
class _LeavingMonths:
    basis: Basis
    months: Fraction


def _add_fujian(given: Mapping[str, Any], sheet: Sheet) -> None:
    sheet.notices.add(Notice.FUJIAN_UNCONFIRMED)
    ending = "ending_average_wage_fen"
    key = ending if sheet.local[ending] is not None else "average_wage_fen"
    average = sheet.standard(key)
    counted = _leaving_months(given, sheet)
    step = say(
        N_("%(average)s元 × %(months)s个月"), average=yuan(average), months=decimal(counted.months)
    )
    lump = counted.basis.using(key).then(
        average * counted.months, step, base_fen=average, months=decimal(counted.months)
    )
    for label, payer in (
        (N_("一次性工伤医疗补助金"), FUND),
        (N_("一次性伤残就业补助金"), EMPLOYER),
    ):
        paid = _paid_by(lump, payer, insured=given["insured"])
        sheet.add(say(label), paid, ARTICLE_FUJIAN, sure=False)


def _leaving_months(given: Mapping[str, Any], sheet: Sheet) -> _LeavingMonths:
    life: Fraction = sheet.local["life_expectancy_years"]
    age = age_on(given["birth_date"], given["end_date"])
    sheet.notices.add_if(life < age, Notice.PAST_LIFE_EXPECTANCY)
    years = max(ceil(life - age), 0)
    coefficient = Fraction(COEFFICIENT_TENTHS[given["grade"]], 10)
    months = coefficient * years
    step = say(
        N_("预期寿命%(life)s岁 − %(age)s周岁，计%(years)s年 × %(coefficient)s = %(months)s个月"),
        life=decimal(life),
        age=age,
        years=years,
        coefficient=decimal(coefficient),
        months=decimal(months),
    )
    basis = Basis(Fraction(0)).using("life_expectancy_years")
    basis = basis.then(basis.fen, step, age=age, years=years, coefficient=decimal(coefficient))
    floor = sheet.local["fujian_floor_months"]
    if floor is None:
        return _LeavingMonths(basis, months)
    basis = basis.using("fujian_floor_months")
    if months >= floor:
        return _LeavingMonths(basis, months)
    sheet.notices.add(Notice.FLOOR_MONTHS)
    raised = say(N_("低于最低月数，按%(floor)s个月"), floor=decimal(floor))
    return _LeavingMonths(basis.then(basis.fen, raised), floor)


def _warn_of_retirement(ended: date, retires: date | None, sheet: Sheet) -> None:
    if retires is None:
        return
    if ended >= retires:
        sheet.notices.add(Notice.RETIREMENT_REACHED)
    elif ended >= add_months(retires, -NEAR_MONTHS):
        sheet.notices.add(Notice.NEAR_RETIREMENT)
