"""When workers come, which way cases go, and whom they are against: each cell knows its filter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.paths import steps
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.cases.visits import HOURS, UNKNOWN_HOUR, Weekday, visits
from worker_legal.domain.parties import Employer
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.breakdowns import Breakdown, Cell
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import Period, narrowed
from worker_legal.domain.statistics.rates import days_between
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.law.enums import DisputeKind, Stage

# the hours of an office day are shown also when nobody came in them
FIRST_HOUR, LAST_HOUR = "08", "17"
MOST_EMPLOYERS = 10
# so many disputes about pay within so many natural days turn a company amber (features S8)
WARNING_CASES, WARNING_DAYS = 3, 90
MOST_WARNED = 50
UNKNOWN_CLASS = N_("未填")


@dataclass(frozen=True)
class Heat:
    """Visits by weekday and hour; the last hour is the one of those whose hour is not known."""

    hours: tuple[str, ...]
    counts: Mapping[tuple[Weekday, str], int]
    behind: CaseFilter

    def count(self, weekday: Weekday | None = None, hour: str | None = None) -> int:
        """The visits of a cell, a row, a column, or all of them."""
        return sum(
            number
            for (day, at), number in self.counts.items()
            if weekday in {None, day} and hour in {None, at}
        )

    def behind_of(self, weekday: Weekday | None = None, hour: str | None = None) -> CaseFilter:
        """The filter of the visits of a cell, a row, a column, or all of them."""
        return narrowed(self.behind, visit_weekday=weekday, visit_hour=hour)


@kept
def heat(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Heat:
    """The visits of a period, whenever their case was registered."""
    behind = CaseFilter(visit_from=period.first, visit_to=period.last, site_ids=site_ids)
    visit = visits().c
    query = (
        sa.select(visit.weekday, visit.hour, sa.func.count())
        .where(visit.on_day.between(period.first, period.last))
        .where(
            visit.case_id.in_(
                search(actor, CaseFilter(site_ids=site_ids)).with_only_columns(Case.id)
            )
        )
        .group_by(visit.weekday, visit.hour)
    )
    counts = {(Weekday(day), hour): int(n) for day, hour, n in db.session.execute(query)}
    known = [hour for _, hour in counts if hour != UNKNOWN_HOUR]
    return Heat((*_shown(known), UNKNOWN_HOUR), counts, behind)


def _shown(known: list[str]) -> tuple[str, ...]:
    """The hours from the first to the last that count; none where no hour is known."""
    if not known:
        return ()
    first, last = min([FIRST_HOUR, *known]), max([LAST_HOUR, *known])
    return tuple(hour for hour in HOURS if first <= hour <= last)


@dataclass(frozen=True)
class Way:
    """The cases that went on from one stage to another."""

    came_from: Stage
    went_to: Stage
    cases: int
    behind: CaseFilter


@kept
def ways(actor: Actor, wanted: CaseFilter) -> list[Way]:
    """Every way the cases of a filter went, in the order of the services."""
    step = steps().c
    query = (
        sa.select(step.came_from, step.went_to, sa.func.count(sa.distinct(step.case_id)))
        .where(step.came_from.is_not(None))
        .where(step.case_id.in_(search(actor, wanted).with_only_columns(Case.id)))
        .group_by(step.came_from, step.went_to)
    )
    found = {(first, second): int(n) for first, second, n in db.session.execute(query)}
    return [
        Way(first, second, found[first, second], narrowed(wanted, path_from=first, path_to=second))
        for first in Stage
        for second in Stage
        if (first, second) in found
    ]


@kept
def by_industry(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the industry of their first employer; the rows add up to all cases."""
    cells = _classed(
        actor,
        wanted,
        Employer.industry,
        lambda kind: narrowed(wanted, industry=kind),
        narrowed(wanted, industry_missing=True),
    )
    return Breakdown("industry", N_("哪个行业的单位"), cells)


