"""What the rules may know of a case, and which of its events start or touch a period."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import dropwhile, islice, takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from worker_legal.law.arithmetic import Direction
from worker_legal.law.enums import EventKind, Stage
from worker_legal.law.rules.row import FACT_LABELS, GIVEN_LABELS, Fact, On, Rule, When

NOTHING: Mapping[str, Any] = MappingProxyType({})
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Happening:
    """One dated event of a case, as the rules see it; `ref` leads back to its row."""

    kind: EventKind
    on: date
    stage: Stage | None = None
    ref: str = ""
    proceeding: int | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules may know of a case: its dates, its flags, its events."""

    dates: Mapping[str, date] = field(default_factory=lambda: NOTHING)
    flags: Mapping[str, bool | str] = field(default_factory=lambda: NOTHING)
    happenings: Sequence[Happening] = ()


class Start(NamedTuple):
    """The event or fact that starts one period."""

    on: date
    ref: str
    label: str
    happening: Happening | None


class Scene(NamedTuple):
    """A rule applied to one start, with the case's events in order of date."""

    rule: Rule
    start: Start
    facts: Facts

    @property
    def since(self) -> date:
        """The day from which events can touch the period."""
        if self.start.happening is not None:
            return self.start.happening.on
        back = self.rule.direction is Direction.BACKWARD
        return date.min if back else day_of(self.start.on)

    def happenings(self, sources: Sequence[On]) -> Iterator[Happening]:
        """The events of these kinds that belong to the period and follow its start."""
        is_later = False
        for happening in self.facts.happenings if sources else ():
            is_later = is_later or happening is self.start.happening
            if happening is self.start.happening or happening.on < self.since:
                continue
            fitting = (source for source in sources if is_later or not source.later)
            if any(self._matches(source, happening) for source in fitting):
                yield happening

    def _matches(self, source: On, happening: Happening) -> bool:
        return (
            happening.kind is source.kind
            and same_stage(self.rule, source, happening)
            and self._within_reach(source, happening)
            and (not source.from_day or happening.on >= day_of(self.start.on))
            and holds(source.where, self._known(source, happening), self.facts)
        )

    def _known(self, source: On, happening: Happening) -> Mapping[str, Any]:
        return happening.data if source.later else known_at(happening, self.facts)

    def replacement(self) -> Happening | None:
        """The event that took the place of the start: the next one, unless it replaces another."""
        kind, between = self.rule.replaced_by, 0
        start = self.start.happening
        after = dropwhile(lambda other: other is not start, self.facts.happenings)
        for happening in islice(after, 1, None) if kind and start else ():
            if happening.proceeding != getattr(start, "proceeding", None):
                continue
            if happening.kind is kind and not between:
                return happening
            between += happening.kind in self._starting and happening.kind is not kind
        return None

    @property
    def _starting(self) -> frozenset[EventKind]:
        sources = [source for source in self.rule.trigger if isinstance(source, On)]
        return frozenset(kind for on in sources for kind in (on.kind, on.or_kind) if kind)

    def _within_reach(self, source: On, happening: Happening) -> bool:
        start = self.start.happening
        if source.stage is not None or start is None:
            return True
        return happening.proceeding in (start.proceeding, None)


def day_of(moment: date) -> date:
    """The calendar day of a date or of a time on a clock in China."""
    return moment.date() if isinstance(moment, datetime) else moment


def starts(rule: Rule, facts: Facts) -> list[Start]:
    """The starts of a rule; of several possible triggers the first known one counts."""
    if any(fact in facts.dates for fact in rule.unless_facts):
        return []
    found: list[Start] = []
    for source in rule.trigger:
        taken = {_proceeding(start) for start in found}
        new = (
            _from_fact(rule, source, facts)
            if isinstance(source, Fact)
            else _from_events(rule, source, facts)
        )
        found += [start for start in new if _proceeding(start) not in taken]
    return [start for start in found if rule.in_force(day_of(start.on))]


def _proceeding(start: Start) -> int | None:
    return start.happening.proceeding if start.happening else None


def _from_fact(rule: Rule, fact: Fact, facts: Facts) -> list[Start]:
    on = facts.dates.get(fact.value)
    if on is None or not holds(rule.when, NOTHING, facts):
        return []
    return [Start(on, f"fact:{fact.value}", FACT_LABELS[fact], None)]


def _from_events(rule: Rule, source: On, facts: Facts) -> list[Start]:
    found = []
    for happening in facts.happenings:
        if happening.kind not in (source.kind, source.or_kind):
            continue
        if not same_stage(rule, source, happening):
            continue
        if holds((*source.where, *rule.when), known_at(happening, facts), facts):
            given = given_day(happening.data.get(source.field))
            if source.given and given is None:
                continue
            label = GIVEN_LABELS[source.field] if given else happening.kind.label
            found.append(Start(given or happening.on, happening.ref, label, happening))
    return found


def same_stage(rule: Rule, source: On, happening: Happening) -> bool:
    """Whether an event lies in the stage meant; an event without stage fits an implied one."""
    if source.stage is not None:
        return happening.stage is source.stage
    return happening.stage is None or not rule.stages or happening.stage in rule.stages


def known_at(happening: Happening, facts: Facts) -> Mapping[str, Any]:
    """What was said with an event or earlier in the same proceeding."""
    known: dict[str, Any] = {}
    for earlier in takewhile(lambda other: other is not happening, facts.happenings):
        if happening.proceeding is not None and earlier.proceeding == happening.proceeding:
            known.update(earlier.data)
    return {**known, **happening.data}


def holds(conditions: Iterable[When], known: Mapping[str, Any], facts: Facts) -> bool:
    """Whether every condition is met by what is known of the event, else by the case's flags."""
    for condition in conditions:
        value = known.get(condition.key, facts.flags.get(condition.key))
        if value is None or value == "":
            if not condition.unknown:
                return False
        elif _word(value) not in condition.values:
            return False
    return True


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def given_day(value: object) -> date | None:
    """A day given with an event as date, instant or ISO text; instants in China's time."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value.astimezone(_CHINA) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None
