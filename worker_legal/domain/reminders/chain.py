"""Who will be told of a date, and from which day on: the ladder as people can read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case, Deadline, Proceeding
from worker_legal.domain.org import get_unit
from worker_legal.domain.reminders import plan
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER
from worker_legal.domain.reminders.plan import Round
from worker_legal.domain.reminders.staff import Staff, staff
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, DeadlineState


@dataclass(frozen=True)
class Link:
    """One rung of a date: who stands on it, the days before the date, the first day after it."""

    rung: int
    names: tuple[str, ...]
    days: tuple[date, ...]
    after: date | None


def chain_of(case: Case, row: Deadline) -> list[Link]:
    """Who is told of a running date and when; nobody of one that needs nothing."""
    running = row.state is DeadlineState.OPEN and case.status is CaseStatus.OPEN
    if not running or row.quiet or row.due_on is None:
        return []
    at = plan.this_round()
    return list(_links(case, row, row.due_on, at, staff(at.today)))


def _links(case: Case, row: Deadline, due_on: date, at: Round, people: Staff) -> Iterator[Link]:
    path, handler_id = get_unit(case.org_unit_id).path or "", _handler_of(case, row)
    remind_on, ladder = row.remind_on or due_on, at.ladder
    steps = at.table.of(row.rule_code, row.known_on)
    handler = people.with_deputies(handler_id, path) if handler_id else ()
    if not people.serves(handler_id, path):
        handler = people.directors_of(path)
    after = None if row.optional else at.calendar.add_working_days(due_on, ladder.owner_after)
    days = {at.calendar.roll_back(remind_on - timedelta(days=each)) for each in steps}
    known = tuple(sorted(day for day in days if day >= row.known_on)) or (remind_on,)
    yield Link(HANDLER, _names(handler), known, after)
    if row.optional:
        return
    for rung, before, late in (
        (DIRECTOR, ladder.director_before, ladder.director_after),
        (CENTRE, ladder.centre_before, ladder.centre_after),
    ):
        day = at.calendar.roll_back(remind_on - timedelta(days=before))
        day = min(max(day, row.known_on + timedelta(days=1)), remind_on)
        names = _names(people.on_rung(rung, None, path))
        yield Link(rung, names, (day,), at.calendar.add_working_days(due_on, late))


def _handler_of(case: Case, row: Deadline) -> int | None:
    proceeding = db.session.get(Proceeding, row.proceeding_id) if row.proceeding_id else None
    return (proceeding.handler_id if proceeding else None) or case.handler_id


def _names(people: tuple[int, ...]) -> tuple[str, ...]:
    query = sa.select(User.id, User.display_name).where(User.id.in_(people))
    names = {number: name for number, name in db.session.execute(query)}
    return tuple(names[person] for person in people)
