"""Public calculators: no case, no name, nothing is kept; they work without scripts."""

from flask import render_template
from werkzeug.wrappers import Response

from worker_legal.domain import portal
from worker_legal.law.compensation import Kind
from worker_legal.web import calculation
from worker_legal.web.calculation import Basis, compute, kind_of, make_form
from worker_legal.web.calculation_sheet import record_of, sheet_of
from worker_legal.web.portal.views import bp
from worker_legal.web.security import public


@bp.get("/calculators")
@public
def calculators() -> str:
    """What a worker can calculate without asking anybody."""
    return render_template(
        "portal/calculators/listing.html", kinds=list(Kind), what_for=calculation.WHAT_FOR
    )


@bp.route("/calculators/<string:kind>", methods=["GET", "POST"])
@public
def calculator(kind: str) -> tuple[str, int] | Response:
    """One calculation in plain words."""
    known = portal.calculator_basis()
    basis = Basis(known.calendar, known.figures, known.today)
    form = make_form(kind_of(kind), basis, {"as_of": basis.today.isoformat()}, rows=1)
    answer = compute(form, basis)
    shown = render_template(
        "portal/calculators/form.html",
        form=form,
        sheet=sheet_of(record_of(answer)) if answer else None,
        card=portal.office_card(),
        today=basis.today,
    )
    return shown, form.status
