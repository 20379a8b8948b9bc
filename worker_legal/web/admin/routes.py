"""The ways outside by which reminders leave: set up, tried, switched on and off."""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, url_for
from flask_babel import get_locale, gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.domain.reminders import Encryption, Route, RouteState
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.web import filters, forms
from worker_legal.web.delivery_words import reason_words
from worker_legal.web.fields import EnumRadio, LongTextField, TextField, at_most
from worker_legal.web.refusals import sentence
from worker_legal.web.security import current_actor, requires

bp = Blueprint("routes", __name__, url_prefix="/admin/routes")


class RouteForm(forms.BaseForm):
    """Whether a way is used; the forms below add what it needs."""

    is_on = BooleanField(lazy_gettext("本单位用这种方式"))


def _secret(label: Any) -> PasswordField:
    return PasswordField(label, [at_most(400)])


class EmailForm(RouteForm):
    """The office's mail server."""

    host = TextField(lazy_gettext("发信服务器"), length=120)
    port = TextField(lazy_gettext("端口"), length=5, default="587")
    security = EnumRadio(lazy_gettext("加密"), Encryption, default=Encryption.STARTTLS)
    username = TextField(lazy_gettext("用户名"), length=120)
    password = _secret(lazy_gettext("密码"))
    sender = TextField(lazy_gettext("发信地址"), length=120)


class RobotForm(RouteForm):
    """A group robot; its address is the key to it."""

    url = _secret(lazy_gettext("机器人网址"))


class SignedRobotForm(RobotForm):
    """A group robot with a secret to sign by."""

    secret = _secret(lazy_gettext("加签密钥"))


class WebhookForm(RouteForm):
    """Another system of the office."""

    url = _secret(lazy_gettext("接收网址"))
    secret = _secret(lazy_gettext("签名密钥"))


class SmsForm(WebhookForm):
    """A gateway for short texts."""

    template = LongTextField(lazy_gettext("请求正文"), length=2000)
    accepted = TextField(lazy_gettext("成功时的回复里有"), length=80)


class TrialForm(forms.BaseForm):
    """To whom a message is sent to try a way."""

    to = TextField(lazy_gettext("发给"), length=120, needs=True)


FORMS: dict[Route, type[RouteForm]] = {
    Route.EMAIL: EmailForm,
    Route.SMS: SmsForm,
    Route.WECOM: RobotForm,
    Route.DINGTALK: SignedRobotForm,
    Route.FEISHU: SignedRobotForm,
    Route.WEBHOOK: WebhookForm,
    Route.BY_HAND: RouteForm,
}


class Line(NamedTuple):
    """A way as the list shows it."""

    route: Route
    state: RouteState
    standing: str
    is_bad: bool


@bp.get("")
@requires(Action.MANAGE_OFFICE)
def listing() -> tuple[str, int]:
    """Every way, whether it is used, and how it fares."""
    lines = [_line(state) for state in reminders.route_states()]
    return forms.page("admin/routes/listing.html", forms.BaseForm(), lines=lines)


@bp.route("/<string:kind>", methods=["GET", "POST"])
@requires(Action.MANAGE_OFFICE)
def edit(kind: str) -> Response | tuple[str, int]:
    """Set a way up or change it; secrets that are left empty stay as they are."""
    route = _route(kind)
    state = reminders.route_state(route)
    form = FORMS[route](is_on=state.is_on, version=state.version, **state.shown)
    if forms.submit(form, lambda: _save(route, form)):
        flash(gettext("%(way)s的设置已保存", way=gettext(route.label)))
        return redirect(url_for("routes.edit", kind=kind))
    return _page(route, form, TrialForm())


@bp.post("/<string:kind>/try")
@requires(Action.MANAGE_OFFICE)
def attempt(kind: str) -> Response | tuple[str, int]:
    """Send one message now and say what the server answered."""
    route, form = _route(kind), TrialForm()
    state = reminders.route_state(route)
    if form.validate_on_submit():
        done = reminders.try_out(current_actor(), route, form.to.data, str(get_locale()))
        if done.refusal is None:
            flash(gettext("对方服务器已接收，编号：%(ref)s", ref=done.reference))
            return redirect(url_for("routes.edit", kind=kind))
        form.refuse(gettext("没有发出：%(why)s", why=sentence(done.refusal)), done.refusal.field)
    settings = FORMS[route](None, is_on=state.is_on, version=state.version, **state.shown)
    return _page(route, settings, form)


def _page(route: Route, form: RouteForm, trial: TrialForm) -> tuple[str, int]:
    form.status = max(form.status, trial.status)
    state = reminders.route_state(route)
    return forms.page(
        "admin/routes/edit.html", form, route=route, trial=trial, line=_line(state), state=state
    )


def _save(route: Route, form: RouteForm) -> None:
    given = {name: str(field.data or "") for name, field in form._fields.items()}
    reminders.save_office_route(
        current_actor(), route, bool(form.is_on.data), given, form.row_version
    )


def _route(kind: str) -> Route:
    for route in Route:
        if route.value == kind:
            return route
    raise NotFound(N_("没有这种送达方式"))


def _line(state: RouteState) -> Line:
    return Line(state.route, state, *_standing(state))


def _standing(state: RouteState) -> tuple[str, bool]:
    if not state.is_on:
        return gettext("没有用"), False
    if state.rests_until and state.rests_until > clock.now():
        why = reason_words(state.last_error)
        return gettext(
            "不通：%(why)s，%(at)s再试", why=why, at=filters.hour(state.rests_until)
        ), True
    if state.failures:
        return gettext("上一次没有发出：%(why)s", why=reason_words(state.last_error)), True
    if state.route is Route.BY_HAND:
        return gettext("在用"), False
    if state.last_accepted_at is None:
        return gettext("在用，还没有发过"), False
    return gettext("正常，最近%(at)s", at=filters.instant(state.last_accepted_at)), False
