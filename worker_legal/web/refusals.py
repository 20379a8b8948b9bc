"""Errors of the domain become pages in the visitor's language; nothing else leaks out."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, request
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from worker_legal.errors import WorkerLegalError
from worker_legal.infra.db import db

log = logging.getLogger("worker_legal")

TITLES = {
    400: lazy_gettext("这一页的内容对不上"),
    403: lazy_gettext("没有权限"),
    404: lazy_gettext("没有找到"),
    405: lazy_gettext("没有找到"),
    409: lazy_gettext("已被他人修改"),
    413: lazy_gettext("文件太大"),
    422: lazy_gettext("不能这样办"),
    429: lazy_gettext("请稍等"),
}
TEXTS = {
    400: lazy_gettext("页面可能放得太久了。请回到上一页刷新后再提交，填写的内容会保留在草稿里。"),
    403: lazy_gettext("您没有办理这件事的权限，请联系主任或管理员。"),
    404: lazy_gettext("地址不对，或者不在您的范围内。"),
    405: lazy_gettext("地址不对，或者不在您的范围内。"),
    413: lazy_gettext("请分几次上传，单次不超过32兆。"),
}


def init_app(app: Flask) -> None:
    """Attach the pages for refusals and failures."""
    app.register_error_handler(WorkerLegalError, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failed)


def sentence(error: WorkerLegalError) -> str:
    """The refusal as a sentence in the visitor's language; labels in it are translated too."""
    params: dict[str, Any] = {
        name: gettext(value) if isinstance(value, str) and value else value
        for name, value in error.params.items()
    }
    text = gettext(error.text)
    return text % params if params else text


def refused(error: WorkerLegalError) -> tuple[str, int]:
    """A refusal by the domain, as a page that says what to do."""
    db.session.rollback()
    return page(error.status, sentence(error)), error.status


def stale_form(_error: CSRFError) -> tuple[str, int]:
    """A form without its secret: the page was open too long, or it is not ours."""
    return page(400), 400


def http_error(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
    """Any other refusal of the web framework."""
    if error.code is None or error.code < 400:
        return error
    return page(error.code), error.code


def failed(_error: Exception) -> tuple[str, int]:
    """Something broke: a number for the administrator, no data on the page or in the log."""
    reference = secrets.token_hex(4)
    log.exception("failure %s at %s", reference, request.endpoint)
    db.session.rollback()
    return page(500, reference=reference), 500


def page(status: int, text: str = "", reference: str = "") -> str:
    """The one page for every refusal; it needs neither database nor user."""
    template = current_app.jinja_env.get_template("errors/error.html")
    return template.render(  # not render_template, which would ask the database for the frame
        status=status,
        title=TITLES.get(status, gettext("现在打不开这一页")),
        text=text or TEXTS.get(status, gettext("请稍后再试，或者告诉本单位管理员。")),
        reference=reference,
    )
