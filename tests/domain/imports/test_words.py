"""The words in a ledger's cells: known ones, those asked for once, and what is never guessed."""

import json
from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support import ledgers
from tests.support.office_ledgers import with_words_of_its_own
from worker_legal.domain import imports
from worker_legal.domain.imports import Key, words
from worker_legal.domain.imports.words import OPEN, Vocabulary
from worker_legal.domain.permissions import Actor
from worker_legal.errors import BadInput
from worker_legal.infra.db import db
from worker_legal.infra.spreadsheets import Sheet
from worker_legal.law.enums import Channel, DisputeKind, Outcome, Stage

SYSTEM = Actor.system("tests")
KIND = Key("kind", "", "二倍工资")
RESULT = Key("result", "mediation", "成功履行")
TOLD = {KIND: "contract", RESULT: "agreed"}
STRANGE = {"纠纷类型": "二倍工资", "办理方式": "调解", "办理结果": "成功 履行。"}


def _preview(*rows: Mapping[str, object]) -> imports.Preview:
    return imports.preview(SYSTEM, ledgers.small(*rows))


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("kind", "劳动报酬", DisputeKind.PAY),
        ("kind", "追索劳动报酬纠纷", DisputeKind.PAY),
        ("kind", " 工伤 赔偿 ", DisputeKind.WORK_INJURY),
        ("channel", "１２３４５热线", Channel.CITY_HOTLINE),
        ("method", "劳动仲裁", Stage.ARBITRATION),
        ("kind", "二倍工资", None),
        ("kind", "", None),
    ],
)
def test_words_of_every_office_are_known(field: str, word: str, code: object) -> None:
    assert Vocabulary().code(field, word) is code


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("调解成功", (Stage.MEDIATION, Outcome.AGREED)),
        ("未达成协议", (Stage.MEDIATION, Outcome.FAILED)),
        ("仲裁裁决", (Stage.ARBITRATION, Outcome.AWARDED)),
        ("撤诉", (Stage.CONSULTATION, Outcome.WITHDRAWN)),
        ("办理中", (Stage.CONSULTATION, OPEN)),
        ("调解", None),
    ],
)
def test_without_a_column_for_the_service_the_result_tells_both(word: str, found: object) -> None:
    """What ends several services, as 调解 does arbitration and litigation, is asked for."""
    assert Vocabulary().ending(word, Stage.CONSULTATION) == found


def test_a_strange_word_stops_the_import_and_is_asked_for_once(app: Flask) -> None:
    found = _preview(STRANGE, STRANGE, {})
    assert found.has_errors
    assert {one.key: (one.rows, one.code) for one in found.words} == {
        KIND: (2, ""),
        RESULT: (2, ""),
    }
    words.teach(SYSTEM, TOLD)
    found = _preview(STRANGE, STRANGE, {})
    assert not found.has_errors
    assert {(entry.kind, entry.outcome) for entry in found.entries[:2]} == {
        (DisputeKind.CONTRACT, Outcome.AGREED)
    }
    assert {one.key: one.code for one in found.words} == TOLD


def test_a_guess_is_offered_and_not_taken(app: Flask) -> None:
    found = _preview({"办理方式": "调解", "办理结果": "没有达成协议"})
    assert found.has_errors
    assert [one.guess for one in found.words] == ["agreed"]


def test_a_long_text_is_never_kept_as_a_word(app: Flask) -> None:
    found = _preview({"办理结果": "经调解，张三与公司就工资一事达成了一致的意见并当场付清"})
    assert found.has_errors
    assert found.words == ()


def test_a_word_that_was_told_wrongly_can_be_told_again_and_forgotten(app: Flask) -> None:
    words.teach(SYSTEM, TOLD)
    words.teach(SYSTEM, {KIND: "pay"})
    assert words.taught()[KIND] == "pay"
    words.teach(SYSTEM, {KIND: "", RESULT: ""})
    assert words.taught() == {}


@pytest.mark.parametrize(
    ("key", "code"), [(KIND, "agreed"), (RESULT, "awarded"), (RESULT, "mediation:agreed")]
)
def test_a_meaning_its_column_does_not_have_is_refused(app: Flask, key: Key, code: str) -> None:
    with pytest.raises(BadInput):
        words.teach(SYSTEM, {key: code})


def test_words_without_a_service_are_told_with_it(app: Flask) -> None:
    head = ["序号", "登记日期", "姓名", "用人单位", "案由", "调解结果"]
    row = ["1", "2022-03-01", "甲", "示例一制造有限公司", "欠薪", "双方签字"]
    content = ledgers.saved([Sheet("一", [head, row])])
    [asked] = imports.preview(SYSTEM, content).words
    assert asked.key == Key("result", "", "双方签字")
    words.teach(SYSTEM, {asked.key: "mediation:agreed"})
    [entry] = imports.preview(SYSTEM, content).entries
    assert (entry.stage, entry.outcome) == (Stage.MEDIATION, Outcome.AGREED)
    words.teach(SYSTEM, {asked.key: OPEN})
    [entry] = imports.preview(SYSTEM, content).entries
    assert (entry.stage, entry.outcome) == (Stage.CONSULTATION, None)


def test_a_mapping_file_carries_words_and_an_import_by_it_remembers_them(app: Flask) -> None:
    content = ledgers.small(STRANGE)
    text = imports.mapping_of(SYSTEM, content)
    assert imports.read_mapping(text.encode()).words == {}
    filled = json.loads(text)
    for one in filled["words"]:
        one["code"] = {"二倍工资": "pay", "成功履行": "agreed"}[one["word"]]
    told = imports.read_mapping(json.dumps(filled).encode())
    assert told.words == {KIND: "pay", RESULT: "agreed"}
    assert imports.commit(SYSTEM, content, "l.xlsx", told=told.words).added == 1
    assert words.taught() == told.words


@pytest.mark.parametrize(
    "word",
    [
        {"field": "name", "word": "张三", "code": "pay"},
        {"field": "result", "stage": "nothing", "word": "好", "code": "agreed"},
        {"field": "kind", "word": "好", "code": "nothing"},
        {"field": "kind"},
    ],
)
def test_words_of_no_such_column_or_meaning_are_refused(word: dict[str, str]) -> None:
    text = json.dumps({"version": 1, "sheets": [], "words": [word]})
    with pytest.raises(BadInput):
        imports.read_mapping(text.encode())


def test_two_people_who_teach_the_same_word_do_not_write_it_twice(app: Flask) -> None:
    words.teach(SYSTEM, TOLD)
    words.teach(SYSTEM, TOLD)
    count = sa.select(sa.func.count()).select_from(sa.table("ledger_word"))
    assert db.session.scalar(count) == 2


@pytest.mark.parametrize("column", ["纠纷类型", "办理方式", "来访方式"])
def test_an_empty_cell_is_called_empty(app: Flask, column: str) -> None:
    [finding] = [one for one in _preview({column: ""}).findings if one.severity == "error"]
    assert finding.text % finding.params == f"缺少{column}"


def test_a_ledger_with_one_word_of_its_own_comes_in_once_it_was_told(app: Flask) -> None:
    made = with_words_of_its_own()
    [asked] = imports.preview(SYSTEM, made.content).words
    assert (asked.key, asked.rows) == (Key("result", "mediation", "办结"), made.cases)
    words.teach(SYSTEM, {asked.key: "agreed"})
    found = imports.preview(SYSTEM, made.content)
    assert not found.has_errors
    assert (found.cases, found.person_times, found.amount_fen) == made.totals
