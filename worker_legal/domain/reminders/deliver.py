"""Delivering what is owed: claim under a lease, put into the inbox or send, mark by the fence.

The one place in the domain that opens transactions itself: a claim must be committed before
the delivery, and the inbox row and the mark commit together (docs/adr, threats section 4).
"""

import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders import (
    hours,
    outbox,
    outside,
    plan,
    summons,
    texts,
    undelivered,
    untold,
)
from worker_legal.domain.reminders.models import (
    INBOX,
    DeliveryAttempt,
    Heartbeat,
    InboxMessage,
    OutboxMessage,
    OutboxState,
)
from worker_legal.domain.reminders.notepad import Notepad
from worker_legal.domain.reminders.outside import Parcel, Terms
from worker_legal.domain.reminders.restore import RESTORED, is_fenced
from worker_legal.domain.reminders.routes import OfficeRoute, Route, settings_of
from worker_legal.domain.reminders.setup import check_address
from worker_legal.domain.reminders.sweep import Sweep, put
from worker_legal.errors import OutsideFailure, WorkerLegalError
from worker_legal.infra import clock
from worker_legal.infra.channels import carrier
from worker_legal.infra.db import LOOK_AGAIN, WRITE, database_now, db, transaction
from worker_legal.infra.letters import Carrier, Letter

BATCH = 10
LEASE = timedelta(minutes=5)
# A batch stops at four fifths of its lease; what is left is claimed again after the lease.
STOP_AFTER = LEASE * 4 / 5
# Seconds between two batches of planning, in which a clerk who waits gets in.
GIVE_WAY = 2 * max(LOOK_AGAIN)
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
CLOCK_SLACK = timedelta(minutes=10)
CLOCKS_DIFFER = "clocks_differ"
CLOCK_WENT_BACK = "clock_went_back"

Item = TypeVar("Item")


class Claim(NamedTuple):
    """A reminder that this worker alone may deliver until its lease ends."""

    id: int
    fence: int
    attempts: int


@dataclass(frozen=True)
class Tick:
    """What one round did: reminders planned, withdrawn, put into inboxes."""

    planned: int
    withdrawn: int
    delivered: int
    trouble: str = ""


def tick(owner: str = "") -> Tick:
    """One round: give a sign of life, plan what is owed, deliver it. Harmless at any time."""
    trouble = _trouble()
    planned = 0 if trouble else plan_owed()
    with transaction():
        # after the planning: who died in it must find the last sign of life from before
        _beat(trouble)
    # each its own: within one transaction rows are locked in one order (`outbox.change`)
    with transaction():
        withdrawn = plan.withdraw()
    for work in (_park, hours.settle, undelivered.tell, untold.tell_of_workers):
        with transaction():
            work()
    delivered = 0 if trouble == RESTORED else deliver(owner or worker_name())
    return Tick(planned, withdrawn, delivered, trouble)


def plan_owed() -> int:
    """Put what is owed into the outbox; other writers get in meanwhile."""
    sweep = Sweep()
    if db.engine.dialect.name == "sqlite":
        return _plan_in_batches(sweep)
    written = 0
    for missing in sweep.missing():
        with transaction():  # each its own, so that `plan.ORDER` holds within it
            written += put(missing)
    return written


def _plan_in_batches(sweep: Sweep) -> int:
    written, missing = 0, [*sweep.missing()]
    db.session.rollback()  # one connection at a time
    with db.engine.connect() as connection:
        with connection.begin():
            pad = Notepad(connection, missing)
            batches = pad.batches()
        connection.execution_options(**WRITE)
        for first in batches:
            with connection.begin():
                written += pad.copy(first)
            time.sleep(GIVE_WAY)
    return written


def deliver(owner: str) -> int:
    """Deliver everything that is ready, oldest legal date first; gives how many."""
    delivered = 0
    while claims := claim(owner):
        delivered += sum(_deliver_one(each) for each in _within_lease(claims))
    return delivered


