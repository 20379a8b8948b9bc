"""劳动争议处理情况: the books of a period in the official layout, month by month and by site."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from worker_legal.domain import org
from worker_legal.domain.cases.endings import BY_AWARD, BY_MEDIATION, Quality
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import COLLECTIVE, CaseFilter, search
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.breakdowns import months
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import Period, narrowed
from worker_legal.i18n import N_
from worker_legal.infra.db import db

# before every month, and after every month: carried over, and still open
BEFORE, AFTER = "", "9999"
MANNERS = (Quality.BY_MEDIATION, Quality.BY_AWARD, Quality.BY_OTHER)

# the cells of a line in their order, with the words over them
HEADS = {
    "carried": N_("结转"),
    "received": N_("新收"),
    "collective": N_("其中集体（起）"),
    "collective_people": N_("集体（人次）"),
    "closed": N_("结案"),
    "by_mediation": N_("调解方式"),
    "by_award": N_("裁判方式"),
    "by_other": N_("其他方式"),
    "open": N_("未结"),
}


@dataclass(frozen=True)
class Line:
    """One line: each figure of it with the cases behind it; `key` is a month or a site."""

    key: str
    word: str
    figures: dict[str, int]
    behind: dict[str, CaseFilter]


@dataclass(frozen=True)
class Official:
    """The whole period, its months and its sites, counted in one go."""

    whole: Line
    by_month: tuple[Line, ...]
    by_site: tuple[Line, ...]


@dataclass(frozen=True)
class _Group:
    """Cases that stand alike in every line."""

    site: int
    came: str
    ended: str
    collective: bool
    manner: str
    cases: int
    workers: int


@kept
def official(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Official:
    """The table of a period; every line of it closes: carried + received = closed + open."""
    groups = _groups(actor, period, site_ids)
    base = CaseFilter(site_ids=site_ids)
    spans = [(f"{first:%Y-%m}", first, last) for first, last in months(period)]
    return Official(
        _line(
            "", "", groups, (spans[0][0], spans[-1][0]), _behind(base, period.first, period.last)
        ),
        tuple(
            _line(key, key, groups, (key, key), _behind(base, first, last))
            for key, first, last in spans
        ),
        tuple(
            _line(
                str(unit.id),
                unit.name,
                own,
                (spans[0][0], spans[-1][0]),
                _behind(narrowed(base, own_site_only=unit.id), period.first, period.last),
            )
            for unit in org.tree()
            if (own := [group for group in groups if group.site == unit.id])
        ),
    )


def _groups(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> list[_Group]:
    on_books = CaseFilter(registered_to=period.last, open_since=period.first, site_ids=site_ids)
    columns = (
        Case.org_unit_id,
        sa.case((Case.registered_on < period.first, BEFORE), else_=_month(Case.registered_on)),
        sa.case((Case.closed_on <= period.last, _month(Case.closed_on)), else_=AFTER),
        sa.case((Case.worker_count >= COLLECTIVE, 1), else_=0),
        sa.case(
            (Case.close_outcome.in_(BY_MEDIATION), Quality.BY_MEDIATION.value),
            (Case.close_outcome.in_(BY_AWARD), Quality.BY_AWARD.value),
            else_=Quality.BY_OTHER.value,
        ),
    )
    marked = search(actor, on_books).with_only_columns(*columns, Case.worker_count).subquery()
    *keys, workers = marked.columns
    query = sa.select(*keys, sa.func.count(), sa.func.sum(workers)).group_by(*keys)
    return [
        _Group(site, came, ended, bool(collective), manner, int(cases), int(people or 0))
        for site, came, ended, collective, manner, cases, people in db.session.execute(query)
    ]


def _month(column: Any) -> sa.ColumnElement[str]:
    return sa.func.substr(sa.cast(column, sa.String), 1, 7)


def _line(
    key: str,
    word: str,
    groups: Iterable[_Group],
    span: tuple[str, str],
    behind: dict[str, CaseFilter],
) -> Line:
    first, last = span
    on_books = [group for group in groups if group.came <= last and group.ended >= first]
    received = [group for group in on_books if group.came >= first]
    closed = [group for group in on_books if group.ended <= last]
    collective = [group for group in received if group.collective]
    figures = {
        "carried": _cases(on_books, lambda group: group.came < first),
        "received": _cases(received),
        "collective": _cases(collective),
        "collective_people": sum(group.workers for group in collective),
        "closed": _cases(closed),
        **{kind.value: _cases(_handled(closed, kind)) for kind in MANNERS},
        "open": _cases(on_books, lambda group: group.ended > last),
    }
    return Line(key, word, figures, behind)


def _handled(groups: Iterable[_Group], manner: Quality) -> list[_Group]:
    return [group for group in groups if group.manner == manner.value]


def _cases(groups: Iterable[_Group], wanted: Callable[[_Group], bool] = bool) -> int:
    return sum(group.cases for group in groups if wanted(group))


def _behind(base: CaseFilter, first: date, last: date) -> dict[str, CaseFilter]:
    """The cases behind each figure of a line, as lists are filtered."""
    received = narrowed(base, registered_from=first, registered_to=last)
    closed = narrowed(base, registered_to=last, closed_from=first, closed_to=last)
    collective = narrowed(received, collective=True)
    eve, morrow = first - timedelta(days=1), last + timedelta(days=1)
    return {
        "carried": narrowed(base, registered_to=eve, open_since=first),
        "received": received,
        "collective": collective,
        "collective_people": collective,
        "closed": closed,
        **{kind.value: narrowed(closed, quality=kind) for kind in MANNERS},
        "open": narrowed(base, registered_to=last, open_since=morrow),
    }
