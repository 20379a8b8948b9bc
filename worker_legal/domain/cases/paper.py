"""The dates of each site on paper, once a week: what remains when the server is gone.

Threats 4.2.14: even the loss of everything that runs leaves a list of what falls due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from worker_legal.domain import audit, org
from worker_legal.domain.cases.models import Case, Deadline, PaperList
from worker_legal.domain.cases.queries import due_between, open_deadlines
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db


@dataclass(frozen=True)
class SiteSheet:
    """A site with how many dates its sheet has, and who printed it this week, if anybody did."""

    site: OrgUnit
    dates: int
    printed: PaperList | None


def span_of_paper() -> tuple[date, date]:
    """The Monday of the week and the Sunday after next: a sheet outlasts the one after it."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=13)


def site_sheets(actor: Actor) -> list[SiteSheet]:
    """The sites whose sheets the actor prints, each with its dates and this week's printing."""
    numbers, printed = _numbers(actor), _printed()
    mine = _sites(actor)
    return [
        SiteSheet(site, numbers.get(site.id, 0), printed.get(site.id))
        for site in org.tree()
        if site.id in mine and (site.retired_on is None or site.id in numbers)
    ]


def sheets_to_print(actor: Actor) -> int:
    """How many sites have dates and no sheet of this week."""
    return sum(sheet.dates > 0 and sheet.printed is None for sheet in site_sheets(actor))


def dates_on_paper(actor: Actor, site_id: int) -> Sequence[Deadline]:
    """The dates of the sheet of a site: what is overdue, and what falls due in its span.

    Raises NotFound for a site whose sheet is not the actor's to print.
    """
    if site_id not in _sites(actor):
        raise NotFound(N_("没有这个站点，或不在您的范围内"))
    _, last = span_of_paper()
    query = due_between(open_deadlines(actor), None, last).where(Case.org_unit_id == site_id)
    return db.session.scalars(query).all()


def note_printing(actor: Actor, site_id: int) -> None:
    """Write down that the sheet of a site was printed this week; the last time counts."""
    monday, _ = span_of_paper()
    row = db.session.get(PaperList, (site_id, monday))
    if row is None:
        row = PaperList(org_unit_id=site_id, week=monday)
        db.session.add(row)
    row.printed_at, row.printed_by = clock.now(), actor.label
    path = org.get_unit(site_id).path or ""
    audit.record(actor, "print_dates", "org_unit", site_id, path, week=monday.isoformat())
    db.session.flush()


def _sites(actor: Actor) -> frozenset[int]:
    return actor.site_ids(Action.HAND_OUT) & actor.site_ids(Action.VIEW_CASE)


def _numbers(actor: Actor) -> dict[int, int]:
    _, last = span_of_paper()
    query = due_between(open_deadlines(actor), None, last).options(sa.orm.noload("*"))
    counted = query.with_only_columns(Case.org_unit_id, sa.func.count(Deadline.id))
    rows = db.session.execute(counted.order_by(None).group_by(Case.org_unit_id))
    return {site_id: int(number) for site_id, number in rows}


def _printed() -> dict[int, PaperList]:
    monday, _ = span_of_paper()
    rows = db.session.scalars(sa.select(PaperList).where(PaperList.week == monday))
    return {row.org_unit_id: row for row in rows}
