"""Planning on SQLite: the one lock is held for the copying alone, and given away in between."""

from datetime import timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.faults import office
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.reminders import deliver, notepad
from worker_legal.domain.reminders.models import OutboxMessage
from worker_legal.domain.reminders.notepad import Notepad
from worker_legal.domain.reminders.sweep import Sweep
from worker_legal.infra.db import WRITE, db, transaction
from worker_legal.law.enums import DeadlineState


@pytest.fixture
def case_id(app: Flask) -> int:
    return office.open_office()


def outbox() -> list[OutboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxMessage)))


def test_who_finds_nothing_missing_waits_for_nobody(case_id: int) -> None:
    office.add_dates(case_id, [0])
    assert deliver.plan_owed() == 1
    with db.engine.connect() as other:
        other.execution_options(**WRITE)
        with other.begin():  # somebody else has the lock
            assert deliver.plan_owed() == 0


def test_what_is_missing_is_copied_in_batches(
    case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied, copy = [], Notepad.copy

    def counts(pad: Notepad, first: int) -> int:
        copied.append(copy(pad, first))
        return copied[-1]

    monkeypatch.setattr(notepad, "BATCH", 4)
    monkeypatch.setattr(Notepad, "copy", counts)
    office.add_dates(case_id, [0] * 10)
    assert (deliver.plan_owed(), copied) == (10, [4, 4, 2])
    assert len({message.deadline_id for message in outbox()}) == 10


def test_between_two_batches_another_writer_gets_in(
    app: Flask, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notepad, "BATCH", 1)
    office.add_dates(case_id, [0] * 40)
    started, seen = Event(), []
    copy = Notepad.copy

    def copies(pad: Notepad, first: int) -> int:
        started.set()
        return copy(pad, first)

    def saves() -> None:
        started.wait(10)
        with app.app_context(), transaction():
            seen.append(db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))))

    monkeypatch.setattr(Notepad, "copy", copies)
    clerk = Thread(target=saves)
    clerk.start()
    deliver.plan_owed()
    clerk.join(10)
    assert seen[0] < 40


@pytest.mark.parametrize("is_met", [False, True], ids=["moved", "met"])
def test_a_date_that_changed_after_the_noting_is_not_planned_as_it_was(
    case_id: int, is_met: bool
) -> None:
    [number] = office.add_dates(case_id, [0])
    with db.engine.connect() as connection:
        with connection.begin():
            pad = Notepad(connection, [*Sweep().missing()])
        with transaction():
            date = db.session.get_one(Deadline, number)
            date.due_on = date.remind_on = office.DAY + timedelta(days=7)
            date.version = 2
            date.state = DeadlineState.MET if is_met else DeadlineState.OPEN
        connection.execution_options(**WRITE)
        with connection.begin():
            assert pad.copy(1) == 0
    assert deliver.plan_owed() == (not is_met)
    assert {message.step for message in outbox()} == (set() if is_met else {"day-7"})
