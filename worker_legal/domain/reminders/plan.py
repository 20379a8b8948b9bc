"""Which reminders are owed by now: asked of the open dates each time, never of a timer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain.cases.models import Case, Deadline, Proceeding
from worker_legal.domain.holidays import work_calendar
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.reminders import outbox
from worker_legal.domain.reminders.hours import NEVER_WAITS, Hours, may_go_from, sending_hours
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER, Ladder, ladder
from worker_legal.domain.reminders.models import (
    INBOX,
    Heartbeat,
    InboxMessage,
    OutboxMessage,
    OutboxState,
)
from worker_legal.domain.reminders.routes import routes_in_use
from worker_legal.domain.reminders.staff import staff
from worker_legal.domain.reminders.steps import STEPS, StepTable, step_table
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
# Whoever puts rows into the outbox does so in this order. Two that met the same rows in different
# orders would each wait on PostgreSQL for a row of the other.
ORDER = ("deadline_id", "addressee_id", "channel")
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
    # somebody who was told of the date as it stands has answered
    is_answered: bool = False
    # so many people could not be told of it as it stands
    parked: int = 0


class Step(NamedTuple):
    """A step that is owed: its name in the key and the day on which it fell due."""

    name: str
    on: date
    overdue: bool


@dataclass(frozen=True)
class Round:
    """What a planning needs beside the dates: the moment, and everything that is set."""

    now: datetime
    last: Heartbeat | None
    calendar: WorkCalendar
    table: StepTable
    ladder: Ladder
    hours: Hours = Hours()

    @property
    def today(self) -> date:
        """The calendar day in China."""
        return clock.local(self.now).date()

    @property
    def day(self) -> date:
        """The last day whose morning has come."""
        is_morning = self.now >= clock.start_of(self.today) + MORNING
        return self.today if is_morning else self.today - timedelta(days=1)

    @property
    def until(self) -> date:
        """Farther ahead nothing can be owed: the first step and the longest rest before it."""
        return self.today + timedelta(days=self.table.longest) + LONGEST_REST

    def leaves(self, channel: str, legal_date: date) -> datetime:
        """From when a reminder may be delivered by a channel."""
        if channel in NEVER_WAITS:
            return self.now
        return may_go_from(self.now, legal_date, self.hours, self.calendar)

    def missed(self, due_at: datetime) -> bool:
        """Whether a reminder fell due while the timetable stood still (补发)."""
        stood_still = self.last is not None and self.last.at < due_at
        return stood_still and self.now - due_at > LATE_AFTER


def this_round() -> Round:
    """The planning of this moment."""
    return Round(
        clock.now(),
        last_sign_of_life(),
        work_calendar(),
        step_table(),
        ladder(),
        sending_hours(),
    )


def owed() -> list[dict[str, Any]]:
    """The reminders owed by now that the outbox does not know yet, as rows to insert.

    The rules in full, date by date: the hourly check. Rounds plan the same by `sweep`.
    """
    wanted = {row["dedupe_key"]: row for row in _wanted(this_round())}
    known = _known(list(wanted))
    return [row for key, row in wanted.items() if key not in known]


def write(rows: Sequence[Mapping[str, Any]]) -> int:
    """Put single rows into the outbox; a key that is there already changes nothing."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    written = 0
    for chunk in _chunks(sorted(rows, key=itemgetter(*ORDER))):
        statement = insert(OutboxMessage).values(list(chunk))
        fresh = statement.on_conflict_do_nothing(index_elements=["dedupe_key"])
        written += len(db.session.execute(fresh.returning(OutboxMessage.id)).all())
    return written


class About(NamedTuple):
    """The date that a notice is about, in the version that it is about."""

    deadline_id: int
    deadline_version: int
    case_id: int
    rule_code: str
    legal_date: date


