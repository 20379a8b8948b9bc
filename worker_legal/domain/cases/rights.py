"""How long the worker's own rights last, from the first words typed at intake (features D2)."""

from dataclasses import asdict

from worker_legal.domain.cases.facts import FactDates
from worker_legal.domain.holidays import work_calendar
from worker_legal.infra import clock
from worker_legal.law import limitation
from worker_legal.law.enums import DisputeKind
from worker_legal.law.facts import Facts
from worker_legal.law.limitation import Right as Right


def rights(facts: FactDates, kind: DisputeKind) -> list[Right]:
    """The worker's four rights as of today: last day, natural days left, the sum behind it."""
    dates = {name: day for name, day in asdict(facts).items() if day is not None}
    known = Facts(dates=dates, flags={"dispute_kind": kind.value}, happenings=())
    return limitation.radar(known, work_calendar(), clock.today())


def aid_is_urgent(found: list[Right]) -> bool:
    """Whether legal aid may come before its papers: under 7 natural days left (法律援助法 44)."""
    dues = (right.due for right in found if right.due is not None)
    return limitation.urgent_aid(dues, clock.today())


def most_urgent(found: list[Right]) -> Right | None:
    """The right with fewer than 30 natural days left that ends first; lapsed ones are too late."""
    running = [right for right in found if right.hot and (right.days_left or 0) >= 0]
    return min(running, key=lambda right: right.days_left or 0, default=None)
