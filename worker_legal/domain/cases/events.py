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
from worker_legal.law.enums import EventKind


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
) -> CaseEvent:
    """Write one event; the free text is sealed beside it."""
    event = CaseEvent(
        uid=uuid.uuid4().hex,
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


def all_events(case: Case) -> list[CaseEvent]:
    """Every event of a case as written, oldest first."""
    query = sa.select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return list(db.session.scalars(query))


def effective(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """The events that count: without corrected and taken-back ones, by day and order of entry."""
    corrected = {event.corrects_id for event in events if event.corrects_id}
    current = [e for e in events if e.id not in corrected and not e.is_retraction]
    return sorted(current, key=lambda event: (event.happened_on, root_id(event, events)))


def root_id(event: CaseEvent, events: Sequence[CaseEvent]) -> int:
    """The id of the event first written, however often it was corrected since."""
    by_id = {each.id: each for each in events}
    while event.corrects_id is not None:
        event = by_id[event.corrects_id]
    return event.id


def root_uid(event: CaseEvent, events: Sequence[CaseEvent]) -> str:
    """The name of the event first written; dates stay attached to it through corrections."""
    first = root_id(event, events)
    return next(each.uid for each in events if each.id == first)


def notes_of(events: Sequence[CaseEvent]) -> dict[int, str]:
    """The free texts of events, opened for a person who may see the case."""
    uids = {event.id: event.uid for event in events}
    rows = db.session.scalars(sa.select(EventNote).where(EventNote.event_id.in_(uids)))
    return {
        row.event_id: crypto.unseal(row.text_enc, f"event_note:text:{uids[row.event_id]}")
        for row in rows
    }
