"""Changing what was registered: parties, facts, handler, site. History keeps the old value."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import access, audit, org, parties
from worker_legal.domain.cases.events import add_event
from worker_legal.domain.cases.facts import FactDates
from worker_legal.domain.cases.intake import (
    MOST_FEN,
    NewParty,
    NewRespondent,
    add_respondent,
    add_worker,
    check_facts,
    check_handler,
    check_representatives,
    set_leads_and_sums,
)
from worker_legal.domain.cases.models import Case, CaseParty, ProceedingParty
from worker_legal.domain.cases.projection import proceedings_of, refresh
from worker_legal.domain.cases.service import (
    active_workers,
    check_text,
    refuse_unless_open,
    require_on,
)
from worker_legal.domain.parties import WorkerInput
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db, expect_version
from worker_legal.law import stages
from worker_legal.law.enums import CaseStatus, DisputeKind, EventKind, Flag


def add_party(actor: Actor, case: Case, row: NewParty) -> CaseParty:
    """Add a worker to a running case; open proceedings take the worker in (features B3)."""
    require_on(actor, Action.EDIT_CASE, case)
    party = add_worker(case, row, 0)
    for proceeding in proceedings_of(case):
        if proceeding.status not in stages.ENDED:
            db.session.add(ProceedingParty(proceeding_id=proceeding.id, case_party_id=party.id))
    _settle(actor, case, EventKind.PARTY_CHANGED, {"change": "added", "party": party.id})
    return party


def add_employer(actor: Actor, case: Case, row: NewRespondent) -> CaseParty:
    """Add a co-respondent, such as the dispatch agency (features B8).

    Raises BadInput when the employer is in the case already.
    """
    require_on(actor, Action.EDIT_CASE, case)
    party = add_respondent(case, row)
    if party is None:
        raise BadInput(N_("这个单位已经在案件里"), field="name")
    _settle(actor, case, EventKind.PARTY_CHANGED, {"change": "added", "party": party.id})
    return party


def remove_party(actor: Actor, case: Case, party_id: int, reason: str) -> None:
    """Take out a worker or employer entered by mistake; totals move, history stays."""
    require_on(actor, Action.EDIT_CASE, case)
    party = get_party(case, party_id)
    if not reason.strip():
        raise BadInput(N_("请写明为什么移除"), field="reason")
    if party.worker_id is not None and len(active_workers(case)) == 1:
        raise RuleBroken(N_("案件至少要有一名职工；整件登记错误请作废案件"))
    party.removed_at = clock.now()
    party.is_representative = False
    db.session.execute(sa.delete(ProceedingParty).where(ProceedingParty.case_party_id == party.id))
    payload = {"change": "removed", "party": party.id, "reason": reason.strip()}
    _settle(actor, case, EventKind.PARTY_CHANGED, payload)


def change_claim(
    actor: Actor, case: Case, party_id: int, claimed_fen: int, version: int | None = None
) -> None:
    """Correct one worker's own claim in fen; the case amount follows.

    The same amount again changes nothing. Raises StaleEdit when the case was saved since the
    form with this `version` was opened.
    """
    require_on(actor, Action.EDIT_CASE, case)
    party = get_party(case, party_id)
    if version is not None:
        expect_version(case, version)
    if party.worker_id is None or not 0 <= claimed_fen <= MOST_FEN:
        raise BadInput(N_("金额要在0到100亿元之间"), field="claimed_fen")
    if claimed_fen == party.claimed_fen:
        return
    payload = {"change": "claim", "party": party.id, "old_fen": party.claimed_fen}
    party.claimed_fen = claimed_fen
    _settle(actor, case, EventKind.PARTY_CHANGED, {**payload, "new_fen": claimed_fen})


def change_worker(actor: Actor, case: Case, party_id: int, new: WorkerInput, version: int) -> None:
    """Correct a worker's particulars; every case of the person shows them (features B1, C12)."""
    require_on(actor, Action.EDIT_CASE, case)
    party = get_party(case, party_id)
    if party.worker_id is None:
        raise NotFound(N_("这个案件没有这个人"))
    worker = parties.get_worker(party.worker_id)
    expect_version(worker, version)
    changed = parties.change_worker(worker, new)
    if changed:
        payload: dict[str, Any] = {"change": "corrected", "party": party.id}
        payload["fields"] = {name: list(pair) for name, pair in changed.items()}
        _settle(actor, case, EventKind.PARTY_CHANGED, payload)


def choose_representatives(actor: Actor, case: Case, party_ids: frozenset[int]) -> None:
    """Record the 3 to 5 elected representatives of a collective case (办案规则 63)."""
    require_on(actor, Action.EDIT_CASE, case)
    workers = active_workers(case)
    check_representatives(len(party_ids))
    if not party_ids <= {party.id for party in workers}:
        raise NotFound(N_("名单里有人不在这个案件中"))
    for party in workers:
        party.is_representative = party.id in party_ids
    payload = {"change": "representatives", "parties": sorted(party_ids)}
    _settle(actor, case, EventKind.PARTY_CHANGED, payload)


