"""Workers are told of a hearing the day before: when, where, and to bring their paper (E7).

Nobody is told who asked not to be (A9), and the text names no person, employer or matter (W10).
It goes by the office's gateway for short texts, else it waits in the tray.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from worker_legal.domain import org
from worker_legal.domain.cases import Hearing, hearings_on
from worker_legal.domain.cases.models import CaseParty, ProceedingParty
from worker_legal.domain.parties import Worker
from worker_legal.domain.parties.models import opened
from worker_legal.domain.permissions import Actor
from worker_legal.domain.reminders import texts
from worker_legal.domain.reminders.models import OutboxState
from worker_legal.domain.reminders.outside import name_of
from worker_legal.domain.reminders.routes import Route, office_uses
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, coded, db
from worker_legal.infra.letters import Letter

# The hour in China from which the workers of the next day's hearings are told.
HOUR = timedelta(hours=10)
# So long without getting through, and a person sees to it.
TRAY_AFTER = timedelta(hours=1)


class WorkerMessage(Base):
    """A message to one worker about one hearing; no text is kept."""

    __tablename__ = "worker_message"
    __table_args__ = (sa.UniqueConstraint("dedupe_key"), sa.Index(None, "state", "available_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    # proceeding : instant of the hearing : worker
    dedupe_key: Mapped[str] = mapped_column(sa.String(200))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("worker.id"))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    route: Mapped[Route] = mapped_column(coded(Route))
    state: Mapped[OutboxState] = mapped_column(coded(OutboxState), default=OutboxState.READY)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.String(120), default="")
    provider_ref: Mapped[str] = mapped_column(sa.String(120), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))

    worker: Mapped[Worker] = relationship(lazy="raise_on_sql")


def plan_summons() -> int:
    """Owe a message for each hearing ahead until the end of tomorrow; withdraw what fell away.

    Asked of the hearings each time, so running it late or twice changes nothing.
    """
    rows = {row["dedupe_key"]: row for hearing in _ahead() for row in _rows(hearing)}
    stale = (
        sa.update(WorkerMessage)
        .where(WorkerMessage.state == OutboxState.READY)
        .where(WorkerMessage.dedupe_key.not_in(list(rows)))
        .values(state=OutboxState.CANCELLED)
    )
    db.session.execute(stale.execution_options(synchronize_session=False))
    late = (
        sa.update(WorkerMessage)
        .where(WorkerMessage.state == OutboxState.READY, WorkerMessage.route == Route.SMS)
        .where(WorkerMessage.created_at <= clock.now() - TRAY_AFTER)
        .values(route=Route.BY_HAND)
    )
    db.session.execute(late.execution_options(synchronize_session=False))
    if not rows:
        return 0
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(WorkerMessage).values(list(rows.values()))
    once = fresh.on_conflict_do_nothing(index_elements=["dedupe_key"])
    return len(db.session.execute(once.returning(WorkerMessage.id)).all())


def claim_summons(lease: timedelta, most: int, limit: int) -> list[tuple[int, int, int]]:
    """Take the next messages for the gateway under a lease: id, fence and tries of each."""
    now = clock.now()
    picked = (
        sa.select(WorkerMessage.id)
        .where(
            WorkerMessage.route == Route.SMS,
            WorkerMessage.state == OutboxState.READY,
            WorkerMessage.available_at <= now,
            WorkerMessage.attempts < most,
        )
        .order_by(WorkerMessage.held_at, WorkerMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    taken = (
        sa.update(WorkerMessage)
        .where(WorkerMessage.id.in_(sa.select(picked.c.id)))
        .values(
            available_at=now + lease,
            fence=WorkerMessage.fence + 1,
            attempts=WorkerMessage.attempts + 1,
        )
        .returning(WorkerMessage.id, WorkerMessage.fence, WorkerMessage.attempts)
        .execution_options(synchronize_session=False)
    )
    return sorted((row.id, row.fence, row.attempts) for row in db.session.execute(taken))


def summons(message_id: int) -> Letter | None:
    """The message in words, to the worker's phone; None when it is not wanted any more."""
    row = db.session.scalar(
        sa.select(WorkerMessage)
        .where(WorkerMessage.id == message_id, WorkerMessage.state == OutboxState.READY)
        .options(joinedload(WorkerMessage.worker))
        .execution_options(populate_existing=True)
    )
    if row is None or row.held_at <= clock.now():
        return None
    return Letter(name_of(row.dedupe_key), opened(row.worker, "phone"), "", text_of(row))


def text_of(row: WorkerMessage) -> str:
    """What the worker reads."""
    office = org.find_office()
    return texts.summons(office.prefix if office else "", row.held_at, row.place)


def mark_summons(message_id: int, fence: int, **values: Any) -> None:
    """Write down what became of a message, by the fence of its claim."""
    marked = (
        sa.update(WorkerMessage)
        .where(
            WorkerMessage.id == message_id,
            WorkerMessage.fence == fence,
            WorkerMessage.state == OutboxState.READY,
        )
        .values(**values)
    )
    db.session.execute(marked.execution_options(synchronize_session=False))


def _ahead() -> list[Hearing]:
    now = clock.now()
    today = clock.today()
    days = [today]
    if now >= clock.start_of(today) + HOUR:
        days.append(today + timedelta(days=1))
    actor = Actor.system("summons")
    found = [hearing for day in days for hearing in hearings_on(actor, day)]
    return [each for each in found if each.at > now and not each.case.quiet_contact]


def _rows(hearing: Hearing) -> Iterator[dict[str, Any]]:
    now, held_at = clock.now(), hearing.at
    place = _harmless(hearing)
    route = _route()
    for worker_id in db.session.scalars(_workers(hearing)):
        yield {
            "dedupe_key": f"{hearing.proceeding.id}:{held_at.isoformat()}:{worker_id}",
            "case_id": hearing.case.id,
            "worker_id": worker_id,
            "held_at": held_at,
            "place": place,
            "route": route,
            "state": OutboxState.READY,
            "created_at": now,
            "available_at": now,
            "fence": 0,
            "attempts": 0,
            "last_error": "",
            "provider_ref": "",
        }


def _workers(hearing: Hearing) -> sa.Select[tuple[int]]:
    """The workers a hearing is for who have left a number."""
    return (
        sa.select(Worker.id)
        .join(CaseParty, CaseParty.worker_id == Worker.id)
        .join(ProceedingParty, ProceedingParty.case_party_id == CaseParty.id)
        .where(
            ProceedingParty.proceeding_id == hearing.proceeding.id,
            CaseParty.removed_at.is_(None),
            Worker.phone_enc.is_not(None),
        )
        .order_by(Worker.id)
    )


def _route() -> Route:
    return Route.SMS if office_uses(Route.SMS) else Route.BY_HAND


def _harmless(hearing: Hearing) -> str:
    """The place, unless somebody wrote a name of the case into it."""
    query = (
        sa.select(CaseParty)
        .where(CaseParty.case_id == hearing.case.id)
        .options(joinedload(CaseParty.worker), joinedload(CaseParty.employer))
    )
    names = [
        party.name
        for row in db.session.scalars(query)
        for party in (row.worker, row.employer)
        if party is not None
    ]
    return "" if any(_names(name, hearing.place) for name in names) else hearing.place


def _names(name: str, place: str) -> bool:
    """Whether a place names somebody, also by four characters of a company's name in a row."""
    parts = {name} if len(name) < 4 else {name[at : at + 4] for at in range(len(name) - 3)}
    return any(part in place for part in parts)
