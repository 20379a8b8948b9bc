"""Sums of money that a worker can claim, each line with its formula, figures and article."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.compensation.annual_leave import annual_leave
from worker_legal.law.compensation.double_wage import double_wage
from worker_legal.law.compensation.fields import FIELDS, Kind
from worker_legal.law.compensation.forms import from_form, label_of, labelled
from worker_legal.law.compensation.injury import injury_benefits
from worker_legal.law.compensation.inputs import read_fields, wrong
from worker_legal.law.compensation.overtime import overtime
from worker_legal.law.compensation.pay_order import pay_order
from worker_legal.law.compensation.probation import illegal_probation
from worker_legal.law.compensation.result import Line, Notice, Result, Sentence
from worker_legal.law.compensation.severance import severance
from worker_legal.law.compensation.sheet import Sheet
from worker_legal.law.compensation.unpaid_wages import unpaid_wages

__all__ = [
    "FIELDS",
    "Kind",
    "Line",
    "Notice",
    "Result",
    "Sentence",
    "calculate",
    "compensation",
    "from_form",
    "label_of",
    "labelled",
]

_CALCULATORS: dict[Kind, Callable[[Mapping[str, Any], Sheet], Result]] = {
    Kind.UNPAID_WAGES: unpaid_wages,
    Kind.OVERTIME: overtime,
    Kind.DOUBLE_WAGE: double_wage,
    Kind.SEVERANCE: severance,
    Kind.ANNUAL_LEAVE: annual_leave,
    Kind.INJURY_BENEFITS: injury_benefits,
    Kind.WITHHELD_PAY_ORDER: pay_order,
    Kind.ILLEGAL_PROBATION: illegal_probation,
}


def calculate(
    kind: str, fields: Mapping[str, object], calendar: WorkCalendar | None = None
) -> Result:
    """Calculate one claim in fen; a wrong input is refused with the name of its field."""
    if kind not in _KINDS:
        raise wrong("kind", N_("%(name)s 应为以下之一：%(kinds)s"), kinds="、".join(_KINDS))
    chosen = _KINDS[kind]
    given = read_fields(FIELDS[chosen], fields)
    return _CALCULATORS[chosen](given, Sheet(given["parameters"], calendar or WorkCalendar()))


_KINDS = {kind.value: kind for kind in Kind}


def compensation(items: Iterable[object]) -> list[dict[str, object]]:
    """Answer each item of a list in its place: the result, or the error that names its field."""
    return [_answer(item) for item in items]


def _answer(item: object) -> dict[str, object]:
    try:
        if not isinstance(item, Mapping):
            raise wrong("item", N_("列表的每一项应为带 kind 的对象"))
        kind = item.get("kind")
        fields = {key: value for key, value in item.items() if key != "kind"}
        return calculate(kind if isinstance(kind, str) else "", fields).as_json()
    except BadInput as refusal:
        return {"error": str(refusal)}
