"""Keeping the buckets true: touched ones are added up again, all are proven by a count."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from pyroaring import BitMap

from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.statistics import kept, persons
from worker_legal.domain.statistics.models import FigureMark, FigurePersons, FigureRollup
from worker_legal.domain.statistics.rollup import (
    CLOSED,
    DAY_OF,
    NAMES,
    REGISTERED,
    STORED,
    SYSTEM,
    Bucket,
    Sums,
    grouped,
    in_buckets,
    month_of,
    text_of,
)
from worker_legal.infra.db import db

# so many buckets in one run, however often each was touched
MOST_AT_ONCE = 2_000
CHUNK = 100
PERSONS = "persons"
SUMMED = (REGISTERED, CLOSED)


class Row(NamedTuple):
    """Which row of the buckets: the kind of day, the dimension, month, site and key."""

    kind: str
    dimension: str
    month: str
    site_id: int
    key: str


@dataclass(frozen=True)
class Difference:
    """A row of the buckets that is not what a count gives."""

    row: Row
    stored: str
    counted: str


@dataclass(frozen=True)
class Recount:
    """What a recount found: rows compared, buckets waiting, and every difference."""

    rows: int
    touched: int
    differences: tuple[Difference, ...]


def refresh() -> int:
    """Add up again what changes have touched; gives how many buckets.

    Takes the marks of a bucket away before it counts. Whatever it takes away it also sees when it
    counts; a change that commits later has a mark of its own, and its bucket stays marked.
    """
    kept.clear_changes()
    bucket = (FigureMark.kind, FigureMark.org_unit_id, FigureMark.month)
    query = sa.select(*bucket).distinct().order_by(*bucket).limit(MOST_AT_ONCE)
    touched = [(kind, Bucket(*place)) for kind, *place in db.session.execute(query)]
    for kind in persons.KINDS:
        for some in _parts([place for of, place in touched if of == kind]):
            _forget(FigureMark, kind, some)
            _add_up(kind, some)
    return len(touched)


def _add_up(kind: str, buckets: Sequence[Bucket]) -> None:
    these = in_buckets(kind, buckets)
    _forget(FigurePersons, kind, buckets)
    persons.keep(kind, persons.counted(kind, these))
    if kind in SUMMED:
        _forget(FigureRollup, kind, buckets)
        _keep(_counted(kind, these))


def recount() -> Recount:
    """Compare every bucket without a mark with a count of its cases.

    Marks are read before and after: what changes meanwhile is touched, not different.
    """
    touched = _touched()
    stored, counted = dict(_all_stored()), dict(_all_counted())
    touched |= _touched()
    rows = sorted(
        row
        for row in stored.keys() | counted.keys()
        if (row.kind, row.site_id, row.month) not in touched
    )
    different = (
        Difference(row, _said(stored.get(row)), _said(counted.get(row)))
        for row in rows
        if stored.get(row) != counted.get(row)
    )
    return Recount(len(rows), len(touched), tuple(different))


def _said(value: Sums | BitMap | None) -> str:
    """What a row holds, in words that name nobody."""
    return f"{len(value)} persons" if isinstance(value, BitMap) else str(value)


def _touched() -> set[tuple[str, int, str]]:
    marks = sa.select(FigureMark.kind, FigureMark.org_unit_id, FigureMark.month).distinct()
    return {(kind, site_id, month) for kind, site_id, month in db.session.execute(marks)}


def rebuild() -> int:
    """Throw every bucket away and add all up again; gives the number of rows."""
    for table in (FigureMark, FigureRollup, FigurePersons):
        db.session.execute(sa.delete(table).execution_options(synchronize_session=False))
    kept.name_books_anew()
    crowds = sum(persons.keep(kind, persons.counted(kind, sa.true())) for kind in persons.KINDS)
    return crowds + sum(_keep(_counted(kind, sa.true())) for kind in SUMMED)


def _all_counted() -> Iterator[tuple[Row, Sums | BitMap]]:
    for kind in SUMMED:
        yield from _counted(kind, sa.true())
    for kind in persons.KINDS:
        for bucket, crowd in persons.counted(kind, sa.true()):
            yield _row_of(kind, bucket), crowd


def _all_stored() -> Iterator[tuple[Row, Sums | BitMap]]:
    yield from _stored()
    for kind, bucket, crowd in persons.stored():
        yield _row_of(kind, bucket), crowd


def _row_of(kind: str, bucket: Bucket) -> Row:
    return Row(kind, PERSONS, bucket.month, bucket.site_id, "")


def _counted(kind: str, condition: sa.ColumnElement[bool]) -> Iterator[tuple[Row, Sums]]:
    month = month_of(DAY_OF[kind])
    for dimension in STORED:
        cases = search(SYSTEM, CaseFilter()).where(condition, DAY_OF[kind].is_not(None))
        query = grouped(cases, kind, dimension, month, Case.org_unit_id)
        for when, site_id, value, *sums in db.session.execute(query):
            row = Row(kind, dimension, when, site_id, text_of(value))
            yield row, Sums(*(int(each or 0) for each in sums))


def _stored() -> Iterator[tuple[Row, Sums]]:
    found = FigureRollup
    columns = [getattr(found, name) for name in NAMES]
    query = sa.select(
        found.kind, found.dimension, found.month, found.org_unit_id, found.key, *columns
    )
    for kind, dimension, month, site_id, key, *values in db.session.execute(query):
        yield Row(kind, dimension, month, site_id, key), Sums(*values)


def _forget(
    table: type[FigureMark | FigureRollup | FigurePersons], kind: str, buckets: Sequence[Bucket]
) -> None:
    bucket = sa.tuple_(table.org_unit_id, table.month)
    gone = sa.delete(table).where(table.kind == kind, bucket.in_(buckets))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _keep(found: Iterator[tuple[Row, Sums]]) -> int:
    rows = [_values(row, value) for row, value in found]
    for part in _parts(rows):
        db.session.execute(sa.insert(FigureRollup), part)
    return len(rows)


def _values(row: Row, value: Sums) -> dict[str, Any]:
    where = {**row._asdict(), "org_unit_id": row.site_id}
    del where["site_id"]
    return {**where, **dict(zip(NAMES, astuple(value), strict=True))}


def _parts(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), CHUNK):
        yield list(items[start : start + CHUNK])
