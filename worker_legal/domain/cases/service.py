"""The one verb of the house: something happened to a case. And opening another proceeding."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from worker_legal.domain import audit
from worker_legal.domain.cases.events import add_event, all_events, effective, find_event
from worker_legal.domain.cases.intake import MOST_FEN, add_proceeding
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
from worker_legal.law.enums import CaseStatus, EventKind, Stage
from worker_legal.law.stages import FieldKind

CASE_LEVEL = frozenset(
    {EventKind.NOTE, EventKind.CALL, EventKind.VISIT, EventKind.INTERRUPTED, EventKind.REFERRED}
)
# what concerns the case itself: the limitation rests or goes on, a document takes effect
OF_CASE = CASE_LEVEL | {
    EventKind.SUSPENDED,
    EventKind.RESUMED,
    EventKind.DOCUMENT_EFFECTIVE,
    EventKind.PERFORMANCE_ENDED,
    EventKind.PRESERVED,
}
FIRST = frozenset({EventKind.REGISTERED, EventKind.APPLIED})
# events whose facts come from another screen; their day and note can be corrected, no more
BY_OTHER_MEANS = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.HANDED_OVER,
        EventKind.RECEIPT_ISSUED,
        EventKind.PARTY_CHANGED,
        EventKind.FACTS_CHANGED,
        EventKind.CASE_CHANGED,
        EventKind.CALCULATED,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.VOIDED,
    }
)
LONGEST_TEXT = 200
LONGEST_NOTE = 4000
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@dataclass(frozen=True)
class NewEvent:
    """What the one event form yields; `token` names the filled-in form, so it counts once."""

    kind: EventKind
    on: date
    proceeding_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    token: str = ""


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
    token: str = ""


def open_proceeding(actor: Actor, case: Case, new: NewProceeding) -> Proceeding:
    """Open one of the nine services in a case; a known gate asks for a reason.

    Raises RuleBroken for a second open proceeding of one stage for the same worker.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    lock(case)
    done = find_event(case, new.token)
    if done is not None and done.proceeding_id is not None:
        return get_proceeding(case, done.proceeding_id)
    facts = _check_opening(case, new)
    follows = get_proceeding(case, new.follows_id) if new.follows_id else None
    if follows is not None and follows.concluded_on and new.filed_on < follows.concluded_on:
        raise BadInput(N_("申请日期早于上一个程序的办结日期，请核对"), field="filed_on")
    proceeding = add_proceeding(case, new.stage, new.filed_on, new.party_ids, follows)
    proceeding.facts = facts
    proceeding.docket_no = str(facts.get("docket_no", ""))
    proceeding.handler_id = new.handler_id or case.handler_id
    reason = new.reason.strip()
    add_event(
        actor,
        case,
        EventKind.APPLIED,
        new.filed_on,
        proceeding=proceeding,
        payload={"reason": reason} if reason else {},
        note=new.note.strip(),
        token=new.token,
    )
    _log(actor, "open_proceeding", case, stage=new.stage.value)
    refresh(case)
    return proceeding


def _check_opening(case: Case, new: NewProceeding) -> dict[str, Any]:
    refuse_unless_open(case)
    check_day(new.filed_on, "filed_on")
    rule = gate_of(case, new.stage)
    if rule and not new.reason.strip():
        raise RuleBroken(rule, code="gate", field="reason")
    check_text(new.reason, "reason")
    _check_note(new.note)
    facts = _payload_of(new.stage, EventKind.APPLIED, new.facts)
    _refuse_second(case, new)
    return facts


def _refuse_second(case: Case, new: NewProceeding) -> None:
    active = {party.id for party in active_workers(case)}
    chosen = active if new.party_ids is None else set(new.party_ids)
    if not chosen <= active:
        raise NotFound(N_("名单里有人不在这个案件中"))
    if active and not chosen:
        raise BadInput(N_("请至少选一名职工"), field="party_ids")
    if not chosen <= free_workers(case, new.stage) or (not chosen and _has_open(case, new.stage)):
        raise RuleBroken(
            N_("这些职工已有一个“%(stage)s”程序在办，请先办结再开新的"),
            field="party_ids",
            stage=new.stage.label,
        )


def free_workers(case: Case, stage: Stage) -> frozenset[int]:
    """The case parties for whom no proceeding of this stage is under way."""
    wanted = sa.select(ProceedingParty.case_party_id).join(
        Proceeding, Proceeding.id == ProceedingParty.proceeding_id
    )
    taken = db.session.scalars(
        wanted.where(
            Proceeding.case_id == case.id,
            Proceeding.stage == stage,
            Proceeding.status.not_in(stages.ENDED),
        )
    )
    return frozenset(party.id for party in active_workers(case)) - frozenset(taken)


def gate_of(case: Case, stage: Stage) -> str | None:
    """The rule that usually stands before opening a stage in this case, or None."""
    ended = [(p.stage, p.outcome) for p in proceedings_of(case) if p.status in stages.ENDED]
    return stages.gate(stage, ended)


