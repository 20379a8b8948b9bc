"""From what has happened to the dates that follow: facts, rules and calendar in, dues out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from worker_legal.law.arithmetic import (
    Adjustment,
    Direction,
    Extend,
    Period,
    Result,
    Roll,
    Step,
    Suspend,
    Unit,
    compute_period,
    merge_suspensions,
)
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.enums import DeadlineState, EventKind, Stage, Who
from worker_legal.law.facts import Facts, Happening, Scene, Start, day_of, given_day, starts
from worker_legal.law.facts import known_at as _known_at
from worker_legal.law.rules import RULES
from worker_legal.law.rules.row import Excluded, Extension, On, Rule

__all__ = ["Due", "Facts", "Happening", "compute"]


@dataclass(frozen=True, slots=True)
class Due:
    """One date that follows from a rule; due_on None: the law sets none, or the clock rests."""

    rule: Rule
    trigger_ref: str
    proceeding: int | None
    stage: Stage | None
    started_on: date
    due_on: date | None
    due_at: datetime | None
    who: Who
    state: DeadlineState
    met_ref: str
    met_on: date | None
    provisional: bool
    earliest: date | None
    latest: date | None
    act_by: date | None
    paused: bool
    steps: tuple[Step, ...]

    @property
    def rule_code(self) -> str:
        """The code of the rule that set the date."""
        return self.rule.code

    @property
    def rule_version(self) -> int:
        """The version of that rule, chosen by the day the period started."""
        return self.rule.version

    @property
    def label(self) -> str:
        """What is due, in the words of the office."""
        return self.rule.label

    @property
    def optional(self) -> bool:
        """Whether it is a choice of the party (可选) rather than a duty (法定)."""
        return self.rule.optional

    @property
    def informative(self) -> bool:
        """Whether the date only says when something takes effect, with nothing to do."""
        return self.rule.informative

    @property
    def confirmed(self) -> bool:
        """Whether the text of the rule was read in an official text."""
        return self.rule.confirmed


# so many days may the months of an extension be short of their average
_UNEVEN_DAYS = 2


class _Clock(NamedTuple):
    """A period ready to be counted: its effective start, what changes it, how it came so."""

    start: date
    adjust: tuple[Adjustment, ...]
    steps: tuple[Step, ...]
    resting_since: date | None


def compute(
    facts: Facts,
    calendar: WorkCalendar,
    rules: Iterable[Rule] = RULES,
    as_of: date | None = None,
) -> list[Due]:
    """Every date that follows from the facts, in the order of the rules.

    Pure. Whether a date has lapsed is judged only by `as_of`; without it such dates stay open.
    """
    ordered = tuple(sorted(facts.happenings, key=lambda happening: happening.on))
    facts = Facts(facts.dates, facts.flags, ordered)
    known = {happening.kind.value for happening in ordered} | facts.dates.keys()
    return [
        _due(Scene(rule, start, facts), calendar, as_of)
        for rule in rules
        if not known.isdisjoint(rule.started_by)
        for start in starts(rule, facts)
    ]


def _due(scene: Scene, calendar: WorkCalendar, as_of: date | None) -> Due:
    rule, start = scene.rule, scene.start
    met = _met(scene)
    cancelled = next(scene.happenings(rule.cancelled_by), None) or scene.replacement()
    if met and cancelled and cancelled.on < met.on:
        met = None
    clock = _clock(scene, met, calendar)
    resting = clock.resting_since is not None and met is None and cancelled is None
    result = None if rule.length is None or resting else _result(rule, clock, calendar)
    state = _state(result, met, cancelled, as_of)
    return Due(
        rule=rule,
        trigger_ref=start.ref,
        proceeding=start.happening.proceeding if start.happening else None,
        stage=_stage(rule, start),
        started_on=day_of(start.on),
        due_on=day_of(result.due) if result else None,
        due_at=result.due if result and isinstance(result.due, datetime) else None,
        who=_who(scene),
        state=state,
        met_ref=met.ref if met and state is DeadlineState.MET else "",
        met_on=met.on if met and state is DeadlineState.MET else None,
        provisional=bool(result and result.provisional),
        earliest=day_of(result.earliest) if result else None,
        latest=day_of(result.latest) if result else None,
        act_by=_act_by(rule, result, calendar) if result else None,
        paused=resting,
        steps=_steps(scene, clock, result),
    )


def _stage(rule: Rule, start: Start) -> Stage | None:
    if start.happening is not None and start.happening.stage is not None:
        return start.happening.stage
    return rule.stages[0] if rule.stages else None


def _who(scene: Scene) -> Who:
    """Whose move it is: for awards and judgments, of the side that received it."""
    if scene.rule.who_received and scene.start.happening is not None:
        recipient = _known_at(scene.start.happening, scene.facts).get("recipient")
        if recipient in (Who.WORKER, Who.EMPLOYER):
            return Who(recipient)
    return scene.rule.who


def _state(
    result: Result | None, met: Happening | None, cancelled: Happening | None, as_of: date | None
) -> DeadlineState:
    if met is not None:
        return DeadlineState.MET
    if cancelled is not None:
        return DeadlineState.CANCELLED
    if result is not None and as_of is not None and day_of(result.due) < as_of:
        return DeadlineState.LAPSED
    return DeadlineState.OPEN


def _act_by(rule: Rule, result: Result, calendar: WorkCalendar) -> date:
    """The last day on which an office is open for it; reminders count from here."""
    earliest = day_of(result.earliest)
    return calendar.roll_back(earliest) if rule.roll is not Roll.FORWARD else earliest


def _met(scene: Scene) -> Happening | None:
    """The event that did what was due, unless it was taken back later."""
    for happening in scene.happenings(scene.rule.met_by):
        if _taken_back(scene, happening) is None:
            return happening
    return None


def _taken_back(scene: Scene, done: Happening) -> Happening | None:
    for happening in scene.happenings(scene.rule.reopened_by):
        if happening.proceeding == done.proceeding and happening.on >= done.on:
            return happening
    return None


# The clock: what changes it on the way


def _clock(scene: Scene, met: Happening | None, calendar: WorkCalendar) -> _Clock:
    rule = scene.rule
    if rule.direction is Direction.BACKWARD or rule.length is None:
        return _Clock(scene.start.on, (), (), None)
    until = met.on if met else date.max
    extensions = _extensions(scene, until)
    spans, resting_since = _suspensions(scene, until)
    restarts = [
        h for h in scene.happenings((*rule.restarted_by, *rule.reopened_by)) if h.on <= until
    ]
    current, steps = scene.start.on, []
    period = Period(current, rule.length, rule.unit, roll=rule.roll)
    for restart in restarts:
        earlier = _live([s for s in spans if s.first <= restart.on], current)
        end = _end(period._replace(start=current), (*extensions, *earlier), calendar)
        values = {"day": restart.on, "what": restart.kind.label, "end": end}
        if restart.on <= end:
            current = restart.on
        steps.append(Step("restart_by" if restart.on <= end else "restart_late", values))
    adjust: tuple[Adjustment, ...] = extensions
    for span in _live(spans, current):
        if span.first <= _end(period._replace(start=current), adjust, calendar):
            adjust = (*adjust, span)
    return _Clock(current, adjust, tuple(steps), resting_since)


def _live(spans: Iterable[Suspend], start: date) -> list[Suspend]:
    """The suspended days that fall on or after the start of the running period."""
    first = day_of(start)
    return [Suspend(max(s.first, first), s.last) for s in spans if s.last >= first]


def _end(period: Period, adjust: tuple[Adjustment, ...], calendar: WorkCalendar) -> date:
    return day_of(compute_period(period._replace(adjust=adjust), calendar).due)


def _extensions(scene: Scene, until: date) -> tuple[Extend, ...]:
    allowed = scene.rule.extended_by
    if allowed is None:
        return ()
    meant = (scene.rule.code,) if allowed.named else (None, "", scene.rule.code)
    granted = [
        _granted(happening, allowed)
        for happening in scene.happenings((On(EventKind.EXTENDED),))
        if happening.on <= until and happening.data.get("rule") in meant
    ]
    return tuple(granted[:1] if allowed.once else granted)


def _granted(happening: Happening, allowed: Extension) -> Extend:
    """The `days` granted, never more than the statute allows; all it allows if none are named."""
    given = max(int(happening.data.get("days") or 0), 0)
    if allowed.length is None:
        return Extend(given, allowed.unit)
    if not given:
        return Extend(allowed.length, allowed.unit)
    if allowed.unit is not Unit.MONTH:
        return Extend(min(given, allowed.length), allowed.unit)
    whole = given >= allowed.length * 365 // 12 - _UNEVEN_DAYS
    return Extend(allowed.length, Unit.MONTH) if whole else Extend(given, Unit.DAY)


def _suspensions(scene: Scene, until: date) -> tuple[list[Suspend], date | None]:
    """Spans that do not count, and since when the clock rests if nobody has resumed it."""
    spans: list[Suspend] = []
    resting_since: date | None = None
    for pair in scene.rule.excluded:
        begun: date | None = None
        for happening in _pausing(scene, pair):
            if happening.on > until:
                break
            if pair.ends is None:
                spans.append(_fixed_span(happening, pair))
            elif happening.kind is pair.begins:
                begun = begun or happening.on
            elif begun is not None:
                spans.append(Suspend(begun, happening.on))
                begun = None
        resting_since = resting_since or begun
    return list(merge_suspensions(spans)), resting_since


def _pausing(scene: Scene, pair: Excluded) -> list[Happening]:
    """What pauses the clock; a limitation only rests by an event of the case itself."""
    sources = [On(kind) for kind in (pair.begins, pair.ends) if kind is not None]
    found = list(scene.happenings(sources))
    if scene.start.happening is None:
        return [happening for happening in found if happening.proceeding is None]
    return found


def _fixed_span(happening: Happening, pair: Excluded) -> Suspend:
    ends = given_day(happening.data.get("ends_on"))
    return Suspend(happening.on, ends or happening.on + timedelta(pair.days - 1))


# The result and its working


def _result(rule: Rule, clock: _Clock, calendar: WorkCalendar) -> Result:
    period = Period(
        clock.start, rule.length or 0, rule.unit, rule.direction, rule.roll, clock.adjust
    )
    return compute_period(period, calendar)


def _steps(scene: Scene, clock: _Clock, result: Result | None) -> tuple[Step, ...]:
    rule, start = scene.rule, scene.start
    kind = "event_none" if result is None else result.steps[0].kind.replace("start", "event")
    head = (
        Step(kind, {"what": start.label, "day": start.on}),
        Step("basis", {"statute": rule.statute, "article": rule.article}),
        *clock.steps,
    )
    if result is not None:
        return (*head, *result.steps[1:])
    if clock.resting_since is not None:
        return (*head, Step("paused", {"day": clock.resting_since}))
    return (*head, Step("none", {"text": rule.text}))
