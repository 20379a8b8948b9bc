"""The frame of every staff page: navigation by right, who and where I am, the bell, warnings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user

from worker_legal.domain import holidays, org, reminders
from worker_legal.domain.permissions import Action, Actor
from worker_legal.infra import clock
from worker_legal.web.security import current_actor

FACES = frozenset({"portal", "static", "bootstrap"})
SHOWN = 6


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: where it leads, its icon and word, what it asks for."""

    endpoint: str
    icon: str
    label: Any
    action: Action


@dataclass(frozen=True)
class Caution:
    """A sentence above the workbench, with the page where something can be done."""

    text: str
    url: str
    label: str


ENTRIES = (
    Entry("home.workbench", "home", lazy_gettext("工作台"), Action.USE_WORKBENCH),
    Entry("intake.new", "new", lazy_gettext("登记"), Action.REGISTER_CASE),
    Entry("cases.listing", "case", lazy_gettext("案件"), Action.VIEW_CASE),
    Entry("home.dates", "cal", lazy_gettext("日程"), Action.VIEW_CASE),
    Entry("parties.employers", "firm", lazy_gettext("单位"), Action.VIEW_CASE),
    Entry("statistics.overview", "stat", lazy_gettext("统计"), Action.VIEW_STATISTICS),
    Entry("people.listing", "people", lazy_gettext("账号"), Action.MANAGE_USERS),
    Entry("delivery.overview", "bell", lazy_gettext("送达情况"), Action.WATCH_DELIVERY),
    Entry("delivery.tray", "print", lazy_gettext("待发箱"), Action.HAND_OUT),
    Entry("office.overview", "gear", lazy_gettext("设置"), Action.MANAGE_OFFICE),
    Entry("routes.listing", "bell", lazy_gettext("送达方式"), Action.MANAGE_OFFICE),
    Entry("holidays.listing", "cal", lazy_gettext("节假日"), Action.MANAGE_HOLIDAYS),
    Entry("imports.upload", "up", lazy_gettext("导入台账"), Action.IMPORT_LEDGER),
    Entry("calculators.listing", "calc", lazy_gettext("计算器"), Action.USE_CALCULATOR),
    Entry("parameters.listing", "stat", lazy_gettext("地方标准"), Action.MANAGE_PARAMETERS),
    Entry("reminder_steps.listing", "bell", lazy_gettext("提醒设置"), Action.MANAGE_REMINDERS),
    Entry("rules.listing", "file", lazy_gettext("期限规则"), Action.VIEW_RULES),
    Entry("oversight.audit", "shield", lazy_gettext("操作日志"), Action.VIEW_AUDIT),
    Entry("oversight.jobs", "clock", lazy_gettext("运行状况"), Action.VIEW_JOBS),
    Entry("account.profile", "me", lazy_gettext("我的账号"), Action.OWN_ACCOUNT),
)


def register(app: Flask) -> None:
    """Give every page of staff and administrators its frame."""
    app.context_processor(context)


def context() -> dict[str, Any]:
    """What the layouts ask for; nothing for the worker's pages, which know no staff."""
    if request.blueprint is None or request.blueprint in FACES:
        return {}
    office = org.find_office()
    named = {"office": office.name} if office else {}
    if not current_user.is_authenticated:
        return named
    actor = current_actor()
    here = request.endpoint == "home.workbench"
    return {
        **named,
        "nav": list(navigation(actor)),
        "me": whoami(actor),
        "unread": reminders.unread_count(actor),
        "finds": actor.can(Action.VIEW_CASE),
        "warnings": list(warnings(actor)) if here else [],
    }


def navigation(actor: Actor) -> Iterator[dict[str, Any]]:
    """The entries a person may open, the first few in the rail and the others behind 更多."""
    allowed = [
        entry
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and actor.can(entry.action)
    ]
    for place, entry in enumerate(allowed):
        yield {
            "endpoint_url": url_for(entry.endpoint),
            "icon": entry.icon,
            "label": entry.label,
            "active": _is_here(entry.endpoint),
            "more": place >= SHOWN,
        }


def warnings(actor: Actor) -> Iterator[Caution]:
    """What those who look after the system must see first on the workbench."""
    if actor.can(Action.MANAGE_HOLIDAYS) and "holidays.upload" in current_app.view_functions:
        year = holidays.missing_year(clock.today())
        if year is not None:
            text = gettext("%(year)s年的放假安排还没有导入，落在那一年的期限都是暂定", year=year)
            yield Caution(text, url_for("holidays.upload"), gettext("导入通知"))
    watches = actor.can(Action.VIEW_JOBS) and "oversight.jobs" in current_app.view_functions
    if watches and not reminders.health().is_well:
        text = gettext("提醒没有正常运行，收件箱可能不全；期限请以工作台为准")
        yield Caution(text, url_for("oversight.jobs"), gettext("看运行状况"))
    if actor.can(Action.WATCH_DELIVERY) and "delivery.overview" in current_app.view_functions:
        failed = reminders.trouble_count(actor)
        if failed:
            text = gettext("有%(n)s条站外提醒没有送到", n=failed)
            yield Caution(text, url_for("delivery.overview"), gettext("看送达情况"))


def whoami(actor: Actor) -> dict[str, str]:
    """The person's name, roles and site, as the top of the page shows them."""
    site = org.get_unit(current_user.user.org_unit_id)
    roles = gettext("、").join(gettext(role.label) for role in actor.roles)
    return {"display_name": actor.label, "role_label": roles, "site_name": site.name}


def _is_here(endpoint: str) -> bool:
    if "case_id" in (request.view_args or {}):  # whatever is done to a case is done in 案件
        return endpoint == "cases.listing"
    same_face = endpoint.split(".")[0] == request.blueprint
    shared = sum(entry.endpoint.startswith(f"{request.blueprint}.") for entry in ENTRIES)
    return same_face and (shared == 1 or request.endpoint == endpoint)
