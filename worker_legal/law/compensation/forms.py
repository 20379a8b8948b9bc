"""Between a typed form and a calculation: texts to inputs, keys to labels.

A form posts one text per field under its key; fields of rows and groups are named
"months-0-due_fen" and "parameters-source", lists of amounts come one amount to a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from worker_legal.law.compensation.fields import FIELDS, Field, FieldType, Kind
from worker_legal.law.money import parse_yuan

_SHOWN_ROW = re.compile(r"\w+\[(?P<row>[0-9]+)\]\.(?P<key>\w+)")


def from_form(kind: Kind, values: Mapping[str, str]) -> dict[str, object]:
    """The input of a calculation from the texts of its form; blank fields and rows are left out."""
    return _read(FIELDS[kind], values, "")


def _read(fields: Sequence[Field], values: Mapping[str, str], prefix: str) -> dict[str, object]:
    read = {field.name: _value(field, values, f"{prefix}{field.name}") for field in fields}
    return {name: value for name, value in read.items() if value is not None}


def _value(field: Field, values: Mapping[str, str], name: str) -> object:
    if field.type is FieldType.GROUP:
        return _read(field.inner, values, f"{name}-")
    if field.type is FieldType.ROWS:
        return [row for row in _rows(field, values, name) if row] or None
    text = unicodedata.normalize("NFKC", values.get(name, "")).strip()
    if field.type is FieldType.BOOL:
        return bool(text)
    return _typed(field.type, text, name) if text else None


def _rows(field: Field, values: Mapping[str, str], name: str) -> Iterator[dict[str, object]]:
    named = (re.match(rf"{name}-([0-9]{{1,4}})-", key) for key in values)
    for number in sorted({int(found[1]) for found in named if found}):
        yield _read(field.inner, values, f"{name}-{number}-")


def _typed(kind: FieldType, text: str, name: str) -> object:
    if kind is FieldType.FEN:
        return parse_yuan(text, name)
    if kind is FieldType.FEN_LIST:
        return [parse_yuan(part, name) for part in re.split(r"[\s、;]+", text) if part]
    if kind is FieldType.INT and re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    return text


def label_of(kind: Kind, name: str) -> str:
    """The label of a field by its key or its name in the form; the name itself if unknown."""
    key = name.rsplit("-", 1)[-1]
    parent = name.split("-", 1)[0]
    fields = [(top, inner) for top in FIELDS[kind] for inner in (top, *top.inner)]
    found = [(top.name == parent, field.label) for top, field in fields if field.name == key]
    return max(found, key=lambda pair: pair[0], default=(False, name))[1]


def labelled(
    kind: Kind, params: Mapping[str, object], translate: Callable[[str], str] = str
) -> dict[str, object]:
    """The parameters of a refusal or warning with labels in place of keys, for people to read."""
    return {
        name: "、".join(_label(kind, part, translate) for part in value.split("、"))
        if isinstance(value, str)
        else value
        for name, value in params.items()
    }


def _label(kind: Kind, shown: str, translate: Callable[[str], str]) -> str:
    row = _SHOWN_ROW.fullmatch(shown)
    if row:
        path = re.sub(r"\[([0-9]+)\]\.", r"-\1-", shown)
        return f"{translate(label_of(kind, path))} {int(row['row']) + 1}"
    key = shown.replace(".", "-")
    label = label_of(kind, key)
    return shown if label == key else translate(label)
