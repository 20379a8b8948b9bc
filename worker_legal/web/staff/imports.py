"""A ledger in: upload, see what would happen, confirm, watch it go in, go on from there."""

from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms.validators import StopValidation

from worker_legal.domain import imports
from worker_legal.domain.imports import Finding, Preview
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import measures
from worker_legal.infra import waiting
from worker_legal.infra.db import transaction
from worker_legal.web import background, forms
from worker_legal.web.background import Job
from worker_legal.web.fields import TextField
from worker_legal.web.refusals import sentence
from worker_legal.web.security import current_actor, requires, settings
from worker_legal.web.staff import ledger_columns, ledger_words

bp = Blueprint("imports", __name__)

LARGEST = 10 * 1024 * 1024
MOST_FINDINGS = 300
# so many cells are named where many have the same fault
MOST_PLACES = 8
SEPARATOR, SOURCE_MARK = b"\x00", "\x1f"


def _is_workbook(form: Any, field: Any) -> None:
    """A validator: a file was chosen, it is called xlsx and is not too large."""
    given = field.data
    if not isinstance(given, FileStorage) or not given.filename:
        raise StopValidation(gettext("请选择台账文件"))
    if not given.filename.lower().endswith((".xlsx", ".xlsm")):
        raise StopValidation(gettext("请上传xlsx文件；旧的xls和csv请在Excel里另存为xlsx"))
    size = given.stream.seek(0, 2)
    given.stream.seek(0)
    if size > LARGEST:
        raise StopValidation(gettext("文件最大%(n)s兆，请删去图片或分成几个文件", n=LARGEST >> 20))
    if size == 0:
        raise StopValidation(gettext("这个文件是空的"))


class WorkbookForm(forms.BaseForm):
    """One workbook."""

    file = FileField(lazy_gettext("台账文件"), [_is_workbook])


class UploadForm(WorkbookForm):
    """A ledger to be read in, and which one it is."""

    source = TextField(lazy_gettext("哪一份台账"), length=imports.LONGEST_SOURCE)


@bp.route("/imports", methods=["GET", "POST"])
@requires(Action.IMPORT_LEDGER)
def upload() -> Response | tuple[str, int]:
    """Choose a file; it is checked at once, and nothing is written."""
    form, actor = UploadForm(), current_actor()
    kept = forms.submit(form, lambda: _checked(actor, form.file.data, form.source.data or ""))
    if kept:
        word, is_settled = kept
        return redirect(url_for("imports.check" if is_settled else "imports.columns", word=word))
    return forms.page(
        "staff/imports/upload.html", form, batches=imports.batches(), kept=imports.template()
    )


@bp.route("/imports/form", methods=["GET", "POST"])
@requires(Action.IMPORT_LEDGER)
def ledger_form() -> Response | tuple[str, int]:
    """The form in which the ledger goes out: the office's own, given once, or the usual one."""
    form, actor = WorkbookForm(), current_actor()
    if forms.submit(form, lambda: _keep_form(actor, form.file.data)):
        flash(gettext("已记住这份台账的格式，以后按它导出"))
        return redirect(url_for("imports.ledger_form"))
    shown = imports.words_of(imports.pages())
    return forms.page("staff/imports/form.html", form, kept=imports.template(), sheets=shown)


@bp.post("/imports/form/forget")
@requires(Action.IMPORT_LEDGER)
def forget_form() -> Response:
    """Go back to the usual form."""
    with transaction():
        imports.forget_template(current_actor())
    flash(gettext("已恢复通常的格式"))
    return redirect(url_for("imports.ledger_form"))


def _keep_form(actor: Actor, given: Any) -> bool:
    return bool(imports.save_template(actor, given.read(), _name_of(given)))


def _name_of(given: Any) -> str:
    name = Path(str(given.filename)).name
    return "".join(sign for sign in name if sign.isprintable())[:120]


@bp.route("/imports/batches/<int:batch_id>/undo", methods=["GET", "POST"])
@requires(Action.IMPORT_LEDGER)
def undo(batch_id: int) -> Response | tuple[str, int]:
    """Take a whole import back while nothing has touched its cases."""
    form, actor = forms.BaseForm(), current_actor()
    taken = forms.submit(form, lambda: imports.undo(actor, batch_id))
    if taken:
        flash(gettext("已撤销导入，%(n)s起案件作废；改好后可以重新导入", n=taken))
        return redirect(url_for("imports.upload"))
    batch = imports.get_batch(actor, batch_id)
    return forms.page(
        "staff/imports/undo.html",
        form,
        batch=batch,
        cases=imports.cases_of(batch),
        touched=imports.touched(batch),
    )


def _checked(actor: Actor, given: Any, source: str) -> tuple[str, bool]:
    """Keep the file; gives its word and whether all its columns are known."""
    content = given.read()
    is_settled = imports.is_settled(imports.sketches(actor, content))
    if is_settled:
        imports.preview(actor, content)  # what cannot be read at all is refused here
    head = f"{_name_of(given)}{SOURCE_MARK}{source}".encode()
    return waiting.put(_folder(), head + SEPARATOR + content, _owner(actor)), is_settled


def _folder() -> Path:
    return settings().instance_dir / "imports"


def _owner(actor: Actor) -> str:
    return f"user:{actor.user_id}"


class Kept(NamedTuple):
    """A file that waits to be read in: its name, which ledger it is, and what is in it."""

    name: str
    source: str
    content: bytes


def _waiting(actor: Actor, word: str) -> Kept:
    head, _, content = waiting.get(_folder(), word, _owner(actor)).partition(SEPARATOR)
    name, _, source = head.decode().partition(SOURCE_MARK)
    return Kept(name, source, content)


