"""Figures by month, cause, service, outcome, site and channel; each cell knows its filter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from worker_legal.domain import org
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import rollup
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import Period, narrowed
from worker_legal.i18n import N_
from worker_legal.law.enums import CaseStatus, Channel, DisputeKind, Outcome, Stage


@dataclass(frozen=True)
class Cell:
    """One row of a breakdown: its label, its figures, and the filter of the cases behind it."""

    key: str
    label: str
    cases: int
    person_times: int
    amount_fen: int
    behind: CaseFilter


@dataclass(frozen=True)
class Breakdown:
    """One table: `adds_up` is false where a case can stand in several rows."""

    code: str
    title: str
    cells: tuple[Cell, ...]
    adds_up: bool = True


@kept
def breakdowns(actor: Actor, wanted: CaseFilter, period: Period) -> list[Breakdown]:
    """Every table of the overview."""
    return [
        by_month(actor, wanted, period),
        by_cause(actor, wanted),
        by_stage(actor, wanted),
        by_outcome(actor, wanted),
        by_site(actor, wanted),
        by_channel(actor, wanted),
    ]


def by_month(actor: Actor, wanted: CaseFilter, period: Period) -> Breakdown:
    """Cases by month of registration; months without cases are shown too."""
    found = _grouped(actor, wanted, rollup.MONTH)
    cells = []
    for first, last in months(period):
        behind = narrowed(wanted, registered_from=first, registered_to=last)
        key = f"{first:%Y-%m}"
        cells.append(Cell(key, key, *found.get(key, (0, 0, 0)), behind))
    return Breakdown("month", N_("每月受理"), tuple(cells))


def months(period: Period) -> Iterable[tuple[date, date]]:
    """The months of a period, the first and the last cut to it."""
    first = period.first
    while first <= period.last:
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield first, min(following - timedelta(days=1), period.last)
        first = following


def by_cause(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by main cause."""
    return _coded(
        actor,
        wanted,
        "cause",
        N_("因为什么"),
        DisputeKind,
        lambda kind: narrowed(wanted, dispute_kind=kind),
    )


def by_channel(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the way they came in; the rows add up to all cases (features A2)."""
    return _coded(
        actor,
        wanted,
        "channel",
        N_("怎么来的"),
        Channel,
        lambda channel: narrowed(wanted, channel=channel),
    )


def by_outcome(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the outcome with which they were closed, the open ones apart."""
    closed = _coded(
        actor,
        wanted,
        "outcome",
        N_("怎样结案"),
        Outcome,
        lambda outcome: narrowed(wanted, outcome=outcome),
    )
    still = narrowed(wanted, status=CaseStatus.OPEN)
    rows = _sums(actor, still)
    open_cell = Cell("open", CaseStatus.OPEN.label, *rows, still)
    return Breakdown("outcome", closed.title, (*closed.cells, open_cell))


def by_stage(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the services they went through; one case can stand in several rows."""
    cells = []
    for stage in Stage:
        behind = narrowed(wanted, any_stage=stage)
        figures = _sums(actor, behind)
        if figures[0]:
            cells.append(Cell(stage.value, stage.label, *figures, behind))
    return Breakdown("stage", N_("办了哪些程序"), _sorted(cells), adds_up=False)


def by_site(actor: Actor, wanted: CaseFilter) -> Breakdown:
    """Cases by the site itself, in the order of the tree."""
    found = _grouped(actor, wanted, rollup.SITE, int)
    cells = [
        Cell(str(unit.id), unit.name, *found[unit.id], narrowed(wanted, own_site_only=unit.id))
        for unit in org.tree()
        if unit.id in found
    ]
    return Breakdown("site", N_("在哪里受理"), tuple(cells))


def _coded(
    actor: Actor,
    wanted: CaseFilter,
    code: str,
    title: str,
    kinds: Any,
    behind: Callable[[Any], CaseFilter],
) -> Breakdown:
    found = _grouped(actor, wanted, code, kinds)
    cells = [
        Cell(kind.value, kind.label, *found[kind], behind(kind)) for kind in kinds if kind in found
    ]
    return Breakdown(code, title, _sorted(cells))


def _sorted(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: -cell.cases))


def _grouped(
    actor: Actor, wanted: CaseFilter, dimension: str, kinds: Any = str
) -> dict[Any, tuple[int, int, int]]:
    found = rollup.by(actor, wanted, dimension)
    if found is None:
        found = rollup.live(actor, wanted, dimension)
    return {
        kinds(key): (row.cases, row.person_times, row.amount_fen)
        for key, row in found.items()
        if key
    }


def _sums(actor: Actor, wanted: CaseFilter) -> tuple[int, int, int]:
    found = rollup.whole(actor, wanted) or rollup.live(actor, wanted).get("", rollup.Sums())
    return found.cases, found.person_times, found.amount_fen
