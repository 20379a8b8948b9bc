"""A computed date in words: numbered steps for people, and the sum in short rows for the screen."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from worker_legal.i18n import N_
from worker_legal.law.arithmetic import Result, Step
from worker_legal.law.deadlines import Due
from worker_legal.law.rules.row import Law

Gettext = Callable[[str], str]

WEEKDAYS = (
    N_("周一"),
    N_("周二"),
    N_("周三"),
    N_("周四"),
    N_("周五"),
    N_("周六"),
    N_("周日"),
)

# What is added or taken away, by unit; also the value of the row 加 on the screen.
LENGTHS = {
    "day": N_("%(n)s日，自然日"),
    "working_day": N_("%(n)s个工作日"),
    "month": N_("%(n)s个月"),
    "year": N_("%(n)s年"),
    "hour": N_("%(n)s小时"),
}

UNITS = {**LENGTHS, "day": N_("%(n)s日")}

TEMPLATES: dict[str, str] = {
    "start": N_("从%(start)s起算，当天不算"),
    "start_hour": N_("从%(start)s起算"),
    "start_back": N_("从%(start)s往前数，当天不算"),
    "event": N_("%(day)s%(what)s，从第二天起算"),
    "event_hour": N_("%(day)s%(what)s，从这一刻起算"),
    "event_back": N_("%(day)s%(what)s，从前一天起往前数"),
    "event_none": N_("%(day)s%(what)s"),
    "basis": N_("依据%(law)s"),
    "restart": N_("%(day)s重新起算，当天不算"),
    "restart_by": N_("%(day)s%(what)s，从第二天起重新起算"),
    "restart_late": N_("%(day)s的事由发生在%(end)s届满之后，不重新起算"),
    "restart_early": N_("%(day)s的事由发生在起算之前，不重新起算"),
    "add": N_("%(begin)s加%(length)s，得%(end)s"),
    "extend": N_("%(begin)s再加延长的%(length)s，得%(end)s"),
    "total": N_("原期限%(base)s，延长%(length)s，合计%(total)s"),
    "subtract": N_("%(begin)s减%(length)s，得%(end)s"),
    "rest_days": N_("其中%(n)s天是休息日，没有计入"),
    "clamped": N_("那个月没有对应的日期，以月末%(end)s为最后一天（《民法典》第202条）"),
    "suspend": N_("%(first)s至%(last)s共%(n)s日不计入，往后推到%(end)s"),
    "roll_forward": N_("%(day)s是休息日（%(rest)s），顺延到%(end)s（《民法典》第203条）"),
    "roll_back": N_("%(day)s是休息日（%(rest)s），提前到%(end)s"),
    "no_roll": N_("%(day)s是休息日（%(rest)s），这个期限不顺延"),
    "act_before": N_("%(day)s是休息日（%(rest)s），不往后顺延，最迟在%(end)s办"),
    "provisional": N_("%(year)s年放假安排还没有公布，先按周末和固定节日推算，公布后重算"),
    "range": N_("按还可能公布的安排，最早%(earliest)s，最晚%(latest)s"),
    "paused": N_("%(day)s起中止，恢复后接着计算"),
    "none": N_("法律没有规定期限：%(text)s"),
    "due": N_("%(weekday)s到期：%(plain)s"),
    "due_provisional": N_("%(weekday)s到期（暂定）：%(plain)s"),
}

_ARTICLE = N_("《%(statute)s》第%(article)s条")
_PARAGRAPH = N_("《%(statute)s》第%(article)s条第%(paragraph)s款")
_PLAIN = re.compile(r"(?P<article>[^(]+)\((?P<paragraph>\d+)\)$")


class SumRow(NamedTuple):
    """One row of the sum beside a date, as the case page shows it."""

    label: str
    value: str
    kind: str = ""


def same(text: str) -> str:
    """The source text itself: Chinese without a catalogue."""
    return text


def day_text(day: date, gettext: Gettext = same) -> str:
    """A date with its weekday, a time with its minute: 2026-12-10 周四."""
    if isinstance(day, datetime):
        return f"{day.date().isoformat()} {gettext(WEEKDAYS[day.weekday()])} {day:%H:%M}"
    return f"{day.isoformat()} {gettext(WEEKDAYS[day.weekday()])}"


def plain(day: date) -> str:
    """A date as the commands print it; hours carry the minute."""
    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()


def law_text(law: Law, gettext: Gettext = same) -> str:
    """A statute and its article, ready to print."""
    statute = gettext(law.statute)
    found = _PLAIN.match(law.article)
    if found:
        return gettext(_PARAGRAPH) % {"statute": statute, **found.groupdict()}
    return gettext(_ARTICLE) % {"statute": statute, "article": law.article}


def length_text(n: int, unit: str, gettext: Gettext = same) -> str:
    """A length with its unit: 45日，自然日."""
    return gettext(LENGTHS[unit]) % {"n": n}


def explain(what: Due | Result, gettext: Gettext = same) -> list[str]:
    """The numbered steps to a date; the last one ends in the date itself."""
    return step_texts(what.steps, gettext)


def step_texts(steps: Iterable[Step], gettext: Gettext = same) -> list[str]:
    """The steps in words, for an HTML list that numbers them."""
    return [_text(line, gettext) for step in steps for line in _lines(step)]


def _lines(step: Step) -> list[Step]:
    """What one step has to say: rest days left out, the range of a date not yet certain."""
    kind, params = step
    if kind in ("add_working_day", "extend_working_day"):
        skipped = (params["end"] - params["begin"]).days - params["n"]
        return [step, Step("rest_days", {"n": skipped})] if skipped else [step]
    if kind == "provisional" and params["earliest"] != params["latest"]:
        return [step, Step("range", params)]
    return [step]


def _text(step: Step, gettext: Gettext) -> str:
    kind, params = step
    base, _, unit = kind.partition("_")
    if base == "total":
        parts = ("base", "n", "total")
        texts = {name: gettext(UNITS[unit]) % {"n": params[name]} for name in parts}
        return gettext(TEMPLATES[base]) % {**texts, "length": texts["n"]}
    if base in ("add", "extend", "subtract"):
        values = {**params, "length": length_text(params["n"], unit, gettext)}
        return gettext(TEMPLATES[base]) % _values(values, gettext)
    if kind == "basis":
        law = Law(params["statute"], params["article"])
        return gettext(TEMPLATES[kind]) % {"law": law_text(law, gettext)}
    if base == "due":
        day = params["day"]
        values = {"weekday": gettext(WEEKDAYS[day.weekday()]), "plain": plain(day)}
        return gettext(TEMPLATES[kind]) % values
    return gettext(TEMPLATES[kind]) % _values(params, gettext)


def _values(params: Mapping[str, Any], gettext: Gettext) -> dict[str, Any]:
    """The places of a template: dates with their weekday, words translated."""
    values: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, date):
            values[name] = day_text(value, gettext)
        elif name in ("what", "rest", "text"):
            values[name] = gettext(value)
        else:
            values[name] = value
    return values


# The sum in rows, as on the case page


def sum_rows(due: Due, gettext: Gettext = same) -> list[SumRow]:
    """The sum of one date as rows 起算, 加, 得, 顺延, 到, 依据, 原文."""
    rows: list[SumRow] = []
    for step in due.steps:
        rows += _rows(step, gettext)
    if due.due_on is None:
        rows.append(SumRow(gettext(N_("到")), gettext(N_("没有期限")), "result"))
    end = day_text(due.due_at or due.due_on, gettext) if due.due_on else ""
    rows = [row for row in rows if row.kind != "sum" or row.value != end]
    laws = [law_text(law, gettext) for law in (due.rule.law, *due.rule.also)]
    if any(step.kind == "roll_forward" for step in due.steps):
        laws.append(law_text(ROLL_LAW, gettext))
    rows += [SumRow(gettext(N_("依据")), law, "law") for law in laws]
    rows.append(SumRow(gettext(N_("规定")), gettext(due.rule.text), "text"))
    return rows


ROLL_LAW = Law(N_("民法典"), "203")

_LABELS = {
    "event": N_("起算"),
    "event_hour": N_("起算"),
    "event_back": N_("从"),
    "event_none": N_("自"),
    "restart_by": N_("重算"),
    "restart_late": N_("不重算"),
    "clamped": N_("月末"),
    "suspend": N_("扣除"),
    "roll_forward": N_("顺延"),
    "roll_back": N_("提前"),
    "no_roll": N_("不顺延"),
    "act_before": N_("最迟"),
    "paused": N_("中止"),
    "due": N_("到"),
    "due_provisional": N_("到"),
}
_SHORT = {
    "event": N_("%(day)s %(what)s，当天不算"),
    "event_hour": N_("%(day)s %(what)s"),
    "event_back": N_("%(day)s %(what)s，当天不算"),
    "event_none": N_("%(day)s %(what)s"),
    "restart_by": N_("%(day)s %(what)s"),
    "clamped": N_("没有对应日，取%(end)s"),
    "suspend": N_("%(first)s至%(last)s，共%(n)s日"),
    "roll_forward": N_("%(day)s是休息日（%(rest)s），延到下一个工作日"),
    "due": N_("%(day)s"),
    "due_provisional": N_("%(day)s，暂定"),
}
_OPERATIONS = {"add": N_("加"), "extend": N_("延长"), "subtract": N_("减")}


def _rows(step: Step, gettext: Gettext) -> list[SumRow]:
    kind, params = step
    base, _, unit = kind.partition("_")
    if base in _OPERATIONS:
        return [
            SumRow(gettext(_OPERATIONS[base]), length_text(params["n"], unit, gettext), "add"),
            SumRow(gettext(N_("得")), day_text(params["end"], gettext), "sum"),
        ]
    if base == "total":
        return [SumRow(gettext(N_("延长")), length_text(params["n"], unit, gettext), "extend")]
    if kind == "provisional":
        return [SumRow("", _text(line, gettext), "note") for line in _lines(step)]
    if kind not in _LABELS:
        return []
    text = gettext(_SHORT.get(kind, TEMPLATES.get(kind, ""))) % _values(params, gettext)
    return [SumRow(gettext(_LABELS[kind]), text, "result" if base == "due" else base)]