def _has_open(case: Case, stage: Stage) -> bool:
    return any(p.stage is stage and p.status not in stages.ENDED for p in proceedings_of(case))


def record_event(actor: Actor, case: Case, new: NewEvent) -> CaseEvent:
    """Record what happened: appended to the timeline, proceeding moved, dates recomputed.

    Raises RuleBroken when the step is out of order or a required field is missing.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    lock(case)
    done = find_event(case, new.token)
    if done is not None:
        return done
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("这个案件已经作废，不能再登记"))
    if new.kind not in CASE_LEVEL:
        refuse_unless_open(case)
    check_day(new.on, "on")
    _check_note(new.note)
    proceeding = get_proceeding(case, new.proceeding_id) if new.proceeding_id else None
    payload = _check_event(case, proceeding, new)
    event = add_event(
        actor,
        case,
        new.kind,
        new.on,
        proceeding=proceeding,
        payload=payload,
        note=new.note.strip(),
        token=new.token,
    )
    _log(actor, "record_event", case, kind=new.kind.value)
    refresh(case)
    return event


def _check_event(case: Case, proceeding: Proceeding | None, new: NewEvent) -> dict[str, Any]:
    if proceeding is None:
        if new.kind not in OF_CASE:
            raise BadInput(N_("请选这件事属于哪个程序"), field="proceeding_id")
        _refuse_resuming_what_runs(case, new)
        return _payload_of(None, new.kind, new.payload)
    _check_step(case, proceeding, new)
    if new.on < proceeding.filed_on:
        raise BadInput(N_("日期早于这个程序的申请日期，请核对"), field="on")
    return _payload_of(proceeding.stage, new.kind, new.payload)


def _refuse_resuming_what_runs(case: Case, new: NewEvent) -> None:
    pair = (EventKind.SUSPENDED, EventKind.RESUMED)
    own = [e.kind for e in effective(all_events(case)) if e.proceeding_id is None]
    last = next((kind for kind in reversed(own) if kind in pair), EventKind.RESUMED)
    if new.kind in pair and new.kind is last:
        raise RuleBroken(
            N_("时效中止和恢复要一前一后登记，现在不能登记“%(kind)s”"),
            code="wrong_order",
            kind=new.kind.label,
        )


def _check_step(case: Case, proceeding: Proceeding, new: NewEvent) -> None:
    """Refuse a step this proceeding does not have now; what is entered late may lie before its end.

    Raises RuleBroken.
    """
    if new.kind not in {*stages.SPECS[proceeding.stage].events, *CASE_LEVEL}:
        raise RuleBroken(
            N_("“%(stage)s”没有“%(kind)s”这一步"),
            stage=proceeding.stage.label,
            kind=new.kind.label,
        )
    if new.kind is EventKind.EXTENDED:
        _refuse_second_extension(case, proceeding, new.payload.get("rule"))
    late = proceeding.concluded_on is not None and new.on <= proceeding.concluded_on
    if new.kind in stages.MOVING and not late:
        stages.next_status(proceeding.status, new.kind)
    after = {*stages.possible_events(proceeding.stage, proceeding.status), *CASE_LEVEL}
    if proceeding.status in stages.ENDED and not late and new.kind not in after:
        raise RuleBroken(
            N_("“%(stage)s”已于%(day)s办结，之后没有“%(kind)s”这一步"),
            code="wrong_order",
            field="on",
            stage=proceeding.stage.label,
            day=str(proceeding.concluded_on),
            kind=new.kind.label,
        )


def _refuse_second_extension(case: Case, proceeding: Proceeding, rule: object) -> None:
    for event in effective(all_events(case)):
        if event.proceeding_id != proceeding.id or event.kind is not EventKind.EXTENDED:
            continue
        if event.payload.get("rule") == rule:
            raise RuleBroken(N_("法律只允许延期一次，这个程序已经延期过"), code="second_extension")


def correct_event(
    actor: Actor, case: Case, event_id: int, new: NewEvent | None, reason: str
) -> CaseEvent:
    """Mend a wrong event by a correcting one, or take it back (`new` is None).

    Both stay on the timeline. Raises RuleBroken when the events would no longer make sense.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    lock(case)
    old = get_event(case, event_id)
    done = find_event(case, new.token if new else "")
    if done is not None:
        return done
    payload = _check_correction(case, old, new, reason)
    event = add_event(
        actor,
        case,
        old.kind,
        new.on if new else old.happened_on,
        proceeding=get_proceeding(case, old.proceeding_id) if old.proceeding_id else None,
        payload={**payload, "correction": reason.strip()},
        note=new.note.strip() if new else "",
        corrects=old,
        retracts=new is None,
        token=new.token if new else "",
    )
    if old.kind is EventKind.REGISTERED and new is not None:
        case.registered_on = new.on
    _log(actor, "correct_event", case, kind=old.kind.value)
    refresh(case)
    return event


