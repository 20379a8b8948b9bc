"""What a worker may see, and nothing else: one frozen whitelist made from one case."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from worker_legal.domain import org
from worker_legal.domain.access import RoleGrant, User
from worker_legal.domain.audit import AuditEntry
from worker_legal.domain.cases.events import all_events, effective
from worker_legal.domain.cases.models import Case, CaseEvent, CaseParty, Proceeding, ProceedingParty
from worker_legal.domain.cases.projection import dues_of, proceedings_of
from worker_legal.domain.cases.seen import VIEW
from worker_legal.domain.permissions import Role
from worker_legal.domain.portal import words
from worker_legal.domain.portal.models import PortalGrant, PortalSession
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.deadlines import Due
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Outcome, Status, Who
from worker_legal.law.stages import ENDED, SPECS

THEIR_MOVE = frozenset({Who.WORKER, Who.BOTH, Who.EITHER})
SETTLED = frozenset({Outcome.PERFORMED, Outcome.MEDIATED, Outcome.RECONCILED, Outcome.AGREED})
HEARINGS = frozenset({EventKind.HEARING_SCHEDULED, EventKind.HEARING_ADJOURNED})
STARTING = frozenset({"event", "restart", "restart_by"})
SEPARATORS = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True)
class Visit:
    """When the worker is to come, where, and with what."""

    at: datetime
    place: str
    bring: tuple[str, ...]


@dataclass(frozen=True)
class LastDay:
    """A last day of the worker's own: what to do, until when, from what it was counted."""

    name: str
    on: date
    started_on: date
    started_by: str
    length: int | None
    unit: str
    provisional: bool
    statute: str
    article: str


@dataclass(frozen=True)
class PathStep:
    """One step of the road; `on` is the day it was done or is planned for."""

    state: str
    name: str
    text: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Opened:
    """How often people of one role opened the file."""

    role: str
    times: int


@dataclass(frozen=True)
class OfficeCard:
    """The office as every visitor may know it."""

    name: str
    phone: str
    hours: str


@dataclass(frozen=True)
class PortalStatus:
    """Everything the status page can show; a field that is not here is not shown (threats W8)."""

    number: str
    sentence: str
    visit: Visit | None
    steps: tuple[PathStep, ...]
    last_days: tuple[LastDay, ...]
    handler: str
    handler_role: str
    office: OfficeCard
    opened: tuple[Opened, ...]
    as_of: datetime
    previous_use_at: datetime | None


def office_card(case: Case | None = None) -> OfficeCard:
    """Name, phone and hours of the office, or of the site that has the case."""
    office = org.find_office()
    name, phone, hours = (office.name, office.phone, office.hours) if office else ("", "", "")
    if case is None:
        return OfficeCard(name, phone, hours)
    site = org.get_unit(case.org_unit_id)
    return OfficeCard(name, site.phone or phone, site.hours or hours)


def status_for(session: PortalSession) -> PortalStatus:
    """The page of the worker who entered with this session, as of this moment."""
    grant = db.session.get_one(PortalGrant, session.grant_id)
    case = db.session.get_one(Case, grant.case_id)
    party = party_of(case, grant.worker_id)
    own = own_proceedings(case, party)
    events = own_events(case, own)
    main = _main(own)
    visit = next_visit(own, events)
    handler_id = (main.handler_id if main else None) or case.handler_id
    handler, role = _handler(handler_id)
    return PortalStatus(
        number=short_number(case, party),
        sentence=_sentence(case, main),
        visit=visit,
        steps=_steps(main, events, visit),
        last_days=last_days(case, own),
        handler=handler,
        handler_role=role,
        office=office_card(case),
        opened=_opened(case),
        as_of=clock.now(),
        previous_use_at=session.previous_use_at,
    )


# --- whose part of the case ---------------------------------------------------------


