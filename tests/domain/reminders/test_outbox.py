"""Several rows of the outbox are locked in the order of their numbers, wherever they lie."""

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from worker_legal.domain import org
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver, outbox
from worker_legal.domain.reminders.models import OutboxMessage, OutboxState
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction

WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def ids(app: Flask) -> list[int]:
    """Some rows, the first of which lies behind the others."""
    handler = make.make_user(make.make_office(), Role.MEDIATOR)
    case = make.make_case(org.centre(), handler_id=handler.id)
    make.make_dates(case, 0, 1, 3)
    db.session.commit()
    deliver.plan_owed()
    found = list(db.session.scalars(sa.select(OutboxMessage.id).order_by(OutboxMessage.id)))
    assert len(found) > 2
    with transaction():
        later = clock.now() + timedelta(seconds=1)  # another place in the table and its index
        db.session.execute(_row(found[0]).values(available_at=later))
    db.session.remove()
    return found


def _row(number: int) -> sa.Update:
    changed = sa.update(OutboxMessage).where(OutboxMessage.id == number)
    return changed.execution_options(synchronize_session=False)


@pytest.mark.postgres
def test_who_waits_for_the_first_row_holds_none_of_the_others(app: Flask, ids: list[int]) -> None:
    done: list[int] = []

    def change() -> None:
        with app.app_context():
            with transaction():
                done.append(outbox.change(OutboxMessage.state == OutboxState.READY, last_error="x"))
            db.session.remove()

    work = threading.Thread(target=change)
    with db.engine.connect() as holder, db.engine.connect() as other:
        holder.execute(_row(ids[0]).values(last_error="held"))
        work.start()
        until = time.monotonic() + 20
        while not other.scalar(WAITING) and time.monotonic() < until:
            time.sleep(0.01)
        others = sa.select(OutboxMessage.id).where(OutboxMessage.id > ids[0])
        free = other.scalars(others.with_for_update(skip_locked=True)).all()
        other.rollback()
        holder.rollback()
    work.join(20)
    assert sorted(free) == ids[1:]
    assert done == [len(ids)]


def test_only_rows_that_meet_the_conditions_are_changed(ids: list[int]) -> None:
    with transaction():
        changed = outbox.change(OutboxMessage.id.in_(ids[1:]), last_error="changed")
    assert changed == len(ids) - 1
    query = sa.select(OutboxMessage.id).where(OutboxMessage.last_error == "changed")
    assert sorted(db.session.scalars(query)) == ids[1:]
