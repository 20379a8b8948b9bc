"""Delivery: exactly once in the inbox, whatever dies, hangs or runs twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver
from worker_legal.domain.reminders.models import (
    DeliveryAttempt,
    InboxMessage,
    OutboxMessage,
    OutboxState,
)
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import DeadlineState, Who


@pytest.fixture
def handler(app: Flask) -> access.User:
    user = make.make_user(make.make_office(), Role.MEDIATOR)
    db.session.commit()
    return user


@pytest.fixture
def case(handler: access.User) -> Case:
    case = make.make_case(org.centre(), handler_id=handler.id)
    db.session.commit()
    return case


def _dates(case: Case, count: int, first: date | None = None) -> list[int]:
    """Dates of one case, a day after the other; gives their numbers."""
    start = first or wall.today()
    rows = [
        Deadline(
            case_id=case.id,
            rule_code="mediation.end",
            rule_version="1",
            trigger_ref=f"event:{number}",
            due_on=start + timedelta(days=number % 4),
            remind_on=start + timedelta(days=number % 4),
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=date(2026, 1, 1),
        )
        for number in range(count)
    ]
    db.session.add_all(rows)
    db.session.commit()
    return [row.id for row in rows]


def _planned(case: Case, count: int = 1) -> None:
    _dates(case, count)
    deliver.plan_owed()


def _inbox() -> list[InboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboxMessage).order_by(InboxMessage.id)))


def _outbox() -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).order_by(OutboxMessage.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _states() -> list[str]:
    return [row.state.value for row in _outbox()]


def test_one_round_plans_and_delivers(case: Case) -> None:
    _dates(case, 1)
    assert reminders.tick("a") == reminders.Tick(planned=1, withdrawn=0, delivered=1)


def test_a_second_round_does_nothing(case: Case) -> None:
    _dates(case, 1)
    reminders.tick("a")
    assert reminders.tick("b") == reminders.Tick(planned=0, withdrawn=0, delivered=0)


def test_the_inbox_row_and_the_mark_come_together(case: Case) -> None:
    _planned(case)
    deliver.deliver("a")
    assert (_states(), len(_inbox())) == (["sent"], 1)


def test_a_claim_is_not_given_twice(case: Case) -> None:
    _planned(case)
    assert len(deliver.claim("a")) == 1
    assert deliver.claim("b") == []


def test_the_oldest_legal_date_comes_first(case: Case) -> None:
    _planned(case, 8)
    days = {row.id: row.legal_date for row in _outbox()}
    claimed = [days[each.id] for each in deliver.claim("a")]
    assert claimed == sorted(claimed)


def test_a_worker_that_died_is_replaced_after_its_lease(case: Case, clock: TestClock) -> None:
    _planned(case)
    deliver.claim("dead")
    assert deliver.deliver("b") == 0
    clock.advance(minutes=5, seconds=1)
    assert deliver.deliver("b") == 1
    assert len(_inbox()) == 1


def test_a_worker_that_overslept_its_lease_changes_nothing(case: Case, clock: TestClock) -> None:
    _planned(case)
    [slow] = deliver.claim("slow")
    clock.advance(minutes=6)
    deliver.deliver("b")
    assert deliver.finish(slow) is False
    assert len(_inbox()) == 1


def test_an_overslept_worker_cannot_spoil_a_newer_claim(case: Case, clock: TestClock) -> None:
    _planned(case)
    [slow] = deliver.claim("slow")
    clock.advance(minutes=6)
    [newer] = deliver.claim("b")
    assert deliver.finish(slow) is False
    assert deliver.finish(newer) is True


def test_a_crash_between_inbox_and_mark_leaves_neither(
    case: Case, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _planned(case)
    put = deliver.put_in_inbox

    def dies(*values: Any) -> None:
        put(*values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(deliver, "put_in_inbox", dies)
        [claimed] = deliver.claim("a")
        with pytest.raises(KeyboardInterrupt):
            deliver.finish(claimed)
    assert (_states(), _inbox()) == (["ready"], [])
    clock.advance(minutes=6)
    assert deliver.deliver("b") == 1


@pytest.fixture
def poison(case: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """One of ten reminders breaks whoever touches it; gives its number."""
    _planned(case, 10)
    bad = _outbox()[4].id
    put = deliver.put_in_inbox

    def breaks(message: OutboxMessage, *rest: Any) -> None:
        if message.id == bad:
            raise ValueError("poison")
        put(message, *rest)

    monkeypatch.setattr(deliver, "put_in_inbox", breaks)
    return bad


def test_a_poison_row_does_not_stop_the_others(poison: int) -> None:
    assert deliver.deliver("a") == 9


def test_a_poison_row_is_parked_after_five_tries(poison: int, clock: TestClock) -> None:
    for _ in range(8):
        deliver.deliver("a")
        clock.advance(minutes=16)
    parked = [row for row in _outbox() if row.state is OutboxState.PARKED]
    assert [(row.id, row.attempts, row.last_error) for row in parked] == [(poison, 5, "ValueError")]


def test_a_parked_row_is_seen(poison: int, clock: TestClock) -> None:
    for _ in range(6):
        reminders.tick("a")
        clock.advance(minutes=16)
    assert reminders.health().parked == 1


def test_a_row_that_kills_its_worker_each_time_is_parked(case: Case, clock: TestClock) -> None:
    _planned(case)
    for _ in range(5):
        assert len(deliver.claim("killed")) == 1
        clock.advance(minutes=6)
    reminders.tick("a")
    assert _states() == ["parked"]


def test_every_try_is_on_record(poison: int, clock: TestClock) -> None:
    deliver.deliver("a")
    clock.advance(minutes=16)
    deliver.deliver("a")
    query = sa.select(DeliveryAttempt.result).where(DeliveryAttempt.outbox_id == poison)
    assert db.session.scalars(query).all() == ["ValueError", "ValueError"]


def test_the_rest_of_a_batch_waits_when_the_lease_runs_out(
    case: Case, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _planned(case, 3)
    put = deliver.put_in_inbox

    def slowly(*values: Any) -> None:
        put(*values)
        clock.advance(minutes=4, seconds=30)

    monkeypatch.setattr(deliver, "put_in_inbox", slowly)
    claims = deliver.claim("slow")
    done = [deliver.finish(each) for each in deliver._within_lease(claims)]
    assert done == [True]


# --- dates that change --------------------------------------------------------------------


def _move(deadline_id: int, **changes: Any) -> None:
    with transaction():
        row = db.session.get_one(Deadline, deadline_id)
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1


def test_a_planned_reminder_of_a_moved_date_is_withdrawn(case: Case, clock: TestClock) -> None:
    [moved] = _dates(case, 1)
    deliver.plan_owed()
    _move(moved, due_on=date(2027, 3, 1), remind_on=date(2027, 3, 1))
    assert reminders.tick("a") == reminders.Tick(planned=1, withdrawn=1, delivered=1)
    assert [row.step for row in _inbox()] == ["moved"]


def test_a_date_that_moves_between_claim_and_delivery_reminds_nobody(case: Case) -> None:
    [moved] = _dates(case, 1)
    deliver.plan_owed()
    [claimed] = deliver.claim("a")
    _move(moved, due_on=date(2027, 3, 1))
    assert deliver.finish(claimed) is False
    assert _inbox() == []


def test_a_met_date_reminds_nobody_any_more(case: Case) -> None:
    [met] = _dates(case, 1)
    deliver.plan_owed()
    _move(met, state=DeadlineState.MET)
    assert deliver.deliver("a") == 0


def test_the_new_day_of_a_moved_date_is_announced(case: Case, clock: TestClock) -> None:
    [moved] = _dates(case, 1)
    reminders.tick("a")
    later = clock.today + timedelta(days=7)
    _move(moved, due_on=later, remind_on=later, known_on=clock.today)
    reminders.tick("a")
    assert [row.step for row in _inbox()] == ["day-0", "day-7"]


def test_a_later_reminder_takes_the_place_of_the_earlier(case: Case, clock: TestClock) -> None:
    _dates(case, 1, clock.today + timedelta(days=1))
    reminders.tick("a")
    clock.advance(days=1)
    reminders.tick("a")
    assert [row.is_replaced for row in _inbox()] == [True, False]


# --- catching up ------------------------------------------------------------------------------


def test_after_three_days_everything_comes_once_and_marked_late(
    case: Case, clock: TestClock
) -> None:
    reminders.tick("a")
    _dates(case, 40, clock.today + timedelta(days=3))
    clock.advance(days=3, minutes=1)
    reminders.tick("b")
    rows = _inbox()
    assert (len(rows), {row.is_late for row in rows}) == (40, {True})
    assert len({row.deadline_id for row in rows}) == 40


def test_a_delivery_that_had_to_wait_is_marked_late(case: Case, clock: TestClock) -> None:
    _planned(case)
    clock.advance(hours=2)
    deliver.deliver("a")
    assert [row.is_late for row in _inbox()] == [True]


def test_an_overdue_date_is_told_once_a_day(case: Case, clock: TestClock) -> None:
    _dates(case, 1)
    for _ in range(4):
        clock.advance(days=1)
        reminders.tick("a")
        reminders.tick("b")
    assert [row.step for row in _inbox()] == [f"late-2026-11-{day}" for day in (24, 25, 26, 27)]


# --- clocks -----------------------------------------------------------------------------------


def test_clocks_that_differ_stop_planning(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    _dates(case, 1)
    ahead = wall.host_now() + timedelta(minutes=20)
    monkeypatch.setattr(deliver, "database_now", lambda: ahead)
    assert reminders.tick("a").trouble == deliver.CLOCKS_DIFFER
    assert _outbox() == []


def test_a_clock_that_went_back_stops_planning_for_one_round(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = wall.host_now()
    with monkeypatch.context() as patched:
        patched.setattr(wall, "host_now", lambda: host + timedelta(days=1))
        patched.setattr(deliver, "database_now", lambda: host + timedelta(days=1))
        reminders.tick("a")
    _dates(case, 1)
    assert reminders.tick("a").trouble == deliver.CLOCK_WENT_BACK
    assert reminders.tick("a").planned == 1


def test_trouble_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_office()
    ahead = wall.host_now() + timedelta(minutes=20)
    monkeypatch.setattr(deliver, "database_now", lambda: ahead)
    reminders.tick("a")
    assert not reminders.health().is_well


# --- signs of life ----------------------------------------------------------------------------


def test_without_any_round_the_timetable_is_silent(app: Flask) -> None:
    assert reminders.health().is_silent


@pytest.mark.parametrize(("seconds", "silent"), [(60, False), (121, True)])
def test_two_minutes_without_a_round_are_silence(
    handler: access.User, clock: TestClock, seconds: int, silent: bool
) -> None:
    reminders.tick("a")
    clock.advance(seconds=seconds)
    assert reminders.health().is_silent is silent


def test_dates_not_yet_announced_are_counted(case: Case) -> None:
    _dates(case, 3)
    before = reminders.unannounced()
    reminders.tick("a")
    assert (before, reminders.unannounced()) == (3, 0)
