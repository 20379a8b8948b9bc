"""Figures added up ahead of time by site and month: the yearly page costs the same at any size.

A figure is the sum of its buckets. Months that a period cuts, and buckets that a change has touched
since they were added up, are counted live by the very query behind the list, so that the answer is
always the live count (docs/adr/003 and 010).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.queries import COLLECTIVE, CaseFilter, search
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.models import FigureMark, FigureRollup
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus

REGISTERED, CLOSED, INJURY = "registered", "closed", "injury"
# the day that puts something into a month; an application for recognition counts by its filing
DAY_OF: Mapping[str, Any] = {
    REGISTERED: Case.registered_on,
    CLOSED: Case.closed_on,
    INJURY: Proceeding.filed_on,
}
WHOLE, SITE, MONTH, STAGE = "whole", "site", "month", "stage"
COLUMNS: Mapping[str, Any] = {
    "status": Case.status,
    "cause": Case.dispute_kind,
    "channel": Case.channel,
    "outcome": Case.close_outcome,
}
STORED = (WHOLE, *COLUMNS, STAGE)
# the field of the filter that asks for one row of a dimension
FIELD_OF = {
    "status": "status",
    "cause": "dispute_kind",
    "channel": "channel",
    "outcome": "outcome",
    STAGE: "any_stage",
}
SYSTEM = Actor.system("figures")
# With more touched buckets than this the live count of everything is the simpler question.
MOST_MARKS = 200


@dataclass(frozen=True)
class Sums:
    """What adds up over cases."""

    cases: int = 0
    person_times: int = 0
    amount_fen: int = 0
    agreed_fen: int = 0
    received_fen: int = 0
    closed: int = 0
    collective: int = 0

    def plus(self, other: "Sums", sign: int = 1) -> "Sums":
        """The sum of both, or the difference."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Sums(*(mine + sign * theirs for mine, theirs in pairs))


NAMES = tuple(field.name for field in fields(Sums))
LIVE = (
    sa.func.count(Case.id),
    sa.func.coalesce(sa.func.sum(Case.worker_count), 0),
    sa.func.coalesce(sa.func.sum(Case.claimed_fen), 0),
    sa.func.coalesce(sa.func.sum(Case.agreed_fen), 0),
    sa.func.coalesce(sa.func.sum(Case.recovered_fen), 0),
    sa.func.count(Case.closed_on),
    sa.func.coalesce(sa.func.sum(sa.case((Case.worker_count >= COLLECTIVE, 1), else_=0)), 0),
)


class Bucket(NamedTuple):
    """The cases registered, or closed, at one site in one month."""

    site_id: int
    month: str


@dataclass(frozen=True)
class Term:
    """One part of a figure: cases by the day of a kind, added or taken away."""

    kind: str
    first: date | None
    last: date
    sign: int = 1


# --- asking -------------------------------------------------------------------------------


def whole(actor: Actor, wanted: CaseFilter) -> Sums | None:
    """The sums of a filter, or None for a question that buckets cannot answer."""
    if wanted.status is CaseStatus.VOID:
        return None
    for dimension, field in FIELD_OF.items():
        value = getattr(wanted, field)
        if value is not None:
            nothing: dict[str, Any] = {field: None}
            found = by(actor, replace(wanted, **nothing), dimension)
            return None if found is None else found.get(str(value.value), Sums())
    found = by(actor, wanted, WHOLE)
    return None if found is None else found.get("", Sums())


@kept
def by(actor: Actor, wanted: CaseFilter, dimension: str) -> Mapping[str, Sums] | None:
    """The sums of each row of a dimension, or None for a question that buckets cannot answer."""
    site_ids = sites_of(actor, wanted)
    terms = terms_of(everywhere(wanted))
    if terms is None or site_ids is None:
        return None
    total: dict[str, Sums] = {}
    for term in terms:
        found = _answer(term, site_ids.ids, dimension)
        if found is None:
            return None
        for key, row in found.items():
            total[key] = total.get(key, Sums()).plus(row, term.sign)
    return {key: row for key, row in total.items() if row.cases}


