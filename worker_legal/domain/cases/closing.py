"""The end of a case: close, open again, set aside."""

from datetime import date

from worker_legal.domain import audit
from worker_legal.domain.cases.events import add_event, all_events, find_event
from worker_legal.domain.cases.intake import BY_HAND
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.projection import proceedings_of, refresh, rights_of
from worker_legal.domain.cases.service import (
    check_day,
    check_text,
    lock,
    refuse_unless_open,
    require_on,
)
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law import stages
from worker_legal.law.enums import CaseStatus, EventKind, Outcome, Stage

# what the parties may still have done when every proceeding had ended
AFTERWARDS = (Outcome.PERFORMED, Outcome.RECONCILED, Outcome.REFERRED, Outcome.WITHDRAWN)


def close(
    actor: Actor,
    case: Case,
    on: date,
    outcome: Outcome,
    reason: str = "",
    note: str = "",
    token: str = "",
) -> None:
    """Close a case with its outcome; refused while a proceeding is open (features C5).

    The same token closes only once.
    """
    require_on(actor, Action.CLOSE_CASE, case)
    lock(case)
    if find_event(case, token) is not None:
        return
    refuse_unless_open(case)
    refuse_while_open(case)
    check_day(on, "on")
    check_text(reason, "reason")
    _refuse_too_early(case, on)
    _refuse_plain_consultation(case, reason)
    if outcome not in outcomes_of(case):
        raise BadInput(N_("结果要和程序的结果一致，请从列表里选"), field="outcome")
    payload = {"outcome": outcome.value, **({"reason": reason.strip()} if reason.strip() else {})}
    add_event(actor, case, EventKind.CLOSED, on, payload=payload, note=note.strip(), token=token)
    case.status, case.closed_on = CaseStatus.CLOSED, on
    case.close_outcome, case.close_reason = outcome, reason.strip()
    audit.record(actor, "close", "case", case.id)
    refresh(case)


def refuse_while_open(case: Case) -> None:
    """Refuse to close a case while one of its proceedings is under way, naming them.

    Raises RuleBroken.
    """
    still = open_stages(case)
    if still:
        names = "、".join(stage.label for stage in still)
        raise RuleBroken(N_("还有程序没有办结：%(names)s，请先登记结果"), names=names)


def open_stages(case: Case) -> list[Stage]:
    """The services still under way in a case."""
    return [p.stage for p in proceedings_of(case) if p.status not in stages.ENDED]


def outcomes_of(case: Case) -> tuple[Outcome, ...]:
    """How this case can end: as its proceedings did, the last one first, or by what came after."""
    ended = [p.outcome for p in reversed(proceedings_of(case)) if p.outcome is not None]
    return tuple(dict.fromkeys([*ended, *AFTERWARDS]))


def _refuse_too_early(case: Case, on: date) -> None:
    last = max((p.concluded_on for p in proceedings_of(case) if p.concluded_on), default=None)
    if last is not None and on < last:
        raise BadInput(N_("结案日期早于最后一个程序的办结日期"), field="on")
    if on < case.registered_on:
        raise BadInput(N_("结案日期早于登记日期"), field="on")


def _refuse_plain_consultation(case: Case, reason: str) -> None:
    """With fewer than 30 days left a matter does not end as advice without a reason (D2)."""
    stages_gone = {proceeding.stage for proceeding in proceedings_of(case)}
    if case.source != BY_HAND or stages_gone != {Stage.CONSULTATION} or reason.strip():
        return
    if any(
        event.kind is EventKind.APPLIED and event.payload.get("reason")
        for event in all_events(case)
    ):
        return
    urgent = next((right for right in rights_of(case) if right.hot), None)
    if urgent is not None:
        raise RuleBroken(
            N_("“%(right)s”快到期了，不能只作咨询结案：请先办程序，或写明理由"),
            field="reason",
            right=urgent.name,
        )


def reopen(actor: Actor, case: Case, reason: str) -> None:
    """Open a closed case again, with a reason on the timeline (features C6)."""
    require_on(actor, Action.REOPEN_CASE, case)
    lock(case)
    if case.status is not CaseStatus.CLOSED:
        raise RuleBroken(N_("只有已结的案件可以复立"))
    if not reason.strip():
        raise BadInput(N_("请写明为什么复立"), field="reason")
    check_text(reason, "reason")
    payload = {"reason": reason.strip(), "closed_on": str(case.closed_on)}
    add_event(actor, case, EventKind.REOPENED, clock.today(), payload=payload)
    case.status, case.closed_on = CaseStatus.OPEN, None
    case.close_outcome, case.close_reason = None, ""
    audit.record(actor, "reopen", "case", case.id)
    refresh(case)


def void(actor: Actor, case: Case, reason: str) -> None:
    """Set aside a case registered by mistake; its number stays listed, its figures go."""
    require_on(actor, Action.VOID_CASE, case)
    lock(case)
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("这个案件已经作废"))
    if not reason.strip():
        raise BadInput(N_("请写明为什么作废"), field="reason")
    check_text(reason, "reason")
    add_event(actor, case, EventKind.VOIDED, clock.today(), payload={"reason": reason.strip()})
    case.status, case.closed_on, case.close_outcome = CaseStatus.VOID, None, None
    case.close_reason = reason.strip()
    audit.record(actor, "void", "case", case.id)
    refresh(case)