def _check_correction(
    case: Case, old: CaseEvent, new: NewEvent | None, reason: str
) -> dict[str, Any]:
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("这个案件已经作废，不能再登记"))
    if not reason.strip():
        raise BadInput(N_("请写明为什么更正"), field="correction")
    check_text(reason, "correction")
    if not may_correct(case, old):
        raise RuleBroken(N_("这一条已经更正过或不能更正，请更正最新的那一条"))
    if new is None:
        if old.kind in FIRST:
            raise RuleBroken(N_("登记和申请不能撤销；登记错误请作废案件"))
        return dict(old.payload)
    check_day(new.on, "on")
    _check_note(new.note)
    if old.kind in FIRST:
        return {name: value for name, value in old.payload.items() if name == "reason"}
    stage = get_proceeding(case, old.proceeding_id).stage if old.proceeding_id else None
    return _payload_of(stage, old.kind, new.payload)


def may_correct(case: Case, event: CaseEvent) -> bool:
    """Whether an event can be mended: it still counts, and no other screen is the place for it."""
    current = {each.id for each in effective(all_events(case))}
    return event.kind not in BY_OTHER_MEANS and event.id in current


# --- checks ----------------------------------------------------------------------


def _payload_of(stage: Stage | None, kind: EventKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Only the fields of this event, checked: amounts in fen, short texts without personal data."""
    stages.check_payload(stage, kind, given)
    payload: dict[str, Any] = {}
    for spec in stages.fields_for(stage, kind):
        value = given.get(spec.name)
        if value in (None, ""):
            continue
        if spec.kind is FieldKind.MONEY and not 0 <= int(value) <= MOST_FEN:
            raise BadInput(N_("金额要在0到100亿元之间"), field=spec.name)
        if spec.kind is FieldKind.TEXT:
            check_text(str(value), spec.name)
        payload[spec.name] = value
    return payload


def check_text(text: str, name: str) -> None:
    """Refuse long texts and identity or phone numbers where a text is kept in clear.

    Raises BadInput.
    """
    if len(text) > LONGEST_TEXT:
        raise BadInput(N_("最多%(n)s个字，长的内容请写在备注里"), field=name, n=LONGEST_TEXT)
    if PERSONAL.search(text):
        raise BadInput(N_("这里不要写证件号码或电话，请写在备注里，备注是加密保存的"), field=name)


def _check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise BadInput(N_("最多%(n)s个字，请分几条登记"), field="note", n=LONGEST_NOTE)


def refuse_unless_open(case: Case) -> None:
    """Refuse work on a case that is closed or void.

    Raises RuleBroken.
    """
    if case.status is not CaseStatus.OPEN:
        raise RuleBroken(N_("案件已结或已作废，要继续办请先复立"))


def check_day(on: date, name: str) -> None:
    """Refuse a day on which nothing can have happened yet.

    Raises BadInput.
    """
    if on > clock.today():
        raise BadInput(N_("日期不能晚于今天；将来的安排请用“排期”"), field=name)
    if on.year < 1950:
        raise BadInput(N_("日期太早，请核对年份"), field=name)


def lock(case: Case) -> None:
    """Let one person at a time write to a case; the other waits and then sees what was written."""
    db.session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update())


# --- what can be recorded -----------------------------------------------------------


def choices_of(
    proceedings: Sequence[Proceeding], events: Sequence[CaseEvent]
) -> dict[int, tuple[EventKind, ...]]:
    """For each proceeding what can be recorded in it now."""
    happened: dict[int, set[EventKind]] = {}
    for event in effective(events):
        happened.setdefault(event.proceeding_id or 0, set()).add(event.kind)
    return {row.id: _choices(row, happened.get(row.id, set())) for row in proceedings}


def _choices(proceeding: Proceeding, before: Collection[EventKind]) -> tuple[EventKind, ...]:
    listed = stages.possible_events(proceeding.stage, proceeding.status, before)
    once = EventKind.EXTENDED in before and proceeding.stage is not Stage.WORK_INJURY
    return tuple(
        kind
        for kind in listed
        if kind not in CASE_LEVEL and not (once and kind is EventKind.EXTENDED)
    )


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
    query = sa.select(CaseEvent).where(CaseEvent.id == event_id, CaseEvent.case_id == case.id)
    row = db.session.scalar(query.options(joinedload(CaseEvent.proceeding)))
    if row is None:
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
    if not may_do(actor, action, case):
        actor.require(action, case.org_unit_id)
        raise NotFound(N_("没有这个案件"))


def may_do(actor: Actor, action: Action, case: Case) -> bool:
    """Whether the actor may do this to this case."""
    if case.org_unit_id in actor.site_ids(action) or actor.is_system:
        return True
    return case.org_unit_id in actor.own_case_sites(action) and _is_own(actor, case)


def _is_own(actor: Actor, case: Case) -> bool:
    mine = {case.handler_id, *(p.handler_id for p in proceedings_of(case))}
    return actor.user_id in mine


def _log(actor: Actor, action: str, case: Case, **detail: Any) -> None:
    audit.record(actor, action, "case", case.id, **detail)
