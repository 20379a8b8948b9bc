"""While all is well somebody outside hears of it, so that silence is the alarm (threats 4.2.14)."""

from dataclasses import replace

import pytest
from flask import Flask

import worker_legal
from tests.support.clocks import TestClock
from worker_legal.config import Settings
from worker_legal.domain import reminders
from worker_legal.errors import BadInput, OutsideFailure
from worker_legal.infra import outward
from worker_legal.infra.db import db, transaction
from worker_legal.infra.outward import Answer
from worker_legal.jobs import runner

URL = "https://watch.example.org/ping/1234"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, watcher_url=URL)


class Watcher:
    """Hears the calls, and answers with a status."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.status = 200

    def post(self, url: str, body: bytes, _headers: object) -> Answer:
        assert not db.session().in_transaction()
        self.heard.append((url, body))
        return Answer(self.status, "")


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> Watcher:
    found = Watcher()
    monkeypatch.setattr(outward, "post", found.post)
    return found


def test_the_watcher_hears_while_rounds_run(app: Flask, watcher: Watcher) -> None:
    runner.run("remind", app)
    runner.run("call-watcher", app)
    assert watcher.heard == [(URL, b"")]
    assert reminders.runs() == []


def test_it_hears_nothing_once_rounds_stand_still(
    app: Flask, watcher: Watcher, clock: TestClock
) -> None:
    runner.run("call-watcher", app)  # there has been no round yet
    runner.run("remind", app)
    clock.advance(minutes=2)
    runner.run("call-watcher", app)
    assert watcher.heard == []


def test_it_hears_nothing_after_a_restore(app: Flask, watcher: Watcher) -> None:
    with transaction():
        reminders.raise_fence()
    runner.run("remind", app)
    runner.run("call-watcher", app)
    assert watcher.heard == []


def test_a_watcher_that_refuses_is_a_failure_in_the_log(app: Flask, watcher: Watcher) -> None:
    watcher.status = 404
    runner.run("remind", app)
    with pytest.raises(OutsideFailure):
        runner.run("call-watcher", app)
    db.session.rollback()
    assert [(run.job, run.is_failure) for run in reminders.runs()] == [("call-watcher", True)]


@pytest.mark.parametrize("url", ["http://watch.example.org/x", "https://10.0.0.7/x", "watch"])
def test_an_address_that_may_not_be_called_stops_the_start(settings: Settings, url: str) -> None:
    with pytest.raises(BadInput):
        worker_legal.create_app(replace(settings, watcher_url=url))


def test_without_an_address_nobody_is_called(
    app: Flask, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        app.extensions, "settings", replace(app.extensions["settings"], watcher_url="")
    )
    runner.run("remind", app)
    assert runner.run("call-watcher", app) == ""
    assert watcher.heard == []