def notice(about: About, step: str, person: int, now: datetime) -> dict[str, Any]:
    """The row of a notice for one person's inbox that hangs on no day, such as of a failure."""
    place = (about.deadline_id, about.deadline_version, about.rule_code)
    return {
        **about._asdict(),
        "dedupe_key": ":".join(map(str, (*place, step, person, INBOX))),
        "step": step,
        "addressee_id": person,
        "channel": INBOX,
        "due_at": now,
        "created_at": now,
        "is_late": False,
        "state": OutboxState.READY,
        "available_at": now,
        "lease_owner": "",
        "fence": 0,
        "attempts": 0,
        "last_error": "",
    }


def withdraw() -> int:
    """Cancel unsent reminders of dates that moved, were met or are gone; gives how many."""
    return outbox.change(
        OutboxMessage.state == OutboxState.READY, ~still_valid(), state=OutboxState.CANCELLED
    )


def still_valid() -> sa.ColumnElement[bool]:
    """The condition that a reminder's date is still open in the version it was planned for."""
    alive = (
        sa.select(Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.id == OutboxMessage.deadline_id,
            Deadline.version == OutboxMessage.deadline_version,
            *is_open(),
        )
    )
    return alive.correlate(OutboxMessage).exists()


def is_open() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a date is running and its case in hand."""
    return (*is_running(), Case.status == CaseStatus.OPEN)


def is_running() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a date is running and somebody has to see to it."""
    return (
        # written out, so that both databases see that their index of open dates fits
        Deadline.state == sa.literal(DeadlineState.OPEN, literal_execute=True),
        Deadline.quiet.is_(False),
    )


def last_sign_of_life() -> Heartbeat | None:
    """When the planner last ran."""
    return db.session.get(Heartbeat, PLANNER, populate_existing=True)


# --- steps ------------------------------------------------------------------------------


def step_of(
    due: Open,
    now: datetime,
    calendar: WorkCalendar,
    days_before: Sequence[int] = STEPS,
    owner_after: int = Ladder.owner_after,
) -> Step | None:
    """The one step owed by now, the nearest to the date; None while none is.

    Earlier steps give way to it, so a person is not told the same thing twice after an outage.
    """
    today = clock.local(now).date()
    is_morning = now >= clock.start_of(today) + MORNING
    if today > due.due_on:
        day = today if is_morning else today - timedelta(days=1)
        waits = calendar.working_days_between(due.due_on, day) < owner_after
        return None if due.optional or day <= due.due_on or waits else late_step(day)
    for days in sorted(days_before):
        on = calendar.roll_back(due.remind_on - timedelta(days=days))
        if days == 0 and due.known_on <= due.remind_on:
            on = max(on, due.known_on)  # the last step is owed however late the date was learned
        if on < due.known_on or on > today or (on == today and not is_morning):
            continue
        return Step(f"day-{days}", on, False)
    return None


def late_step(day: date) -> Step:
    """The reminder of a day on which the date has passed."""
    return Step(f"late-{day}", day, True)


def moved_step(due: Open) -> Step | None:
    """The notice that a date has moved, where no step is owed that would tell the new day (D4)."""
    return Step(MOVED, due.known_on, False) if due.version > 1 else None


def key_of(due: Open, step: Step, addressee_id: int, channel: str = INBOX) -> str:
    """The key that is unique: date, version, rule, step, addressee, channel."""
    return f"{due.deadline_id}:{due.version}:{due.rule_code}:{step.name}:{addressee_id}:{channel}"


def rung_of(due: Open, step: Step, at: Round) -> int:
    """How far up the ladder a date has come (features D11, threats 4.2.9).

    Without an answer it climbs at fixed distances before the day, and after it by working days.
    """
    above = 0 if due.parked == 0 else min(due.parked, CENTRE)
    if step.overdue:
        return max(above, _rung_after(due, step, at))
    answered = due.optional or due.is_answered or step.name == MOVED
    has_had_a_day = due.known_on < at.day or due.remind_on <= at.day
    return above if answered or not has_had_a_day else max(above, rung_before(due.remind_on, at))


