"""Fixtures for every test; the work behind them is in tests/support."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import worker_legal
from tests.builders import make_actor, make_office
from tests.support.clocks import MORNING, TestClock
from tests.support.pages import PageClient
from tests.support.servers import serving
from tests.support.settings import Database, make_settings
from worker_legal.config import Settings
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock as system_clock
from worker_legal.infra.db import db, transaction

pytest_plugins = [
    "tests.support.browser",
    "tests.support.databases",
    "tests.support.strictness",
]


@pytest.fixture
def clock() -> Iterator[TestClock]:
    """A stopped clock: Monday 2026-11-23, half past nine in China."""
    system_clock.fix(MORNING)
    yield TestClock()
    system_clock.fix(None)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """The settings of an installation that exists for one test."""
    return make_settings(database.url, tmp_path / "instance")


@pytest.fixture
def app(settings: Settings, clock: TestClock) -> Iterator[Flask]:
    """The application on an empty database, with its context open for domain calls."""
    settings.instance_dir.mkdir(exist_ok=True)
    application = worker_legal.create_app(settings)
    application.test_client_class = PageClient
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def centre(app: Flask) -> OrgUnit:
    """An office with its centre, which offers every service."""
    with transaction():
        return make_office()


@pytest.fixture
def actor(centre: OrgUnit) -> Actor:
    """The director of the centre."""
    with transaction():
        return make_actor(centre, Role.DIRECTOR)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without a screen, for staff pages; signed in as nobody."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def portal_client(app: Flask) -> PageClient:
    """A second browser without a screen, for the worker."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands of the application."""
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def base_url() -> None:
    """Pages are opened by full address; in place of the plugin's own, which warns."""


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of a real server over the test's own database."""
    with serving(app) as address:
        yield address
