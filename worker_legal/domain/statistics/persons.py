"""Persons counted once (人), however often they came: kept as one set for each site and month.

Persons do not add up: who came in March and in May is one person. So a bucket holds which persons
they are and not how many, and a period is the union of its buckets (docs/adr/012). Buckets that a
change has touched, and months that a period cuts, are read live, as with the sums of `rollup`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from worker_legal.domain.cases.models import Case, CaseParty, Proceeding, ProceedingParty
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.parties import Worker
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.models import FigurePersons
from worker_legal.domain.statistics.rollup import (
    CLOSED,
    DAY_OF,
    INJURY,
    MOST_MARKS,
    REGISTERED,
    SYSTEM,
    Bucket,
    Cut,
    Term,
    cut_of,
    everywhere,
    month_of,
    odd_of,
    sites_of,
    terms_of,
)
from worker_legal.infra.db import db
from worker_legal.law.enums import Stage

# the workers who are in a case still; asked just so, an index answers alone
IN_CASE = (CaseParty.removed_at.is_(None), CaseParty.worker_id.is_not(None))
KINDS = (REGISTERED, CLOSED, INJURY)
# rows read at once when everything is read
CHUNK = 10_000


def person_key() -> sa.ColumnElement[int]:
    """One number per person: identified workers by their row, unidentified ones each time.

    The workers are not joined: whoever has no number is found by the index of the numbers.
    """
    nameless = sa.select(Worker.id).where(Worker.id_no_hash.is_(None))
    return sa.case(
        (CaseParty.worker_id.in_(nameless), 2 * CaseParty.id + 1), else_=2 * CaseParty.worker_id
    )


@dataclass(frozen=True)
class Crowd:
    """How many persons there are, and in each month; who comes in two months counts in both."""

    persons: int
    by_month: Mapping[str, int]


@kept
def crowd(actor: Actor, wanted: CaseFilter) -> Crowd:
    """The persons of a filter: in its cases, or with an application filed in its span.

    Months are those of registration, of closing, or of filing, as the filter asks.
    """
    found = _from_buckets(actor, wanted)
    if found is None:
        kind = INJURY if wanted.injury_from else REGISTERED
        found = _gathered(_parties(kind, search(actor, wanted), _filed_in(wanted)))
    counts = {month: len(some) for month, some in found.items()}
    return Crowd(len(BitMap.union(BitMap(), *found.values())), counts)


def _from_buckets(actor: Actor, wanted: CaseFilter) -> dict[str, BitMap] | None:
    """The persons of each month, or None for a question that buckets cannot answer."""
    sites, term = sites_of(actor, wanted), _term(wanted)
    if sites is None or term is None:
        return None
    cut = cut_of(term, sites.ids)
    if len(cut.touched) > MOST_MARKS:
        return None
    found = _stored(term.kind, cut, sites.ids)
    odd = odd_of(term, cut)
    if odd is not None:
        cases = search(SYSTEM, CaseFilter(site_ids=sites.ids))
        for month, some in _gathered(_parties(term.kind, cases, odd)).items():
            found[month] = found.get(month, BitMap()) | some
    return found


def _term(wanted: CaseFilter) -> Term | None:
    """The question as one span of days of one kind."""
    bare = everywhere(wanted)
    first, last = bare.injury_from, bare.injury_to
    if first and last and bare == CaseFilter(injury_from=first, injury_to=last):
        return Term(INJURY, first, last)
    terms = terms_of(bare) or ()
    return terms[0] if len(terms) == 1 else None


def _stored(kind: str, cut: Cut, site_ids: frozenset[int] | None) -> dict[str, BitMap]:
    row = FigurePersons
    query = sa.select(row.org_unit_id, row.month, row.persons).where(
        row.kind == kind, row.month.between(cut.first_month, cut.last_month)
    )
    if site_ids is not None:
        query = query.where(row.org_unit_id.in_(sorted(site_ids)))
    touched, found = set(cut.touched), dict[str, list[BitMap]]()
    for site_id, month, persons in db.session.execute(query):
        if (site_id, month) not in touched:
            found.setdefault(month, []).append(BitMap.deserialize(persons))
    return {month: BitMap.union(*some) for month, some in found.items()}


def _filed_in(wanted: CaseFilter) -> sa.ColumnElement[bool]:
    first, last = wanted.injury_from, wanted.injury_to
    return Proceeding.filed_on.between(first, last) if first and last else sa.true()


def _parties(
    kind: str, cases: sa.Select[Any], condition: sa.ColumnElement[bool], *places: Any
) -> sa.Select[Any]:
    """The persons in some cases, each with the month that counts and further places."""
    query = _applicants(cases) if kind == INJURY else _workers(cases)
    day = DAY_OF[kind]
    return query.where(condition, day.is_not(None)).with_only_columns(
        month_of(day), person_key(), *places
    )


def _workers(cases: sa.Select[Any]) -> sa.Select[Any]:
    return cases.join(CaseParty, CaseParty.case_id == Case.id).where(*IN_CASE)


def _applicants(cases: sa.Select[Any]) -> sa.Select[Any]:
    return (
        cases.join(Proceeding, Proceeding.case_id == Case.id)
        .join(ProceedingParty, ProceedingParty.proceeding_id == Proceeding.id)
        .join(CaseParty, CaseParty.id == ProceedingParty.case_party_id)
        .where(CaseParty.worker_id.is_not(None), Proceeding.stage == Stage.WORK_INJURY)
    )


def _gathered(query: sa.Select[Any]) -> dict[str, BitMap]:
    """The persons of a query of months and persons, month by month."""
    found: dict[str, BitMap] = {}
    for month, person in db.session.execute(query):
        found.setdefault(month, BitMap()).add(person)
    return found


def counted(kind: str, condition: sa.ColumnElement[bool]) -> Iterator[tuple[Bucket, BitMap]]:
    """The persons of every bucket of a kind, read from the cases."""
    query = _parties(kind, search(SYSTEM, CaseFilter()), condition, Case.org_unit_id)
    found: dict[Bucket, BitMap] = {}
    for month, person, site_id in db.session.execute(query.execution_options(yield_per=CHUNK)):
        found.setdefault(Bucket(site_id, month), BitMap()).add(person)
    yield from found.items()


def stored() -> Iterator[tuple[str, Bucket, BitMap]]:
    """The persons of every bucket there is, as they are kept."""
    row = FigurePersons
    query = sa.select(row.kind, row.org_unit_id, row.month, row.persons)
    for kind, site_id, month, persons in db.session.execute(query):
        yield kind, Bucket(site_id, month), BitMap.deserialize(persons)


def keep(kind: str, found: Iterable[tuple[Bucket, BitMap]]) -> int:
    """Keep the persons of some buckets; gives how many buckets."""
    rows = [
        {
            "kind": kind,
            "org_unit_id": bucket.site_id,
            "month": bucket.month,
            "persons": persons.serialize(),
        }
        for bucket, persons in found
    ]
    if rows:
        db.session.execute(sa.insert(FigurePersons), rows)
    return len(rows)
