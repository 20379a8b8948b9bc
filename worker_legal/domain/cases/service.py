"""The one verb of the house: something happened to a case. And opening, closing, reopening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.cases.events import add_event, all_events, effective
from worker_legal.domain.cases.intake import add_proceeding
from worker_legal.domain.cases.models import (
    Case,
    CaseEvent,
    CaseParty,
    Proceeding,
    ProceedingParty,
)
from worker_legal.domain.cases.projection import proceedings_of, refresh
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law import stages
from worker_legal.law.enums import CaseStatus, EventKind, Outcome, Stage

CASE_LEVEL = frozenset(
    {EventKind.NOTE, EventKind.CALL, EventKind.VISIT, EventKind.INTERRUPTED, EventKind.REFERRED}
)


@dataclass(frozen=True)
class NewEvent:
    """What the one event form yields: what, when, of which proceeding, with which fields."""

    kind: EventKind
    on: date
    proceeding_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class NewProceeding:
    """A service to be opened; without party ids it is for every worker of the case."""

    stage: Stage
    filed_on: date
    party_ids: Sequence[int] | None = None
    follows_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    handler_id: int | None = None


def open_proceeding(actor: Actor, case: Case, new: NewProceeding) -> Proceeding:
    """Open one of the nine services in a case; a known gate asks for a reason.

    Raises RuleBroken for a second open proceeding of one stage for the same worker.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    _refuse_unless_open(case)
    _check_day(case, new.filed_on)
    ended = [(p.stage, p.outcome) for p in proceedings_of(case) if p.status in stages.ENDED]
    rule = stages.gate(new.stage, ended)
    if rule and not new.reason.strip():
        raise RuleBroken(rule, code="gate", field="reason")
    stages.check_payload(new.stage, EventKind.APPLIED, new.facts)
    _refuse_second(case, new)
    follows = get_proceeding(case, new.follows_id) if new.follows_id else None
    proceeding = add_proceeding(case, new.stage, new.filed_on, new.party_ids, follows)
    proceeding.facts = {name: value for name, value in new.facts.items() if value not in (None, "")}
    proceeding.docket_no = str(new.facts.get("docket_no") or "")
    proceeding.handler_id = new.handler_id or case.handler_id
    add_event(
        actor,
        case,
        EventKind.APPLIED,
        new.filed_on,
        proceeding=proceeding,
        payload={"reason": new.reason.strip()} if new.reason.strip() else {},
        note=new.note,
    )
    _log(actor, "open_proceeding", case, stage=new.stage.value)
    refresh(case)
    return proceeding


def _refuse_second(case: Case, new: NewProceeding) -> None:
    wanted = sa.select(ProceedingParty.case_party_id).join(
        Proceeding, Proceeding.id == ProceedingParty.proceeding_id
    )
    taken = set(
        db.session.scalars(
            wanted.where(
                Proceeding.case_id == case.id,
                Proceeding.stage == new.stage,
                Proceeding.status.not_in(stages.ENDED),
            )
        )
    )
    active = {party.id for party in active_workers(case)}
    chosen = active if new.party_ids is None else set(new.party_ids)
    if not chosen <= active:
        raise NotFound(N_("名单里有人不在这个案件中"))
    if chosen & taken or (not chosen and _has_open(case, new.stage)):
        raise RuleBroken(
            N_("这些职工已有一个“%(stage)s”程序在办，请先办结再开新的"), stage=new.stage.label
        )


def _has_open(case: Case, stage: Stage) -> bool:
    return any(p.stage is stage and p.status not in stages.ENDED for p in proceedings_of(case))


