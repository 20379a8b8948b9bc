"""Registering a case: one screen, several workers, one submit (features A1)."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain import access, audit, org, parties
from worker_legal.domain.cases.events import add_event
from worker_legal.domain.cases.facts import FactDates as FactDates
from worker_legal.domain.cases.models import (
    Case,
    CaseCounter,
    CaseParty,
    Proceeding,
    ProceedingParty,
    SubmitToken,
)
from worker_legal.domain.cases.projection import refresh
from worker_legal.domain.cases.rights import most_urgent, rights
from worker_legal.domain.parties import EmployerInput, WorkerInput
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import Capacity, Channel, DisputeKind, EventKind, Flag, Side, Stage

MOST_FEN = 1_000_000_000_000
COLLECTIVE = 10
BY_HAND = "intake"
_NOT_AHEAD = (
    "hired_on",
    "left_on",
    "injured_on",
    "diagnosed_on",
    "dispute_known_on",
    "unpaid_from",
)


@dataclass(frozen=True)
class NewParty:
    """A worker of the case with that worker's own claim in fen."""

    worker: WorkerInput
    claimed_fen: int = 0
    is_representative: bool = False
    claim_note: str = ""


@dataclass(frozen=True)
class NewRespondent:
    """An employer of the case and in what capacity it answers."""

    employer: EmployerInput
    capacity: Capacity = Capacity.EMPLOYER


@dataclass(frozen=True)
class NewCase:
    """Everything one intake screen yields; `token` makes a second submit harmless."""

    site_id: int
    channel: Channel
    dispute_kind: DisputeKind
    registered_on: date
    workers: Sequence[NewParty]
    respondents: Sequence[NewRespondent]
    first_stage: Stage = Stage.CONSULTATION
    claimed_fen: int | None = None
    facts: FactDates = field(default_factory=FactDates)
    story: str = ""
    flags: tuple[Flag, ...] = ()
    handler_id: int | None = None
    oral_application: bool = False
    quiet_contact: bool = False
    consent_version: str = ""
    plain_reason: str = ""
    token: str = ""
    source: str = BY_HAND
    external_ref: str | None = None


def register(actor: Actor, new: NewCase) -> Case:
    """Register a dispute: number, parties, first proceeding and first dates, all or nothing.

    The same token gives the case already made. Raises BadInput naming the field.
    """
    actor.require(Action.REGISTER_CASE, new.site_id)
    if new.token:
        done = db.session.get(SubmitToken, new.token)
        if done is not None:
            return db.session.get_one(Case, done.case_id)
    _check(new)
    case = _add_case(new)
    for index, row in enumerate(new.workers):
        add_worker(case, row, index)
    for respondent in new.respondents:
        add_respondent(case, respondent)
    set_leads_and_sums(case, new.claimed_fen)
    _add_events(actor, case, new)
    if new.token:
        db.session.add(SubmitToken(token=new.token, case_id=case.id, created_at=clock.now()))
    audit.record(actor, "register", "case", case.id, org.get_unit(new.site_id).path or "")
    db.session.flush()
    refresh(case)
    return case


def _check(new: NewCase) -> None:
    site = org.get_unit(new.site_id)
    if site.retired_on is not None:
        raise BadInput(N_("这个站点已停用，请选别的站点"), field="site_id")
    if new.registered_on > clock.today():
        raise BadInput(N_("登记日期不能晚于今天"), field="registered_on")
    for amount in (new.claimed_fen or 0, *(row.claimed_fen for row in new.workers)):
        if not 0 <= amount <= MOST_FEN:
            raise BadInput(N_("金额要在0到100亿元之间"), field="claimed_fen")
    check_representatives(sum(row.is_representative for row in new.workers))
    check_facts(new.facts)
    if new.source == BY_HAND:
        _check_by_hand(new)


def check_representatives(chosen: int) -> None:
    """Refuse any number of elected representatives but none or 3 to 5 (办案规则 63)."""
    if chosen and not 3 <= chosen <= 5:
        raise RuleBroken(
            N_("推选的代表应为3至5人（办案规则第63条），现在是%(n)s人"),
            field="representatives",
            n=chosen,
        )


def check_handler(handler_id: int, site_id: int) -> None:
    """Refuse a handler who has no part at the site of the case."""
    if handler_id not in {user.id for user in access.handlers(frozenset({site_id}))}:
        raise BadInput(N_("这个人不能办理本站点的案件"), field="handler_id")


def _check_by_hand(new: NewCase) -> None:
    if new.handler_id is not None:
        check_handler(new.handler_id, new.site_id)
    if not new.workers:
        raise BadInput(N_("请至少填写一名职工"), field="workers-0-name")
    if not new.respondents:
        raise BadInput(N_("请填写用人单位名称"), field="respondents-0-name")
    own = sum(row.claimed_fen for row in new.workers)
    if own and new.claimed_fen is not None and new.claimed_fen != own:
        raise BadInput(N_("涉及金额与名单合计不一致，请核对或把这一项留空"), field="claimed_fen")
    if new.first_stage is Stage.CONSULTATION and not new.plain_reason.strip():
        urgent = most_urgent(rights(new.facts, new.dispute_kind))
        if urgent is not None:
            raise RuleBroken(
                N_("“%(right)s”只剩%(days)s天，不能只留作咨询：请选要办的程序，或写明理由"),
                field="plain_reason",
                right=urgent.name,
                days=urgent.days_left,
            )


