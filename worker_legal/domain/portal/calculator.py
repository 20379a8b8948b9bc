"""What the public calculators may know of the office: its calendar and its local standards."""

from dataclasses import dataclass
from datetime import date

from worker_legal.domain import holidays, parameters
from worker_legal.infra import clock
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.parameters import Parameter


@dataclass(frozen=True)
class CalculatorBasis:
    """The calendar, the published figures and the day of today; nothing about any case."""

    calendar: WorkCalendar
    figures: tuple[Parameter, ...]
    today: date


def calculator_basis() -> CalculatorBasis:
    """What a worker's calculation without a case rests on."""
    return CalculatorBasis(holidays.work_calendar(), tuple(parameters.known()), clock.today())
