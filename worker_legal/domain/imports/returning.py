"""A ledger that went out and comes back: each row is held against the case it was written from.

A row is known by its 案号. What the case says now is written into the very form of the file and
read by the very same checks, so two cells differ only where somebody changed one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.imports import books, check, outgoing
from worker_legal.domain.imports.books import Book, Line
from worker_legal.domain.imports.check import Entry, Person
from worker_legal.domain.imports.reading import ERROR, Finding
from worker_legal.domain.imports.templates import form_of
from worker_legal.domain.permissions import Actor
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.infra.rowsets import batches
from worker_legal.infra.spreadsheets import Sheet, Table
from worker_legal.law.enums import LabelledEnum
from worker_legal.law.money import format_yuan

# the column in which each part of a row stands
COLUMN_OF = {
    "registered_on": "registered_on",
    "channel": "channel",
    "site": "site",
    "kind": "kind",
    "stage": "method",
    "outcome": "result",
    "closed_on": "closed_on",
    "employer": "employer",
    "uscc": "uscc",
    "handler": "handler",
    "story": "story",
    "amount_fen": "amount",
    "settled_fen": "settled",
    "people": "name",
    "injuries": "serial",
}
CHANGED = N_("案号%(case_no)s：系统里是“%(ours)s”，文件里是“%(theirs)s”；请在案件里更正，或改回来")
CHANGED_PEOPLE = N_(
    "案号%(case_no)s：职工的姓名、号码、人数或各人金额和系统里的不同；请在案件里更正"
)
CHANGED_INJURIES = N_("案号%(case_no)s：工伤认定申请和系统里的不同；请在案件里更正")
Place = tuple[str, int]


@dataclass(frozen=True)
class Returned:
    """The rows of a file that are cases already, and what somebody changed in them since."""

    places: frozenset[Place]
    conflicts: tuple[Finding, ...]
    unchanged: int
    # the rows as read, but those whose people went out masked name the people of the case
    entries: list[Entry]


def returned(actor: Actor, book: Book, entries: Sequence[Entry]) -> Returned:
    """Hold the rows with a known 案号 against their cases, cell by cell."""
    numbers = {entry.case_no for entry in entries if entry.case_no}
    ids = _cases(actor, numbers)
    known = [entry for entry in entries if entry.case_no in ids]
    if not known:
        return Returned(frozenset(), (), 0, list(entries))
    ours = {entry.case_no: entry for entry in _as_written(actor, book, list(ids.values()))}
    lines = {(line.sheet, line.number): line for line in book.cases}
    conflicts: list[Finding] = []
    read, unchanged = list(entries), 0
    for index, entry in enumerate(entries):
        if entry.case_no not in ours:
            continue
        read[index] = _legible(entry, ours[entry.case_no])
        line = lines[entry.sheet, entry.row]
        found = _conflicts(line, read[index], ours[entry.case_no])
        conflicts += found
        unchanged += not found
    places = frozenset((entry.sheet, entry.row) for entry in known)
    return Returned(places, tuple(conflicts), unchanged, read)


def _cases(actor: Actor, numbers: Iterable[str]) -> dict[str, int]:
    """The cases with these numbers, of those in sight."""
    wanted = search(actor, CaseFilter()).with_only_columns(Case.case_no, Case.id)
    found: dict[str, int] = {}
    for some in batches(sorted(numbers)):
        rows = db.session.execute(wanted.where(Case.case_no.in_(some)).order_by(None))
        found.update({case_no: case_id for case_no, case_id in rows})
    return found


def _as_written(actor: Actor, book: Book, ids: Sequence[int]) -> list[Entry]:
    """The cases as a row of this very file would tell them now."""
    pages = [form_of(one.heads, one.layout) for one in book.sketches if one.layout.kind != "none"]
    in_order = sa.select(Case.id).where(Case.id.in_(ids)).order_by(Case.registered_on, Case.id)
    made = outgoing.tables(actor, pages, list(db.session.scalars(in_order)), in_clear=True)
    given = {one.head.signature: one.layout for one in book.sketches}
    entries, _findings = check.check(books.read_book([_sheet(table) for table in made], given))
    return entries


def _sheet(table: Table) -> Sheet:
    rows = [["" if cell is None else cell for cell in row] for row in table.rows]
    return Sheet(table.name, [*map(list, table.above), list(table.head), *rows])


def _conflicts(line: Line, theirs: Entry, ours: Entry) -> list[Finding]:
    return [
        _finding(line, name, theirs, ours)
        for name in COLUMN_OF
        if getattr(theirs, name) != getattr(ours, name)
    ]


def _legible(theirs: Entry, ours: Entry) -> Entry:
    """A row that went out masked names the people of the case, and tells its story."""
    if len(theirs.people) != len(ours.people):
        return theirs
    people = tuple(map(_in_clear, theirs.people, ours.people))
    if people == theirs.people:
        return theirs
    return replace(theirs, people=people, story=theirs.story or ours.story)


def _in_clear(theirs: Person, ours: Person) -> Person:
    if check.MASK not in theirs.name + theirs.id_no + theirs.phone:
        return theirs
    own = {name: getattr(ours, name) for name in ("name", "id_no", "id_type", "phone")}
    return replace(theirs, **own)


def _finding(line: Line, name: str, theirs: Entry, ours: Entry) -> Finding:
    texts = {"people": CHANGED_PEOPLE, "injuries": CHANGED_INJURIES}
    values = {"case_no": theirs.case_no}
    if name not in texts:
        values["theirs"], values["ours"] = (_words(name, getattr(e, name)) for e in (theirs, ours))
    column = line.column(COLUMN_OF[name])
    return Finding(line.sheet, line.number, column, ERROR, texts.get(name, CHANGED), values)


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if name.endswith("_fen"):
        return f"{format_yuan(value)}元"
    return value.label if isinstance(value, LabelledEnum) else str(value)
