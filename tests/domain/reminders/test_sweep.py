"""The planning in sets: the same rows as the rules give date by date, on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, cases, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import deliver, plan, routes
from worker_legal.domain.reminders.models import (
    Heartbeat,
    InboxMessage,
    LeaveCover,
    OutboxMessage,
    OutboxState,
    ReminderLadder,
    ReminderStep,
)
from worker_legal.domain.reminders.routes import Route
from worker_legal.domain.reminders.sweep import Sweep
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import DeadlineState, OrgKind, Who

pytestmark = pytest.mark.both_databases

CODES = ("mediation.end", "mediation.performance", "arbitration.award", "court.appeal")
COLUMNS = (
    *("dedupe_key", "deadline_id", "deadline_version", "case_id", "rule_code", "step"),
    *("addressee_id", "channel", "legal_date", "due_at", "created_at", "is_late", "state"),
    *("available_at", "lease_owner", "fence", "attempts", "last_error"),
)


@dataclass
class Town:
    """An office with a station and a room, people who come and go, and cases of theirs."""

    draw: Random
    today: date

    def build(self) -> None:
        centre = make.make_office()
        station = make.make_site(OrgKind.STATION, parent=centre)
        room = make.make_site(OrgKind.ROOM, parent=station)
        self.sites = [centre, station, room]
        self.people = [
            make.make_user(self.draw.choice(self.sites), self.draw.choice(list(Role)))
            for _ in range(8)
        ]
        for number in range(2):
            access.disable_user(Actor.system("tests"), self.people[number])
        routes.set_office_route(Route.EMAIL, True, {})
        routes.set_person_route(self.people[5].id, Route.EMAIL, "somewhere")
        self.cases = [self._case() for _ in range(6)]
        db.session.execute(sa.delete(Deadline))
        for number in range(60):
            self._date(number)
        self._settings()
        self._leave()
        db.session.flush()
        self._history()

    def _case(self) -> Case:
        handler = self.draw.choice([None, *self.people])
        case = make.make_case(self.draw.choice(self.sites))
        case.handler_id = handler.id if handler else None
        [proceeding] = cases.proceedings_of(case)
        other = self.draw.choice([None, *self.people])
        proceeding.handler_id = other.id if other else None
        return case

    def _date(self, number: int) -> None:
        draw = self.draw
        case = draw.choice(self.cases)
        due_on = self.today + timedelta(days=draw.choice((*range(-12, 45), 90, 300)))
        of_proceeding = draw.random() < 0.5
        db.session.add(
            Deadline(
                case_id=case.id,
                proceeding_id=cases.proceedings_of(case)[0].id if of_proceeding else None,
                rule_code=draw.choice(CODES),
                rule_version="1",
                trigger_ref=f"event:{number}",
                due_on=due_on,
                remind_on=due_on - timedelta(days=draw.choice((0, 0, 0, 1, 3, 9))),
                who=Who.OFFICE,
                state=draw.choice((*[DeadlineState.OPEN] * 5, DeadlineState.MET)),
                optional=draw.random() < 0.2,
                quiet=draw.random() < 0.1,
                version=draw.choice((1, 1, 1, 2, 3)),
                known_on=self.today - timedelta(days=draw.choice((0, 0, 1, 2, 5, 8, 40, 200))),
            )
        )

    def _settings(self) -> None:
        draw = self.draw
        for kind in draw.sample(["*", "mediation", "mediation.end", "court.appeal"], 2):
            for ago in draw.sample((1, 3, 7, 30, 60), 2):
                days = [] if kind != "*" and draw.random() < 0.3 else draw.sample(range(1, 60), 4)
                db.session.add(
                    ReminderStep(
                        kind=kind,
                        valid_from=self.today - timedelta(days=ago),
                        days=sorted({*days, 0}, reverse=True) if days else [],
                        entered_at=wall.now(),
                    )
                )
        if draw.random() < 0.5:
            owner, director, centre = sorted(draw.choices(range(7), k=3))
            before = sorted(draw.choices(range(9), k=2))
            row = ReminderLadder(id=1, centre_before=before[0], director_before=before[1])
            row.owner_after, row.director_after, row.centre_after = owner, director, centre
            db.session.add(row)

    def _leave(self) -> None:
        """Absences before, on and after the day, with deputies who see some sites or none."""
        for person in self.draw.sample(self.people, 5):
            first_on = self.today + timedelta(days=self.draw.choice((-9, -1, 0, 0, 1)))
            db.session.add(
                LeaveCover(
                    user_id=person.id,
                    deputy_id=self.draw.choice(self.people).id,
                    first_on=first_on,
                    last_on=first_on + timedelta(days=self.draw.choice((0, 1, 5))),
                    entered_at=wall.now(),
                )
            )

    def _history(self) -> None:
        """A round some days ago, answers to some reminders, and some that never arrived."""
        ago = self.draw.choice((None, 0, 1, 4))
        if ago is not None:
            at = wall.now() - timedelta(days=ago, minutes=self.draw.choice((1, 40)))
            db.session.add(Heartbeat(name=plan.PLANNER, at=at, db_clock=at, host_clock=at))
        for row in self.draw.sample(list(db.session.scalars(sa.select(Deadline))), 20):
            self._answer(row) if self.draw.random() < 0.5 else self._park(row)

    def _answer(self, row: Deadline) -> None:
        db.session.add(
            InboxMessage(
                dedupe_key=f"answered:{row.id}",
                addressee_id=self.people[3].id,
                case_id=row.case_id,
                deadline_id=row.id,
                rule_code=row.rule_code,
                step="day-30",
                legal_date=row.due_on,
                created_at=wall.now(),
                ack_at=self.draw.choice((None, wall.now())),
            )
        )

    def _park(self, row: Deadline) -> None:
        for person in self.draw.sample(self.people, self.draw.choice((1, 2))):
            db.session.add(
                OutboxMessage(
                    dedupe_key=f"parked:{row.id}:{person.id}",
                    deadline_id=row.id,
                    deadline_version=row.version - self.draw.choice((0, 0, 1)),
                    case_id=row.case_id,
                    rule_code=row.rule_code,
                    step="day-30",
                    addressee_id=person.id,
                    channel="inbox",
                    legal_date=row.due_on,
                    due_at=wall.now(),
                    created_at=wall.now(),
                    state=OutboxState.PARKED,
                    available_at=wall.now(),
                )
            )


def _plain(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _sets(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return sorted(tuple(_plain(row[name]) for name in COLUMNS) for row in rows)


@pytest.mark.parametrize("seed", range(12))
def test_sets_plan_what_the_rules_say(app: Flask, clock: TestClock, seed: int) -> None:
    draw = Random(seed)
    clock.advance(days=draw.choice((0, 2, 4, 5, 75)), hours=draw.choice((-3, 0, 5)))
    with transaction():
        Town(draw, clock.today).build()
    wanted = plan.owed()
    before = set(db.session.scalars(sa.select(OutboxMessage.id)))
    written = deliver.plan_owed()
    planned = sa.select(*(getattr(OutboxMessage, name) for name in COLUMNS))
    found = db.session.execute(planned.where(OutboxMessage.id.not_in(before))).mappings().all()
    assert len(wanted) > 8
    assert _sets(found) == _sets(wanted)
    assert written == len(wanted)
    assert (plan.owed(), deliver.plan_owed()) == ([], 0)


@pytest.mark.parametrize("seed", range(4))
def test_rounds_write_in_one_order(app: Flask, clock: TestClock, seed: int) -> None:
    with transaction():
        Town(Random(seed), clock.today).build()
    for missing in Sweep().missing():
        rows = [tuple(row[name] for name in plan.ORDER) for row in _mappings(missing)]
        assert rows == sorted(rows)


def _mappings(query: sa.Select[Any]) -> Sequence[Any]:
    return db.session.execute(query).mappings().all()


def _mediator(centre: org.OrgUnit) -> int:
    return make.make_user(centre, Role.MEDIATOR).id


def test_a_round_plans_by_sets(app: Flask, clock: TestClock) -> None:
    with transaction():
        centre = make.make_office()
        make.make_dates(make.make_case(centre, handler_id=_mediator(centre)), 0, 3)
    assert reminders.tick("a").planned == 2
