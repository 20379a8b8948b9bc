"""A model of the rules and the system agree after any sequence of events (threats 4.3)."""

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults import machine
from worker_legal.domain.reminders import deliver
from worker_legal.infra import clock

# so many sequences for each database; `dev.py faults --long` asks for more
SEQUENCES = int(os.environ.get("WL_SEQUENCES", "8"))


@pytest.mark.both_databases
@pytest.mark.slow
def test_any_sequence_ends_as_the_model_says(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = machine.World()
    monkeypatch.setattr(deliver, "carrier", lambda *_: world)
    monkeypatch.setattr(clock, "host_now", clock.now)
    monkeypatch.setattr(deliver, "database_now", lambda: clock.now() + world.ahead)
    office = machine.open_office()

    class Machine(machine.Machine):
        pass

    Machine.office, Machine.world = office, world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=30,
            deadline=None,
            phases=(Phase.generate,),  # a failure prints its steps; making it small takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
