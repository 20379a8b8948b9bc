"""Double wage for want of a written contract (劳动合同法 82; 条例 6-7; 解释(二) 6-7)."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import Stretch, add_months, stretch
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.monthly import paid_by_month
from worker_legal.law.compensation.result import Notice, Result, say
from worker_legal.law.compensation.sheet import Sheet, monthly

ARTICLE = N_(
    "《劳动合同法》第82条；《劳动合同法实施条例》第6条、第7条；"
    "《劳动争议司法解释（二）》第6条、第7条"
)
IN_FORCE = date(2008, 1, 1)
_DAY = timedelta(days=1)


def double_wage(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """The extra wage from one month of work to one year, signature or end, whichever is first."""
    _check(given)
    hired, signed, ended = given["hire_date"], given["signed_date"], given["end_date"]
    year = add_months(hired, 12)
    last = min(year - _DAY, ended, signed - _DAY if signed else ended)
    window = stretch(hired, 1, last, sheet.calendar)
    sheet.notices.add_if(given["employer_defence"], Notice.EMPLOYER_DEFENCE)
    if window is None:
        by_signature = signed is not None and signed - _DAY < ended
        sheet.notices.add(
            Notice.CONTRACT_SIGNED_IN_TIME if by_signature else Notice.UNDER_ONE_MONTH
        )
    deemed = (signed is None or signed > year) and ended >= year
    sheet.notices.add_if(deemed, Notice.OPEN_ENDED_DEEMED)
    _warn_of_limitation(window, given["claim_date"], sheet)
    _add_line(given, window, sheet)
    return sheet.result()


def _check(given: Mapping[str, Any]) -> None:
    if given["hire_date"] < IN_FORCE:
        raise wrong("hire_date", N_("%(name)s 不能早于2008年1月1日"))
    if given["end_date"] < given["hire_date"]:
        raise wrong("end_date", N_("%(name)s 不能早于入职日期"))


def _warn_of_limitation(window: Stretch | None, claimed: date | None, sheet: Sheet) -> None:
    late = window is not None and claimed is not None and claimed > add_months(window.last, 12)
    sheet.notices.add_if(late, Notice.LIMITATION)


def _add_line(given: Mapping[str, Any], window: Stretch | None, sheet: Sheet) -> None:
    base = sheet.floored(monthly(given["monthly_wage_fen"]))
    sure = True
    if given["employer_defence"]:
        basis = base.then(Fraction(0), say(N_("单位免责事由成立，不支持二倍工资")), months="0")
    elif window is None:
        basis = base.then(Fraction(0), say(N_("应支付二倍工资的期间没有一天")), months="0")
    else:
        basis, sure = paid_by_month(base, window, sheet)
    sheet.add(say(N_("二倍工资差额")), basis, ARTICLE, sure=sure)
