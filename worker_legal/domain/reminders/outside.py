"""Reminders that leave the program: gathered per person, claimed, marked by their fence.

What leaves at one time to one person by one way is one message. Its name is made once, from the
first reminder in it, and stays at every try, so that the receiver can drop repeats. Nothing here
opens a transaction; `deliver` does, and sends outside of any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from worker_legal.domain import org
from worker_legal.domain.access import User
from worker_legal.domain.reminders import hours, outbox, plan, texts
from worker_legal.domain.reminders.models import DeliveryAttempt, OutboxMessage, OutboxState
from worker_legal.domain.reminders.routes import OfficeRoute, Route, address_of
from worker_legal.errors import OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.channels import DOWN
from worker_legal.infra.db import db
from worker_legal.infra.letters import Letter

MOST_IN_ONE = 500
ACCEPTED = "accepted"
# A way that failed so often in a row rests, at first for the shortest time.
FAILURES_BEFORE_REST = 3
SHORTEST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)
# Three days of quarters of an hour; what fails more often is left to a person.
MOST_CLAIMS = 300
# Nobody can send these; only a person can help.
HOPELESS = frozenset({"no_address", "disabled"})


class Piece(NamedTuple):
    """One reminder of a parcel under its claim."""

    id: int
    fence: int
    attempts: int


@dataclass(frozen=True)
class Parcel:
    """The reminders that go to one person as one message."""

    key: str
    addressee_id: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Terms:
    """Under what terms a worker claims: its name, the lease, and the most tries."""

    owner: str
    lease: timedelta
    most_attempts: int


def claim(kind: Route, terms: Terms, limit: int) -> list[Parcel]:
    """Take the next messages of a way under a lease, oldest legal date first."""
    now = clock.now()
    ready = (
        sa.select(
            OutboxMessage.id,
            OutboxMessage.addressee_id,
            OutboxMessage.digest,
            OutboxMessage.dedupe_key,
        )
        .where(
            OutboxMessage.channel == kind.value,
            OutboxMessage.state == OutboxState.READY,
            OutboxMessage.available_at <= now,
            OutboxMessage.attempts < terms.most_attempts,
            plan.still_valid(),
            _is_its_time(),
        )
        .order_by(OutboxMessage.legal_date, OutboxMessage.due_at, OutboxMessage.id)
        .limit(MOST_IN_ONE)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    groups: dict[tuple[int, str], list[Any]] = {}
    for row in db.session.execute(ready):
        groups.setdefault((row.addressee_id, row.digest), []).append(row)
    return [_take(rows, terms, now) for rows in list(groups.values())[:limit]]


def _is_its_time() -> sa.ColumnElement[bool]:
    """Asked anew at each claim: a message that failed must not be tried again at night."""
    starts = hours.next_opening()
    if starts <= clock.now():
        return sa.true()
    return ~hours.can_wait(OutboxMessage.channel, OutboxMessage.legal_date, starts)


def _take(rows: Sequence[Any], terms: Terms, now: datetime) -> Parcel:
    key = rows[0].digest or rows[0].dedupe_key
    taken = (
        sa.update(OutboxMessage)
        .where(OutboxMessage.id.in_([row.id for row in rows]))
        .values(
            available_at=now + terms.lease,
            lease_owner=terms.owner,
            fence=OutboxMessage.fence + 1,
            attempts=OutboxMessage.attempts + 1,
            digest=key,
        )
        .returning(OutboxMessage.id, OutboxMessage.fence, OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    )
    pieces = sorted(Piece(*row) for row in db.session.execute(taken))
    return Parcel(key, rows[0].addressee_id, tuple(pieces))


def wanted(parcel: Parcel) -> Parcel:
    """The parcel without reminders whose date has moved or was met since the claim."""
    ids = [piece.id for piece in parcel.pieces]
    query = sa.select(OutboxMessage.id).where(
        OutboxMessage.id.in_(ids),
        OutboxMessage.state == OutboxState.READY,
        plan.still_valid(),
    )
    valid = set(db.session.scalars(query))
    return replace(parcel, pieces=tuple(p for p in parcel.pieces if p.id in valid))


def letter(kind: Route, parcel: Parcel) -> Letter:
    """The message in the person's language; it says how many dates, and nothing of any case.

    Raises OutsideFailure when the person cannot be reached by this way at all.
    """
    person = db.session.get_one(User, parcel.addressee_id, populate_existing=True)
    if person.disabled_at is not None:
        raise OutsideFailure(N_("这个人的账号已停用"), code="disabled")
    address = address_of(person.id, kind)
    if not address:
        raise OutsideFailure(N_("没有填地址"), code="no_address")
    office = org.find_office()
    words = texts.outside(len(parcel.pieces), office.prefix if office else "", person.language)
    return Letter(name_of(parcel.key), address, words.subject, words.text)


def name_of(key: str) -> str:
    """The name of a message outside: the same at each try, and telling nothing."""
    return crypto.blind_index(key, "letter")[:32]


def accept(parcel: Parcel, started: datetime, reference: str) -> None:
    """Mark a message that the server outside took."""
    for piece in parcel.pieces:
        _note(piece, started, ACCEPTED, reference)
        _mark(piece, state=OutboxState.SENT, sent_at=clock.now(), last_error="")


def refuse(parcel: Parcel, started: datetime, reason: str, wait: timedelta, most: int) -> None:
    """Put a message back for a later try, or set it aside after the last."""
    again = clock.now() + wait
    for piece in parcel.pieces:
        _note(piece, started, reason, "")
        is_last = piece.attempts >= most or reason in HOPELESS
        state = OutboxState.PARKED if is_last else OutboxState.READY
        _mark(piece, state=state, available_at=again, last_error=reason, lease_owner="")


def release(parcel: Parcel) -> None:
    """Give back a message that was claimed and not tried."""
    for piece in parcel.pieces:
        _mark(piece, available_at=clock.now(), attempts=piece.attempts - 1, lease_owner="")


def _mark(piece: Piece, **values: Any) -> None:
    marked = (
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.id == piece.id,
            OutboxMessage.fence == piece.fence,
            OutboxMessage.state == OutboxState.READY,
        )
        .values(**values)
    )
    db.session.execute(marked.execution_options(synchronize_session=False))


def _note(piece: Piece, started: datetime, result: str, reference: str) -> None:
    db.session.add(
        DeliveryAttempt(
            outbox_id=piece.id,
            fence=piece.fence,
            started_at=started,
            ended_at=clock.now(),
            result=result[:120],
            provider_ref=reference[:120],
        )
    )


# --- the breaker --------------------------------------------------------------------------


def allowance(way: OfficeRoute | None, batch: int) -> int:
    """How many messages a way may be given now: none at rest, one to try whether it is back."""
    if way is None or not way.is_on:
        return 0
    if way.rests_until is not None and way.rests_until > clock.now():
        return 0
    return 1 if is_down(way) else batch


def note_success(kind: Route) -> None:
    """The way works; what was set aside because it did not is taken up again."""
    way = db.session.get_one(OfficeRoute, kind, populate_existing=True)
    if way.failures:
        _take_up(kind, 0)
    _set(kind, failures=0, rests_until=None, last_error="", last_accepted_at=clock.now())


def note_failure(kind: Route, reason: str) -> None:
    """Count a failure of the way itself; after some in a row it rests, longer each time."""
    if reason not in DOWN:
        return
    way = db.session.get_one(OfficeRoute, kind, populate_existing=True)
    failures = way.failures + 1
    over = failures - FAILURES_BEFORE_REST
    rest = min(SHORTEST_REST * (1 << min(max(over, 0), 10)), LONGEST_REST)
    rests_until = None if over < 0 else clock.now() + rest
    _set(kind, failures=failures, rests_until=rests_until, last_error=reason)


def _set(kind: Route, **values: Any) -> None:
    # no new version: how a way fares must not collide with the administrator's form
    changed = sa.update(OfficeRoute).where(OfficeRoute.kind == kind).values(**values)
    db.session.execute(changed.execution_options(synchronize_session=False))


def is_down(way: OfficeRoute) -> bool:
    """Whether a way failed so often in a row that it rests between tries."""
    return way.failures >= FAILURES_BEFORE_REST


def take_up_one(kind: Route, most: int) -> None:
    """Let a message that the outage set aside try whether the way is back, each in its turn."""
    first = (
        sa.select(OutboxMessage.digest)
        .where(*_set_aside(kind), _is_its_time())
        .order_by(OutboxMessage.fence, OutboxMessage.legal_date, OutboxMessage.id)
        .limit(1)
    )
    _take_up(kind, most - 1, OutboxMessage.digest == first.scalar_subquery())


def _take_up(kind: Route, attempts: int, *which: sa.ColumnElement[bool]) -> None:
    again = {"state": OutboxState.READY, "attempts": attempts, "available_at": clock.now()}
    outbox.change(*_set_aside(kind), *which, **again)


def _set_aside(kind: Route) -> tuple[sa.ColumnElement[bool], ...]:
    """Set aside because the way was down; the fence counts every claim there ever was."""
    return (
        OutboxMessage.channel == kind.value,
        OutboxMessage.state == OutboxState.PARKED,
        OutboxMessage.last_error.in_(sorted(DOWN)),
        OutboxMessage.fence < MOST_CLAIMS,
        plan.still_valid(),
    )
