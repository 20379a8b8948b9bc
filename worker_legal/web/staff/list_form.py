"""The conditions of the case list: read from the address, shown as chips, changed one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField

from worker_legal.domain import cases, org, parties
from worker_legal.domain.cases.endings import Ending, Quality
from worker_legal.domain.cases.visits import HOURS, UNKNOWN_HOUR, Weekday
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DisputeKind,
    EnterpriseSize,
    Industry,
    Outcome,
    Stage,
    Status,
)
from worker_legal.web.fields import (
    EnumSelect,
    LegalDateField,
    PersonField,
    RowIdField,
    SiteField,
    TextField,
    TypedField,
)
from worker_legal.web.forms import BaseForm

ANY = lazy_gettext("不限")
CODES = (
    "status",
    "stage",
    "stage_status",
    "any_stage",
    "dispute_kind",
    "channel",
    "outcome",
    "registered_from",
    "registered_to",
    "closed_from",
    "closed_to",
    "open_since",
    "injury_from",
    "injury_to",
    "ending",
    "ending_from",
    "ending_to",
    "quality",
    "visit_from",
    "visit_to",
    "visit_weekday",
    "visit_hour",
    "path_from",
    "path_to",
    "handler_id",
    "employer_id",
    "industry",
    "size",
)
MARKS = (
    "unassigned",
    "missing_dates",
    "unidentified",
    "flagged",
    "collective",
    "industry_missing",
    "size_missing",
    "with_void",
)
MOST_PEOPLE = 20


@dataclass(frozen=True)
class Chip:
    """One condition in words, and the address without it."""

    label: str
    remove_url: str


class HourField(TypedField):
    """An hour of the day as two digits, or the word for one that is not known."""

    def read(self, text: str) -> str:
        """The hour that was asked for."""
        if text not in (*HOURS, UNKNOWN_HOUR):
            raise ValueError(gettext("没有这个钟点"))
        return text


class FilterForm(BaseForm):
    """What the list can be narrowed by; every field stands in the address under its own name."""

    q = TextField(lazy_gettext("查找"), 80)
    status = EnumSelect(lazy_gettext("状态"), CaseStatus, blank=ANY)
    site = SiteField(lazy_gettext("站点及下级"))
    own_site_only = RowIdField()
    handler_id = PersonField(lazy_gettext("经办"))
    stage = EnumSelect(lazy_gettext("在办环节"), Stage, blank=ANY)
    stage_status = EnumSelect(lazy_gettext("环节状态"), Status, blank=ANY)
    any_stage = EnumSelect(lazy_gettext("经过环节"), Stage, blank=ANY)
    dispute_kind = EnumSelect(lazy_gettext("争议类型"), DisputeKind, blank=ANY)
    channel = EnumSelect(lazy_gettext("渠道"), Channel, blank=ANY)
    outcome = EnumSelect(lazy_gettext("结果"), Outcome, blank=ANY)
    registered_from = LegalDateField(lazy_gettext("登记从"))
    registered_to = LegalDateField(lazy_gettext("登记到"))
    closed_from = LegalDateField(lazy_gettext("结案从"))
    closed_to = LegalDateField(lazy_gettext("结案到"))
    open_since = LegalDateField(lazy_gettext("当日未结"))
    injury_from = LegalDateField(lazy_gettext("工伤申请从"))
    injury_to = LegalDateField(lazy_gettext("工伤申请到"))
    ending = EnumSelect(lazy_gettext("怎样办结"), Ending, blank=ANY)
    ending_from = LegalDateField(lazy_gettext("办结从"))
    ending_to = LegalDateField(lazy_gettext("办结到"))
    quality = EnumSelect(lazy_gettext("办得怎样"), Quality, blank=ANY)
    visit_from = LegalDateField(lazy_gettext("来访从"))
    visit_to = LegalDateField(lazy_gettext("来访到"))
    visit_weekday = EnumSelect(lazy_gettext("周几来访"), Weekday, blank=ANY)
    visit_hour = HourField(lazy_gettext("几点来访"))
    path_from = EnumSelect(lazy_gettext("从哪个程序来"), Stage, blank=ANY)
    path_to = EnumSelect(lazy_gettext("到哪个程序去"), Stage, blank=ANY)
    employer_id = RowIdField()
    industry = EnumSelect(lazy_gettext("行业"), Industry, blank=ANY)
    size = EnumSelect(lazy_gettext("企业规模"), EnterpriseSize, blank=ANY)
    industry_missing = BooleanField(lazy_gettext("行业未填"))
    size_missing = BooleanField(lazy_gettext("规模未填"))
    person = HiddenField()
    unassigned = BooleanField(lazy_gettext("未分派"))
    missing_dates = BooleanField(lazy_gettext("缺日期的导入案件"))
    unidentified = BooleanField(lazy_gettext("身份待补"))
    flagged = BooleanField(lazy_gettext("优先"))
    collective = BooleanField(lazy_gettext("集体争议"))
    with_void = BooleanField(lazy_gettext("连同作废"))

    def prepare(self, actor: Actor) -> "FilterForm":
        """Offer the sites and people in the actor's sight."""
        known = actor.site_ids(Action.VIEW_CASE) | actor.own_case_sites(Action.VIEW_CASE)
        # sites that were closed keep their cases
        self.site.offer([(site.id, site.name) for site in org.tree() if site.id in known], ANY)
        self.handler_id.limit(known, blank=ANY)
        return self

    @property
    def person_ids(self) -> list[int]:
        """The workers the search box found."""
        parts = str(self.person.data or "").split(",")
        return [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) < 10][:MOST_PEOPLE]

    def to_filter(self) -> cases.CaseFilter:
        """The conditions as the domain takes them."""
        values: dict[str, Any] = {name: self[name].data for name in (*CODES, *MARKS)}
        return cases.CaseFilter(
            **values,
            own_site_only=self.own_site_only.data,
            site_ids=org.sites_below(self.site.data) if self.site.data else None,
            worker_ids=frozenset(self.person_ids) if self.person.data else None,
            text=self.q.data or "",
        )

    def kept(self, *without: str) -> dict[str, str]:
        """The values of the address as they stand, but for some."""
        kept = {}
        for field in self:
            if field.name in without or field.name in {"version", "csrf_token"}:
                continue
            text = "1" if field.data is True else field.raw_data[0] if field.raw_data else ""
            if text and field.data not in (None, False, ""):
                kept[field.name] = text
        return kept

    def chips(self, actor: Actor) -> list[Chip]:
        """Each condition in words with the address without it."""
        words = [(self._word(name, actor), (name,)) for name in self.kept() if name not in _SPANS]
        return [
            Chip(word, listing_url(self.kept(*names)))
            for word, names in [*words, *self._spans()]
            if word
        ]

    def _spans(self) -> list[tuple[str, tuple[str, ...]]]:
        texts = {
            "registered": lazy_gettext("%(span)s登记"),
            "closed": lazy_gettext("%(span)s结案"),
            "injury": lazy_gettext("%(span)s申请工伤认定"),
            "ending": lazy_gettext("%(span)s办结"),
            "visit": lazy_gettext("%(span)s来访"),
        }
        found: list[tuple[str, tuple[str, ...]]] = []
        for name, text in texts.items():
            first, last = self[f"{name}_from"].data, self[f"{name}_to"].data
            if first or last:
                names = (f"{name}_from", f"{name}_to")
                found.append((str(text) % {"span": span_words(first, last)}, names))
        return found

    def _word(self, name: str, actor: Actor) -> str:
        field = self[name]
        if name in MARKS:
            return str(field.label.text)
        if name == "person":
            found = cases.workers_in_sight(actor, self.person_ids)
            return gettext("、").join(worker.name for worker in found) or gettext("这个号码")
        if name == "handler_id":
            return gettext("经办：%(name)s", name=dict(field.rows)[str(field.data)])
        writer = _WRITERS.get(name)
        return writer(field.data) if writer else _code_word(name, field.data)


