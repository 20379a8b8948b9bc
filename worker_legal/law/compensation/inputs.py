"""Reading of a calculation's input: exact types, ranges, and the wrong field named."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.compensation.fields import FIRST_DAY, LAST_DAY, Field, FieldType
from worker_legal.law.enums import LabelledEnum
from worker_legal.law.money import MAX_FEN

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")


def wrong(field: str, sentence: str, **params: Any) -> BadInput:
    """The refusal of one field; the sentence has a place %(name)s, shown as months[0].due_fen."""
    shown = re.sub(r"-([0-9]+)", r"[\1]", field).replace("-", ".")
    return BadInput(sentence, field=field, **{"name": shown, **params})


def read_fields(fields: Sequence[Field], raw: object, prefix: str = "") -> dict[str, Any]:
    """Read an object of these fields; a nested field is named like "months-0-due_fen"."""
    if not isinstance(raw, Mapping):
        raise wrong(prefix.rstrip("-"), N_("%(name)s 应为对象"))
    known = {field.name for field in fields}
    for key in raw:
        if key not in known:
            raise wrong(f"{prefix}{key}", N_("%(name)s 不是这项计算的输入项"), name=_legible(key))
    return {field.name: _read(field, raw.get(field.name), prefix) for field in fields}


def _read(field: Field, raw: object, prefix: str) -> Any:
    name = f"{prefix}{field.name}"
    if raw is None:
        if field.required:
            raise wrong(name, N_("缺少 %(name)s"))
        if field.default is None:
            return None
        raw = {} if field.type is FieldType.GROUP else field.default
    return _READERS[field.type](field, raw, name)


def _read_fen(field: Field, raw: object, name: str) -> int:
    if type(raw) is not int or raw < 0:
        raise wrong(name, N_("%(name)s 应为不小于零的整数（分）"))
    _check_range(field, raw, name)
    return raw


def _read_int(field: Field, raw: object, name: str) -> int:
    if type(raw) is not int:
        raise wrong(name, N_("%(name)s 应为整数"))
    _check_range(field, raw, name)
    return raw


def _check_range(field: Field, value: int | Fraction, name: str) -> None:
    if field.above is not None and value <= field.above:
        raise wrong(name, N_("%(name)s 应大于 %(bound)s"), bound=field.above)
    if field.least is not None and value < field.least:
        raise wrong(name, N_("%(name)s 不能小于 %(bound)s"), bound=field.least)
    if field.most is not None and value > field.most:
        raise wrong(name, N_("%(name)s 不能大于 %(bound)s"), bound=field.most)


def _read_bool(field: Field, raw: object, name: str) -> bool:
    if not isinstance(raw, bool):
        raise wrong(name, N_("%(name)s 应为 true 或 false"))
    return raw


def _read_text(field: Field, raw: object, name: str) -> str:
    if not isinstance(raw, str):
        raise wrong(name, N_("%(name)s 应为文字"))
    return _legible(raw)


def _legible(text: object) -> str:
    """The text with halves of broken characters written out, so that it can be printed."""
    return str(text).encode("utf-8", "backslashreplace").decode()


def _read_date(field: Field, raw: object, name: str) -> date:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise wrong(name, N_("%(name)s 应为日期，格式 2026-03-31"))
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise wrong(name, N_("%(name)s 不是真实的日期")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise wrong(name, N_("%(name)s 应在1950年至2100年之间"))
    return day


def _read_month(field: Field, raw: object, name: str) -> str:
    if not isinstance(raw, str) or not _MONTH.fullmatch(raw):
        raise wrong(name, N_("%(name)s 应为月份，格式 2026-03"))
    if not FIRST_DAY.year <= int(raw[:4]) <= LAST_DAY.year:
        raise wrong(name, N_("%(name)s 应在1950年至2100年之间"))
    return raw


def _read_decimal(field: Field, raw: object, name: str) -> Fraction:
    if not isinstance(raw, str) or not _DECIMAL.fullmatch(raw):
        raise wrong(name, N_('%(name)s 应为带引号的数字，最多两位小数，例如 "3.5"'))
    value = Fraction(raw)
    _check_range(field, value, name)
    if field.step is not None and value % field.step:
        raise wrong(name, N_("%(name)s 应为半天的整倍数"))
    return value


def _read_choice(field: Field, raw: object, name: str) -> Any:
    choices: Iterable[LabelledEnum] = field.choices or ()
    members = {member.value: member for member in choices}
    if not isinstance(raw, str) or raw not in members:
        raise wrong(name, N_("%(name)s 应为以下之一：%(choices)s"), choices="、".join(members))
    return members[raw]


def _read_fen_list(field: Field, raw: object, name: str) -> tuple[int, ...]:
    values = _read_list(field, raw, name)
    for value in values:
        if type(value) is not int or not 0 <= value <= MAX_FEN:
            raise wrong(name, N_("%(name)s 的每一项应为不小于零的整数（分）"))
    return tuple(values)


def _read_rows(field: Field, raw: object, name: str) -> tuple[dict[str, Any], ...]:
    rows = _read_list(field, raw, name)
    return tuple(read_fields(field.inner, row, f"{name}-{i}-") for i, row in enumerate(rows))


def _read_list(field: Field, raw: object, name: str) -> Sequence[Any]:
    if not isinstance(raw, list | tuple):
        raise wrong(name, N_("%(name)s 应为列表"))
    if len(raw) < (field.least or 0):
        raise wrong(name, N_("%(name)s 不能为空"))
    if field.most is not None and len(raw) > field.most:
        raise wrong(name, N_("%(name)s 最多 %(bound)s 项"), bound=field.most)
    return raw


def _read_group(field: Field, raw: object, name: str) -> dict[str, Any]:
    return read_fields(field.inner, raw, f"{name}-")


_READERS: dict[FieldType, Callable[[Field, Any, str], Any]] = {
    FieldType.FEN: _read_fen,
    FieldType.DATE: _read_date,
    FieldType.MONTH: _read_month,
    FieldType.DECIMAL: _read_decimal,
    FieldType.INT: _read_int,
    FieldType.BOOL: _read_bool,
    FieldType.TEXT: _read_text,
    FieldType.CHOICE: _read_choice,
    FieldType.FEN_LIST: _read_fen_list,
    FieldType.ROWS: _read_rows,
    FieldType.GROUP: _read_group,
}
