"""How well cases are handled: rates with both their numbers, time to close, and trips."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.endings import (
    PREVAILED,
    Ending,
    Quality,
    awarded_fen,
    matters,
    trips,
)
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import (
    Period,
    case_count,
    narrowed,
    people,
    registered_in,
)
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.law.money import round_half_up


@dataclass(frozen=True)
class Rate:
    """A share of cases: the cases that count, out of which, and the filter behind both.

    `rows` names the list of what is counted where that is not cases.
    """

    code: str
    title: str
    part: int
    whole: int
    part_behind: CaseFilter
    whole_behind: CaseFilter
    rows: str = ""

    @property
    def permille(self) -> int | None:
        """The share in tenths of a percent; none where there is nothing to share."""
        return round_half_up(Fraction(self.part * 1000, self.whole)) if self.whole else None


@dataclass(frozen=True)
class Average:
    """A sum over cases or persons and how many they are; `median` twice, so that it is whole.

    `rows` names the list of those it is divided by where that is not cases.
    """

    total: int
    cases: int
    behind: CaseFilter
    median_twice: int | None = None
    rows: str = ""

    @property
    def mean_tenths(self) -> int | None:
        """The mean in tenths; none without a case."""
        return round_half_up(Fraction(self.total * 10, self.cases)) if self.cases else None


TITLES = {
    "mediation_success": N_("调解成功率"),
    "closing": N_("结案率"),
    "on_time": N_("按期结案率"),
    "in_park": N_("不出园区化解率"),
    "final_award": N_("终局裁决率"),
    "one_trip": N_("最多跑一次的比例"),
}


def closed_in(period: Period, site_ids: frozenset[int] | None) -> CaseFilter:
    """The cases closed in a period."""
    first, last = period.first, period.last
    return CaseFilter(registered_to=last, closed_from=first, closed_to=last, site_ids=site_ids)


@kept
def rates(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> list[Rate]:
    """Every rate of a period."""
    return [_rate(actor, *share) for share in _shares(period, site_ids)]


def _rate(actor: Actor, code: str, part: CaseFilter, whole: CaseFilter) -> Rate:
    rows, counted = ("matters", matter_count) if code == "on_time" else ("", case_count)
    return Rate(code, TITLES[code], counted(actor, part), counted(actor, whole), part, whole, rows)


def matter_query(actor: Actor, wanted: CaseFilter) -> sa.Select[tuple[Proceeding]]:
    """The proceedings whose ending a filter asks for, in the cases it finds."""
    if wanted.ending is None:
        raise NotFound(N_("没有这个数"))
    query = matters(wanted.ending, wanted.ending_from, wanted.ending_to)
    return query.where(Proceeding.case_id.in_(search(actor, wanted).with_only_columns(Case.id)))


def matter_count(actor: Actor, wanted: CaseFilter) -> int:
    """How many proceedings ended as a filter asks for."""
    query = matter_query(actor, wanted).with_only_columns(sa.func.count(Proceeding.id))
    return int(db.session.scalar(query) or 0)


def _shares(
    period: Period, site_ids: frozenset[int] | None
) -> Iterator[tuple[str, CaseFilter, CaseFilter]]:
    closed = closed_in(period, site_ids)
    on_books = CaseFilter(registered_to=period.last, open_since=period.first, site_ids=site_ids)

    def ended(ending: Ending) -> CaseFilter:
        return CaseFilter(
            ending=ending, ending_from=period.first, ending_to=period.last, site_ids=site_ids
        )

    def good(quality: Quality) -> CaseFilter:
        return narrowed(closed, quality=quality)

    yield "mediation_success", ended(Ending.SETTLED), ended(Ending.MEDIATION)
    yield "closing", closed, on_books
    yield "on_time", ended(Ending.ON_TIME), ended(Ending.TIMED)
    yield "in_park", good(Quality.IN_PARK), closed
    yield "final_award", ended(Ending.FINAL_AWARD), ended(Ending.AWARD)
    yield "one_trip", good(Quality.ONE_TRIP), closed


@kept
def manners(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> list[Rate]:
    """The closed cases by manner of handling (处理方式); the parts add up to the whole."""
    kinds = (Quality.BY_MEDIATION, Quality.BY_AWARD, Quality.BY_OTHER)
    return _split(actor, closed_in(period, site_ids), closed_in(period, site_ids), kinds)


@kept
def results(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> list[Rate]:
    """The cases closed by award or judgment by who prevailed (处理结果); the parts add up."""
    closed = closed_in(period, site_ids)
    by_award = narrowed(closed, quality=Quality.BY_AWARD)
    return _split(actor, closed, by_award, tuple(PREVAILED))


def _split(
    actor: Actor, closed: CaseFilter, whole: CaseFilter, kinds: tuple[Quality, ...]
) -> list[Rate]:
    cases = case_count(actor, whole)
    found = [(kind, narrowed(closed, quality=kind)) for kind in kinds]
    return [
        Rate(kind.value, kind.label, case_count(actor, part), cases, part, whole)
        for kind, part in found
    ]


@kept
def time_to_close(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Average:
    """Days from registration to closing, with mean and median."""
    behind = closed_in(period, site_ids)
    taken = days_taken()
    query = search(actor, behind).with_only_columns(taken, sa.func.count()).group_by(taken)
    counts = sorted((int(days), int(cases)) for days, cases in db.session.execute(query))
    total = sum(days * cases for days, cases in counts)
    return Average(total, sum(cases for _, cases in counts), behind, _median_twice(counts))


def days_taken() -> sa.ColumnElement[int]:
    """The days a closed case took, as the database counts them."""
    return days_between(Case.registered_on, Case.closed_on)


def days_between(first: Any, last: Any) -> sa.ColumnElement[int]:
    """The natural days from one day to another, as the database counts them."""
    if db.engine.dialect.name == "sqlite":
        return sa.cast(sa.func.julianday(last) - sa.func.julianday(first), sa.Integer)
    return sa.cast(sa.type_coerce(last - first, sa.Integer), sa.Integer)


def _median_twice(counts: list[tuple[int, int]]) -> int | None:
    """Twice the median of days, each with the number of its cases."""
    size = sum(cases for _, cases in counts)
    return _at(counts, (size - 1) // 2) + _at(counts, size // 2) if size else None


def _at(counts: list[tuple[int, int]], place: int) -> int:
    passed = 0
    for days, cases in counts:
        passed += cases
        if place < passed:
            return days
    raise IndexError(place)


@kept
def trips_taken(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Average:
    """How often workers had to come until their case was closed."""
    behind = closed_in(period, site_ids)
    query = search(actor, behind).with_only_columns(sa.func.sum(trips()), sa.func.count())
    total, cases = db.session.execute(query).one()
    return Average(int(total or 0), int(cases), behind)


@kept
def trips_per_worker(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Average:
    """The same trips divided by the workers of those cases, each person once."""
    taken = trips_taken(actor, period, site_ids)
    return Average(taken.total, people(actor, taken.behind), taken.behind, rows="people")


@kept
def awarded(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> int:
    """What arbitration awarded in the cases registered in a period, in fen."""
    query = search(actor, registered_in(period, site_ids))
    return int(db.session.scalar(query.with_only_columns(sa.func.sum(awarded_fen()))) or 0)