_WRITERS: dict[str, Callable[[Any], str]] = {
    "q": lambda text: gettext("“%(text)s”", text=text),
    "site": lambda site: gettext("%(site)s及下级站点", site=org.get_unit(site).name),
    "own_site_only": lambda site: gettext("只看%(site)s", site=org.get_unit(site).name),
    "employer_id": lambda employer: parties.get_employer(employer).name,
    "visit_hour": lambda hour: hour_word(hour),
    "path_from": lambda stage: gettext("从%(stage)s来", stage=gettext(stage.label)),
    "path_to": lambda stage: gettext("到%(stage)s去", stage=gettext(stage.label)),
    "open_since": lambda day: gettext("%(day)s未结", day=day),
}
_SPANS = frozenset(
    f"{name}_{end}"
    for name in ("registered", "closed", "injury", "ending", "visit")
    for end in ("from", "to")
)


def hour_word(hour: str) -> str:
    """The hour of a visit in words."""
    return gettext("钟点不明") if hour == UNKNOWN_HOUR else gettext("%(n)s点", n=int(hour))


def _code_word(name: str, code: Any) -> str:
    word = gettext(code.label)
    if name == "any_stage":
        return gettext("经过%(stage)s", stage=word)
    return gettext("%(stage)s在办", stage=word) if name == "stage" else word


def filter_of_request(actor: Actor) -> FilterForm:
    """The conditions of the address.

    Raises NotFound for an address nobody gave.
    """
    form = FilterForm(request.args, meta={"csrf": False}).prepare(actor)
    if not form.validate():
        raise NotFound(N_("没有这个清单"))
    return form


def listing_url(values: dict[str, str]) -> str:
    """The address of the list under some conditions; without any it says so."""
    address: dict[str, Any] = {**values} if values else {"status": ""}
    return url_for("cases.listing", **address)


def span_words(first: date | None, last: date | None) -> str:
    """A span of days in the fewest words: 2026年, 2026年8月, or both days."""
    if first and last and first.year == last.year and first.day == 1:
        if (first.month, last.month, last.day) == (1, 12, 31):
            return gettext("%(year)s年", year=first.year)
        following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
        if first.month == last.month and (following - last).days == 1:
            return gettext("%(year)s年%(month)s月", year=first.year, month=first.month)
    if first and last:
        return gettext("%(a)s至%(b)s", a=first, b=last)
    return gettext("%(day)s起", day=first) if first else gettext("至%(day)s", day=last)
