"""The timetable on screen: how often each job runs, when it last did, and running it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from worker_legal.domain import audit, org, reminders
from worker_legal.domain.permissions import Action
from worker_legal.domain.reminders import Route
from worker_legal.domain.reminders.models import JobClock
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra.db import transaction
from worker_legal.web.admin.words import result_words
from worker_legal.web.security import current_actor, requires

bp = Blueprint("timetable", __name__, url_prefix="/admin")

SENDING = {f"send-{way.value}" for way in Route}


@dataclass(frozen=True)
class JobLine:
    """One job: its word, how often it runs, its last run and how long that took in seconds."""

    name: str
    word: str
    often: str
    last: JobClock | None
    seconds: str
    done: str


def lines() -> list[JobLine]:
    """Every job of the timetable."""
    clocks = reminders.job_clocks()
    return [
        JobLine(job.name, word(job), _often(job), last, _took(last), _did(last))
        for job in _jobs()
        for last in (clocks.get(job.name),)
    ]


def words() -> Mapping[str, str]:
    """The word of each job by its name."""
    return {job.name: word(job) for job in _jobs()}


def _jobs() -> Any:
    return current_app.extensions["timetable"].jobs()


def word(job: Any) -> str:
    """The word of a job; those that send say what they send by."""
    label = gettext(job.label)
    return gettext("外发：%(way)s", way=label) if job.name in SENDING else label


def _often(job: Any) -> str:
    when = job.when
    if job.trigger == "interval":
        if "seconds" in when:
            return gettext("每%(n)s秒", n=when["seconds"])
        return gettext("每%(n)s分钟", n=when["minutes"])
    if "hour" in when:
        return gettext("每天%(at)s", at=f"{when['hour']:02}:{when['minute']:02}")
    return gettext("每小时第%(n)s分", n=when["minute"])


def _took(last: JobClock | None) -> str:
    if last is None:
        return ""
    return f"{(last.finished_at - last.started_at).total_seconds():.1f}"


def _did(last: JobClock | None) -> str:
    if last is None:
        return ""
    return result_words(last.result) or gettext("没有要做的")


@bp.post("/jobs/run/<string:name>")
@requires(Action.VIEW_JOBS)
def run_job(name: str) -> Response:
    """Run one job now; several at once do no harm."""
    known = words()
    if name not in known:
        raise NotFound(N_("没有叫“%(name)s”的任务"), name=name)
    with transaction():
        actor = current_actor()
        audit.record(actor, "run_job", "job", None, org.centre().path or "", job=name)
    done = current_app.extensions["timetable"].run(name)
    if done.is_failure:
        flash(gettext("%(job)s：没有做成，原因见下面", job=known[name]), "error")
    else:
        said = result_words(done.result) or gettext("没有要做的")
        flash(gettext("%(job)s：运行完了。%(said)s", job=known[name], said=said))
    return redirect(url_for("oversight.jobs", _anchor="h-timetable"))
