"""The one form of all events: its fields come from the stage's specification."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, SelectMultipleField
from wtforms.fields.choices import Choice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law.stages import FieldKind, FieldSpec
from worker_legal.web.fields import (
    InstantField,
    LegalDateField,
    LongTextField,
    MoneyField,
    RowSelect,
    TextField,
    TokenField,
    TypedField,
    needed,
    not_in_future,
)
from worker_legal.web.forms import BaseForm

YES_NO = (("yes", N_("是")), ("no", N_("否")))


class CodeField(RowSelect):
    """One code of a specification by its Chinese word; the first line means none."""

    def __init__(self, label: Any, spec: FieldSpec, **kwargs: Any):
        super().__init__(label, coerce=str, **kwargs)
        words = [(value, gettext(word)) for value, word in spec.choices or YES_NO]
        first = gettext("请选择") if spec.required else gettext("没有说明")
        self.rows = [("", first), *words]
        self.needs = self.flags.required = spec.required

    def pre_validate(self, form: Any) -> None:
        """One of the codes, in our words."""
        super().pre_validate(form)
        if self.needs and not self.data:
            raise StopValidation(str(self.missing))


class WorkersField(SelectMultipleField):
    """Some workers of the case, by boxes; `data` is a list of their party ids."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, rows: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(label, **kwargs)
        self.rows = rows

    def iter_choices(self) -> list[Choice]:
        """Id, name, whether ticked."""
        ticked = set(self.data or ())
        return [Choice(str(row), name, row in ticked, {}) for row, name in self.rows]

    def process_data(self, value: Any) -> None:
        """Take the ids ticked at first."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the ids that were ticked."""
        known = {str(row): row for row, _ in self.rows}
        self.data = [known.get(text, 0) for text in valuelist]

    def pre_validate(self, form: Any) -> None:
        """Only workers of this case."""
        known = {str(row) for row, _ in self.rows}
        if any(raw not in known for raw in self.raw_data or ()):
            raise StopValidation(gettext("没有这个选项，请重新选择"))


class NumberField(TypedField):
    """A whole number, such as days or a grade."""

    def read(self, text: str) -> int:
        """The number that was typed."""
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise ValueError(gettext("请填写整数"))
        return int(text)


class NotedForm(BaseForm):
    """What the specification asks for, a sealed note, and the name of the filled-in form."""

    note = LongTextField(lazy_gettext("备注"), 4000)
    token = TokenField()

    specs: Sequence[FieldSpec] = ()

    def payload(self) -> dict[str, Any]:
        """The event's own facts as the timeline keeps them: fen, ISO days and instants, codes."""
        return {spec.name: _kept(self[spec.name].data) for spec in self.specs}

    def special(self) -> list[tuple[str, Field]]:
        """The fields of the specification with the way each is shown."""
        return [(spec.kind.value, self[spec.name]) for spec in self.specs]


class EventForm(NotedForm):
    """What happened, and on which day."""

    on = LegalDateField(
        lazy_gettext("哪天"), [needed(), not_in_future], default=lambda: clock.today()
    )


class CorrectionForm(EventForm):
    """An event as it should have been, and why it is corrected."""

    correction = TextField(lazy_gettext("为什么更正"), 200, needs=True)


def event_form(
    specs: Sequence[FieldSpec],
    base: type[NotedForm] = EventForm,
    known: Mapping[str, Any] | None = None,
    **data: Any,
) -> Any:
    """A form for these fields; `known` are facts already kept, `data` values of the base form."""
    fields = {spec.name: _field(spec) for spec in specs}
    made = type("EventFormOfStage", (base,), {**fields, "specs": tuple(specs)})
    shown = {spec.name: _shown(spec, (known or {}).get(spec.name)) for spec in specs}
    return made(data={**shown, **data})


def _field(spec: FieldSpec) -> Any:
    label, help_text = lazy_gettext(spec.label), spec.help and lazy_gettext(spec.help)
    needs = [needed()] if spec.required else []
    extra = {"description": help_text or ""}
    if spec.kind in (FieldKind.CHOICE, FieldKind.YESNO):
        return CodeField(label, spec, **extra)
    if spec.kind is FieldKind.TEXT:
        return TextField(label, 200, needs=spec.required, **extra)
    typed: dict[FieldKind, type[TypedField]] = {
        FieldKind.MONEY: MoneyField,
        FieldKind.DATE: LegalDateField,
        FieldKind.INSTANT: InstantField,
        FieldKind.NUMBER: NumberField,
    }
    return typed[spec.kind](label, needs, **extra)


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _shown(spec: FieldSpec, value: Any) -> Any:
    if isinstance(value, str) and spec.kind is FieldKind.DATE:
        return date.fromisoformat(value)
    if isinstance(value, str) and spec.kind is FieldKind.INSTANT:
        return datetime.fromisoformat(value)
    return value