def record_event(actor: Actor, case: Case, new: NewEvent) -> CaseEvent:
    """Record what happened: appended to the timeline, proceeding moved, dates recomputed.

    Raises RuleBroken when the step is out of order or a required field is missing.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    if new.kind not in CASE_LEVEL:
        _refuse_unless_open(case)
    _check_day(case, new.on)
    proceeding = get_proceeding(case, new.proceeding_id) if new.proceeding_id else None
    _check_event(case, proceeding, new)
    event = add_event(
        actor, case, new.kind, new.on, proceeding=proceeding, payload=new.payload, note=new.note
    )
    _log(actor, "record_event", case, kind=new.kind.value)
    refresh(case)
    return event


def _check_event(case: Case, proceeding: Proceeding | None, new: NewEvent) -> None:
    if proceeding is None:
        if new.kind not in CASE_LEVEL:
            raise BadInput(N_("请选这件事属于哪个程序"), field="proceeding_id")
        return
    allowed = stages.possible_events(proceeding.stage, proceeding.status)
    if new.kind not in allowed and new.kind not in CASE_LEVEL:
        stages.next_status(proceeding.status, new.kind)
        raise RuleBroken(
            N_("“%(stage)s”没有“%(kind)s”这一步"),
            stage=proceeding.stage.label,
            kind=new.kind.label,
        )
    if new.on < proceeding.filed_on:
        raise BadInput(N_("日期早于这个程序的申请日期，请核对"), field="on")
    stages.check_payload(proceeding.stage, new.kind, new.payload)
    if new.kind is EventKind.EXTENDED:
        _refuse_second_extension(case, proceeding)


def _refuse_second_extension(case: Case, proceeding: Proceeding) -> None:
    for event in effective(all_events(case)):
        if event.proceeding_id == proceeding.id and event.kind is EventKind.EXTENDED:
            raise RuleBroken(N_("法律只允许延期一次，这个程序已经延期过"), code="second_extension")


def correct_event(
    actor: Actor, case: Case, event_id: int, new: NewEvent | None, reason: str
) -> CaseEvent:
    """Mend a wrong event by a correcting one, or take it back (`new` is None).

    Both stay on the timeline. Raises RuleBroken when the events would no longer make sense.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    old = get_event(case, event_id)
    if not reason.strip():
        raise BadInput(N_("请写明为什么更正"), field="reason")
    if old.id not in {event.id for event in effective(all_events(case))}:
        raise RuleBroken(N_("这一条已经更正过，请更正最新的那一条"))
    if new is None and old.kind in {EventKind.REGISTERED, EventKind.APPLIED}:
        raise RuleBroken(N_("登记和申请不能撤销；登记错误请作废案件"))
    if new is not None:
        _check_day(case, new.on)
    proceeding = get_proceeding(case, old.proceeding_id) if old.proceeding_id else None
    if new is not None and proceeding is not None:
        stages.check_payload(proceeding.stage, old.kind, new.payload)
    event = add_event(
        actor,
        case,
        old.kind,
        new.on if new else old.happened_on,
        proceeding=proceeding,
        payload={**(new.payload if new else old.payload), "correction": reason.strip()},
        note=new.note if new else "",
        corrects=old,
        retracts=new is None,
    )
    if old.kind is EventKind.REGISTERED and new is not None:
        case.registered_on = new.on
    _log(actor, "correct_event", case, kind=old.kind.value)
    refresh(case)
    return event


def close(
    actor: Actor, case: Case, on: date, outcome: Outcome, reason: str = "", note: str = ""
) -> None:
    """Close a case with its outcome; refused while a proceeding is open (features C5)."""
    require_on(actor, Action.CLOSE_CASE, case)
    _refuse_unless_open(case)
    _check_day(case, on)
    still = [p for p in proceedings_of(case) if p.status not in stages.ENDED]
    if still:
        names = "、".join(p.stage.label for p in still)
        raise RuleBroken(N_("还有程序没有办结：%(names)s，请先登记结果"), names=names)
    last = max((p.concluded_on for p in proceedings_of(case) if p.concluded_on), default=None)
    if last is not None and on < last:
        raise BadInput(N_("结案日期早于最后一个程序的办结日期"), field="on")
    add_event(actor, case, EventKind.CLOSED, on, payload={"outcome": outcome.value}, note=note)
    case.status, case.closed_on = CaseStatus.CLOSED, on
    case.close_outcome, case.close_reason = outcome, reason
    _log(actor, "close", case)
    refresh(case)


