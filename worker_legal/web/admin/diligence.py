"""The record of dates, a sheet per day: the office's proof of diligence (features D13)."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from flask_login import current_user

from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Action
from worker_legal.domain.reminders import texts
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.web.fields import read_day
from worker_legal.web.security import current_actor, requires

bp = Blueprint("diligence", __name__, url_prefix="/admin/deadline-log")


@bp.get("")
@requires(Action.VIEW_AUDIT)
def sheet() -> str:
    """What became of dates on a day at the sites the reader watches over, and what was missed."""
    day = _day()
    paths = org.paths(current_actor(), Action.VIEW_AUDIT)
    today, parts = clock.today(), cases.day_parts(paths, day)
    part = min(max(request.args.get("part", 1, int), 1), parts)
    return render_template(
        "admin/oversight/deadline_log.html",
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        lines=[(line, _what(line.rule_code)) for line in cases.day_log(paths, day, part)],
        part=part,
        parts=parts,
        missed=[(no, _what(code), met_on) for no, code, met_on in cases.missed_on(paths, day)],
        name_of=_name_of,
        printed_by=current_user.user.display_name,
    )


def _day() -> date:
    typed = request.args.get("day", "")
    if not typed:
        return clock.today()
    day: Any = read_day(typed) if len(typed) == 10 and typed.isascii() and _is_day(typed) else None
    if day is None:
        raise NotFound(N_("没有这一天的日志"))
    return day


def _is_day(text: str) -> bool:
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return False
    year, month, number = map(int, parts)
    if not (1950 <= year <= 2100 and 1 <= month <= 12):
        return False
    following = date(year + month // 12, month % 12 + 1, 1)
    return 1 <= number <= (following - timedelta(days=1)).day


def _what(code: str) -> str:
    return gettext(texts.what(code))


def _name_of(label: str) -> str:
    """Who did it, in words; the program itself where the calendar or the law changed."""
    return gettext("系统（重算）") if label.startswith("system:") else label
