"""The limitation radar: how long each of the worker's four rights still lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from worker_legal.i18n import N_
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Due, Facts, compute
from worker_legal.law.enums import DeadlineState, EventKind, Who
from worker_legal.law.explain import Gettext, day_text, law_text, length_text, same
from worker_legal.law.rules import Rule, get_rule
from worker_legal.law.rules.row import Law

HOT_DAYS = 30
URGENT_AID_DAYS = 7
_WORKER_SIDE = (Who.WORKER, Who.EITHER)
_FILINGS = (EventKind.APPLIED, EventKind.RECONSIDERATION_APPLIED)

_INJURY = ("work_injury.worker_applies",)
_ARBITRATION = (
    "arbitration.limitation",
    "arbitration.limitation_wages",
    "arbitration.limitation_employed",
)
_INSPECTION = ("inspection.lookback",)
_ENFORCEMENT = ("enforcement.apply",)


@dataclass(frozen=True, slots=True)
class _Watch:
    """One right on the strip: its rules and what to say before its clock has started."""

    code: str
    name: str
    rules: tuple[str, ...]
    not_started: str


_WATCHES = (
    _Watch(
        "work_injury", N_("工伤认定 1年"), _INJURY, N_("有受伤或者职业病诊断的，从那一天起算。")
    ),
    _Watch(
        "arbitration",
        N_("申请仲裁 1年"),
        _ARBITRATION,
        N_("从知道权利被侵害起算；欠薪从离职起算。"),
    ),
    _Watch(
        "inspection", N_("投诉监察 2年"), _INSPECTION, N_("从欠薪或者其他违法行为终了之日起算。")
    ),
    _Watch(
        "enforcement",
        N_("申请执行 2年"),
        _ENFORCEMENT,
        N_("有了裁决书、调解书或者判决书，从履行期最后一天起算。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Right:
    """One right of the worker today: its last day, or why there is none.

    `hot` means fewer than 30 days are left, or the last day has passed and nobody has acted.
    """

    code: str
    name: str
    law: Law
    last_day: date | None
    days_left: int | None
    state: DeadlineState
    provisional: bool
    hot: bool
    unlimited: bool
    reason: str
    due: Due | None

    def sum_text(self, gettext: Gettext = same) -> str:
        """The sum in one line: event, length, raw day and roll; or why there is no date."""
        if self.due is None or self.due.due_on is None:
            return gettext(self.reason)
        return _sum(self.due, gettext)

    def law_text(self, gettext: Gettext = same) -> str:
        """The statute and article of the right."""
        return law_text(self.law, gettext)


def radar(facts: Facts, calendar: WorkCalendar, today: date) -> list[Right]:
    """The worker's rights: work injury 1 year, arbitration 1, inspection 2, enforcement 2 years.

    Of several dates for one right the earliest that is still open is shown.
    """
    rules = [get_rule(code) for watch in _WATCHES for code in watch.rules]
    dues = compute(facts, calendar, rules, as_of=today)
    return [_right(watch, dues, today) for watch in _WATCHES]


def urgent_aid(dues: Iterable[Due], today: date) -> bool:
    """Whether aid may be given before the papers (法律援助法 44).

    So it is while fewer than 7 natural days are left in which the worker can still go to an
    authority or a court.
    """
    return any(
        due.state is DeadlineState.OPEN
        and due.earliest is not None
        and 0 <= (due.earliest - today).days < URGENT_AID_DAYS
        for due in dues
        if due.who in _WORKER_SIDE and any(on.kind in _FILINGS for on in due.rule.met_by)
    )


def _right(watch: _Watch, dues: Iterable[Due], today: date) -> Right:
    own = [due for due in dues if due.rule_code in watch.rules]
    due = min(own, key=_urgency, default=None)
    rule: Rule = due.rule if due else get_rule(watch.rules[0])
    last = due.earliest if due else None
    left = (last - today).days if last else None
    pending = due is not None and due.state in (DeadlineState.OPEN, DeadlineState.LAPSED)
    return Right(
        code=watch.code,
        name=watch.name,
        law=rule.law,
        last_day=due.due_on if due else None,
        days_left=left,
        state=due.state if due else DeadlineState.OPEN,
        provisional=bool(due and due.provisional),
        hot=bool(pending and left is not None and left < HOT_DAYS),
        unlimited=bool(due and rule.length is None),
        reason=_reason(watch, due),
        due=due,
    )


def _urgency(due: Due) -> tuple[bool, bool, date]:
    done = due.state not in (DeadlineState.OPEN, DeadlineState.LAPSED)
    return done, due.due_on is None, due.due_on or date.max


def _reason(watch: _Watch, due: Due | None) -> str:
    if due is None:
        return watch.not_started
    if due.paused:
        return N_("时效中止，障碍消除后接着计算。")
    return "" if due.due_on else due.rule.text


def _sum(due: Due, gettext: Gettext) -> str:
    """Event + length = raw day, and the roll: 2026-10-31 离职 + 1年 = 2027-10-31 周日，顺延."""
    words: list[str] = []
    for step in due.steps:
        kind, params = step
        if kind.startswith("event"):
            words.append(f"{params['day'].isoformat()} {gettext(params['what'])}")
        elif kind == "restart_by":
            words.append(f"→ {params['day'].isoformat()} {gettext(params['what'])}")
        elif kind.startswith(("add_", "extend_")):
            length = length_text(params["n"], kind.partition("_")[2], gettext)
            words.append(f"+ {length} = {day_text(params['end'], gettext)}")
        elif kind == "suspend":
            days = length_text(params["n"], "day", gettext)
            words.append(f"+ {days} = {day_text(params['end'], gettext)}")
        elif kind == "roll_forward":
            words.append(f"→ {day_text(params['end'], gettext)}")
    return " ".join(words)