def party_of(case: Case, worker_id: int) -> CaseParty:
    """The worker's place in the case."""
    query = sa.select(CaseParty).where(
        CaseParty.case_id == case.id, CaseParty.worker_id == worker_id
    )
    return db.session.scalars(query).one()


def receipt_number(case: Case, party: CaseParty) -> str:
    """The number of a worker's receipt: the case number and the worker's place in it."""
    query = sa.select(sa.func.count(CaseParty.id)).where(
        CaseParty.case_id == case.id, CaseParty.worker_id.is_not(None), CaseParty.id <= party.id
    )
    return f"{case.case_no}-{db.session.scalar(query):02d}"


def short_number(case: Case, party: CaseParty) -> str:
    """The end of the receipt's number, enough to talk on the telephone: 287-01."""
    found = re.search(r"(\d+)\D*(-\d+)$", receipt_number(case, party))
    return f"{found[1]}{found[2]}" if found else ""


def own_proceedings(case: Case, party: CaseParty) -> list[Proceeding]:
    """The proceedings of a case that are for this worker."""
    query = sa.select(ProceedingParty.proceeding_id).where(
        ProceedingParty.case_party_id == party.id
    )
    mine = set(db.session.scalars(query))
    return [proceeding for proceeding in proceedings_of(case) if proceeding.id in mine]


def own_events(case: Case, own: Sequence[Proceeding]) -> list[CaseEvent]:
    """What counts of the case's events and concerns this worker, oldest first."""
    ids = {None, *(proceeding.id for proceeding in own)}
    return [event for event in effective(all_events(case)) if event.proceeding_id in ids]


def _main(own: Sequence[Proceeding]) -> Proceeding | None:
    """The proceeding the page is about: the newest running one, else the last that ended."""
    running = [proceeding for proceeding in own if proceeding.status not in ENDED]
    chosen = running or list(own)
    return chosen[-1] if chosen else None


# --- in plain words --------------------------------------------------------------------


def _sentence(case: Case, main: Proceeding | None) -> str:
    if main is None:
        return words.NOT_YET if case.status is CaseStatus.OPEN else words.CLOSED
    if main.status in ENDED:
        outcome = main.outcome or case.close_outcome
        return words.ENDS.get(outcome, words.CLOSED) if outcome else words.BETWEEN
    if main.status is Status.SUSPENDED:
        return words.PAUSED
    return SPECS[main.stage].now


def _steps(
    main: Proceeding | None, events: Sequence[CaseEvent], visit: Visit | None
) -> tuple[PathStep, ...]:
    if main is None:
        return ()
    happened = {
        event.kind: event.happened_on
        for event in reversed(events)
        if event.proceeding_id in {main.id, None}
    }
    if main.status in ENDED:
        return _ended_steps(main)
    road = words.ROADS[main.stage]
    reached = [bool(step.done_by & happened.keys()) for step in road]
    now = max((place for place, done in enumerate(reached) if done), default=-1) + 1
    steps = []
    for place, step in enumerate(road):
        done = place < now
        days = [happened[kind] for kind in step.done_by if kind in happened]
        on = min(days, default=None) if done else _planned(step, visit)
        state = "done" if done else ("now", "next", "later")[min(place - now, 2)]
        steps.append(PathStep(state, step.name, "" if done else step.text, on))
    return tuple(steps)


def _planned(step: words.RoadStep, visit: Visit | None) -> date | None:
    return clock.local(visit.at).date() if visit is not None and step.is_meeting else None


def _ended_steps(main: Proceeding) -> tuple[PathStep, ...]:
    outcome = main.outcome
    first = words.ROADS[main.stage][0]
    return (
        PathStep("done", first.name, on=main.filed_on),
        PathStep("done", outcome.label if outcome else main.status.label, on=main.concluded_on),
        PathStep("next", words.BETWEEN),
    )


# --- days --------------------------------------------------------------------------------


