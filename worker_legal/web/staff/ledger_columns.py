"""The form on which the columns of a ledger are confirmed, one choice per column."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from worker_legal.domain import imports
from worker_legal.domain.imports import Layout, Sketch, cells, layouts
from worker_legal.domain.imports.heads import WAN
from worker_legal.domain.imports.ledgers import LABELS
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.web import forms

KINDS = {
    layouts.CASES: N_("接访台账"),
    layouts.ROSTER: N_("职工名册"),
    layouts.INJURIES: N_("工伤认定申请"),
    layouts.NOTHING: N_("不导入这张表"),
}
ROWS = {layouts.PER_CASE: N_("一起案件一行"), layouts.PER_WORKER: N_("一名职工一行")}
YUAN = "元"
LONGEST_SAMPLE = 24
LONG_NUMBER = re.compile(r"(\d{3})[\d\s-]{6,}([\dXx]{2})")


def form_of(found: list[Sketch]) -> Any:
    """A form with one choice per sheet and per column."""
    fields: dict[str, Any] = {}
    for number, sketch in enumerate(found):
        layout = _start(sketch)
        fields[f"kind_{number}"] = _choice(gettext("这张表是"), KINDS, sketch.layout.kind)
        fields[f"rows_{number}"] = _choice(gettext("表里"), ROWS, sketch.layout.rows)
        for index, label in enumerate(sketch.head.labels):
            if label:
                chosen = layout.columns.get(label, "")
                fields[f"field_{number}_{index}"] = SelectField(
                    label, choices=_fields(), default=chosen
                )
                unit = WAN if _is_wan(sketch, layout, label) else YUAN
                fields[f"unit_{number}_{index}"] = SelectField(
                    gettext("单位"), choices=[SelectChoice(YUAN), SelectChoice(WAN)], default=unit
                )
    return type("ColumnsForm", (forms.BaseForm,), fields)()


def _start(sketch: Sketch) -> Layout:
    """What to start from: for a sheet nobody recognised, what it would be as a ledger."""
    if sketch.layout.kind == layouts.NOTHING:
        return layouts.propose(sketch.head, layouts.CASES)
    return sketch.layout


def _is_wan(sketch: Sketch, layout: Layout, label: str) -> bool:
    name = layout.columns.get(label, "")
    return name in layout.wan if name in layouts.MONEY else layouts.is_wan(sketch.head, label)


def _choice(label: str, words: Mapping[str, str], chosen: str) -> SelectField:
    choices = [SelectChoice(value, gettext(text)) for value, text in words.items()]
    return SelectField(label, choices=choices, default=chosen)


def _fields() -> list[SelectChoice]:
    """Every field, under the kind of sheet that first has it."""
    choices = [SelectChoice("", gettext("不导入"), optgroup=gettext("其他"))]
    seen: set[str] = set()
    for kind, names in layouts.FIELDS.items():
        group = gettext(KINDS[kind])
        new = [name for name in names if name not in seen]
        choices += [SelectChoice(name, gettext(LABELS[name]), optgroup=group) for name in new]
        seen.update(names)
    return choices


def chosen(form: Any, found: list[Sketch]) -> dict[str, Layout]:
    """The layouts a person chose, by the signature of their heads."""
    return {sketch.head.signature: _layout(form, n, sketch) for n, sketch in enumerate(found)}


def _layout(form: Any, number: int, sketch: Sketch) -> Layout:
    kind = form[f"kind_{number}"].data
    columns, wan = {}, set()
    for index, label in enumerate(sketch.head.labels):
        name = form[f"field_{number}_{index}"].data if label else ""
        if not name or kind == layouts.NOTHING:
            continue
        if name not in layouts.FIELDS[kind]:
            text = N_("%(kind)s里没有“%(name)s”，请改选或不导入")
            named = {"kind": KINDS[kind], "name": LABELS[name]}
            raise BadInput(text, field=f"field_{number}_{index}", **named)
        columns[label] = name
        if name in layouts.MONEY and form[f"unit_{number}_{index}"].data == WAN:
            wan.add(name)
    rows = form[f"rows_{number}"].data if kind == layouts.CASES else layouts.PER_CASE
    return Layout(kind, columns, rows, frozenset(wan))


def sheets_of(form: Any, found: list[Sketch]) -> list[dict[str, Any]]:
    """What the page shows of each sheet."""
    return [_sheet(form, number, sketch) for number, sketch in enumerate(found)]


def told(sketch: Sketch) -> tuple[str, str]:
    """A sheet and, in words, what of it is read; what is not read is named."""
    name = "、".join(head.sheet.name for head in sketch.heads)
    if sketch.layout.kind == layouts.NOTHING:
        return name, gettext("不导入")
    unread = [label for label in sketch.head.labels if label and label not in sketch.layout.columns]
    kind = gettext(KINDS[sketch.layout.kind])
    if not unread:
        return name, gettext("%(kind)s，每一列都导入", kind=kind)
    return name, gettext("%(kind)s，不导入的列：%(names)s", kind=kind, names="、".join(unread))


def _sheet(form: Any, number: int, sketch: Sketch) -> dict[str, Any]:
    head = sketch.head
    columns = [
        {
            "letter": imports.letter(index),
            "label": label,
            "samples": [_sample(value) for value in head.samples(index)],
            "field": form[f"field_{number}_{index}"],
            "unit": form[f"unit_{number}_{index}"] if _asks_unit(sketch, index, label) else None,
        }
        for index, label in enumerate(head.labels)
        if label
    ]
    return {
        "name": "、".join(one.sheet.name for one in sketch.heads),
        "row": head.top + 1,
        "kind": form[f"kind_{number}"],
        "rows": form[f"rows_{number}"],
        "columns": columns,
        "is_settled": sketch.is_settled,
    }


def _asks_unit(sketch: Sketch, index: int, label: str) -> bool:
    """Amounts have a unit, and so may a column of numbers that nobody has recognised."""
    name = _start(sketch).columns.get(label, "")
    if name:
        return name in layouts.MONEY
    return cells.may_be_money(sketch.head.samples(index))


def _sample(value: Any) -> str:
    """A value as an example; long numbers may be a person's and are shown by their ends only."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return LONG_NUMBER.sub(r"\1…\2", cells.text_of(value))[:LONGEST_SAMPLE]
