"""What is to be done: dates page by page, hearings of a day, cases nobody handles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from worker_legal.domain.cases.models import Case, CaseEvent, Deadline, Proceeding
from worker_legal.domain.cases.queries import count, due_between, open_deadlines, week_end
from worker_legal.domain.cases.sight import HEAD, may_see, visible_to
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, EventKind

PAGE = 30
LOOK_BACK = timedelta(days=180)
SCHEDULING = (EventKind.HEARING_SCHEDULED, EventKind.HEARING_ADJOURNED)


@dataclass(frozen=True)
class Counts:
    """How many running dates there are: past, of today, and from today to Sunday."""

    overdue: int
    today: int
    week: int
    all: int
    oldest: date | None


@dataclass(frozen=True)
class DatePage:
    """One page of running dates, nearest first, with the keys of its neighbours."""

    rows: Sequence[Deadline]
    next_key: str
    is_first: bool


@dataclass(frozen=True)
class Hearing:
    """A hearing or mediation meeting that is to be held."""

    at: datetime
    place: str
    case: Case
    proceeding: Proceeding


def in_span(actor: Actor, span: str, mine_only: bool) -> sa.Select[tuple[Deadline]]:
    """The running dates of a span: overdue, today, week (from today to Sunday) or all."""
    today = clock.today()
    spans: dict[str, tuple[date | None, date | None]] = {
        "overdue": (None, today - timedelta(days=1)),
        "today": (today, today),
        "week": (today, week_end(today)),
        "all": (None, None),
    }
    if span not in spans:
        raise NotFound(N_("没有这一页"))
    return due_between(open_deadlines(actor, mine_only), *spans[span])


def counts_of(actor: Actor, mine_only: bool) -> Counts:
    """The counts on the workbench, from the same queries as the lists behind them."""
    spans = ("overdue", "today", "week", "all")
    numbers = {span: count(in_span(actor, span, mine_only)) for span in spans}
    first = db.session.scalar(in_span(actor, "overdue", mine_only).limit(1))
    return Counts(
        **numbers,
        oldest=first.due_on if first else None,
    )


def page_of_dates(query: sa.Select[tuple[Deadline]], after: str = "", size: int = PAGE) -> DatePage:
    """A keyset page of running dates; the key is `day_id` of the last row before it."""
    if after:
        query = query.where(sa.tuple_(Deadline.due_on, Deadline.id) > _key(after))
    rows = list(db.session.scalars(query.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    return DatePage(rows, f"{rows[-1].due_on}_{rows[-1].id}" if more else "", not after)


def _key(text: str) -> sa.Tuple:
    day, _, number = text.partition("_")
    try:
        return sa.tuple_(
            sa.literal(date.fromisoformat(day), sa.Date), sa.literal(int(number), sa.Integer)
        )
    except ValueError:
        raise NotFound(N_("没有这一页")) from None


def open_cases_of(actor: Actor, limit: int = 8) -> tuple[list[Case], int]:
    """The open cases a person handles, the flagged first, then by nearest date; and how many."""
    handled = sa.select(Proceeding.case_id).where(Proceeding.handler_id == actor.user_id)
    mine = visible_to(actor).where(
        Case.status == CaseStatus.OPEN,
        sa.or_(Case.handler_id == actor.user_id, Case.id.in_(handled)),
    )
    return _by_date(mine, limit), count(mine)


def unassigned_cases(actor: Actor, limit: int = 5) -> tuple[list[Case], int]:
    """The open cases nobody handles at the sites where the person can work; and how many."""
    sites = actor.site_ids(Action.RECORD_EVENT)
    free = visible_to(actor).where(
        Case.status == CaseStatus.OPEN,
        Case.handler_id.is_(None),
        Case.org_unit_id.in_(sorted(sites)),
    )
    return _by_date(free, limit), count(free)


def _by_date(query: sa.Select[tuple[Case]], limit: int) -> list[Case]:
    nearest = sa.func.coalesce(Case.next_due_on, date(9999, 12, 31))
    ordered = query.order_by(Case.has_flags.desc(), nearest, Case.id.desc())
    loaded = ordered.options(*HEAD, selectinload(Case.proceedings))
    return list(db.session.scalars(loaded.limit(limit)))


def hearings_on(actor: Actor, day: date) -> list[Hearing]:
    """The hearings and meetings of a day in the cases in sight, by the clock.

    A later date for the same proceeding takes the place of the one it was put off from.
    """
    query = (
        sa.select(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.kind.in_(SCHEDULING), CaseEvent.happened_on >= day - LOOK_BACK)
        .where(may_see(actor), Case.status == CaseStatus.OPEN)
        .options(joinedload(CaseEvent.proceeding).joinedload(Proceeding.case).options(*HEAD))
        .order_by(CaseEvent.id)
    )
    found: dict[int, list[Hearing]] = {}
    for event in _not_mended(db.session.scalars(query).all()):
        if event.proceeding is None:
            continue
        planned = found.setdefault(event.proceeding.id, [])
        if event.kind is EventKind.HEARING_ADJOURNED and planned:
            planned.pop()
        planned.append(_hearing(event, event.proceeding))
    hearings = [each for planned in found.values() for each in planned]
    wanted = [each for each in hearings if clock.local(each.at).date() == day]
    return sorted(wanted, key=lambda each: each.at)


def _not_mended(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    mended = {event.corrects_id for event in events if event.corrects_id}
    return [e for e in events if e.id not in mended and not e.is_retraction]


def _hearing(event: CaseEvent, proceeding: Proceeding) -> Hearing:
    at = datetime.fromisoformat(event.payload["at"])
    return Hearing(at, str(event.payload.get("place", "")), proceeding.case, proceeding)
