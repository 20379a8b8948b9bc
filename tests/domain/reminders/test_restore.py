"""After a restore nothing leaves before a person has confirmed it, then only what is unsent."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.config import Settings
from worker_legal.domain import org, reminders
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders.models import Heartbeat, InboxMessage, OutboxMessage
from worker_legal.infra.db import db, transaction
from worker_legal.jobs import runner


@pytest.fixture
def dates(centre: org.OrgUnit) -> None:
    with transaction():
        handler = make.make_user(centre, Role.MEDIATOR)
        make.make_dates(make.make_case(centre, handler_id=handler.id), 0, 1, 7)


def _restore_of(days: int) -> None:
    """The database as a backup of so many days ago had it."""
    with transaction():
        db.session.execute(sa.delete(InboxMessage).where(InboxMessage.step == "day-7"))
        late = sa.select(OutboxMessage.id).where(OutboxMessage.step == "day-7")
        db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.in_(late)))
        beat = db.session.scalars(sa.select(Heartbeat)).one()
        beat.at -= timedelta(days=days)


def _inbox() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(InboxMessage.dedupe_key)))


def test_a_restored_database_sends_nothing_before_it_is_confirmed(
    app: Flask, dates: None, actor: Actor, clock: TestClock
) -> None:
    runner.run("remind", app)
    whole = _inbox()
    with transaction():
        db.session.execute(sa.text("DELETE FROM delivery_attempt"))
    _restore_of(7)
    clock.advance(seconds=30)
    for _ in range(3):
        assert "trouble=restored" in runner.run("remind", app)
    assert len(_inbox()) == len(whole) - 1
    assert (reminders.health().trouble, reminders.health().is_well) == ("restored", False)
    with transaction():
        reminders.confirm_restore(actor)
    runner.run("remind", app)
    assert _inbox() == whole
    assert "trouble" not in runner.run("remind", app)


def test_an_ordinary_stop_is_no_restore(app: Flask, dates: None, clock: TestClock) -> None:
    runner.run("remind", app)
    clock.advance(days=3)
    assert "trouble" not in runner.run("remind", app)


@pytest.mark.parametrize("content", ["", "nonsense", None])
def test_a_mark_that_cannot_be_read_stops_nothing(
    app: Flask, dates: None, settings: Settings, content: str | None
) -> None:
    runner.run("remind", app)
    mark = Path(settings.instance_dir) / "last-round"
    mark.unlink()
    if content is not None:
        mark.write_text(content)
    assert not reminders.went_back(Path(settings.instance_dir))


def test_the_jobs_page_shows_it_in_red_until_the_director_confirms(
    dates: None, centre: org.OrgUnit, client: PageClient
) -> None:
    with transaction():
        reminders.raise_fence()
        reminders.raise_fence()
        director = make.make_user(centre, Role.DIRECTOR)
    client.sign_in(director)
    page = client.page("/admin/jobs")
    assert "数据库从备份恢复过" in page.text
    page = client.submit(page, form="form[action$=restore]")
    assert not reminders.is_fenced()
    assert "数据库从备份恢复过" not in page.texts("h2")


# --- the address for watchers -------------------------------------------------------------


def test_the_watchers_address_is_green_while_the_timetable_is_alive(
    app: Flask, dates: None, client: PageClient, clock: TestClock
) -> None:
    runner.run("remind", app)
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")


def test_it_is_red_within_two_intervals_when_the_ticker_dies(
    app: Flask, dates: None, client: PageClient, clock: TestClock
) -> None:
    assert client.get("/health").status_code == 503
    runner.run("remind", app)
    clock.advance(seconds=61)
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()["reason"]) == (503, "silent")
