"""What follows from the events: status of each proceeding, sums, and the statutory dates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.events import all_events, effective, root_uid
from worker_legal.domain.cases.models import Case, CaseEvent, Deadline, Proceeding
from worker_legal.domain.holidays import work_calendar
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law import deadlines as law
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Outcome, Status
from worker_legal.law.stages import ENDED, MOVING, next_status

FACT_NAMES = ("hired_on", "left_on", "injured_on", "unpaid_from", "unpaid_to")


def refresh(case: Case) -> None:
    """Bring statuses, sums and dates of a case in line with its events; flushes."""
    events = all_events(case)
    current = effective(events)
    proceedings = proceedings_of(case)
    for proceeding in proceedings:
        replay(proceeding, [e for e in current if e.proceeding_id == proceeding.id])
    case.recovered_fen = _sum(current, EventKind.PAID, "received_fen")
    case.agreed_fen = _agreed(current)
    db.session.flush()
    refresh_deadlines(case, events, proceedings)


def proceedings_of(case: Case) -> list[Proceeding]:
    """The proceedings of a case in the order they were opened."""
    query = sa.select(Proceeding).where(Proceeding.case_id == case.id)
    return list(db.session.scalars(query.order_by(Proceeding.id)))


def replay(proceeding: Proceeding, events: Sequence[CaseEvent]) -> None:
    """Walk a proceeding through its events; raises RuleBroken for an impossible order."""
    status, outcome, ended, awarded = Status.APPLIED, None, None, 0
    for event in events:
        if event.kind is EventKind.APPLIED:
            proceeding.filed_on = event.happened_on
        if event.kind in MOVING:
            status = next_status(status, event.kind)
            if status in ENDED:
                ended, outcome = event.happened_on, _outcome(event)
        awarded = int(event.payload.get("awarded_fen") or awarded)
    proceeding.status, proceeding.outcome = status, outcome
    proceeding.concluded_on, proceeding.awarded_fen = ended, awarded


def _outcome(event: CaseEvent) -> Outcome:
    if event.kind is EventKind.CONCLUDED:
        return Outcome(event.payload["outcome"])
    if event.kind is EventKind.REJECTED:
        return Outcome.NOT_ACCEPTED
    return Outcome.WITHDRAWN


def _sum(events: Sequence[CaseEvent], kind: EventKind, name: str) -> int:
    return sum(int(event.payload.get(name) or 0) for event in events if event.kind is kind)


def _agreed(events: Sequence[CaseEvent]) -> int:
    """Per proceeding the agreement as signed, else as written at the conclusion."""
    agreed: dict[int | None, int] = {}
    for event in events:
        amount = int(event.payload.get("agreed_fen") or 0)
        if amount:
            agreed[event.proceeding_id] = amount
    return sum(agreed.values())


def facts_of(
    case: Case, events: Sequence[CaseEvent], proceedings: Sequence[Proceeding]
) -> law.Facts:
    """The case as the law engine reads it: fact dates, flags and what happened."""
    stages = {proceeding.id: proceeding.stage for proceeding in proceedings}
    by_id = {proceeding.id: proceeding for proceeding in proceedings}
    happenings = []
    for event in effective(events):
        data: dict[str, Any] = dict(event.payload)
        if event.proceeding_id is not None:
            data = {**by_id[event.proceeding_id].facts, **data}
        happenings.append(
            law.Happening(
                kind=event.kind,
                on=event.happened_on,
                stage=stages.get(event.proceeding_id or 0),
                ref=f"event:{root_uid(event, events)}",
                proceeding=event.proceeding_id,
                data=data,
            )
        )
    dates = {name: getattr(case, name) for name in FACT_NAMES if getattr(case, name) is not None}
    flags = {"dispute_kind": case.dispute_kind.value, "collective": case.is_collective}
    return law.Facts(dates=dates, flags=flags, happenings=tuple(happenings))


def dues_of(case: Case) -> list[law.Due]:
    """Every date of a case with the steps that explain it."""
    facts = facts_of(case, all_events(case), proceedings_of(case))
    return law.compute(facts, work_calendar())


def refresh_deadlines(
    case: Case, events: Sequence[CaseEvent], proceedings: Sequence[Proceeding]
) -> None:
    """Recompute the dates of a case; rows stay attached by rule and trigger."""
    kept = {
        (row.rule_code, row.trigger_ref): row
        for row in db.session.scalars(sa.select(Deadline).where(Deadline.case_id == case.id))
    }
    dues = law.compute(facts_of(case, events, proceedings), work_calendar())
    for due in dues:
        row = kept.pop((due.rule_code, due.trigger_ref), None)
        values = _values(case, due)
        if row is None:
            quiet = case.source != "intake" and _is_past(due.due_on)
            db.session.add(Deadline(case_id=case.id, quiet=quiet, **values))
        else:
            _update(row, values)
    for row in kept.values():
        db.session.delete(row)
    db.session.flush()


def _values(case: Case, due: law.Due) -> dict[str, Any]:
    closed = case.status is not CaseStatus.OPEN
    state = DeadlineState.CANCELLED if closed and due.state is DeadlineState.OPEN else due.state
    return {
        "proceeding_id": due.proceeding,
        "rule_code": due.rule_code,
        "rule_version": due.rule_version,
        "trigger_ref": due.trigger_ref,
        "due_on": due.due_on,
        "remind_on": due.earliest or due.due_on,
        "who": due.who,
        "state": state,
        "provisional": due.provisional,
        "optional": due.optional,
        "confirmed": due.confirmed,
    }


def _update(row: Deadline, values: dict[str, Any]) -> None:
    moved = row.due_on != values["due_on"] or row.remind_on != values["remind_on"]
    for name, value in values.items():
        setattr(row, name, value)
    if moved:
        row.version += 1
        row.quiet = row.quiet and _is_past(row.due_on)


def _is_past(day: date | None) -> bool:
    return day is not None and day < clock.today()


def recompute_all() -> int:
    """Recompute the dates of every open case (after a change of holidays); gives how many moved."""
    moved = 0
    open_cases = sa.select(Case).where(Case.status == CaseStatus.OPEN).order_by(Case.id)
    for case in db.session.scalars(open_cases):
        before = _snapshot(case)
        refresh(case)
        moved += before != _snapshot(case)
    return moved


def _snapshot(case: Case) -> list[tuple[Any, ...]]:
    query = sa.select(Deadline.rule_code, Deadline.trigger_ref, Deadline.due_on)
    rows = db.session.execute(query.where(Deadline.case_id == case.id))
    return sorted(tuple(row) for row in rows)