def worker_name() -> str:
    """How the outbox names this process while it holds a lease."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def claim(owner: str, limit: int = BATCH) -> list[Claim]:
    """Take some ready reminders of the inbox under a lease, in one short transaction.

    The claim raises fence and attempts, so a worker that dies is seen and needs no clean-up.
    """
    now = clock.now()
    picked = (
        sa.select(OutboxMessage.id)
        .where(
            OutboxMessage.channel == INBOX,
            OutboxMessage.state == OutboxState.READY,
            OutboxMessage.available_at <= now,
            OutboxMessage.attempts < MOST_ATTEMPTS,
            plan.still_valid(),
        )
        .order_by(OutboxMessage.legal_date, OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxMessage)
        .cte("picked")
    )
    taken = (
        sa.update(OutboxMessage)
        .where(OutboxMessage.id.in_(sa.select(picked.c.id)))
        .values(
            available_at=now + LEASE,
            lease_owner=owner,
            fence=OutboxMessage.fence + 1,
            attempts=OutboxMessage.attempts + 1,
        )
        .returning(
            OutboxMessage.id,
            OutboxMessage.fence,
            OutboxMessage.attempts,
            OutboxMessage.legal_date,
            OutboxMessage.due_at,
        )
        .execution_options(synchronize_session=False)
    )
    with transaction():
        rows = db.session.execute(taken).all()
    ordered = sorted(rows, key=lambda row: (row.legal_date, row.due_at, row.id))
    return [Claim(row.id, row.fence, row.attempts) for row in ordered]


def finish(claimed: Claim) -> bool:
    """Put a claimed reminder into the inbox and mark it sent, in one transaction.

    False when the lease was lost to another worker or the date has changed since.
    """
    started = clock.now()
    with transaction():
        marked = (
            sa.update(OutboxMessage)
            .where(
                OutboxMessage.id == claimed.id,
                OutboxMessage.fence == claimed.fence,
                OutboxMessage.state == OutboxState.READY,
                plan.still_valid(),
            )
            .values(state=OutboxState.SENT, sent_at=started)
            .execution_options(synchronize_session=False)
        )
        if not getattr(db.session.execute(marked), "rowcount", 0):
            return False
        message = db.session.get_one(OutboxMessage, claimed.id, populate_existing=True)
        put_in_inbox(message, started)
        _note_attempt(claimed, started, "inbox")
    return True


def put_in_inbox(message: OutboxMessage, now: datetime) -> None:
    """Add the inbox row; an earlier reminder of the same date to the same person gives way."""
    earlier = (
        sa.update(InboxMessage)
        .where(
            InboxMessage.addressee_id == message.addressee_id,
            InboxMessage.deadline_id == message.deadline_id,
            InboxMessage.dedupe_key != message.dedupe_key,
        )
        .values(is_replaced=True)
    )
    db.session.execute(earlier.execution_options(synchronize_session=False))
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = insert(InboxMessage).values(
        dedupe_key=message.dedupe_key,
        addressee_id=message.addressee_id,
        case_id=message.case_id,
        deadline_id=message.deadline_id,
        rule_code=message.rule_code,
        step=message.step,
        legal_date=message.legal_date,
        is_late=message.is_late or now - message.created_at > plan.LATE_AFTER,
        is_replaced=False,
        created_at=now,
    )
    db.session.execute(row.on_conflict_do_nothing(index_elements=["dedupe_key"]))


# --- outside ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What one round of a way outside did: messages accepted, and tried in vain."""

    accepted: int = 0
    failed: int = 0


