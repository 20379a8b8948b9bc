"""Reminders: owed by open dates, delivered exactly once to the inbox."""

from worker_legal.domain.reminders.deliver import Tick, tick
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

__all__ = [
    "PAGE",
    "Health",
    "Notice",
    "Tick",
    "acknowledge",
    "health",
    "log_run",
    "mark_all_read",
    "notices",
    "runs",
    "tick",
    "unannounced",
    "unread_count",
]
