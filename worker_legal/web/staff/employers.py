"""Employers: the list, the page of one with its names and cases, and the merge of two records."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from worker_legal.domain import cases, parties
from worker_legal.domain.permissions import Action
from worker_legal.web.forms import page, submit
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff.parties import bp
from worker_legal.web.staff.party_form import ClassForm, MergeForm


@bp.get("/employers")
@requires(Action.VIEW_CASE)
def employers() -> Any:
    """The employers with cases in sight, those with most cases first."""
    text = request.args.get("q", "")[:80].replace("\x00", "")
    rows, total = cases.employers_in_sight(current_actor(), text)
    return render_template("staff/parties/employers.html", rows=rows, total=total, text=text)


@bp.get("/employers/<int:employer_id>")
@requires(Action.VIEW_CASE)
def employer(employer_id: int) -> Any:
    """One employer: its names and the cases in sight."""
    actor = current_actor()
    found = cases.get_employer(actor, employer_id)
    if found.id != employer_id:
        return redirect(url_for("parties.employer", employer_id=found.id))
    query = cases.search(actor, cases.CaseFilter(employer_id=found.id))
    return render_template(
        "staff/parties/employer.html",
        employer=found,
        aliases=parties.aliases_of(found),
        figures=cases.figures(query),
        rows=cases.page_of(query).rows,
        may_classify=actor.can(Action.EDIT_CASE) and not found.is_individual,
        may_merge=actor.can(Action.MERGE_EMPLOYERS) and not found.is_individual,
    )


@bp.route("/employers/<int:employer_id>/class", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def classify(employer_id: int) -> Any:
    """Put down the industry and the size of an employer."""
    actor = current_actor()
    found, form = cases.get_employer(actor, employer_id), ClassForm()
    if request.method == "GET":
        form.industry.data, form.size.data = found.industry, found.size

    def save() -> bool:
        parties.classify_employer(actor, found, form.industry.data, form.size.data)
        return True

    if submit(form, save):
        flash(gettext("行业和规模已保存"))
        return redirect(url_for("parties.employer", employer_id=found.id))
    return page("staff/parties/classify.html", form, employer=found)


@bp.route("/employers/<int:employer_id>/merge", methods=["GET", "POST"])
@requires(Action.MERGE_EMPLOYERS)
def merge(employer_id: int) -> Any:
    """Join another record into this one: names become aliases, cases follow."""
    actor, form = current_actor(), MergeForm()
    moved = submit(form, lambda: cases.merge_employers(actor, employer_id, form.gone_id.data or 0))
    if moved is None:
        found = cases.get_employer(actor, employer_id)
        return page("staff/parties/merge.html", form, employer=found)
    flash(gettext("已合并"))
    return redirect(url_for("parties.employer", employer_id=employer_id))
