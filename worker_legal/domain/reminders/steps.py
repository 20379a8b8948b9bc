"""How many days before a date people are told: the steps per kind of date (features D7).

A change holds for the dates that become known from the next day on; earlier ones keep theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders.models import ReminderStep
from worker_legal.errors import BadInput, NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.rules import RULES

# Days before the date on which a reminder is owed; on a rest day the working day before.
STEPS = (30, 7, 3, 1, 0)
MOST_DAYS = 180
MOST_STEPS = 12
# Every date that has no steps of its own.
EVERY = "*"

# Rules that belong together, by the first word of their code.
CHAPTERS = {
    "administrative": N_("行政复议和行政诉讼"),
    "agreed": N_("约定日期"),
    "appraisal": N_("劳动能力鉴定"),
    "arbitration": N_("仲裁"),
    "court": N_("诉讼"),
    "enforcement": N_("执行"),
    "inspection": N_("监察"),
    "legal_aid": N_("法律援助"),
    "mediation": N_("调解"),
    "negotiation": N_("协商"),
    "payment_order": N_("支付令"),
    "procuratorate": N_("检察"),
    "ratification": N_("审查和司法确认"),
    "service": N_("送达"),
    "wages": N_("工资"),
    "work_injury": N_("工伤认定"),
}

History = tuple[tuple[date, tuple[int, ...]], ...]


@dataclass(frozen=True)
class StepTable:
    """The steps in use, read once per planning; per kind of date the newest change first."""

    changes: Mapping[str, History]

    def of(self, rule_code: str, known_on: date) -> tuple[int, ...]:
        """The steps of a date, by its rule and the day since when it is known as it stands."""
        for kind in kinds_of(rule_code):
            days = _in_force(self.changes.get(kind, ()), known_on)
            if days:
                return days
        return STEPS

    @property
    def longest(self) -> int:
        """The step that is farthest from its date."""
        own = (day for history in self.changes.values() for _, days in history for day in days)
        return max((*STEPS, *own))


@dataclass(frozen=True)
class KindSteps:
    """The steps of one kind of date as the page shows them, with a change still to come."""

    kind: str
    label: str
    days: tuple[int, ...]
    since: date | None
    next_days: tuple[int, ...] | None
    next_from: date | None


def kinds_of(rule_code: str) -> tuple[str, str, str]:
    """The kinds a date belongs to, the nearest first: its rule, its chapter, every date."""
    return rule_code, rule_code.split(".")[0], EVERY


def labels() -> dict[str, str]:
    """Every kind of date that can have steps of its own, with its word."""
    rules = {rule.code: rule.label for rule in RULES}
    return {EVERY: N_("所有期限"), **CHAPTERS, **rules}


def step_table() -> StepTable:
    """The steps in use."""
    query = sa.select(ReminderStep).order_by(ReminderStep.valid_from.desc())
    changes: dict[str, History] = {}
    for row in db.session.scalars(query):
        entry = (row.valid_from, tuple(row.days))
        changes[row.kind] = (*changes.get(row.kind, ()), entry)
    return StepTable(changes)


def kinds_with_steps() -> list[KindSteps]:
    """The kinds that have steps of their own now or from tomorrow, every date first."""
    table, today = step_table(), clock.today()
    shown = [_shown(kind, label, table, today) for kind, label in labels().items()]
    return [row for row in shown if row.kind == EVERY or row.days or row.next_days]


def set_steps(actor: Actor, kind: str, days: Sequence[int]) -> ReminderStep:
    """Give a kind of date its steps from tomorrow on; no days at all: the steps of the rest.

    Raises NotFound for an unknown kind, BadInput for days that cannot be.
    """
    actor.require(Action.MANAGE_REMINDERS)
    if kind not in labels():
        raise NotFound(N_("没有这种期限"))
    wanted = _checked(kind, days)
    starts = clock.today() + timedelta(days=1)
    query = sa.select(ReminderStep).where(
        ReminderStep.kind == kind, ReminderStep.valid_from == starts
    )
    row = db.session.scalar(query) or ReminderStep(kind=kind, valid_from=starts)
    row.days, row.entered_by, row.entered_at = list(wanted), actor.user_id, clock.now()
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "set_steps", "reminder_step", row.id, kind=kind, new=list(wanted))
    return row


def _checked(kind: str, days: Iterable[int]) -> tuple[int, ...]:
    wanted = {*days}
    if not wanted and kind == EVERY:
        raise BadInput(N_("请写提前几天提醒，例如30、7、3、1"), field="days")
    if any(not 0 <= day <= MOST_DAYS for day in wanted):
        raise BadInput(N_("提前的天数要在0到%(n)s之间"), field="days", n=MOST_DAYS)
    if len(wanted) > MOST_STEPS:
        raise BadInput(N_("最多写%(n)s个天数"), field="days", n=MOST_STEPS)
    # the day itself is always announced, so that no choice of days can let a date pass in silence
    return tuple(sorted(wanted | {0}, reverse=True)) if wanted else ()


def _in_force(history: History, day: date) -> tuple[int, ...]:
    return next((days for valid_from, days in history if valid_from <= day), ())


def _shown(kind: str, label: str, table: StepTable, today: date) -> KindSteps:
    history = table.changes.get(kind, ())
    coming = next(((start, days) for start, days in history if start > today), None)
    days = _in_force(history, today)
    return KindSteps(
        kind=kind,
        label=label,
        days=days or (STEPS if kind == EVERY else ()),
        since=next((start for start, _ in history if start <= today), None),
        next_days=coming[1] if coming else None,
        next_from=coming[0] if coming else None,
    )
