"""One calculator for every kind, for staff and workers: its form is made of the law's fields."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, SelectField

from worker_legal.errors import BadInput, NotFound
from worker_legal.i18n import N_
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.compensation import FIELDS, Kind, Result, calculate, from_form, labelled
from worker_legal.law.compensation.fields import Field, FieldType
from worker_legal.law.compensation.standards import (
    ABOUT,
    GROUP,
    USED,
    day_of_standards,
    own_fields,
    pick_standards,
    standard_fields,
    with_standards,
)
from worker_legal.law.enums import Gender
from worker_legal.law.parameters import Parameter, Situation, nearest_first
from worker_legal.web.fields import (
    EnumSelect,
    LegalDateField,
    LongTextField,
    TextField,
    needed,
    read_day,
)
from worker_legal.web.forms import BaseForm, leaves

ROWS_SHOWN = 3
MOST_ROWS = 400
ADD = "add-"
_NUMBERS = (FieldType.FEN, FieldType.DECIMAL)
_ROW = re.compile(r"(\w+)-([0-9]{1,6})-(\w+)")
WHAT_FOR = {
    Kind.UNPAID_WAGES: lazy_gettext("逐月算出还差多少工资"),
    Kind.OVERTIME: lazy_gettext("工作日、休息日、法定节假日分别计算"),
    Kind.DOUBLE_WAGE: lazy_gettext("没有签书面合同，第二个月起每月再付一倍，最多十一个月"),
    Kind.SEVERANCE: lazy_gettext("被辞退、合同到期或单位有过错而离职，N、N+1 或 2N"),
    Kind.ANNUAL_LEAVE: lazy_gettext("当年应休而没有休的年休假"),
    Kind.INJURY_BENEFITS: lazy_gettext("按伤残等级计算一次性和按月的待遇，含福建的补助金"),
    Kind.WITHHELD_PAY_ORDER: lazy_gettext("劳动监察责令支付后仍不付的，加付五成到一倍"),
    Kind.ILLEGAL_PROBATION: lazy_gettext("试用期约定超过法律规定的部分"),
}
_DAY_WORDS = {Kind.INJURY_BENEFITS: lazy_gettext("受伤日期")}


@dataclass(frozen=True)
class Basis:
    """What the office knows: its calendar, its local standards, and the day of today."""

    calendar: WorkCalendar
    figures: Sequence[Parameter]
    today: date

    @property
    def places(self) -> list[str]:
        """The places with standards of their own, the province before its cities."""
        names = {figure.place for figure in self.figures}
        return sorted(names, key=lambda place: (len(place), place))


@dataclass(frozen=True)
class Answer:
    """A result with everything it rests on: what was typed, which standards, of which day."""

    kind: Kind
    result: Result
    texts: Mapping[str, str]
    on: date
    place: str
    picked: Mapping[str, Parameter] = field(default_factory=dict)
    typed: Mapping[str, object] = field(default_factory=dict)


class CalculatorForm(BaseForm):
    """The form of one kind; `texts` is what came in, empty rows left out."""

    kind: Kind
    texts: Mapping[str, str] = {}  # noqa: RUF012 - replaced for each form

    @property
    def parts(self) -> list[tuple[str, Any]]:
        """The fields of the calculation itself, each with its type."""
        return [(each.type.value, self[each.name]) for each in own_fields(self.kind)]

    @property
    def standards(self) -> list[tuple[str, Any]]:
        """The fields by which local standards are overridden, each with its type."""
        return [
            (each.type.value, self[f"{GROUP}-{each.name}"]) for each in standard_fields(self.kind)
        ]

    def columns(self, rows: Any) -> list[tuple[str, str, str]]:
        """The columns of a table of rows: name, word, class."""
        spec = self._spec(rows)
        return [
            (each.name, gettext(each.label), "num" if each.type in _NUMBERS else "")
            for each in spec.inner
        ]

    def hints(self, rows: Any) -> list[str]:
        """What has to be said about the columns of a table of rows."""
        said = [each for each in self._spec(rows).inner if each.help]
        return [
            gettext("%(word)s：%(text)s", word=gettext(each.label), text=gettext(each.help))
            for each in said
        ]

    def cells(self, rows: Any, entry: Any) -> list[tuple[str, Any]]:
        """The fields of one row, each with its type."""
        return [(each.type.value, entry.form[each.name]) for each in self._spec(rows).inner]

    def _spec(self, rows: Any) -> Field:
        return next(each for each in own_fields(self.kind) if each.name == rows.name)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every refusal with the id of its field, those of the whole form first."""
        found = [("", text) for text in getattr(self, "form_errors", ())]
        return found + [(each.id, str(text)) for each in leaves(self) for text in each.errors]

    @property
    def overridden(self) -> bool:
        """Whether a standard was typed, or is wrong."""
        return any(part.data or part.errors for _, part in self.standards)

    @property
    def wants_row(self) -> str:
        """The rows to which one more was asked for without scripts."""
        rows = (part.name for shape, part in self.parts if shape == "rows")
        return next((name for name in rows if f"{ADD}{name}" in request.form), "")


