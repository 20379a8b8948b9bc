"""Additional compensation after an order to pay was ignored (劳动合同法 85)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import Notice, Result, say, yuan
from worker_legal.law.compensation.sheet import Basis, Sheet

ARTICLE = N_("《劳动合同法》第85条；《劳动保障监察条例》第26条")


def pay_order(given: Mapping[str, Any], sheet: Sheet) -> Result:
    """The share of what was unpaid when the deadline of the order had passed."""
    ordered, rate, as_of = given["ordered_fen"], given["rate_percent"], given["as_of"]
    for index, payment in enumerate(given["payments"]):
        if payment["date"] > as_of:
            raise wrong(f"payments-{index}-date", N_("%(name)s 不能晚于 %(other)s"), other="as_of")
    paid = _paid_in_time(given)
    unpaid = max(ordered - paid, 0)
    hindrance = _hindrance(given, unpaid)
    sheet.notices.add(hindrance or Notice.RATE_RANGE)
    step = say(
        N_("（责令支付%(ordered)s元 − 期限内已付%(paid)s元）× %(rate)s%%"),
        ordered=yuan(ordered),
        paid=yuan(paid),
        rate=rate,
    )
    if hindrance:
        step = say(hindrance.label)
    basis = Basis(
        Fraction(0) if hindrance else Fraction(unpaid * rate, 100),
        (step,),
        {"ordered_fen": ordered, "paid_fen": paid, "base_fen": unpaid, "rate_percent": rate},
    )
    sheet.add(say(N_("加付赔偿金")), basis, ARTICLE)
    return sheet.result()


def _paid_in_time(given: Mapping[str, Any]) -> int:
    deadline = given["order_deadline"]
    return sum(
        payment["amount_fen"]
        for payment in given["payments"]
        if deadline is None or payment["date"] <= deadline
    )


def _hindrance(given: Mapping[str, Any], unpaid: int) -> Notice | None:
    if given["order_deadline"] is None:
        return Notice.NO_ORDER
    if given["as_of"] <= given["order_deadline"]:
        return Notice.DEADLINE_NOT_PASSED
    return None if unpaid else Notice.NOTHING_UNPAID
