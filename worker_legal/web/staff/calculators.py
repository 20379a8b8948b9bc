"""The calculators: one form for every kind, filled from a case, its result kept with a case."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from worker_legal.domain import cases, holidays, parameters
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.law.compensation import Kind
from worker_legal.web import calculation
from worker_legal.web.calculation import Answer, Basis, compute, kind_of, make_form
from worker_legal.web.calculation_sheet import record_of, sheet_of
from worker_legal.web.fields import TextField, TokenField
from worker_legal.web.forms import BaseForm, page, submit
from worker_legal.web.security import current_actor, requires

bp = Blueprint("calculators", __name__)

MOST_MONTHS = 36


class AttachForm(BaseForm):
    """The case to which a result is to be kept."""

    case_no = TextField(lazy_gettext("案号"), length=60, needs=True)
    token = TokenField()


@bp.get("/calculators")
@requires(Action.USE_CALCULATOR)
def listing() -> str:
    """Everything that can be calculated."""
    return render_template(
        "staff/calculators/listing.html",
        kinds=list(Kind),
        what_for=calculation.WHAT_FOR,
        case=_case(),
        can_edit=current_actor().can(Action.MANAGE_PARAMETERS),
    )


@bp.route("/calculators/<string:kind>", methods=["GET", "POST"], endpoint="form")
@requires(Action.USE_CALCULATOR)
def calculate(kind: str) -> tuple[str, int]:
    """One calculation: the form, and above it the result once it is sent."""
    chosen, basis, case = kind_of(kind), _basis(), _case()
    form = make_form(chosen, basis, _known(chosen, case))
    answer = compute(form, basis)
    attach = AttachForm(formdata=None, case_no=case.case_no if case else "")
    return _page(form, attach, answer, case)


@bp.post("/calculators/<string:kind>/attach")
@requires(Action.RECORD_EVENT)
def attach(kind: str) -> Response | tuple[str, int]:
    """Calculate once more and keep the result with a case."""
    basis = _basis()
    form = make_form(kind_of(kind), basis)
    answer = compute(form, basis)
    where = AttachForm()
    event = submit(where, lambda: _attach(where, answer)) if answer else None
    if event is None:
        form.status = max(form.status, where.status)
        return _page(form, where, answer, None)
    flash(gettext("计算结果已附到案件"))
    return redirect(url_for("cases.detail", case_id=event.case_id, _anchor=f"e{event.id}"))


def _attach(where: AttachForm, answer: Answer) -> cases.CaseEvent:
    case = cases.case_by_number(current_actor(), where.case_no.data)
    new = cases.NewCalculation(
        answer.kind,
        clock.today(),
        answer.result.total_fen,
        record_of(answer),
        where.token.data,
    )
    return cases.attach_calculation(current_actor(), case, new)


@bp.get("/cases/<int:case_id>/calculations/<int:event_id>")
@requires(Action.VIEW_CASE)
def attached(case_id: int, event_id: int) -> str:
    """A kept result on paper, as it came out on its day."""
    case = cases.get_case(current_actor(), case_id)
    event, record = cases.get_calculation(case, event_id)
    return render_template(
        "staff/calculators/attached.html",
        case=case,
        event=event,
        sheet=sheet_of(record),
        printed_by=current_user.user.display_name,
        today=clock.today(),
    )


def _page(
    form: Any, attach: AttachForm, answer: Answer | None, case: cases.Case | None
) -> tuple[str, int]:
    return page(
        "staff/calculators/form.html",
        form,
        attach=attach,
        sheet=sheet_of(record_of(answer)) if answer else None,
        texts=answer.texts if answer else {},
        case=case,
        case_id=case.id if case else None,
        can_attach=current_actor().can(Action.RECORD_EVENT),
        today=clock.today(),
    )


def _basis() -> Basis:
    return Basis(holidays.work_calendar(), parameters.known(), clock.today())


def _case() -> cases.Case | None:
    case_id = request.args.get("case", type=int)
    return cases.get_case(current_actor(), case_id) if case_id else None


def _known(kind: Kind, case: cases.Case | None) -> dict[str, Any]:
    """What a case already says, by the names of the form."""
    if case is None:
        return {"as_of": clock.today().isoformat()}
    left = case.left_on.isoformat() if case.left_on else ""
    known: dict[str, Any] = {
        "hire_date": case.hired_on.isoformat() if case.hired_on else "",
        "end_date": left,
        "as_of": clock.today().isoformat(),
        "year": str((case.left_on or clock.today()).year),
        "claim_date": case.registered_on.isoformat(),
    }
    if kind is Kind.UNPAID_WAGES:
        known["months"] = [{"month": month} for month in _months(case.unpaid_from, case.unpaid_to)]
    if kind is Kind.INJURY_BENEFITS:
        known["standard_on"] = case.injured_on
        alone = case.worker_count == 1 and case.lead_worker is not None
        if alone and case.lead_worker:
            known["gender"] = case.lead_worker.gender
    return known


def _months(first: date | None, last: date | None) -> list[str]:
    if first is None:
        return []
    end = last or first
    count = (end.year - first.year) * 12 + end.month - first.month + 1
    places = [first.year * 12 + first.month - 1 + step for step in range(min(count, MOST_MONTHS))]
    return [f"{place // 12}-{place % 12 + 1:02d}" for place in places]
