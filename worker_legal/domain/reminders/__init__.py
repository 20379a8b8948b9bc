"""Reminders: owed by open dates, delivered exactly once to the inbox."""

from worker_legal.domain.reminders.chain import Link, chain_of
from worker_legal.domain.reminders.deliver import Sent, Tick, Trial, send, tick, try_out
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
from worker_legal.domain.reminders.setup import (
    Encryption,
    OwnRoute,
    RouteState,
    own_routes,
    route_state,
    route_states,
    routes_of,
    save_office_route,
    save_own_route,
)
from worker_legal.domain.reminders.steps import (
    EVERY,
    KindSteps,
    kinds_with_steps,
    set_steps,
)
from worker_legal.domain.reminders.steps import labels as step_kinds
from worker_legal.domain.reminders.tray import handed, slips, tick_off, tray_count, waiting
from worker_legal.domain.reminders.watch import PAGE as MESSAGES_PAGE
from worker_legal.domain.reminders.watch import messages, retry, retry_all, trouble_count

__all__ = [
    "CENTRE",
    "DIRECTOR",
    "EVERY",
    "HANDLER",
    "MESSAGES_PAGE",
    "PAGE",
    "Encryption",
    "Health",
    "KindSteps",
    "Ladder",
    "Link",
    "Notice",
    "OwnRoute",
    "Route",
    "RouteState",
    "Sent",
    "Tick",
    "Trial",
    "acknowledge",
    "chain_of",
    "handed",
    "health",
    "kinds_with_steps",
    "ladder",
    "ladder_row",
    "log_run",
    "mark_all_read",
    "messages",
    "notices",
    "own_routes",
    "retry",
    "retry_all",
    "route_state",
    "route_states",
    "routes_of",
    "runs",
    "set_ladder",
    "set_steps",
    "step_kinds",
    "save_office_route",
    "save_own_route",
    "send",
    "set_steps",
    "slips",
    "step_kinds",
    "tick",
    "tick_off",
    "tray_count",
    "trouble_count",
    "try_out",
    "unannounced",
    "unread_count",
    "waiting",
]
