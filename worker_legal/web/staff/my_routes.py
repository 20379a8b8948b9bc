"""Where I am reminded outside the program: my own choice, seen by nobody else."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.domain.reminders import OwnRoute
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.web import forms
from worker_legal.web.fields import TextField
from worker_legal.web.security import current_actor, requires

bp = Blueprint("my_routes", __name__)


class OwnRouteForm(forms.BaseForm):
    """Whether I use a way, and where it reaches me."""

    is_on = BooleanField(lazy_gettext("用这种方式提醒我"))
    address = TextField(lazy_gettext("地址"), length=120)


@bp.route("/account/routes/<string:kind>", methods=["GET", "POST"])
@requires(Action.OWN_ACCOUNT)
def edit(kind: str) -> Response | tuple[str, int]:
    """Say where I am reached; an address left empty stays as it is."""
    own = _own(kind)
    form = OwnRouteForm(is_on=own.is_on or not own.hint)
    if forms.submit(form, lambda: _save(own, form)):
        flash(gettext("%(way)s已保存", way=gettext(own.route.label)))
        return redirect(url_for("account.profile"))
    return forms.page("staff/account/route.html", form, own=own)


def _save(own: OwnRoute, form: OwnRouteForm) -> None:
    reminders.save_own_route(current_actor(), own.route, form.address.data, bool(form.is_on.data))


def _own(kind: str) -> OwnRoute:
    for own in reminders.own_routes(current_actor()):
        if own.route.value == kind:
            return own
    raise NotFound(N_("本单位没有用这种送达方式"))