def change_facts(actor: Actor, case: Case, facts: FactDates, version: int) -> None:
    """Change the days the worker's own periods run from; the dates are recomputed."""
    require_on(actor, Action.EDIT_CASE, case)
    expect_version(case, version)
    check_facts(facts)
    changes: dict[str, Any] = {}
    for item in fields(facts):
        old, new = getattr(case, item.name), getattr(facts, item.name)
        if old != new:
            changes[item.name] = [str(old or ""), str(new or "")]
            setattr(case, item.name, new)
    if changes:
        _settle(actor, case, EventKind.FACTS_CHANGED, changes)


def change_case(
    actor: Actor, case: Case, kind: DisputeKind, flags: tuple[Flag, ...], version: int
) -> None:
    """Change the cause and the urgency flags of a case."""
    require_on(actor, Action.EDIT_CASE, case)
    expect_version(case, version)
    payload = {"cause": [case.dispute_kind.value, kind.value], "flags": [f.value for f in flags]}
    case.dispute_kind = kind
    case.flags, case.has_flags = [flag.value for flag in flags], bool(flags)
    _settle(actor, case, EventKind.CASE_CHANGED, payload)


def assign(
    actor: Actor,
    case: Case,
    handler_id: int,
    proceeding_id: int | None = None,
    version: int | None = None,
) -> None:
    """Give a case, or one proceeding of it, to a handler; `version` is that of the open form."""
    require_on(actor, Action.ASSIGN_CASE, case)
    if version is not None:
        expect_version(case, version)
    refuse_unless_open(case)
    check_handler(handler_id, case.org_unit_id)
    handler = access.get_user(handler_id)
    payload: dict[str, Any] = {"handler": handler.id}
    if proceeding_id is None:
        for proceeding in proceedings_of(case):
            if proceeding.handler_id in {None, case.handler_id}:
                proceeding.handler_id = handler.id
        case.handler_id = handler.id
    else:
        chosen = [p for p in proceedings_of(case) if p.id == proceeding_id]
        if not chosen:
            raise NotFound(N_("这个案件没有这个程序"))
        chosen[0].handler_id = handler.id
        payload["proceeding"] = proceeding_id
    _settle(actor, case, EventKind.ASSIGNED, payload)


def take(actor: Actor, case: Case) -> None:
    """Take an unassigned case of one's own site."""
    require_on(actor, Action.RECORD_EVENT, case)
    if case.handler_id is not None:
        raise RuleBroken(N_("这个案件已有经办人，换人请主任交办"))
    case.handler_id = actor.user_id
    for proceeding in proceedings_of(case):
        proceeding.handler_id = proceeding.handler_id or actor.user_id
    _settle(actor, case, EventKind.ASSIGNED, {"handler": actor.user_id})


def hand_over(
    actor: Actor, case: Case, site_id: int, reason: str, version: int | None = None
) -> None:
    """Move a case to another site of the tree; it keeps its number and history (features S1)."""
    require_on(actor, Action.EDIT_CASE, case)
    if version is not None:
        expect_version(case, version)
    refuse_unless_open(case)
    if not reason.strip():
        raise BadInput(N_("请写明为什么移交"), field="reason")
    check_text(reason, "reason")
    site = org.get_unit(site_id)
    if site.id == case.org_unit_id or site.retired_on is not None:
        raise BadInput(N_("请选另一个在用的站点"), field="site_id")
    payload = {"from": case.org_unit_id, "to": site.id, "reason": reason.strip()}
    case.org_unit_id, case.handler_id = site.id, None
    for proceeding in proceedings_of(case):
        if proceeding.status not in stages.ENDED:
            proceeding.handler_id = None
    _settle(actor, case, EventKind.HANDED_OVER, payload)


def follow_merge(survivor_id: int, gone_id: int) -> int:
    """Let the cases of a merged employer follow to the surviving record; gives how many moved."""
    moved = 0
    rows = db.session.scalars(sa.select(CaseParty).where(CaseParty.employer_id == gone_id))
    for party in list(rows):
        already = sa.select(CaseParty).where(
            CaseParty.case_id == party.case_id, CaseParty.employer_id == survivor_id
        )
        if db.session.scalar(already) is None:
            party.employer_id = survivor_id
        else:
            party.removed_at = party.removed_at or clock.now()
        moved += 1
    leads = sa.update(Case).where(Case.lead_employer_id == gone_id)
    db.session.execute(leads.values(lead_employer_id=survivor_id))
    db.session.flush()
    return moved


def get_party(case: Case, party_id: int) -> CaseParty:
    """A party of this case.

    Raises NotFound for one of another case or one taken out.
    """
    party = db.session.get(CaseParty, party_id)
    if party is None or party.case_id != case.id or party.removed_at is not None:
        raise NotFound(N_("这个案件没有这个当事人"))
    return party


def _settle(actor: Actor, case: Case, kind: EventKind, payload: dict[str, Any]) -> None:
    """Every change ends alike: sums, an event on the timeline, a line in the log, the dates."""
    db.session.flush()
    set_leads_and_sums(case, case.claimed_fen)
    add_event(actor, case, kind, clock.today(), payload=payload)
    audit.record(actor, kind.value, "case", case.id)
    if case.status is not CaseStatus.VOID:
        refresh(case)
