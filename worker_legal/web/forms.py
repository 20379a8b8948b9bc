"""Forms: CSRF, version, and the one way in which a refusal of the domain reaches its field."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import render_template
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import Field, FieldList, FormField, HiddenField

from worker_legal.errors import StaleEdit, WorkerLegalError
from worker_legal.infra.db import transaction
from worker_legal.web.refusals import sentence

SHOWN_IN_FORM = frozenset({409, 422})
TRIES = 3


class BaseForm(FlaskForm):
    """A form with CSRF and the version of the row it was opened on; `status` is the page's."""

    version = HiddenField(default="")
    status = 200
    form_errors: list[str]

    @property
    def row_version(self) -> int:
        """The version of the row when the page was made; 0 when the page did not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape; text that no database can keep is refused before anything else."""
        self.form_errors = []
        good = bool(super().validate(extra_validators))
        for field in leaves(self):
            if any("\x00" in raw for raw in _typed(field)):
                add_error(field, gettext("这一项里有不能保存的字符，请重新输入"))
                good = False
        self._mark_rows()
        return good

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form came in and every field has the right shape."""
        if not self.is_submitted():
            return False
        good = self.validate(extra_validators)
        self.status = 200 if good else 422
        return good

    def refuse(self, text: str, field: str | None = None) -> None:
        """Show a sentence at a field, or above the form when it belongs to none."""
        target = find_field(self, field) if field else None
        if target is None:
            self.form_errors = [*self.form_errors, text]
        else:
            add_error(target, text)
            self._mark_rows()
        self.status = 422

    def _mark_rows(self) -> None:
        # rows show the errors of their cells
        for field in self:
            if isinstance(field, FieldList):
                field.errors = [entry.errors for entry in field.entries if entry.errors]


def submit(form: BaseForm, call: Callable[[], Any]) -> Any | None:
    """Run one domain call in one transaction when the form came in and is well shaped.

    Gives what the call gives (True for nothing). None means: show the page again, with
    `form.status`; the refusal stands at the field the domain named, everything typed is kept.
    Rows loaded before are stale then: load them again before rendering.
    """
    if not form.validate_on_submit():
        return None
    refusal = None
    try:
        done = _run(call)
    except WorkerLegalError as error:
        if error.status not in SHOWN_IN_FORM:
            raise
        refusal = error
    if refusal is None:
        return True if done is None else done
    form.refuse(sentence(refusal), refusal.field)
    form.status = 409 if isinstance(refusal, StaleEdit) else refusal.status
    return None


def page(template: str, form: BaseForm, **context: Any) -> tuple[str, int]:
    """The page of a form, with the status its state asks for (200, 409 or 422)."""
    return render_template(template, form=form, **context), form.status


def leaves(form: Any) -> Iterator[Field]:
    """Every field that holds a value, inside rows and nested forms too."""
    for field in form:
        if isinstance(field, FormField):
            yield from leaves(field.form)
        elif isinstance(field, FieldList):
            yield from leaves(field.entries)
        else:
            yield field


def find_field(form: BaseForm, name: str) -> Field | None:
    """The field with this name, as `left_on` or `workers-2-id_no`."""
    for field in (*leaves(form), *form):
        if field.name == name:
            return field
    return None


def add_error(field: Field, text: str) -> None:
    """Put a sentence at a field, once."""
    if text not in field.errors:
        field.errors = [*field.errors, text]


def _run(call: Callable[[], Any]) -> Any:
    # Two clerks may add the same worker or employer in one instant: the loser tries again and
    # finds the row of the winner. Nothing of a failed try remains (threats K2, K3).
    for left in reversed(range(TRIES)):
        try:
            with transaction():
                return call()
        except IntegrityError:
            if not left:
                raise
    return None


def _typed(field: Field) -> list[str]:
    return [raw for raw in (field.raw_data or []) if isinstance(raw, str)]
