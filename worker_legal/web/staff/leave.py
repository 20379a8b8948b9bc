"""While I am away: who stands in, entered by myself or by who leads the site."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.infra.db import transaction
from worker_legal.web import forms
from worker_legal.web.fields import LegalDateField, RowSelect, needed
from worker_legal.web.security import current_actor, requires

bp = Blueprint("leave", __name__)


class LeaveForm(forms.BaseForm):
    """Who is away from when to when, and which colleague stands in."""

    user_id = RowSelect(lazy_gettext("谁不在"))
    first_on = LegalDateField(lazy_gettext("第一天"), [needed()])
    last_on = LegalDateField(lazy_gettext("最后一天"), [needed()])
    deputy_id = RowSelect(lazy_gettext("代班的同事"))


@bp.route("/account/leave", methods=["GET", "POST"])
@requires(Action.OWN_ACCOUNT)
def enter() -> Response | tuple[str, int]:
    """Enter an absence."""
    actor = current_actor()
    people = reminders.may_be_away(actor)
    form = LeaveForm(user_id=actor.user_id)
    form.user_id.offer([(user.id, user.display_name) for user in people])
    able = [(user.id, user.display_name) for user in reminders.colleagues(people)]
    form.deputy_id.offer(able)
    if forms.submit(form, lambda: _enter(form)):
        flash(gettext("已登记，这些日子里的提醒也发给代班的同事"))
        return redirect(url_for("account.profile"))
    return forms.page("staff/account/leave.html", form, for_others=len(people) > 1, able=able)


def _enter(form: LeaveForm) -> None:
    given = form.data
    new = reminders.Leave(given["user_id"], given["deputy_id"], given["first_on"], given["last_on"])
    reminders.enter_leave(current_actor(), new)


@bp.post("/account/leave/<int:leave_id>/take-back")
@requires(Action.OWN_ACCOUNT)
def take_back(leave_id: int) -> Response:
    """Take an absence back."""
    with transaction():
        reminders.take_back_leave(current_actor(), leave_id)
    flash(gettext("已取消，提醒不再发给代班的同事"))
    return redirect(url_for("account.profile"))
