"""Ten tickers at once, some of which die: every inbox row exactly once (threats F13)."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import org, reminders
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver
from worker_legal.domain.reminders.models import InboxMessage, OutboxMessage
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db
from worker_legal.law.enums import DeadlineState, Who

TICKERS = 10
DATES = 120


@pytest.fixture
def keys(app: Flask) -> set[str]:
    """Many dates of one case that fall due today; gives the keys that must be delivered."""
    handler = make.make_user(make.make_office(), Role.MEDIATOR)
    case = make.make_case(org.centre(), handler_id=handler.id)
    rows = [
        Deadline(
            case_id=case.id,
            rule_code="mediation.end",
            rule_version="1",
            trigger_ref=f"event:{number}",
            due_on=wall.today(),
            remind_on=wall.today(),
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=date(2026, 1, 1),
        )
        for number in range(DATES)
    ]
    db.session.add_all(rows)
    db.session.commit()
    return {f"{row.id}:1:mediation.end:day-0:{handler.id}:inbox" for row in rows}


def _together(app: Flask, work: Callable[[int], Any]) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with app.app_context():
                work(number)
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(TICKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def _delivered() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(InboxMessage.dedupe_key)))


def test_ten_tickers_deliver_each_reminder_once(app: Flask, keys: set[str]) -> None:
    _together(app, lambda number: reminders.tick(f"ticker-{number}"))
    assert _delivered() == Counter(keys)


def test_nothing_is_sent_that_is_not_in_the_inbox(app: Flask, keys: set[str]) -> None:
    _together(app, lambda number: reminders.tick(f"ticker-{number}"))
    db.session.rollback()
    assert set(db.session.scalars(sa.select(OutboxMessage.state))) == {"sent"}


def test_workers_that_die_lose_and_double_nothing(
    app: Flask, keys: set[str], clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, lock, seen = deliver.put_in_inbox, threading.Lock(), [0]

    class DiedError(BaseException):
        pass

    def sometimes_dies(*values: Any) -> None:
        with lock:
            seen[0] += 1
            dies = seen[0] % 7 == 0
        put(*values)
        if dies:
            raise DiedError

    def work(number: int) -> None:
        try:
            reminders.tick(f"ticker-{number}")
        except DiedError:
            db.session.rollback()

    monkeypatch.setattr(deliver, "put_in_inbox", sometimes_dies)
    _together(app, work)
    monkeypatch.undo()
    clock.advance(minutes=6)
    reminders.tick("after")
    assert _delivered() == Counter(keys)


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", range(3))
def test_rounds_that_plan_the_same_rows_do_not_lock_one_another_out(
    app: Flask, keys: set[str], clock: TestClock, turn: int
) -> None:
    for _ in range(8):
        make.make_user(org.centre(), Role.DIRECTOR)
    db.session.commit()
    clock.advance(days=20)  # overdue: every director is told of every date
    start = threading.Barrier(TICKERS)

    def work(_: int) -> None:
        start.wait()
        deliver.plan_owed()

    _together(app, work)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == DATES * 9
