"""The whole timetable on one screen: what runs by itself, and when (time of China)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import current_app

from worker_legal.domain import audit, portal, reminders
from worker_legal.domain.reminders import Route
from worker_legal.domain.statistics import exporting, recount
from worker_legal.errors import OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock, outward, waiting
from worker_legal.infra.db import db, transaction


@dataclass(frozen=True)
class Job:
    """One job: its name, its word, its work, and the interval or daily time at which it runs.

    The work gives one line of what it did, empty when there was nothing to do.
    """

    name: str
    label: str
    work: Callable[[], str]
    trigger: str
    when: Mapping[str, int]


def remind() -> str:
    """Plan and deliver reminders; the round opens its own short transactions."""
    folder = current_app.extensions["settings"].instance_dir
    if reminders.went_back(folder):
        with transaction():
            reminders.raise_fence()
    done = reminders.tick()
    reminders.keep_mark(folder)
    if done.trouble:
        return f"trouble={done.trouble} delivered={done.delivered}"
    if not (done.planned or done.withdrawn or done.delivered):
        return ""
    return f"planned={done.planned} withdrawn={done.withdrawn} delivered={done.delivered}"


def send(route: Route) -> str:
    """Send what is ready on one way outside; the round opens its own short transactions."""
    done = reminders.send(route)
    if not (done.accepted or done.failed):
        return ""
    return f"accepted={done.accepted} failed={done.failed}"


def tell_workers() -> str:
    """Tell workers of tomorrow's hearings, by the gateway or by the tray."""
    with transaction():
        planned = reminders.plan_summons()
    done = reminders.send_summons()
    if not (planned or done.accepted or done.failed):
        return ""
    return f"planned={planned} accepted={done.accepted} failed={done.failed}"


def reconcile() -> str:
    """Count the dates that should have been announced and were not; a line here is an alarm."""
    missing = reminders.unannounced()
    return f"unannounced={missing}" if missing else ""


def call_watcher() -> str:
    """Call a watcher outside while reminders can be relied on; its silence is the alarm.

    What happens to this server, nobody on it can tell (threats 4.2.14).
    """
    url = current_app.extensions["settings"].watcher_url
    is_well = bool(url) and reminders.health().is_well
    db.session.rollback()  # the call may take its time
    if not is_well:
        return ""
    answer = outward.post(url, b"", {"User-Agent": "worker-legal"})
    if not 200 <= answer.status < 300:
        raise OutsideFailure(N_("外部看守没有接受"), code=f"http_{answer.status}")
    return ""


def add_up() -> str:
    """Add up again the figures that changes have touched."""
    with transaction():
        buckets = recount.refresh()
    return f"buckets={buckets}" if buckets else ""


def seal_log() -> str:
    """Seal the log of every finished day that is not sealed yet, oldest first."""
    yesterday = clock.today() - timedelta(days=1)
    with transaction():
        days = audit.unsealed_days(yesterday)
        for day in days:
            audit.seal_day(day)
    return f"days={len(days)} last={days[-1]}" if days else ""


def forget_sessions() -> str:
    """Remove the sessions of workers that have ended."""
    with transaction():
        gone = portal.forget_old_sessions()
    return f"sessions={gone}" if gone else ""


def forget_exports() -> str:
    """Remove the files of exports that are past their day."""
    folder = current_app.extensions["settings"].export_dir
    with transaction():
        words = exporting.expire()
    for word in words:
        waiting.drop(folder, word)
    waiting.sweep(folder)
    return f"exports={len(words)}" if words else ""


OUTSIDE = tuple(route for route in Route if route is not Route.BY_HAND)
JOBS = (
    Job("remind", N_("提醒：安排并送达"), remind, "interval", {"seconds": 30}),
    # a round for each way, so that one that hangs keeps no other waiting
    *(
        Job(f"send-{way.value}", way.label, partial(send, way), "interval", {"seconds": 30})
        for way in OUTSIDE
    ),
    Job("add-up", N_("统计：补算有变动的月份"), add_up, "interval", {"seconds": 30}),
    Job("tell-workers", N_("通知职工明天的会"), tell_workers, "interval", {"minutes": 5}),
    Job("reconcile", N_("核对：该提醒的都提醒了"), reconcile, "cron", {"minute": 5}),
    Job("call-watcher", N_("报平安：呼叫外部看守"), call_watcher, "interval", {"minutes": 2}),
    Job("seal-log", N_("封存前一天的操作日志"), seal_log, "cron", {"hour": 3, "minute": 10}),
    Job("forget-sessions", N_("清理过期会话"), forget_sessions, "cron", {"hour": 3, "minute": 40}),
    Job(
        "forget-exports",
        N_("清理过期导出"),
        forget_exports,
        "cron",
        {"hour": 3, "minute": 50},
    ),
)
