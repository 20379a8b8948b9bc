"""The timetable: jobs run by name, log what they did, and catch up by themselves."""

import signal
import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.cli import main
from worker_legal.domain import audit, portal, reminders
from worker_legal.domain.permissions import Actor
from worker_legal.errors import NotFound
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db
from worker_legal.jobs import runner, schedule

SYSTEM = Actor.system("tests")


def _log(*days_ago: int, clock: TestClock) -> None:
    today = clock.today
    for days in days_ago:
        clock.move_to(today - timedelta(days=days))
        audit.record(SYSTEM, "view", "case", 1)
        db.session.flush()
    clock.move_to(today)
    db.session.commit()


def _sealed() -> list[date]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(audit.AuditSeal.day).order_by(audit.AuditSeal.day)))


def test_every_job_has_a_name_of_its_own() -> None:
    names = [job.name for job in schedule.JOBS]
    assert len(names) == len(set(names))


def test_an_unknown_job_is_refused(app: Flask) -> None:
    with pytest.raises(NotFound):
        runner.run("mow-the-lawn", app)


def test_reminding_gives_a_sign_of_life(app: Flask) -> None:
    runner.run("remind", app)
    db.session.rollback()
    assert not reminders.health().is_silent


def test_a_round_without_work_is_not_logged(app: Flask) -> None:
    runner.run("remind", app)
    assert reminders.runs() == []


def test_when_a_job_last_ran_is_known_also_without_work(
    app: Flask, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_noted", {})
    begun = wall.now()
    for _ in range(3):
        runner.run("seal-log", app)
        clock.advance(minutes=2)
    db.session.rollback()
    assert reminders.job_clocks()["seal-log"].started_at == begun
    clock.advance(minutes=1)
    runner.run("seal-log", app)
    db.session.rollback()
    last = reminders.job_clocks()["seal-log"]
    assert (last.started_at, last.result, last.is_failure) == (wall.now(), "", False)


def test_a_round_that_did_something_is_logged(app: Flask, clock: TestClock) -> None:
    _log(1, clock=clock)
    runner.run("seal-log", app)
    db.session.rollback()
    [run] = reminders.runs()
    assert (run.job, run.result, run.is_failure) == ("seal-log", "days=1 last=2026-11-22", False)


def test_a_failing_job_is_logged_with_its_kind_only(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> str:
        raise ValueError("999000198506150017")

    broken = schedule.Job("broken", "broken", fails, "interval", {"seconds": 30})
    monkeypatch.setattr(runner, "JOBS", (broken,))
    with pytest.raises(ValueError, match="999000"):
        runner.run("broken", app)
    db.session.rollback()
    assert [(run.result, run.is_failure) for run in reminders.runs()] == [("ValueError", True)]


def test_every_finished_day_is_sealed_without_a_gap(app: Flask, clock: TestClock) -> None:
    _log(4, 1, clock=clock)
    runner.run("seal-log", app)
    assert _sealed() == [date(2026, 11, day) for day in (19, 20, 21, 22)]


def test_sealing_twice_changes_nothing(app: Flask, clock: TestClock) -> None:
    _log(2, clock=clock)
    runner.run("seal-log", app)
    assert runner.run("seal-log", app) == ""


def test_the_running_day_is_not_sealed(app: Flask, clock: TestClock) -> None:
    _log(0, clock=clock)
    runner.run("seal-log", app)
    assert _sealed() == []


def test_a_sealed_log_is_whole(app: Flask, clock: TestClock) -> None:
    _log(3, 2, 1, clock=clock)
    runner.run("seal-log", app)
    db.session.rollback()
    assert audit.verify() == []


def test_ended_sessions_of_workers_go(app: Flask, clock: TestClock) -> None:
    centre = make.make_office()
    case = make.make_case(centre, SYSTEM)
    portal.sign_in(portal.issue_code(SYSTEM, case, case.lead_worker_id or 0), "203.0.113.9")
    db.session.commit()
    clock.advance(days=1)
    assert runner.run("forget-sessions", app) == "sessions=1"


def test_the_timetable_starts_with_a_round_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = threading.Event()

    def work() -> str:
        ran.set()
        return ""

    job = schedule.Job("remind", "remind", work, "interval", {"seconds": 30})
    monkeypatch.setattr(runner, "JOBS", (job,))
    scheduler = runner.start_background(app)
    assert ran.wait(10)
    scheduler.shutdown(wait=True)


def test_a_late_tick_is_not_dropped() -> None:
    wanted = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    assert wanted == runner.DEFAULTS


@pytest.mark.parametrize("command", ["scheduler", "run-job", "serve"])
def test_the_command_line_knows_it(command: str) -> None:
    assert command in main.commands


def test_a_job_that_breaks_in_the_thread_does_not_stop_the_timetable(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> str:
        raise ValueError

    broken = schedule.Job("broken", "broken", fails, "interval", {"seconds": 30})
    monkeypatch.setattr(runner, "JOBS", (broken,))
    runner._run_quietly("broken", app)
    assert "job broken failed" in caplog.text


def test_its_own_process_stops_when_told_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran, waiting = [], threading.get_ident()

    def work() -> str:
        ran.append(True)
        signal.pthread_kill(waiting, signal.SIGTERM)
        return ""

    job = schedule.Job("stop", "stop", work, "interval", {"seconds": 30})
    monkeypatch.setattr(runner, "JOBS", (job,))
    runner.serve(app)
    assert ran == [True]


def test_dates_not_announced_are_an_alarm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "unannounced", lambda: 7)
    assert runner.run("reconcile", app) == "unannounced=7"


def test_when_all_is_announced_there_is_nothing_to_say(app: Flask) -> None:
    assert runner.run("reconcile", app) == ""


def test_a_clock_in_trouble_is_in_the_log(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = reminders.Tick(planned=0, withdrawn=0, delivered=2, trouble="clocks_differ")
    monkeypatch.setattr(reminders, "tick", lambda: done)
    assert runner.run("remind", app) == "trouble=clocks_differ delivered=2"


def test_what_a_round_did_is_in_the_log(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = reminders.Tick(planned=3, withdrawn=1, delivered=2)
    monkeypatch.setattr(reminders, "tick", lambda: done)
    assert runner.run("remind", app) == "planned=3 withdrawn=1 delivered=2"
