"""Reported figures stay as they were: locks, what has moved since, and unlocking with a reason."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from worker_legal.domain import audit, org
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import search
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import measures, rates
from worker_legal.domain.statistics.breakdowns import breakdowns
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.domain.statistics.models import AnnualCase, AnnualFigure, AnnualSnapshot
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db

LEAST_REASON = 4
LONGEST_REASON = 300
HEADLINES = (
    "cases",
    "people",
    "person_times",
    "amount_fen",
    "agreed_fen",
    "received_fen",
    "work_injury_people",
    "closed",
    "open",
    "collective",
)
# figures kept since version 2 of the definitions, beside both numbers of each rate
LATER = ("awarded_fen", "days", "trips")
RATES = tuple(f"{code}_{end}" for code in rates.TITLES for end in ("part", "whole"))
# a figure that cannot be told is not kept, so no value stands for "none"
PERMILLE = "change_permille"


@dataclass(frozen=True)
class Moved:
    """One fact of a case that is not as it was; `before` or `now` is None for a case not there."""

    case_no: str
    case_id: int | None
    field: str
    before: Any
    now: Any


def lock(actor: Actor, period: Period, site_id: int) -> AnnualSnapshot:
    """Keep the figures of a period and of a site with all below it, with the cases behind them.

    Raises RuleBroken while the period runs and when it is locked already.
    """
    actor.require(Action.LOCK_FIGURES, site_id)
    if period.last >= clock.today():
        raise RuleBroken(N_("期间还没有结束，结束以后才能锁定"))
    latest = find_latest(period, site_id)
    if latest is not None and latest.is_lock:
        raise RuleBroken(N_("这个期间已经锁定；要改先解除锁定并写明原因"))
    site_ids = _site_ids(site_id)
    figures = _figures(actor, period, site_ids)
    cases = {case.id: (case.case_no, _stood(case)) for case in _cases(actor, period, site_ids)}
    row = _add(actor, period, site_id, latest, _digest(figures, cases))
    for (measure, dimension), value in figures.items():
        db.session.add(
            AnnualFigure(snapshot_id=row.id, measure=measure, dimension=dimension, value=value)
        )
    for case_id, (case_no, stood) in cases.items():
        db.session.add(
            AnnualCase(snapshot_id=row.id, case_id=case_id, case_no=case_no, stood=stood)
        )
    audit.record(actor, "lock_figures", "annual_snapshot", row.id, cases=len(cases))
    db.session.flush()
    return row


def unlock(actor: Actor, locked: AnnualSnapshot, reason: str) -> AnnualSnapshot:
    """Take a lock off by a new revision with its reason; the locked figures stay on record.

    Raises RuleBroken for a revision that is not the latest lock, BadInput without a reason.
    """
    actor.require(Action.LOCK_FIGURES, locked.org_unit_id)
    period = Period(locked.period_from, locked.period_to)
    latest = find_latest(period, locked.org_unit_id)
    if latest is None or latest.id != locked.id or not latest.is_lock:
        raise RuleBroken(N_("这一次锁定已经解除"))
    text = reason.strip()
    if not LEAST_REASON <= len(text) <= LONGEST_REASON:
        raise BadInput(N_("请写明解除锁定的原因，4到300个字"), field="reason")
    row = _add(actor, period, locked.org_unit_id, latest, "", text)
    audit.record(actor, "unlock_figures", "annual_snapshot", row.id)
    db.session.flush()
    return row


def _add(
    actor: Actor,
    period: Period,
    site_id: int,
    latest: AnnualSnapshot | None,
    digest: str,
    reason: str = "",
) -> AnnualSnapshot:
    row = AnnualSnapshot(
        period_from=period.first,
        period_to=period.last,
        org_unit_id=site_id,
        revision=latest.revision + 1 if latest else 1,
        is_lock=not reason,
        definitions=measures.DEFINITIONS_VERSION,
        frozen_at=clock.now(),
        frozen_by=actor.label,
        digest=digest,
        reason=reason,
    )
    db.session.add(row)
    db.session.flush()
    return row


# --- finding ------------------------------------------------------------------------


def find_latest(period: Period, site_id: int) -> AnnualSnapshot | None:
    """The last revision of a period and site: its lock, or the lifting of it."""
    query = sa.select(AnnualSnapshot).where(
        AnnualSnapshot.period_from == period.first,
        AnnualSnapshot.period_to == period.last,
        AnnualSnapshot.org_unit_id == site_id,
    )
    return db.session.scalar(query.order_by(AnnualSnapshot.revision.desc()).limit(1))


def all_locks(actor: Actor) -> list[AnnualSnapshot]:
    """Every revision in sight, the latest first."""
    query = sa.select(AnnualSnapshot).where(_in_sight(actor))
    return list(db.session.scalars(query.order_by(AnnualSnapshot.id.desc())))


def get_lock(actor: Actor, snapshot_id: int) -> AnnualSnapshot:
    """One revision in sight.

    Raises NotFound.
    """
    query = sa.select(AnnualSnapshot).where(_in_sight(actor), AnnualSnapshot.id == snapshot_id)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(N_("没有这次锁定，或不在您的范围内"))
    return row


def _in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.is_system:
        return sa.true()
    return AnnualSnapshot.org_unit_id.in_(sorted(actor.site_ids(Action.VIEW_STATISTICS)))


def figures_of(locked: AnnualSnapshot) -> dict[tuple[str, str], int]:
    """The figures as they were locked, by measure and dimension."""
    rows = db.session.scalars(sa.select(AnnualFigure).where(AnnualFigure.snapshot_id == locked.id))
    return {(row.measure, row.dimension): row.value for row in rows}


def is_whole(locked: AnnualSnapshot) -> bool:
    """Whether what was locked is still what the digest was made of."""
    cases = {case.case_id: (case.case_no, case.stood) for case in _kept(locked)}
    return _digest(figures_of(locked), cases) == locked.digest


# --- what has moved --------------------------------------------------------------------


def moved_figures(actor: Actor, locked: AnnualSnapshot) -> list[tuple[str, int, int]]:
    """Headline figures that are not as they were: measure, then, now."""
    now = _figures(actor, *_span(locked))
    then = figures_of(locked)
    kept = [name for name in (*HEADLINES, *LATER, *RATES) if (name, "") in then]
    pairs = [(name, then[name, ""], now.get((name, ""), 0)) for name in kept]
    return [row for row in pairs if row[1] != row[2]]


def differences(actor: Actor, locked: AnnualSnapshot) -> list[Moved]:
    """Each case that has moved since, fact by fact, with its old and its new value."""
    kept = {row.case_id: row for row in _kept(locked)}
    now = {case.id: case for case in _cases(actor, *_span(locked))}
    found: list[Moved] = []
    for case_id in sorted(kept.keys() | now.keys()):
        found.extend(_moved(kept.get(case_id), now.get(case_id)))
    return found


def _moved(kept: AnnualCase | None, case: Case | None) -> Iterator[Moved]:
    if kept is None and case is not None:
        yield Moved(case.case_no, case.id, "case", None, case.registered_on)
    elif case is None and kept is not None:
        yield Moved(kept.case_no, kept.case_id, "case", _day(kept.stood["registered_on"]), None)
    elif kept is not None and case is not None:
        now = _stood(case)
        for name, before in kept.stood.items():
            if now.get(name) != before:
                yield Moved(case.case_no, case.id, name, before, now.get(name))


def _kept(locked: AnnualSnapshot) -> list[AnnualCase]:
    query = sa.select(AnnualCase).where(AnnualCase.snapshot_id == locked.id)
    return list(db.session.scalars(query))


def _span(locked: AnnualSnapshot) -> tuple[Period, frozenset[int] | None]:
    return Period(locked.period_from, locked.period_to), _site_ids(locked.org_unit_id)


def _site_ids(site_id: int) -> frozenset[int] | None:
    return None if org.get_unit(site_id).parent_id is None else org.sites_below(site_id)


def _cases(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> list[Case]:
    query = search(actor, registered_in(period, site_ids)).options(joinedload(Case.site))
    return list(db.session.scalars(query.order_by(Case.id)))


def _stood(case: Case) -> dict[str, Any]:
    return {
        "registered_on": case.registered_on.isoformat(),
        "site": case.site.name,
        "dispute_kind": case.dispute_kind.value,
        "channel": case.channel.value,
        "person_times": case.worker_count,
        "amount_fen": case.claimed_fen,
        "agreed_fen": case.agreed_fen,
        "received_fen": case.recovered_fen,
        "outcome": case.close_outcome.value if case.close_outcome else "",
        "closed_on": case.closed_on.isoformat() if case.closed_on else "",
    }


def _figures(
    actor: Actor, period: Period, site_ids: frozenset[int] | None
) -> dict[tuple[str, str], int]:
    found = measures.figures(actor, period, site_ids)
    kept = {(name, ""): int(getattr(found, name)) for name in HEADLINES}
    if found.change.permille is not None:
        kept[PERMILLE, ""] = found.change.permille
    kept |= _later_figures(actor, period, site_ids)
    for table in breakdowns(actor, registered_in(period, site_ids), period):
        for cell in table.cells:
            kept["cases", f"{table.code}:{cell.key}"] = cell.cases
    return kept


def _later_figures(
    actor: Actor, period: Period, site_ids: frozenset[int] | None
) -> dict[tuple[str, str], int]:
    kept = {
        ("awarded_fen", ""): rates.awarded(actor, period, site_ids),
        ("days", ""): rates.time_to_close(actor, period, site_ids).total,
        ("trips", ""): rates.trips_taken(actor, period, site_ids).total,
    }
    for rate in rates.rates(actor, period, site_ids):
        kept[f"{rate.code}_part", ""] = rate.part
        kept[f"{rate.code}_whole", ""] = rate.whole
    return kept


def _digest(
    figures: dict[tuple[str, str], int], cases: dict[int, tuple[str, dict[str, Any]]]
) -> str:
    plain = [
        sorted(["/".join(key), value] for key, value in figures.items()),
        [[case_id, *cases[case_id]] for case_id in sorted(cases)],
    ]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _day(text: str) -> date:
    return date.fromisoformat(text)
