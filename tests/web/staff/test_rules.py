"""The page of the statutory periods."""

import pytest
from flask import Flask

from tests.builders import make_office, make_user
from tests.support.pages import PageClient
from worker_legal.domain.permissions import Role
from worker_legal.law.enums import Stage
from worker_legal.law.rules import RULES


@pytest.fixture
def reader(app: Flask, client: PageClient) -> PageClient:
    client.sign_in(make_user(make_office(), Role.AUDITOR))
    return client


def test_every_rule_is_shown_with_its_article(reader: PageClient) -> None:
    page = reader.page("/rules")
    shown = page.texts("td.cell-lead b")
    assert set(shown) == {rule.label for rule in RULES}
    assert "《劳动争议调解仲裁法》第27条" in page.text


def test_a_stage_shows_its_own_rules(reader: PageClient) -> None:
    page = reader.page("/rules?stage=inspection")
    own = {rule.label for rule in RULES if Stage.INSPECTION in rule.stages}
    assert set(page.texts("td.cell-lead b")) == own


def test_an_unknown_stage_shows_all(reader: PageClient) -> None:
    assert reader.page("/rules?stage=x").texts("section h2")[0] == "不分环节"


def test_what_is_not_confirmed_says_so(reader: PageClient) -> None:
    page = reader.page("/rules")
    doubtful = sum(max(len(rule.stages), 1) for rule in RULES if not rule.confirmed)
    assert page.texts("td.cell-lead .tag").count("待核对") == doubtful


def test_the_sum_is_told_in_words(reader: PageClient) -> None:
    page = reader.page("/rules?stage=arbitration")
    assert any("个工作日" in words for words in page.texts("td[data-label=怎么算]"))
    assert any("顺延" in words for words in page.texts("td[data-label=怎么算]"))


def test_the_page_reads_in_english(reader: PageClient) -> None:
    reader.submit(reader.page("/rules"), {"lang": "en"}, form=".langform")
    assert reader.page("/rules").one("html")["lang"] == "en"
