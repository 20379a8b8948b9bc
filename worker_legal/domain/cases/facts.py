"""The days of a case from which the worker's own limitation periods run."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FactDates:
    """Days from which the worker's own limitation periods run."""

    hired_on: date | None = None
    left_on: date | None = None
    injured_on: date | None = None
    unpaid_from: date | None = None
    unpaid_to: date | None = None
    diagnosed_on: date | None = None
    dispute_known_on: date | None = None
