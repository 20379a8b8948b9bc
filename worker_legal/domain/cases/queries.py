"""Reading cases. Every query starts from `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from worker_legal.domain import parties
from worker_legal.domain.cases.models import (
    Case,
    CaseEvent,
    CaseParty,
    Deadline,
    Proceeding,
    ProceedingParty,
)
from worker_legal.domain.parties import Employer, EmployerAlias, Worker
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import crypto
from worker_legal.infra.db import db
from worker_legal.law import identifiers
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DeadlineState,
    DisputeKind,
    EventKind,
    Outcome,
    Stage,
    Status,
)
from worker_legal.law.stages import ENDED

PAGE = 20


def may_see(actor: Actor, action: Action = Action.VIEW_CASE) -> sa.ColumnElement[bool]:
    """The condition on legal_case that keeps what the actor may see."""
    if actor.is_system:
        return sa.true()
    own_sites = actor.own_case_sites(action)
    mine = sa.select(Proceeding.case_id).where(Proceeding.handler_id == actor.user_id)
    return sa.or_(
        Case.org_unit_id.in_(sorted(actor.site_ids(action))),
        sa.and_(
            Case.org_unit_id.in_(sorted(own_sites)),
            sa.or_(Case.handler_id == actor.user_id, Case.id.in_(mine)),
        ),
    )


def visible_to(actor: Actor, action: Action = Action.VIEW_CASE) -> sa.Select[tuple[Case]]:
    """The cases the actor may see; the start of every query."""
    return sa.select(Case).where(may_see(actor, action))


def get_case(actor: Actor, case_id: int, action: Action = Action.VIEW_CASE) -> Case:
    """A case within the actor's sight, with its site, handler and leads.

    Raises NotFound, also for a case that exists elsewhere.
    """
    query = visible_to(actor, action).where(Case.id == case_id).options(*HEAD)
    case = db.session.scalar(query)
    if case is None:
        raise NotFound(N_("没有这个案件，或不在您的范围内"))
    return case


HEAD = (
    joinedload(Case.site),
    joinedload(Case.handler),
    joinedload(Case.lead_worker),
    joinedload(Case.lead_employer),
)


@dataclass(frozen=True)
class CaseFilter:
    """What the list can be narrowed by; every field is optional, and they add up."""

    status: CaseStatus | None = None
    stage: Stage | None = None
    stage_status: Status | None = None
    site_ids: frozenset[int] | None = None
    own_site_only: int | None = None
    handler_id: int | None = None
    unassigned: bool = False
    dispute_kind: DisputeKind | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    injury_from: date | None = None
    injury_to: date | None = None
    employer_id: int | None = None
    worker_id: int | None = None
    missing_dates: bool = False
    unidentified: bool = False
    flagged: bool = False
    with_void: bool = False
    text: str = ""


def search(actor: Actor, wanted: CaseFilter) -> sa.Select[tuple[Case]]:
    """The cases in sight that match; figures, lists and exports all come from this one query."""
    query = visible_to(actor)
    if wanted.status is not None:
        query = query.where(Case.status == wanted.status)
    elif not wanted.with_void:
        query = query.where(Case.status != CaseStatus.VOID)
    for column, value in _equal(wanted):
        query = query.where(column == value)
    for column, first, last in _between(wanted):
        query = query.where(column >= first) if first else query
        query = query.where(column <= last) if last else query
    if wanted.site_ids is not None:
        query = query.where(Case.org_unit_id.in_(sorted(wanted.site_ids)))
    for condition in _related(wanted):
        query = query.where(condition)
    return query.where(text_matches(wanted.text)) if wanted.text.strip() else query


def _equal(wanted: CaseFilter) -> list[tuple[Any, Any]]:
    pairs = [
        (Case.org_unit_id, wanted.own_site_only),
        (Case.handler_id, wanted.handler_id),
        (Case.dispute_kind, wanted.dispute_kind),
        (Case.channel, wanted.channel),
        (Case.close_outcome, wanted.outcome),
    ]
    return [(column, value) for column, value in pairs if value is not None]


def _between(wanted: CaseFilter) -> list[tuple[Any, date | None, date | None]]:
    return [
        (Case.registered_on, wanted.registered_from, wanted.registered_to),
        (Case.closed_on, wanted.closed_from, wanted.closed_to),
    ]


def _related(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.unassigned:
        conditions.append(Case.handler_id.is_(None))
    if wanted.flagged:
        conditions.append(Case.has_flags)
    if wanted.stage is not None:
        conditions.append(Case.id.in_(_with_stage(wanted.stage, wanted.stage_status)))
    if wanted.injury_from or wanted.injury_to:
        conditions.append(Case.id.in_(_with_injury(wanted.injury_from, wanted.injury_to)))
    if wanted.employer_id is not None:
        conditions.append(Case.id.in_(_with_party(CaseParty.employer_id == wanted.employer_id)))
    if wanted.worker_id is not None:
        conditions.append(Case.id.in_(_with_party(CaseParty.worker_id == wanted.worker_id)))
    if wanted.unidentified:
        nameless = CaseParty.worker_id.in_(sa.select(Worker.id).where(Worker.id_no_hash.is_(None)))
        conditions.append(Case.id.in_(_with_party(nameless)))
    if wanted.missing_dates:
        conditions.append(missing_dates())
    return conditions


def _with_stage(stage: Stage, status: Status | None) -> sa.Select[tuple[int]]:
    query = sa.select(Proceeding.case_id).where(Proceeding.stage == stage)
    if status is not None:
        return query.where(Proceeding.status == status)
    return query.where(Proceeding.status.not_in(ENDED))


def _with_injury(first: date | None, last: date | None) -> sa.Select[tuple[int]]:
    query = sa.select(Proceeding.case_id).where(Proceeding.stage == Stage.WORK_INJURY)
    query = query.where(Proceeding.filed_on >= first) if first else query
    return query.where(Proceeding.filed_on <= last) if last else query


def _with_party(condition: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(CaseParty.case_id).where(CaseParty.removed_at.is_(None), condition)


def missing_dates() -> sa.ColumnElement[bool]:
    """Open imported cases without a single running date (features A13)."""
    dated = sa.select(Deadline.case_id).where(Deadline.state == DeadlineState.OPEN)
    return sa.and_(Case.status == CaseStatus.OPEN, Case.source != "intake", Case.id.not_in(dated))


def text_matches(text: str) -> sa.ColumnElement[bool]:
    """One box: case number, identity number, phone, their tails, name, initials, employer."""
    wanted = text.strip()
    number = identifiers.normalise_id(wanted)
    people = [Worker.name.contains(wanted, autoescape=True)]
    if number.isascii() and number.isalnum():
        people += _by_number(number)
    found = sa.select(Worker.id).where(sa.or_(*people))
    alias = sa.select(EmployerAlias.employer_id).where(
        EmployerAlias.name.contains(wanted, autoescape=True)
    )
    firms = sa.select(Employer.id).where(
        sa.or_(
            Employer.name.contains(wanted, autoescape=True),
            Employer.uscc == number,
            Employer.id.in_(alias),
        )
    )
    return sa.or_(
        Case.case_no.contains(wanted, autoescape=True),
        Case.id.in_(_with_party(CaseParty.worker_id.in_(found))),
        Case.id.in_(_with_party(CaseParty.employer_id.in_(firms))),
    )


def _by_number(number: str) -> list[sa.ColumnElement[bool]]:
    digest = crypto.blind_index(number, "id_no")
    phone = crypto.blind_index(identifiers.normalise_phone(number), "phone")
    found = [Worker.id_no_hash == digest, Worker.phone_hash == phone]
    if len(number) == 4:
        found += [Worker.id_no_last4 == number, Worker.phone_last4 == number]
    if number.isalpha():
        found.append(Worker.initials.startswith(number.lower(), autoescape=True))
    return found


@dataclass(frozen=True)
class Figures:
    """The figures at the head of a list; they equal its rows."""

    cases: int
    person_times: int
    claimed_fen: int


def figures(query: sa.Select[tuple[Case]]) -> Figures:
    """Count what a search finds: cases, workers added up over cases, claims in fen."""
    rows = query.order_by(None).with_only_columns(
        sa.func.count(Case.id),
        sa.func.coalesce(sa.func.sum(Case.worker_count), 0),
        sa.func.coalesce(sa.func.sum(Case.claimed_fen), 0),
    )
    cases, person_times, claimed = db.session.execute(rows).one()
    return Figures(int(cases), int(person_times), int(claimed))


@dataclass(frozen=True)
class Page:
    """One page of a list: newest first, the flagged open cases on top of the first page."""

    rows: list[Case]
    next_key: str
    previous_key: str


def page_of(
    query: sa.Select[tuple[Case]], after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """A keyset page; keys are `date_id` of the row before or after it."""
    newest = (Case.registered_on.desc(), Case.id.desc())
    key = sa.tuple_(Case.registered_on, Case.id)
    if before:
        found = query.where(key > _key(before)).order_by(Case.registered_on, Case.id)
        rows = list(db.session.scalars(found.limit(size + 1).options(*LIST)))
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, _key_of(rows[-1:]), _key_of(rows[:1]) if more else "")
    found = query.where(key < _key(after)) if after else query
    rows = list(db.session.scalars(found.order_by(*newest).limit(size + 1).options(*LIST)))
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, _key_of(rows[-1:]) if more else "", _key_of(rows[:1]) if after else "")


LIST = (*HEAD, selectinload(Case.proceedings))


def _key(text: str) -> Any:
    day, _, number = text.partition("_")
    try:
        return sa.tuple_(
            sa.literal(date.fromisoformat(day), sa.Date), sa.literal(int(number), sa.Integer)
        )
    except ValueError:
        raise NotFound(N_("没有这一页")) from None


def _key_of(rows: Sequence[Case]) -> str:
    return f"{rows[0].registered_on}_{rows[0].id}" if rows else ""


# --- dates -----------------------------------------------------------------------


def open_deadlines(actor: Actor, mine_only: bool = False) -> sa.Select[tuple[Deadline]]:
    """Running dates of the cases in sight, nearest first; quiet history is left out."""
    query = (
        sa.select(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .where(may_see(actor), Deadline.state == DeadlineState.OPEN, Deadline.due_on.is_not(None))
        .where(Deadline.quiet.is_(False), Case.status == CaseStatus.OPEN)
        .options(joinedload(Deadline.case).options(*HEAD), joinedload(Deadline.proceeding))
    )
    if mine_only:
        handled = sa.select(Proceeding.id).where(Proceeding.handler_id == actor.user_id)
        query = query.where(
            sa.or_(Case.handler_id == actor.user_id, Deadline.proceeding_id.in_(handled))
        )
    return query.order_by(Deadline.due_on, Deadline.id)


def due_between(
    query: sa.Select[tuple[Deadline]], first: date | None, last: date | None
) -> sa.Select[tuple[Deadline]]:
    """Narrow running dates to a span; both ends count."""
    query = query.where(Deadline.due_on >= first) if first else query
    return query.where(Deadline.due_on <= last) if last else query


def week_end(day: date) -> date:
    """The Sunday that ends the week of a day."""
    return day + timedelta(days=6 - day.weekday())


def count(query: sa.Select[Any]) -> int:
    """How many rows a query has."""
    counted = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    return int(db.session.scalar(counted) or 0)


def deadlines_of(case: Case) -> list[Deadline]:
    """The dates of a case: running ones by day first, then the others."""
    rows = db.session.scalars(sa.select(Deadline).where(Deadline.case_id == case.id))
    order = {state: place for place, state in enumerate(DeadlineState)}
    return sorted(rows, key=lambda row: (order[row.state], row.due_on or date.max, row.id))


def nearest_deadlines(case_ids: Sequence[int]) -> dict[int, Deadline]:
    """For each case its nearest running date."""
    query = sa.select(Deadline).where(
        Deadline.case_id.in_(case_ids),
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_on.is_not(None),
        Deadline.quiet.is_(False),
    )
    nearest: dict[int, Deadline] = {}
    for row in db.session.scalars(query.order_by(Deadline.due_on, Deadline.optional, Deadline.id)):
        nearest.setdefault(row.case_id, row)
    return nearest


# --- the case page ------------------------------------------------------------------


def parties_of(case: Case) -> list[CaseParty]:
    """Everyone in the case now, in order of entry, with worker and employer loaded."""
    query = sa.select(CaseParty).where(CaseParty.case_id == case.id, CaseParty.removed_at.is_(None))
    loaded = query.options(joinedload(CaseParty.worker), joinedload(CaseParty.employer))
    return list(db.session.scalars(loaded.order_by(CaseParty.id)))


def party_ids_of(proceedings: Sequence[Proceeding]) -> dict[int, list[int]]:
    """For each proceeding the case parties it is for."""
    query = sa.select(ProceedingParty).where(
        ProceedingParty.proceeding_id.in_([p.id for p in proceedings])
    )
    found: dict[int, list[int]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.proceeding_id, []).append(row.case_party_id)
    return found


def timeline(case: Case, kinds: Sequence[EventKind] = ()) -> list[CaseEvent]:
    """What happened, newest first, corrected events beside their corrections."""
    query = sa.select(CaseEvent).where(CaseEvent.case_id == case.id)
    if kinds:
        query = query.where(CaseEvent.kind.in_(kinds))
    loaded = query.options(joinedload(CaseEvent.proceeding))
    return list(
        db.session.scalars(loaded.order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc()))
    )


def earlier_cases(actor: Actor, id_no: str, phone: str, name: str, employer: str) -> list[Case]:
    """Cases in sight of the same person, shown while the clerk types (features A6)."""
    people = []
    if identifiers.normalise_id(id_no):
        known = parties.find_worker_by_id(id_no)
        people += [known.id] if known else []
    if identifiers.normalise_phone(phone):
        people += [worker.id for worker in parties.workers_with_phone(phone)]
    conditions = [Case.id.in_(_with_party(CaseParty.worker_id.in_(people)))]
    if name.strip() and employer.strip():
        same = sa.select(Worker.id).where(Worker.name == name.strip())
        firms = [found.id for found in parties.suggest_employers(employer)]
        conditions.append(
            sa.and_(
                Case.id.in_(_with_party(CaseParty.worker_id.in_(same))),
                Case.id.in_(_with_party(CaseParty.employer_id.in_(firms))),
            )
        )
    query = visible_to(actor).where(sa.or_(*conditions)).options(*HEAD)
    return list(db.session.scalars(query.order_by(Case.registered_on.desc()).limit(5)))
