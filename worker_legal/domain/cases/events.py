"""Appending to the timeline: the log is never changed, only mended by a correcting event."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case, CaseEvent, EventNote, Proceeding
from worker_legal.domain.permissions import Actor
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, EventKind


def add_event(
    actor: Actor,
    case: Case,
    kind: EventKind,
    on: date,
    *,
    proceeding: Proceeding | None = None,
    payload: Mapping[str, Any] | None = None,
    note: str = "",
    corrects: CaseEvent | None = None,
    retracts: bool = False,
    token: str = "",
) -> CaseEvent:
    """Write one event; the free text is sealed beside it.

    A token names the filled-in form it came from; the same form makes no second event.
    """
    event = CaseEvent(
        uid=_uid_of_form(case, token) if token else uuid.uuid4().hex,
        case_id=case.id,
        proceeding_id=proceeding.id if proceeding else None,
        kind=kind,
        happened_on=on,
        recorded_at=clock.now(),
        recorded_by=actor.user_id,
        recorded_label=actor.label,
        payload=dict(payload or {}),
        note_digest=hashlib.sha256(note.encode()).hexdigest() if note else "",
        corrects_id=corrects.id if corrects else None,
        is_retraction=retracts,
    )
    db.session.add(event)
    db.session.flush()
    if note:
        sealed = crypto.seal(note, f"event_note:text:{event.uid}")
        db.session.add(EventNote(event_id=event.id, text_enc=sealed))
    return event


def find_event(case: Case, token: str) -> CaseEvent | None:
    """The event that a form already sent has made, or None (threats K3)."""
    if not token:
        return None
    return db.session.scalar(sa.select(CaseEvent).where(CaseEvent.uid == _uid_of_form(case, token)))


def _uid_of_form(case: Case, token: str) -> str:
    return hashlib.sha256(f"{case.uid}:{token}".encode()).hexdigest()[:32]


def all_events(case: Case) -> list[CaseEvent]:
    """Every event of a case as written, oldest first."""
    query = sa.select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return list(db.session.scalars(query))


def effective(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """The events that count: without corrected and taken-back ones, by day and order of entry."""
    corrected = {event.corrects_id for event in events if event.corrects_id}
    current = [e for e in events if e.id not in corrected and not e.is_retraction]
    return sorted(current, key=lambda event: (event.happened_on, root_of(event, events).id))


def root_of(event: CaseEvent, events: Sequence[CaseEvent]) -> CaseEvent:
    """The event first written, however often it was corrected since; dates stay attached to it."""
    while event.corrects_id is not None:
        event = next(each for each in events if each.id == event.corrects_id)
    return event


def visits_of(case: Case, events: Sequence[CaseEvent]) -> int:
    """How often the worker came: the first time in person counts, and every visit since."""
    came = case.channel is Channel.WALK_IN
    return came + sum(event.kind is EventKind.VISIT for event in effective(events))


def notes_of(events: Sequence[CaseEvent]) -> dict[int, str]:
    """The free texts of events, opened for a person who may see the case."""
    uids = {event.id: event.uid for event in events}
    rows = db.session.scalars(sa.select(EventNote).where(EventNote.event_id.in_(uids)))
    return {
        row.event_id: crypto.unseal(row.text_enc, f"event_note:text:{uids[row.event_id]}")
        for row in rows
    }
