"""Pictures with their words in the language of the page: tracks of a case, days left."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext
from markupsafe import Markup

from worker_legal.infra import charts
from worker_legal.web import filters


def mark_kind(days: int, optional: bool = False) -> str:
    """The shape of a date that still runs: optional, late, soon (0–3 natural days) or ok."""
    if optional:
        return "optional"
    if days < 0:
        return "late"
    return "soon" if days <= 3 else "ok"


def next_line(days: int | None, words: str) -> Markup:
    """The line under a lane's name: days left as a badge, then what is due."""
    badge = (
        Markup("")
        if days is None
        else Markup('<span class="due due-{}">{}</span> ').format(mark_kind(days), days_words(days))
    )
    return badge + Markup('<span class="muted">{}</span>').format(words)


def days_words(days: int) -> str:
    """Natural days left in words: 逾期3天, 今天, 还有3天."""
    if days < 0:
        return gettext("逾期%(n)s天", n=-days)
    return gettext("今天") if days == 0 else gettext("还有%(n)s天", n=days)


def tracks(lanes: Sequence[charts.Lane], today: date) -> Markup:
    """The tracks picture of a case with the months and today in words."""
    ticks = [_tick(day, index == 0) for index, day in enumerate(charts.month_starts(lanes, today))]
    return charts.tracks(
        lanes,
        today,
        ticks,
        gettext("今天 %(day)s", day=filters.date_md(today)),
        gettext("%(n)s个程序", n=len(lanes)),
    )


def _tick(day: date, first: bool) -> charts.MonthTick:
    short = gettext("%(month)s月", month=day.month)
    return charts.MonthTick(day, filters.month(day) if first or day.month == 1 else short, short)
