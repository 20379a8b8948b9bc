"""The case list and the search box: what is found, its figures, and the way to each case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from worker_legal.domain import cases
from worker_legal.domain.permissions import Action, Actor
from worker_legal.law.enums import CaseStatus, Flag, Status
from worker_legal.law.rules import get_rule
from worker_legal.law.stages import ENDED
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff.cases import bp
from worker_legal.web.staff.list_form import FilterForm, listing_url

DEFAULT: dict[str, Any] = {"status": CaseStatus.OPEN.value}
WAITING = frozenset({Status.APPLIED, Status.SUSPENDED})


@dataclass(frozen=True)
class Line:
    """A case as the list shows it."""

    case: cases.Case
    tag: str
    stage: str
    stage_kind: str
    due: str
    due_on: date | None
    provisional: bool


@bp.get("/cases")
@requires(Action.VIEW_CASE)
def listing() -> Any:
    """The cases in sight under the conditions of the address; open ones when there are none."""
    actor = current_actor()
    if cases.is_personal(request.args.get("q", "")):
        return redirect(_address_of(actor, request.args["q"]))
    if not request.args:
        return redirect(url_for("cases.listing", **DEFAULT))
    form = FilterForm(request.args, meta={"csrf": False}).prepare(actor)
    good = form.validate()
    query = cases.search(actor, form.to_filter() if good else cases.CaseFilter())
    order = _order(request.args.get("sort", ""))
    found = cases.page_of(
        query, request.args.get("after", ""), request.args.get("before", ""), order=order
    )
    start = max(request.args.get("n", 1, type=int), 1)
    return render_template(
        "staff/cases/list.html",
        form=form,
        figures=cases.figures(query),
        lines=_lines(found.rows),
        chips=form.chips(actor) if good else [],
        quick=_quick(actor),
        kept=form.kept(),
        order=order,
        orders=[(each.value, gettext(each.label)) for each in cases.Order],
        pages=_pages(form, order, found, start),
        start=start,
        may_register=actor.can(Action.REGISTER_CASE),
        export_url=_export_url(actor, form),
        clear_url=url_for("exports.new", **dict[str, Any](form.kept()), identifiers="1"),
    ), (200 if good else 422)


@bp.get("/search")
@requires(Action.VIEW_CASE)
def searched() -> Response:
    """Where somebody lands who reloads or bookmarks a search: the list."""
    return redirect(url_for("cases.listing"))


@bp.post("/search")
@requires(Action.VIEW_CASE)
def search() -> Response:
    """The one box: numbers of people never reach an address, names and case numbers may."""
    text = "".join(char for char in request.form.get("q", "") if char.isprintable()).strip()[:80]
    if not text:
        return redirect(url_for("cases.listing"))
    return redirect(_address_of(current_actor(), text))


def _export_url(actor: Actor, form: FilterForm) -> str:
    able = actor.can(Action.EXPORT_CASES) and "statistics.export" in current_app.view_functions
    return url_for("statistics.export", **dict[str, Any](form.kept())) if able else ""


def _address_of(actor: Actor, text: str) -> str:
    if not cases.is_personal(text):
        return url_for("cases.listing", q=text)
    people = cases.people_with(actor, text)
    return url_for("cases.listing", person=",".join(map(str, people)) or "0")


def _order(word: str) -> cases.Order:
    known = {order.value: order for order in cases.Order}
    return known.get(word, cases.Order.DUE)


def _quick(actor: Actor) -> list[dict[str, Any]]:
    """The lists people ask for every day; the one in the address is marked."""
    me = {"handler_id": str(actor.user_id), **DEFAULT}
    shelves = (
        (gettext("我的在办"), me),
        (gettext("未分派"), {**DEFAULT, "unassigned": "1"}),
        (gettext("优先"), {**DEFAULT, "flagged": "1"}),
        (gettext("身份待补"), {"unidentified": "1"}),
        (gettext("缺日期的导入案件"), {"missing_dates": "1"}),
        (gettext("作废"), {"status": CaseStatus.VOID.value}),
    )
    here = {name: value for name, value in request.args.items() if value and name != "sort"}
    return [
        {"label": label, "url": listing_url(values), "active": values == here}
        for label, values in shelves
    ]


def _pages(form: FilterForm, order: cases.Order, found: cases.Page, start: int) -> dict[str, str]:
    kept: dict[str, Any] = {**form.kept(), "sort": order.value}
    if not form.kept():
        kept["status"] = ""
    following, before = found.next_key, found.previous_key
    size = len(found.rows)
    return {
        "next": url_for("cases.listing", **kept, after=following, n=start + size)
        if following
        else "",
        "previous": url_for("cases.listing", **kept, before=before, n=max(start - cases.PAGE, 1))
        if before
        else "",
    }


def _lines(rows: list[cases.Case]) -> list[Line]:
    nearest = cases.nearest_deadlines([case.id for case in rows])
    return [_line(case, nearest.get(case.id)) for case in rows]


def _line(case: cases.Case, deadline: cases.Deadline | None) -> Line:
    stage, kind = _stage(case)
    is_open = case.status is CaseStatus.OPEN
    flags = [gettext(Flag(value).label) for value in case.flags] if is_open else []
    shown = deadline if is_open else None
    return Line(
        case=case,
        tag=gettext("优先·%(why)s", why=gettext("、").join(flags)) if flags else "",
        stage=stage,
        stage_kind=kind,
        due=gettext(get_rule(shown.rule_code).label) if shown else "",
        due_on=shown.due_on if shown else None,
        provisional=bool(shown and shown.provisional),
    )


def _stage(case: cases.Case) -> tuple[str, str]:
    """What the list shows as stage: the open proceedings, else how the last one ended."""
    if case.status is CaseStatus.VOID:
        return gettext(case.status.label), "stop"
    if case.status is CaseStatus.CLOSED:
        outcome = gettext(case.close_outcome.label) if case.close_outcome else ""
        return gettext("已结·%(how)s", how=outcome) if outcome else gettext("已结"), "done"
    running = [p for p in case.proceedings if p.status not in ENDED]
    if not running:
        last = case.proceedings[-1:] or None
        how = _words(last[0]) if last else gettext("等下一步")
        return how, "wait"
    kind = "wait" if all(p.status in WAITING for p in running) else "open"
    return gettext("，").join(_words(p) for p in running), kind


def _words(proceeding: cases.Proceeding) -> str:
    stage = gettext(proceeding.stage.label)
    how = gettext(proceeding.status.label)
    if proceeding.outcome is not None:
        how = gettext(proceeding.outcome.label)
    return gettext("%(stage)s·%(how)s", stage=stage, how=how)