def reopen(actor: Actor, case: Case, reason: str) -> None:
    """Open a closed case again, with a reason on the timeline (features C6)."""
    require_on(actor, Action.REOPEN_CASE, case)
    if case.status is not CaseStatus.CLOSED:
        raise RuleBroken(N_("只有已结的案件可以复立"))
    if not reason.strip():
        raise BadInput(N_("请写明为什么复立"), field="reason")
    add_event(
        actor,
        case,
        EventKind.REOPENED,
        clock.today(),
        payload={"reason": reason.strip(), "closed_on": str(case.closed_on)},
    )
    case.status, case.closed_on, case.close_outcome = CaseStatus.OPEN, None, None
    _log(actor, "reopen", case)
    refresh(case)


def void(actor: Actor, case: Case, reason: str) -> None:
    """Set aside a case registered by mistake; its number stays listed, its figures go."""
    require_on(actor, Action.VOID_CASE, case)
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("这个案件已经作废"))
    if not reason.strip():
        raise BadInput(N_("请写明为什么作废"), field="reason")
    add_event(
        actor, case, EventKind.VOIDED, clock.today(), payload={"reason": reason.strip()}
    )
    case.status, case.closed_on, case.close_outcome = CaseStatus.VOID, None, None
    case.close_reason = reason.strip()[:300]
    _log(actor, "void", case)
    refresh(case)


# --- rows of a case ---------------------------------------------------------------


def get_proceeding(case: Case, proceeding_id: int) -> Proceeding:
    """A proceeding of this case.

    Raises NotFound for one of another case.
    """
    row = db.session.get(Proceeding, proceeding_id)
    if row is None or row.case_id != case.id:
        raise NotFound(N_("这个案件没有这个程序"))
    return row


def get_event(case: Case, event_id: int) -> CaseEvent:
    """An event of this case.

    Raises NotFound for one of another case.
    """
    row = db.session.get(CaseEvent, event_id)
    if row is None or row.case_id != case.id:
        raise NotFound(N_("这个案件没有这条记录"))
    return row


def active_workers(case: Case) -> list[CaseParty]:
    """The workers who are parties of the case now, in the order they were entered."""
    query = sa.select(CaseParty).where(
        CaseParty.case_id == case.id,
        CaseParty.worker_id.is_not(None),
        CaseParty.removed_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(CaseParty.id)))


def require_on(actor: Actor, action: Action, case: Case) -> None:
    """Refuse what the actor may not do to this case; a case out of sight does not exist.

    Raises NotAllowed or NotFound.
    """
    if case.org_unit_id in actor.site_ids(action) or actor.is_system:
        return
    if case.org_unit_id in actor.own_case_sites(action) and _is_own(actor, case):
        return
    actor.require(action, case.org_unit_id)
    raise NotFound(N_("没有这个案件"))


def _is_own(actor: Actor, case: Case) -> bool:
    mine = {case.handler_id, *(p.handler_id for p in proceedings_of(case))}
    return actor.user_id in mine


def _refuse_unless_open(case: Case) -> None:
    if case.status is not CaseStatus.OPEN:
        raise RuleBroken(N_("案件已结或已作废，要继续办请先复立"))


def _check_day(case: Case, on: date) -> None:
    if on > clock.today():
        raise BadInput(N_("日期不能晚于今天；将来的安排请用“排期”"), field="on")
    if on.year < 1950:
        raise BadInput(N_("日期太早，请核对年份"), field="on")


def _log(actor: Actor, action: str, case: Case, **detail: Any) -> None:
    audit.record(actor, action, "case", case.id, **detail)
