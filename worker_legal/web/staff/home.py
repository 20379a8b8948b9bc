"""The workbench: what is overdue, due today and this week, my cases, what nobody handles yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from worker_legal.domain import cases, reminders
from worker_legal.domain.permissions import Action, Actor, Role
from worker_legal.infra import clock
from worker_legal.law import stages
from worker_legal.law.enums import Flag
from worker_legal.web import filters
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import case_words

bp = Blueprint("home", __name__)
SHOWN = 12
SPANS = {
    "overdue": lazy_gettext("逾期"),
    "today": lazy_gettext("今日"),
    "week": lazy_gettext("本周"),
    "all": lazy_gettext("全部期限"),
}
SCOPES = {"mine": lazy_gettext("我经办的"), "all": lazy_gettext("我能看到的")}


@dataclass(frozen=True)
class DueLine:
    """One running date as the lists show it."""

    what: str
    kind: str
    url: str
    case_no: str
    case_text: str
    who: str
    note: str
    days: int
    on: date
    provisional: bool


@dataclass(frozen=True)
class CaseLine:
    """One open case with its nearest date."""

    case: cases.Case
    title: str
    under: str
    tag: str
    stage: str
    stage_kind: str
    due: cases.Deadline | None


@bp.get("/workbench")
@requires(Action.USE_WORKBENCH)
def workbench() -> str:
    """The first page after signing in."""
    actor = current_actor()
    scope = _scope(actor)
    mine = scope == "mine"
    counts = cases.counts_of(actor, mine)
    rows = [row for span in ("overdue", "week") for row in _first(actor, span, mine)]
    own, own_count = cases.open_cases_of(actor)
    free, free_count = cases.unassigned_cases(actor)
    return render_template(
        "staff/home/workbench.html",
        counts=counts,
        days=_days(rows),
        scope=scope,
        today=clock.today(),
        week_end=cases.week_end(clock.today()),
        greeting=_greeting(),
        own=_case_lines(own),
        own_count=own_count,
        free=_case_lines(free),
        free_count=free_count,
        hearings=cases.hearings_on(actor, clock.today()),
        stage_label=lambda hearing: gettext(hearing.proceeding.stage.label),
        sees_cases=actor.can(Action.VIEW_CASE),
        may_register=actor.can(Action.REGISTER_CASE),
        me_id=actor.user_id,
        stands_in=reminders.stands_in_for(actor),
        to_print=cases.sheets_to_print(actor) if actor.can(Action.HAND_OUT) else 0,
    )


@bp.get("/dates")
@requires(Action.VIEW_CASE)
def dates() -> str:
    """The running dates of a span, page by page."""
    actor = current_actor()
    span = request.args.get("span", "all")
    scope = _scope(actor)
    query = cases.in_span(actor, span, scope == "mine")
    found = cases.page_of_dates(query, request.args.get("after", ""))
    return render_template(
        "staff/home/dates.html",
        span=span,
        scope=scope,
        spans=SPANS,
        scopes=SCOPES,
        counts=cases.counts_of(actor, scope == "mine"),
        days=_days(found.rows),
        found=found,
        total=cases.count(query),
        may_print=actor.can(Action.HAND_OUT),
    )


def _scope(actor: Actor) -> str:
    """Whose dates: one's own, or for those who oversee a site everything in sight."""
    asked = request.args.get("scope", "")
    if asked in SCOPES:
        return asked
    return "all" if {Role.DIRECTOR, Role.AUDITOR} & set(actor.roles) else "mine"


def _first(actor: Actor, span: str, mine: bool) -> Sequence[cases.Deadline]:
    return cases.page_of_dates(cases.in_span(actor, span, mine), size=SHOWN).rows


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    if hour < 12:
        return gettext("上午好")
    return gettext("下午好") if hour < 18 else gettext("晚上好")


def _days(rows: Sequence[cases.Deadline]) -> list[dict[str, Any]]:
    """The dates by day: everything overdue together, then each day."""
    today = clock.today()
    groups = []
    for day, group in groupby(rows, lambda row: max(row.due_on or today, _yesterday(row, today))):
        late = day < today
        groups.append(
            {
                "id": "late" if late else f"d{day:%Y%m%d}",
                "title": gettext("逾期") if late else case_words.day_title(day),
                "note": "" if late else filters.date_md(day),
                "rows": [_due_line(row) for row in group],
            }
        )
    return groups


def _yesterday(row: cases.Deadline, today: date) -> date:
    """One common day for everything overdue, the day itself otherwise."""
    on = row.due_on or today
    return date.fromordinal(today.toordinal() - 1) if on < today else on


def _due_line(row: cases.Deadline) -> DueLine:
    case, on = row.case, row.due_on or clock.today()
    stage = row.proceeding.stage if row.proceeding else None
    matter = gettext(case.dispute_kind.label)
    return DueLine(
        what=case_words.due_label(row),
        kind=case_words.due_kind(row),
        url=url_for("cases.detail", case_id=case.id, _anchor=f"d{row.id}"),
        case_no=case.case_no,
        case_text=gettext(
            "%(who)s·%(matter)s", who="".join(case_words.title_parts(case)), matter=matter
        ),
        who=gettext("轮到%(who)s", who=case_words.whose_move(row, stage)),
        note=gettext(stage.label) if stage else gettext("职工的时效"),
        days=(on - clock.today()).days,
        on=on,
        provisional=row.provisional,
    )


def _case_lines(rows: Sequence[cases.Case]) -> list[CaseLine]:
    nearest = cases.nearest_deadlines([case.id for case in rows])
    return [_case_line(case, nearest.get(case.id)) for case in rows]


def _case_line(case: cases.Case, due: cases.Deadline | None) -> CaseLine:
    flags = gettext("、").join(gettext(Flag(value).label) for value in case.flags)
    running = [p for p in case.proceedings if p.status not in stages.ENDED]
    leading = next((p for p in running if due and p.id == due.proceeding_id), None)
    leading = leading or next(reversed(running or case.proceedings), None)
    who = case_words.title_parts(case)
    firm = case.lead_employer.name if case.lead_employer else gettext("没有登记单位")
    cause = gettext(case.dispute_kind.label)
    return CaseLine(
        case=case,
        title=who[0],
        under=gettext("%(firm)s·%(cause)s", firm=firm, cause=cause),
        tag=gettext("优先·%(why)s", why=flags) if flags else "",
        stage=_stage_words(leading),
        stage_kind=case_words.STATE[leading.status] if leading else "wait",
        due=due,
    )


def _stage_words(leading: cases.Proceeding | None) -> str:
    if leading is None:
        return gettext("还没有程序")
    state = case_words.proceeding_state(leading)
    return gettext("%(stage)s·%(state)s", stage=gettext(leading.stage.label), state=state)
