"""The bell: reminders of dates, new ones first, until somebody takes note of them."""

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.domain.reminders import Notice
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.web import filters
from worker_legal.web.security import current_actor, requires

bp = Blueprint("reminders", __name__)

UNREAD = "unread"


class Line(NamedTuple):
    """One reminder as the list shows it."""

    notice: Notice
    what: str
    standing: str
    sent: str
    url: str


@bp.get("/reminders")
@requires(Action.USE_WORKBENCH)
def inbox() -> str:
    """The reminders of the person, all or only those not read yet."""
    actor = current_actor()
    show = request.args.get("show", UNREAD)
    before = request.args.get("before", type=int)
    found = reminders.notices(actor, show == UNREAD, before)
    shown = found[: reminders.PAGE]
    return render_template(
        "staff/reminders/list.html",
        lines=[_line(notice) for notice in shown],
        show=show,
        unread=reminders.unread_count(actor),
        older=shown[-1].id if len(found) > reminders.PAGE else None,
        is_first=before is None,
    )


@bp.post("/reminders/<int:message_id>/acknowledge")
@requires(Action.USE_WORKBENCH)
def acknowledge(message_id: int) -> Response:
    """Take note of one reminder."""
    with transaction():
        reminders.acknowledge(current_actor(), message_id)
    flash(gettext("已记下您看过这条提醒"))
    return redirect(url_for("reminders.inbox", show=request.form.get("show", UNREAD)))


@bp.post("/reminders/read")
@requires(Action.USE_WORKBENCH)
def read_all() -> Response:
    """Mark every reminder as read."""
    with transaction():
        number = reminders.mark_all_read(current_actor())
    flash(gettext("已把%(n)s条提醒标为已读", n=number))
    return redirect(url_for("reminders.inbox"))


def _line(notice: Notice) -> Line:
    url = url_for("cases.detail", case_id=notice.case_id, _anchor=f"d{notice.deadline_id}")
    day = filters.date_md(clock.local(notice.created_at).date())
    sent = f"{day} {filters.hour(notice.created_at)}"
    return Line(notice, gettext(notice.what), _standing(notice), sent, url)


def _standing(notice: Notice) -> str:
    """What has become of the date since the reminder."""
    if notice.is_over:
        return gettext("已经不用办了")
    if notice.moved_to is not None:
        return gettext("改为%(day)s", day=filters.date_short(notice.moved_to))
    return ""
