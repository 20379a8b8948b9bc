"""Holiday years: what is known, and importing a notice after seeing which dates it moves."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange

from worker_legal.domain import cases, holidays
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.law.calendar import YearNotice, library_years
from worker_legal.web import forms
from worker_legal.web.fields import LongTextField, TextField, needed
from worker_legal.web.security import current_actor, requires

bp = Blueprint("holidays", __name__, url_prefix="/admin/holidays")

ENCODINGS = ("utf-8-sig", "gb18030")
EXAMPLE = "2027-01-01至2027-01-03,放假,元旦\n2027-01-04,上班"


class NoticeForm(forms.BaseForm):
    """A year's notice as pasted text or as a file."""

    year = IntegerField(
        lazy_gettext("年份"),
        [needed(), NumberRange(2004, 2100, message=lazy_gettext("请写四位年份，例如2027"))],
    )
    document = TextField(lazy_gettext("通知文号"), length=120, needs=True)
    text = LongTextField(lazy_gettext("放假和调休"), length=8000)
    file = FileField(lazy_gettext("或者选一个CSV文件"))
    confirmed = HiddenField()

    def read(self) -> YearNotice:
        """The notice that was pasted or uploaded."""
        upload = self.file.data
        if upload and not self.text.data:
            self.text.data = decoded(upload.read())
        return holidays.parse_notice(self.year.data, self.text.data or "", self.document.data)


def decoded(content: bytes) -> str:
    """The text of an uploaded file as Excel or an editor saves it; what is no text reads empty."""
    for encoding in ENCODINGS:
        text = content.decode(encoding, errors="ignore")
        if text.encode(encoding, errors="ignore").strip(b"\xef\xbb\xbf") == content.strip(
            b"\xef\xbb\xbf"
        ):
            return text
    return ""


@bp.get("")
@requires(Action.MANAGE_HOLIDAYS)
def listing() -> tuple[str, int]:
    """The years that are known, and the one that is missing."""
    imported = holidays.notices()
    return forms.page(
        "admin/holidays/listing.html",
        forms.BaseForm(),
        imported=imported,
        library=library_years(),
        replaced={notice.year for notice in imported},
        missing=holidays.missing_year(clock.today()),
    )


@bp.route("/import", methods=["GET", "POST"])
@requires(Action.MANAGE_HOLIDAYS)
def upload() -> Response | tuple[str, int]:
    """Paste a notice; the next page shows which dates it moves, before anything changes."""
    form = NoticeForm()
    if not form.is_submitted():
        form.year.data = holidays.missing_year(clock.today()) or clock.today().year + 1
    notice = None if "edit" in request.form else forms.submit(form, form.read)
    if notice is None:
        return forms.page("admin/holidays/upload.html", form, example=EXAMPLE)
    found = cases.moves_under(holidays.calendar_with(notice))
    moves = [(move, gettext(move.label)) for move in found]
    return forms.page("admin/holidays/preview.html", form, notice=notice, moves=moves)


@bp.post("/import/confirm")
@requires(Action.MANAGE_HOLIDAYS)
def confirm() -> Response | tuple[str, int]:
    """Keep the notice and recompute the dates of every open case."""
    form = NoticeForm()
    moved = forms.submit(form, lambda: _import(form))
    if moved is None:
        return forms.page("admin/holidays/upload.html", form, example=EXAMPLE)
    values: dict[str, Any] = {"year": form.year.data, "n": moved}
    flash(gettext("%(year)s年放假安排已导入，%(n)s件案件的期限已重算", **values))
    return redirect(url_for("holidays.listing"))


def _import(form: NoticeForm) -> int:
    holidays.import_year(current_actor(), form.read())
    return cases.recompute_all()
