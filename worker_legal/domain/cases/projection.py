"""What follows from the events: status of each proceeding, sums, and the statutory dates."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases import diligence
from worker_legal.domain.cases.diligence import DateChange
from worker_legal.domain.cases.events import all_events, effective, root_of
from worker_legal.domain.cases.facts import FactDates
from worker_legal.domain.cases.models import Case, CaseEvent, Deadline, Proceeding
from worker_legal.domain.holidays import work_calendar
from worker_legal.errors import NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law import deadlines as law
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Outcome, Status
from worker_legal.law.limitation import Right, radar
from worker_legal.law.stages import ENDED, MOVING, next_status, refuse_without_cause

FACT_NAMES = tuple(item.name for item in fields(FactDates))
LEDGER = "ledger"


def refresh(case: Case, calendar: WorkCalendar | None = None) -> None:
    """Bring statuses, sums and dates of a case in line with its events; flushes."""
    events = all_events(case)
    current = effective(events)
    proceedings = proceedings_of(case)
    for proceeding in proceedings:
        replay(proceeding, [e for e in current if e.proceeding_id == proceeding.id])
    case.recovered_fen = _recovered(current)
    case.agreed_fen = _agreed(current)
    db.session.flush()
    # a calendar that comes with the call is the cause itself; else what was written down last
    cause = None if calendar else max(events, key=lambda event: event.id, default=None)
    refresh_deadlines(case, events, proceedings, calendar or work_calendar(), cause)


def proceedings_of(case: Case) -> list[Proceeding]:
    """The proceedings of a case in the order they were opened."""
    query = sa.select(Proceeding).where(Proceeding.case_id == case.id)
    return list(db.session.scalars(query.order_by(Proceeding.id)))


def replay(proceeding: Proceeding, events: Sequence[CaseEvent]) -> None:
    """Walk a proceeding through its events in order of day.

    Raises RuleBroken for an impossible order or an event before its cause.
    """
    status, outcome, ended, awarded = Status.APPLIED, None, None, 0
    before: set[EventKind] = set()
    for event in events:
        _refuse_before_filing(event, before)
        refuse_without_cause(event.kind, before)
        before.add(event.kind)
        if event.kind is EventKind.APPLIED:
            proceeding.filed_on = event.happened_on
        if event.kind in MOVING:
            status = next_status(status, event.kind)
            if status in ENDED:
                ended, outcome = event.happened_on, _outcome(event)
        awarded = int(event.payload.get("awarded_fen") or awarded)
    proceeding.status, proceeding.outcome = status, outcome
    proceeding.concluded_on, proceeding.awarded_fen = ended, awarded


def _refuse_before_filing(event: CaseEvent, before: set[EventKind]) -> None:
    if event.kind is not EventKind.APPLIED and EventKind.APPLIED not in before:
        raise RuleBroken(
            N_("“%(kind)s”的日期早于这个程序的申请日期，请核对"),
            code="wrong_order",
            field="on",
            kind=event.kind.label,
        )


def _outcome(event: CaseEvent) -> Outcome:
    if event.kind is EventKind.CONCLUDED:
        return Outcome(event.payload["outcome"])
    if event.kind is EventKind.REJECTED:
        return Outcome.NOT_ACCEPTED
    return Outcome.WITHDRAWN


def _recovered(events: Sequence[CaseEvent]) -> int:
    """Payments added up; a total written at the conclusion counts where it is the higher one."""
    paid: dict[int | None, int] = {}
    totals: dict[int | None, int] = {}
    for event in events:
        amount = int(event.payload.get("received_fen") or 0)
        of = paid if event.kind is EventKind.PAID else totals
        of[event.proceeding_id] = of.get(event.proceeding_id, 0) + amount
    return sum(max(paid.get(key, 0), totals.get(key, 0)) for key in {*paid, *totals})


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
    by_id = {proceeding.id: proceeding for proceeding in proceedings}
    happenings = []
    for event in effective(events):
        data: dict[str, Any] = dict(event.payload)
        proceeding = by_id.get(event.proceeding_id or 0)
        if proceeding is not None:
            data = {**proceeding.facts, **data}
        happenings.append(
            law.Happening(
                kind=event.kind,
                on=event.happened_on,
                stage=proceeding.stage if proceeding else None,
                ref=f"event:{root_of(event, events).uid}",
                proceeding=event.proceeding_id,
                data=data,
            )
        )
    dates = {name: getattr(case, name) for name in FACT_NAMES if getattr(case, name) is not None}
    flags: dict[str, bool | str] = {
        "dispute_kind": case.dispute_kind.value,
        "collective": case.is_collective,
    }
    return law.Facts(dates=dates, flags=flags, happenings=tuple(happenings))


def dues_of(case: Case) -> list[law.Due]:
    """Every date of a case with the steps that explain it."""
    facts = facts_of(case, all_events(case), proceedings_of(case))
    return law.compute(facts, work_calendar())


def rights_of(case: Case) -> list[Right]:
    """The worker's four rights as of today, with everything that has happened in the case."""
    facts = facts_of(case, all_events(case), proceedings_of(case))
    return radar(facts, work_calendar(), clock.today())


@dataclass(frozen=True)
class Dated:
    """A date as it is kept, and the sum it comes from."""

    row: Deadline
    due: law.Due


