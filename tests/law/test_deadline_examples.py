"""The examples that lawyers review: rule, facts, expected date, why, source."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from worker_legal.law import commands
from worker_legal.law.rules import RULES

TABLE = Path(__file__).with_name("deadline_examples.csv")
with TABLE.open(encoding="utf-8", newline="") as _file:
    EXAMPLES = list(csv.DictReader(_file))


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{n}-{row['rule']}" for n, row in enumerate(EXAMPLES, 2)]
)
def test_example(example: dict[str, str]) -> None:
    found = [
        answer["due"] or "none"
        for answer in commands.due(json.loads(example["facts"]))
        if answer["rule"] == example["rule"]
    ]
    assert found == [example["expected"]], example["why"]


def test_every_explanation_ends_in_its_date() -> None:
    answers = [a for e in EXAMPLES for a in commands.due(json.loads(e["facts"])) if a["due"]]
    assert [a["rule"] for a in answers if not a["steps"][-1].endswith(a["due"])] == []


def test_every_rule_has_two_examples() -> None:
    counted = Counter(example["rule"] for example in EXAMPLES)
    assert [rule.code for rule in RULES if counted[rule.code] < 2] == []


def test_every_version_of_a_rule_has_an_example() -> None:
    used = {
        (answer["rule"], answer["version"])
        for example in EXAMPLES
        for answer in commands.due(json.loads(example["facts"]))
    }
    assert {(rule.code, rule.version) for rule in RULES} - used == set()


def test_there_are_two_hundred_examples() -> None:
    assert len(EXAMPLES) >= 200


def test_every_example_says_why_and_from_where() -> None:
    assert [row for row in EXAMPLES if not row["why"].strip() or not row["source"].strip()] == []


@pytest.mark.parametrize(
    ("what", "first", "last"),
    [
        ("Spring Festival 2026", "2026-02-15", "2026-02-24"),
        ("National Day 2026", "2026-10-01", "2026-10-08"),
        ("make-up Saturday", "2026-02-28", "2026-02-28"),
        ("make-up Sunday", "2026-09-20", "2026-09-20"),
        ("a year not published", "2027-01-01", "2027-12-31"),
    ],
)
def test_the_examples_end_on_the_difficult_days(what: str, first: str, last: str) -> None:
    ends = [date.fromisoformat(e["expected"][:10]) for e in EXAMPLES if e["expected"] != "none"]
    between = [d for d in ends if date.fromisoformat(first) <= d <= date.fromisoformat(last)]
    assert len(between) >= 2, what
