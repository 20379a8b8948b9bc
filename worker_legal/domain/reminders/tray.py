"""The tray: messages that a person prints or sends by hand, and ticks off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from worker_legal.domain import audit, org
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.sight import may_see
from worker_legal.domain.parties.models import opened
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders import plan, texts
from worker_legal.domain.reminders.models import OutboxMessage, OutboxState
from worker_legal.domain.reminders.routes import Route, address_of
from worker_legal.domain.reminders.setup import hint_of
from worker_legal.domain.reminders.summons import WorkerMessage, text_of
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db

RECENT = 20


@dataclass(frozen=True)
class Bundle:
    """What waits for one person: one text, for all the reminders up to `upto`."""

    addressee_id: int
    name: str
    hint: str
    text: str
    count: int
    since: datetime
    upto: int


@dataclass(frozen=True)
class Slip:
    """One message on paper, with the whole address."""

    name: str
    address: str
    text: str


@dataclass(frozen=True)
class Handed:
    """What was ticked off: to whom, when, by whom."""

    name: str
    count: int
    at: datetime
    by: str


def waiting(actor: Actor) -> list[Bundle]:
    """What waits in the tray for each person, of cases in sight, longest first."""
    bundles: dict[int, list[OutboxMessage]] = {}
    for row in db.session.scalars(_waiting(actor)):
        bundles.setdefault(row.addressee_id, []).append(row)
    people = _people(bundles)
    return [_bundle(people[person], rows) for person, rows in bundles.items()]


def tray_count(actor: Actor) -> int:
    """For how many people something waits."""
    query = _waiting(actor).with_only_columns(
        sa.func.count(sa.distinct(OutboxMessage.addressee_id))
    )
    return int(db.session.scalar(query.order_by(None)) or 0)


def slips(actor: Actor) -> list[Slip]:
    """Everything in the tray on paper, with addresses in clear; printing is written down."""
    staff = [
        Slip(bundle.name, address_of(bundle.addressee_id, Route.BY_HAND), bundle.text)
        for bundle in waiting(actor)
    ]
    workers = [
        Slip(row.worker.name, opened(row.worker, "phone"), text_of(row))
        for row, _ in db.session.execute(_for_workers(actor))
    ]
    centre = org.centre()
    count = len(staff) + len(workers)
    audit.record(actor, "print_tray", "message", None, centre.path or "", count=count)
    return [*staff, *workers]


def tick_off(actor: Actor, addressee_id: int, upto: int) -> int:
    """Note that a person's messages were sent by hand, up to the last one the page showed.

    Raises NotFound when none of them waits any more.
    """
    query = _waiting(actor).where(
        OutboxMessage.addressee_id == addressee_id, OutboxMessage.id <= upto
    )
    rows = list(db.session.scalars(query))
    if not rows:
        raise NotFound(N_("这条消息已经办过，或者不用送了"))
    now = clock.now()
    for row in rows:
        row.state, row.sent_at, row.handed_by_id = OutboxState.SENT, now, actor.user_id
    db.session.flush()
    centre = org.centre()
    audit.record(actor, "tick_off", "user", addressee_id, centre.path or "", count=len(rows))
    return len(rows)


def handed(actor: Actor) -> list[Handed]:
    """What was ticked off last."""
    by = sa.orm.aliased(User)
    query = (
        sa.select(User.display_name, sa.func.count(), OutboxMessage.sent_at, by.display_name)
        .select_from(OutboxMessage)
        .join(Case, Case.id == OutboxMessage.case_id)
        .join(User, User.id == OutboxMessage.addressee_id)
        .join(by, by.id == OutboxMessage.handed_by_id)
        .where(
            OutboxMessage.channel == Route.BY_HAND.value,
            OutboxMessage.state == OutboxState.SENT,
            may_see(actor, Action.HAND_OUT),
        )
        .group_by(User.display_name, OutboxMessage.sent_at, by.display_name)
        .order_by(OutboxMessage.sent_at.desc())
        .limit(RECENT)
    )
    return [Handed(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class ForWorker:
    """What waits for a worker: about which hearing, to what number."""

    id: int
    name: str
    hint: str
    text: str
    case_id: int
    case_no: str
    held_at: datetime


def waiting_for_workers(actor: Actor) -> list[ForWorker]:
    """Messages to workers that wait in the tray, of cases in sight, nearest hearing first."""
    rows = db.session.execute(_for_workers(actor)).all()
    return [
        ForWorker(
            row.id,
            row.worker.name,
            row.worker.masked_phone,
            text_of(row),
            row.case_id,
            case_no,
            row.held_at,
        )
        for row, case_no in rows
    ]


def tick_off_worker(actor: Actor, message_id: int) -> None:
    """Note that a worker was told by hand.

    Raises NotFound for a message that does not wait, or of a case out of sight.
    """
    found = db.session.execute(_for_workers(actor).where(WorkerMessage.id == message_id)).first()
    if found is None:
        raise NotFound(N_("这条消息已经办过，或者不用送了"))
    row = found[0]
    row.state, row.sent_at, row.handed_by_id = OutboxState.SENT, clock.now(), actor.user_id
    db.session.flush()
    centre = org.centre()
    audit.record(actor, "tick_off", "case", row.case_id, centre.path or "", count=1)


def _for_workers(actor: Actor) -> sa.Select[tuple[WorkerMessage, str]]:
    return (
        sa.select(WorkerMessage, Case.case_no)
        .join(Case, Case.id == WorkerMessage.case_id)
        .where(
            WorkerMessage.route == Route.BY_HAND,
            WorkerMessage.state == OutboxState.READY,
            WorkerMessage.held_at > clock.now(),
            may_see(actor, Action.HAND_OUT),
        )
        .options(joinedload(WorkerMessage.worker))
        .order_by(WorkerMessage.held_at, WorkerMessage.id)
    )


def _waiting(actor: Actor) -> sa.Select[tuple[OutboxMessage]]:
    return (
        sa.select(OutboxMessage)
        .join(Case, Case.id == OutboxMessage.case_id)
        .where(
            OutboxMessage.channel == Route.BY_HAND.value,
            OutboxMessage.state == OutboxState.READY,
            OutboxMessage.available_at <= clock.now(),
            plan.still_valid(),
            may_see(actor, Action.HAND_OUT),
        )
        .order_by(OutboxMessage.id)
    )


def _people(ids: Any) -> dict[int, User]:
    query = sa.select(User).where(User.id.in_(list(ids)))
    return {user.id: user for user in db.session.scalars(query)}


def _bundle(person: User, rows: Sequence[OutboxMessage]) -> Bundle:
    office = org.find_office()
    words = texts.outside(len(rows), office.prefix if office else "", person.language)
    return Bundle(
        person.id,
        person.display_name,
        hint_of(address_of(person.id, Route.BY_HAND)),
        words.text,
        len(rows),
        min(row.created_at for row in rows),
        max(row.id for row in rows),
    )
