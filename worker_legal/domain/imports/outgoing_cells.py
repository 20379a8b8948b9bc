"""What stands in each cell of a ledger that goes out, from the case and the worker of the row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from worker_legal.domain.cases.models import Case, CaseParty, Proceeding
from worker_legal.domain.imports import ledgers
from worker_legal.domain.imports.layouts import CASES, INJURIES, PER_WORKER, Layout
from worker_legal.domain.parties import Worker
from worker_legal.domain.parties.models import opened
from worker_legal.law.enums import Gender, Outcome, Stage

AWARDED = frozenset({Stage.ARBITRATION, Stage.LITIGATION})
UNDER_WAY = "办理中"
GENDERS = {gender: word for word, gender in ledgers.GENDERS.items()}
APPLICANTS = {code: word for word, code in ledgers.APPLICANTS.items()}
CONCLUSIONS = {outcome: word for word, outcome in reversed(ledgers.CONCLUSIONS.items())}


@dataclass(frozen=True)
class Injury:
    """One application for recognition: who, and its days."""

    party: CaseParty
    proceeding: Proceeding
    accepted_on: date | None


@dataclass(frozen=True)
class Entry:
    """A case as a ledger tells it: one proceeding, its result, the workers, the injuries."""

    case: Case
    workers: Sequence[CaseParty]
    proceeding: Proceeding | None
    story: str = ""
    injuries: Sequence[Injury] = field(default_factory=tuple)

    @property
    def outcome(self) -> Outcome | None:
        """The result of the proceeding, if it has ended."""
        return self.proceeding.outcome if self.proceeding else None

    @property
    def settled_fen(self) -> int:
        """What was awarded, or agreed."""
        if self.proceeding is not None and self.proceeding.stage in AWARDED:
            return self.proceeding.awarded_fen
        return self.case.agreed_fen


@dataclass(frozen=True)
class Line:
    """One row to be written: a case under its number in the sheet, and a worker of it."""

    entry: Entry
    serial: int
    party: CaseParty | None
    is_first: bool = True
    injury: Injury | None = None

    @property
    def worker(self) -> Worker | None:
        """The person of the row."""
        return self.party.worker if self.party else None


Cells = Mapping[str, Callable[[Line], Any]]


def values_of(layout: Layout) -> Cells:
    """What each field of a kind of sheet says."""
    if layout.kind == CASES:
        return OF_WORKER if layout.rows == PER_WORKER else OF_CASE
    return OF_INJURY if layout.kind == INJURIES else OF_ROSTER


def _sealed(line: Line, column: str) -> str:
    return opened(line.worker, column) if line.worker else ""


def _name(line: Line) -> str:
    return line.worker.name if line.worker else ""


def _gender(line: Line) -> str:
    return GENDERS.get(line.worker.gender if line.worker else Gender.UNKNOWN, "")


def _employer(line: Line) -> str:
    company = line.entry.case.lead_employer
    return company.name if company else ""


def _uscc(line: Line) -> str:
    company = line.entry.case.lead_employer
    return (company.uscc or "") if company else ""


def _handler(line: Line) -> str:
    handler = line.entry.case.handler
    return handler.display_name if handler else ""


def _method(line: Line) -> str:
    return line.entry.proceeding.stage.label if line.entry.proceeding else ""


def _result(line: Line) -> str:
    """The office's word for the result, such as the import reads."""
    proceeding, outcome = line.entry.proceeding, line.entry.outcome
    if proceeding is None or outcome is None:
        return UNDER_WAY
    same = (proceeding.stage, outcome)
    words = [word for (stage, word), found in ledgers.RESULTS.items() if (stage, found) == same]
    return next(iter(words), outcome.label)


def _closed_on(line: Line) -> date | None:
    proceeding = line.entry.proceeding
    return proceeding.concluded_on if proceeding and line.entry.outcome else None


def _settled(line: Line) -> int | None:
    return (line.entry.settled_fen or None) if line.is_first else None


def _claim(line: Line) -> int | None:
    return line.party.claimed_fen if line.party else None


def _injury(line: Line) -> Injury:
    if line.injury is None:
        raise ValueError("a row without an application")
    return line.injury


def _injured_on(line: Line) -> date | None:
    day = _injury(line).proceeding.facts.get("injured_on")
    return date.fromisoformat(day) if day else None


def _applicant(line: Line) -> str:
    return APPLICANTS.get(str(_injury(line).proceeding.facts.get("applicant")), "")


def _conclusion(line: Line) -> str:
    outcome = _injury(line).proceeding.outcome
    return CONCLUSIONS.get(outcome, "") if outcome else ""


PERSON: Cells = {
    "serial": lambda line: line.serial,
    "name": _name,
    "gender": _gender,
    "id_no": lambda line: _sealed(line, "id_no"),
    "phone": lambda line: _sealed(line, "phone"),
}
OF_CASE: Cells = {
    **PERSON,
    ledgers.CASE_NO: lambda line: line.entry.case.case_no,
    "registered_on": lambda line: line.entry.case.registered_on,
    "channel": lambda line: line.entry.case.channel.label,
    "site": lambda line: line.entry.case.site.name,
    "people": lambda line: line.entry.case.worker_count,
    "employer": _employer,
    "uscc": _uscc,
    "kind": lambda line: line.entry.case.dispute_kind.label,
    "story": lambda line: line.entry.story,
    "amount": lambda line: line.entry.case.claimed_fen,
    "method": _method,
    "result": _result,
    "settled": _settled,
    "closed_on": _closed_on,
    "handler": _handler,
}
OF_WORKER: Cells = {**OF_CASE, "amount": _claim}
OF_ROSTER: Cells = {
    **PERSON,
    "amount": _claim,
    "representative": lambda line: "是" if line.party and line.party.is_representative else "",
}
OF_INJURY: Cells = {
    **PERSON,
    "injured_on": _injured_on,
    "filed_on": lambda line: _injury(line).proceeding.filed_on,
    "applicant": _applicant,
    "accepted_on": lambda line: _injury(line).accepted_on,
    "conclusion": _conclusion,
    "concluded_on": lambda line: _injury(line).proceeding.concluded_on,
}
