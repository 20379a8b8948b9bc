"""When people are reminded: the steps before a date, for every date or one kind (features D7)."""

import re
from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField
from wtforms.validators import StopValidation, ValidationError

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.web import forms
from worker_legal.web.fields import TextField
from worker_legal.web.security import current_actor, requires

bp = Blueprint("reminder_steps", __name__, url_prefix="/admin/reminder-steps")

_HOUR = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_BETWEEN = re.compile(r"[\s,，、;；/]+")


def _whole(form: Any, field: Any) -> None:
    if field.data is None:
        field.errors = []
        raise StopValidation(gettext("请写一个整数"))


class StepsForm(forms.BaseForm):
    """The steps of one kind of date."""

    kind = SelectField(lazy_gettext("哪种期限"))
    days = TextField(lazy_gettext("提前几天提醒"), length=80)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [(kind, gettext(word)) for kind, word in _kinds()]

    def validate_days(self, field: TextField) -> None:
        """Whole numbers."""
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in _parts(field)):
            raise ValidationError(gettext("请写天数，用顿号分开，例如30、7、3、1"))

    def read(self) -> list[int]:
        """The days that were typed."""
        return [int(part) for part in _parts(self.days)]


class LadderForm(forms.BaseForm):
    """When the next rung is told: days before without an answer, working days after."""

    director_before = IntegerField(lazy_gettext("期限前几天告诉站点主任"), [_whole])
    centre_before = IntegerField(lazy_gettext("期限前几天告诉中心主任"), [_whole])
    owner_after = IntegerField(lazy_gettext("过期满几个工作日起提醒经办人"), [_whole])
    director_after = IntegerField(lazy_gettext("过期满几个工作日起提醒站点主任"), [_whole])
    centre_after = IntegerField(lazy_gettext("过期满几个工作日起提醒中心主任"), [_whole])

    def read(self) -> reminders.Ladder:
        """The distances that were typed."""
        names = vars(reminders.Ladder())
        return reminders.Ladder(**{name: self[name].data for name in names})


class HoursForm(forms.BaseForm):
    """From when until when messages leave."""

    opens = TextField(lazy_gettext("几点起"), length=5, needs=True)
    closes = TextField(lazy_gettext("几点止"), length=5, needs=True)

    def validate_opens(self, field: TextField) -> None:
        """An hour of the day."""
        if _HOUR.fullmatch(field.data or "") is None:
            raise ValidationError(gettext("请写成 08:30 这样的时间"))

    validate_closes = validate_opens

    def read(self) -> reminders.Hours:
        """The hours that were typed."""
        return reminders.Hours(_hour(self.opens.data), _hour(self.closes.data))


def _hour(text: str | None) -> time:
    found = _HOUR.fullmatch(text or "")
    return time(int(found[1]), int(found[2])) if found else time()


def _kinds() -> list[tuple[str, str]]:
    return list(reminders.step_kinds().items())


def _parts(field: TextField) -> list[str]:
    return [part for part in _BETWEEN.split(field.data or "") if part]


@bp.get("")
@requires(Action.MANAGE_REMINDERS)
def listing() -> tuple[str, int]:
    """Every kind of date with steps of its own, and what holds for all the others."""
    return forms.page(
        "admin/reminder_steps/listing.html",
        forms.BaseForm(),
        kinds=reminders.kinds_with_steps(),
        every=reminders.EVERY,
        text=days_text,
        ladder=reminders.ladder(),
        hours=reminders.sending_hours(),
    )


@bp.route("/change", methods=["GET", "POST"])
@requires(Action.MANAGE_REMINDERS)
def change() -> Response | tuple[str, int]:
    """Change the steps of one kind; dates that are known already keep theirs."""
    form = StepsForm()
    if not form.is_submitted():
        _fill(form, request.args.get("kind", reminders.EVERY))
    kind: Any = form.kind.data
    if forms.submit(form, lambda: reminders.set_steps(current_actor(), kind, form.read())):
        flash(gettext("提醒步骤已修改，明天起新产生的期限按新的提醒"))
        return redirect(url_for("reminder_steps.listing"))
    return forms.page("admin/reminder_steps/change.html", form)


@bp.route("/ladder", methods=["GET", "POST"])
@requires(Action.MANAGE_REMINDERS)
def ladder() -> Response | tuple[str, int]:
    """Change when those who lead are told of a date that nobody has answered."""
    row = reminders.ladder_row()
    form = LadderForm(obj=row or reminders.Ladder())
    if forms.submit(form, lambda: _set_ladder(form)):
        flash(gettext("升级提醒已修改"))
        return redirect(url_for("reminder_steps.listing"))
    return forms.page("admin/reminder_steps/ladder.html", form)


def _set_ladder(form: LadderForm) -> None:
    reminders.set_ladder(current_actor(), form.read(), form.row_version)


@bp.route("/hours", methods=["GET", "POST"])
@requires(Action.MANAGE_REMINDERS)
def hours() -> Response | tuple[str, int]:
    """Change the hours in which reminders leave the program."""
    row = reminders.sending_hours_row()
    now = row or reminders.Hours()
    form = HoursForm(
        opens=f"{now.opens:%H:%M}", closes=f"{now.closes:%H:%M}", version=row.version if row else ""
    )
    if forms.submit(form, lambda: _set_hours(form)):
        flash(gettext("发送时间已修改，马上有效"))
        return redirect(url_for("reminder_steps.listing"))
    return forms.page("admin/reminder_steps/hours.html", form)


def _set_hours(form: HoursForm) -> None:
    reminders.set_sending_hours(current_actor(), form.read(), form.row_version)


def _fill(form: StepsForm, kind: str) -> None:
    form.kind.data = kind
    for row in reminders.kinds_with_steps():
        if row.kind == kind:
            shown = row.days if row.next_days is None else row.next_days
            form.days.data = "、".join(str(day) for day in shown if day)


def days_text(days: tuple[int, ...]) -> str:
    """The steps in words."""
    if not days:
        return gettext("与“所有期限”相同")
    before = [gettext("%(n)s天", n=day) for day in days if day]
    if not before:
        return gettext("当天")
    return gettext("提前%(days)s和当天", days=gettext("、").join(before))
