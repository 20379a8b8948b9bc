"""Which reminders are owed by now: asked of the open dates each time, never of a timer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain.access import RoleGrant, User
from worker_legal.domain.cases.models import Case, Deadline, Proceeding
from worker_legal.domain.holidays import work_calendar
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders.models import INBOX, Heartbeat, OutboxMessage, OutboxState
from worker_legal.domain.reminders.routes import routes_in_use
from worker_legal.domain.reminders.steps import STEPS, step_table
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.enums import CaseStatus, DeadlineState

# The hour in China at which the reminders of a day fall due.
MORNING = timedelta(hours=8)
# A step may come so much earlier than its days say: the longest rest before it.
LONGEST_REST = timedelta(days=15)
LATE_AFTER = timedelta(minutes=15)
CHUNK = 100
PLANNER = "reminders"
MOVED = "moved"

Item = TypeVar("Item")


class Open(NamedTuple):
    """An open date as the planner reads it."""

    deadline_id: int
    version: int
    case_id: int
    rule_code: str
    due_on: date
    remind_on: date
    known_on: date
    optional: bool
    handler_id: int | None
    site_path: str


class Step(NamedTuple):
    """A step that is owed: its name in the key and the day on which it fell due."""

    name: str
    on: date
    overdue: bool


@dataclass(frozen=True)
class Staff:
    """Where each active person has a role, and who leads which site; read once per planning."""

    places: Mapping[int, frozenset[int]]
    directors: Mapping[int, tuple[int, ...]]

    def serves(self, user_id: int | None, path: str) -> bool:
        """Whether a person is active and has a role at the site or above it."""
        return user_id is not None and not self.places.get(user_id, frozenset()).isdisjoint(
            _chain(path)
        )

    def directors_of(self, path: str) -> tuple[int, ...]:
        """The directors of the site, else of the nearest site above that has one."""
        for site_id in reversed(_chain(path)):
            if site_id in self.directors:
                return self.directors[site_id]
        return ()


def owed() -> list[dict[str, Any]]:
    """The reminders owed by now that the outbox does not know yet, as rows to insert."""
    now, last = clock.now(), last_sign_of_life()
    wanted = {row["dedupe_key"]: row for row in _wanted(now, last)}
    known = _known(list(wanted))
    return [row for key, row in wanted.items() if key not in known]


def write(rows: Sequence[Mapping[str, Any]]) -> int:
    """Put owed reminders into the outbox; a key that is there already changes nothing."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    written = 0
    for chunk in _chunks(rows):
        statement = insert(OutboxMessage).values(list(chunk))
        fresh = statement.on_conflict_do_nothing(index_elements=["dedupe_key"])
        written += len(db.session.execute(fresh.returning(OutboxMessage.id)).all())
    return written


def withdraw() -> int:
    """Cancel unsent reminders of dates that moved, were met or are gone; gives how many."""
    stale = (
        sa.update(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.READY, ~still_valid())
        .values(state=OutboxState.CANCELLED)
    )
    done = db.session.execute(stale.execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))


def still_valid() -> sa.ColumnElement[bool]:
    """The condition that a reminder's date is still open in the version it was planned for."""
    alive = (
        sa.select(Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.id == OutboxMessage.deadline_id,
            Deadline.version == OutboxMessage.deadline_version,
            *_is_open(),
        )
    )
    return alive.correlate(OutboxMessage).exists()


def _is_open() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Deadline.state == DeadlineState.OPEN,
        Deadline.quiet.is_(False),
        Case.status == CaseStatus.OPEN,
    )


def last_sign_of_life() -> Heartbeat | None:
    """When the planner last ran."""
    return db.session.get(Heartbeat, PLANNER, populate_existing=True)


# --- steps ------------------------------------------------------------------------------


def step_of(
    due: Open, now: datetime, calendar: WorkCalendar, days_before: Sequence[int] = STEPS
) -> Step | None:
    """The one step owed by now, the nearest to the date; None while none is.

    Earlier steps give way to it, so a person is not told the same thing twice after an outage.
    """
    today = clock.local(now).date()
    is_morning = now >= clock.start_of(today) + MORNING
    if today > due.due_on:
        day = today if is_morning else today - timedelta(days=1)
        return None if due.optional or day <= due.due_on else Step(f"late-{day}", day, True)
    for days in sorted(days_before):
        on = calendar.roll_back(due.remind_on - timedelta(days=days))
        if days == 0 and due.known_on <= due.remind_on:
            on = max(on, due.known_on)  # the last step is owed however late the date was learned
        if on < due.known_on or on > today or (on == today and not is_morning):
            continue
        return Step(f"day-{days}", on, False)
    return None


