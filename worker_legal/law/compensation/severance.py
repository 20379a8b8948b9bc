"""Severance N, N+1 and 2N (劳动合同法 40, 46-48, 87, 97)."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import full_months, service_months, years_begun
from worker_legal.law.compensation.fields import Ground, Variant
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, decimal, figure, say, yuan
from worker_legal.law.compensation.sheet import Basis, Sheet, average_of

ARTICLE_N = N_("《劳动合同法》第46条、第47条；《劳动合同法实施条例》第27条")
ARTICLE_NOTICE = N_("《劳动合同法》第40条；《劳动合同法实施条例》第20条")
ARTICLE_2N = N_("《劳动合同法》第47条、第48条、第87条；《劳动合同法实施条例》第25条、第27条")
ARTICLE_OLD = N_("《劳动合同法》第97条；原《违反和解除劳动合同的经济补偿办法》（1994年）")
SPLIT = date(2008, 1, 1)
LAST_OLD_DAY = date(2007, 12, 31)
MOST_MONTHS = 12
CAP_TIMES = 3
ART_40 = (Ground.ILLNESS, Ground.INCOMPETENCE, Ground.CHANGE)
OLD_CAPPED = (Ground.MUTUAL, Ground.INCOMPETENCE)
OLD_NONE = (Ground.EXPIRY, Ground.CLOSURE)


def severance(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """One month's wage a year, with the notice month, or twice that for an unlawful end."""
    _check(given)
    average = average_of(given, "wages_fen", "average_monthly_wage_fen")
    hired, ended = given["hire_date"], given["end_date"]
    few = given["wages_fen"] is not None and len(given["wages_fen"]) < MOST_MONTHS
    sheet.notices.add_if(few and full_months(hired, ended) >= 12, Notice.FEWER_WAGE_MONTHS)
    missing = [key for key in ("average_wage_fen", "minimum_wage_fen") if sheet.local[key] is None]
    if missing:
        sheet.notices.add(Notice.PARAMETER_MISSING, keys="、".join(missing))
    base = sheet.floored(average)
    if given["variant"] is Variant.TWO_N:
        served = _served(base, hired, ended)
        _add_unlawful(served, service_months(hired, ended), sheet, sure=not missing)
        return sheet.result()
    split = hired < SPLIT
    if split:
        sheet.notices.add(Notice.PRE_2008_SPLIT)
        old = _served(base, hired, LAST_OLD_DAY)
        _add_old(old, years_begun(hired, LAST_OLD_DAY), given["ground"], sheet)
    first = max(hired, SPLIT)
    label = N_("经济补偿（2008年起）") if split else N_("经济补偿")
    capped, months = _capped(_served(base, first, ended), service_months(first, ended), sheet)
    sheet.add(say(label), _times(capped, months), ARTICLE_N, sure=not missing)
    if given["variant"] is Variant.N_PLUS_1:
        _add_notice(given, sheet)
    return sheet.result()


def _check(given: Mapping[str, Any]) -> None:
    hired, ended, variant = given["hire_date"], given["end_date"], given["variant"]
    ground = given["ground"]
    if ended < hired:
        raise wrong("end_date", N_("%(name)s 不能早于入职日期"))
    if ended < SPLIT:
        raise wrong("end_date", N_("%(name)s 不能早于2008年1月1日"))
    if variant is Variant.N_PLUS_1 and given["previous_month_wage_fen"] is None:
        raise wrong("previous_month_wage_fen", N_("计算代通知金须填写 %(name)s"))
    if variant is Variant.N_PLUS_1 and ground is not None and ground not in ART_40:
        raise wrong("ground", N_("%(name)s 不属于劳动合同法第40条，不能主张代通知金"))
    if variant is not Variant.TWO_N and hired < SPLIT and ground is None:
        raise wrong("ground", N_("2008年以前入职的须填写 %(name)s"))


def _capped(base: Basis, months: Fraction, sheet: Sheet) -> tuple[Basis, Fraction]:
    average = sheet.local["average_wage_fen"]
    if average is None:
        return base, months
    base = base.using("average_wage_fen")
    cap = CAP_TIMES * average
    if base.fen <= cap:
        return base, months
    sheet.notices.add(Notice.CAP_3X)
    sheet.notices.add_if(months > MOST_MONTHS, Notice.MONTHS_CAPPED_12)
    step = say(
        N_("高于平均工资%(average)s元的三倍，按%(cap)s元且最多12个月"),
        average=yuan(average),
        cap=yuan(cap),
    )
    capped = base.then(Fraction(cap), step, base_fen=cap, clamp="300%")
    return capped, min(months, Fraction(MOST_MONTHS))


def _served(base: Basis, first: date, last: date) -> Basis:
    step = say(
        N_("工作年限%(first)s至%(last)s（首尾均计入）"),
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return base.then(base.fen, step, service_first=first.isoformat(), service_last=last.isoformat())


def _times(base: Basis, months: Fraction) -> Basis:
    shown = decimal(months)
    step = say(N_("%(base)s元 × %(months)s个月"), base=yuan(base.fen), months=shown)
    return base.then(base.fen * months, step, months=shown)


def _add_unlawful(base: Basis, months: Fraction, sheet: Sheet, *, sure: bool) -> None:
    base, months = _capped(base, months, sheet)
    shown = decimal(months)
    step = say(N_("%(base)s元 × %(months)s个月 × 2"), base=yuan(base.fen), months=shown)
    basis = base.then(base.fen * months * 2, step, months=shown, times=2)
    sheet.add(say(N_("违法解除赔偿金")), basis, ARTICLE_2N, sure=sure)


def _add_old(base: Basis, years: int, ground: Ground, sheet: Sheet) -> None:
    if ground in OLD_NONE:
        years = 0
    if ground in OLD_CAPPED and years > MOST_MONTHS:
        sheet.notices.add(Notice.MONTHS_CAPPED_12)
        years = MOST_MONTHS
    label = say(N_("经济补偿（2008年前）"))
    sheet.add(label, _times(base, Fraction(years)), ARTICLE_OLD, sure=False)


def _add_notice(given: Mapping[str, Any], sheet: Sheet) -> None:
    sheet.notices.add_if(given["ground"] is None, Notice.ART40_ONLY)
    wage = given["previous_month_wage_fen"]
    step = say(N_("离职前一个月工资%(wage)s元"), wage=yuan(wage))
    basis = Basis(Fraction(wage), (step,), {"base_fen": figure(Fraction(wage)), "months": "1"})
    sheet.add(say(N_("代通知金")), basis, ARTICLE_NOTICE)
