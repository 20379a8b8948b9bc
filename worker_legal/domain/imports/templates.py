"""The form of an office's own ledger, kept once and filled in whenever it is asked for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.imports import books, layouts, ledgers
from worker_legal.domain.imports.heads import WAN, Head, plain
from worker_legal.domain.imports.layouts import CASES, INJURIES, PER_CASE, ROSTER, Given, Layout
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, db
from worker_legal.infra.spreadsheets import read_workbook

_YEAR = re.compile(r"20\d{2}(?=\s*年|年度)")
_UNIT = re.compile(r"单位[:：]\s*(人民币)?\s*(万元|元)")


class LedgerTemplate(Base):
    """The ledger form of the office, one row: heads and order of its sheets, no case of it."""

    __tablename__ = "ledger_template"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    filename: Mapped[str] = mapped_column(sa.String(200))
    pages: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


@dataclass(frozen=True)
class Page:
    """One sheet of the form: what stands above, its head over one line or two, what goes where."""

    name: str
    title: str
    unit: str
    head: tuple[tuple[str, ...], ...]
    # the meaning of each column from the left; empty for what only the office knows
    fields: tuple[str, ...]
    layout: Layout
    # the sheets of the months where each month has its own
    months: Mapping[int, str]

    def title_of(self, year: int | None) -> str:
        """The title for another year."""
        return _YEAR.sub(str(year), self.title) if year else self.title


def save_template(
    actor: Actor, content: bytes, filename: str, given: Given | None = None
) -> LedgerTemplate:
    """Keep the form of a ledger the office uses; its cases and people are not kept.

    Raises BadInput while its columns must be confirmed first, and for what is no ledger.
    """
    actor.require(Action.IMPORT_LEDGER)
    row = db.session.get(LedgerTemplate, 1) or LedgerTemplate(id=1)
    row.filename, row.pages = filename[:200], [_kept(page) for page in read_pages(content, given)]
    row.saved_at, row.saved_by = clock.now(), actor.user_id
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "save_ledger_template", "ledger_template", 1, sheets=len(row.pages))
    return row


def forget_template(actor: Actor) -> None:
    """Go back to the usual form."""
    actor.require(Action.IMPORT_LEDGER)
    db.session.execute(sa.delete(LedgerTemplate))
    audit.record(actor, "forget_ledger_template", "ledger_template", 1)


def template() -> LedgerTemplate | None:
    """The form of the office, if it gave one."""
    return db.session.get(LedgerTemplate, 1)


def pages() -> list[Page]:
    """The sheets of the office's form, else those of the usual ledger."""
    row = template()
    return [_page(kept) for kept in row.pages] if row else _usual()


def read_pages(content: bytes, given: Given | None = None) -> list[Page]:
    """The form of a ledger file.

    Raises BadInput while its columns must be confirmed first, and for what is no ledger.
    """
    found = layouts.sketch(books.find_heads(read_workbook(content)), given)
    wanted = [one for one in found if one.layout.kind in {CASES, ROSTER, INJURIES}]
    if not any(one.layout.kind == CASES for one in wanted):
        raise BadInput(N_("这个文件里没有找到台账的表头"), field="file")
    if not all(one.is_settled for one in wanted):
        text = N_("这份台账的列还没有对应过，请先在“导入台账”里上传它并确认各列")
        raise BadInput(text, field="file")
    return [form_of(one.heads, one.layout) for one in wanted]


def form_of(heads: tuple[Head, ...], layout: Layout) -> Page:
    """The form of the sheets with one kind of head."""
    head = heads[0]
    rows = head.sheet.rows[head.top : head.below]
    labels = tuple(tuple(str(cell).strip() for cell in row) for row in rows)
    title, unit = _preface(head)
    return Page(
        name=head.sheet.name,
        title=title,
        unit=unit,
        head=labels,
        fields=tuple(layout.columns.get(label, "") for label in head.labels),
        layout=layout,
        months={one.month: one.sheet.name for one in heads if one.month},
    )


def _preface(head: Head) -> tuple[str, str]:
    """The title and the unit; who filled the sheet in is nobody's business."""
    lines = [text for text in head.preface if not plain(text).startswith(books.FOOTERS)]
    title = next((text for text in lines if not _UNIT.search(text)), "")
    return title, f"单位：{WAN}" if head.all_wan else ""


def _usual() -> list[Page]:
    """The ledger as most offices keep it, where none gave a form of its own."""
    kinds = {"接访台账": CASES, "职工名册": ROSTER, "工伤认定申请": INJURIES}
    return [_usual_page(name, kind) for name, kind in kinds.items()]


def _usual_page(name: str, kind: str) -> Page:
    columns = {words[0]: field for field, words in layouts.FIELDS[kind].items() if words}
    labels = {label: field for label, field in columns.items() if field != ledgers.CASE_NO}
    layout = Layout(kind, labels, PER_CASE)
    return Page(name, "", "", (tuple(labels),), tuple(labels.values()), layout, {})


# --- kept -------------------------------------------------------------------------------


def _kept(page: Page) -> dict[str, Any]:
    layout = page.layout
    return {
        "name": page.name,
        "title": page.title,
        "unit": page.unit,
        "head": [list(line) for line in page.head],
        "fields": list(page.fields),
        "kind": layout.kind,
        "rows": layout.rows,
        "wan": sorted(layout.wan),
        "columns": dict(layout.columns),
        "months": {str(month): name for month, name in page.months.items()},
    }


def _page(kept: Mapping[str, Any]) -> Page:
    return Page(
        name=kept["name"],
        title=kept["title"],
        unit=kept["unit"],
        head=tuple(tuple(line) for line in kept["head"]),
        fields=tuple(kept["fields"]),
        layout=Layout(kept["kind"], kept["columns"], kept["rows"], frozenset(kept["wan"])),
        months={int(month): name for month, name in kept["months"].items()},
    )


def words_of(page_list: Iterable[Page]) -> list[tuple[str, str]]:
    """The sheets and the labels of their columns in order, for the screen."""
    return [(page.name, "、".join(_labels(page))) for page in page_list]


def _labels(page: Page) -> list[str]:
    """One label a column: the lower line of the head, else the upper."""
    columns = zip_longest(*reversed(page.head), fillvalue="")
    return [label for column in columns if (label := next(filter(None, column), ""))]
