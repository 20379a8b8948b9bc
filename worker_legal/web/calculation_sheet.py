"""The sheet of a calculation: kept as plain values, shown in the language of the page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from worker_legal.law.compensation import Kind, Line, Sentence, label_of, labelled
from worker_legal.law.compensation.fields import Field, FieldType
from worker_legal.law.compensation.standards import GROUP, own_fields, standard_fields
from worker_legal.law.money import format_yuan, parse_yuan
from worker_legal.law.parameters import Parameter, ParameterCode, ParameterUnit
from worker_legal.web.calculation import Answer


@dataclass(frozen=True)
class Standard:
    """A local standard that was used: what, how much, where from, whether checked."""

    name: str
    value: str
    source: str
    confirmed: bool


@dataclass(frozen=True)
class ShownLine:
    """One sum with how it was made and on what it rests."""

    label: str
    amount_fen: int
    steps: Sequence[str]
    standards: Sequence[Standard]
    article: str
    confirmed: bool


@dataclass(frozen=True)
class Sheet:
    """A calculation as a page or a paper shows it."""

    kind: Kind
    total_fen: int
    lines: Sequence[ShownLine]
    warnings: Sequence[str]
    inputs: Sequence[tuple[str, str]]
    on: date
    place: str

    @property
    def confirmed(self) -> bool:
        """Whether every line rests on checked rules and standards."""
        return all(line.confirmed for line in self.lines)


def record_of(answer: Answer) -> dict[str, Any]:
    """Everything that has to be kept so that the sheet never needs to be computed again."""
    return {
        "kind": answer.kind.value,
        "total_fen": answer.result.total_fen,
        "lines": [_kept_line(line) for line in answer.result.lines],
        "warnings": [_kept(sentence) for _, sentence in answer.result.warnings],
        "standards": {key: _kept_figure(row) for key, row in answer.picked.items()},
        "typed": dict(answer.typed),
        "texts": {name: text for name, text in answer.texts.items() if text.strip()},
        "on": answer.on.isoformat(),
        "place": answer.place,
    }


def sheet_of(record: Mapping[str, Any]) -> Sheet:
    """A kept calculation in the language of the page."""
    kind = Kind(record["kind"])
    return Sheet(
        kind=kind,
        total_fen=record["total_fen"],
        lines=[_shown_line(kind, line, record) for line in record["lines"]],
        warnings=[_said(kind, sentence) for sentence in record["warnings"]],
        inputs=list(_inputs(kind, record["texts"])),
        on=date.fromisoformat(record["on"]),
        place=record["place"],
    )


def figure_text(value: int, unit: ParameterUnit) -> str:
    """A published figure with its unit: 2,265.00 元/月, 75.81 年."""
    return f"{format_yuan(value)} {gettext(unit.label)}"


def _kept(sentence: Sentence) -> list[Any]:
    plain = {
        name: value if isinstance(value, int) else str(value)
        for name, value in sentence.params.items()
    }
    return [sentence.text, plain]


def _kept_line(line: Line) -> dict[str, Any]:
    return {
        "label": _kept(line.label),
        "amount_fen": line.amount_fen,
        "formula": [_kept(step) for step in line.formula],
        "parameters": dict(line.parameters),
        "article": line.article,
        "confirmed": line.confirmed,
    }


def _kept_figure(row: Parameter) -> dict[str, Any]:
    return {
        "code": row.code.value,
        "place": row.place,
        "valid_from": row.valid_from.isoformat(),
        "value": row.value,
        "unit": row.unit.value,
        "document": row.document,
        "confirmed": row.confirmed,
    }


def _said(kind: Kind, kept: Sequence[Any]) -> str:
    text, params = kept
    return gettext(text) % labelled(kind, params, gettext)


def _shown_line(kind: Kind, line: Mapping[str, Any], record: Mapping[str, Any]) -> ShownLine:
    known = [spec for spec in standard_fields(kind) if spec.name in line["parameters"]]
    used = [_standard(kind, spec, record) for spec in known if spec.name != "source"]
    return ShownLine(
        label=_said(kind, line["label"]),
        amount_fen=line["amount_fen"],
        steps=[_said(kind, step) for step in line["formula"]],
        standards=used,
        article=gettext(line["article"]),
        confirmed=line["confirmed"],
    )


def _standard(kind: Kind, spec: Field, record: Mapping[str, Any]) -> Standard:
    row = record["standards"].get(spec.name)
    if row is None:
        return _typed_standard(kind, spec, record)
    day = gettext("%(day)s起", day=row["valid_from"])
    return Standard(
        name=gettext(ParameterCode(row["code"]).label),
        value=figure_text(row["value"], ParameterUnit(row["unit"])),
        source=" ".join([row["place"], day, row["document"]]),
        confirmed=row["confirmed"],
    )


def _typed_standard(kind: Kind, spec: Field, record: Mapping[str, Any]) -> Standard:
    value = record["typed"].get(spec.name, "")
    texts = record["texts"]
    return Standard(
        name=gettext(label_of(kind, f"{GROUP}-{spec.name}")),
        value=format_yuan(value) if spec.type is FieldType.FEN else str(value),
        source=texts.get(f"{GROUP}-source") or gettext("本次填写"),
        confirmed=f"{GROUP}-confirmed" in texts,
    )


def _inputs(kind: Kind, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What was typed, by its words, in the order of the form."""
    for spec in own_fields(kind):
        if spec.type is FieldType.ROWS:
            yield from _row_inputs(spec, texts)
        elif spec.type is FieldType.BOOL:
            yield gettext(spec.label), gettext("是") if spec.name in texts else gettext("否")
        elif spec.name in texts:
            yield gettext(spec.label), _input_text(spec, texts[spec.name])


def _row_inputs(spec: Field, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    number = 0
    while any(name.startswith(f"{spec.name}-{number}-") for name in texts):
        named = [(each, texts.get(f"{spec.name}-{number}-{each.name}", "")) for each in spec.inner]
        cells = [
            gettext("%(word)s %(text)s", word=gettext(each.label), text=_input_text(each, text))
            for each, text in named
            if text
        ]
        yield f"{gettext(spec.label)} {number + 1}", gettext("，").join(cells)
        number += 1


def _input_text(spec: Field, text: str) -> str:
    if spec.type is FieldType.CHOICE and spec.choices is not None:
        words = {member.value: gettext(member.label) for member in spec.choices}
        return words.get(text, text)
    if spec.type is FieldType.FEN:
        return format_yuan(parse_yuan(text))
    if spec.type is FieldType.FEN_LIST:
        parts = [part for part in re.split(r"[\s、;；]+", text) if part]
        return gettext("、").join(format_yuan(parse_yuan(part)) for part in parts)
    return text