def next_visit(own: Sequence[Proceeding], events: Sequence[CaseEvent]) -> Visit | None:
    """The next day the worker is to come, from the last arrangement of each running proceeding."""
    running = {proceeding.id for proceeding in own if proceeding.status not in ENDED}
    arranged: dict[int, CaseEvent] = {}
    for event in events:
        if event.proceeding_id in running and event.kind in HEARINGS:
            arranged[event.proceeding_id or 0] = event
    visits = [visit for event in arranged.values() if (visit := _visit(event)) is not None]
    return min(visits, key=lambda visit: visit.at, default=None)


def _visit(event: CaseEvent) -> Visit | None:
    at = instant_of(event.payload.get("at"))
    if at is None or clock.local(at).date() < clock.today():
        return None
    told = str(event.payload.get("bring") or "")
    things = tuple(part.strip() for part in SEPARATORS.split(told) if part.strip())
    return Visit(at, str(event.payload.get("place") or ""), things or words.BRING)


def instant_of(value: object) -> datetime | None:
    """An instant as events keep it: ISO text; without a zone it is the office's wall clock."""
    if not isinstance(value, str) or not value:
        return None
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=clock.SHANGHAI)


def last_days(case: Case, own: Sequence[Proceeding]) -> tuple[LastDay, ...]:
    """The worker's own last days that still run, nearest first; none once all is settled."""
    if case.status is CaseStatus.VOID or case.close_outcome in SETTLED:
        return ()
    mine = {None, *(proceeding.id for proceeding in own)}
    found = [_last_day(due) for due in dues_of(case) if due.proceeding in mine and _runs(due)]
    return tuple(sorted(found, key=lambda day: day.on))


def _runs(due: Due) -> bool:
    theirs = due.who in THEIR_MOVE and not due.informative and not due.paused
    open_now = due.state is DeadlineState.OPEN
    return theirs and open_now and due.due_on is not None and due.due_on >= clock.today()


def _last_day(due: Due) -> LastDay:
    started_on, started_by = due.started_on, ""
    for step in due.steps:
        if step.kind in STARTING:
            started_on, started_by = step.params["day"], step.params.get("what", "")
    on = due.act_by or due.due_on
    return LastDay(
        name=due.label,
        on=on if on is not None else started_on,
        started_on=started_on,
        started_by=started_by,
        length=due.rule.length,
        unit=due.rule.unit.value,
        provisional=due.provisional,
        statute=due.rule.statute,
        article=due.rule.article,
    )


# --- who ---------------------------------------------------------------------------------


def _handler(handler_id: int | None) -> tuple[str, str]:
    handler = db.session.get(User, handler_id) if handler_id is not None else None
    if handler is None:
        return "", ""
    return handler.display_name, _first_roles({handler.id}).get(handler.id, "")


def _first_roles(user_ids: set[int]) -> dict[int, str]:
    order = {role: place for place, role in enumerate(Role)}
    query = sa.select(RoleGrant.user_id, RoleGrant.role).where(RoleGrant.user_id.in_(user_ids))
    held = sorted(db.session.execute(query), key=lambda row: order[row[1]], reverse=True)
    return {user_id: role.label for user_id, role in held}


def _opened(case: Case) -> tuple[Opened, ...]:
    """Views of the case page by role, from the log; the most frequent first."""
    query = (
        sa.select(AuditEntry.actor_id, sa.func.count(AuditEntry.id))
        .where(AuditEntry.object == "case", AuditEntry.object_id == case.id)
        .where(AuditEntry.action == VIEW, AuditEntry.actor_id.is_not(None))
        .group_by(AuditEntry.actor_id)
    )
    counts = {actor_id: int(number) for actor_id, number in db.session.execute(query)}
    roles = _first_roles(set(counts))
    totals: dict[str, int] = {}
    for actor_id, number in counts.items():
        role = roles.get(actor_id, "")
        totals[role] = totals.get(role, 0) + number
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Opened(role, times) for role, times in ordered if role)