@bp.route("/imports/<string:word>/columns", methods=["GET", "POST"])
@requires(Action.IMPORT_LEDGER)
def columns(word: str) -> Response | tuple[str, int]:
    """Three sample values per column, what it seems to be, and the choice to say otherwise."""
    actor = current_actor()
    name, _, content = _waiting(actor, word)
    found = imports.sketches(actor, content)
    form = ledger_columns.form_of(found)
    chosen = forms.submit(
        form, lambda: imports.confirm(actor, content, ledger_columns.chosen(form, found))
    )
    if chosen:
        return redirect(url_for("imports.check", word=word))
    sheets = ledger_columns.sheets_of(form, found)
    return forms.page("staff/imports/columns.html", form, word=word, name=name, sheets=sheets)


@bp.get("/imports/<string:word>/mapping")
@requires(Action.IMPORT_LEDGER)
def mapping(word: str) -> Response:
    """What the columns mean, as a file for the command and for another installation."""
    actor = current_actor()
    content = _waiting(actor, word).content
    text = imports.mapping_of(actor, content)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=ledger-mapping.json"
    return answer


@bp.route("/imports/<string:word>", methods=["GET", "POST"])
@requires(Action.IMPORT_LEDGER)
def check(word: str) -> Response | tuple[str, int]:
    """What the file would do: its totals, where its sites go, and every doubtful cell.

    Posting says what words mean that only the office can know, and checks again.
    """
    actor = current_actor()
    name, source, content = _waiting(actor, word)
    found = imports.preview(actor, content, source=source)
    form = ledger_words.form_of(found.words)
    if forms.submit(form, lambda: imports.teach(actor, ledger_words.chosen(form, found.words))):
        flash(gettext("已记住这些词，重新检查过了"))
        return redirect(url_for("imports.check", word=word))
    wrong = sum(finding.severity == "error" for finding in found.findings)
    lines = _lines(found.findings)
    return forms.page(
        "staff/imports/check.html",
        form,
        asked=ledger_words.rows_of(form, found.words),
        strange=sum(not one.code for one in found.words),
        word=word,
        name=name,
        source=source,
        found=found,
        wrong=wrong,
        doubtful=len(found.findings) - wrong,
        added=found.cases - found.unchanged,
        findings=lines[:MOST_FINDINGS],
        unlisted=max(0, len(lines) - MOST_FINDINGS),
        sites=list(found.sites.items()),
        columns=[ledger_columns.told(sketch) for sketch in found.sketches],
    )


def _lines(findings: list[Finding]) -> list[dict[str, Any]]:
    """The findings, errors first; what is said of many cells of a column is said once."""
    together: dict[tuple[bool, str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.severity != "error"):
        is_error = finding.severity == "error"
        key = (is_error, finding.sheet, finding.column, _words_of(finding))
        together.setdefault(key, []).append(finding)
    return [
        {"sheet": sheet, "places": _places(same), "is_error": is_error, "text": text}
        for (is_error, sheet, _column, text), same in together.items()
    ]


def _places(same: list[Finding]) -> str:
    shown = "、".join(f"{finding.column}{finding.row}" for finding in same[:MOST_PLACES])
    more = len(same) > MOST_PLACES
    return gettext("%(cells)s等%(n)s格", cells=shown, n=len(same)) if more else shown


def _words_of(finding: Finding) -> str:
    params = {
        key: gettext(value) if isinstance(value, str) and value else value
        for key, value in finding.params.items()
    }
    text = gettext(finding.text)
    return text % params if params else text


def _totals(found: Preview) -> dict[str, int]:
    names = ("year", "cases", "people", "person_times", "amount_fen", "work_injury_people")
    return {name: getattr(found, name) for name in names}


@bp.post("/imports/<string:word>/start")
@requires(Action.IMPORT_LEDGER)
def start(word: str) -> Response:
    """Bring the checked file in, beside the pages."""
    actor = current_actor()
    name, source, content = _waiting(actor, word)
    app: Any = current_app
    folder = _folder()

    def work(job: Job) -> dict[str, int]:
        found = _totals(imports.preview(actor, content, source=source))
        result = imports.commit(actor, content, name, job.step, source=source)
        waiting.drop(folder, word)
        return {**found, "added": result.added, "unchanged": result.unchanged}

    background.start(app._get_current_object(), folder, word, actor.user_id, work)
    return redirect(url_for("imports.progress", word=word))


@bp.get("/imports/<string:word>/progress")
@requires(Action.IMPORT_LEDGER)
def progress(word: str) -> str:
    """How far it is; at its end, what came in and where to go on."""
    actor = current_actor()
    job = background.find(_folder(), word, actor.user_id)
    if not job.has_ended.is_set():
        return render_template("staff/imports/progress.html", word=word, job=job)
    if job.result is None:
        refusal = sentence(job.refusal) if job.refusal else ""
        return render_template("staff/imports/failed.html", word=word, refusal=refusal)
    found = job.result
    return render_template(
        "staff/imports/done.html",
        found=found,
        period=measures.whole_year(found["year"]),
        can_count=actor.can(Action.VIEW_STATISTICS),
        can_view=actor.can(Action.VIEW_CASE),
    )


@bp.get("/imports/<string:word>/state")
@requires(Action.IMPORT_LEDGER)
def state(word: str) -> Response:
    """How far it is, for the script of the page."""
    job = background.find(_folder(), word, current_actor().user_id)
    words = gettext("已导入%(done)s / %(total)s起", done=job.done, total=job.total)
    told = {"percent": job.percent, "words": words, "ended": job.has_ended.is_set()}
    return jsonify(told)
