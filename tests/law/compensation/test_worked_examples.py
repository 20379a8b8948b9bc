"""The table of sums worked by hand: each sum is right in itself, and the calculation agrees."""

import ast
import csv
import json
import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from worker_legal.law.compensation import Kind, Notice, compensation
from worker_legal.law.money import round_half_up

TABLE = Path(__file__).with_name("worked_examples.csv")
OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Sum:
    label: str
    written: str
    amount_fen: int
    confirmed: bool


@dataclass(frozen=True)
class Example:
    name: str
    item: dict[str, Any]
    sums: tuple[Sum, ...]
    total_fen: int
    warnings: set[str]


def read_sum(text: str) -> Sum:
    sure = not text.endswith(" (unconfirmed)")
    label, worked = text.removesuffix(" (unconfirmed)").split(": ")
    written, amount = worked.rsplit(" = ", 1)
    return Sum(label, written, int(amount), sure)


def read_examples() -> list[Example]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Example(
                f"{row['no']} {row['case']}",
                {"kind": row["kind"], **json.loads(row["input"])},
                tuple(map(read_sum, row["sums"].split("\n"))),
                int(row["total_fen"]),
                set(row["warnings"].split()),
            )
            for row in csv.DictReader(file)
        ]


def exact(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.BinOp):
        operation = OPERATIONS[type(node.op)]
        return operation(exact(node.left, text), exact(node.right, text))
    return Fraction(ast.get_source_segment(text, node) or "")


def work_out(written: str) -> int:
    text = written.replace("%", " / 100")
    return round_half_up(exact(ast.parse(text, mode="eval").body, text))


EXAMPLES = read_examples()
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@every_example
def test_the_written_sums_are_right(example: Example) -> None:
    assert [work_out(line.written) for line in example.sums] == [
        line.amount_fen for line in example.sums
    ]


@every_example
def test_the_calculation_agrees_with_the_table(example: Example) -> None:
    answer: Any = compensation([example.item])[0]
    found = (
        tuple((line["label"], line["amount_fen"], line["confirmed"]) for line in answer["lines"]),
        answer["total_fen"],
        {warning.split(": ")[0] for warning in answer["warnings"]},
    )
    lines = tuple((line.label, line.amount_fen, line.confirmed) for line in example.sums)
    assert found == (lines, example.total_fen, example.warnings)


def test_every_kind_has_five_examples() -> None:
    counted = {kind: sum(e.item["kind"] == kind for e in EXAMPLES) for kind in Kind}
    assert min(counted.values()) >= 5


def test_every_warning_has_an_example() -> None:
    shown = set().union(*(example.warnings for example in EXAMPLES))
    assert shown == {notice.value for notice in Notice}


def test_the_whole_table_is_answered_in_its_order() -> None:
    answers = compensation([example.item for example in EXAMPLES])
    assert [answer["total_fen"] for answer in answers] == [e.total_fen for e in EXAMPLES]