def rung_before(remind_on: date, at: Round) -> int:
    """The rung of a date without an answer, by the working day before the distance."""
    for rung, distance in (
        (CENTRE, at.ladder.centre_before),
        (DIRECTOR, at.ladder.director_before),
    ):
        if at.calendar.roll_back(remind_on - timedelta(days=distance)) <= at.day:
            return rung
    return HANDLER


def _rung_after(due: Open, step: Step, at: Round) -> int:
    days = at.calendar.working_days_between(due.due_on, at.day)
    if days >= at.ladder.centre_after:
        return CENTRE
    # a date that passed in an outage has had no quiet warning: straight to those who lead
    missed = at.missed(clock.start_of(step.on) + MORNING)
    return DIRECTOR if missed or days >= at.ladder.director_after else HANDLER


def _wanted(at: Round) -> Iterator[dict[str, Any]]:
    people, routes = staff(at.today), routes_in_use()
    for due in _open_dates(at.until):
        step = owed_step(due, at)
        if step is not None:
            up_to = rung_of(due, step, at)
            for person in people.told(due.handler_id, due.site_path, up_to):
                for channel in routes.of(person):
                    yield _row(due, step, person, channel, at)


def owed_step(due: Open, at: Round) -> Step | None:
    """The step of a date that is owed now, else the notice that it moved."""
    days_before = at.table.of(due.rule_code, due.known_on)
    step = step_of(due, at.now, at.calendar, days_before, at.ladder.owner_after)
    return step or moved_step(due)


def _row(due: Open, step: Step, person: int, channel: str, at: Round) -> dict[str, Any]:
    due_at = clock.start_of(step.on) + MORNING
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
        "created_at": at.now,
        "is_late": at.missed(due_at),
        "state": OutboxState.READY,
        "available_at": at.leaves(channel, due.due_on),
        "lease_owner": "",
        "fence": 0,
        "attempts": 0,
        "last_error": "",
    }


# --- reading ------------------------------------------------------------------------------


def _open_dates(until: date) -> list[Open]:
    query = (
        sa.select(
            Deadline.id,
            Deadline.version,
            Deadline.case_id,
            Deadline.rule_code,
            Deadline.due_on,
            Deadline.remind_on,
            Deadline.known_on,
            Deadline.optional,
            sa.func.coalesce(Proceeding.handler_id, Case.handler_id),
            OrgUnit.path,
            is_answered(),
            parked_count(),
        )
        .join(Case, Case.id == Deadline.case_id)
        .join(OrgUnit, OrgUnit.id == Case.org_unit_id)
        .outerjoin(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .where(*is_open(), Deadline.due_on.is_not(None))
        .where(sa.or_(Deadline.remind_on <= until, Deadline.version > 1))
        .order_by(Deadline.due_on, Deadline.id)
    )
    return [Open(*row) for row in db.session.execute(query)]


def is_answered() -> sa.ColumnElement[bool]:
    """The condition that somebody has taken note of a date as it stands."""
    answer = sa.select(InboxMessage.id).where(
        InboxMessage.deadline_id == Deadline.id,
        InboxMessage.legal_date == Deadline.due_on,
        InboxMessage.ack_at.is_not(None),
    )
    return answer.correlate(Deadline).exists()


def parked_count() -> sa.ScalarSelect[int]:
    """How many people could not be told of a date as it stands."""
    return (
        sa.select(sa.func.count(OutboxMessage.addressee_id.distinct()))
        .where(
            OutboxMessage.state == OutboxState.PARKED,
            OutboxMessage.channel == INBOX,
            OutboxMessage.deadline_id == Deadline.id,
            OutboxMessage.deadline_version == Deadline.version,
        )
        .correlate(Deadline)
        .scalar_subquery()
    )


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
