"""One's own account: signing in and out, the second factor, the password, the language."""

import math
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from worker_legal.domain import access, audit, org, reminders
from worker_legal.domain.permissions import Action
from worker_legal.infra import crypto
from worker_legal.infra.db import transaction
from worker_legal.web import forms, security
from worker_legal.web.fields import TextField, needed
from worker_legal.web.language import LANGUAGES
from worker_legal.web.security import current_actor, public, requires

bp = Blueprint("account", __name__)

YEAR = 365 * 24 * 3600
FIRST_PAGES = ("home.workbench", "account.profile")


def _password(label: Any) -> PasswordField:
    longest = Length(max=access.LONGEST_PASSWORD, message=lazy_gettext("密码最多200个字符"))
    return PasswordField(label, [needed(), longest])


def _again(label: Any) -> PasswordField:
    same = EqualTo("password", message=lazy_gettext("两次输入的不一样，请再输一遍"))
    return PasswordField(label, [needed(), same])


class SignInForm(forms.BaseForm):
    """Name and password."""

    username = TextField(lazy_gettext("用户名"), length=60, needs=True)
    password = _password(lazy_gettext("密码"))
    next = HiddenField()


class CodeForm(forms.BaseForm):
    """The six digits of the phone app."""

    code = StringField(
        lazy_gettext("动态码"),
        [needed(), Length(max=12, message=lazy_gettext("动态码是6位数字"))],
    )
    next = HiddenField()


class WelcomeForm(forms.BaseForm):
    """The secret part of a one-use link, and the password to be set by it."""

    token = TextField(lazy_gettext("链接口令"), length=100, needs=True)
    password = _password(lazy_gettext("新密码"))
    again = _again(lazy_gettext("再输一遍"))


class PasswordForm(forms.BaseForm):
    """The old password and the new one."""

    old = _password(lazy_gettext("原密码"))
    password = _password(lazy_gettext("新密码"))
    again = _again(lazy_gettext("再输一遍"))


@bp.get("/")
@requires(Action.OWN_ACCOUNT)
def home() -> Response:
    """The first page: the set-up for a new office, else the workbench."""
    known = current_app.view_functions
    sets_up = current_actor().can(Action.MANAGE_OFFICE) and "office.edit" in known
    if sets_up and org.find_office() is None:
        return redirect(url_for("office.edit"))
    return redirect(url_for(next(name for name in FIRST_PAGES if name in known)))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | tuple[str, int]:
    """The door for staff."""
    form = SignInForm(next=request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_onward(form))
    attempt = forms.submit(form, lambda: _try_to_sign_in(form))
    if attempt and attempt.user:
        return redirect(_onward(form))
    if attempt and attempt.wait:
        minutes = math.ceil(attempt.wait.total_seconds() / 60)
        form.refuse(gettext("试的次数太多，请过%(n)s分钟再登录；急用请找管理员", n=minutes))
        form.status = 429
    elif attempt:
        form.refuse(gettext("用户名或密码不对"))
    portal = url_for("portal.enter") if "portal.enter" in current_app.view_functions else ""
    return forms.page("staff/account/sign_in.html", form, portal_url=portal)


def _try_to_sign_in(form: SignInForm) -> access.Attempt:
    attempt = access.sign_in(form.username.data, form.password.data, request.remote_addr or "")
    if attempt.user:
        security.start_session(attempt.user, second_factor=False)
    return attempt


@bp.post("/sign-out")
@requires(Action.OWN_ACCOUNT)
def sign_out() -> Response:
    """End this session for good."""
    with transaction():
        audit.record(current_actor(), "sign_out", "user", current_user.user.id)
        security.finish_session()
    return redirect(url_for("account.sign_in"))


