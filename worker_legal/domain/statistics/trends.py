"""The course of the headline figures by month, and how the books of a period close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import persons, rollup
from worker_legal.domain.statistics.breakdowns import months
from worker_legal.domain.statistics.kept import kept
from worker_legal.domain.statistics.measures import Period, case_count, filed_in, registered_in


@dataclass(frozen=True)
class Trends:
    """Each headline figure month by month, months without anything included."""

    cases: tuple[int, ...]
    people: tuple[int, ...]
    amount_fen: tuple[int, ...]
    received_fen: tuple[int, ...]
    work_injury_people: tuple[int, ...]


@kept
def trends(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Trends:
    """The course of the headline figures; a person counts once in each month."""
    wanted = registered_in(period, site_ids)
    keys = [f"{first:%Y-%m}" for first, _ in months(period)]
    found = rollup.by(actor, wanted, rollup.MONTH)
    rows = rollup.live(actor, wanted, rollup.MONTH) if found is None else found

    def course(found: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(found.get(key, 0) for key in keys)

    return Trends(
        course({key: row.cases for key, row in rows.items()}),
        course(persons.crowd(actor, wanted).by_month),
        course({key: row.amount_fen for key, row in rows.items()}),
        course({key: row.received_fen for key, row in rows.items()}),
        course(persons.crowd(actor, filed_in(period, site_ids)).by_month),
    )


@dataclass(frozen=True)
class Balance:
    """Carried over + received = closed + open (人社统MA1), each with the cases behind it."""

    carried: int
    received: int
    closed: int
    open: int
    behind: dict[str, CaseFilter]

    @property
    def both_sides(self) -> int:
        """The cases that were on the books in the period."""
        return self.carried + self.received


@kept
def balance(actor: Actor, period: Period, site_ids: frozenset[int] | None) -> Balance:
    """The books of a period: what was open before, came in, was closed, and stayed open."""
    behind = {
        "carried": CaseFilter(
            registered_to=period.first - timedelta(days=1),
            open_since=period.first,
            site_ids=site_ids,
        ),
        "received": registered_in(period, site_ids),
        "closed": CaseFilter(
            registered_to=period.last,
            closed_from=period.first,
            closed_to=period.last,
            site_ids=site_ids,
        ),
        "open": CaseFilter(
            registered_to=period.last,
            open_since=period.last + timedelta(days=1),
            site_ids=site_ids,
        ),
    }
    counted = {name: case_count(actor, wanted) for name, wanted in behind.items()}
    return Balance(**counted, behind=behind)