def send(kind: Route, owner: str = "") -> Sent:
    """Send what is ready on one way outside, until nothing is left or the way needs a rest.

    Each way has a round of its own, so that one that hangs keeps neither the inbox nor another.
    """
    accepted = failed = 0
    if is_fenced():
        return Sent()
    terms = Terms(owner or worker_name(), LEASE, MOST_ATTEMPTS)
    while parcels := _claim_outside(kind, terms):
        for parcel in _within_lease(parcels):
            if not _may_send(kind):
                with transaction():
                    outside.release(parcel)
                continue
            is_accepted = _send_one(kind, parcel)
            accepted, failed = accepted + is_accepted, failed + (not is_accepted)
    return Sent(accepted, failed)


def send_summons() -> Sent:
    """Send workers their messages by the gateway for short texts; what will not go, to the tray."""
    accepted = failed = 0
    while claims := _claim_summons():
        for message_id, fence, attempts in _within_lease(claims):
            if not _may_send(Route.SMS):
                back = {"available_at": clock.now(), "attempts": attempts - 1}
                with transaction():
                    summons.mark_summons(message_id, fence, **back)
                continue
            is_accepted = _send_summons(message_id, fence, attempts)
            accepted, failed = accepted + is_accepted, failed + (not is_accepted)
    return Sent(accepted, failed)


def _claim_summons() -> list[tuple[int, int, int]]:
    with transaction():
        limit = outside.allowance(db.session.get(OfficeRoute, Route.SMS), BATCH)
        return summons.claim_summons(LEASE, MOST_ATTEMPTS, limit) if limit else []


def _send_summons(message_id: int, fence: int, attempts: int) -> bool:
    try:
        letter = summons.summons(message_id)
        if letter is None:
            return False
        way = _carrier(Route.SMS)
        db.session.rollback()
        reference = way.send(letter)
    except Exception as error:  # one bad number must not keep the others from their people
        reason = error.code if isinstance(error, OutsideFailure) else type(error).__name__
        again = {"available_at": clock.now() + backoff(attempts), "last_error": reason}
        if attempts >= MOST_ATTEMPTS:
            again |= {"route": Route.BY_HAND, "available_at": clock.now()}
        with transaction():
            summons.mark_summons(message_id, fence, **again)
            outside.note_failure(Route.SMS, reason)
        return False
    with transaction():
        done = {"state": OutboxState.SENT, "sent_at": clock.now(), "last_error": ""}
        summons.mark_summons(message_id, fence, provider_ref=reference[:120], **done)
        outside.note_success(Route.SMS)
    return True


@dataclass(frozen=True)
class Trial:
    """What the server outside said to the message of a test button."""

    reference: str = ""
    refusal: WorkerLegalError | None = None


def try_out(actor: Actor, kind: Route, to: str, language: str) -> Trial:
    """Send one message now, outside of any transaction, and give what the server said."""
    actor.require(Action.MANAGE_OFFICE)
    office = org.find_office()
    words = texts.trial(office.prefix if office else "", language)
    letter = Letter(secrets.token_hex(16), to, words.subject, words.text)
    try:
        check_address(kind, to, at="to")
        way = _carrier(kind)
        db.session.rollback()
        done = Trial(way.send(letter))
    except WorkerLegalError as error:
        done = Trial(refusal=error)
    with transaction():
        centre = org.centre()
        said = "accepted" if done.refusal is None else done.refusal.code
        audit.record(actor, "try_route", "route", None, centre.path or "", way=kind, result=said)
    return done


def _claim_outside(kind: Route, terms: Terms) -> list[Parcel]:
    with transaction():
        way = db.session.get(OfficeRoute, kind)
        limit = outside.allowance(way, BATCH)
        if way is None or not limit:
            return []
        claims = outside.claim(kind, terms, limit)
        if not claims and outside.is_down(way):
            outside.take_up_one(kind, MOST_ATTEMPTS)
            claims = outside.claim(kind, terms, limit)
        return claims


def _may_send(kind: Route) -> bool:
    way = db.session.get(OfficeRoute, kind, populate_existing=True)
    return bool(outside.allowance(way, BATCH))


