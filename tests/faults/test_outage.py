"""Servers outside that refuse, hang, drip or drop: none lost, states right, others go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.faults import history, office
from tests.support.clocks import TestClock
from tests.support.outside import (
    Desk,
    Mailbox,
    mail_server,
    make_certificate,
    trusting,
    web_server,
)
from tests.support.settings import Database
from worker_legal.domain import reminders
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor
from worker_legal.domain.reminders import Route, outside, routes
from worker_legal.domain.reminders.models import InboxMessage, OutboxMessage, OutboxState
from worker_legal.infra import outward
from worker_legal.infra.db import db, transaction

MAIL = {"security": "starttls", "username": "", "password": "", "sender": "a@office.example"}
BROKEN = {
    "refuses": {},
    "busy at the door": {"GREETING": "421 busy"},
    "busy for one": {"RCPT": "451 later"},
    "no to one": {"RCPT": "550 unknown"},
    "no to the text": {"TAKEN": "554 no"},
    "hang": {},
    "drip": {},
    "drop_before_answer": {},
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def world(
    app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Mailbox, Desk]]:
    """One person with three dates, reached by inbox, e-mail and another system."""
    monkeypatch.setattr(outward, "_inner", frozenset({"127.0.0.1"}))
    monkeypatch.setattr(outward, "TOTAL_SECONDS", 0.2)
    monkeypatch.setattr(outward, "tls", trusting(certificate))
    case_id = office.open_office()
    with mail_server(certificate) as box, web_server() as desk:
        with transaction():
            person = db.session.get_one(Case, case_id).handler_id or 0
            settings = {**MAIL, "host": "localhost", "port": str(box.port)}
            routes.set_office_route(Route.EMAIL, True, settings)
            routes.set_office_route(Route.WEBHOOK, True, {"url": desk.url, "secret": "s"})
            routes.set_person_route(person, Route.EMAIL, "lin@office.example")
            routes.set_person_route(person, Route.WEBHOOK, "lin")
        office.add_dates(case_id, [0, 1, 3])
        yield box, desk


def _break(box: Mailbox, mood: str) -> None:
    box.mood = mood if mood in {"hang", "drip", "drop_before_answer"} else "well"
    box.answers = BROKEN[mood]
    if mood == "refuses":
        _move(1)


def _move(port: int) -> None:
    settings = {**MAIL, "host": "localhost", "port": str(port)}
    with transaction():
        way = db.session.get_one(routes.OfficeRoute, Route.EMAIL)
        kept = way.failures, way.rests_until
        routes.set_office_route(Route.EMAIL, True, settings)
        way.failures, way.rests_until = kept  # the server moved, nobody pressed a button


def _mend(box: Mailbox) -> None:
    box.mood, box.answers = "well", {}
    _move(box.port)


def _rows(channel: str) -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).where(OutboxMessage.channel == channel)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _states(channel: str) -> set[str]:
    return {row.state.value for row in _rows(channel)}


@pytest.mark.parametrize("mood", list(BROKEN))
def test_an_outage_loses_nothing_and_holds_up_nobody(
    world: tuple[Mailbox, Desk], clock: TestClock, database: Database, mood: str
) -> None:
    box, desk = world
    _break(box, mood)
    reminders.tick("a")
    reminders.send(Route.EMAIL, "a")
    assert reminders.send(Route.WEBHOOK, "a").accepted == 1
    assert (_states("inbox"), _states("webhook"), _states("email")) == (
        {"sent"},
        {"sent"},
        {"ready"},
    )
    for _ in range(5):
        clock.advance(minutes=15)
        reminders.send(Route.EMAIL, "a")
    reminders.tick("a")
    assert _states("email") == {"parked"}
    told = sa.select(sa.func.count()).where(InboxMessage.step == "undelivered")
    assert db.session.scalar(told) == 3
    _mend(box)
    clock.advance(minutes=16)
    if mood.startswith("no "):  # the address was wrong: a person looks and tries again
        with transaction():
            assert reminders.retry_all(Actor.system("tests")) == 3
    assert reminders.send(Route.EMAIL, "a").accepted == 1
    assert _states("email") == {"sent"}
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1
    assert len(desk.calls) == 1
    assert history.check(database.url, office.DAY).faults == []


def test_what_was_taken_before_the_line_dropped_is_taken(world: tuple[Mailbox, Desk]) -> None:
    box, _ = world
    box.mood = "drop_after_data"
    reminders.tick("a")
    assert reminders.send(Route.EMAIL, "a").accepted == 1
    assert (len(box.mails), _states("email")) == (1, {"sent"})


@pytest.mark.both_databases
def test_who_dies_between_taking_and_marking_repeats_the_name(
    world: tuple[Mailbox, Desk], clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    box, desk = world
    reminders.tick("a")
    with monkeypatch.context() as patched:
        patched.setattr(outside, "accept", dies)
        for kind in (Route.EMAIL, Route.WEBHOOK):
            with pytest.raises(KeyboardInterrupt):
                reminders.send(kind, "dies")
    clock.advance(minutes=5, seconds=1)
    for kind in (Route.EMAIL, Route.WEBHOOK):
        assert reminders.send(kind, "b").accepted == 1
    assert len(box.mails) == len(desk.calls) == 2
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1
    assert len({call.headers["webhook-id"] for call in desk.calls}) == 1
    assert {row.state for row in _rows("email")} == {OutboxState.SENT}
