"""One function per published figure. A figure and the list behind it share one query."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case, CaseParty, Proceeding, ProceedingParty
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import persons, rollup
from worker_legal.domain.statistics.definitions import DEFINITIONS as DEFINITIONS
from worker_legal.domain.statistics.definitions import DEFINITIONS_VERSION as DEFINITIONS_VERSION
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.models import ComparisonSeries
from worker_legal.domain.statistics.persons import IN_CASE, person_key
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.law.enums import Stage
from worker_legal.law.money import round_half_up


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.last < self.first:
            raise BadInput(N_("结束日期不能早于开始日期"), field="to")

    def year_before(self) -> "Period":
        """The same span a year earlier; 29 February becomes 28."""
        return Period(_year_before(self.first), _year_before(self.last))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Change:
    """The change of the number of cases in tenths of a percent, and against what."""

    permille: int | None
    basis: str
    before: int | None = None
    source: str = ""
    entered_by: str = ""

    @property
    def percent(self) -> float | None:
        """The change in percent with one decimal, or None."""
        return None if self.permille is None else self.permille / 10


@dataclass(frozen=True)
class Figures:
    """The published figures of one period and part of the tree."""

    cases: int
    people: int
    person_times: int
    amount_fen: int
    agreed_fen: int
    received_fen: int
    work_injury_people: int
    closed: int
    open: int
    collective: int
    change: Change


def registered_in(period: Period, site_ids: frozenset[int] | None) -> CaseFilter:
    """The filter of the cases registered in a period at some sites."""
    return CaseFilter(registered_from=period.first, registered_to=period.last, site_ids=site_ids)


def filed_in(period: Period, site_ids: frozenset[int] | None) -> CaseFilter:
    """The filter of the cases with an application for recognition filed in a period."""
    return CaseFilter(injury_from=period.first, injury_to=period.last, site_ids=site_ids)


def figures(actor: Actor, period: Period, site_ids: frozenset[int] | None = None) -> Figures:
    """Every headline figure of a period, with the change on the year before."""
    found = figures_alone(actor, period, site_ids)
    return replace(found, change=change(actor, period, site_ids, found.cases))


@kept
def figures_alone(actor: Actor, period: Period, site_ids: frozenset[int] | None = None) -> Figures:
    """Every headline figure of a period, compared with nothing."""
    wanted = registered_in(period, site_ids)
    return Figures(
        people=people(actor, wanted),
        work_injury_people=work_injury_people(actor, period, site_ids),
        change=Change(None, "none"),
        **_totals(actor, wanted),
    )


def _totals(actor: Actor, wanted: CaseFilter) -> dict[str, int]:
    found = rollup.whole(actor, wanted)
    if found is None:
        row = db.session.execute(search(actor, wanted).with_only_columns(*rollup.LIVE)).one()
        found = rollup.Sums(*(int(value) for value in row))
    return {**asdict(found), "open": found.cases - found.closed}


def case_count(actor: Actor, wanted: CaseFilter) -> int:
    """Cases (起)."""
    return _totals(actor, wanted)["cases"]


def people_rows(actor: Actor, wanted: CaseFilter) -> sa.Select[Any]:
    """The rows behind 人: worker, number of cases, first case, and a place in the order."""
    ids = search(actor, wanted).with_only_columns(Case.id)
    return (
        sa.select(
            sa.func.min(CaseParty.worker_id),
            sa.func.count(),
            sa.func.min(CaseParty.case_id),
            sa.func.min(CaseParty.id),
        )
        .where(CaseParty.case_id.in_(ids), *IN_CASE)
        .group_by(person_key())
    )


def people(actor: Actor, wanted: CaseFilter) -> int:
    """Distinct persons (人): by identity number, unidentified ones each time."""
    return persons.crowd(actor, wanted).persons


def injury_rows(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> sa.Select[Any]:
    """The rows behind 工伤认定申请: worker, case, first filing date, and a place in the order."""
    wanted = filed_in(period, site_ids)
    ids = search(actor, wanted).with_only_columns(Case.id)
    return (
        sa.select(
            sa.func.min(CaseParty.worker_id),
            sa.func.min(CaseParty.case_id),
            sa.func.min(Proceeding.filed_on),
            sa.func.min(CaseParty.id),
        )
        .select_from(ProceedingParty)
        .join(Proceeding, Proceeding.id == ProceedingParty.proceeding_id)
        .join(CaseParty, CaseParty.id == ProceedingParty.case_party_id)
        .where(
            CaseParty.worker_id.is_not(None),
            Proceeding.stage == Stage.WORK_INJURY,
            Proceeding.filed_on.between(period.first, period.last),
            Proceeding.case_id.in_(ids),
        )
        .group_by(person_key())
    )


def work_injury_people(actor: Actor, period: Period, site_ids: frozenset[int] | None = None) -> int:
    """Persons for whom recognition was applied for, by filing date (人)."""
    return persons.crowd(actor, filed_in(period, site_ids)).persons


def change(actor: Actor, period: Period, site_ids: frozenset[int] | None, cases: int) -> Change:
    """The change of the number of cases on the year before.

    Against a typed-in series of that period where one is entered (whole office only), else
    against the cases in the system, else none.
    """
    before = period.year_before()
    series = find_series(before) if site_ids is None else None
    if series is not None:
        return Change(
            _permille(cases, series.cases), "series", series.cases, series.source, series.entered_by
        )
    earlier = case_count(actor, registered_in(before, site_ids))
    if earlier == 0:
        return Change(None, "none")
    return Change(_permille(cases, earlier), "system", earlier)


def _permille(now: int, before: int) -> int | None:
    if before == 0:
        return None
    return round_half_up(Fraction((now - before) * 1000, before))


def find_series(period: Period) -> ComparisonSeries | None:
    """The typed-in figure of exactly this period."""
    return db.session.scalar(
        sa.select(ComparisonSeries).where(
            ComparisonSeries.period_from == period.first, ComparisonSeries.period_to == period.last
        )
    )


def whole_year(year: int) -> Period:
    """The calendar year.

    Raises BadInput for a year that cannot be meant.
    """
    if not 1990 <= year <= 2100:
        raise BadInput(N_("年份不对"), field="year")
    return Period(date(year, 1, 1), date(year, 12, 31))


def narrowed(wanted: CaseFilter, **more: object) -> CaseFilter:
    """The same filter with one more condition, for the link behind a cell."""
    return replace(wanted, **more)  # type: ignore[arg-type]
