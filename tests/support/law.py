"""Happenings and dues in one line, for the tests of the law engine."""

from datetime import date
from typing import Any

from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Due, Facts, Happening, compute
from worker_legal.law.enums import EventKind as E
from worker_legal.law.enums import Stage

CALENDAR = WorkCalendar()
ARBITRATION = 1


def on(
    kind: E,
    day: str,
    stage: Stage | None = Stage.ARBITRATION,
    proceeding: int | None = ARBITRATION,
    ref: str = "",
    **data: Any,
) -> Happening:
    return Happening(kind, date.fromisoformat(day), stage, ref, proceeding, data)


def dues(
    *happenings: Happening,
    as_of: str = "",
    flags: dict[str, bool | str] | None = None,
    **dates: str,
) -> dict[str, list[Due]]:
    facts = Facts(
        {name: date.fromisoformat(day) for name, day in dates.items()}, flags or {}, happenings
    )
    today = date.fromisoformat(as_of) if as_of else None
    found: dict[str, list[Due]] = {}
    for due in compute(facts, CALENDAR, as_of=today):
        found.setdefault(due.rule_code, []).append(due)
    return found


def only(code: str, *happenings: Happening, **rest: Any) -> Due:
    (due,) = dues(*happenings, **rest)[code]
    return due