@kept
def by_size(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the size of their first employer; the rows add up to all cases."""
    cells = _classed(
        actor,
        wanted,
        Employer.size,
        lambda kind: narrowed(wanted, size=kind),
        narrowed(wanted, size_missing=True),
    )
    return Breakdown("size", N_("多大的单位"), cells)


def _classed(
    actor: Actor,
    wanted: CaseFilter,
    column: Any,
    behind: Callable[[Any], CaseFilter],
    missing: CaseFilter,
) -> tuple[Cell, ...]:
    query = (
        search(actor, wanted)
        .outerjoin(Employer, Employer.id == Case.lead_employer_id)
        .with_only_columns(
            column,
            sa.func.count(Case.id),
            sa.func.sum(Case.worker_count),
            sa.func.sum(Case.claimed_fen),
        )
        .group_by(column)
    )
    cells = [
        Cell(kind.value, kind.label, int(n), int(times), int(fen), behind(kind))
        if kind
        else Cell("none", UNKNOWN_CLASS, int(n), int(times), int(fen), missing)
        for kind, n, times, fen in db.session.execute(query)
    ]
    return tuple(sorted(cells, key=lambda cell: (cell.key == "none", -cell.cases)))


def by_employers(actor: Actor, wanted: CaseFilter) -> list[Breakdown]:
    """Every table about employers: most cases, much about pay at once, industries and sizes."""
    tables = (by_employer, by_warning, by_industry, by_size)
    return [table(actor, wanted) for table in tables]


@kept
def by_employer(actor: Actor, wanted: CaseFilter, keys: tuple[str, ...] = ()) -> Breakdown:
    """The ten companies with most cases, or these; persons who employ are left out."""
    these = [Employer.id.in_([int(key) for key in keys])] if keys else []
    cells = _companies(actor, wanted, len(keys) or MOST_EMPLOYERS, *these)
    return Breakdown("employer", N_("案件最多的单位"), cells, adds_up=False)


@kept
def by_warning(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """The companies with several disputes about pay at once, with all their disputes about pay."""
    about_pay = narrowed(wanted, dispute_kind=DisputeKind.PAY)
    earlier = sa.func.lag(Case.registered_on, WARNING_CASES - 1).over(
        partition_by=CaseParty.employer_id, order_by=(Case.registered_on, Case.id)
    )
    one = (
        _against_companies(search(actor, about_pay))
        .with_only_columns(
            CaseParty.employer_id,
            Case.registered_on.label("last"),
            sa.type_coerce(earlier, sa.Date).label("first"),
        )
        .subquery()
        .c
    )
    at_once = sa.select(one.employer_id).where(days_between(one.first, one.last) < WARNING_DAYS)
    cells = _companies(actor, about_pay, MOST_WARNED, Employer.id.in_(at_once))
    return Breakdown("warned", N_("90天内3起以上欠薪争议的单位"), cells, adds_up=False)


def _companies(
    actor: Actor, wanted: CaseFilter, most: int, *conditions: sa.ColumnElement[bool]
) -> tuple[Cell, ...]:
    cases = sa.func.count(Case.id)
    query = (
        _against_companies(search(actor, wanted))
        .where(*conditions)
        .with_only_columns(
            Employer.id,
            Employer.name,
            cases,
            sa.func.sum(Case.worker_count),
            sa.func.sum(Case.claimed_fen),
        )
        .group_by(Employer.id, Employer.name)
        .order_by(cases.desc(), Employer.id)
        .limit(most)
    )
    return tuple(
        Cell(str(key), name, int(n), int(times), int(fen), narrowed(wanted, employer_id=key))
        for key, name, n, times, fen in db.session.execute(query)
    )


def _against_companies(cases: sa.Select[tuple[Case]]) -> sa.Select[tuple[Case]]:
    """The cases with each company in them; persons who employ are left out."""
    return (
        cases.join(CaseParty, sa.and_(CaseParty.case_id == Case.id, CaseParty.removed_at.is_(None)))
        .join(Employer, Employer.id == CaseParty.employer_id)
        .where(Employer.is_individual.is_(False))
    )
