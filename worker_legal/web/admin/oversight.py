"""Oversight: who did what, and whether the machinery runs."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from worker_legal.domain import access, audit, holidays, org, reminders
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.infra.db import keeper, transaction
from worker_legal.web import forms
from worker_legal.web.admin import timetable, words
from worker_legal.web.fields import LegalDateField, RowSelect
from worker_legal.web.security import current_actor, requires, settings

bp = Blueprint("oversight", __name__, url_prefix="/admin")

PAGE = 100
RUNS = 50


class LogForm(forms.BaseForm):
    """Which entries of the log to show."""

    class Meta:
        csrf = False

    first = LegalDateField(lazy_gettext("从"))
    last = LegalDateField(lazy_gettext("到"))
    person = RowSelect(lazy_gettext("谁"))


@bp.get("/audit", endpoint="audit")
@requires(Action.VIEW_AUDIT)
def audit_log() -> tuple[str, int]:
    """The log, newest first, of the sites the reader watches over."""
    actor = current_actor()
    paths = org.paths(actor, Action.VIEW_AUDIT)
    form = LogForm(request.args)
    form.person.offer(_people_at(paths), gettext("所有人"))
    good = form.validate()
    form.status = 200 if good else 422
    wanted = audit.Wanted(form.first.data, form.last.data, form.person.data)
    before = request.args.get("before", type=int)
    rows = audit.search(paths, wanted, before, PAGE + 1) if good else []
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    keep: dict[str, Any] = {
        name: request.args[name] for name in ("first", "last", "person") if name in request.args
    }
    return forms.page(
        "admin/oversight/log.html",
        form,
        rows=[(row, _line(row)) for row in rows[:PAGE]],
        first_url=url_for("oversight.audit", **keep) if before else "",
        more_url=url_for("oversight.audit", before=more, **keep) if more else "",
    )


def _line(row: audit.AuditEntry) -> dict[str, str]:
    thing = words.object_word(row.object)
    number = f" {row.object_id}" if row.object_id is not None else ""
    return {
        "action": words.action_word(row.action),
        "thing": f"{thing}{number}",
        "detail": words.detail_words(row.detail),
    }


def _people_at(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    at = {site.id: site.path or "" for site in org.tree()}
    return [
        (user.id, user.display_name)
        for user in access.users()
        if at[user.org_unit_id].startswith(paths) and user.password_hash is not None
    ]


@bp.post("/jobs/restore")
@requires(Action.VIEW_JOBS)
def confirm_restore() -> Response:
    """Let reminders go out again after a restore."""
    with transaction():
        reminders.confirm_restore(current_actor())
    flash(gettext("已确认恢复完成，还没有发的提醒从现在起发出"))
    return redirect(url_for("oversight.jobs"))


@bp.get("/jobs")
@requires(Action.VIEW_JOBS)
def jobs() -> tuple[str, int]:
    """Whether the machinery runs: database, log, calendar."""
    known = timetable.words()
    return forms.page(
        "admin/oversight/jobs.html",
        forms.BaseForm(),
        timetable=timetable.lines(),
        keeper=keeper(),
        seal=audit.last_seal(),
        broken=audit.verify(),
        missing=holidays.missing_year(clock.today()),
        fenced=reminders.is_fenced(),
        scheduler=settings().scheduler,
        health=reminders.health(),
        trouble=words.trouble_words(reminders.health().trouble),
        runs=[
            (run, known.get(run.job, run.job), words.result_words(run.result))
            for run in reminders.runs(RUNS)
        ],
    )
