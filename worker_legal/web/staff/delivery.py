"""What became of each message outside, and the tray of what is sent by hand."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from worker_legal.domain import reminders
from worker_legal.domain.permissions import Action
from worker_legal.infra.db import transaction
from worker_legal.web.delivery_words import reason_words
from worker_legal.web.security import current_actor, requires

bp = Blueprint("delivery", __name__)

TROUBLE, WORKERS = "trouble", "workers"


@bp.get("/delivery")
@requires(Action.WATCH_DELIVERY)
def overview() -> str:
    """Messages outside, those in trouble first of all."""
    actor, show = current_actor(), request.args.get("show", TROUBLE)
    before = request.args.get("before", type=int)
    is_trouble, size = show == TROUBLE, reminders.MESSAGES_PAGE
    staff = [] if show == WORKERS else reminders.messages(actor, is_trouble, before)
    workers = []
    if show in (TROUBLE, WORKERS):
        workers = reminders.worker_messages(actor, is_trouble, None if is_trouble else before)
    paged = workers if show == WORKERS else staff
    return render_template(
        "staff/delivery/list.html",
        lines=[(message, reason_words(message.reason)) for message in staff[:size]],
        workers=[(message, reason_words(message.reason)) for message in workers[:size]],
        show=show,
        trouble=reminders.trouble_count(actor) + reminders.worker_trouble_count(actor),
        older=paged[size - 1].id if len(paged) > size else None,
        is_first=before is None,
    )


@bp.post("/delivery/<int:message_id>/retry")
@requires(Action.WATCH_DELIVERY)
def retry(message_id: int) -> Response:
    """Send one message anew."""
    with transaction():
        reminders.retry(current_actor(), message_id)
    flash(gettext("已排上，一分钟内再送一次"))
    return redirect(url_for("delivery.overview"))


@bp.post("/delivery/retry")
@requires(Action.WATCH_DELIVERY)
def retry_all() -> Response:
    """Send anew what is not getting through."""
    actor = current_actor()
    with transaction():
        number = reminders.retry_all(actor) + reminders.retry_workers(actor)
    flash(gettext("%(n)s条已排上，一分钟内再送一次", n=number))
    return redirect(url_for("delivery.overview"))


@bp.post("/delivery/workers/<int:message_id>/retry")
@requires(Action.WATCH_DELIVERY)
def retry_worker(message_id: int) -> Response:
    """Send one message to a worker anew."""
    with transaction():
        reminders.retry_worker(current_actor(), message_id)
    flash(gettext("已排上，一分钟内再送一次"))
    return redirect(url_for("delivery.overview"))


@bp.get("/tray")
@requires(Action.HAND_OUT)
def tray() -> str:
    """What waits to be printed or sent by hand."""
    actor = current_actor()
    return render_template(
        "staff/delivery/tray.html",
        bundles=reminders.waiting(actor),
        workers=reminders.waiting_for_workers(actor),
        handed=reminders.handed(actor),
    )


@bp.post("/tray/print")
@requires(Action.HAND_OUT)
def print_tray() -> str:
    """The slips on paper, with whole addresses; by a form, because printing is written down."""
    with transaction():
        slips = reminders.slips(current_actor())
    return render_template("print/tray.html", slips=slips)


@bp.post("/tray/<int:user_id>/done")
@requires(Action.HAND_OUT)
def tick_off(user_id: int) -> Response:
    """Tick off what was sent to one person."""
    with transaction():
        upto = request.form.get("upto", 0, type=int)
        number = reminders.tick_off(current_actor(), user_id, upto)
    flash(gettext("已打勾：%(n)s条", n=number))
    return redirect(url_for("delivery.tray"))


@bp.post("/tray/workers/<int:message_id>/done")
@requires(Action.HAND_OUT)
def tick_off_worker(message_id: int) -> Response:
    """Tick off that a worker was told."""
    with transaction():
        reminders.tick_off_worker(current_actor(), message_id)
    flash(gettext("已打勾：%(n)s条", n=1))
    return redirect(url_for("delivery.tray"))