def moved_step(due: Open) -> Step | None:
    """The notice that a date has moved, where no step is owed that would tell the new day (D4)."""
    return Step(MOVED, due.known_on, False) if due.version > 1 else None


def key_of(due: Open, step: Step, addressee_id: int, channel: str = INBOX) -> str:
    """The key that is unique: date, version, rule, step, addressee, channel."""
    return f"{due.deadline_id}:{due.version}:{due.rule_code}:{step.name}:{addressee_id}:{channel}"


def addressees(due: Open, step: Step, staff: Staff) -> list[int]:
    """Who is told: the handler, else the directors; both once the day has passed."""
    handler = [due.handler_id] if staff.serves(due.handler_id, due.site_path) else []
    directors = staff.directors_of(due.site_path)
    chosen = [*handler, *directors] if step.overdue or not handler else handler
    return [person for person in dict.fromkeys(chosen) if person is not None]


def _wanted(now: datetime, last: Heartbeat | None) -> Iterator[dict[str, Any]]:
    calendar, people, routes, table = work_calendar(), staff(), routes_in_use(), step_table()
    ahead = timedelta(days=table.longest) + LONGEST_REST
    for due in _open_dates(clock.local(now).date() + ahead):
        days_before = table.of(due.rule_code, due.known_on)
        step = step_of(due, now, calendar, days_before) or moved_step(due)
        if step is not None:
            for person in addressees(due, step, people):
                for channel in routes.of(person):
                    yield _row(due, step, person, channel, now, last)


def _row(
    due: Open, step: Step, person: int, channel: str, now: datetime, last: Heartbeat | None
) -> dict[str, Any]:
    due_at = clock.start_of(step.on) + MORNING
    missed = last is not None and last.at < due_at
    return {
        "dedupe_key": key_of(due, step, person, channel),
        "deadline_id": due.deadline_id,
        "deadline_version": due.version,
        "case_id": due.case_id,
        "rule_code": due.rule_code,
        "step": step.name,
        "addressee_id": person,
        "channel": channel,
        "legal_date": due.due_on,
        "due_at": due_at,
        "created_at": now,
        "is_late": missed and now - due_at > LATE_AFTER,
        "state": OutboxState.READY,
        "available_at": now,
        "lease_owner": "",
        "fence": 0,
        "attempts": 0,
        "last_error": "",
    }


# --- reading ------------------------------------------------------------------------------


def _open_dates(until: date) -> list[Open]:
    remind_on = sa.func.coalesce(Deadline.remind_on, Deadline.due_on)
    query = (
        sa.select(
            Deadline.id,
            Deadline.version,
            Deadline.case_id,
            Deadline.rule_code,
            Deadline.due_on,
            sa.type_coerce(remind_on, sa.Date),
            Deadline.known_on,
            Deadline.optional,
            sa.func.coalesce(Proceeding.handler_id, Case.handler_id),
            OrgUnit.path,
        )
        .join(Case, Case.id == Deadline.case_id)
        .join(OrgUnit, OrgUnit.id == Case.org_unit_id)
        .outerjoin(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .where(*_is_open(), Deadline.due_on.is_not(None))
        .where(sa.or_(remind_on <= until, Deadline.version > 1))
        .order_by(Deadline.due_on, Deadline.id)
    )
    return [Open(*row) for row in db.session.execute(query)]


def staff() -> Staff:
    """Who is active where by now, and who leads."""
    query = (
        sa.select(RoleGrant.user_id, RoleGrant.role, RoleGrant.org_unit_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.disabled_at.is_(None))
        .order_by(RoleGrant.user_id)
    )
    rows = db.session.execute(query).all()
    places: dict[int, set[int]] = {}
    directors: dict[int, tuple[int, ...]] = {}
    for user_id, role, site_id in rows:
        places.setdefault(user_id, set()).add(site_id)
        if role is Role.DIRECTOR:
            directors[site_id] = (*directors.get(site_id, ()), user_id)
    return Staff({user_id: frozenset(sites) for user_id, sites in places.items()}, directors)


def _chain(path: str) -> list[int]:
    """The ids of a site and those above it, the centre first."""
    return [int(part) for part in path.split("/") if part]


def _known(keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for chunk in _chunks(keys):
        query = sa.select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(chunk))
        known.update(db.session.scalars(query))
    return known


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