def live(actor: Actor, wanted: CaseFilter, dimension: str = WHOLE) -> dict[str, Sums]:
    """The same sums counted from the cases themselves, for any filter."""
    return dict(_rows(grouped(search(actor, wanted), REGISTERED, dimension)))


class Sites(NamedTuple):
    """The sites asked about; no ids means all of them."""

    ids: frozenset[int] | None


def sites_of(actor: Actor, wanted: CaseFilter) -> Sites | None:
    """Whole sites within the actor's sight; None when the actor sees only some cases of a site."""
    asked = wanted.site_ids
    if wanted.own_site_only is not None:
        one = frozenset({wanted.own_site_only})
        asked = one if asked is None else asked & one
    if actor.is_system:
        return Sites(asked)
    if actor.own_case_sites(Action.VIEW_CASE):
        return None
    seen = actor.site_ids(Action.VIEW_CASE)
    return Sites(seen if asked is None else asked & seen)


def everywhere(wanted: CaseFilter) -> CaseFilter:
    """The same question about no site in particular."""
    return replace(wanted, site_ids=None, own_site_only=None)


def terms_of(wanted: CaseFilter) -> tuple[Term, ...] | None:
    """The question as sums of registered and closed cases; a case closes after it came in."""
    first, last = wanted.registered_from, wanted.registered_to
    if last is None:
        return None
    if wanted == CaseFilter(registered_from=first, registered_to=last):
        return (Term(REGISTERED, first, last),)
    following = last + timedelta(days=1)
    if wanted == CaseFilter(registered_to=last, open_since=following):
        return (Term(REGISTERED, None, last), Term(CLOSED, None, last, -1))
    if wanted == CaseFilter(registered_to=last, closed_from=wanted.closed_from, closed_to=last):
        return (Term(CLOSED, wanted.closed_from, last),)
    return None


@dataclass(frozen=True)
class Cut:
    """Which part of a term the buckets answer and which part is counted live."""

    first_month: str
    last_month: str
    touched: tuple[Bucket, ...]
    ragged: tuple[tuple[date, date], ...]


def _answer(term: Term, site_ids: frozenset[int] | None, dimension: str) -> dict[str, Sums] | None:
    cut = cut_of(term, site_ids)
    if len(cut.touched) > MOST_MARKS:
        return None
    found = dict(_stored(term.kind, cut, site_ids, dimension))
    odd = odd_of(term, cut)
    if odd is not None:
        for key, row in _live(term.kind, odd, site_ids, dimension):
            found[key] = found.get(key, Sums()).plus(row)
    return found


def cut_of(term: Term, site_ids: frozenset[int] | None) -> Cut:
    """Cut a term into whole months of buckets and what has to be read live."""
    first, last, ragged = term.first, term.last, []
    if first is not None and first.day > 1:
        end = min(_end_of_month(first), last)
        ragged.append((first, end))
        first = end + timedelta(days=1)
    if first is None or first <= last:
        end = _end_of_month(last)
        if last < end and _anything(term.kind, last, end):
            start = last.replace(day=1)
            ragged.append((start, last))
            last = start - timedelta(days=1)
    # an empty span of months when the period is shorter than one
    months = ("0" if first is None else f"{first:%Y-%m}", f"{last:%Y-%m}")
    if first is not None and first > last:
        return Cut("1", "0", (), tuple(ragged))
    return Cut(*months, _touched(term.kind, *months, site_ids), tuple(ragged))


def _anything(kind: str, after: date, until: date) -> bool:
    """Whether the rest of a month holds any case; the running month mostly does not."""
    day = DAY_OF[kind]
    return bool(db.session.scalar(sa.select(sa.exists().where(day > after, day <= until))))


def _touched(
    kind: str, first: str, last: str, site_ids: frozenset[int] | None
) -> tuple[Bucket, ...]:
    query = sa.select(FigureMark.org_unit_id, FigureMark.month).distinct()
    query = query.where(FigureMark.kind == kind, FigureMark.month.between(first, last))
    if site_ids is not None:
        query = query.where(FigureMark.org_unit_id.in_(sorted(site_ids)))
    return tuple(Bucket(*row) for row in db.session.execute(query.limit(MOST_MARKS + 1)))


