"""Ledgers of other offices on screen: columns confirmed once, then read without asking."""

import io
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from tests.support.office_ledgers import ALL, Made, two_line_heads
from tests.support.pages import Page, PageClient, fields_of
from worker_legal.domain.cases import Case
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import Sheet
from worker_legal.web import background
from worker_legal.web.staff import ledger_words


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre."""
    with transaction():
        user = make.make_user(make.make_office("示例中心"), Role.DIRECTOR)
    client.sign_in(user)
    return client


def _send(client: PageClient, content: bytes) -> Page:
    data: dict[str, Any] = {
        **fields_of(client.page("/imports").form()),
        "file": (io.BytesIO(content), "台账.xlsx"),
    }
    answer = client.post(
        "/imports", data=data, content_type="multipart/form-data", follow_redirects=True
    )
    return Page(answer)


def _confirm(client: PageClient, page: Page, made: Made) -> Page:
    """Choose what the strange columns are, as a person would."""
    values: dict[str, str] = {}
    for select in page.soup.select("select[name^=field_]"):
        name = str(select["name"])
        label = select.find_parent("tr").select_one("td b").get_text()  # type: ignore[union-attr]
        chosen = select.select_one("option[selected]")
        if label in made.corrections:
            values[name] = made.corrections[label]
        elif chosen is not None and chosen["value"] in made.corrections.values():
            values[name] = ""
    return client.submit(page, {**values, "kind_0": "cases", "rows_0": made.rows})


def _bring_in(client: PageClient, page: Page) -> Page:
    sent = client.submit(page, form="form[action$=start]")
    assert background._jobs[page.url.rsplit("/", 1)[-1]].has_ended.wait(60)
    return client.page(sent.url)


@pytest.mark.parametrize("name", ALL)
def test_another_ledger_comes_in_with_its_totals(director: PageClient, name: str) -> None:
    made = ALL[name]()
    page = _send(director, made.content)
    if made.corrections:
        assert page.heading == "列的对应"
        page = _confirm(director, page, made)
    assert f"{made.cases}起" in page.text
    assert _bring_in(director, page).heading == "导入完成"
    count = sa.select(
        sa.func.count(), sa.func.sum(Case.worker_count), sa.func.sum(Case.claimed_fen)
    )
    assert tuple(db.session.execute(count).one()) == made.totals


def test_what_was_confirmed_is_not_asked_again(director: PageClient) -> None:
    made = two_line_heads()
    _confirm(director, _send(director, made.content), made)
    assert _send(director, made.content).heading == "检查结果"


def test_each_column_shows_three_of_its_values(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    assert "1月5日；1月16日；1月27日" in page.text


@pytest.mark.parametrize(
    "number", [make.make_id_number(), "13900000123", 13900000123.0, 999020198001283000.0]
)
def test_an_example_shows_no_persons_number(director: PageClient, number: Any) -> None:
    rows = [["甲", "乙", "丙"], ["李一", number, "2022-03-01"]]
    page = _send(director, ledgers.saved([Sheet("一", rows)]))
    example = page.soup.select("td.wide")[1].get_text()
    assert "…" in example
    assert re.search(r"\d{6}", example) is None


def test_a_day_and_an_amount_are_shown_whole(director: PageClient) -> None:
    rows = [["甲", "乙", "丙"], ["2022-03-01", "20220301", 1234567.5]]
    page = _send(director, ledgers.saved([Sheet("一", rows)]))
    assert page.texts("td.wide") == ["2022-03-01", "20220301", "1234567.5"]


def test_a_unit_is_asked_for_amounts_only(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    units = [str(select["name"]) for select in page.soup.select("select[name^=unit_]")]
    assert units == ["unit_0_8", "unit_0_9"]


def test_a_missing_field_is_asked_for_by_name(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    again = director.submit(page)
    assert again.status == 422
    assert "还缺用人单位" in again.text


def test_a_field_of_another_kind_is_refused_at_its_column(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    again = director.submit(page, {"kind_0": "roster"})
    assert again.status == 422
    assert again.soup.select("tr.rowbad .field-error")


def test_a_sheet_of_strange_words_can_be_matched_by_hand(director: PageClient) -> None:
    rows = [["甲", "乙", "丙"], ["李一", "示例第一制造有限公司", "2022-03-01"]]
    page = _send(director, ledgers.saved([Sheet("一", rows)]))
    fields = {"field_0_0": "name", "field_0_1": "employer", "field_0_2": "registered_on"}
    checked = director.submit(page, {"kind_0": "cases", **fields})
    assert checked.heading == "检查结果"
    assert "1起" in checked.text


def test_the_mapping_can_be_taken_to_the_command(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    answer = director.get(page.url.replace("/columns", "/mapping"))
    assert json.loads(answer.data)["sheets"][0]["kind"] == "cases"


def test_what_is_not_read_is_named_on_the_check(director: PageClient) -> None:
    content = ledgers.saved([Sheet("一", [[*ledgers.HEAD, "归口"], *_rows_of(ledgers.small({}))])])
    assert "不导入的列：归口" in _send(director, content).text


def _rows_of(content: bytes) -> list[list[Any]]:
    from worker_legal.infra.spreadsheets import read_workbook

    return read_workbook(content)[0].rows[1:]


def test_the_columns_of_another_person_are_not_there(director: PageClient) -> None:
    page = _send(director, two_line_heads().content)
    with transaction():
        other = make.make_user(make.org.centre(), Role.DIRECTOR)
    director.sign_in(other)
    assert director.get(page.url).status_code == 404
    assert director.get(page.url.replace("/columns", "/mapping")).status_code == 404


STRANGE = {"纠纷类型": "二倍工资差额", "办理方式": "调解", "办理结果": "成功履行了"}


def test_a_strange_word_is_asked_for_once_and_then_known(director: PageClient) -> None:
    page = _send(director, ledgers.small(STRANGE, {}))
    assert "其中2个词系统不认识" in page.text
    assert page.soup.select_one("form[action$=start]") is None
    selects = {str(s["name"]): s for s in page.soup.select("select[name^=word_]")}
    assert len(selects) == 2
    # what a word may be is chosen already: 工资 makes it pay, 成功 an agreement
    values = {name: _chosen(select) for name, select in selects.items()}
    assert sorted(values.values()) == ["agreed", "pay"]
    again = director.submit(page, values)
    assert "已记住这些词" in again.text
    assert "没有错误" in again.text
    assert _send(director, ledgers.small(STRANGE)).soup.select_one("form[action$=start]")


def _chosen(select: Any) -> str:
    return str(select.select_one("option[selected]")["value"])


def test_a_word_left_open_stays_an_error_with_the_rest_kept(director: PageClient) -> None:
    page = _send(director, ledgers.small(STRANGE))
    first, second = (str(s["name"]) for s in page.soup.select("select[name^=word_]"))
    again = director.submit(page, {first: ""})
    assert "其中1个词系统不认识" in again.text
    assert {_chosen(s) for s in again.soup.select(f"select[name={second}]")} != {""}


def test_the_same_fault_of_many_cells_is_said_once(director: PageClient) -> None:
    rows = [{"涉及人数": 3} for _ in range(20)]
    page = _send(director, ledgers.small(*rows))
    assert page.text.count("没有名册，另外2人按身份待补登记") == 1
    assert "G2、G3、G4、G5、G6、G7、G8、G9等20格" in page.text
    assert "提醒20处" in page.text


def test_a_guess_that_was_not_on_the_page_is_not_taken(
    director: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_words, "MOST_WORDS", 2)
    page = _send(director, ledgers.small(*({"纠纷类型": f"工资{sign}件"} for sign in "甲乙丙")))
    assert "其中3个词系统不认识" in page.text
    assert len(page.soup.select("select[name^=word_]")) == 2
    assert "其中1个词系统不认识" in director.submit(page).text
