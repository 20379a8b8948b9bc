"""Counting of periods: start, restart, length, extension, suspended days, and the roll last.

The order is fixed (statutes §1.3a) whatever the order the adjustments are given in. Every
suspended day that is given counts, also one before a restart: which of them the law still
counts is for the rules to say (see deadlines).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.calendar import WorkCalendar


class Unit(StrEnum):
    """What a length counts."""

    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


class Direction(StrEnum):
    """Whether a period runs after its event or is counted back from it."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Roll(StrEnum):
    """What happens when the last day is a rest day."""

    FORWARD = "forward"
    BACK = "back"
    NONE = "none"


class Extend(NamedTuple):
    """A longer period, granted by whoever may grant it."""

    length: int
    unit: Unit


class Suspend(NamedTuple):
    """Days that do not count, the first and the last included."""

    first: date
    last: date


class Restart(NamedTuple):
    """An event from which the whole period runs anew, if it comes before the end."""

    on: date


Adjustment = Extend | Suspend | Restart


class Step(NamedTuple):
    """One line of the working, put into words only when somebody reads it."""

    kind: str
    params: Mapping[str, Any]


class Period(NamedTuple):
    """A length of time from an event; the day of the event itself is not counted (民法典 201)."""

    start: date
    length: int
    unit: Unit = Unit.DAY
    direction: Direction = Direction.FORWARD
    roll: Roll = Roll.FORWARD
    adjust: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The last day of a period (a datetime for hours), how sure it is, and the working."""

    due: date
    raw: date
    provisional: bool
    earliest: date
    latest: date
    steps: tuple[Step, ...]


class _Span(NamedTuple):
    """The expected day with the earliest and latest it can become."""

    due: date
    earliest: date
    latest: date


_HOUR = timedelta(hours=1)


def compute_period(period: Period, calendar: WorkCalendar) -> Result:
    """The last day of a period with its working (民法典 200-204; statutes §1.3a).

    Raises BadInput when the date leaves the calendar or a backward count is adjusted.
    """
    try:
        return _backward(period, calendar) if _is_back(period) else _forward(period, calendar)
    except (OverflowError, ValueError) as error:
        raise BadInput(
            N_("从 %(start)s 起算，结果超出可以表示的日期"),
            code="out_of_range",
            start=period.start.isoformat(),
        ) from error


def _is_back(period: Period) -> bool:
    return period.direction is Direction.BACKWARD


def add(start: date, length: int, unit: Unit, calendar: WorkCalendar) -> date:
    """The day a length after another day, neither extended nor rolled."""
    if unit is Unit.DAY:
        return start + timedelta(length)
    if unit is Unit.WORKING_DAY:
        return calendar.add_working_days(start, length)
    if unit is Unit.HOUR:
        return start + _HOUR * length
    return add_months(start, length * 12 if unit is Unit.YEAR else length)


def add_months(start: date, months: int) -> date:
    """The corresponding day some months on, or that month's last day (民法典 202)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    day = start.day
    if day > 28:
        day = min(day, _month_length(year, month + 1))
    return start.replace(year=year, month=month + 1, day=day)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _forward(period: Period, calendar: WorkCalendar) -> Result:
    start, length, unit, _, roll, adjust = period
    hours = unit is Unit.HOUR
    start = _moment(start) if hours else _day(start)
    steps = [Step("start_hour" if hours else "start", {"start": start})]
    lengths, suspended = [(unit, length)], _NOTHING
    if adjust:
        lengths = _lengths(unit, length, adjust)
        suspended = merge_suspensions(a for a in adjust if isinstance(a, Suspend))
        start = _restarted(period._replace(start=start), lengths, suspended, calendar, steps)
    if lengths[0][1] > length:
        total = lengths[0][1]
        steps.append(Step("total_" + unit, {"base": length, "n": total - length, "total": total}))
    raw = _counted(start, lengths, calendar, steps)
    raw = _excluded(raw, suspended, steps)
    due = raw if hours else _rolled(raw, roll, calendar, steps)
    first = start if start >= raw else start + timedelta(1)
    if calendar.published_between(_day(first), _day(due)):
        steps.append(Step("due", {"day": due}))
        return Result(due, raw, False, due, due, tuple(steps))
    lost = sum((s.last - s.first).days + 1 for s in suspended)
    span = _Span(due, due, due) if hours else _span(start, lengths, lost, roll, due, calendar)
    _provisional(span, _day(first), _day(span.latest), calendar, steps)
    return Result(due, raw, True, span.earliest, span.latest, tuple(steps))


_NOTHING: tuple[Suspend, ...] = ()


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(day: date) -> datetime:
    if isinstance(day, datetime):
        return day
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - office time, as on paper


def _lengths(unit: Unit, length: int, adjust: Iterable[Adjustment]) -> list[tuple[Unit, int]]:
    """The length with its extensions; those of the same unit make one longer length."""
    lengths = [(unit, length)]
    for extension in adjust:
        if isinstance(extension, Extend):
            last_unit, last = lengths[-1]
            if extension.unit is unit:
                lengths[0] = (unit, lengths[0][1] + extension.length)
            elif extension.unit is last_unit:
                lengths[-1] = (last_unit, last + extension.length)
            else:
                lengths.append((extension.unit, extension.length))
    return lengths