def check_facts(facts: FactDates) -> None:
    """Refuse days that cannot be: in the future, or left before hired."""
    for name in _NOT_AHEAD:
        day = getattr(facts, name)
        if day is not None and day > clock.today():
            raise BadInput(N_("这个日期不能晚于今天"), field=name)
    if facts.hired_on and facts.left_on and facts.left_on < facts.hired_on:
        raise BadInput(N_("离职日期不能早于入职日期"), field="left_on")
    if facts.hired_on and facts.injured_on and facts.injured_on < facts.hired_on:
        raise BadInput(N_("受伤日期不能早于入职日期"), field="injured_on")
    if facts.unpaid_from and facts.unpaid_to and facts.unpaid_to < facts.unpaid_from:
        raise BadInput(N_("欠薪的结束月份不能早于开始月份"), field="unpaid_to")


def _add_case(new: NewCase) -> Case:
    case = Case(
        uid=uuid.uuid4().hex,
        case_no=next_case_no(new.registered_on.year),
        org_unit_id=new.site_id,
        handler_id=new.handler_id,
        dispute_kind=new.dispute_kind,
        channel=new.channel,
        source=new.source,
        external_ref=new.external_ref,
        registered_on=new.registered_on,
        flags=[flag.value for flag in new.flags],
        has_flags=bool(new.flags),
        oral_application=new.oral_application,
        quiet_contact=new.quiet_contact,
        consent_version=new.consent_version,
        **asdict(new.facts),
    )
    db.session.add(case)
    db.session.flush()
    return case


def next_case_no(year: int) -> str:
    """The next number of the office in a year, without gaps, as 晋开职调〔2026〕287号."""
    prefix = org.get_office().prefix
    table = CaseCounter.__table__
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(table)
        .values(prefix=prefix, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["prefix", "year"], set_={"last": CaseCounter.last + 1}
        )
        .returning(CaseCounter.last)
    )
    return f"{prefix}〔{year}〕{db.session.execute(statement).scalar_one()}号"


def add_worker(case: Case, row: NewParty, index: int) -> CaseParty:
    """Put a worker into a case; `index` is the row on the screen, from 0.

    Raises BadInput when the person is already in the case.
    """
    worker = parties.find_or_add_worker(row.worker)
    party = _party_of(case, CaseParty.worker_id == worker.id)
    if party is not None and party.removed_at is None:
        raise BadInput(
            N_("第%(n)s行的%(name)s与前面是同一个人"),
            field=f"workers-{index}-id_no",
            n=index + 1,
            name=worker.name,
        )
    if party is None:
        party = CaseParty(case_id=case.id, side=Side.APPLICANT, worker_id=worker.id)
        db.session.add(party)
    party.removed_at, party.capacity = None, Capacity.WORKER
    party.claimed_fen, party.claim_note = row.claimed_fen, row.claim_note
    party.is_representative = row.is_representative
    db.session.flush()
    return party


def _party_of(case: Case, condition: sa.ColumnElement[bool]) -> CaseParty | None:
    """The row of somebody in this case, also of one who was taken out and now comes back."""
    return db.session.scalar(sa.select(CaseParty).where(CaseParty.case_id == case.id, condition))


def add_respondent(case: Case, new: NewRespondent) -> CaseParty | None:
    """Put an employer into a case; None when it is there already."""
    employer = parties.find_or_add_employer(new.employer)
    party = _party_of(case, CaseParty.employer_id == employer.id)
    if party is not None and party.removed_at is None:
        return None
    if party is None:
        party = CaseParty(case_id=case.id, side=Side.RESPONDENT, employer_id=employer.id)
        db.session.add(party)
    party.removed_at, party.capacity = None, new.capacity
    db.session.flush()
    return party


def set_leads_and_sums(case: Case, claimed_fen: int | None) -> None:
    """Count the workers and add up their claims; a lump sum stands where no one claims apart."""
    rows = list(
        db.session.scalars(
            sa.select(CaseParty)
            .where(CaseParty.case_id == case.id, CaseParty.removed_at.is_(None))
            .order_by(CaseParty.id)
        )
    )
    workers = [row for row in rows if row.worker_id is not None]
    employers = [row for row in rows if row.employer_id is not None]
    case.worker_count = len(workers)
    own = sum(row.claimed_fen for row in workers)
    case.claimed_fen = own if own or claimed_fen is None else claimed_fen
    case.lead_worker_id = workers[0].worker_id if workers else None
    case.lead_employer_id = employers[0].employer_id if employers else None


def _add_events(actor: Actor, case: Case, new: NewCase) -> None:
    add_event(actor, case, EventKind.REGISTERED, new.registered_on, note=new.story)
    proceeding = add_proceeding(case, new.first_stage, new.registered_on)
    payload = {"reason": new.plain_reason} if new.plain_reason else {}
    add_event(
        actor, case, EventKind.APPLIED, new.registered_on, proceeding=proceeding, payload=payload
    )


def add_proceeding(
    case: Case,
    stage: Stage,
    filed_on: date,
    party_ids: Sequence[int] | None = None,
    follows: Proceeding | None = None,
) -> Proceeding:
    """Open a row for a service; without party ids it is for every worker of the case."""
    last = db.session.scalar(
        sa.select(sa.func.max(Proceeding.seq)).where(
            Proceeding.case_id == case.id, Proceeding.stage == stage
        )
    )
    proceeding = Proceeding(
        case_id=case.id,
        stage=stage,
        seq=(last or 0) + 1,
        filed_on=filed_on,
        handler_id=case.handler_id,
        follows_id=follows.id if follows else None,
    )
    db.session.add(proceeding)
    db.session.flush()
    active = sa.select(CaseParty.id).where(
        CaseParty.case_id == case.id,
        CaseParty.worker_id.is_not(None),
        CaseParty.removed_at.is_(None),
    )
    for party_id in db.session.scalars(active) if party_ids is None else party_ids:
        db.session.add(ProceedingParty(proceeding_id=proceeding.id, case_party_id=party_id))
    db.session.flush()
    return proceeding