def _send_one(kind: Route, parcel: Parcel) -> bool:
    """Send one message outside of any transaction, then mark it by the fence of its claim."""
    started = clock.now()
    parcel = outside.wanted(parcel)
    if not parcel.pieces:
        return False
    try:
        way, letter = _prepared(kind, parcel)
        db.session.rollback()  # the reads end here: while the server thinks, nothing is held
        reference = way.send(letter)
    except Exception as error:  # one bad message must not keep the others from their people
        reason = error.code if isinstance(error, OutsideFailure) else type(error).__name__
        wait = backoff(parcel.pieces[0].attempts)
        with transaction():
            outside.refuse(parcel, started, reason, wait, MOST_ATTEMPTS)
            outside.note_failure(kind, reason)
        return False
    with transaction():
        outside.accept(parcel, started, reference)
        outside.note_success(kind)
    return True


def _prepared(kind: Route, parcel: Parcel) -> tuple[Carrier, Letter]:
    return _carrier(kind), outside.letter(kind, parcel)


def _carrier(kind: Route) -> Carrier:
    settings = settings_of(db.session.get_one(OfficeRoute, kind, populate_existing=True))
    return carrier(kind.value, settings)


# --- both ---------------------------------------------------------------------------------


def _within_lease(claims: list[Item]) -> Iterator[Item]:
    started = clock.now()
    for each in claims:
        if clock.now() - started > STOP_AFTER:
            return
        yield each


def _deliver_one(claimed: Claim) -> bool:
    try:
        return finish(claimed)
    except Exception as error:  # one bad row must not keep the others from their people
        _fail(claimed, type(error).__name__)
        return False


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many tries, a little different each time."""
    jitter = timedelta(seconds=secrets.randbelow(10))
    return min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT) + jitter


def _fail(claimed: Claim, reason: str) -> None:
    now = clock.now()
    state = OutboxState.PARKED if claimed.attempts >= MOST_ATTEMPTS else OutboxState.READY
    with transaction():
        _note_attempt(claimed, now, reason)
        retry = (
            sa.update(OutboxMessage)
            .where(OutboxMessage.id == claimed.id, OutboxMessage.fence == claimed.fence)
            .where(OutboxMessage.state == OutboxState.READY)
            .values(
                state=state,
                available_at=now + backoff(claimed.attempts),
                last_error=reason,
                lease_owner="",
            )
        )
        db.session.execute(retry.execution_options(synchronize_session=False))


def _note_attempt(claimed: Claim, started: datetime, result: str) -> None:
    db.session.add(
        DeliveryAttempt(
            outbox_id=claimed.id,
            fence=claimed.fence,
            started_at=started,
            ended_at=clock.now(),
            result=result,
        )
    )


def _park() -> None:
    """Set aside what killed its worker at every try, so that a person sees it."""
    outbox.change(
        OutboxMessage.state == OutboxState.READY,
        OutboxMessage.attempts >= MOST_ATTEMPTS,
        OutboxMessage.available_at <= clock.now(),
        state=OutboxState.PARKED,
    )


def _trouble() -> str:
    """Why nothing may be planned now: clocks that differ, or time that went back (threats F10)."""
    if is_fenced():
        return RESTORED
    host, last = clock.host_now(), plan.last_sign_of_life()
    if abs(database_now() - host) > CLOCK_SLACK:
        return CLOCKS_DIFFER
    if last is not None and last.host_clock - host > CLOCK_SLACK:
        return CLOCK_WENT_BACK
    return ""


def _beat(trouble: str) -> None:
    """Write the sign of life with both clocks."""
    now, host, database = clock.now(), clock.host_now(), database_now()
    values = {"at": now, "db_clock": database, "host_clock": host, "trouble": trouble}
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    beat = insert(Heartbeat).values(name=plan.PLANNER, **values)
    db.session.execute(beat.on_conflict_do_update(index_elements=["name"], set_=values))
