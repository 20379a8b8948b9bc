"""Reading cases. Every query starts from `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from worker_legal.domain.cases import endings, paths
from worker_legal.domain.cases.endings import Ending, Quality
from worker_legal.domain.cases.finding import earlier_cases as earlier_cases
from worker_legal.domain.cases.finding import text_matches as text_matches
from worker_legal.domain.cases.models import (
    Case,
    CaseEvent,
    CaseParty,
    Deadline,
    Proceeding,
    ProceedingParty,
)
from worker_legal.domain.cases.sight import HEAD as HEAD
from worker_legal.domain.cases.sight import get_case as get_case
from worker_legal.domain.cases.sight import may_see as may_see
from worker_legal.domain.cases.sight import visible_to as visible_to
from worker_legal.domain.cases.sight import with_party
from worker_legal.domain.cases.visits import Weekday, wanted_visits
from worker_legal.domain.parties import Employer, Worker
from worker_legal.domain.permissions import Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DeadlineState,
    DisputeKind,
    EnterpriseSize,
    EventKind,
    Industry,
    LabelledEnum,
    Outcome,
    Stage,
    Status,
)
from worker_legal.law.stages import ENDED

PAGE = 20
COLLECTIVE = 10


@dataclass(frozen=True)
class CaseFilter:
    """What the list can be narrowed by; every field is optional, and they add up."""

    status: CaseStatus | None = None
    stage: Stage | None = None
    stage_status: Status | None = None
    any_stage: Stage | None = None
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
    open_since: date | None = None
    collective: bool = False
    injury_from: date | None = None
    injury_to: date | None = None
    ending: Ending | None = None
    ending_from: date | None = None
    ending_to: date | None = None
    quality: Quality | None = None
    visit_from: date | None = None
    visit_to: date | None = None
    visit_weekday: Weekday | None = None
    visit_hour: str | None = None
    path_from: Stage | None = None
    path_to: Stage | None = None
    employer_id: int | None = None
    industry: Industry | None = None
    size: EnterpriseSize | None = None
    industry_missing: bool = False
    size_missing: bool = False
    worker_id: int | None = None
    worker_ids: frozenset[int] | None = None
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
    if wanted.collective:
        conditions.append(Case.worker_count >= COLLECTIVE)
    if wanted.open_since is not None:
        conditions.append(sa.or_(Case.closed_on.is_(None), Case.closed_on >= wanted.open_since))
    if wanted.flagged:
        conditions.append(Case.has_flags.is_(True))
    if wanted.missing_dates:
        conditions.append(missing_dates())
    if wanted.unidentified:
        nameless = sa.select(Worker.id).where(Worker.id_no_hash.is_(None))
        conditions.append(Case.id.in_(with_party(CaseParty.worker_id.in_(nameless))))
    return [
        *conditions,
        *_with_proceeding(wanted),
        *_with_people(wanted),
        *_with_ways(wanted),
        *_with_class(wanted),
    ]


def _with_people(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.employer_id is not None:
        conditions.append(Case.id.in_(with_party(CaseParty.employer_id == wanted.employer_id)))
    if wanted.worker_id is not None:
        conditions.append(Case.id.in_(with_party(CaseParty.worker_id == wanted.worker_id)))
    if wanted.worker_ids is not None:
        conditions.append(Case.id.in_(with_party(CaseParty.worker_id.in_(wanted.worker_ids))))
    return conditions


def _with_class(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    """By industry and size of the employer that leads the line of the list."""
    conditions: list[sa.ColumnElement[bool]] = []
    for column, value, is_missing in (
        (Employer.industry, wanted.industry, wanted.industry_missing),
        (Employer.size, wanted.size, wanted.size_missing),
    ):
        if value is not None:
            conditions.append(
                Case.lead_employer_id.in_(sa.select(Employer.id).where(column == value))
            )
        if is_missing:
            filled = sa.select(Employer.id).where(column.is_not(None))
            unknown = sa.or_(Case.lead_employer_id.is_(None), Case.lead_employer_id.not_in(filled))
            conditions.append(unknown)
    return conditions


def _with_ways(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    came = wanted.visit_from, wanted.visit_to, wanted.visit_weekday, wanted.visit_hour
    if any(came):
        conditions.append(Case.id.in_(wanted_visits(*came).with_only_columns(sa.column("case_id"))))
    if wanted.path_from is not None or wanted.path_to is not None:
        conditions.append(paths.went(wanted.path_from, wanted.path_to))
    return conditions


def _with_proceeding(wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.stage is not None:
        conditions.append(Case.id.in_(_with_stage(wanted.stage, wanted.stage_status)))
    if wanted.any_stage is not None:
        ever = sa.select(Proceeding.case_id).where(Proceeding.stage == wanted.any_stage)
        conditions.append(Case.id.in_(ever))
    if wanted.injury_from or wanted.injury_to:
        conditions.append(Case.id.in_(_with_injury(wanted.injury_from, wanted.injury_to)))
    if wanted.ending is not None:
        conditions.append(endings.ended(wanted.ending, wanted.ending_from, wanted.ending_to))
    if wanted.quality is not None:
        conditions.append(endings.has(wanted.quality))
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


def missing_dates() -> sa.ColumnElement[bool]:
    """Open imported cases without a single running date (features A13)."""
    dated = sa.select(Deadline.case_id).where(
        Deadline.state == DeadlineState.OPEN, Deadline.quiet.is_(False)
    )
    return sa.and_(Case.status == CaseStatus.OPEN, Case.source != "intake", Case.id.not_in(dated))


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


class Order(LabelledEnum):
    """In which order a list shows its cases; urgent open ones come first in each."""

    DUE = "due", N_("期限近的在前")
    NEWEST = "newest", N_("新登记的在前")
    AMOUNT = "amount", N_("金额大的在前")


@dataclass(frozen=True)
class Page:
    """One page of a list; the keys lead to the pages after and before it."""

    rows: list[Case]
    next_key: str
    previous_key: str


FAR = date(9999, 12, 31)
_URGENT: Any = sa.case((sa.and_(Case.has_flags, Case.status == CaseStatus.OPEN), 0), else_=1)
_DUE = sa.func.coalesce(Case.next_due_on, FAR)
LIST = (*HEAD, selectinload(Case.proceedings))
Key = tuple[int, date | int, int]


def page_of(
    query: sa.Select[tuple[Case]],
    after: str = "",
    before: str = "",
    size: int = PAGE,
    order: Order = Order.NEWEST,
) -> Page:
    """A keyset page: the rows after one key or before another, never by counting off."""
    backward = bool(before)
    key = _read_key(before or after, order)
    found = query.where(_beyond(order, key, backward)) if key else query
    ordered = found.order_by(*_columns(order, backward)).limit(size + 1).options(*LIST)
    rows = list(db.session.scalars(ordered))
    more, rows = len(rows) > size, rows[:size]
    if backward:
        rows = rows[::-1]
        return Page(rows, _key_of(rows[-1:], order), _key_of(rows[:1], order) if more else "")
    following = _key_of(rows[-1:], order) if more else ""
    return Page(rows, following, _key_of(rows[:1], order) if key else "")


def _second(order: Order) -> tuple[sa.ColumnElement[Any], bool]:
    """The column of an order, and whether it falls."""
    if order is Order.DUE:
        return _DUE, False
    column: Any = Case.claimed_fen if order is Order.AMOUNT else Case.registered_on
    return column, True


def _columns(order: Order, backward: bool) -> list[sa.ColumnElement[Any]]:
    second, falling = _second(order)
    pairs = ((_URGENT, False), (second, falling), (Case.id, True))
    return [col.desc() if falls != backward else col.asc() for col, falls in pairs]


def _beyond(order: Order, key: Key, backward: bool) -> sa.ColumnElement[bool]:
    urgent, value, case_id = key
    second, falling = _second(order)

    def past(column: Any, bound: Any, falls: bool) -> Any:
        return column < bound if falls != backward else column > bound

    return sa.or_(
        past(_URGENT, urgent, False),
        sa.and_(urgent == _URGENT, past(second, value, falling)),
        sa.and_(urgent == _URGENT, second == value, past(Case.id, case_id, True)),
    )


def _read_key(text: str, order: Order) -> Key | None:
    if not text:
        return None
    urgent, _, rest = text.partition("_")
    value, _, number = rest.partition("_")
    try:
        bound = int(value) if order is Order.AMOUNT else date.fromisoformat(value)
        return int(urgent), bound, int(number)
    except ValueError:
        raise NotFound(N_("没有这一页")) from None


def _key_of(rows: Sequence[Case], order: Order) -> str:
    if not rows:
        return ""
    case = rows[0]
    urgent = 0 if case.has_flags and case.status is CaseStatus.OPEN else 1
    values = {
        Order.DUE: case.next_due_on or FAR,
        Order.NEWEST: case.registered_on,
        Order.AMOUNT: case.claimed_fen,
    }
    return f"{urgent}_{values[order]}_{case.id}"


# --- dates -----------------------------------------------------------------------


def open_deadlines(actor: Actor, mine_only: bool = False) -> sa.Select[tuple[Deadline]]:
    """Running dates of the cases in sight, nearest first; quiet history is left out."""
    query = (
        sa.select(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .where(may_see(actor), Deadline.state == DeadlineState.OPEN, Deadline.due_on.is_not(None))
        .where(Deadline.quiet.is_(False), Case.status == CaseStatus.OPEN)
        .where(still_waits())
        .options(joinedload(Deadline.case).options(*HEAD), joinedload(Deadline.proceeding))
    )
    if mine_only:
        handled = sa.select(Proceeding.id).where(Proceeding.handler_id == actor.user_id)
        query = query.where(
            sa.or_(Case.handler_id == actor.user_id, Deadline.proceeding_id.in_(handled))
        )
    return query.order_by(Deadline.due_on, Deadline.id)


def still_waits() -> sa.ColumnElement[bool]:
    """A date that waits for somebody: a choice not taken in time waits for nobody."""
    return sa.or_(Deadline.optional.is_(False), Deadline.due_on >= clock.today())


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


def nearest_deadlines(case_ids: Sequence[int]) -> dict[int, Deadline]:
    """For each case its nearest running date."""
    query = sa.select(Deadline).where(
        Deadline.case_id.in_(case_ids),
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_on.is_not(None),
        Deadline.quiet.is_(False),
        still_waits(),
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


def names_of(case: Case) -> dict[int, str]:
    """The name of everyone who is or was in the case, by party, for reading its timeline."""
    query = sa.select(CaseParty).where(CaseParty.case_id == case.id)
    loaded = query.options(joinedload(CaseParty.worker), joinedload(CaseParty.employer))
    everyone = [(party.id, party.worker or party.employer) for party in db.session.scalars(loaded)]
    return {party_id: who.name for party_id, who in everyone if who is not None}


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
