"""Reading a year's holiday notice: the published text, a table or JSON, checked day by day."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NoReturn

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.calendar import YearNotice
from worker_legal.law.festivals import statutory_days

_REST_WORDS = frozenset({"rest", "off", "休", "放假", "休息"})
_WORK_WORDS = frozenset({"work", "班", "上班", "调休上班"})
_LONGEST_BREAK = 31

_TABLE = re.compile(r"\s*(date|日期|\d{4}-\d{2}-\d{2})\s*[,，\t]", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})\s*年")
_DOCUMENT = re.compile(r"国办发明电〔\d{4}〕\d+号")
_NAME = re.compile(r"[一二三四五六七八九十]+、([^：:，。（）()]{2,8})[：:]")
_NOTE = re.compile(r"[（(][^（）()]*[）)]")
_DAY = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日"
    r"(?:至(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日)?"
)
_WEEKDAY = re.compile(r"(\d{1,2})月(\d{1,2})日[（(][^（）()]*?(?:周|星期)([一二三四五六日天])[）)]")
_WEEKDAYS = "一二三四五六日"


@dataclass(slots=True)
class _Draft:
    """What has been read so far, not yet checked."""

    year: int = 0
    document: str = ""
    rest: dict[date, str] = field(default_factory=dict)
    work: set[date] = field(default_factory=set)


def parse_notice(text: str) -> YearNotice:
    """A State Council notice from its text, CSV (date,kind,name) or JSON, checked day by day.

    Raises BadInput saying which day cannot be right.
    """
    text = text.lstrip("\ufeff").strip()
    if not text:
        _refuse(N_("没有内容。请粘贴放假通知，或者上传 CSV、JSON 文件"))
    if text.startswith("{"):
        draft = _from_json(text)
    elif _TABLE.match(text):
        draft = _from_table(text)
    else:
        draft = _from_text(text)
    return _checked(draft)


def is_published_text(text: str) -> bool:
    """Whether this is a notice as published, or its JSON, rather than a table of days."""
    return text.lstrip("\ufeff \r\n\t").startswith("{") or bool(_NAME.search(text))


def _refuse(text: str, **params: Any) -> NoReturn:
    raise BadInput(text, code="bad_notice", field="text", **params)


# JSON: {"year", "document", "rest": [day | {"date" | "from", "to", "name"}], "work": [day]}


def _from_json(text: str) -> _Draft:
    try:
        data = json.loads(text)
    except ValueError:
        _refuse(N_("JSON 写法有误，读不出来"))
    rest, work = data.get("rest"), data.get("work", [])
    if not isinstance(rest, list) or not isinstance(work, list):
        _refuse(N_("JSON 要有 rest（放假日）和 work（上班日）两个列表"))
    draft = _Draft(year=_year(data.get("year")), document=str(data.get("document", "")))
    for item in rest:
        draft.rest.update(_spelled_out(item))
    for item in work:
        draft.work.update(_spelled_out(item))
    return draft


def _year(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1949 <= value <= 9998:
        return value
    _refuse(N_("年份 %(value)s 不对，应当是四位数字"), value=str(value))


def _spelled_out(item: object) -> dict[date, str]:
    if not isinstance(item, dict):
        return {_iso(item): ""}
    name = str(item.get("name", ""))
    first = _iso(item.get("from", item.get("date")))
    last = _iso(item.get("to", item.get("from", item.get("date"))))
    return dict.fromkeys(_span(first, last), name)


def _iso(value: object) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        _refuse(N_("“%(value)s”不是日期，应当写成 2027-01-01"), value=str(value))


def _span(first: date, last: date) -> list[date]:
    days = (last - first).days
    if not 0 <= days < _LONGEST_BREAK:
        _refuse(
            N_("%(first)s 至 %(last)s 不像一次放假"), first=first.isoformat(), last=last.isoformat()
        )
    return [first + timedelta(k) for k in range(days + 1)]


# CSV: one day a line


def _from_table(text: str) -> _Draft:
    dialect = "excel-tab" if "\t" in text.splitlines()[0] else "excel"
    rows = list(csv.reader(io.StringIO(text.replace("，", ",")), dialect))
    if rows[0][0].strip().lower() in ("date", "日期"):
        rows = rows[1:]
    draft = _Draft()
    for row in rows:
        if any(cell.strip() for cell in row):
            _read_row([cell.strip() for cell in row] + ["", ""], draft)
    years = [day.year for day in (*draft.rest, *draft.work)]
    if not years:
        _refuse(N_("表里没有一天"))
    draft.year = max(set(years), key=years.count)
    return draft


def _read_row(row: list[str], draft: _Draft) -> None:
    day, kind = _iso(row[0]), row[1].lower()
    if kind in _WORK_WORDS:
        draft.work.add(day)
    elif kind in _REST_WORDS:
        draft.rest[day] = row[2]
    else:
        _refuse(
            N_("%(day)s 的第二列“%(kind)s”应当是 rest（放假）或者 work（上班）"),
            day=day.isoformat(),
            kind=row[1],
        )


# The text as published: 一、元旦：1月1日（周四）至3日（周六）放假调休。1月4日（周日）上班。


def _from_text(text: str) -> _Draft:
    text = re.sub(r"\s+", "", text)
    found = _YEAR.search(text)
    if found is None:
        _refuse(N_("没有找到年份，通知里应当有“2027年”这样的字样"))
    draft = _Draft(year=int(found.group(1)))
    document = _DOCUMENT.search(text)
    draft.document = document.group(0) if document else ""
    parts = _NAME.split(text)
    if len(parts) < 3:
        _refuse(N_("没有找到“一、元旦：……放假”这样的段落"))
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        _check_weekdays(body, draft.year)
        for sentence in _NOTE.sub("", body).split("。"):
            _read_sentence(sentence, name, draft)
    return draft


def _read_sentence(sentence: str, name: str, draft: _Draft) -> None:
    days = list(_days_in(sentence, draft.year))
    if "上班" in sentence:
        draft.work.update(days)
    elif "放假" in sentence or "补休" in sentence:
        draft.rest.update(dict.fromkeys(days, name))


def _days_in(sentence: str, year: int) -> Iterator[date]:
    month = 0
    for found in _DAY.finditer(sentence):
        month = int(found["month"] or month)
        first = _civil(int(found["year"] or year), month, int(found["day"]))
        if found["day2"]:
            last_month = int(found["month2"] or month)
            last_year = first.year + (last_month < first.month)
            yield from _span(first, _civil(last_year, last_month, int(found["day2"])))
            month = last_month
        else:
            yield first


def _civil(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        _refuse(N_("%(year)s年%(month)s月%(day)s日不存在"), year=year, month=month, day=day)


def _check_weekdays(body: str, year: int) -> None:
    """A weekday printed beside a day must be true; it shows a notice of another year."""
    for month, day, printed in _WEEKDAY.findall(body):
        nearby = (year, year - 1) if month == "12" else (year,)
        true = {_WEEKDAYS[_civil(y, int(month), int(day)).weekday()] for y in nearby}
        if printed.replace("天", "日") not in true:
            _refuse(
                N_("%(month)s月%(day)s日写的是周%(printed)s，与%(year)s年的日历不符"),
                month=month,
                day=day,
                printed=printed,
                year=year,
            )


# The check


def _checked(draft: _Draft) -> YearNotice:
    year, rest, work = draft.year, draft.rest, draft.work
    for day in sorted((*rest, *work)):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            _refuse(N_("%(day)s 不在%(year)s年"), day=day.isoformat(), year=year)
    for day in sorted(work):
        if day in rest:
            _refuse(N_("%(day)s 既写了放假又写了上班"), day=day.isoformat())
        if day.weekday() < 5:
            _refuse(N_("%(day)s 本来就是工作日，不会是调休上班日"), day=day.isoformat())
    _check_statutory(year, rest)
    return YearNotice(year, dict(sorted(rest.items())), frozenset(work), draft.document)


def _check_statutory(year: int, rest: Iterable[date]) -> None:
    missing = [day for day in statutory_days(year) if day not in set(rest)]
    missing = [day for day in missing if day.weekday() < 5]
    if missing:
        _refuse(
            N_("%(day)s 是法定节假日（%(name)s），通知里却没有放假"),
            day=missing[0].isoformat(),
            name=statutory_days(year)[missing[0]],
        )
