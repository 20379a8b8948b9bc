"""The law as JSON in and JSON out, for integrators: periods, rules, names and dues of a case.

A wrong input raises BadInput with one sentence that names the place.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.arithmetic import (
    Adjustment,
    Direction,
    Extend,
    Period,
    Restart,
    Roll,
    Suspend,
    Unit,
    compute_period,
)
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Due, compute
from worker_legal.law.enums import EventKind, Stage, Who
from worker_legal.law.explain import explain, law_text, plain
from worker_legal.law.facts import Facts, Happening
from worker_legal.law.rules import RULES, Rule
from worker_legal.law.rules.row import FACT_LABELS, FLAG_LABELS, Fact, On, When

MAX_LENGTH = 36_600
_CALENDAR = WorkCalendar()
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")
_PERIOD_KEYS = {"start", "length", "unit", "direction", "roll", "adjust"}
_ADJUST_KEYS = {
    "extend": {"type", "length", "unit"},
    "suspend": {"type", "from", "to"},
    "restart": {"type", "date"},
}
_EVENT_KEYS = {"kind", "on", "stage", "proceeding", "ref", "data"}
_DUE_KEYS = {"facts", "flags", "events", "as_of"}


def period(items: object, calendar: WorkCalendar = _CALENDAR) -> list[dict[str, Any]]:
    """The last day of each period of a list, in the same order, with the working in Chinese."""
    if not isinstance(items, list):
        _refuse(N_("输入应当是一个列表"))
    periods = [_period(_Place(f"[{i}]"), item) for i, item in enumerate(items)]
    return [_period_answer(_Place(f"[{i}]"), p, calendar) for i, p in enumerate(periods)]


def rules() -> list[dict[str, Any]]:
    """Every rule row with all its columns."""
    return [_rule_row(rule) for rule in RULES]


def schema() -> dict[str, Any]:
    """The names that `due` understands: facts, flags, event kinds, stages and rule codes."""
    keys: dict[str, set[str]] = {}
    for when in _conditions():
        keys.setdefault(when.key, set()).update(when.values)
    fields = {on.field for rule in RULES for on in _events(rule.trigger) if on.field}
    return {
        "facts": [fact.value for fact in Fact],
        "flags": list(FLAG_LABELS),
        "events": [kind.value for kind in EventKind],
        "stages": [stage.value for stage in Stage],
        "who": [who.value for who in Who],
        "rules": list(dict.fromkeys(rule.code for rule in RULES)),
        "event_data": {**dict.fromkeys(sorted(fields), ["date"]), **_sorted(keys)},
        "labels": {
            "facts": {fact.value: label for fact, label in FACT_LABELS.items()},
            "flags": dict(FLAG_LABELS),
            "events": {kind.value: kind.label for kind in EventKind},
            "stages": {stage.value: stage.label for stage in Stage},
            "who": {who.value: who.label for who in Who},
            "rules": {rule.code: rule.label for rule in RULES},
        },
    }


def due(data: object, calendar: WorkCalendar = _CALENDAR) -> list[dict[str, Any]]:
    """Every date that follows from the facts and events of a case; null where the law sets none."""
    if not isinstance(data, Mapping):
        _refuse(N_("输入应当是一个对象，带 facts 和 events"))
    here = _Place("")
    here.known(data, _DUE_KEYS)
    dates, flags = _facts(data)
    events = data.get("events", [])
    if not isinstance(events, list):
        _refuse(N_("events 应当是一个列表"))
    happenings = [_happening(_Place(f"events[{i}]"), item, i) for i, item in enumerate(events)]
    as_of = here.day("as_of", data["as_of"]) if "as_of" in data else None
    found = compute(Facts(dates, flags, happenings), calendar, as_of=as_of)
    return [_due_answer(each) for each in found]


# Reading


def _refuse(text: str, **params: Any) -> NoReturn:
    raise BadInput(text, code="bad_json", **params)


class _Place(str):
    """Where in the input we are, for the sentence of a refusal."""

    __slots__ = ()

    def wrong(self, name: str, why: str, **params: Any) -> BadInput:
        """The refusal of the value of one key at this place."""
        where = f"{self}.{name}" if self and name else name or str(self)
        return BadInput("%(where)s " + why, code="bad_json", where=where, **params)

    def known(self, item: Mapping[str, object], keys: Iterable[str]) -> None:
        """Refuse a key that means nothing here."""
        for key in item:
            if key not in keys:
                raise self.wrong(str(key), N_("不认识这一项"))

    def moment(self, name: str, value: object) -> date:
        """A day, or a day with hour and minute."""
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            try:
                if "T" in value:
                    return datetime.fromisoformat(value)
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.wrong(
            name,
            N_("“%(value)s”不是日期，应当写成 2026-12-10 或者 2026-02-14T22:30"),
            value=_short(value),
        )

    def day(self, name: str, value: object) -> date:
        """A day without a time."""
        moment = self.moment(name, value)
        if isinstance(moment, datetime):
            raise self.wrong(name, N_("只要日期，不要时刻"))
        return moment

    def length(self, name: str, value: object) -> int:
        """A whole number of units, zero or more."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_LENGTH:
            raise self.wrong(
                name,
                N_("“%(value)s”应当是 0 到 %(most)d 的整数"),
                value=_short(value),
                most=MAX_LENGTH,
            )
        return value

    def choice(self, name: str, value: object, choices: type[StrEnum]) -> Any:
        """One of the words allowed here."""
        for member in choices:
            if member.value == value:
                return member
        allowed = ", ".join(member.value for member in choices)
        if len(choices) > 12:
            raise self.wrong(name, N_("不认识“%(value)s”"), value=_short(value))
        raise self.wrong(
            name,
            N_("“%(value)s”应当是 %(allowed)s 之一"),
            value=_short(value),
            allowed=allowed,
        )


