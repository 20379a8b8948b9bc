"""Signing in: failures are counted in the database, so guessing is slow on every door."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain import audit, org
from worker_legal.domain.access.accounts import actor_for
from worker_legal.domain.access.models import Throttle, User
from worker_legal.domain.access.passwords import matches
from worker_legal.domain.permissions import Actor
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db

TRIES = 5
TRIES_OF_ADDRESS = 20
WINDOW = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Attempt:
    """How a try to sign in went: a person, or nobody; `wait` when it was not even looked at."""

    user: User | None = None
    wait: timedelta | None = None


def sign_in(username: str, password: str, ip: str) -> Attempt:
    """Check name and password unless either the name or the address is being guessed from.

    A try counts before it is checked and the caller commits it also on failure (threats A1, A3);
    unknown, shut and wrong take the same time and give the same answer (threats A4).
    """
    name = username.strip().lower()[:60]
    subjects = {f"user:{crypto.blind_index(name, 'username')[:40]}:{ip}": TRIES}
    subjects[f"addr:{ip}"] = TRIES_OF_ADDRESS
    for subject in subjects:
        lock(subject)
    waits = [left for left in map(wait_left, subjects) if left]
    if waits:
        return Attempt(wait=max(waits))
    user = db.session.scalar(sa.select(User).where(User.username == name))
    usable = user is not None and user.disabled_at is None
    if not matches(user.password_hash if user and usable else None, password) or user is None:
        for subject, tries in subjects.items():
            count_failure(subject, tries)
        audit.record(Actor(None, "", ip=ip), "sign_in_failed", "user", user.id if user else None)
        return Attempt()
    forget_failures(next(iter(subjects)))
    path = org.get_unit(user.org_unit_id).path or ""
    audit.record(actor_for(user, ip), "sign_in", "user", user.id, path)
    return Attempt(user)


def lock(subject: str) -> None:
    """Make sure a subject has a row, and hold it until the transaction ends."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = {"subject": subject, "failures": 0, "window_start": clock.now()}
    db.session.execute(insert(Throttle).values(row).on_conflict_do_nothing())
    db.session.get(Throttle, subject, with_for_update=True, populate_existing=True)


def wait_left(subject: str) -> timedelta | None:
    """How long a subject must still wait, or None."""
    row = db.session.get(Throttle, subject)
    if row is None or row.blocked_until is None or row.blocked_until <= clock.now():
        return None
    return row.blocked_until - clock.now()


def count_failure(subject: str, tries: int, first_wait: timedelta = timedelta(minutes=1)) -> None:
    """Count one failure; past `tries` in a quarter of an hour the subject waits, ever longer."""
    now = clock.now()
    lock(subject)
    row = db.session.get_one(Throttle, subject)
    if row.window_start + WINDOW < now:
        row.window_start, row.failures = now, 0
    row.failures += 1
    over = row.failures - tries
    if over >= 0:
        row.blocked_until = now + min(first_wait * 2 ** min(over, 4), LONGEST_WAIT)
    db.session.flush()


def forget_failures(subject: str) -> None:
    """Start counting anew, after a success."""
    db.session.execute(sa.delete(Throttle).where(Throttle.subject == subject))
