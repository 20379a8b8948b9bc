"""Intake: one screen, one submit, a case with its number, parties and first dates (A1)."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from worker_legal.domain import cases, parties
from worker_legal.domain.permissions import Action
from worker_legal.law.enums import Stage
from worker_legal.web.forms import page, submit
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff.intake_form import FactsForm, IntakeForm

bp = Blueprint("intake", __name__)


@bp.get("/cases/new")
@requires(Action.REGISTER_CASE)
def new() -> Any:
    """The empty screen, or with the employer of a case that somebody wants to register again."""
    form = _form()
    form.respondents[0].form.name.data = request.args.get("employer", "")[:120]
    return _page(form)


@bp.post("/cases/new")
@requires(Action.REGISTER_CASE)
def save() -> Any:
    """Save the case, or do what one of the small buttons asks and show the screen again."""
    actor, form = current_actor(), _form()
    if form.change(request.form):
        return _page(form)
    case = submit(form, lambda: cases.register(actor, form.to_input()))
    if case is None:
        return _page(form)
    flash(gettext("已登记：%(no)s", no=case.case_no))
    wanted = "receipts.show" if "print" in request.form else "cases.detail"
    return redirect(url_for(wanted, case_id=case.id))


@bp.get("/intake/radar")
@requires(Action.REGISTER_CASE)
def radar() -> Any:
    """The limitation strip for the days typed so far; days only, never who they belong to."""
    form = FactsForm(request.args, meta={"csrf": False})
    form.validate()
    return render_template("staff/intake/radar.html", strip_of=form.strip)


@bp.get("/intake/employers")
@requires(Action.REGISTER_CASE)
def employers() -> Any:
    """Suggestions for what is typed: name, old name, code or initials."""
    found = parties.suggest_employers(request.args.get("q", "")[:80])
    rows = []
    for employer in found:
        note = [*parties.aliases_of(employer)[:2], employer.uscc or gettext("没有信用代码")]
        rows.append({"value": employer.id, "label": employer.name, "note": "·".join(note)})
    return jsonify(rows)


@bp.get("/intake/employer")
@requires(Action.REGISTER_CASE)
def employer() -> Any:
    """What is known of the employer that was picked or typed, as far as the actor may see."""
    return render_template(
        "staff/intake/employer.html",
        known=_known_employer(
            request.args.get("respondents-0-employer_id", type=int),
            request.args.get("respondents-0-name", ""),
        ),
    )


@bp.post("/intake/earlier")
@requires(Action.REGISTER_CASE)
def earlier() -> Any:
    """Earlier cases of the person being typed; numbers travel in the body, not in the address."""
    found = cases.earlier_cases(
        current_actor(),
        request.form.get("id_no", "")[:40],
        request.form.get("phone", "")[:40],
        request.form.get("name", "")[:60],
        request.form.get("employer", "")[:120],
    )
    return render_template("staff/intake/earlier.html", found=found)


def _form() -> IntakeForm:
    return IntakeForm().prepare(current_actor(), current_user.user.org_unit_id)


def _page(form: IntakeForm) -> tuple[str, int]:
    first = form.respondents[0].form
    known = _known_employer(first.employer_id.data, first.name.data or "")
    return page(
        "staff/intake/new.html",
        form=form,
        strip_of=form.strip,
        known=known,
        earlier=_earlier(form) if form.is_submitted() else {},
        consultation=Stage.CONSULTATION,
    )


def _earlier(form: IntakeForm) -> dict[str, cases.Earlier]:
    """For each row the earlier cases of that person, for browsers without scripts."""
    actor, firm = current_actor(), form.respondents[0].form.name.data or ""
    found = {}
    for row in form.rows:
        worker = row.worker
        known = cases.earlier_cases(actor, worker.id_no, worker.phone, worker.name, firm)
        if known.cases or known.elsewhere:
            found[row.name.name] = known
    return found


def _known_employer(employer_id: int | None, name: str) -> dict[str, Any] | None:
    """The employer with its other names and how many cases about pay it had in 90 days."""
    found = parties.find_known_employer(employer_id, name[:120])
    if found is None:
        return None
    recent = cases.recent_pay_cases(current_actor(), found.id)
    return {"employer": found, "aliases": parties.aliases_of(found), "recent": recent}
