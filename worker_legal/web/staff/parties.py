"""The people and companies of a case: who, with which claim, corrected with their history."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from worker_legal.domain import cases, parties
from worker_legal.domain.permissions import Action
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.law.enums import Side
from worker_legal.web.forms import BaseForm, page, submit
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff.party_form import (
    AddWorkerForm,
    ChangeWorkerForm,
    ClaimForm,
    ReasonForm,
    RepresentativesForm,
    RespondentForm,
)

bp = Blueprint("parties", __name__)


@bp.get("/cases/<int:case_id>/people")
@requires(Action.VIEW_CASE)
def people(case_id: int) -> Any:
    """Everyone in the case: workers with their own claims, employers with their part."""
    return _people(case_id, RepresentativesForm())


@bp.post("/cases/<int:case_id>/people")
@requires(Action.EDIT_CASE)
def choose(case_id: int) -> Any:
    """Record the elected representatives."""
    actor, form = current_actor(), RepresentativesForm()
    chosen = frozenset(form.chosen.data or ())
    done = submit(form, lambda: cases.choose_representatives(actor, _case(case_id), chosen))
    if done is None:
        return _people(case_id, form)
    flash(gettext("代表已记下"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.route("/cases/<int:case_id>/people/add", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def add(case_id: int) -> Any:
    """Add a worker to a running case."""
    actor, form = current_actor(), AddWorkerForm()
    if submit(form, lambda: cases.add_party(actor, _case(case_id), form.party())) is None:
        return page("staff/parties/add.html", form, case=_case(case_id))
    flash(gettext("职工已加入案件"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.route("/cases/<int:case_id>/people/add-respondent", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def add_respondent(case_id: int) -> Any:
    """Add a co-respondent: dispatch agency, host employer, contractor, 包工头."""
    actor, form = current_actor(), RespondentForm()
    if submit(form, lambda: cases.add_employer(actor, _case(case_id), form.respondent())) is None:
        return page("staff/parties/add_respondent.html", form, case=_case(case_id))
    flash(gettext("单位已加入案件"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.route("/cases/<int:case_id>/people/<int:party_id>/change", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def change(case_id: int, party_id: int) -> Any:
    """Correct a person's particulars; every case of the person shows them."""
    actor, worker = current_actor(), _worker(case_id, party_id)
    form = ChangeWorkerForm(obj=worker)
    done = submit(
        form,
        lambda: cases.change_worker(actor, _case(case_id), party_id, form.worker, form.row_version),
    )
    if done is None:
        return _change_page(case_id, party_id, form, ClaimForm(formdata=None))
    flash(gettext("已更正，所有案件都已更新"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.post("/cases/<int:case_id>/people/<int:party_id>/claim")
@requires(Action.EDIT_CASE)
def claim(case_id: int, party_id: int) -> Any:
    """Correct one worker's own claim; the case amount follows."""
    actor, form = current_actor(), ClaimForm()
    done = submit(
        form,
        lambda: cases.change_claim(
            actor, _case(case_id), party_id, form.claimed_fen.data or 0, form.row_version
        ),
    )
    if done is None:
        person = ChangeWorkerForm(obj=_worker(case_id, party_id), formdata=None)
        person.status = form.status
        return _change_page(case_id, party_id, person, form)
    flash(gettext("金额已更正"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.route("/cases/<int:case_id>/people/<int:party_id>/remove", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def remove(case_id: int, party_id: int) -> Any:
    """Take out somebody entered by mistake; the history stays."""
    actor, form = current_actor(), ReasonForm()
    done = submit(
        form,
        lambda: cases.remove_party(actor, _case(case_id), party_id, form.reason.data or ""),
    )
    if done is None:
        party = _party(case_id, party_id)
        return page("staff/parties/remove.html", form, case=_case(case_id), party=party)
    flash(gettext("已移出案件"))
    return redirect(url_for("parties.people", case_id=case_id))


@bp.route("/cases/<int:case_id>/people/<int:party_id>/reveal", methods=["GET", "POST"])
@requires(Action.REVEAL)
def reveal(case_id: int, party_id: int) -> Any:
    """Show number, phone and address once, with a reason in the log (M2)."""
    actor, form = current_actor(), ReasonForm()
    clear = submit(
        form,
        lambda: parties.reveal(
            actor, _worker(case_id, party_id, Action.REVEAL), form.reason.data or ""
        ),
    )
    party = _party(case_id, party_id, Action.REVEAL)
    case = _case(case_id, Action.REVEAL)
    return page("staff/parties/reveal.html", form, case=case, party=party, clear=clear)


def _case(case_id: int, action: Action = Action.EDIT_CASE) -> cases.Case:
    return cases.get_case(current_actor(), case_id, action)


def _party(case_id: int, party_id: int, action: Action = Action.EDIT_CASE) -> cases.CaseParty:
    for party in cases.parties_of(_case(case_id, action)):
        if party.id == party_id:
            return party
    raise NotFound(N_("这个案件没有这个当事人"))


def _worker(case_id: int, party_id: int, action: Action = Action.EDIT_CASE) -> parties.Worker:
    worker = _party(case_id, party_id, action).worker
    if worker is None:
        raise NotFound(N_("这个案件没有这个人"))
    return worker


def _people(case_id: int, form: RepresentativesForm) -> Any:
    case = _case(case_id, Action.VIEW_CASE)
    everyone = cases.parties_of(case)
    workers = [party for party in everyone if party.side is Side.APPLICANT]
    return page(
        "staff/parties/people.html",
        form.offer(workers),
        case=case,
        workers=workers,
        employers=[party for party in everyone if party.employer is not None],
        may_edit=cases.may_do(current_actor(), Action.EDIT_CASE, case),
        may_reveal=cases.may_do(current_actor(), Action.REVEAL, case),
    )


def _change_page(case_id: int, party_id: int, form: BaseForm, claim_form: ClaimForm) -> Any:
    party, case = _party(case_id, party_id), _case(case_id)
    stale = form.status == 409 and claim_form.status != 409
    if stale and party.worker is not None:
        form.version.data = str(party.worker.version)
    if not claim_form.is_submitted() or claim_form.claimed_fen.raw_data is None:
        claim_form.claimed_fen.data = party.claimed_fen
    claim_form.version.data = str(case.version)
    return page(
        "staff/parties/change.html",
        form,
        case=case,
        party=party,
        claim_form=claim_form,
        stale=stale,
    )
