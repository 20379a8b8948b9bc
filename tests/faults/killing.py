"""Workers that deliver reminders, forked from a warmed parent and killed or paused at random."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask

import worker_legal
from tests.faults import history, office
from tests.support.settings import make_settings
from worker_legal.domain import reminders
from worker_legal.domain.reminders import Route, deliver
from worker_legal.domain.reminders.models import OutboxMessage, OutboxState
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.infra.letters import Letter
from worker_legal.jobs import runner

# Kills come about a thousand times more often than in life, so the lease is as much shorter,
# and a row may meet many deaths before it is thought to be the cause.
LEASE = 0.5
MANY_ATTEMPTS = 1_000
PAUSE = LEASE * 1.6
PAUSED_SHARE = 0.1
PER_KILL = 0.05
PATIENCE = 60.0
WAY = Route.WEBHOOK


@dataclass(frozen=True)
class Round:
    """One run: how many workers, how many kills and dates, and the seed of every choice."""

    seed: int
    workers: int
    kills: int
    dates: int


@dataclass(frozen=True)
class World:
    """The world outside: it writes down the name of each message before it says yes."""

    path: Path

    def send(self, letter: Letter) -> str:
        """Take a message; what is written is on the disk."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(handle, f"{letter.id}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        return letter.id


@dataclass
class Herd:
    """The workers of one round."""

    app: Flask
    plan: Round
    parent: int = field(default_factory=os.getpid)
    running: set[int] = field(default_factory=set)
    paused: dict[int, float] = field(default_factory=dict)
    kills: int = 0

    def run(self) -> None:
        """Kill or pause one of the workers every 10-90 ms until the number is reached."""
        draw = Random(self.plan.seed)
        patience = time.monotonic() + PATIENCE + self.plan.kills * 0.2
        try:
            for _ in range(self.plan.workers):
                self.running.add(self.fork(self._work))
            while self.kills < self.plan.kills and time.monotonic() < patience:
                time.sleep(draw.uniform(0.010, 0.090))
                self._hit(draw)
            self._wake(float("inf"))  # one that sleeps with the lock would keep the clerk out
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """No worker outlives the round."""
        for pid in (*self.running, *self.paused):
            _kill(pid)
        self.running, self.paused = set(), {}

    def fork(self, work: Callable[[], None]) -> int:
        """A child that does one thing and leaves without the parent's clean-up."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)

    def _hit(self, draw: Random) -> None:
        now = time.monotonic()
        self._wake(now)
        if not self.running:
            return
        victim = draw.choice(sorted(self.running))
        self.running.remove(victim)
        if draw.random() < PAUSED_SHARE:
            os.kill(victim, signal.SIGSTOP)
            self.paused[victim] = now + PAUSE
            return
        _kill(victim)
        self.kills += 1
        self.running.add(self.fork(self._work))

    def _wake(self, now: float) -> None:
        for pid in [pid for pid, until in self.paused.items() if until <= now]:
            del self.paused[pid]
            os.kill(pid, signal.SIGCONT)
            self.running.add(pid)

    def _work(self) -> None:
        until = time.monotonic() + 10 * PATIENCE
        while os.getppid() == self.parent and time.monotonic() < until:
            with suppress(Exception):  # a failed round is on record in the database
                runner.run("remind", self.app)
                runner.run(f"send-{WAY.value}", self.app)
            time.sleep(0.002)


def play(url: str, folder: Path, plan: Round) -> tuple[int, history.Verdict]:
    """One round on an empty database; gives the kills and what the checker found."""
    deliver.LEASE = timedelta(seconds=LEASE)
    deliver.STOP_AFTER = deliver.LEASE * 4 / 5
    deliver.MOST_ATTEMPTS = MANY_ATTEMPTS
    folder.mkdir(exist_ok=True)
    world = World(folder / "world.txt")
    world.path.write_text("")
    deliver.carrier = lambda _kind, _settings: world
    app = worker_legal.create_app(make_settings(url, folder))
    warm(app, plan)
    herd = Herd(app, plan)

    def keep() -> None:
        with app.app_context():
            office.keep_office(plan.seed, plan.dates // 2, plan.kills * PER_KILL)

    clerk = herd.fork(keep)
    try:
        herd.run()
        _, status = os.waitpid(clerk, 0)
        clerk = 0
    finally:
        if clerk:
            _kill(clerk)
        herd.end()
    settle(app)
    verdict = history.check(url, office.DAY, world.path)
    if status:
        verdict.blame("the office stopped", [status])
    return herd.kills, verdict


def warm(app: Flask, plan: Round) -> None:
    """Set the office up and go through the whole path once, so that children start fast."""
    clock.start_at(office.OPENING)
    with app.app_context():
        case_id = office.open_office(WAY)
        office.add_dates(case_id, [200], version=2)
        reminders.tick("warm")
        reminders.send(WAY, "warm")
        office.add_dates(case_id, office.near(Random(plan.seed), plan.dates // 2))
        clock.start_at(office.OPENING)
        db.session.remove()
        db.engine.dispose()


def settle(app: Flask) -> None:
    """Let the leases of the dead run out and deliver what is left, within a bounded time."""
    patience = time.monotonic() + 20
    left = sa.select(sa.func.count()).where(OutboxMessage.state == OutboxState.READY)
    with app.app_context():
        while time.monotonic() < patience:
            reminders.tick("after")
            reminders.send(WAY, "after")
            waiting = db.session.scalar(left)
            db.session.rollback()
            if not waiting and clock.now() > office.MORNING and not reminders.unannounced():
                break
            db.session.rollback()
            time.sleep(0.05)
        db.session.remove()
        db.engine.dispose()


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