def _short(value: object) -> str:
    return str(value)[:40]


def _need(place: _Place, item: object, keys: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise place.wrong("", N_("应当是一个对象"))
    for key in keys:
        if key not in item:
            raise place.wrong(key, N_("没有写"))
    return item


def _period(place: _Place, raw: object) -> Period:
    item = _need(place, raw, ("start", "length"))
    place.known(item, _PERIOD_KEYS)
    unit = place.choice("unit", item.get("unit", Unit.DAY.value), Unit)
    direction = place.choice("direction", item.get("direction", "forward"), Direction)
    usual = Roll.NONE if direction is Direction.BACKWARD else Roll.FORWARD
    adjust = item.get("adjust")
    adjust = [] if adjust is None else adjust
    if not isinstance(adjust, list):
        raise place.wrong("adjust", N_("应当是一个列表"))
    return Period(
        place.moment("start", item["start"]),
        place.length("length", item["length"]),
        unit,
        direction,
        place.choice("roll", item.get("roll", usual.value), Roll),
        tuple(_adjustment(_Place(f"{place}.adjust[{i}]"), a, unit) for i, a in enumerate(adjust)),
    )


def _adjustment(place: _Place, raw: object, unit: Unit) -> Adjustment:
    item = _need(place, raw, ("type",))
    kind = item["type"]
    if not isinstance(kind, str) or kind not in _ADJUST_KEYS:
        raise place.wrong(
            "type", N_("“%(value)s”应当是 extend, suspend, restart 之一"), value=_short(kind)
        )
    place.known(item, _ADJUST_KEYS[kind])
    if kind == "extend":
        _need(place, item, ("length",))
        chosen = place.choice("unit", item.get("unit", unit.value), Unit)
        return Extend(place.length("length", item["length"]), chosen)
    if kind == "restart":
        _need(place, item, ("date",))
        return Restart(place.moment("date", item["date"]))
    _need(place, item, ("from", "to"))
    first, last = place.day("from", item["from"]), place.day("to", item["to"])
    if last < first:
        raise place.wrong("to", N_("早于 from"))
    return Suspend(first, last)


def _facts(data: Mapping[str, Any]) -> tuple[dict[str, date], dict[str, bool | str]]:
    """Dates and flags of the case; a flag may stand among the facts."""
    given, flagged = data.get("facts", {}), data.get("flags", {})
    if not isinstance(given, Mapping) or not isinstance(flagged, Mapping):
        _refuse(N_("facts 和 flags 应当是对象"))
    place = _Place("facts")
    dates: dict[str, date] = {}
    flags: dict[str, bool | str] = {}
    for name, value in (*given.items(), *flagged.items()):
        if name in FLAG_LABELS:
            flags[name] = _flag(place, name, value)
        elif name in set(Fact) and name in given:
            if value is not None:
                dates[name] = place.moment(name, value)
        else:
            raise place.wrong(str(name), N_("不认识这一项，用 schema 命令看有哪些"))
    return dates, flags


def _flag(place: _Place, name: str, value: object) -> bool | str:
    if isinstance(value, bool) or value in ("yes", "no"):
        return value
    raise place.wrong(name, N_("应当是 true 或者 false"))


def _happening(place: _Place, raw: object, position: int) -> Happening:
    item = _need(place, raw, ("kind", "on"))
    kind = place.choice("kind", item["kind"], EventKind)
    stage = place.choice("stage", item["stage"], Stage) if item.get("stage") is not None else None
    extra = item.get("data", {})
    if not isinstance(extra, Mapping):
        raise place.wrong("data", N_("应当是一个对象"))
    details = {**extra, **{key: item[key] for key in item if key not in _EVENT_KEYS}}
    _check_details(place, details)
    number = item.get("proceeding")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise place.wrong("proceeding", N_("应当是整数"))
    if number is None and stage is not None:
        number = -1 - list(Stage).index(stage)
    return Happening(
        kind,
        place.day("on", item["on"]),
        stage,
        str(item.get("ref", f"event:{position}")),
        number,
        details,
    )


def _check_details(place: _Place, details: Mapping[str, Any]) -> None:
    for name in ("at", "ends_on"):
        if details.get(name):
            place.moment(name, details[name])
    if details.get("days") is not None:
        place.length("days", details["days"])


# Answering


def _period_answer(place: _Place, asked: Period, calendar: WorkCalendar) -> dict[str, Any]:
    try:
        result = compute_period(asked, calendar)
    except BadInput as error:
        raise place.wrong("start", error.text, **error.params) from error
    return {
        "due": plain(result.due),
        "provisional": result.provisional,
        "earliest": plain(result.earliest),
        "latest": plain(result.latest),
        "raw": plain(result.raw),
        "steps": explain(result),
    }


def _due_answer(each: Due) -> dict[str, Any]:
    return {
        "rule": each.rule_code,
        "version": each.rule_version,
        "label": each.label,
        "due": _when(each),
        "who": each.who.value,
        "state": each.state.value,
        "paused": each.paused,
        "provisional": each.provisional,
        "earliest": each.earliest.isoformat() if each.earliest else None,
        "latest": each.latest.isoformat() if each.latest else None,
        "optional": each.optional,
        "informative": each.informative,
        "confirmed": each.confirmed,
        "trigger": each.trigger_ref,
        "stage": each.stage.value if each.stage else None,
        "basis": law_text(each.rule.law),
        "steps": explain(each),
    }


def _when(each: Due) -> str | None:
    moment = each.due_at or each.due_on
    return plain(moment) if moment else None


def _events(sources: Iterable[On | Fact]) -> list[On]:
    return [source for source in sources if isinstance(source, On)]


def _conditions() -> Iterable[When]:
    for rule in RULES:
        yield from rule.when
        for source in (*_events(rule.trigger), *rule.met_by, *rule.cancelled_by):
            yield from source.where


def _sorted(keys: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {key: sorted(keys[key]) for key in sorted(keys)}


def _kinds(sources: Iterable[On]) -> list[str]:
    return [
        f"{source.stage.value}.{source.kind.value}" if source.stage else source.kind.value
        for source in sources
    ]


def _rule_row(rule: Rule) -> dict[str, Any]:
    extended = rule.extended_by
    return {
        "code": rule.code,
        "version": rule.version,
        "label": rule.label,
        "statute": rule.statute,
        "article": rule.article,
        "basis": [law_text(law) for law in (rule.law, *rule.also)],
        "text": rule.text,
        "stages": [stage.value for stage in rule.stages],
        "trigger": {
            "events": _kinds(_events(rule.trigger)),
            "facts": [source.value for source in rule.trigger if isinstance(source, Fact)],
        },
        "conditions": {
            when.key: list(when.values)
            for source in _events(rule.trigger)
            for when in (*source.where, *rule.when)
        },
        "length": rule.length,
        "unit": rule.unit.value,
        "direction": rule.direction.value,
        "roll": rule.roll.value,
        "who": rule.who.value,
        "met_by": _kinds(rule.met_by),
        "cancelled_by": _kinds(rule.cancelled_by),
        "restarted_by": _kinds((*rule.restarted_by, *rule.reopened_by)),
        "extended_by": extended
        and {"length": extended.length, "unit": extended.unit.value, "once": extended.once},
        "excluded_between": [
            [pair.begins.value, pair.ends.value if pair.ends else pair.days]
            for pair in rule.excluded
        ],
        "lapse": rule.lapse.value,
        "lapse_text": rule.lapse_text or rule.lapse.label,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_until": rule.valid_until.isoformat() if rule.valid_until else None,
        "confirmed": rule.confirmed,
        "optional": rule.optional,
        "informative": rule.informative,
    }
