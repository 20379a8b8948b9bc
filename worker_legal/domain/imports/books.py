"""A ledger file as lines: cases, workers, injuries and totals, each cell under its meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from worker_legal.domain.imports import heads, layouts, ledgers
from worker_legal.domain.imports.heads import Head, plain
from worker_legal.domain.imports.layouts import Given, Layout, Sketch
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.spreadsheets import Sheet

TOTALS = ("合计", "总计")
PARTIAL = ("小计", "累计")
FOOTERS = (
    "填表",
    "制表",
    "审核",
    "审批",
    "统计人",
    "负责人",
    "单位负责人",
    # as `plain` writes them
    "备注:",
    "注:",
    "说明:",
)
LONGEST_TOTAL = 8
# month sheets start again at 1: the month leads the serial, so that a later file agrees
PER_MONTH = 10_000


@dataclass(frozen=True)
class Line:
    """One data row of a sheet: where it stands and its cells by meaning."""

    sheet: str
    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str]
    year: int | None = None
    wan: frozenset[str] = frozenset()
    month: int = 0
    order: int = 0

    def column(self, field: str) -> str:
        """The letter of the column a field was read from."""
        return self.columns.get(field, "")


@dataclass(frozen=True)
class Book:
    """A ledger as found: its lines, its totals rows, and the sketches it was read by."""

    cases: list[Line] = field(default_factory=list)
    roster: list[Line] = field(default_factory=list)
    injuries: list[Line] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)
    sketches: tuple[Sketch, ...] = ()


def find_heads(sheets: Sequence[Sheet]) -> list[Head]:
    """The heads of all sheets that have one.

    Raises BadInput when no sheet has any.
    """
    found = [head for sheet in sheets if (head := heads.find_head(sheet)) is not None]
    if not found:
        _refuse()
    return found


def _refuse() -> None:
    names = "、".join(ledgers.CASES[name][0] for name in ledgers.CASES_NEED)
    raise BadInput(N_("没有找到台账：表头要有%(names)s这几列"), field="file", names=names)


def read_book(sheets: Sequence[Sheet], given: Given | None = None) -> Book:
    """Read every sheet by its layout.

    Raises BadInput while a layout must be confirmed first, and when no sheet is a ledger.
    """
    sketches = layouts.sketch(find_heads(sheets), given)
    for found in sketches:
        if not found.is_settled:
            _ask_for(found)
        layouts.check_layout(found.head, found.layout)
    if all(found.layout.kind != layouts.CASES for found in sketches):
        _refuse()
    book = Book(sketches=tuple(sketches))
    years = [head.year for found in sketches for head in found.heads if head.year]
    for found in sketches:
        for head in found.heads:
            _add(book, head, found.layout, head.year or next(iter(years), None))
    return book


def _ask_for(found: Sketch) -> None:
    needs = ledgers.CASES_NEED if found.layout.kind == layouts.CASES else ()
    names = "、".join(ledgers.CASES[name][0] for name in found.layout.missing(needs))
    text = (
        N_(
            "“%(sheet)s”的列要先对应一次（没有认出%(names)s）：在网页上传后逐列确认，命令用--mapping"
        )
        if names
        else N_("“%(sheet)s”像是一名职工一行，要先确认一次：在网页上传后确认，命令用--mapping")
    )
    raise BadInput(text, field="file", sheet=found.head.sheet.name, names=names)


def _add(book: Book, head: Head, layout: Layout, year: int | None) -> None:
    every = [(line, _total_word(head, line)) for line in _lines(head, layout, year)]
    lines = [line for line, word in every if not word]
    if layout.kind == layouts.ROSTER:
        book.roster.extend(lines)
    elif layout.kind == layouts.INJURIES:
        book.injuries.extend(lines)
    elif layout.kind == layouts.CASES:
        book.totals.extend(line for line, word in every if _is_whole(word))
        if layout.rows == layouts.PER_WORKER:
            lines, workers = _cases_and_workers(lines)
            book.roster.extend(workers)
        book.cases.extend(lines)


def _lines(head: Head, layout: Layout, year: int | None) -> list[Line]:
    places = {
        layout.columns[label]: index
        for index, label in enumerate(head.labels)
        if layout.columns.get(label)
    }
    letters = {name: letter(index) for name, index in places.items()}
    frame = Line(head.sheet.name, 0, {}, letters, year, layout.wan, head.month)
    lines: list[Line] = []
    for index, row in enumerate(head.sheet.rows[head.below :], start=head.below):
        cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if any(str(cell).strip() for cell in cells.values()) and not _is_noise(head, row):
            line = replace(frame, number=index + 1, cells=cells, order=len(lines) + 1)
            lines.append(line)
    return lines


def _is_noise(head: Head, row: Sequence[Any]) -> bool:
    """The head printed again on the next page, or who filled the sheet in."""
    texts = [plain(cell) for cell in row]
    filled = [text for text in texts if text]
    labels = [label for label in head.labels if label]
    again = sum(text == label for text, label in zip(texts, head.labels, strict=False) if text)
    return again * 2 > len(labels) or (len(filled) <= 4 and filled[0].startswith(FOOTERS))


def _total_word(head: Head, line: Line) -> str:
    """What a totals row calls itself; empty for every other row."""
    first = next((t for cell in head.sheet.rows[line.number - 1] if (t := plain(cell))), "")
    is_one = len(first) <= LONGEST_TOTAL and any(word in first for word in (*TOTALS, *PARTIAL))
    return first if is_one else ""


def _is_whole(word: str) -> bool:
    """Whether a totals row adds up its whole sheet, not a part of it or the year so far."""
    return bool(word) and not any(part in word for part in PARTIAL)


def _cases_and_workers(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Rows of one worker each, put together under the serial of their case."""
    cases: dict[str, Line] = {}
    settled: dict[str, list[Any]] = {}
    workers: list[Line] = []
    serial: Any = ""
    for line in lines:
        serial = line.cells.get("serial", "") or serial
        worker = {**line.cells, "serial": serial}
        workers.append(replace(line, cells=worker))
        own = {name: cell for name, cell in worker.items() if name not in {"amount", "people"}}
        cases.setdefault(str(serial), replace(line, cells=own))
        settled.setdefault(str(serial), []).append(line.cells.get("settled", ""))
    whole = [
        replace(line, cells={**line.cells, "settled": tuple(settled[key])})
        for key, line in cases.items()
    ]
    return whole, workers


def letter(index: int) -> str:
    """The letter Excel gives a column, from 0."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
