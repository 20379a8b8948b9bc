"""Compensation for probation beyond the legal limit (劳动合同法 19, 83)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import full_months, stretch
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.monthly import paid_by_month
from worker_legal.law.compensation.result import Notice, Result, say
from worker_legal.law.compensation.sheet import Sheet, monthly

ARTICLE = N_("《劳动合同法》第19条、第83条")
LIMITS = ((36, 6), (12, 2), (3, 1))
OPEN_ENDED = 6


def illegal_probation(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """A month's full wage for each month on probation beyond the legal limit."""
    _check(given)
    limit = _limit(given)
    base = sheet.floored(monthly(given["monthly_wage_fen"]))
    step = say(N_("法定试用期最长%(limit)s个月"), limit=limit)
    base = base.then(base.fen, step, limit_months=limit)
    excess = stretch(given["probation_start"], limit, given["probation_end"], sheet.calendar)
    sure = True
    if excess is None:
        sheet.notices.add(Notice.WITHIN_LIMIT)
        basis = base.then(Fraction(0), say(Notice.WITHIN_LIMIT.label), months="0")
    else:
        basis, sure = paid_by_month(base, excess, sheet)
    sheet.add(say(N_("违法试用期赔偿金")), basis, ARTICLE, sure=sure)
    return sheet.result()


def _check(given: Mapping[str, Any]) -> None:
    ended = given["contract_end"]
    if ended is not None and ended < given["contract_start"]:
        raise wrong("contract_end", N_("%(name)s 不能早于合同起始日期"))
    if given["probation_end"] < given["probation_start"]:
        raise wrong("probation_end", N_("%(name)s 不能早于试用期第一天"))


def _limit(given: Mapping[str, Any]) -> int:
    if given["task_based"] or given["second_probation"]:
        return 0
    if given["contract_end"] is None:
        return OPEN_ENDED
    term = full_months(given["contract_start"], given["contract_end"])
    return next((limit for least, limit in LIMITS if term >= least), 0)
