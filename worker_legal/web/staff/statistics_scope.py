"""Which days and which sites a page of figures is about, as its address says."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext, lazy_gettext

from worker_legal.domain import org
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.web import case_filter
from worker_legal.web.fields import LegalDateField
from worker_legal.web.forms import BaseForm


class PeriodForm(BaseForm):
    """The first and the last day of a period, both counted."""

    first = LegalDateField(lazy_gettext("从哪天"), name="from")
    last = LegalDateField(lazy_gettext("到哪天"), name="to")

    @classmethod
    def of_request(cls) -> "PeriodForm":
        """The form as the address fills it; an empty day means this year, up to today."""
        form = cls(request.args, meta={"csrf": False})
        today = clock.today()
        form.status = 200 if form.validate() else 422
        form.first.data = form.first.data or date(today.year, 1, 1)
        form.last.data = form.last.data or max(today, form.first.data)
        if form.status == 200 and form.last.data < form.first.data:
            form.refuse(gettext("结束日期不能早于开始日期"), "to")
        return form

    @property
    def period(self) -> Period:
        """The period asked for; raises BadInput when it ends before it starts."""
        first: Any = self.first.data
        last: Any = self.last.data
        return Period(first, last)


@dataclass(frozen=True)
class Scope:
    """A period and a part of the tree; `site_id` None is the whole office."""

    period: Period
    site_id: int | None
    site_ids: frozenset[int] | None
    site_name: str

    @property
    def wanted(self) -> CaseFilter:
        """The cases registered in it."""
        return registered_in(self.period, self.site_ids)

    @property
    def top_id(self) -> int:
        """The highest site of it."""
        return org.centre().id if self.site_id is None else self.site_id

    @property
    def before(self) -> "Scope":
        """The same part of the tree a year earlier."""
        return Scope(self.period.year_before(), self.site_id, self.site_ids, self.site_name)

    @property
    def arguments(self) -> dict[str, Any]:
        """The values of its address."""
        days = _days(self.period)
        return days if self.site_id is None else {**days, "site": str(self.site_id)}

    def cases_url(self, wanted: CaseFilter) -> str:
        """The list of exactly these cases."""
        return url_for("cases.listing", **case_filter.arguments(wanted, self.site_id))

    def rows_url(self, figure: str, wanted: CaseFilter) -> str:
        """The rows that add up to a figure of these cases."""
        found = case_filter.arguments(wanted, self.site_id)
        return url_for("statistics.rows", figure=figure, **found)


def _days(period: Period) -> dict[str, Any]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def scope_of(actor: Actor, period: Period) -> Scope:
    """The part of the tree the address asks for, within what the actor may count.

    Raises NotFound for a site outside it.
    """
    sites = countable_sites(actor)
    wanted = case_filter.site_of(request.args)
    chosen = [site for site in sites if wanted in {None, site.id}]
    if not chosen:
        raise NotFound(N_("没有这个站点，或不在您的范围内"))
    site = chosen[0]
    if site.parent_id is None:
        return Scope(period, None, None, site.name)
    return Scope(period, site.id, org.sites_below(site.id), site.name)


def countable_sites(actor: Actor) -> list[OrgUnit]:
    """The sites whose figures the actor may see, each after the one above it."""
    allowed = actor.site_ids(Action.VIEW_STATISTICS)
    in_use = [site for site in org.tree() if site.retired_on is None]
    return [site for site in in_use if actor.is_system or site.id in allowed]


def site_options(actor: Actor) -> list[tuple[str, str]]:
    """The choices of the site chooser: value and words."""
    sites = countable_sites(actor)
    parents = {site.parent_id for site in sites}
    options = []
    for site in sites:
        below = gettext("%(site)s及下级", site=site.name) if site.id in parents else site.name
        options.append(("" if site.parent_id is None else str(site.id), below))
    return options


def counting_chips(scope: Scope, by_times: bool) -> list[dict[str, Any]]:
    """Whether workers are counted as persons or once for each case they are in."""
    here = url_for("statistics.overview", **scope.arguments)
    times = url_for("statistics.overview", **scope.arguments, count="times")
    return [
        {"label": gettext("按人"), "url": here, "active": not by_times},
        {"label": gettext("按人次"), "url": times, "active": by_times},
    ]


def period_chips(scope: Scope, endpoint: str = "statistics.overview") -> list[dict[str, Any]]:
    """This year, last month and last year, the present choice marked."""
    today = clock.today()
    month_end = today.replace(day=1) - timedelta(days=1)
    last = today.year - 1
    known = [
        (gettext("今年"), Period(date(today.year, 1, 1), today)),
        (gettext("上月"), Period(month_end.replace(day=1), month_end)),
        (gettext("%(year)s年", year=last), Period(date(last, 1, 1), date(last, 12, 31))),
    ]
    site: dict[str, Any] = {} if scope.site_id is None else {"site": scope.site_id}
    return [
        {
            "label": word,
            "url": url_for(
                endpoint,
                **_days(period),
                **site,
            ),
            "active": period == scope.period,
        }
        for word, period in known
    ]
