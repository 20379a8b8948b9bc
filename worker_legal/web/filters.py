"""Jinja filters and page language: how money, days, instants and codes are written."""

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import get_locale, gettext, lazy_gettext

from worker_legal.infra import clock
from worker_legal.law import money

WEEKDAYS = (
    lazy_gettext("周一"),
    lazy_gettext("周二"),
    lazy_gettext("周三"),
    lazy_gettext("周四"),
    lazy_gettext("周五"),
    lazy_gettext("周六"),
    lazy_gettext("周日"),
)


def page_language() -> str:
    """The language of the page as an HTML code: zh-CN or en."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh-CN"


def fen(amount: int | None) -> str:
    """Fen as yuan with thousands and two places (12,345.60); a dash when there is no amount."""
    return "—" if amount is None else money.format_yuan(amount)


def wan(amount: int | None) -> str:
    """Fen as 万元 with two places."""
    return "—" if amount is None else money.format_wan(amount)


def fen_words(amount: int | None) -> str:
    """Fen in capital Chinese figures (大写) for the line under a money field."""
    return "" if amount is None else money.in_words(amount)


def weekday(day: date | None) -> str:
    """周四, or Thu on an English page."""
    return "" if day is None else str(WEEKDAYS[day.weekday()])


def date_cn(day: date | None) -> str:
    """2026-12-10 周四."""
    return "" if day is None else f"{day:%Y-%m-%d} {weekday(day)}"


def date_md(day: date | None) -> str:
    """12-10, with the year in front when it is not this year."""
    if day is None:
        return ""
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


def date_short(day: date | None) -> str:
    """12-10 周四, with the year in front when it is not this year."""
    return "" if day is None else f"{date_md(day)} {weekday(day)}"


def month(day: date | None) -> str:
    """2026年8月 of any day in it."""
    return "" if day is None else gettext("%(year)s年%(month)s月", year=day.year, month=day.month)


def instant(at: datetime | None) -> str:
    """An instant as the office's wall clock shows it: 2026-11-23 周一 09:40."""
    if at is None:
        return ""
    local = clock.local(at)
    return f"{date_cn(local.date())} {local:%H:%M}"


def hour(at: datetime | None) -> str:
    """The wall-clock time of an instant: 09:40."""
    return "" if at is None else f"{clock.local(at):%H:%M}"


def spoken_time(at: datetime | None) -> str:
    """An hour as people say it: 下午2:30."""
    if at is None:
        return ""
    local = clock.local(at)
    shown = f"{(local.hour - 1) % 12 + 1}:{local:%M}"
    if local.hour < 12:
        return gettext("上午%(time)s", time=shown)
    if local.hour < 18:
        return gettext("下午%(time)s", time=shown)
    return gettext("晚上%(time)s", time=shown)


def spoken_date(day: date | None) -> str:
    """A day as people say it: 11月26日 周四, with the year when it is not this year."""
    if day is None:
        return ""
    text = gettext("%(month)s月%(day)s日", month=day.month, day=day.day)
    if day.year != clock.today().year:
        text = gettext(
            "%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day
        )
    return f"{text} {weekday(day)}"


def spoken_day(at: datetime | None) -> str:
    """The day of an instant as people say it in China."""
    return "" if at is None else spoken_date(clock.local(at).date())


def days_left(day: date | None) -> int | None:
    """Natural days from today to a day; negative when it has passed, none without a day."""
    return None if day is None else (day - clock.today()).days


def label(code: Any) -> str:
    """The word of a code in the language of the page."""
    word = getattr(code, "label", "")
    return gettext(word) if word else ""


FILTERS = {
    "fen": fen,
    "wan": wan,
    "fen_words": fen_words,
    "weekday": weekday,
    "date_cn": date_cn,
    "date_md": date_md,
    "date_short": date_short,
    "month": month,
    "instant": instant,
    "hour": hour,
    "spoken_time": spoken_time,
    "spoken_date": spoken_date,
    "spoken_day": spoken_day,
    "days_left": days_left,
    "label": label,
}


def register(app: Flask) -> None:
    """Give the templates of the application these filters and page_language()."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["page_language"] = page_language
