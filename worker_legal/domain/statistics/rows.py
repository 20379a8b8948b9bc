"""The rows behind a figure that are not simply cases: what each case or person adds to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.endings import awarded_fen, trips
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.queries import HEAD, CaseFilter, search, visible_to
from worker_legal.domain.cases.visits import wanted_visits
from worker_legal.domain.parties import Worker
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.measures import Period, injury_rows, people_rows
from worker_legal.domain.statistics.rates import days_taken, matter_query
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra.db import db

PAGE = 100
SUMMED: Mapping[str, Callable[[], Any]] = {
    "person-times": lambda: Case.worker_count,
    "amount": lambda: Case.claimed_fen,
    "agreed": lambda: Case.agreed_fen,
    "received": lambda: Case.recovered_fen,
    "awarded": awarded_fen,
    "days": days_taken,
    "trips": trips,
}
# which definition stands beside each list of rows
DEFINED_AS = {
    "people": "people",
    "person-times": "person_times",
    "amount": "amount",
    "agreed": "agreed",
    "received": "received",
    "awarded": "awarded",
    "days": "days",
    "trips": "trips",
    "work-injury": "work_injury_people",
    "visits": "visits",
    "matters": "on_time",
}


@dataclass(frozen=True)
class Row:
    """One line: what it adds to the figure, in which case, and for whom."""

    value: int
    case: Case
    worker: Worker | None = None
    on: date | None = None
    place: int = 0
    # the proceeding that is counted, where it is not the case
    matter: Proceeding | None = None


@dataclass(frozen=True)
class Rows:
    """One page of the lines behind a figure; `total` is the figure, `count` the lines in all."""

    rows: Sequence[Row]
    total: int
    count: int
    next_key: str = ""
    is_first: bool = True


def summed_rows(actor: Actor, wanted: CaseFilter, figure: str, after: str = "") -> Rows:
    """The cases that add to an amount or to the person-times, the largest first.

    Raises NotFound for a figure that is not a sum over cases.
    """
    if figure not in SUMMED:
        raise NotFound(N_("没有这个数"))
    column = SUMMED[figure]()
    query = search(actor, wanted).where(column > 0)
    total, count = _ends(query.with_only_columns(sa.func.sum(column), sa.func.count()))
    if after:
        value, row_id = _key(after)
        query = query.where(sa.or_(column < value, sa.and_(column == value, Case.id < row_id)))
    page = query.add_columns(column).order_by(column.desc(), Case.id.desc()).limit(PAGE + 1)
    found = [
        Row(int(value), case, case.lead_worker)
        for case, value in db.session.execute(page.options(*HEAD))
    ]
    return _page(found, total, count, lambda row: (row.value, row.case.id), after)


def person_rows(actor: Actor, wanted: CaseFilter, after: str = "") -> Rows:
    """The persons behind 人, those with most cases first; unidentified ones each time."""
    people = people_rows(actor, wanted).subquery()
    worker, cases, case, place = people.columns
    count = int(db.session.scalar(sa.select(sa.func.count()).select_from(people)) or 0)
    query = sa.select(worker, cases, case, place)
    if after:
        value, row_id = _key(after)
        query = query.where(sa.or_(cases < value, sa.and_(cases == value, place < row_id)))
    page = query.order_by(cases.desc(), place.desc()).limit(PAGE + 1)
    found = _with_case_and_worker(
        actor, [(row[0], row[2], row[1], None, row[3]) for row in db.session.execute(page)]
    )
    return _page(found, count, count, lambda row: (row.value, row.place), after)


def injured_rows(
    actor: Actor, period: Period, site_ids: frozenset[int] | None, after: str = ""
) -> Rows:
    """The applications for work-injury recognition, one per person, the latest first."""
    return _dated_rows(actor, injury_rows(actor, period, site_ids), after)


def visit_rows(actor: Actor, wanted: CaseFilter, after: str = "") -> Rows:
    """The visits of a filter, the latest first, each with the first worker of its case."""
    asked = (wanted.visit_from, wanted.visit_to, wanted.visit_weekday, wanted.visit_hour)
    visit = wanted_visits(*asked).subquery().c
    ids = search(actor, wanted).with_only_columns(Case.id)
    query = (
        sa.select(Case.lead_worker_id, visit.case_id, visit.on_day, visit.place)
        .join(Case, Case.id == visit.case_id)
        .where(visit.case_id.in_(ids))
    )
    return _dated_rows(actor, query, after)


def matter_rows(actor: Actor, wanted: CaseFilter, after: str = "") -> Rows:
    """The proceedings behind a rate, the latest ended first, with the first worker of the case."""
    query = (
        matter_query(actor, wanted)
        .join(Case, Case.id == Proceeding.case_id)
        .with_only_columns(
            Case.lead_worker_id, Proceeding.case_id, Proceeding.concluded_on, Proceeding.id
        )
    )
    found = _dated_rows(actor, query, after)
    these = sa.select(Proceeding).where(Proceeding.id.in_([row.place for row in found.rows]))
    matters = {matter.id: matter for matter in db.session.scalars(these)}
    return replace(found, rows=[replace(row, matter=matters[row.place]) for row in found.rows])


def _dated_rows(actor: Actor, rows: sa.Select[Any], after: str) -> Rows:
    """Rows of worker, case, day and place in the order, the latest day first."""
    dated = rows.subquery()
    worker, case, on, place = dated.columns
    count = int(db.session.scalar(sa.select(sa.func.count()).select_from(dated)) or 0)
    query = sa.select(worker, case, on, place)
    if after:
        ordinal, row_id = _key(after)
        day = date.fromordinal(max(1, min(ordinal, date.max.toordinal())))
        query = query.where(sa.or_(on < day, sa.and_(on == day, place < row_id)))
    page = query.order_by(on.desc(), place.desc()).limit(PAGE + 1)
    found = _with_case_and_worker(
        actor, [(row[0], row[1], 1, row[2], row[3]) for row in db.session.execute(page)]
    )
    return _page(found, count, count, _dated_key, after)


def _dated_key(row: Row) -> tuple[int, int]:
    return (row.on or date.min).toordinal(), row.place


def _with_case_and_worker(
    actor: Actor, rows: Sequence[tuple[int | None, int, int, date | None, int]]
) -> list[Row]:
    cases = {
        case.id: case
        for case in db.session.scalars(
            visible_to(actor).where(Case.id.in_({row[1] for row in rows})).options(*HEAD)
        )
    }
    workers = {
        worker.id: worker
        for worker in db.session.scalars(
            sa.select(Worker).where(Worker.id.in_({row[0] for row in rows}))
        )
    }
    return [
        Row(value, cases[case], workers.get(worker or 0), on, place)
        for worker, case, value, on, place in rows
    ]


def _page(found: list[Row], total: int, count: int, key: Any, after: str) -> Rows:
    more = len(found) > PAGE
    shown = found[:PAGE]
    following = "_".join(str(part) for part in key(shown[-1])) if more else ""
    return Rows(shown, total, count, following, not after)


def _ends(query: sa.Select[Any]) -> tuple[int, int]:
    total, count = db.session.execute(query).one()
    return int(total or 0), int(count)


def _key(text: str) -> tuple[int, int]:
    value, _, row_id = text.partition("_")
    if not (_is_number(value) and _is_number(row_id)):
        raise NotFound(N_("没有这一页"))
    return int(value), int(row_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
