"""Pay for a stretch of full months and a part month (compensation contract, section 4)."""

from worker_legal.i18n import N_
from worker_legal.law.compensation.counting import PAID_DAYS, Stretch
from worker_legal.law.compensation.result import Notice, decimal, figure, say
from worker_legal.law.compensation.sheet import Basis, Sheet


def paid_by_month(base: Basis, time: Stretch, sheet: Sheet) -> tuple[Basis, bool]:
    """A month's wage for each full month, working days ÷ 21.75 for the rest; sure or not."""
    sheet.notices.add_if(time.provisional, Notice.PROVISIONAL_CALENDAR)
    first, last = time.first.isoformat(), time.last.isoformat()
    months = str(figure(time.months))
    if time.rest_first is None:
        step = say(
            N_("%(first)s至%(last)s（首尾均计入）共%(full)s个月 × 月工资"),
            first=first,
            last=last,
            full=time.full,
        )
        basis = base.then(
            base.fen * time.months,
            step,
            window_first=first,
            window_last=last,
            full_months=time.full,
            months=months,
        )
        return basis, True
    step = say(
        N_(
            "%(first)s至%(last)s（首尾均计入）："
            "（%(full)s个月 + %(days)s个工作日 ÷ 21.75，最多一个月）× 月工资"
        ),
        first=first,
        last=last,
        full=time.full,
        days=time.working_days,
    )
    basis = base.then(
        base.fen * time.months,
        step,
        window_first=first,
        window_last=last,
        full_months=time.full,
        months=months,
        working_days=time.working_days,
        monthly_paid_days=decimal(PAID_DAYS),
    )
    return basis, not time.provisional
