"""Local standards: every figure with its place, first day, document and mark (features L4)."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import ValidationError

from worker_legal.domain import parameters
from worker_legal.domain.permissions import Action
from worker_legal.infra.db import transaction
from worker_legal.law.parameters import (
    Parameter,
    ParameterCode,
    ParameterUnit,
    monthly_from_yearly,
    unit_of,
)
from worker_legal.web import calculation_sheet, forms
from worker_legal.web.fields import EnumSelect, LegalDateField, MoneyField, TextField, needed
from worker_legal.web.security import current_actor, requires

bp = Blueprint("parameters", __name__, url_prefix="/admin/parameters")


class ParameterForm(forms.BaseForm):
    """One published figure."""

    code = EnumSelect(lazy_gettext("标准"), ParameterCode)
    place = TextField(lazy_gettext("地区"), length=parameters.LONGEST_PLACE, needs=True)
    valid_from = LegalDateField(lazy_gettext("从哪天起执行"), [needed()])
    value = MoneyField(lazy_gettext("数值"), [needed()])
    yearly = BooleanField(lazy_gettext("这是全年的数，按十二个月折算"))
    document = TextField(
        lazy_gettext("文件号或公布名称"), length=parameters.LONGEST_DOCUMENT, needs=True
    )
    confirmed = BooleanField(lazy_gettext("已与公布的文件核对"))

    def validate_yearly(self, field: BooleanField) -> None:
        """Only wages are published for a year."""
        code = self.code.data
        if field.data and code is not None and unit_of(code) is not ParameterUnit.YUAN:
            raise ValidationError(gettext("只有工资可以按全年的数折算"))

    def to_input(self) -> Parameter:
        """The figure as the domain takes it."""
        typed: Any = self.value.data
        first_day: Any = self.valid_from.data
        value = monthly_from_yearly(typed) if self.yearly.data else typed
        return Parameter(
            self.code.data,
            self.place.data,
            first_day,
            value,
            unit_of(self.code.data),
            self.document.data,
            self.confirmed.data,
        )


@bp.get("")
@requires(Action.MANAGE_PARAMETERS)
def listing() -> tuple[str, int]:
    """All figures, each kind together, the newest first."""
    rows = parameters.listing()
    groups: dict[ParameterCode, list[parameters.ParameterRow]] = {}
    for row in rows:
        groups.setdefault(row.code, []).append(row)
    return forms.page(
        "admin/parameters/listing.html",
        forms.BaseForm(),
        groups=groups,
        missing=[code for code in ParameterCode if code not in groups],
        unconfirmed=sum(not row.confirmed for row in rows),
        text=calculation_sheet.figure_text,
    )


@bp.post("/begin")
@requires(Action.MANAGE_PARAMETERS)
def begin() -> Response:
    """Write down the figures known at set-up."""
    with transaction():
        parameters.seed(current_actor())
    return redirect(url_for("parameters.listing"))


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_PARAMETERS)
def add() -> Response | tuple[str, int]:
    """Enter a figure; the earlier ones stay for earlier cases."""
    known = parameters.places()
    form = ParameterForm(code=request.args.get("code"), place=known[-1] if known else "")
    if forms.submit(form, lambda: parameters.add(current_actor(), form.to_input())):
        flash(gettext("标准已添加，从生效日起的计算都用它"))
        return redirect(url_for("parameters.listing"))
    return forms.page("admin/parameters/add.html", form)


@bp.route("/<int:row_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARAMETERS)
def edit(row_id: int) -> Response | tuple[str, int]:
    """Correct a figure that was entered wrongly; the log keeps the old one."""
    row = parameters.get_row(row_id)
    form = ParameterForm(obj=row)
    if forms.submit(form, lambda: _correct(row_id, form)):
        flash(gettext("标准已更正，原来的数记在操作日志里"))
        return redirect(url_for("parameters.listing"))
    return forms.page("admin/parameters/edit.html", form, row=parameters.get_row(row_id))


def _correct(row_id: int, form: Any) -> None:
    row = parameters.get_row(row_id)
    parameters.correct(current_actor(), row, form.to_input(), form.row_version)


@bp.post("/<int:row_id>/remove")
@requires(Action.MANAGE_PARAMETERS)
def remove(row_id: int) -> Response:
    """Take a figure out that should not be there."""
    form = forms.BaseForm()
    with transaction():
        parameters.remove(current_actor(), parameters.get_row(row_id), form.row_version)
    flash(gettext("标准已删除，原来的数记在操作日志里"))
    return redirect(url_for("parameters.listing"))
