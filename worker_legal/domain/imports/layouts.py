"""What the columns of an office's ledger mean: proposed, confirmed once, remembered by the head."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from worker_legal.domain.imports import ledgers
from worker_legal.domain.imports.heads import WAN, Head, base, plain, signature_of
from worker_legal.domain.imports.models import LedgerMapping
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db

CASES, ROSTER, INJURIES, NOTHING = "cases", "roster", "injuries", "none"
PER_CASE, PER_WORKER = "case", "worker"
FEWEST_FOR_A_LEDGER = 4
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CASES: ledgers.CASES,
    ROSTER: ledgers.ROSTER,
    INJURIES: ledgers.INJURIES,
    NOTHING: {},
}
# without these no case can be made, whatever the office confirms
NEEDED: Mapping[str, tuple[str, ...]] = {
    CASES: ("registered_on", "name", "employer"),
    ROSTER: ledgers.ROSTER_NEED,
    INJURIES: ledgers.INJURIES_NEED,
    NOTHING: (),
}
OF_CASES_ONLY = frozenset({"registered_on", "kind", "method", "result", "employer"})
MONEY = ("amount", "settled")
# the column that is added to a ledger that goes out
CASE_NO_LABEL = "案号"


@dataclass(frozen=True)
class Layout:
    """The meaning of one kind of sheet: the field of each label, and how rows are to be read."""

    kind: str
    columns: Mapping[str, str]
    rows: str = PER_CASE
    wan: frozenset[str] = frozenset()

    def missing(self, needed: Sequence[str]) -> list[str]:
        """Which of these fields no column has."""
        return [field for field in needed if field not in self.columns.values()]


@dataclass(frozen=True)
class Sketch:
    """One kind of head in a file with its layout, and whether somebody must confirm it first."""

    heads: tuple[Head, ...]
    layout: Layout
    is_settled: bool

    @property
    def head(self) -> Head:
        """The first sheet with this head."""
        return self.heads[0]


Given = Mapping[str, Layout]


def is_settled(found: Iterable[Sketch]) -> bool:
    """Whether a file can be read without asking anybody what its columns mean."""
    every = list(found)
    has_cases = any(sketch.layout.kind == CASES for sketch in every)
    return has_cases and all(sketch.is_settled for sketch in every)


def sketch(heads: Iterable[Head], given: Given | None = None) -> list[Sketch]:
    """The layout of each kind of head: as given, as learned, else as proposed."""
    groups: dict[str, list[Head]] = {}
    for head in heads:
        groups.setdefault(head.signature, []).append(head)
    bare = {word: _without_number(group[0]) for word, group in groups.items()}
    known = {**learned([*groups, *bare.values()]), **(given or {})}
    return [
        _sketch(tuple(group), known.get(word) or _numbered(known.get(bare[word])))
        for word, group in groups.items()
    ]


def _without_number(head: Head) -> str:
    """What the head was known by before the system added its own column."""
    labels = [label for label in head.labels if label != CASE_NO_LABEL]
    return signature_of(labels, head.all_wan) if len(labels) < len(head.labels) else ""


def _numbered(layout: Layout | None) -> Layout | None:
    """A layout with the column that the system added."""
    if layout is None or ledgers.CASE_NO in layout.columns.values():
        return layout
    return replace(layout, columns={**layout.columns, CASE_NO_LABEL: ledgers.CASE_NO})


def _sketch(heads: tuple[Head, ...], known: Layout | None) -> Sketch:
    if known is not None:
        return Sketch(heads, known, is_settled=True)
    layout = propose(heads[0])
    return Sketch(heads, layout, _speaks_for_itself(heads[0], layout))


def _speaks_for_itself(head: Head, layout: Layout) -> bool:
    """Whether nobody need be asked: all is there, or no strange column is left that may be it."""
    if layout.rows != PER_CASE or layout.missing(NEEDED[layout.kind]):
        return False
    strange = [
        label
        for label in head.labels
        if label and label not in layout.columns and base(label) not in ledgers.UNUSED
    ]
    return layout.kind != CASES or not strange or not layout.missing(ledgers.CASES_NEED)


def propose(head: Head, kind: str = "") -> Layout:
    """What the columns most likely mean, by the words offices use."""
    found = {kind: _columns(head, fields) for kind, fields in FIELDS.items()}
    kind = kind or _kind(found)
    columns = found[kind]
    wan = {field for label, field in columns.items() if field in MONEY and is_wan(head, label)}
    rows = PER_WORKER if kind == CASES and _has_row_per_worker(head, columns) else PER_CASE
    return Layout(kind, columns, rows, frozenset(wan))


def is_wan(head: Head, label: str) -> bool:
    """Whether a column of money is in 万元, by its own words or by the line above the head."""
    text = plain(label)
    return WAN in text or (head.all_wan and "元" not in text)


def _kind(found: Mapping[str, Mapping[str, str]]) -> str:
    injuries = set(found[INJURIES].values())
    if {"filed_on", "name"} <= injuries and injuries & {"conclusion", "injured_on"}:
        return INJURIES
    cases = set(found[CASES].values())
    if set(found[ROSTER].values()) >= {"serial", "name"} and not cases & OF_CASES_ONLY:
        return ROSTER
    return CASES if len(cases) >= FEWEST_FOR_A_LEDGER else NOTHING


def _columns(head: Head, fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    by_base: dict[str, list[str]] = {}
    for label in head.labels:
        if label:
            by_base.setdefault(base(label), []).append(label)
    found: dict[str, str] = {}
    for field, names in fields.items():
        free = (
            label for name in names for label in by_base.get(base(name), []) if label not in found
        )
        for label in free:
            found[label] = field
            break
    return found


def _has_row_per_worker(head: Head, columns: Mapping[str, str]) -> bool:
    """Whether one case goes over several rows: its number again, or left blank, same employer."""
    places = {field: head.labels.index(label) for label, field in columns.items()}
    if "people" in places or not {"serial", "name", "employer"} <= set(places):
        return False
    more, before = 0, ("", "")
    for row in head.sheet.rows[head.below :]:
        serial, name, employer = (
            plain(row[places[field]]) if places[field] < len(row) else ""
            for field in ("serial", "name", "employer")
        )
        if name and serial in {"", before[0]} and employer in {"", before[1]}:
            more += 1
        elif serial:
            before = (serial, employer)
    return more > 0


# --- kept and handed on -----------------------------------------------------------


def learned(signatures: Iterable[str]) -> dict[str, Layout]:
    """The layouts the office confirmed for these heads."""
    rows = sa.select(LedgerMapping).where(LedgerMapping.signature.in_(list(signatures)))
    return {row.signature: layout_from(row.layout) for row in db.session.scalars(rows)}


def remember(actor_id: int | None, head: Head, layout: Layout) -> None:
    """Keep a confirmed layout; the next file with this head is read by it without asking."""
    check_layout(head, layout)
    row = db.session.scalar(
        sa.select(LedgerMapping).where(LedgerMapping.signature == head.signature)
    )
    if row is None:
        row = LedgerMapping(signature=head.signature)
        db.session.add(row)
    row.layout, row.saved_at, row.saved_by = as_json(head, layout), clock.now(), actor_id
    db.session.flush()


def check_layout(head: Head, layout: Layout) -> None:
    """A layout can be read: every needed field has a column, none has two.

    Raises BadInput.
    """
    missing = layout.missing(NEEDED[layout.kind])
    if missing:
        names = "、".join(ledgers.LABELS[field] for field in missing)
        text = N_("“%(sheet)s”还缺%(names)s，请给它们各选一列")
        raise BadInput(text, field="columns", sheet=head.sheet.name, names=names)
    used = list(layout.columns.values())
    twice = next((field for field in used if used.count(field) > 1), None)
    if twice is not None:
        text = N_("“%(sheet)s”里有两列都选了%(name)s，只能留一列")
        name = ledgers.LABELS[twice]
        raise BadInput(text, field="columns", sheet=head.sheet.name, name=name)


def as_json(head: Head, layout: Layout) -> dict[str, Any]:
    """A layout as it is kept and as it stands in a mapping file."""
    return {
        "kind": layout.kind,
        "rows": layout.rows,
        **({"title_unit": WAN} if head.all_wan else {}),
        "columns": [
            {
                "head": label,
                "field": layout.columns.get(label, ""),
                **({"unit": WAN} if layout.columns.get(label, "") in layout.wan else {}),
            }
            for label in head.labels
            if label
        ],
    }


def layout_from(kept: Mapping[str, Any]) -> Layout:
    """A layout read back.

    Raises BadInput for a kind or field that does not exist.
    """
    kind, rows = str(kept["kind"]), str(kept.get("rows", PER_CASE))
    columns = {str(c["head"]): str(c["field"]) for c in kept["columns"] if c.get("field")}
    wan = {str(c["field"]) for c in kept["columns"] if c.get("unit") == WAN}
    if kind not in FIELDS or rows not in {PER_CASE, PER_WORKER}:
        raise BadInput(
            N_("列对应文件里没有“%(word)s”这一种"), field="mapping", word=f"{kind}/{rows}"
        )
    for field in columns.values():
        if field not in FIELDS[kind]:
            text = N_("列对应文件里没有“%(word)s”这一种")
            raise BadInput(text, field="mapping", word=field)
    return Layout(kind, columns, rows, frozenset(wan))
