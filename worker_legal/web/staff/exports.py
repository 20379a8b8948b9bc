"""Exports with identifiers or of many cases: ask, have a second person agree, fetch the file."""

from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import exporting
from worker_legal.domain.statistics.exporting import Asked, ExportJob, ExportState
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.infra.spreadsheets import XLSX
from worker_legal.web import export_work, forms, language
from worker_legal.web.fields import LongTextField
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope
from worker_legal.web.staff.list_form import filter_of_request
from worker_legal.web.staff.statistics_scope import PeriodForm

bp = Blueprint("exports", __name__)

MARKS = {
    ExportState.WAITING: "wait",
    ExportState.READY: "wait",
    ExportState.RUNNING: "open",
    ExportState.DONE: "done",
}


class ExportForm(forms.BaseForm):
    """What the file shall hold, and why."""

    kind = RadioField(
        lazy_gettext("格式"),
        choices=[
            SelectChoice("xlsx", lazy_gettext("案件清单（Excel）")),
            SelectChoice("csv", lazy_gettext("案件清单（CSV）")),
            SelectChoice(export_work.LEDGER, lazy_gettext("台账，按本单位的格式（Excel）")),
        ],
        default="xlsx",
    )
    has_identifiers = BooleanField(lazy_gettext("带姓名、证件号码和电话"))
    reason = LongTextField(lazy_gettext("事由"), length=exporting.LONGEST_REASON)


@bp.route("/exports/new", methods=["GET", "POST"])
@requires(Action.EXPORT_CASES)
def new() -> Answer | tuple[str, int]:
    """Choose what the file shall hold; the cases are those of the address."""
    actor, form = current_actor(), ExportForm()
    wanted = wanted_of_request(actor)
    job_id = forms.submit(form, lambda: _ask(actor, wanted, form))
    if job_id:
        return _on(actor, exporting.get_mine(actor, job_id))
    if request.method == "GET":
        form.has_identifiers.data = request.args.get("identifiers") == "1"
        form.kind.data = request.args.get("kind", "xlsx")
    size = exporting.size_of(actor, wanted)
    return forms.page(
        "staff/exports/new.html",
        form,
        size=size,
        here=dict(request.args),
        may_identify=actor.can(Action.REVEAL),
        needs_second=exporting.needs_second_person(actor, size.people),
        most_alone=exporting.MOST_ALONE,
    )


def wanted_of_request(actor: Actor) -> CaseFilter:
    """The cases of a period, or those of the case list's filter, as the address says."""
    if {"from", "to"} & set(request.args):
        period = PeriodForm.of_request().period
        return statistics_scope.scope_of(actor, period).wanted
    return filter_of_request(actor).to_filter()


def _ask(actor: Actor, wanted: CaseFilter, form: Any) -> int:
    asked = Asked(form.kind.data, form.has_identifiers.data, form.reason.data or "")
    job = exporting.ask(actor, wanted, asked)
    if job.state is ExportState.READY:
        exporting.begin(actor, job)
    return job.id


def _on(actor: Actor, job: ExportJob) -> Answer:
    """Set the work going where it may, and show how far it is."""
    if job.state is ExportState.RUNNING:
        app: Any = current_app
        export_work.start(app._get_current_object(), actor, job.id, language.choose())
    return redirect(url_for("exports.detail", job_id=job.id))


@bp.get("/exports")
@requires(Action.EXPORT_CASES)
def listing() -> str:
    """The exports one has asked for."""
    return render_template(
        "staff/exports/list.html", jobs=exporting.mine(current_actor()), marks=MARKS
    )


@bp.get("/exports/<int:job_id>")
@requires(Action.EXPORT_CASES)
def detail(job_id: int) -> str:
    """How far it is, and the file when it is done."""
    job = exporting.get_mine(current_actor(), job_id)
    is_running = job.state is ExportState.RUNNING and not job.may_start
    return render_template("staff/exports/detail.html", job=job, marks=MARKS, is_running=is_running)


@bp.get("/exports/<int:job_id>/state")
@requires(Action.EXPORT_CASES)
def state(job_id: int) -> Response:
    """How far it is, for the script of the page."""
    job = exporting.get_mine(current_actor(), job_id)
    words = gettext("已生成%(done)s / %(total)s件", done=job.done, total=job.cases)
    has_ended = job.state is not ExportState.RUNNING or job.may_start
    return jsonify({"percent": job.percent, "words": words, "ended": has_ended})


@bp.post("/exports/<int:job_id>/start")
@requires(Action.EXPORT_CASES)
def start(job_id: int) -> Answer:
    """Make what has been agreed to, or what was cut off, once more."""
    actor = current_actor()
    with transaction():
        exporting.begin(actor, exporting.get_mine(actor, job_id))
    return _on(actor, exporting.get_mine(actor, job_id))


@bp.get("/exports/<int:job_id>/file")
@requires(Action.EXPORT_CASES)
def file(job_id: int) -> Response:
    """The file, for the person who asked for it."""
    actor = current_actor()
    with transaction():
        job = exporting.get_mine(actor, job_id)
        exporting.note_download(actor, job)
    content = export_work.file_of(actor, job)
    is_csv, is_ledger = job.kind == "csv", job.kind == export_work.LEDGER
    answer = Response(content, mimetype="text/csv" if is_csv else XLSX)
    words = gettext("台账") if is_ledger else gettext("案件清单")
    tail = f"{clock.local(job.asked_at):%Y%m%d}-{job.id}.{'csv' if is_csv else 'xlsx'}"
    plain = f"{'ledger' if is_ledger else 'cases'}-{tail}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(words + tail)}"
    answer.headers["Content-Disposition"] = name
    return answer


@bp.get("/exports/waiting")
@requires(Action.APPROVE_EXPORT)
def waiting() -> str:
    """The exports of others that wait for a second person."""
    return render_template(
        "staff/exports/waiting.html", jobs=exporting.waiting_for(current_actor())
    )


@bp.post("/exports/<int:job_id>/decision")
@requires(Action.APPROVE_EXPORT)
def decide(job_id: int) -> Answer:
    """Agree, or do not."""
    actor, form = current_actor(), forms.BaseForm()
    agrees = request.form.get("agrees") == "1"
    with transaction():
        job = exporting.get_waiting(actor, job_id)
        exporting.decide(actor, job, agrees, form.row_version)
    flash(gettext("已同意，申请人可以下载了") if agrees else gettext("没有同意这次导出"))
    return redirect(url_for("exports.waiting"))