def _stored(
    kind: str, cut: Cut, site_ids: frozenset[int] | None, dimension: str
) -> Iterator[tuple[str, Sums]]:
    groups = {SITE: FigureRollup.org_unit_id, MONTH: FigureRollup.month}
    key = groups.get(dimension, FigureRollup.key)
    columns = [sa.func.sum(getattr(FigureRollup, name)) for name in NAMES]
    query = sa.select(key, *columns).group_by(key)
    query = query.where(
        FigureRollup.kind == kind,
        FigureRollup.dimension == (WHOLE if dimension in groups else dimension),
        FigureRollup.month.between(cut.first_month, cut.last_month),
    )
    if site_ids is not None:
        query = query.where(FigureRollup.org_unit_id.in_(sorted(site_ids)))
    if cut.touched:
        bucket = sa.tuple_(FigureRollup.org_unit_id, FigureRollup.month)
        query = query.where(bucket.not_in(cut.touched))
    return _rows(query)


def odd_of(term: Term, cut: Cut) -> sa.ColumnElement[bool] | None:
    """The condition of what has to be read live, or None when buckets answer everything."""
    day = DAY_OF[term.kind]
    parts: list[sa.ColumnElement[bool]] = [day.between(*span) for span in cut.ragged]
    if cut.touched:
        parts.append(in_buckets(term.kind, cut.touched))
    return sa.or_(*parts) if parts else None


def in_buckets(kind: str, buckets: Sequence[Bucket]) -> sa.ColumnElement[bool]:
    """The condition on legal_case (and on proceeding, by filing) that keeps some buckets."""
    sites: dict[str, list[int]] = {}
    for bucket in buckets:
        sites.setdefault(bucket.month, []).append(bucket.site_id)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(DAY_OF[kind].between(*_days_of(month)), Case.org_unit_id.in_(sorted(found)))
            for month, found in sites.items()
        ),
    )


def _live(
    kind: str, odd: sa.ColumnElement[bool], site_ids: frozenset[int] | None, dimension: str
) -> Iterator[tuple[str, Sums]]:
    cases = search(SYSTEM, CaseFilter(site_ids=site_ids)).where(odd, DAY_OF[kind].is_not(None))
    return _rows(grouped(cases, kind, dimension))


def grouped(query: sa.Select[Any], kind: str, dimension: str, *places: Any) -> sa.Select[Any]:
    """The sums of a query of cases: some places, the key of the dimension, and what adds up."""
    query, key = _keyed(query, kind, dimension)
    if key is None:
        return query.with_only_columns(*places, sa.literal_column("''"), *LIVE).group_by(*places)
    return query.with_only_columns(*places, key, *LIVE).group_by(*places, key)


def _keyed(query: sa.Select[Any], kind: str, dimension: str) -> tuple[sa.Select[Any], Any]:
    if dimension == STAGE:
        these = Proceeding.case_id.in_(query.with_only_columns(Case.id))
        went = sa.select(Proceeding.case_id, Proceeding.stage).where(these).distinct().subquery()
        return query.join(went, went.c.case_id == Case.id), went.c.stage
    if dimension in COLUMNS:
        return query, COLUMNS[dimension]
    if dimension == MONTH:
        return query, month_of(DAY_OF[kind])
    return query, Case.org_unit_id if dimension == SITE else None


def _rows(query: sa.Select[Any]) -> Iterator[tuple[str, Sums]]:
    for key, *values in db.session.execute(query):
        yield text_of(key), Sums(*(int(value or 0) for value in values))


def text_of(key: Any) -> str:
    """A key as it is stored: the value of a code, empty for none."""
    return "" if key is None else str(getattr(key, "value", key))


def month_of(column: Any) -> sa.ColumnElement[str]:
    """The month of a day as 2022-01."""
    if db.engine.dialect.name == "sqlite":
        return sa.func.substr(column, 1, 7, type_=sa.String())
    return sa.func.to_char(column, "YYYY-MM", type_=sa.String())


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _days_of(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, _end_of_month(first)
