"""Locked figures: what was reported, what has moved since, and unlocking with a reason."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import HiddenField

from worker_legal.domain import org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import locks, rates
from worker_legal.domain.statistics.locks import Moved
from worker_legal.domain.statistics.measures import Period
from worker_legal.domain.statistics.models import AnnualSnapshot
from worker_legal.law.enums import Channel, DisputeKind, LabelledEnum, Outcome
from worker_legal.law.money import format_yuan
from worker_legal.web import forms
from worker_legal.web.fields import LegalDateField, LongTextField, needed
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope, statistics_view
from worker_legal.web.staff.statistics import bp
from worker_legal.web.staff.statistics_scope import PeriodForm

FIGURES = {
    "cases": lazy_gettext("受理案件（起）"),
    "people": lazy_gettext("涉及职工（人）"),
    "person_times": lazy_gettext("涉及职工（人次）"),
    "amount_fen": lazy_gettext("涉案金额（元）"),
    "agreed_fen": lazy_gettext("协议金额（元）"),
    "received_fen": lazy_gettext("实际到账（元）"),
    "work_injury_people": lazy_gettext("工伤认定申请（人）"),
    "closed": lazy_gettext("其中至今已结（起）"),
    "open": lazy_gettext("其中至今未结（起）"),
    "collective": lazy_gettext("集体争议（起）"),
    "awarded_fen": lazy_gettext("裁决金额（元）"),
    "days": lazy_gettext("结案用时合计（天）"),
    "trips": lazy_gettext("来访次数合计（次）"),
}
FACTS = {
    "case": lazy_gettext("案件"),
    "registered_on": lazy_gettext("登记日期"),
    "site": lazy_gettext("站点"),
    "dispute_kind": lazy_gettext("争议类型"),
    "channel": lazy_gettext("渠道"),
    "person_times": lazy_gettext("人数"),
    "amount_fen": lazy_gettext("涉案金额（元）"),
    "agreed_fen": lazy_gettext("协议金额（元）"),
    "received_fen": lazy_gettext("实际到账（元）"),
    "outcome": lazy_gettext("结果"),
    "closed_on": lazy_gettext("结案日期"),
}
CODES: dict[str, type[LabelledEnum]] = {
    "dispute_kind": DisputeKind,
    "channel": Channel,
    "outcome": Outcome,
}


class LockForm(forms.BaseForm):
    """The period and the site to be locked, as the page of figures shows them."""

    first = LegalDateField(lazy_gettext("从哪天"), [needed()])
    last = LegalDateField(lazy_gettext("到哪天"), [needed()])
    site = HiddenField()


class UnlockForm(forms.BaseForm):
    """Why locked figures are to be made anew."""

    reason = LongTextField(lazy_gettext("解除锁定的原因"), length=locks.LONGEST_REASON, needs=True)


@bp.route("/statistics/locks", methods=["GET"])
@requires(Action.VIEW_STATISTICS)
def lock_listing() -> tuple[str, int]:
    """Every lock and every lifting of one."""
    actor = current_actor()
    return forms.page(
        "staff/statistics/locks.html",
        forms.BaseForm(),
        locks=locks.all_locks(actor),
        sites={site.id: site.name for site in org.tree()},
    )


@bp.route("/statistics/lock", methods=["GET", "POST"])
@requires(Action.LOCK_FIGURES)
def lock() -> Response | tuple[str, int]:
    """Keep the figures of this period and site as they are now."""
    actor, form = current_actor(), LockForm(request.form or None)
    if request.method == "GET":
        asked = PeriodForm.of_request()
        form.first.data, form.last.data = asked.first.data, asked.last.data
        form.site.data = str(statistics_scope.scope_of(actor, asked.period).top_id)
    made = forms.submit(form, lambda: _lock(actor, form))
    if made:
        flash(gettext("已锁定，以后的改动只会列在差异里"))
        return redirect(url_for("statistics.lock_detail", snapshot_id=made))
    return forms.page("staff/statistics/lock.html", form, site=_site_name(form))


def _lock(actor: Actor, form: Any) -> int:
    site = org.get_unit(_number(form.site.data))
    return locks.lock(actor, Period(form.first.data, form.last.data), site.id).id


def _site_name(form: LockForm) -> str:
    number = _number(form.site.data)
    return next((site.name for site in org.tree() if site.id == number), "")


def _number(text: Any) -> int:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


@bp.route("/statistics/locks/<int:snapshot_id>", methods=["GET", "POST"])
@requires(Action.VIEW_STATISTICS)
def lock_detail(snapshot_id: int) -> Response | tuple[str, int]:
    """The figures as they were locked, and each case that has moved since."""
    actor, form = current_actor(), UnlockForm()
    reason = form.reason
    if forms.submit(form, lambda: _unlock(actor, snapshot_id, reason.data)):
        flash(gettext("锁定已解除，原来的数仍留在记录里"))
        return redirect(url_for("statistics.lock_listing"))
    locked = locks.get_lock(actor, snapshot_id)
    latest = locks.find_latest(Period(locked.period_from, locked.period_to), locked.org_unit_id)
    shown = locked.is_lock
    return forms.page(
        "staff/statistics/lock_detail.html",
        form,
        locked=locked,
        site=org.get_unit(locked.org_unit_id).name,
        figures=_figures(locked) if shown else [],
        definitions=statistics_view.definitions(locked.definitions),
        moved_figures=[_change(*row) for row in locks.moved_figures(actor, locked)]
        if shown
        else [],
        differences=[_words(row) for row in locks.differences(actor, locked)] if shown else [],
        is_whole=locks.is_whole(locked) if shown else True,
        may_unlock=shown
        and latest is not None
        and latest.id == locked.id
        and actor.can(Action.LOCK_FIGURES, locked.org_unit_id),
    )


def _unlock(actor: Actor, snapshot_id: int, reason: str) -> None:
    locks.unlock(actor, locks.get_lock(actor, snapshot_id), reason)


def _figures(locked: AnnualSnapshot) -> list[tuple[str, str]]:
    kept = locks.figures_of(locked)
    plain = [
        (str(word), _number_words(name, kept[name, ""]))
        for name, word in FIGURES.items()
        if (name, "") in kept
    ]
    return [*plain, *_rates(kept)]


def _rates(kept: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [
        (gettext(title), f"{kept[f'{code}_part', '']:,} / {kept[f'{code}_whole', '']:,}")
        for code, title in rates.TITLES.items()
        if (f"{code}_part", "") in kept
    ]


def _figure_word(name: str) -> str:
    if name in FIGURES:
        return str(FIGURES[name])
    code, _, end = name.rpartition("_")
    told = {"rate": gettext(rates.TITLES[code])}
    return gettext("%(rate)s的分子", **told) if end == "part" else gettext("%(rate)s的分母", **told)


def _change(name: str, then: int, now: int) -> tuple[str, str, str]:
    return _figure_word(name), _number_words(name, then), _number_words(name, now)


def _number_words(name: str, value: int) -> str:
    return format_yuan(value) if name.endswith("_fen") else f"{value:,}"


def _words(row: Moved) -> dict[str, Any]:
    return {
        "case_no": row.case_no,
        "case_id": row.case_id,
        "is_gone": row.field == "case" and row.now is None,
        "fact": str(FACTS[row.field]),
        "before": _value(row.field, row.before),
        "now": _value(row.field, row.now),
    }


def _value(field: str, value: Any) -> str:
    if value is None:
        return gettext("不在本期里")
    if field == "case" or isinstance(value, date):
        return gettext("在本期里（%(day)s登记）", day=value)
    if field in CODES and value:
        return gettext(CODES[field](value).label)
    if isinstance(value, int):
        return _number_words(field, value)
    return str(value) or gettext("没有")
