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
    signs_of_life,
    unannounced,
    unread_count,
)
from worker_legal.domain.reminders.texts import how_near

__all__ = [
    "PAGE",
    "Health",
    "Notice",
    "Tick",
    "acknowledge",
    "health",
    "how_near",
    "log_run",
    "mark_all_read",
    "notices",
    "runs",
    "signs_of_life",
    "tick",
    "unannounced",
    "unread_count",
]
