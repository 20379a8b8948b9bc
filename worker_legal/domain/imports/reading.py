"""Reading the cells of a line: a wrong cell becomes a finding with its place, and reads as None."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal, TypeVar

from worker_legal.domain.imports import cells, ledgers
from worker_legal.domain.imports.books import PER_MONTH, Line
from worker_legal.domain.imports.words import METHOD, Vocabulary
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.enums import Channel, DisputeKind, Outcome, Stage

T = TypeVar("T")
ERROR: Literal["error"] = "error"
WARNING: Literal["warning"] = "warning"
# what a ledger without such a column most likely lists
USUAL: Mapping[str, Any] = {
    "channel": Channel.WALK_IN,
    "kind": DisputeKind.OTHER,
    "method": Stage.CONSULTATION,
}
LONGEST_SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One remark on one cell; errors stop the whole import, warnings do not."""

    sheet: str
    row: int
    column: str
    severity: Literal["error", "warning"]
    text: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reader:
    """Collects findings while the cells are read; a wrong cell reads as None."""

    findings: list[Finding] = field(default_factory=list)
    errors: int = 0
    # the cells that were remarked on: sheet, row, column
    places: set[tuple[str, int, str]] = field(default_factory=set)
    words: Vocabulary = field(default_factory=Vocabulary)

    def find(self, line: Line, name: str, severity: Any, text: str, **params: Any) -> None:
        """Note a remark on one cell."""
        found = Finding(line.sheet, line.number, line.column(name), severity, text, params)
        self.findings.append(found)
        self.errors += severity == ERROR
        self.places.add((found.sheet, found.row, found.column))

    def cell(self, line: Line, name: str, parse: Callable[[Any], T]) -> T | None:
        """Read one cell; what cannot be read is an error with its place."""
        try:
            return parse(line.cells.get(name, ""))
        except BadInput as refused:
            self.find(line, name, ERROR, refused.text, **refused.params)
            return None

    def day(self, line: Line, name: str) -> date | None:
        """Read a day; one without a year is of the year of its sheet."""
        return self.cell(line, name, partial(cells.date_of, year=line.year))

    def fen(self, line: Line, name: str) -> int | None:
        """Read an amount in the unit of its column."""
        return self.cell(line, name, partial(cells.fen_of, wan=name in line.wan))

    def serial(self, line: Line) -> int | None:
        """The number of a row within its year; the order of the rows where there is no column."""
        known = "serial" in line.columns
        own = self.cell(line, "serial", cells.serial_of) if known else line.order
        return None if own is None else own + PER_MONTH * line.month

    def coded(self, line: Line, name: str, missing: str) -> Any:
        """Read a word of the office as one of our codes; a ledger without the column is usual."""
        if name in USUAL and name not in line.columns:
            return USUAL[name]
        text = cells.text_of(line.cells.get(name, ""))
        code = self.words.code(name, text)
        if not text:
            self.find(line, name, ERROR, N_("缺少%(column)s"), column=ledgers.LABELS[name])
        elif code is None:
            self.find(line, name, ERROR, missing, word=text[:LONGEST_SHOWN])
        return code

    def ending(
        self, line: Line, no_service: str, no_result: str
    ) -> tuple[Stage | None, Outcome | None]:
        """Service and result of a row; without a column for the service the result tells both."""
        text = cells.text_of(line.cells.get("result", ""))
        usual: Stage = USUAL[METHOD]
        if METHOD in line.columns:
            stage = self.coded(line, METHOD, no_service)
            found = stage and self.words.outcome(stage, text)
        else:
            stage, found = self.words.ending(text, usual) or (usual, None)
            no_result = N_("看不出“%(word)s”是哪种程序的什么结果")
        if stage is not None and found is None:
            word = text[:LONGEST_SHOWN]
            self.find(line, "result", ERROR, no_result, stage=stage.label, word=word)
        return stage, found if isinstance(found, Outcome) else None

    def has_errors(self) -> bool:
        """Whether anything stops the import."""
        return self.errors > 0
