"""Reminders: owed by open dates, delivered exactly once to the inbox."""

from worker_legal.domain.reminders.chain import Link, chain_of
from worker_legal.domain.reminders.deliver import Sent, Tick, send, tick
from worker_legal.domain.reminders.inbox import (
    PAGE,
    Health,
    Notice,
    acknowledge,
    health,
    log_run,
    mark_all_read,
    notices,
    runs,
    unannounced,
    unread_count,
)
from worker_legal.domain.reminders.ladder import (
    CENTRE,
    DIRECTOR,
    HANDLER,
    Ladder,
    ladder,
    ladder_row,
    set_ladder,
)
from worker_legal.domain.reminders.routes import Route
from worker_legal.domain.reminders.steps import (
    EVERY,
    KindSteps,
    kinds_with_steps,
    set_steps,
)
from worker_legal.domain.reminders.steps import labels as step_kinds

__all__ = [
    "CENTRE",
    "DIRECTOR",
    "EVERY",
    "HANDLER",
    "PAGE",
    "Health",
    "KindSteps",
    "Ladder",
    "Link",
    "Notice",
    "Route",
    "Sent",
    "Tick",
    "acknowledge",
    "chain_of",
    "health",
    "kinds_with_steps",
    "ladder",
    "ladder_row",
    "log_run",
    "mark_all_read",
    "notices",
    "runs",
    "set_ladder",
    "set_steps",
    "step_kinds",
    "send",
    "tick",
    "unannounced",
    "unread_count",
]