def kind_of(word: str) -> Kind:
    """The kind an address names.

    Raises NotFound.
    """
    found = next((kind for kind in Kind if kind.value == word), None)
    if found is None:
        raise NotFound(N_("没有这种计算"))
    return found


def make_form(
    kind: Kind,
    basis: Basis,
    start: Mapping[str, Any] | None = None,
    rows: int = ROWS_SHOWN,
) -> CalculatorForm:
    """The form of a kind, with what was sent, or else with what is known already."""
    made = _form_class(kind, basis, rows)
    if request.method != "POST":
        form: CalculatorForm = made(formdata=None, data={**_defaults(kind, basis), **(start or {})})
    else:
        sent = _compacted(request.form)
        form = made(formdata=sent)
        form.texts = {name: text for name, text in sent.items() if name != "csrf_token"}
        if form.wants_row:
            form[form.wants_row].append_entry()
    _mark_optional(form)
    return form


def _form_class(kind: Kind, basis: Basis, rows: int) -> Any:
    members: dict[str, Any] = {each.name: _made(each, rows) for each in own_fields(kind)}
    members |= {f"{GROUP}-{each.name}": _made(each) for each in standard_fields(kind)}
    if USED[kind]:
        members["standard_on"] = LegalDateField(_DAY_WORDS.get(kind, lazy_gettext("按哪天的标准")))
        members["place"] = SelectField(
            lazy_gettext("地区"), choices=basis.places, validate_choice=False
        )
    if kind is Kind.INJURY_BENEFITS:
        members["gender"] = EnumSelect(
            lazy_gettext("性别"), only=reversed(Gender), default=Gender.UNKNOWN
        )
    return type("CalculatorFormOfKind", (CalculatorForm,), {**members, "kind": kind})


def _mark_optional(form: CalculatorForm) -> None:
    """What may stay empty says so; a cell of a row may when its row does not need it."""
    specs = {each.name: each for each in own_fields(form.kind)}
    for shape, part in [*form.parts, *form.standards]:
        if shape == "rows":
            for entry in part:
                for cell in specs[part.name].inner:
                    entry.form[cell.name].flags.optional = not cell.required
        elif shape != "bool":
            part.flags.optional = not part.flags.required


def compute(form: CalculatorForm, basis: Basis) -> Answer | None:
    """The answer to what was sent, or None with the refusal at its field and all typing kept."""
    if form.wants_row or not form.validate_on_submit():
        return None
    if any(len(part) > MOST_ROWS for shape, part in form.parts if shape == "rows"):
        form.refuse(gettext("最多%(n)s行，请分几次计算", n=MOST_ROWS))
        return None
    try:
        return _compute(form, basis)
    except BadInput as refusal:
        params = labelled(form.kind, refusal.params, gettext)
        text = gettext(refusal.text)
        form.refuse(text % params if params else text, _place_of(form, refusal.field))
        return None


