"""The form on which the office says what the words of its ledger mean, one choice per word."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from worker_legal.domain import imports
from worker_legal.domain.imports import Asked, Key
from worker_legal.domain.imports.ledgers import LABELS
from worker_legal.law.enums import Stage
from worker_legal.web import forms

MOST_WORDS = 100


def form_of(asked: Sequence[Asked]) -> Any:
    """A form with one choice per word; what a word may be is chosen already, for a person to check.

    Fields go by the order of the words themselves, whatever has been answered meanwhile.
    """
    fields = {
        f"word_{number}": SelectField(one.key.word, choices=_choices(one.key), default=one.guess)
        for number, one in enumerate(_in_order(asked))
    }
    return type("WordsForm", (forms.BaseForm,), fields)()


def _in_order(asked: Sequence[Asked]) -> list[Asked]:
    return sorted(asked, key=lambda one: one.key)


def _choices(key: Key) -> list[SelectChoice]:
    known = [
        SelectChoice(code, f"{gettext(service)}·{gettext(name)}" if service else gettext(name))
        for code, name, service in imports.choices(key)
    ]
    return [SelectChoice("", gettext("请选择")), *known]


def chosen(form: Any, asked: Sequence[Asked]) -> dict[Key, str]:
    """What a person chose for each word that was on the page; a guess nobody saw is no choice."""
    fields = ((one.key, form[f"word_{number}"]) for number, one in enumerate(_in_order(asked)))
    return {key: field.data for key, field in fields if field.raw_data}


def rows_of(form: Any, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """What the page shows of each word, strange ones first."""
    numbers = {one.key: number for number, one in enumerate(_in_order(asked))}
    return [
        {
            "word": one.key.word,
            "column": _column(one.key),
            "rows": one.rows,
            "is_strange": not one.code,
            "is_guess": bool(one.guess) and not one.code,
            "field": form[f"word_{numbers[one.key]}"],
        }
        for one in asked[:MOST_WORDS]
    ]


def _column(key: Key) -> str:
    column = gettext(LABELS[key.field])
    return f"{column}（{gettext(Stage(key.stage).label)}）" if key.stage else column
