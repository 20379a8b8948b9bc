"""The page of a case and the verbs that concern the case as a whole."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.law.enums import DisputeKind, Flag, Outcome
from worker_legal.web.fields import (
    EnumChecks,
    EnumSelect,
    HandlerField,
    LegalDateField,
    LongTextField,
    MonthField,
    RowSelect,
    TextField,
    TokenField,
    needed,
    not_in_future,
)
from worker_legal.web.forms import BaseForm, page, submit
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import case_page, case_words

bp = Blueprint("cases", __name__)
Answer = str | Response | tuple[str, int]


class CloseForm(BaseForm):
    """How and when a case ended."""

    on = LegalDateField(
        lazy_gettext("结案日期"), [needed(), not_in_future], default=lambda: clock.today()
    )
    outcome = EnumSelect(
        lazy_gettext("结果"),
        Outcome,
        blank=lazy_gettext("请选择"),
        validators=[needed(lazy_gettext("请选择一项"))],
    )
    reason = TextField(lazy_gettext("说明"), 200)
    note = LongTextField(lazy_gettext("备注"), 4000)
    token = TokenField()


class ReasonForm(BaseForm):
    """Why something unusual is done to a case."""

    reason = TextField(lazy_gettext("为什么"), 200, needs=True)


class AssignForm(BaseForm):
    """Who is to handle the case."""

    handler_id = HandlerField(
        lazy_gettext("经办人"), validators=[needed(lazy_gettext("请选择一项"))]
    )


class HandOverForm(BaseForm):
    """To which site the case goes, and why."""

    site_id = RowSelect(lazy_gettext("移交到"), validators=[needed(lazy_gettext("请选择一项"))])
    reason = TextField(lazy_gettext("为什么移交"), 200, needs=True)


class FactsForm(BaseForm):
    """The days from which the worker's own limitation periods run."""

    hired_on = LegalDateField(lazy_gettext("入职日期"), [not_in_future])
    left_on = LegalDateField(lazy_gettext("离职日期"), [not_in_future])
    injured_on = LegalDateField(lazy_gettext("受伤日期"), [not_in_future])
    diagnosed_on = LegalDateField(lazy_gettext("职业病诊断日期"), [not_in_future])
    dispute_known_on = LegalDateField(lazy_gettext("知道权利被侵害的日期"), [not_in_future])
    unpaid_from = MonthField(lazy_gettext("欠薪从哪个月"))
    unpaid_to = MonthField(lazy_gettext("欠薪到哪个月"), end=True)


class ChangeForm(BaseForm):
    """The cause of the case and its urgency flags."""

    dispute_kind = EnumSelect(lazy_gettext("案由"), DisputeKind)
    flags = EnumChecks(lazy_gettext("标记"), Flag)


@bp.get("/cases/<int:case_id>")
@requires(Action.VIEW_CASE)
def detail(case_id: int) -> Answer:
    """The page of a case; opening it is logged, for the worker to know."""
    if not cases.has_just_seen(current_actor(), case_id):
        with transaction():
            cases.note_view(current_actor(), case_id)
    case = cases.get_case(current_actor(), case_id)
    show = request.args.get("show", "all")
    show = show if show in case_page.SHOWS else "all"
    context = case_page.build(current_actor(), case, show)
    return render_template("staff/cases/detail.html", token=secrets.token_urlsafe(24), **context)


@bp.get("/cases/<int:case_id>/timeline")
@requires(Action.VIEW_CASE)
def timeline(case_id: int) -> Answer:
    """The timeline on paper, with the filter of the screen."""
    case = cases.get_case(current_actor(), case_id)
    show = request.args.get("show", "all")
    show = show if show in case_page.SHOWS else "all"
    context = case_page.build(current_actor(), case, show)
    return render_template(
        "staff/cases/timeline.html", printed_by=current_user.user.display_name, **context
    )


@bp.route("/cases/<int:case_id>/close", methods=["GET", "POST"])
@requires(Action.CLOSE_CASE)
def close(case_id: int) -> Answer:
    """Close the case with its outcome; says what is still open."""
    actor = current_actor()
    case = cases.get_case(actor, case_id, Action.CLOSE_CASE)
    form: Any = CloseForm()
    form.outcome.choices = [("", gettext("请选择"))] + [
        (outcome.value, gettext(outcome.label)) for outcome in cases.outcomes_of(case)
    ]

    def call(case: cases.Case) -> None:
        on, outcome = form.on.data, form.outcome.data
        cases.close(actor, case, on, outcome, form.reason.data, form.note.data, form.token.data)

    def show(case: cases.Case) -> dict[str, Any]:
        return {"still": cases.open_stages(case)}

    return _verb("close", Action.CLOSE_CASE, case_id, form, call, gettext("已结案"), show)


