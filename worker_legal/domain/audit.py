"""What was done, seen and taken out, by whom; append-only and sealed day by day."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain.permissions import Actor
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, db


class AuditEntry(Base):
    """One action: never holds personal values, only what was touched and why."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index(None, "object", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_label: Mapped[str] = mapped_column(sa.String(80))
    action: Mapped[str] = mapped_column(sa.String(60))
    object: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[int | None]
    org_path: Mapped[str] = mapped_column(sa.String(120), default="")
    ip: Mapped[str] = mapped_column(sa.String(45), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class AuditSeal(Base):
    """The digest of one day's entries, chained to the day before."""

    __tablename__ = "audit_seal"

    day: Mapped[date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    previous: Mapped[str] = mapped_column(sa.String(64))


def record(
    actor: Actor,
    action: str,
    thing: str,
    thing_id: int | None = None,
    org_path: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write one line of the log, in the transaction of the action itself."""
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_label=actor.label,
        action=action,
        object=thing,
        object_id=thing_id,
        org_path=org_path,
        ip=actor.ip,
        detail=detail,
    )
    db.session.add(entry)
    return entry


@dataclass(frozen=True)
class Wanted:
    """Which entries to show: of these days, by this person, of this kind; None means all."""

    first: date | None = None
    last: date | None = None
    actor_id: int | None = None
    action: str = ""


def search(
    paths: Sequence[str], wanted: Wanted, before: int | None, limit: int
) -> list[AuditEntry]:
    """The newest entries at these sites and below, continued before an entry's id.

    What concerns no site is shown to those who see the whole office only.
    """
    places = [AuditEntry.org_path.startswith(path) for path in paths]
    if any(path.count("/") == 2 for path in paths):
        places.append(AuditEntry.org_path == "")
    query = sa.select(AuditEntry).where(sa.or_(sa.false(), *places))
    if wanted.first is not None:
        query = query.where(AuditEntry.at >= clock.start_of(wanted.first))
    if wanted.last is not None:
        query = query.where(AuditEntry.at < clock.start_of(wanted.last + timedelta(days=1)))
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def last_seal() -> AuditSeal | None:
    """The newest sealed day."""
    return db.session.scalar(sa.select(AuditSeal).order_by(AuditSeal.day.desc()).limit(1))


def seal_day(day: date) -> AuditSeal:
    """Chain the entries of one finished day to the day before; sealing twice changes nothing."""
    sealed = db.session.get(AuditSeal, day)
    if sealed is not None:
        return sealed
    previous = _last_digest_before(day)
    count, digest = _digest(day, previous)
    sealed = AuditSeal(day=day, entries=count, digest=digest, previous=previous)
    db.session.add(sealed)
    return sealed


def unsealed_days(until: date) -> list[date]:
    """The days up to one that are not sealed yet, oldest first, so that the chain has no gap."""
    last = last_seal()
    if last is not None:
        first = last.day + timedelta(days=1)
    else:
        oldest = db.session.scalar(sa.select(sa.func.min(AuditEntry.at)))
        if oldest is None:
            return []
        first = clock.local(oldest).date()
    return [first + timedelta(days=count) for count in range((until - first).days + 1)]


def verify() -> list[date]:
    """The days whose entries no longer match their seal; empty when the log is whole."""
    wrong, previous = [], ""
    for seal in db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.day)):
        if seal.previous != previous or _digest(seal.day, previous) != (seal.entries, seal.digest):
            wrong.append(seal.day)
        previous = seal.digest
    return wrong


def _last_digest_before(day: date) -> str:
    query = sa.select(AuditSeal.digest).where(AuditSeal.day < day).order_by(AuditSeal.day.desc())
    return db.session.scalar(query.limit(1)) or ""


def _digest(day: date, previous: str) -> tuple[int, str]:
    start, end = clock.start_of(day), clock.start_of(day + timedelta(days=1))
    query = sa.select(AuditEntry).where(AuditEntry.at >= start, AuditEntry.at < end)
    total, digest = 0, hashlib.sha256(previous.encode())
    for row in db.session.scalars(query.order_by(AuditEntry.id)):
        total += 1
        fields = (row.id, row.at.isoformat(), row.actor_id, row.actor_label, row.action)
        more = (row.object, row.object_id, row.org_path, row.ip, row.detail)
        digest.update(json.dumps([*fields, *more], sort_keys=True).encode())
    return total, digest.hexdigest()
