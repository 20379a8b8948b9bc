"""Unpaid wages, month by month (劳动法 50; 劳动合同法 30)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import PAID_DAYS
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, decimal, figure, say, yuan
from worker_legal.law.compensation.sheet import Basis, Sheet

ARTICLE = N_("《劳动法》第50条；《劳动合同法》第30条")


def unpaid_wages(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """What is still due for each month; a month paid in excess is not set off."""
    seen: set[str] = set()
    for index, row in enumerate(given["months"]):
        if row["month"] in seen:
            raise wrong(f"months-{index}-month", N_("%(name)s 重复填写了同一个月"))
        seen.add(row["month"])
        _month(row, f"months-{index}-due_fen", sheet)
    return sheet.result()


def _month(row: Mapping[str, Any], name: str, sheet: Sheet) -> None:
    due, paid = _due(row, name), row["paid_fen"]
    minimum = sheet.local["minimum_wage_fen"]
    sheet.notices.add_if(
        row["due_fen"] is not None and minimum is not None and row["due_fen"] < minimum,
        Notice.BELOW_MINIMUM_WAGE,
    )
    sheet.notices.add_if(paid > due.fen, Notice.OVERPAID)
    over = N_("%(due)s元 − 已付%(paid)s元，多付的按零计、不抵其他月份")
    text = over if paid > due.fen else N_("%(due)s元 − 已付%(paid)s元")
    formula = say(text, due=yuan(due.fen), paid=yuan(paid))
    unpaid = due.then(max(due.fen - paid, Fraction(0)), formula, paid_fen=paid)
    sheet.add(say(N_("拖欠工资 %(month)s"), month=row["month"]), unpaid, ARTICLE)


def _due(row: Mapping[str, Any], name: str) -> Basis:
    due, wage, days = row["due_fen"], row["monthly_wage_fen"], row["paid_days"]
    whole = due is not None and wage is None and days is None
    part = due is None and wage is not None and days is not None
    if not whole and not part:
        raise wrong(
            name,
            N_("%(name)s 与 %(others)s 应填且只填一种，后两项须同时填写"),
            others="monthly_wage_fen、paid_days",
        )
    if whole:
        return Basis(Fraction(due), (), {"due_fen": due})
    exact = min(wage * days / PAID_DAYS, Fraction(wage))
    step = say(
        N_("应得 = %(wage)s元 × %(days)s天 ÷ 21.75 = %(due)s元（不超过月工资）"),
        wage=yuan(wage),
        days=decimal(days),
        due=yuan(exact),
    )
    figures = {"monthly_wage_fen": wage, "paid_days": decimal(days), "due_fen": figure(exact)}
    return Basis(exact, (step,), {**figures, "monthly_paid_days": decimal(PAID_DAYS)})