def _compute(form: CalculatorForm, basis: Basis) -> Answer:
    kind = form.kind
    given = from_form(kind, dict(_readable(kind, form.texts)))
    on = form.standard_on.data if "standard_on" in form else None
    on = on or day_of_standards(kind, given) or basis.today
    place = form.place.data if "place" in form else ""
    picked: dict[str, Parameter] = {}
    group: Any = given.pop(GROUP, None) or {}
    typed = {name: value for name, value in group.items() if name not in ABOUT}
    if USED[kind]:
        where = nearest_first(place, basis.places)
        gender = form.gender.data if "gender" in form else Gender.UNKNOWN
        grade = given.get("grade")
        situation = Situation(where, on, gender, grade if isinstance(grade, int) else None)
        picked = pick_standards(kind, given, basis.figures, situation)
        given, picked = with_standards({**given, GROUP: group}, picked)
    result = calculate(kind.value, given, basis.calendar)
    return Answer(kind, result, form.texts, on, place, picked, typed)


def _place_of(form: CalculatorForm, name: str | None) -> str | None:
    """The field at which a refusal is shown; one of a whole list stands at its first cell."""
    if name and name in form and isinstance(form[name], FieldList):
        return str(next(iter(form[name].entries[0].form)).name)
    return name


def _made(spec: Field, rows: int = ROWS_SHOWN, in_row: bool = False) -> Any:
    label, words = lazy_gettext(spec.label), {"description": lazy_gettext(spec.help)}
    words = words if spec.help else {}
    if spec.type is FieldType.ROWS:
        cells = {each.name: _made(each, in_row=True) for each in spec.inner}
        row = type("RowForm", (Form,), cells)
        return FieldList(FormField(row), label, min_entries=rows, **words)
    if spec.type is FieldType.BOOL:
        return BooleanField(label, **words)
    needs = spec.required and not in_row
    if spec.type is FieldType.CHOICE:
        first = lazy_gettext("请选择") if needs else lazy_gettext("不填")
        return EnumSelect(
            label, spec.choices, first, validators=[needed()] if needs else [], **words
        )
    if spec.type is FieldType.FEN_LIST:
        return LongTextField(label, 400, needs=needs, **words)
    return TextField(label, 120 if spec.type is FieldType.TEXT else 40, needs=needs, **words)


def _defaults(kind: Kind, basis: Basis) -> dict[str, Any]:
    plain = (bool, int, str)
    start = {s.name: s.default for s in own_fields(kind) if isinstance(s.default, plain)}
    blank = {name for name, value in start.items() if value in (0, "0") and value is not False}
    return {
        **{k: v for k, v in start.items() if k not in blank},
        "place": (basis.places or [""])[-1],
    }


def _compacted(sent: Any) -> "MultiDict[str, str]":
    """What was sent with the empty rows left out, the others numbered from nought."""
    rows: dict[str, dict[int, list[tuple[str, str]]]] = {}
    kept: MultiDict[str, str] = MultiDict()
    for name, text in sent.items(multi=True):
        found = _ROW.fullmatch(name)
        if found is None:
            kept.add(name, text)
        else:
            cells = rows.setdefault(found[1], {}).setdefault(int(found[2]), [])
            cells.append((found[3], text))
    for name, numbered in rows.items():
        filled = [row for _, row in sorted(numbered.items()) if any(t.strip() for _, t in row)]
        for number, row in enumerate(filled):
            kept.update({f"{name}-{number}-{key}": text for key, text in row})
    return kept


def _readable(kind: Kind, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Days and months as the law reads them, however they were typed."""
    types = {each.name: each.type for each in FIELDS[kind]}
    types |= {f"{top.name}-{each.name}": each.type for top in FIELDS[kind] for each in top.inner}
    for name, text in texts.items():
        found = _ROW.fullmatch(name)
        shape = types.get(f"{found[1]}-{found[3]}" if found else name)
        if shape is FieldType.DATE:
            yield name, _day(text, text)
        elif shape is FieldType.MONTH:
            yield name, _month(text)
        else:
            yield name, text


def _day(text: str, otherwise: str) -> str:
    try:
        return read_day(text).isoformat()
    except ValueError:
        return otherwise


def _month(text: str) -> str:
    bare = text.strip().removesuffix("月")
    glue = "" if bare.isdigit() else "-"
    day = _day(f"{bare}{glue}01", "")
    return day[:7] if day else text