@bp.route("/cases/<int:case_id>/reopen", methods=["GET", "POST"])
@requires(Action.REOPEN_CASE)
def reopen(case_id: int) -> Answer:
    """Open a closed case again."""
    form = ReasonForm()

    def call(case: cases.Case) -> None:
        cases.reopen(current_actor(), case, form.reason.data)

    return _verb("reopen", Action.REOPEN_CASE, case_id, form, call, gettext("已复立"))


@bp.route("/cases/<int:case_id>/void", methods=["GET", "POST"])
@requires(Action.VOID_CASE)
def void(case_id: int) -> Answer:
    """Set aside a case that was registered by mistake."""
    form = ReasonForm()

    def call(case: cases.Case) -> None:
        cases.void(current_actor(), case, form.reason.data)

    return _verb("void", Action.VOID_CASE, case_id, form, call, gettext("已作废，案号保留"))


@bp.route("/cases/<int:case_id>/assign", methods=["GET", "POST"])
@requires(Action.ASSIGN_CASE)
def assign(case_id: int) -> Answer:
    """Give the case to one of the people of its site."""
    case = cases.get_case(current_actor(), case_id, Action.ASSIGN_CASE)
    form = AssignForm(data={"version": case.version, "handler_id": case.handler_id})
    form.handler_id.limit(frozenset({case.org_unit_id}), gettext("请选择"))

    def call(case: cases.Case) -> None:
        cases.assign(current_actor(), case, form.handler_id.data, version=form.row_version)

    return _verb("assign", Action.ASSIGN_CASE, case_id, form, call, gettext("已交办"))


@bp.post("/cases/<int:case_id>/take")
@requires(Action.RECORD_EVENT)
def take(case_id: int) -> Answer:
    """Take a case that nobody handles yet."""
    actor = current_actor()
    with transaction():
        cases.take(actor, cases.get_case(actor, case_id, Action.RECORD_EVENT))
    flash(gettext("这个案件由您经办了"))
    return redirect(url_for("cases.detail", case_id=case_id))


@bp.route("/cases/<int:case_id>/hand-over", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def hand_over(case_id: int) -> Answer:
    """Move the case to another site; it keeps its number and history."""
    actor = current_actor()
    case = cases.get_case(actor, case_id, Action.EDIT_CASE)
    form = HandOverForm(data={"version": case.version})
    sites = [site for site in org.tree() if site.retired_on is None and site.id != case.org_unit_id]
    form.site_id.offer([(site.id, site.name) for site in sites], gettext("请选择"))

    def call(case: cases.Case) -> None:
        cases.hand_over(actor, case, form.site_id.data, form.reason.data, form.row_version)

    return _verb("hand_over", Action.EDIT_CASE, case_id, form, call, gettext("已移交"))


@bp.route("/cases/<int:case_id>/facts", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def facts(case_id: int) -> Answer:
    """Change the days from which the worker's own periods run."""
    case = cases.get_case(current_actor(), case_id, Action.EDIT_CASE)
    form = FactsForm(obj=case)

    def call(case: cases.Case) -> None:
        days = {name: form[name].data for name in cases.FactDates.__dataclass_fields__}
        cases.change_facts(current_actor(), case, cases.FactDates(**days), form.row_version)

    return _verb("facts", Action.EDIT_CASE, case_id, form, call, gettext("日期已保存，期限已重算"))


@bp.route("/cases/<int:case_id>/change", methods=["GET", "POST"])
@requires(Action.EDIT_CASE)
def change(case_id: int) -> Answer:
    """Change the cause and the urgency flags."""
    case = cases.get_case(current_actor(), case_id, Action.EDIT_CASE)
    form: Any = ChangeForm(obj=case)

    def call(case: cases.Case) -> None:
        kind, flags = form.dispute_kind.data, form.flags.data
        cases.change_case(current_actor(), case, kind, flags, form.row_version)

    return _verb("change", Action.EDIT_CASE, case_id, form, call, gettext("登记事项已保存"))


def _verb(
    name: str,
    action: Action,
    case_id: int,
    form: Any,
    call: Callable[[cases.Case], None],
    done: str,
    show: Callable[[cases.Case], dict[str, Any]] = lambda _case: {},
) -> Answer:
    """One verb on one case: the form, the domain call in its transaction, back to the case."""
    actor = current_actor()
    if submit(form, lambda: call(cases.get_case(actor, case_id, action))):
        flash(done)
        return redirect(_address_of(case_id))
    case = cases.get_case(actor, case_id, action)
    parts = case_words.title_parts(case)
    template = f"staff/cases/{name.replace('_', '-')}.html"
    return page(template, form, case=case, parts=parts, **show(case))


def _address_of(case_id: int) -> str:
    """The page of the case, or the list when the case has left the actor's sight."""
    seen = cases.find_case(current_actor(), case_id)
    return url_for("cases.detail", case_id=seen.id) if seen else url_for("cases.listing")
