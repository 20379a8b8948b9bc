"""The worker's pages: enter with the code of the receipt, read, leave. No id is ever accepted."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField
from wtforms.validators import ValidationError

from worker_legal.domain import portal
from worker_legal.infra.db import transaction
from worker_legal.web import plain
from worker_legal.web.forms import BaseForm
from worker_legal.web.language import LANGUAGES
from worker_legal.web.security import public, safe_next, settings

bp = Blueprint("portal", __name__, url_prefix="/s")

COOKIE = "wl_portal"
A_YEAR = 365 * 24 * 3600
CODE_DIGITS = 18
LONGEST_INPUT = 60


class CodeForm(BaseForm):
    """The 18 digits of the receipt, typed with or without spaces."""

    code = StringField(lazy_gettext("回执上的18位数字"))

    def validate_code(self, field: StringField) -> None:
        """Eighteen digits, whatever stands between them."""
        text = field.data or ""
        digits = sum(char.isdigit() for char in text)
        if not digits:
            raise ValidationError(gettext("请输入回执上的18位数字"))
        if digits != CODE_DIGITS or len(text) > LONGEST_INPUT:
            raise ValidationError(gettext("要18位数字，现在是%(n)s位，请对照回执", n=digits))


@bp.get("")
@public
def enter() -> str:
    """The form for the code; a browser that came by the QR fills and sends it by itself."""
    return _gate(CodeForm())


@bp.post("")
@public
def open_status() -> Any:
    """Try the code; wrong, replaced and closed ones get the same answer."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _gate(form), form.status
    with transaction():
        attempt = portal.sign_in(form.code.data or "", request.remote_addr or "")
    if attempt.token:
        return _with_cookie(redirect(url_for("portal.status")), attempt.token)
    if attempt.must_wait:
        return _gate(form, must_wait=True), 429
    form.refuse(gettext("这个号码不对，或者已经换了新的。请对照回执再输一次。"), "code")
    return _gate(form), form.status


@bp.get("/status")
@public
def status() -> Any:
    """Where the matter stands, in plain words."""
    found = portal.find_session(request.cookies.get(COOKIE, ""))
    if found is None:
        return redirect(url_for("portal.enter"))
    shown = portal.status_for(found)
    return render_template("portal/status.html", status=shown, words=plain)


@bp.post("/leave")
@public
def leave() -> BaseResponse:
    """End the session for good."""
    with transaction():
        portal.leave(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("portal.enter"))
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response


@bp.post("/language")
@public
def language() -> BaseResponse:
    """Speak the other language from now on."""
    wanted = request.form.get("lang", "")
    back, calculators = request.form.get("next", ""), url_for("portal.calculators")
    inside = back == url_for("portal.status") or back.startswith(calculators)
    response = redirect(safe_next(back if inside else None, url_for("portal.enter")))
    if wanted in LANGUAGES:
        session["lang"] = wanted
        _remember(response, "wl_lang", wanted)
    return response


@bp.after_request
def remember_large_type(response: Response) -> Response:
    """Keep the choice of large or small letters for a year."""
    wanted = request.args.get("big")
    if wanted in {"0", "1"}:
        _remember(response, "wl_big", wanted)
    return response


@bp.context_processor
def around() -> dict[str, Any]:
    """What the layout shows on each of these pages."""
    return {
        "office": portal.office_card().name,
        "language_url": url_for("portal.language"),
        "portal_sign_out_url": url_for("portal.leave"),
        "signed_out": request.endpoint != "portal.status",
    }


def _gate(form: CodeForm, must_wait: bool = False) -> str:
    card = portal.office_card()
    return render_template("portal/enter.html", form=form, card=card, must_wait=must_wait)


def _with_cookie(response: BaseResponse, token: str) -> BaseResponse:
    secure = settings().secure_cookies
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure)
    return response


def _remember(response: BaseResponse, name: str, value: str) -> None:
    secure = settings().secure_cookies
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=secure)
