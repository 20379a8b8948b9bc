"""The office of the fault suite: one handler, one case, and dates that come, move and are met."""

import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from random import Random

import sqlalchemy as sa

from tests import builders as make
from tests.faults.history import NEAR
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import Route, routes
from worker_legal.domain.reminders.models import SendingHours
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import DeadlineState, Who

# A Monday, three seconds before the reminders of the day fall due.
DAY = date(2026, 11, 23)
OPENING = datetime(2026, 11, 23, 7, 59, 57, tzinfo=clock.SHANGHAI)
MORNING = datetime(2026, 11, 23, 8, 0, 0, 200_000, tzinfo=clock.SHANGHAI)
FAR = timedelta(days=200)
PER_BEAT = 3


def open_office(*outside: Route) -> int:
    """An office with one case that has no dates yet; gives the case's number.

    Its handler is reached in the inbox, and by these ways.
    """
    with transaction():
        centre = make.make_office()
        handler = make.make_user(centre, Role.MEDIATOR)
        case = make.make_case(centre, handler_id=handler.id)
        db.session.execute(sa.delete(Deadline))
        case_id = case.id
        for kind in outside:
            routes.set_office_route(kind, True, {})
            routes.set_person_route(handler.id, kind, "somewhere")
        # the suite lives in a few seconds around eight, before an office would open
        db.session.add(SendingHours(opens=time_of_day(0), closes=time_of_day(23, 59)))
        db.session.execute(
            sa.text("CREATE TABLE fault_change (deadline_id INTEGER, version INTEGER, at TEXT)")
        )
    return case_id


def add_dates(case_id: int, aheads: list[int], version: int = 1) -> list[int]:
    """Open dates so many days ahead of the day of the suite; gives their numbers."""
    with transaction():
        first = 1 + int(db.session.scalar(sa.select(sa.func.max(Deadline.id))) or 0)
        rows = [
            Deadline(
                case_id=case_id,
                rule_code="mediation.end",
                rule_version="1",
                trigger_ref=f"event:{number}",
                due_on=DAY + timedelta(days=ahead),
                remind_on=DAY + timedelta(days=ahead),
                who=Who.OFFICE,
                state=DeadlineState.OPEN,
                known_on=DAY,
                version=version,
            )
            for number, ahead in enumerate(aheads, first)
        ]
        db.session.add_all(rows)
        db.session.flush()
        return [row.id for row in rows]


def near(draw: Random, count: int) -> list[int]:
    """So many distances at which a reminder is owed on the day."""
    return [draw.choice(NEAR) for _ in range(count)]


def keep_office(seed: int, count: int, seconds: float) -> None:
    """After the morning has come, let dates come, move and be met for so many seconds."""
    draw = Random(seed)
    case_id = db.session.scalars(sa.select(Case.id)).one()
    numbers = list(db.session.scalars(sa.select(Deadline.id)))
    db.session.rollback()
    time.sleep(max(0.0, (MORNING - clock.now()).total_seconds()))
    beats = max(1, count // PER_BEAT)
    begun = time.monotonic()
    for beat in range(beats):
        time.sleep(max(0.0, begun + seconds * beat / beats - time.monotonic()))
        numbers += add_dates(case_id, near(draw, PER_BEAT))
        if draw.random() < 0.4:
            change(draw, draw.choice(numbers[-30:]))


def change(draw: Random, number: int) -> None:
    """Move a date near or far, or let it be met; the instant noted is after the commit."""
    ahead = timedelta(days=draw.choice(NEAR)) if draw.random() < 0.5 else FAR
    with transaction():
        row = db.session.get_one(Deadline, number, populate_existing=True)
        row.version += 1
        row.due_on = row.remind_on = DAY + ahead
        if draw.random() < 0.3:
            row.state = DeadlineState.MET
        version = row.version
    note = sa.text("INSERT INTO fault_change VALUES (:number, :version, :at)")
    values = {"number": number, "version": version, "at": clock.now().isoformat()}
    with transaction():
        db.session.execute(note, values)