def merge_suspensions(spans: Iterable[Suspend]) -> tuple[Suspend, ...]:
    """Suspended spans in order, those that overlap or touch as one: no day counts twice."""
    merged: list[Suspend] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + timedelta(1):
            merged[-1] = Suspend(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def _restarted(
    period: Period,
    lengths: list[tuple[Unit, int]],
    suspended: tuple[Suspend, ...],
    calendar: WorkCalendar,
    steps: list[Step],
) -> date:
    start = period.start
    hours = period.unit is Unit.HOUR
    for restart in sorted(a.on for a in period.adjust if isinstance(a, Restart)):
        on = _moment(restart) if hours else _day(restart)
        end = start
        for unit, length in lengths:
            end = add(end, length, unit, calendar)
        end = _excluded(end, [s for s in suspended if s.first <= _day(on)], [])
        if not hours:
            end = _rolled(end, period.roll, calendar, [])
        if on < start:
            steps.append(Step("restart_early", {"day": on}))
        elif on > end:
            steps.append(Step("restart_late", {"day": on, "end": end}))
        else:
            start = on
            steps.append(Step("restart", {"day": on}))
    return start


def _counted(
    start: date, lengths: list[tuple[Unit, int]], calendar: WorkCalendar, steps: list[Step]
) -> date:
    end = start
    for position, (unit, length) in enumerate(lengths):
        begin, end = end, add(end, length, unit, calendar)
        kind = "add_" if position == 0 else "extend_"
        steps.append(Step(kind + unit, {"n": length, "begin": begin, "end": end}))
        if end.day < begin.day and unit in (Unit.MONTH, Unit.YEAR):
            steps.append(Step("clamped", {"end": end}))
    return end


def _excluded(end: date, suspended: Iterable[Suspend], steps: list[Step]) -> date:
    for span in suspended:
        days = (span.last - span.first).days + 1
        end += timedelta(days)
        steps.append(
            Step("suspend", {"first": span.first, "last": span.last, "n": days, "end": end})
        )
    return end


def _rolled(day: date, roll: Roll, calendar: WorkCalendar, steps: list[Step]) -> date:
    if calendar.is_working(day):
        return day
    name = calendar.rest_name(day)
    if roll is Roll.NONE:
        steps.append(Step("no_roll", {"day": day, "rest": name}))
        return day
    forward = roll is Roll.FORWARD
    end = calendar.roll_forward(day) if forward else calendar.roll_back(day)
    kind = "roll_forward" if forward else "roll_back"
    steps.append(Step(kind, {"day": day, "rest": name, "end": end}))
    return end


def _span(
    start: date,
    lengths: list[tuple[Unit, int]],
    lost: int,
    roll: Roll,
    due: date,
    calendar: WorkCalendar,
) -> _Span:
    """The earliest and latest end, whatever the notices not yet published will say."""
    low = high = start
    for unit, length in lengths:
        if unit is not Unit.WORKING_DAY:
            low, high = add(low, length, unit, calendar), add(high, length, unit, calendar)
        elif length:
            first = calendar.working_day_range(low, length)
            low, high = (
                first[0],
                (first[1] if low == high else calendar.working_day_range(high, length)[1]),
            )
    if lost:
        low, high = low + timedelta(lost), high + timedelta(lost)
    elif lengths[-1][0] is Unit.WORKING_DAY:
        roll = Roll.NONE
    if roll is Roll.FORWARD:
        first = calendar.roll_range(low)
        low, high = first[0], first[1] if low == high else calendar.roll_range(high)[1]
    elif roll is Roll.BACK:
        low = calendar.roll_back_range(low)[0]
    return _Span(due, min(low, due), max(high, due))


def _provisional(
    span: _Span, first: date, last: date, calendar: WorkCalendar, steps: list[Step]
) -> None:
    values = {"earliest": span.earliest, "latest": span.latest}
    steps.append(Step("provisional", {"year": calendar.first_unpublished(first, last), **values}))
    steps.append(Step("due_provisional", {"day": span.due}))


def _backward(period: Period, calendar: WorkCalendar) -> Result:
    start, length, unit, _, roll, adjust = period
    restarts = sorted(a.on for a in adjust if isinstance(a, Restart))
    if len(restarts) < len(adjust):
        raise BadInput(N_("倒数的期间不能延长或中止"), code="backward_adjusted")
    hours = unit is Unit.HOUR
    for moved in restarts[-1:]:
        start = moved
    start = _moment(start) if hours else _day(start)
    steps = [Step("start_hour" if hours else "start_back", {"start": start})]
    raw = _subtract(start, length, unit, calendar)
    steps.append(Step("subtract_" + unit, {"n": length, "begin": start, "end": raw}))
    due = raw
    if not hours and not calendar.is_working(raw):
        before = calendar.roll_back(raw)
        kind = "roll_back" if roll is Roll.BACK else "act_before"
        due = before if roll is Roll.BACK else raw
        steps.append(Step(kind, {"day": raw, "rest": calendar.rest_name(raw), "end": before}))
    last = start if start <= raw else start - timedelta(1)
    if calendar.published_between(_day(due), _day(last)):
        steps.append(Step("due", {"day": due}))
        return Result(due, raw, False, due, due, tuple(steps))
    span = _Span(due, due, due)
    if unit is Unit.WORKING_DAY and length:
        span = _Span(due, *calendar.working_day_back_range(start, length))
    elif roll is Roll.BACK and not hours:
        span = _Span(due, *calendar.roll_back_range(raw))
    _provisional(span, _day(due), _day(last), calendar, steps)
    return Result(due, raw, True, span.earliest, span.latest, tuple(steps))


def _subtract(start: date, length: int, unit: Unit, calendar: WorkCalendar) -> date:
    if unit is Unit.WORKING_DAY:
        return calendar.subtract_working_days(start, length)
    return add(start, -length, unit, calendar)