@bp.post("/language")
@public
def language() -> Response:
    """Show every page in this language from now on."""
    answer = redirect(security.safe_next(request.form.get("next"), url_for("account.home")))
    chosen = request.form.get("lang", "")
    if chosen not in LANGUAGES:
        return answer
    session["lang"] = chosen
    if current_user.is_authenticated:
        with transaction():
            access.choose_language(current_user.user, chosen)
    secure = security.settings().secure_cookies
    answer.set_cookie("wl_lang", chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


@bp.route("/second-factor", methods=["GET", "POST"])
@requires(Action.OWN_ACCOUNT)
def second_factor() -> Response | tuple[str, int]:
    """Ask for the code of the phone app."""
    form = CodeForm(next=request.args.get("next"))
    if not security.lacks_second_factor():
        return redirect(_onward(form))
    if not access.has_second_factor(current_user.user):
        return redirect(url_for("account.enrol", next=form.next.data or None))
    refusal = forms.submit(form, lambda: _try_code(form.code.data))
    if refusal == "":
        return redirect(_onward(form))
    if refusal:
        form.refuse(gettext(refusal), "code")
    return forms.page("staff/account/second_factor.html", form)


def _try_code(code: str) -> str:
    user = current_user.user
    refusal = access.pass_second_factor(user, code)
    if not refusal:
        security.start_session(user, second_factor=True)
    return refusal


@bp.route("/second-factor/new", methods=["GET", "POST"])
@requires(Action.OWN_ACCOUNT)
def enrol() -> Response | tuple[str, int]:
    """Join a phone app to the account."""
    user = current_user.user
    if access.has_second_factor(user):
        return redirect(url_for("account.second_factor"))
    form = CodeForm(next=request.args.get("next"))
    secret = _offered_secret(user)
    if forms.submit(form, lambda: _enrol(user, secret, form.code.data)):
        flash(gettext("动态码已设好，下次登录时要用"))
        return redirect(_onward(form))
    office = org.find_office()
    address = access.totp_address(user, secret, office.name if office else "Worker Legal")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")
    words = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    shown = {"picture": picture, "secret": words, "username": user.username}
    return forms.page("staff/account/enrol.html", form, **shown)


def _offered_secret(user: access.User) -> str:
    where = f"enrol:{user.uid}"
    if "enrol" not in session:
        session["enrol"] = crypto.seal(access.new_totp_secret(), where)
    return crypto.unseal(session["enrol"], where)


def _enrol(user: access.User, secret: str, code: str) -> None:
    access.enrol_totp(user, secret, code, request.remote_addr or "")
    security.start_session(user, second_factor=True)


@bp.route("/welcome", methods=["GET", "POST"])
@public
def welcome() -> Response | tuple[str, int]:
    """Where a one-use link leads: set a password; the secret stands behind the # of the link."""
    form = WelcomeForm()
    ip = request.remote_addr or ""
    if forms.submit(form, lambda: access.use_link(form.token.data, form.password.data, ip)):
        flash(gettext("密码已设好，请登录"))
        return redirect(url_for("account.sign_in"))
    return forms.page("staff/account/welcome.html", form)


@bp.get("/account")
@requires(Action.OWN_ACCOUNT)
def profile() -> tuple[str, int]:
    """My account: what I may do where, and how it is protected."""
    user = current_user.user
    sites = {site.id: site.name for site in org.tree()}
    roles = [(grant.role, sites[grant.org_unit_id]) for grant in access.grants_of(user)]
    return forms.page(
        "staff/account/profile.html",
        forms.BaseForm(),
        user=user,
        roles=roles,
        site=sites[user.org_unit_id],
        has_factor=access.has_second_factor(user),
        others=len(access.sessions_of(user)) - 1,
        ways=reminders.own_routes(current_actor()),
        absences=reminders.absences(current_actor()),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Action.OWN_ACCOUNT)
def password() -> Response | tuple[str, int]:
    """Change my password."""
    form = PasswordForm()
    if forms.submit(form, lambda: _change_password(form)):
        flash(gettext("密码已修改，其他设备上的登录已全部退出"))
        return redirect(url_for("account.profile"))
    return forms.page("staff/account/password.html", form)


def _change_password(form: PasswordForm) -> None:
    user, factor = current_user.user, current_user.second_factor
    ip = request.remote_addr or ""
    access.change_password(user, form.old.data, form.password.data, ip)
    security.start_session(user, factor)


@bp.post("/account/sessions/end")
@requires(Action.OWN_ACCOUNT)
def end_others() -> Response:
    """Sign me out everywhere but here."""
    user, factor = current_user.user, current_user.second_factor
    with transaction():
        access.end_all_sessions(user)
        security.start_session(user, factor)
        audit.record(current_actor(), "end_other_sessions", "user", user.id)
    flash(gettext("其他设备上的登录已全部退出"))
    return redirect(url_for("account.profile"))


def _onward(form: Any) -> str:
    return security.safe_next(form.next.data, url_for("account.home"))
