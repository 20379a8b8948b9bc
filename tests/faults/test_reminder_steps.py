"""Reminders that fail at step N, meet poison, stand still for days or lose their lease."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from tests.faults import history, office
from tests.support.clocks import TestClock
from tests.support.settings import POSTGRESQL, SQLITE, Database
from worker_legal.domain import reminders
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.reminders import deliver, plan
from worker_legal.domain.reminders.models import InboxMessage, OutboxMessage, OutboxState
from worker_legal.domain.reminders.notepad import Notepad
from worker_legal.domain.reminders.sweep import Sweep
from worker_legal.infra.db import db, transaction

pytestmark = pytest.mark.both_databases

STEPS = (
    (plan, "this_round"),
    (plan, "withdraw"),
    (Sweep, "missing"),
    (deliver, "put"),
    (Notepad, "batches"),
    (Notepad, "copy"),
    (deliver, "_trouble"),
    (deliver, "_beat"),
    (deliver, "_park"),
    (deliver, "claim"),
    (deliver, "finish"),
    (deliver, "put_in_inbox"),
    (deliver, "_note_attempt"),
)
# only SQLite has to be written to in batches
NO_STEPS = {
    SQLITE: [(deliver, "put")],
    POSTGRESQL: [(Notepad, "batches"), (Notepad, "copy")],
}


class DiedError(BaseException):
    """The process is gone: nothing of it may catch this and go on."""


class Fuse:
    """Blows at the N-th touch, once."""

    def __init__(self, at: int, kind: type[BaseException]) -> None:
        self.left, self.kind = at, kind

    @property
    def blown(self) -> bool:
        return self.left <= 0

    def touch(self, *_: object, **__: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.kind


@pytest.fixture
def case_id(app: Flask) -> int:
    return office.open_office()


def verdict(database: Database, day: date = office.DAY) -> history.Verdict:
    db.session.rollback()
    return history.check(database.url, day)


def sweep(
    case_id: int, clock: TestClock, hook: Callable[[Fuse], Any], kind: type[BaseException]
) -> int:
    """Fail at the first step, the second … until a round ends unharmed; gives how many failed."""
    for number in range(1, 100):
        office.add_dates(case_id, [0, 1])
        fuse = Fuse(number, kind)
        with hook(fuse):
            round_that_may_fail(kind)
        recover(clock)
        if not fuse.blown:
            return number - 1
    raise AssertionError("a round of two dates has no hundred steps")


def round_that_may_fail(kind: type[BaseException]) -> None:
    try:
        reminders.tick("fails")
    except kind:
        db.session.rollback()


def recover(clock: TestClock) -> None:
    clock.advance(minutes=5, seconds=1)
    reminders.tick("after")


@contextmanager
def at_statement(fuse: Fuse, moment: str) -> Iterator[None]:
    event.listen(db.engine, moment, fuse.touch)
    try:
        yield
    finally:
        event.remove(db.engine, moment, fuse.touch)


@contextmanager
def at_call(fuse: Fuse, owner: Any, name: str, is_after: bool) -> Iterator[None]:
    whole = getattr(owner, name)

    def fails(*values: Any) -> Any:
        if not is_after:
            fuse.touch()
        result = whole(*values)
        if is_after:
            fuse.touch()
        return result

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, fails)
        yield


@pytest.mark.parametrize("kind", [DiedError, RuntimeError])
@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute"])
def test_failing_at_any_statement_loses_and_doubles_nothing(
    case_id: int, clock: TestClock, database: Database, moment: str, kind: type[BaseException]
) -> None:
    failed = sweep(case_id, clock, lambda fuse: at_statement(fuse, moment), kind)
    assert (failed > 20, verdict(database).faults) == (True, [])


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_dying_at_any_commit_loses_and_doubles_nothing(
    case_id: int, clock: TestClock, database: Database, is_after: bool
) -> None:
    session = db.session()
    failed = sweep(
        case_id, clock, lambda fuse: at_call(fuse, session, "commit", is_after), DiedError
    )
    assert (failed > 3, verdict(database).faults) == (True, [])


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_dying_at_any_step_loses_and_doubles_nothing(
    case_id: int, clock: TestClock, database: Database, module: Any, name: str, is_after: bool
) -> None:
    is_step = (module, name) not in NO_STEPS[database.kind]
    failed = sweep(case_id, clock, lambda fuse: at_call(fuse, module, name, is_after), DiedError)
    assert (failed > 0, verdict(database).faults) == (is_step, [])


def test_a_claim_is_held_for_its_lease(case_id: int, clock: TestClock) -> None:
    office.add_dates(case_id, [0])
    deliver.plan_owed()
    assert (len(deliver.claim("a")), deliver.claim("b")) == (1, [])


def test_who_overslept_its_lease_touches_nothing(
    case_id: int, clock: TestClock, database: Database
) -> None:
    office.add_dates(case_id, [0])
    deliver.plan_owed()
    [slow] = deliver.claim("slow")
    clock.advance(minutes=6)
    [newer] = deliver.claim("newer")
    assert (deliver.finish(slow), deliver.finish(newer)) == (False, True)
    assert verdict(database).faults == []


@pytest.mark.slow
def test_poison_among_a_thousand_is_parked_and_the_others_arrive(
    case_id: int, clock: TestClock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = office.add_dates(case_id, [0] * 1_000)[499]
    put = deliver.put_in_inbox

    def breaks(message: OutboxMessage, *rest: Any) -> None:
        if message.deadline_id == poison:
            raise ValueError
        put(message, *rest)

    monkeypatch.setattr(deliver, "put_in_inbox", breaks)
    delivered = [reminders.tick("a").delivered]
    for _ in range(4):
        clock.advance(minutes=16)
        delivered.append(reminders.tick("a").delivered)
    query = sa.select(OutboxMessage).where(OutboxMessage.state == OutboxState.PARKED)
    parked = [(row.deadline_id, row.attempts) for row in db.session.scalars(query)]
    assert (delivered, parked) == ([999, 0, 0, 0, 0], [(poison, 5)])
    assert verdict(database).faults == []


def test_after_three_days_down_each_of_500_comes_once_and_is_marked_late(
    case_id: int, clock: TestClock, database: Database
) -> None:
    reminders.tick("before")
    back = clock.today + timedelta(days=3)
    office.add_dates(case_id, [3] * 500)
    with transaction():
        db.session.execute(sa.update(Deadline).values(known_on=back))
    clock.advance(days=3)
    reminders.tick("after")
    late = sa.select(sa.func.count()).where(InboxMessage.is_late)
    assert db.session.scalar(late) == 500
    found = verdict(database, back)
    assert (found.due, found.faults) == (500, [])


def test_ten_who_planned_the_same_at_once_remind_once(
    app: Flask, case_id: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add_dates(case_id, [0] * 60)
    db.session.rollback()
    ready, asks = Barrier(10, timeout=30), Sweep.missing

    def all_together(planning: Sweep) -> list[sa.Select[Any]]:
        ready.wait()
        return [*asks(planning)]

    def plans(_number: int) -> int:
        with app.app_context():
            return deliver.plan_owed()

    monkeypatch.setattr(Sweep, "missing", all_together)
    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(plans, range(10))) == 60
    monkeypatch.undo()
    reminders.tick("a")
    found = verdict(database)
    assert (found.due, found.faults) == (60, [])


@pytest.mark.parametrize(
    "jump", [timedelta(days=1), timedelta(days=-1), timedelta(days=3652)], ids=["+1", "-1", "+10y"]
)
def test_a_clock_that_jumps_and_comes_back_loses_and_doubles_nothing(
    case_id: int, clock: TestClock, database: Database, jump: timedelta
) -> None:
    office.add_dates(case_id, [0, 1, 3, 7])
    reminders.tick("before")
    clock.advance(seconds=jump.total_seconds())
    reminders.tick("while it was wrong")
    clock.advance(seconds=-jump.total_seconds())
    for _ in range(3):  # and stands still
        reminders.tick("after")
    keys = list(db.session.scalars(sa.select(InboxMessage.dedupe_key)))
    assert len(keys) == len(set(keys))
    found = verdict(database)
    assert (found.lost, found.doubled) == (0, 0)


def test_a_date_that_moves_while_it_is_sent_is_never_told_as_it_was(
    case_id: int, clock: TestClock, database: Database
) -> None:
    numbers = office.add_dates(case_id, [0] * 30)
    deliver.plan_owed()
    for number in numbers:
        [claimed] = deliver.claim("slow", limit=1)
        moved = db.session.get_one(OutboxMessage, claimed.id).deadline_id
        db.session.rollback()
        with transaction():
            row = db.session.get_one(Deadline, moved)
            row.due_on = row.remind_on = office.DAY + timedelta(days=7 + number % 2 * 193)
            row.version += 1
        assert not deliver.finish(claimed)
    reminders.tick("after")
    found = verdict(database)
    assert (found.due, found.faults) == (30, [])
