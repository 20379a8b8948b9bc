"""The books as the office's own ledger: its sheets, its columns, its order.

A last column 案号 is added where the form has none: by it the file is known again when it comes
back (`returning`). Numbers are numbers, days are days, and names are masked unless asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from worker_legal.domain.cases.events import notes_of
from worker_legal.domain.cases.models import (
    Case,
    CaseEvent,
    CaseParty,
    Proceeding,
    ProceedingParty,
)
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.imports import ledgers
from worker_legal.domain.imports.layouts import (
    CASE_NO_LABEL,
    CASES,
    INJURIES,
    MONEY,
    PER_WORKER,
)
from worker_legal.domain.imports.outgoing_cells import Entry, Injury, Line, values_of
from worker_legal.domain.imports.templates import Page
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import db
from worker_legal.infra.rowsets import batches
from worker_legal.infra.spreadsheets import Table
from worker_legal.law.enums import EventKind, Stage
from worker_legal.law.identifiers import mask_id, mask_name, mask_phone

FEN = 100
WAN = 10_000
Step = Callable[[int], None]
WIDTHS = {"story": 40, "employer": 30, "id_no": 22, "uscc": 22, ledgers.CASE_NO: 22, "serial": 7}
USUAL_WIDTH = 13


def tables(
    actor: Actor,
    page_list: Sequence[Page],
    case_ids: Sequence[int],
    step: Step = lambda _done: None,
    in_clear: bool = False,
    mark: str = "",
) -> list[Table]:
    """The sheets of a ledger of these cases as far as they are in sight, oldest first."""
    entries = list(_entries(actor, case_ids, step, in_clear))
    year = entries[0].case.registered_on.year if entries else None
    return [
        _table(page, name, list(numbered), year, in_clear, mark)
        for page in page_list
        for name, numbered in _sheets(page, entries)
    ]


# --- what is told ---------------------------------------------------------------------------


def _entries(actor: Actor, case_ids: Sequence[int], step: Step, in_clear: bool) -> Iterator[Entry]:
    done = 0
    for ids in batches(case_ids):
        query = search(actor, CaseFilter(with_void=True)).where(Case.id.in_(ids))
        cases = db.session.scalars(query.options(*_LOADED).order_by(Case.registered_on, Case.id))
        yield from _told(cases.unique().all(), in_clear)
        done += len(ids)
        step(done)


_LOADED = (
    joinedload(Case.site),
    joinedload(Case.handler),
    joinedload(Case.lead_employer),
    selectinload(Case.proceedings),
    selectinload(Case.parties).joinedload(CaseParty.worker),
)


def _told(cases: Sequence[Case], in_clear: bool) -> Iterator[Entry]:
    ids = [case.id for case in cases]
    events = list(db.session.scalars(sa.select(CaseEvent).where(CaseEvent.case_id.in_(ids))))
    accepted = {e.proceeding_id: e.happened_on for e in events if e.kind is EventKind.ACCEPTED}
    first = [e for e in events if e.kind is EventKind.REGISTERED]
    notes = notes_of(first) if in_clear else {}
    stories = {event.case_id: notes.get(event.id, "") for event in first}
    of_injury = _parties_of_injuries(ids)
    for case in cases:
        workers = [
            party
            for party in case.parties
            if party.worker_id is not None and party.removed_at is None
        ]
        injuries = [
            Injury(party, proceeding, accepted.get(proceeding.id))
            for proceeding in case.proceedings
            if proceeding.stage is Stage.WORK_INJURY
            for party in workers
            if (proceeding.id, party.id) in of_injury
        ]
        yield Entry(case, workers, _main(case), stories.get(case.id, ""), injuries)


def _parties_of_injuries(case_ids: Sequence[int]) -> set[tuple[int, int]]:
    query = (
        sa.select(ProceedingParty.proceeding_id, ProceedingParty.case_party_id)
        .join(Proceeding, Proceeding.id == ProceedingParty.proceeding_id)
        .where(Proceeding.case_id.in_(case_ids), Proceeding.stage == Stage.WORK_INJURY)
    )
    return {(proceeding_id, party_id) for proceeding_id, party_id in db.session.execute(query)}


def _main(case: Case) -> Proceeding | None:
    """The proceeding a ledger tells of: the latest that is no recognition of an injury."""
    others = [each for each in case.proceedings if each.stage is not Stage.WORK_INJURY]
    found = others or case.proceedings
    return found[-1] if found else None


# --- the sheets -----------------------------------------------------------------------------


def _sheets(page: Page, entries: Sequence[Entry]) -> Iterator[tuple[str, Iterator[Line]]]:
    """The name and the rows of each sheet of a page: one, or one a month."""
    by_month = page.layout.kind == CASES and bool(page.months)
    if not by_month:
        yield page.name, _lines(page, list(enumerate(entries, start=1)))
        return
    months: dict[int, list[Entry]] = {}
    for entry in entries:
        months.setdefault(entry.case.registered_on.month, []).append(entry)
    for month, some in sorted(months.items()):
        name = page.months.get(month, f"{month}月")
        yield name, _lines(page, list(enumerate(some, start=1)))


def _lines(page: Page, numbered: Sequence[tuple[int, Entry]]) -> Iterator[Line]:
    for serial, entry in numbered:
        if page.layout.kind == CASES and page.layout.rows != PER_WORKER:
            yield Line(entry, serial, _leading(entry))
        elif page.layout.kind == INJURIES:
            for injury in entry.injuries:
                yield Line(entry, serial, injury.party, injury=injury)
        elif page.layout.kind == CASES or len(entry.workers) > 1:
            for index, party in enumerate(entry.workers):
                yield Line(entry, serial, party, is_first=index == 0)


def _leading(entry: Entry) -> CaseParty | None:
    leads = [party for party in entry.workers if party.worker_id == entry.case.lead_worker_id]
    return next(iter([*leads, *entry.workers]), None)


def _table(
    page: Page, name: str, lines: Sequence[Line], year: int | None, in_clear: bool, mark: str
) -> Table:
    fields, head = _with_case_no(page)
    titles = [[text] for text in (page.title_of(year), page.unit) if text]
    return Table(
        name=name,
        head=head[-1],
        rows=[_row(line, fields, page, in_clear) for line in lines],
        money=frozenset(index for index, word in enumerate(fields) if word in MONEY),
        widths=[WIDTHS.get(word, USUAL_WIDTH) for word in fields],
        title=mark,
        foot=mark,
        above=[*titles, *head[:-1]],
    )


def _with_case_no(page: Page) -> tuple[list[str], list[list[str]]]:
    """The fields and the lines of the head, with a column for the number of the case at the end."""
    width = max(len(page.fields), *(len(line) for line in page.head))
    fields = [*page.fields, *[""] * (width - len(page.fields))]
    head = [[*line, *[""] * (width - len(line))] for line in page.head]
    if page.layout.kind == CASES and ledgers.CASE_NO not in fields:
        fields.append(ledgers.CASE_NO)
        for number, line in enumerate(head):
            line.append("" if number else CASE_NO_LABEL)
    return fields, head


def _row(line: Line, fields: Iterable[str], page: Page, in_clear: bool) -> list[Any]:
    values = values_of(page.layout)
    return [
        _money(values[name](line), name in page.layout.wan)
        if name in MONEY
        else _masked(name, values[name](line), in_clear)
        if name in values
        else ""
        for name in fields
    ]


def _money(fen: int | None, wan: bool) -> float | str:
    return "" if fen is None else fen / (FEN * WAN) if wan else fen / FEN


def _masked(name: str, value: Any, in_clear: bool) -> Any:
    mask = MASKS.get(name)
    return value if in_clear or mask is None else mask(value)


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_no": mask_id,
    "phone": mask_phone,
}
