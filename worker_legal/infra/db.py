"""The database: base class, types, the one transaction owner and optimistic locks."""

import enum
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError

from worker_legal.errors import StaleEdit
from worker_legal.i18n import N_

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# The execution option of a connection that is going to write.
WRITE = {"wl_write": True}
# Seconds a writer waits for another, and how soon it looks again whether SQLite is free.
PATIENCE = 30
LOOK_AGAIN = (0.001, 0.003)
SAFE_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


class Base(DeclarativeBase):
    """All tables; the naming convention lets migrations name every constraint."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant; naive values are refused, the database keeps UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def coded(kind: type[enum.Enum], name: str = "") -> sa.Enum:
    """A column that keeps an enum's value as text with a CHECK."""
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [str(member.value) for member in members],
    )


def driver_options(url: str) -> dict[str, Any]:
    """Engine options: SQLite by the bundled driver where there is one, pooled PostgreSQL else."""
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, "json_serializer": _json}
    patience = {"timeout": PATIENCE}
    options: dict[str, Any] = {"json_serializer": _json, "connect_args": patience}
    try:
        import pysqlite3
    except ImportError:
        return options
    return {**options, "module": pysqlite3}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable and let write transactions begin IMMEDIATE (threats, finding 5)."""
    if engine.dialect.name != "sqlite":
        return
    version = getattr(engine.dialect, "dbapi").sqlite_version_info  # noqa: B009 - untyped
    journal = "WAL" if wal_is_safe(version) else "DELETE"

    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("wl_write"):
            _queue_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _queue_to_write(connection: Connection) -> None:
    """Take the one write lock of SQLite as soon as it is free, or fail after PATIENCE seconds.

    SQLite itself looks again ever more rarely, up to ten times a second, and so misses the gaps
    between the short transactions of a job: a clerk would wait until the job is done.
    """
    door: Any = connection.connection.dbapi_connection
    busy = connection.dialect.loaded_dbapi.OperationalError
    until = time.monotonic() + PATIENCE
    door.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until:
            try:
                door.execute("BEGIN IMMEDIATE")
            except busy as error:
                if "locked" not in str(error):
                    raise
                time.sleep(random.uniform(*LOOK_AGAIN))  # noqa: S311 - no secret
            else:
                return
    finally:
        door.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is outside the WAL-reset race of 3.7.0-3.51.2 (threats, finding 4)."""
    if version >= SAFE_WAL[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in SAFE_WAL[1:])


@contextmanager
def transaction() -> Iterator[None]:
    """One action, all or nothing; opened by doors only (view, job, command)."""
    session = db.session()
    session.rollback()  # ends the reads of this request, so that SQLite may take the write lock
    try:
        session.connection(execution_options=WRITE)
        yield
        session.commit()
    except StaleDataError as stale:
        session.rollback()
        raise StaleEdit(N_("这条记录已被他人修改，请核对后再保存")) from stale
    except BaseException:
        session.rollback()
        raise


def expect_version(row: Any, version: int) -> None:
    """Refuse a form that was opened before somebody else saved the row.

    Raises StaleEdit.
    """
    if row.version != version:
        raise StaleEdit(N_("这条记录已被他人修改，请核对后再保存"))


def database_now() -> datetime:
    """The clock of the database server, to be compared with the host's (threats F10)."""
    if db.engine.dialect.name == "sqlite":
        text = str(db.session.scalar(sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%S', 'now')")))
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    read: datetime = db.session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return read.astimezone(UTC)


def migrations_folder() -> Path:
    """Alembic's folder: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    return inside if inside.exists() else package.parent / "migrations"


def is_up_to_date() -> bool:
    """Whether the database has the newest schema."""
    newest = (migrations_folder() / "HEAD").read_text().strip()
    if not sa.inspect(db.engine).has_table("alembic_version"):
        return False
    with db.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return bool(found == newest)


@dataclass(frozen=True)
class Keeper:
    """Which database keeps the data, how it journals, and whether that is known to be safe."""

    name: str
    version: str
    journal: str
    is_safe: bool


def keeper() -> Keeper:
    """The database as the health page shows it (threats, finding 4)."""
    if db.engine.dialect.name != "sqlite":
        version = str(db.session.scalar(sa.text("SHOW server_version")))
        return Keeper("PostgreSQL", version, "WAL", True)
    version = str(db.session.scalar(sa.text("SELECT sqlite_version()")))
    journal = str(db.session.scalar(sa.text("PRAGMA journal_mode"))).upper()
    numbers = tuple(int(part) for part in version.split("."))
    return Keeper("SQLite", version, journal, journal != "WAL" or wal_is_safe(numbers))
