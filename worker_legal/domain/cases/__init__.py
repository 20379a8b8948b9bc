"""The case: parties, proceedings, events and the dates that follow from them."""

from worker_legal.domain.cases.intake import (
    FactDates,
    NewCase,
    NewParty,
    NewRespondent,
    register,
)
from worker_legal.domain.cases.models import Case, CaseEvent, CaseParty, Deadline, Proceeding

__all__ = [
    "Case",
    "CaseEvent",
    "CaseParty",
    "Deadline",
    "FactDates",
    "NewCase",
    "NewParty",
    "NewRespondent",
    "Proceeding",
    "register",
]