def dated_of(case: Case) -> list[Dated]:
    """The dates of a case with their sums: running ones by day first, then the others."""
    sums = {(due.rule_code, due.trigger_ref): due for due in dues_of(case)}
    rows = [row for row in _rows_of(case) if (row.rule_code, row.trigger_ref) in sums]
    order = {state: place for place, state in enumerate(DeadlineState)}
    rows.sort(key=lambda row: (order[row.state], row.due_on or date.max, row.id))
    return [Dated(row, sums[row.rule_code, row.trigger_ref]) for row in rows]


def get_dated(case: Case, deadline_id: int) -> Dated:
    """One date of this case with its sum.

    Raises NotFound for one of another case.
    """
    for dated in dated_of(case):
        if dated.row.id == deadline_id:
            return dated
    raise NotFound(N_("这个案件没有这个期限"))


def refresh_deadlines(
    case: Case,
    events: Sequence[CaseEvent],
    proceedings: Sequence[Proceeding],
    calendar: WorkCalendar,
    cause: CaseEvent | None = None,
) -> None:
    """Recompute the dates of a case; rows stay attached by rule and trigger."""
    kept = {(row.rule_code, row.trigger_ref): row for row in _rows_of(case)}
    changes: list[diligence.Noted] = []
    for due in law.compute(facts_of(case, events, proceedings), calendar):
        row = kept.pop((due.rule_code, due.trigger_ref), None)
        values = _values(case, due)
        if row is None:
            quiet = _is_quiet(case, due) or (case.source == LEDGER and _is_past(due.due_on))
            row = Deadline(case_id=case.id, quiet=quiet, **values)
            db.session.add(row)
            changes.append(diligence.Noted(row, DateChange.CREATED))
        else:
            changes += _changes(row, values)
            _update(row, values, _is_quiet(case, due))
    db.session.flush()
    gone = [diligence.Noted(row, DateChange.DROPPED, row.due_on) for row in kept.values()]
    diligence.write(case, [*changes, *gone], cause)
    for row in kept.values():
        db.session.delete(row)
    db.session.flush()
    case.next_due_on = _next_due(case)
    db.session.flush()


def _changes(row: Deadline, values: dict[str, Any]) -> list[diligence.Noted]:
    change = diligence.change_of(row, values["state"], values["due_on"])
    return [diligence.Noted(row, change, row.due_on)] if change else []


def _next_due(case: Case) -> date | None:
    """The nearest running date, by which the lists are ordered; a choice only until its day."""
    running = [r for r in _rows_of(case) if r.state is DeadlineState.OPEN and not r.quiet]
    waits = [r.due_on for r in running if r.due_on and not (r.optional and _is_past(r.due_on))]
    return min(waits, default=None)


def _rows_of(case: Case) -> list[Deadline]:
    return list(db.session.scalars(sa.select(Deadline).where(Deadline.case_id == case.id)))


def _values(case: Case, due: law.Due) -> dict[str, Any]:
    closed = case.status is not CaseStatus.OPEN
    state = DeadlineState.CANCELLED if closed and due.state is DeadlineState.OPEN else due.state
    return {
        "proceeding_id": due.proceeding,
        "rule_code": due.rule_code,
        "rule_version": str(due.rule_version),
        "trigger_ref": due.trigger_ref,
        "due_on": due.due_on,
        "remind_on": due.act_by or due.due_on,
        "who": due.who,
        "state": state,
        "provisional": due.provisional,
        "optional": due.optional,
        "confirmed": due.confirmed,
        "met_on": due.met_on,
    }


def _update(row: Deadline, values: dict[str, Any], quiet: bool) -> None:
    moved = row.due_on != values["due_on"] or row.remind_on != values["remind_on"]
    for name, value in values.items():
        setattr(row, name, value)
    if moved:
        row.version += 1
        row.known_on = clock.today()
        row.quiet = quiet or (row.quiet and _is_past(row.due_on))


def _is_quiet(case: Case, due: law.Due) -> bool:
    """A date with nothing to do, or one that had passed before the case came to the office."""
    return due.informative or (due.due_on is not None and due.due_on < case.registered_on)


def _is_past(day: date | None) -> bool:
    return day is not None and day < clock.today()


# --- all cases at once ------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A running date that another calendar would move (features D4)."""

    case_id: int
    case_no: str
    label: str
    old: date | None
    new: date | None


def recompute_all() -> int:
    """Recompute the dates of every open case after a change of law or holidays.

    Gives the number of cases whose dates moved.
    """
    calendar, moved = work_calendar(), 0
    for case in _open_cases():
        before = _snapshot(case)
        refresh(case, calendar)
        moved += before != _snapshot(case)
    return moved


def moves_under(calendar: WorkCalendar) -> list[Move]:
    """What another calendar would change: each running date with its old and new day."""
    moves: list[Move] = []
    for case in _open_cases():
        rows = {(row.rule_code, row.trigger_ref): row for row in _rows_of(case)}
        facts = facts_of(case, all_events(case), proceedings_of(case))
        for due in law.compute(facts, calendar):
            row = rows.get((due.rule_code, due.trigger_ref))
            running = row is not None and row.state is DeadlineState.OPEN
            if row is not None and running and row.due_on != due.due_on:
                moves.append(Move(case.id, case.case_no, due.label, row.due_on, due.due_on))
    return moves


def _open_cases() -> Sequence[Case]:
    query = sa.select(Case).where(Case.status == CaseStatus.OPEN).order_by(Case.id)
    return db.session.scalars(query).all()


def _snapshot(case: Case) -> set[tuple[Any, ...]]:
    return {(r.rule_code, r.trigger_ref, r.due_on, r.state) for r in _rows_of(case)}
